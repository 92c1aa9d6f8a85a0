#!/bin/sh
. "${0%/*}/../lib.sh"

# Two domains of the same people: books by u0 .. u49, films by u20 .. u69; they like what is of their
# kind, which genres tell. Part by the row's number.
domain() { # domain NAME FIRST ITEM: $tmp/NAME.rts
	awk -v first="$2" -v item="$3" -v items="$tmp/$1.items.csv" -v users="$tmp/$1.users.csv" 'function next_below(n) { state = (state * 16807) % 2147483647; return int(state / 2147483647 * n) }
		BEGIN { state = 4711 + first; print "user,item,label,hour,part"; print "item,genres,price" >items; print "user,taste" >users
			for (u = first; u < first + 50; u++) print "u" u ",k" u % 3 >users
			for (i = 0; i < 30; i++) print item i ",g" i % 3 "|h" next_below(3) "," next_below(50) / 10 >items
			for (r = 0; r < 1500; r++) { u = first + next_below(50); i = next_below(30)
				print "u" u "," item i "," (next_below(100) < (u % 3 == i % 3 ? 90 : 10)) "," next_below(24) "," (r % 10 < 6 ? "train" : r % 10 < 9 ? "valid" : "test") } }' >"$tmp/$1.csv"
	rs-import -q "$tmp/$1.csv" --num hour --part part --users "$tmp/$1.users.csv" --user-cat taste \
		--items "$tmp/$1.items.csv" --item-bag 'genres:|' --item-num price |
		rs-prep -q --duplicates first | rs-split -q --scheme given >"$tmp/$1.rts"
}
domain books 0 b
domain films 20 f
books=$tmp/books.mf.rts films=$tmp/films.mf.rts
rs-mf -q --algo ials --as books --dim 4 <"$tmp/books.rts" >"$books"
rs-mf -q --algo ials --as alone --dim 4 <"$tmp/films.rts" >"$films"
rows() { rs-show --tsv "$@" | tail -n +2; } # rows TENSOR...
# a name and its row of a table that has one a name
named() { rs-pick -q "vocab.$1.*" "$2" <"$3" >"$tmp/pick.rts"; rows "vocab.$1" <"$tmp/pick.rts" >"$tmp/words"; rows "$2" <"$tmp/pick.rts" | paste "$tmp/words" - | sort; }

# ---- warm ----
contract rs-transfer "$films" --source "$books"
rs-transfer --source "$books" --share user <"$films" 2>"$tmp/said" >"$tmp/warm.rts"
is "warm: says what is shared" "rs-transfer: user: 30 of 50 are known to the source, which has 50" "$(cat "$tmp/said")"
named user model.warm.user.factors "$tmp/warm.rts" >"$tmp/new"
named user model.books.user.factors "$books" >"$tmp/old"
is "warm: shared users have their factors, by name" 30 "$(comm -12 "$tmp/new" "$tmp/old" | wc -l | tr -d ' ')"
ok "warm: the others start small, but not at nothing" sh -c 'comm -23 "$0" "$1" | awk "{ for (i = 2; i <= NF; i++) { s += \$i * \$i; n++ } } END { d = sqrt(s / n); exit n != 80 || d < 0.03 || d > 0.08 }"' "$tmp/new" "$tmp/old"
is "warm: what was there is passed on" "$(rs-show --digest <"$films")" "$(rs-pick --drop 'model.warm.*' <"$tmp/warm.rts" | rs-show --digest)"
rs-transfer -q --source "$books" --share user --fresh unknown <"$films" >"$tmp/zero.rts"
is "warm: fresh unknown" 20 "$(named user model.warm.user.factors "$tmp/zero.rts" | awk '$2 == 0 && $3 == 0 && $4 == 0 && $5 == 0' | wc -l | tr -d ' ')"
rs-transfer -q --source "$books" --share user --fresh mean <"$films" >"$tmp/mean.rts"
is "warm: fresh mean is one row for all" 20 "$(named user model.warm.user.factors "$tmp/mean.rts" | cut -f 2- | sort | uniq -c | sort -rn | awk 'NR == 1 { print $1 }')"
ok "warm: another seed, other fresh rows" sh -c 'rs-transfer -q --source "$0" --share user --seed 2 <"$1" | cmp -s - "$2"; test $? = 1' "$books" "$films" "$tmp/warm.rts"
rs-transfer -q --source "$books" --share none --fresh unknown <"$films" >"$tmp/none.rts"
is "warm: nothing shared, nothing carried" 0 "$(rows model.warm.user.factors <"$tmp/none.rts" | awk '{ for (i = 1; i <= NF; i++) n += $i != 0 } END { print n + 0 }')"
ok "warm: rs-mf goes on from it" sh -c 'rs-mf -q --init warm --algo sgd --dim 4 --epochs 1 --as tuned <"$0" | rs-show | grep -q "^model.tuned.user.factors"' "$tmp/warm.rts"

ok "history names the source and its digest" sh -c 'rs-show --history <"$0" | grep -q -e "--source=books.mf.rts" && zcat <"$0" | grep -aq "^in books.mf.rts tensors:[0-9]* bytes:[0-9]* crc32:"' "$tmp/warm.rts"

# networks: embeddings of users, items and genres by name, layers as they are
rs-teach -q --as net --arch deepfm --dim 4 --hidden 8 --rate 0.02 --epochs 20 <"$tmp/books.rts" >"$tmp/net.rts"
rs-transfer -q --source "$tmp/net.rts" --model net --as start <"$tmp/films.rts" >"$tmp/start.rts"
is "networks: layers go over" "$(rows model.net.mlp.0.weight <"$tmp/net.rts")" "$(rows model.start.mlp.0.weight <"$tmp/start.rts")"
is "networks: all genres by name" "$(named item.bag.genres model.net.embedding.item.bag.genres "$tmp/net.rts")" \
	"$(named item.bag.genres model.start.embedding.item.bag.genres "$tmp/start.rts")"
is "networks: no item by accident" "" "$(named item model.net.embedding.item "$tmp/net.rts" >"$tmp/old"; named item model.start.embedding.item "$tmp/start.rts" | comm -12 - "$tmp/old")"
rs-transfer -q --source "$tmp/net.rts" --model net --fresh unknown <"$tmp/films.rts" >"$tmp/known.rts"
above "networks: the start knows something of films already" .6 "$(scored auc test "$tmp/known.rts")"
ok "networks: layers stay, others go on at rates of their own" sh -c 'rs-teach -q --init start --as tuned --arch deepfm --dim 4 --hidden 8 --epochs 1 --freeze "mlp.*" --rate-of "embedding.user=0.1" <"$0" >"$1" &&
	[ "$(rs-show --tsv model.start.mlp.0.weight <"$1" | tail -n +2)" = "$(rs-show --tsv model.tuned.mlp.0.weight <"$1" | tail -n +2)" ] && rs-score -q --tsv <"$1" | cut -f 1 | grep -qx tuned' "$tmp/start.rts" "$tmp/tuned.rts"
rs-teach -q --as alone --arch deepfm --dim 4 --hidden 8 --epochs 2 <"$tmp/films.rts" | rs-transfer -q --source "$tmp/net.rts" --model net --fresh unknown --as carried |
	rs-teach -q --init carried --as tuned --arch deepfm --dim 4 --hidden 8 --epochs 2 --freeze "mlp.*,output" --rate-of "embedding.user=0.1" | rs-score -q --tsv >"$tmp/sides"
is "one table: the target alone, carried over, trained on" "model alone carried tuned" "$(cut -f 1 "$tmp/sides" | paste -s -d' ')"
ok "and on few epochs those with a source are ahead" awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "auc") c = i; next } { v[$1] = $c } END { exit !(v["carried"] > v["alone"] && v["tuned"] > v["alone"]) }' "$tmp/sides"
# one that has learned what an unknown id is: new users and items are that, and the embedding of it goes over
rs-teach -q --as net --arch deepfm --dim 4 --hidden 8 --rate 0.02 --epochs 5 --unknown-rate 0.1 <"$tmp/books.rts" >"$tmp/known.rts"
contract rs-transfer "$tmp/films.rts" --source "$tmp/known.rts" --fresh unknown
rs-transfer -q --source "$tmp/known.rts" --fresh unknown --as start <"$tmp/films.rts" >"$tmp/unknown.rts"
for w in embedding.user embedding.item embedding.item.bag.genres; do
	is "--unknown-rate: $w has the source's row for the unknown, its last" "$(rows "model.net.$w" <"$tmp/known.rts" | tail -n 1)" "$(rows "model.start.$w" <"$tmp/unknown.rts" | tail -n 1)"
done
is "--unknown-rate: new users are that" 20 "$(rows model.start.embedding.user <"$tmp/unknown.rts" | grep -cxF -e "$(rows model.net.embedding.user <"$tmp/known.rts" | tail -n 1)" | awk '{ print $1 - 1 }')"
is "--unknown-rate: all items are new" 31 "$(rows model.start.embedding.item <"$tmp/unknown.rts" | grep -cxF -e "$(rows model.net.embedding.item <"$tmp/known.rts" | tail -n 1)")"
users() { rs-pick -q 'vocab.user.*' <"$1" | rs-show --tsv vocab.user | tail -n +2 >"$tmp/words"; rows "$2" <"$3" | head -n -1 | paste "$tmp/words" - | sort; }
users "$tmp/books.rts" model.net.embedding.user "$tmp/known.rts" >"$tmp/old"
is "--unknown-rate: shared users by name" 30 "$(users "$tmp/films.rts" model.start.embedding.user "$tmp/unknown.rts" | comm -12 - "$tmp/old" | wc -l | tr -d ' ')"
for fresh in random mean; do
	ok "--unknown-rate: fresh $fresh, then rs-teach and rs-score go on" sh -c 'rs-transfer -q --source "$0" --fresh "$2" --as start <"$1" | rs-teach -q --init start --as tuned --arch deepfm --dim 4 --hidden 8 --epochs 1 --unknown-rate 0.1 | rs-score -q --tsv | cut -f 1 | grep -qx tuned' "$tmp/known.rts" "$tmp/films.rts" $fresh
done
ok "networks: rs-teach goes on from it" sh -c 'rs-teach --init start --as tuned --arch deepfm --dim 4 --hidden 8 --epochs 1 <"$0" 2>&1 >/dev/null | grep -q "of .* tensors start as in .start."' "$tmp/start.rts"
ok "across domains: a teacher of books labels films, a student learns it" sh -c 'rs-transfer -q --source "$0" --model net --fresh unknown --as teacher <"$1" | rs-softlabel -q |
	rs-distill -q --as student --arch lr --epochs 1 | rs-show | grep -q "^model.student.linear"' "$tmp/net.rts" "$tmp/films.rts"

# ---- join ----
contract rs-transfer "$tmp/films.rts" --method join --source "$tmp/books.rts" --share user
rs-transfer --method join --share user --weight 0.5 --source "$tmp/books.rts" <"$films" 2>"$tmp/said" >"$tmp/join.rts"
ok "join: says what is left out" grep -q "^rs-transfer: 5 other tensors of rows, users and items are left out" "$tmp/said"
f=$(rows label <"$tmp/films.rts" | wc -l) t=$(rows part <"$tmp/books.rts" | grep -c '^0$')
rows user item label weight part <"$tmp/join.rts" >"$tmp/rows"
is "join: the target's rows, then the source's training rows" "$((f + t))" "$(wc -l <"$tmp/rows" | tr -d ' ')"
is "join: the target's are as they were" "$(rows user item label part <"$tmp/films.rts")" "$(head -n "$f" "$tmp/rows" | cut -f 1,2,3,5)"
is "join: the source's are its own, at half the weight" "$(rows user item label part <"$tmp/books.rts" | awk -F'\t' '$4 == 0 { print $1 "\t" $2 "\t" $3 "\t0.5\t0" }')" \
	"$(tail -n "+$((f + 1))" "$tmp/rows")"
is "join: 70 users, 60 items" "70 60" "$(rs-show <"$tmp/join.rts" | awk '$1 == "vocab.user.at" || $1 == "vocab.item.at" { printf "%s%d", s, $3 - 1; s = " " }')"
is "join: models of the target stay" 1 "$(rs-show <"$tmp/join.rts" | grep -c '^model.alone.user.factors')"
rs-transfer -q --method join --share item --source "$tmp/films.rts" <"$tmp/films.rts" >"$tmp/twice.rts"
is "join: the same name, but another user" "100 u20 1" "$(rows vocab.user <"$tmp/twice.rts" | awk '{ n++; seen[$1]++ } END { print n, "u20", seen["u20"] }')"
ok "join: who is not shared is called so" sh -c 'rs-pick "vocab.user.*" <"$0" | rs-show --tsv vocab.user | grep -q "^source:u20$"' "$tmp/twice.rts"
rs-mf -q --algo ials --as cmf --dim 4 <"$tmp/join.rts" >"$tmp/both.rts"
rs-transfer -q --source "$tmp/both.rts" --model cmf --as cmf <"$films" >"$tmp/cmf.rts"
is "join: its model is a model of the target" "$(rows model.cmf.item.factors <"$tmp/both.rts" | head -n 30)" "$(rows model.cmf.item.factors <"$tmp/cmf.rts")"

# ---- emcdr ----
contract rs-transfer "$films" --method emcdr --source "$books" --base alone --share user
contract rs-transfer "$films" --method emcdr --source "$books" --base alone --share user --map mlp --epochs 5
for level in base v3 v4; do
	RS_SIMD=$level rs-transfer -q --method emcdr --map mlp --source "$books" --base alone --share user <"$films" |
		RS_SIMD=$level rs-transfer -q --method guard --base alone --model emcdr >"$tmp/simd.$level"
	ok "emcdr and guard: $level instructions, the same bytes" cmp "$tmp/simd.base" "$tmp/simd.$level"
done
rs-transfer --method emcdr --share user --source "$books" --base alone <"$films" 2>"$tmp/said" >"$tmp/emcdr.rts"
ok "emcdr: says who taught" grep -q "^rs-transfer: [23][0-9] users taught the map, 30 of 50 have their factors by it" "$tmp/said"
is "emcdr: items are the base's" "$(rows model.alone.item.factors <"$films")" "$(rows model.emcdr.item.factors <"$tmp/emcdr.rts")"
named user model.alone.user.factors "$films" >"$tmp/old"
is "emcdr: so are users whom the source does not know" 20 "$(named user model.emcdr.user.factors "$tmp/emcdr.rts" | comm -12 - "$tmp/old" | wc -l | tr -d ' ')"
ok "emcdr: a mapped user likes what the source says of his kind" sh -c 'rs-score -q --task ranking --tsv -k 5 <"$0" | awk -F"\t" "NR == 1 { for (i = 1; i <= NF; i++) if (\$i == \"ndcg@5\") c = i } NR > 1 { v[\$1] = \$c } END { exit !(v[\"emcdr\"] > 0.8 * v[\"alone\"]) }"' "$tmp/emcdr.rts"

# ---- guard ----
contract rs-transfer "$tmp/cmf.rts" --method guard --base alone --model cmf --groups 0,20
rs-transfer --method guard --base alone --model cmf --groups 0 <"$tmp/cmf.rts" 2>"$tmp/said" >"$tmp/guard.rts"
ok "guard: says what it chose" grep -q "^rs-transfer: guard: 0 rows or more: 50 users, [0-9]* judged: weight " "$tmp/said"
ok "guard: the weight is in the spec" sh -c 'rs-show --tsv model.guard.spec <"$0" | grep -q "^weight=0:[01]\.[0-9]$"' "$tmp/guard.rts"
rs-pick -q 'model.alone.*' --rename 'model.alone.*=model.same.*' <"$films" >"$tmp/same.rts"
cat "$tmp/same.rts" "$films" | rs-transfer --method guard --base alone --model same --groups 0 2>"$tmp/said" >"$tmp/refused.rts"
ok "guard: no gain is a refusal" grep -q "weight 0, the source is refused" "$tmp/said"
is "guard: a refusal leaves the base" "$(rows model.alone.user.factors <"$films")" "$(rows model.guard.user.factors <"$tmp/refused.rts")"
rs-teach -q --as bad --arch lr --features row.num.hour --epochs 1 <"$tmp/start.rts" | rs-teach -q --as good --arch deepfm --dim 4 --hidden 8 --rate 0.02 >"$tmp/nets.rts"
ok "guard: of networks, one is taken whole" sh -c 'rs-transfer --method guard --metric logloss --base bad --model good <"$0" 2>&1 >"$1" | grep -q "weight 1.0, minus log loss" &&
	rs-show <"$1" | grep -q "^model.guard.mlp.0.weight"' "$tmp/nets.rts" "$tmp/taken.rts"

# ---- bad input ----
sed '2,$s/^u/v/' "$tmp/films.csv" >"$tmp/others.csv"
rs-import -q "$tmp/others.csv" --part part | rs-mf -q --algo ials --as alone --dim 4 >"$tmp/others.rts"
fails "nothing is shared: warm" 1 "^rs-transfer: the domains share nothing: no value of user, item has the same name" \
	sh -c 'rs-transfer --source "$0" <"$1"' "$books" "$tmp/others.rts"
fails "nothing is shared: join" 1 "^rs-transfer: the domains share no user or item by name" \
	sh -c 'rs-transfer --method join --source "$0" <"$1"' "$books" "$tmp/others.rts"
fails "nobody is shared: emcdr" 1 "^rs-transfer: no user has 1 rows or more in the target and is known to the source (0 share a name)" \
	sh -c 'rs-transfer --method emcdr --base alone --source "$0" <"$1"' "$books" "$tmp/others.rts"
fails "emcdr: nobody has rows enough" 1 "no user has 1000 rows or more" \
	sh -c 'rs-transfer --method emcdr --least 1000 --base alone --source "$0" <"$1"' "$books" "$films"
rs-pick -q --drop 'item.num.*' <"$tmp/films.rts" >"$tmp/less.rts"
fails "a feature that the target lacks" 1 "^rs-transfer: stdin: lacks 'item.num.price', which model 'net' of the source needs" \
	sh -c 'rs-transfer --source "$0" --model net <"$1"' "$tmp/net.rts" "$tmp/less.rts"
rs-import -q "$tmp/films.csv" --num hour --part part --users "$tmp/films.users.csv" --user-cat taste \
	--items "$tmp/films.items.csv" --item-cat genres --item-num price >"$tmp/other.rts"
fails "a feature of another type" 1 "^rs-transfer: stdin: 'item.cat.genres' is 'item.bag.genres' in the source; a feature has one type" \
	sh -c 'rs-transfer --source "$0" --model net <"$1"' "$tmp/net.rts" "$tmp/other.rts"
more() { rs-import -q --part part --users "$tmp/films.users.csv" --user-cat taste --items "$tmp/films.items.csv" --item-bag 'genres:|' --item-num price "$@"; }
more --cat hour "$tmp/films.csv" >"$tmp/typed.rts"
fails "a number that is a category" 1 "^rs-transfer: stdin: 'row.cat.hour' is 'row.num.hour' in the source; a feature has one type" \
	sh -c 'rs-transfer --source "$0" --model net <"$1"' "$tmp/net.rts" "$tmp/typed.rts"
awk -F, -v OFS=, '{ $4 = $4 OFS (NR > 1 ? 7 : "more") } 1' "$tmp/films.csv" >"$tmp/wide.csv"
more --num hour=4-5 "$tmp/wide.csv" >"$tmp/wide.rts"
fails "a number of another width" 1 "^rs-transfer: stdin: 'row.num.hour' is 2 wide, but 1 in the source; a feature has one width" \
	sh -c 'rs-transfer --source "$0" --model net <"$1"' "$tmp/net.rts" "$tmp/wide.rts"
sed '2,$s/^u/v/' "$tmp/films.users.csv" >"$tmp/others.users.csv"
ok "no id is shared, but features are" sh -c 'rs-import -q "$0" --num hour --part part --users "$1" --user-cat taste --items "$2" --item-bag "genres:|" --item-num price |
	rs-transfer --source "$3" --model net --as start | rs-show --check' "$tmp/others.csv" "$tmp/others.users.csv" "$tmp/films.items.csv" "$tmp/net.rts"
fails "names of the same spelling are other people: nothing is shared" 1 "^rs-transfer: the domains share no item by name" \
	sh -c 'rs-transfer --method join --share item --source "$0" <"$1"' "$tmp/books.rts" "$tmp/films.rts"
is "--share none: a join of strangers" "100 60" "$(rs-transfer -q --method join --share none --source "$tmp/books.rts" <"$tmp/films.rts" | rs-show | awk '$1 == "vocab.user.at" || $1 == "vocab.item.at" { printf "%s%d", s, $3 - 1; s = " " }')"
for share in features none; do
	rs-transfer --share $share --fresh unknown --source "$tmp/net.rts" --model net --as start <"$films" 2>"$tmp/said" >"$tmp/apart.rts"
	is "--share $share: no user of the same name is carried" 0 "$(rows model.start.embedding.user <"$tmp/apart.rts" | awk '{ for (i = 1; i <= NF; i++) n += $i != 0 } END { print n + 0 }')"
	ok "--share $share: and none is counted" sh -c '! grep -q "^rs-transfer: user: " "$0"' "$tmp/said"
done
is "--share none: no genre either" 0 "$(rows model.start.embedding.item.bag.genres <"$tmp/apart.rts" | awk '{ for (i = 1; i <= NF; i++) n += $i != 0 } END { print n + 0 }')"
rs-pick -q --drop 'vocab.user.*' <"$films" >"$tmp/nameless.rts"
fails "ids without names" 1 "^rs-transfer: 'vocab.user' is in the source alone" sh -c 'rs-transfer --source "$0" <"$1"' "$books" "$tmp/nameless.rts"
for domain in books films; do
	sed '2,$s/^u//; 2,$s/,[bf]/,/' "$tmp/$domain.csv" | rs-import -q --part part | rs-mf -q --algo ials --as alone --dim 4 >"$tmp/numbers.$domain.rts"
done
rs-transfer --source "$tmp/numbers.books.rts" --share user,item <"$tmp/numbers.films.rts" 2>"$tmp/said" >/dev/null
ok "numbers that overlap by accident are warned of" grep -q "^rs-transfer: item: this looks accidental: .* about 30 in common" "$tmp/said"
rs-transfer --source "$tmp/numbers.books.rts" --share item <"$tmp/numbers.films.rts" 2>"$tmp/said" >/dev/null
is "what is not shared is not warned of" 0 "$(grep -c "user" "$tmp/said")"
ok "names are not" sh -c 'rs-transfer --source "$0" <"$1" 2>&1 >/dev/null | grep -c accidental | grep -qx 0' "$books" "$films"
rs-split -q --scheme random --valid 0 --replace <"$tmp/cmf.rts" >"$tmp/unjudged.rts"
fails "guard: nobody to judge by" 1 "^rs-transfer: stdin: no user has a positive in part 1" \
	sh -c 'rs-transfer --method guard --base alone --model cmf <"$0"' "$tmp/unjudged.rts"
fails "no such model" 1 "books.mf.rts: no model 'film'; there is 'books'" sh -c 'rs-transfer --source "$0" --model film <"$1"' "$books" "$films"
fails "a source without a model" 1 "books.rts: has no model" sh -c 'rs-transfer --source "$0" <"$1"' "$tmp/books.rts" "$films"
rs-mf -q --algo ease --as ease <"$tmp/books.rts" >"$tmp/ease.rts"
fails "a model that cannot be carried" 1 "arch=ease; only factor models and networks" sh -c 'rs-transfer --source "$0" <"$1"' "$tmp/ease.rts" "$films"
fails "emcdr needs factors" 1 "model 'ease' is no factor model" sh -c 'rs-transfer --method emcdr --base alone --source "$0" <"$1"' "$tmp/ease.rts" "$films"
fails "a model of that name" 1 "'model.alone.spec' is already in the stream" sh -c 'rs-transfer --as alone --source "$0" <"$1"' "$books" "$films"
ok "--replace takes its place" sh -c 'rs-transfer -q --as alone --replace --source "$0" <"$1" | rs-show --check' "$books" "$films"
head -c 3000 "$books" >"$tmp/cut.rts"
fails "half a source" 1 "^rs-transfer: .*cut.rts: " sh -c 'rs-transfer --source "$0" <"$1"' "$tmp/cut.rts" "$films"
fails "no source" 2 "^rs-transfer: --method warm: needs --source" rs-transfer
fails "no base" 2 "^rs-transfer: --method emcdr: needs --base" rs-transfer --method emcdr --source "$books"
fails "a source too many" 2 "^rs-transfer: --method guard: takes no --source" rs-transfer --method guard --base a --model b --source "$books"
fails "no such method" 2 "^rs-transfer: --method: 'cmf' is not" rs-transfer --method cmf
fails "nothing to share" 2 "^rs-transfer: --share: 'users' is not" rs-transfer --source "$books" --share users
fails "a group out of order" 2 "^rs-transfer: --groups: '0,3,2' is not" rs-transfer --method guard --base a --model b --groups 0,3,2
fails "emcdr without users" 2 "^rs-transfer: --share: emcdr maps users" rs-transfer --method emcdr --base a --source "$books" --share item
for wrong in fresh map metric; do
	fails "--$wrong nonsense" 2 "^rs-transfer: --$wrong: 'nonsense' is not" rs-transfer --source "$books" --$wrong nonsense
done
for wrong in "--base a" "--map mlp" "--method join --model a" "--method join --fresh mean" "--method emcdr --base a --epochs 3" "--method emcdr --base a --cutoff 9"; do
	fails "an option of another method: $wrong" 2 "^rs-transfer: --[a-z]*: has no effect with --" rs-transfer --source x $wrong
done
done_testing
