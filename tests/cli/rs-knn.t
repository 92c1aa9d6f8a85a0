#!/bin/sh
# Scores against dense NumPy: tests/fixtures/knn/make.py. The streams are those of rs-mf.t.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/mf

knn() { # knn STREAM ARG...
	stream=$set/$1.rts; shift
	rs-knn "$@" <"$stream"
}
has() { # has STREAM NAME: a tensor frame of that name
	gzip -dcf "$1" | grep -aq "$2"
}

contract rs-knn "$set/planted.rts"
for n in 1 2 3 7; do
	OMP_NUM_THREADS=$n rs-knn -q --by user --task ranking <"$set/planted.rts" >"$tmp/by-user.$n"
	ok "users, positives: the same bytes with $n threads" cmp "$tmp/by-user.1" "$tmp/by-user.$n"
done
knn planted -q >"$tmp/model"
for level in base v3; do
	RS_SIMD=$level rs-knn -q <"$set/planted.rts" >"$tmp/$level"
	ok "the same bytes with RS_SIMD=$level" cmp "$tmp/model" "$tmp/$level"
done

# every way of calling it that the fixture has
column=0
head -1 "$root/tests/fixtures/knn/expected.tsv" | tr '\t' '\n' >"$tmp/ways"
while read -r way; do
	column=$((column + 1))
	knn planted -q $way | rs-softlabel -q | rs-show --tsv part soft.knn | awk '$1 == 2 { print $2 }' >"$tmp/got"
	sed 1d "$root/tests/fixtures/knn/expected.tsv" | cut -f $column >"$tmp/want"
	ok "NumPy agrees: $way" sh -c 'paste "$1" "$2" | awk "
		{ d = \$1 - \$2; if (d * d > 1e-9 || NF != 2) { print NR, \$0; bad = 1 } } END { exit bad || NR < 100 }"' - "$tmp/want" "$tmp/got"
done <"$tmp/ways"

# rankings: all items at once, and row by row
rs-knn -q --task ranking --popularity 0.5 <"$set/planted.rts" >"$tmp/model"
rs-recommend -q --top 3 --keep-seen <"$tmp/model" | sed 1d | awk -F, '$2 == 1 { print $1, $3, $4 }' >"$tmp/lists"
rs-softlabel -q <"$tmp/model" | rs-show --tsv user item soft.knn | sed 1d >"$tmp/rows"
ok "the score in a list is that of the row" awk 'NR == FNR { row[$1, $2] = $3; next }
	($1, $2) in row { n++; if (row[$1, $2] != $3) { print; bad = 1 } } END { exit bad || n < 10 }' "$tmp/rows" "$tmp/lists"
teachable
rs-knn -q --as item --task ranking <"$tmp/clicks.rts" | rs-knn -q --as user --by user --task ranking |
	rs-mf -q --as popular --algo popularity | rs-score -q --task ranking --k 5 --tsv >"$tmp/ranked"
ok "items and users rank better than popularity" awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "ndcg@5") c = i }
	NR > 1 { got[$1] = $c } END { print got["item"], got["user"], got["popular"]; exit !(got["item"] > got["popular"] && got["user"] > got["popular"]) }' "$tmp/ranked"

# no neighbours
printf 'user,item,rating\na,x,4\na,y,2\nb,z,5\n' | rs-import -q | rs-knn -q --reg 1 >"$tmp/alone"
rs-knn -q --as popular --task ranking <"$tmp/alone" | rs-softlabel -q --from popular | rs-show --tsv soft.popular >"$tmp/soft"
ok "without a neighbour: popularity" awk '$1 == "1e-06" { n++ } END { exit n != 1 }' "$tmp/soft"
rs-mf -q --algo bias --reg 1 <"$tmp/alone" | rs-softlabel -q --from mf | rs-softlabel -q --from knn | rs-show --tsv soft.mf soft.knn >"$tmp/soft"
ok "and the biases, of ratings" awk 'NR > 1 && (NF != 2 || $1 - $2 > 1e-6 || $2 - $1 > 1e-6) { exit 1 }' "$tmp/soft"
for stream in one-user one-item one-row constant hidden; do
	for how in "" "--by user" "--task ranking" "--similarity pearson"; do
		ok "$stream $how: finite scores" sh -c 'rs-knn -q $1 <"$0" | rs-score -q --tsv --part 0 | grep -q "^knn"' "$set/$stream.rts" "$how"
	done
done
printf 'user,item,rating\na,x,4\na,x,2\nb,x,5\nb,y,1\n' | rs-import -q | rs-knn -q >"$tmp/twice"
ok "a pair that is given twice" sh -c 'rs-softlabel -q <"$0" | rs-show --tsv soft.knn | grep -q "^[0-9.]*$"' "$tmp/twice"

ok "what it does not know goes on" has "$tmp/model" other
fails "a second model of one name is refused" 1 "'model.knn.spec' is already in the stream" sh -c 'rs-knn -q <"$0"' "$tmp/model"
ok "--replace replaces" sh -c 'rs-knn -q --replace --task ranking --popularity 0.5 <"$0" | rs-show --digest >"$1"' "$tmp/model" "$tmp/digest"
while read -r option value; do
	fails "$option $value" 2 "^rs-knn: $option: '*$value'* is not" rs-knn $option $value
done <<-'END'
	--by x
	--task x
	--similarity x
	--neighbours -1
	--use 1025
	--shrink -1
	--reg 0
END
fails "positives have nothing but a cosine" 2 "only cosine" rs-knn --task ranking --similarity pearson
fails "--as a.b" 2 "^rs-knn: --as: 'a.b'" rs-knn --as a.b
while read -r stream message; do
	fails "$stream: refused" 1 "^rs-knn: .*$message" knn "$stream"
done <<-'END'
	nan label of row 2 is nan; expected
	no-label needs 'label'
	empty nothing to train on
	no-train none of 4 rows is of part 0
	huge 4000000001 users, 2 items and their neighbours need
END

fails "a list is missing" 1 "needs 'model.knn.near.id'\|model.knn.near.id" sh -c 'rs-pick --drop model.knn.near.id <"$0" | rs-softlabel -q' "$tmp/model"
fails "an option of the other task" 2 "^rs-knn: --popularity: has no effect with --task rating; it is of ranking" rs-knn --popularity 1
done_testing
