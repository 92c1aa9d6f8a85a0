#!/bin/sh
# Scores against scikit-learn and dense NumPy: tests/fixtures/content/make.py, which has items and
# users of no training row, and some without content.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/content

rs-import -q "$set/ratings.csv" --part part --items "$set/items.csv" --item-bag 'words:|' --item-cat tongue \
	--item-num year --users "$set/users.csv" --user-cat trade >"$tmp/data"
rs-mf -q --algo ials -k 8 --patience 0 <"$tmp/data" >"$tmp/mf"
rs-mf -q --algo sgd -k 4 -e 8 --as stars <"$tmp/mf" >"$tmp/both"

contract rs-content "$tmp/data"
for method in profile 'knn --from mf' 'ridge --from mf' 'mlp --from mf -e 3' 'dropoutnet --from mf -e 3'; do
	for n in 1 2 3 7; do
		OMP_NUM_THREADS=$n rs-content -q --method $method <"$tmp/mf" >"$tmp/got.$n"
		ok "$method: the same bytes with $n threads" cmp "$tmp/got.1" "$tmp/got.$n"
	done
	for level in base v3; do
		RS_SIMD=$level rs-content -q --method $method <"$tmp/mf" >"$tmp/$level"
		ok "$method: the same bytes with RS_SIMD=$level" cmp "$tmp/got.1" "$tmp/$level"
	done
	OMP_NUM_THREADS=3 rs-content -q --of user --method $method <"$tmp/mf" >"$tmp/users"
	ok "$method, of users: finite scores" sh -c 'rs-score -q --tsv --models content <"$0" | grep -q "^content"' "$tmp/users"
done

# every way of calling it that the fixture has
column=0
head -1 "$set/expected.tsv" | tr '\t' '\n' >"$tmp/ways"
while read -r way; do
	column=$((column + 1))
	rs-content -q $way <"$tmp/data" | rs-softlabel -q | rs-show --tsv part soft.content | awk '$1 == 2 { print $2 }' >"$tmp/got"
	sed 1d "$set/expected.tsv" | cut -f $column >"$tmp/want"
	ok "NumPy agrees: $way" sh -c 'paste "$1" "$2" | awk "
		{ d = \$1 - \$2; if (d * d > 1e-10 || NF != 2) { print NR, \$0; bad = 1 } } END { exit bad || NR < 60 }"' - "$tmp/want" "$tmp/got"
done <"$tmp/ways"

# from factors: who is known stays, who is not is filled
factors() { rs-show --tsv model.$2.item.factors <"$1" | sed 1d; }
for method in knn ridge mlp; do
	rs-content -q --method $method --from mf --as new <"$tmp/mf" >"$tmp/$method"
	factors "$tmp/$method" mf >"$tmp/old"
	factors "$tmp/$method" new >"$tmp/new"
	ok "$method: known rows stay, rows of zeros are filled" sh -c 'paste -d: "$1" "$2" | awk -F: "
		{ zero = \$1 !~ /[1-9]/; if (zero ? \$2 !~ /[1-9]/ : \$1 != \$2) bad++; filled += zero } END { exit bad || filled < 5 }"' - "$tmp/old" "$tmp/new"
done
rank() { # rank STREAM: model and ndcg@5
	rs-score -q --task ranking --k 5 --tsv <"$1" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i }
		NR > 1 { print $1, $c }'
}
rs-content -q --as knn --task ranking <"$tmp/mf" | rs-content -q --as filled --method ridge --from mf | rs-content -q --as mlp --method mlp --from mf |
	rs-content -q --as drop --method dropoutnet --from mf | rs-mf -q --as popular --algo popularity >"$tmp/all"
rank "$tmp/all" >"$tmp/ranks"
ok "cold items: content is better than factors of 0, and than popularity" awk '{ x[$1] = $2; print }
	END { for (m in x) if (m != "popular" && x[m] < x["popular"]) exit 1; exit x["knn"] < x["mf"] || x["filled"] < x["mf"] }' "$tmp/ranks"
rs-content -q --method knn --from stars --as wide <"$tmp/both" >"$tmp/wide"
rs-softlabel -q --from wide <"$tmp/wide" | rs-show --tsv soft.wide | sed 1d | sort -n | sed -n '1p;$p' | tr '\n' ' ' >"$tmp/range"
ok "ratings stay within those of train" awk '{ print; within = $1 >= 1 && $2 <= 5 } END { exit !within }' "$tmp/range"

# who has no content
rs-content --method ridge --from mf <"$tmp/mf" 2>"$tmp/err" >"$tmp/ridge"
ok "items without content are counted" grep -q "5 of 40 items have no content" "$tmp/err"
printf 'user,item,rating,part\na,x,1,0\nb,y,1,0\na,z,1,2\n' >"$tmp/r.csv"
printf 'item,genre\nx,\ny,\nz,\n' >"$tmp/i.csv"
rs-import -q "$tmp/r.csv" --part part --items "$tmp/i.csv" --item-cat genre >"$tmp/blank"
fails "nobody has content" 1 "^rs-content: stdin: none of the 3 items has any content" sh -c 'rs-content -q <"$0"' "$tmp/blank"
rs-import -q "$tmp/r.csv" --part part >"$tmp/bare"
fails "no features at all" 1 "^rs-content: stdin: items have no features" sh -c 'rs-content -q <"$0"' "$tmp/bare"
fails "no features of users" 1 "^rs-content: stdin: users have no features" sh -c 'rs-content -q --of user <"$0"' "$tmp/blank"
printf 'user,item,rating,part\na,x,1,0\nb,y,1,0\nc,z,1,2\n' | rs-import -q --part part --items "$set/items.csv" --item-cat tongue >/dev/null 2>&1
printf 'item,genre\nx,g\ny,h\nz,g\n' >"$tmp/i.csv"
printf 'user,item,rating,part\na,x,1,0\nb,y,1,0\nc,z,1,2\nc,x,1,2\n' | rs-import -q --part part --items "$tmp/i.csv" --item-cat genre >"$tmp/new-user"
ok "a user without history: popularity" sh -c 'rs-content -q --task ranking <"$0" | rs-softlabel -q | rs-show --tsv soft.content | sed 1d | tr "\n" " " | grep -q "1e-06 1e-06 0 1e-06"' "$tmp/new-user"

# wrong calls
has_from() { rs-content -q "$@" <"$tmp/mf"; }
fails "a feature that is not there" 2 "no 'item.cat.x'; there are" has_from --features item.cat.x
fails "a feature of users" 2 "'user.cat.trade' is no feature of items" has_from --features user.cat.trade
fails "no such model" 1 "no model 'x' ahead of this stage" has_from --method ridge --from x
rs-knn -q --as near <"$tmp/mf" >"$tmp/near"
fails "a model without factors" 1 "model 'near' has no factors" sh -c 'rs-content -q --method ridge --from near <"$0"' "$tmp/near"
fails "ridge without a model" 2 "--method ridge needs the factors of a model: --from" rs-content --method ridge
fails "a profile with one" 2 "--method profile does without --from" rs-content --method profile --from mf
fails "--method x" 2 "^rs-content: --method: 'x' is not" rs-content --method x
fails "--hidden 20" 2 "--hidden: 20 is not a multiple of 16" rs-content --hidden 20
fails "--weight x" 2 "^rs-content: --weight: 'x' is not" rs-content --weight x
fails "--of x" 2 "^rs-content: --of: 'x' is not" rs-content --of x
fails "a rate too high" 1 "^rs-content: training diverges (loss .*); try a --rate lower than 10" has_from --method mlp --from mf --rate 10
fails "too little memory" 1 "^rs-content: memory: .* columns of content need" has_from --method mlp --from mf --hidden 2048 --memory 500K
for wrong in "--l2 2" "--method ridge --from mf --epochs 3" "--method mlp --from mf --drop .1" "--popularity 1" "--method ridge --from mf --reg 1"; do
	fails "an option of another method or task: $wrong" 2 "^rs-content: --[a-z0-9]*: has no effect with --" rs-content $wrong
done
done_testing
