#!/bin/sh
# Five of the 40 items of tests/fixtures/content have no row of part 0: they come later.
. "${0%/*}/../lib.sh"
set=$root/tests/fixtures/content
sides="--items $set/items.csv --item-bag words:| --item-cat tongue --item-num year --users $set/users.csv --user-cat trade"
cd "$tmp" || exit 1

awk -F, 'NR == FNR { if ($4 == 0) known[$2]; next } FNR == 1 || $2 in known' "$set/ratings.csv" "$set/ratings.csv" >old.csv
rs-import -q old.csv --part part $sides >old.rts
rs-import -q "$set/ratings.csv" --vocab old.rts --part part $sides >new.rts
rs-mf -q --algo ials -k 8 --patience 0 <old.rts >mf.rts
part() { rs-show --tsv "model.$1" <"$2" | sed 1d; }
same() { # same A B: the factors and biases of items of model now in A and once in B
	for x in item.factors item.bias user.factors user.bias; do
		part now.$x "$1" >a && part once.$x "$2" >b && cmp a b || return 1
	done
}
for method in ridge 'mlp -e 3' 'dropoutnet -e 3'; do
	rs-content -q --method $method --from mf <mf.rts | rs-pick -q 'model.*' >"trained.${method%% *}"
	cat "trained.${method%% *}" new.rts | rs-fill -q --from content --as now >now.rts
	{ rs-pick -q 'model.mf.*' <mf.rts; cat new.rts; } | rs-content -q --method $method --from mf --as once >once.rts
	ok "$method: the bits of having had them from the start" same now.rts once.rts
	is "$method: 5 rows more" "40 35" "$(part now.item.bias now.rts | wc -l) $(part content.item.bias now.rts | wc -l)"
	rs-fill -q --from now --as then <now.rts >then.rts
	is "$method: again, with nobody new: the same" "$(part now.map.mean then.rts; part now.item.factors then.rts)" \
		"$(part then.map.mean then.rts; part then.item.factors then.rts)"
done
cat trained.ridge new.rts >input
contract rs-fill input --from content --as now
RS_SIMD=base rs-fill -q --from content --as now <input >base
RS_SIMD=v3 rs-fill -q --from content --as now <input >v3
ok "the same bytes with every instruction set" cmp base v3
is "all else is passed on" "$(rs-show --digest <input)" "$(rs-pick --drop 'model.now.*' <base | rs-show --digest)"
ok "--replace: the model itself" sh -c 'rs-fill -q --from content --as content --replace <input | rs-show | grep -q "^model.content.item.bias.f32.40"'
rs-fill --from content <input 2>err >filled
ok "says how many are new, and have nothing to go by" sh -c 'grep -q "^rs-fill: 5 new items" err && grep -q "1 of them have no content that the model knows" err'
ok "it recommends them" sh -c 'rs-recommend -q --model filled --top 40 --keep-seen <filled | cut -d, -f 2 | sort -u | wc -l | grep -qx 41'

# users alike; and a table without anybody new
rs-content -q --of user --method ridge --from mf <mf.rts | rs-pick -q 'model.*' >users
awk -F, -v OFS=, '{ print } END { print "new", "i0", 3, 0 }' "$set/ratings.csv" >more.csv
{ cat users; rs-import -q more.csv --vocab old.rts --part part $sides; } | rs-fill --from content --as now 2>err >now.rts
ok "users, of whom one is new and has no trade" sh -c 'grep -q "^rs-fill: 1 new users" err && grep -q "1 of them have no content" err'
is "his factors are the mean" "$(part now.map.mean now.rts | tr '\t' '\n' | head -8 | sort)" \
	"$(part now.user.factors now.rts | tail -1 | tr '\t' '\n' | sort)"

# an item in no row at all: from the table alone to a recommendation
{ cat trained.ridge; rs-import -q old.csv --vocab old.rts --part part --all-items $sides; } | rs-fill --from content --as now 2>err >now.rts
ok "items of no row, by --all-items" grep -q "^rs-fill: 5 new items" err
is "are recommended" 41 "$(rs-recommend -q --model now --top 40 --keep-seen <now.rts | cut -d, -f 2 | sort -u | wc -l)"

# words: new ones behind the old are taken no notice of, others are refused
sed 's/^i3,a9|b3,/i3,a9|b3|brandnew,/' "$set/items.csv" >items.csv
others=$(echo "$sides" | sed "s#--items [^ ]*#--items items.csv#")
{ cat trained.ridge; rs-import -q "$set/ratings.csv" --vocab old.rts --part part $others; } | rs-fill -q --from content --as now >later
rs-fill -q --from content --as now <input >now.rts
is "a word that came later changes nothing of whom the model has" "$(part now.item.factors now.rts)" "$(part now.item.factors later)"
rs-import -q "$set/ratings.csv" --part part $sides >shuffled.rts
fails "another vocabulary" 1 "^rs-fill: stdin: the words of 'item.*' are not those that model 'content' learned, and more: rs-import --vocab" \
	sh -c 'cat trained.ridge shuffled.rts | rs-fill -q --from content'
rs-pick -q --drop 'item.num.year*' <new.rts >less.rts
fails "a feature is absent" 1 "^rs-fill: stdin: model 'content' needs 'item.num.year' ahead of the rows" sh -c 'cat trained.ridge less.rts | rs-fill -q --from content'

# damaged, missing, wrong
fill() { rs-fill -q --from "$@" <input; }
fails "no such model" 1 "^rs-fill: stdin: no model 'x'" fill x
fails "--from is needed" 2 "^rs-fill: --from is needed" rs-fill
fails "a model without a map" 1 "model 'mf' has no map from content: its spec lacks 'of'" sh -c 'cat mf.rts | rs-fill -q --from mf'
{ cat "$set/items.csv"; seq 9000 | sed 's/.*/x&,b1,en,2000/'; } >many.csv
rs-import -q old.csv --vocab old.rts --part part --all-items $(echo "$sides" | sed "s#--items [^ ]*#--items many.csv#") >many.rts
fails "too little memory" 1 "^rs-fill: memory: 9040 rows of 8 factors need 1 MiB; raise --memory" \
	sh -c 'cat trained.ridge many.rts | rs-fill -q --from content --memory 900K'
fails "a taken name" 1 "'model.content.spec' is already in the stream" fill content --as content
fails "a bad name" 2 "^rs-fill: --as: 'a.b'" fill content --as a.b
for gone in map.weight map.mean content.item.bag.words; do
	fails "$gone is gone" 1 "needs 'model.content.$gone'" sh -c 'rs-pick -q --drop "model.content.$0" <input | rs-fill -q --from content' $gone
done
fails "a map of another shape" 1 "'model.content.map.weight' is 35x8, expected .*x9" sh -c '
	rs-pick -q --drop model.content.map.weight --rename model.mf.item.factors=model.content.map.weight <input | rs-fill -q --from content'
rs-quantise -q --from content --as small <input >small.rts
fails "a quantised map" 1 "'model.small.map.mean' is f16, expected f32\|model.small.map.mean.*f16" sh -c 'rs-fill -q --from small <small.rts'
done_testing
