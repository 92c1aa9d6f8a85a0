#!/bin/sh
. "${0%/*}/../lib.sh"

cat >"$tmp/rows.csv" <<'END'
user,item,label,time,tag
ann,x,5,1,a|b
bob,y,3,2,
ann,y,4,3,c
cid,x,1,4,a
ann,x,2,5,b
dan,z,4,6,b|c
bob,x,5,0,c
END
printf 'user,age,likes\nann,30,p|q\nbob,41,\ncid,52,q\ndan,63,r\n' >"$tmp/users.csv"
rs-import -q --bag 'tag:|' --users "$tmp/users.csv" --user-num age --user-bag 'likes:|' \
	"$tmp/rows.csv" >"$tmp/in.rts"
awk 'BEGIN { print "user,item,label,time"; x = 1; for (i = 0; i < 140000; i++) {
	x = x * 16807 % 2147483647; u = x % 3000; x = x * 16807 % 2147483647
	print u "," x % 2500 "," 1 + x % 5 "," i } }' | rs-import -q >"$tmp/big.rts"

prep() { rs-prep -q "$@" <"$tmp/in.rts" >"$tmp/out.rts"; }
values() { rs-show --tsv "$@" <"$tmp/out.rts" | tail -n +2 | tr '\t\n' ', '; }
said() { rs-prep "$@" <"$tmp/in.rts" 2>&1 >/dev/null; }

contract rs-prep "$tmp/big.rts" --positive '>=4'
rs-split -q <"$tmp/big.rts" | rs-prep -q --positive '>=5' >"$tmp/clicks.rts"
contract rs-prep "$tmp/big.rts" --duplicates mean --sample-rows 0.7 --k-core 20

# --positive alone
prep --positive '>=4'
is "label is 1 where the rule holds" "1 0 1 0 0 1 1 " "$(values label)"
is "and says how many" "rs-prep: positive: 4 of 7 rows" "$(said --positive '>=4')"
prep --positive '<2'
is "another rule" "0 0 0 1 0 0 0 " "$(values label)"
rs-import -q -z 9 --bag 'tag:|' --users "$tmp/users.csv" --user-num age "$tmp/rows.csv" |
	tee "$tmp/nine.rts" | rs-prep -q -z 0 --positive '>=4' >"$tmp/zero.rts"
is "what is not label is forwarded, not packed anew" "$(rs-show <"$tmp/nine.rts" | grep -v ^label)" \
	"$(rs-show <"$tmp/zero.rts" | grep -v ^label)"
for rule in 4 '=4' '>=four' '>=' '>=nan' '!=4'; do
	fails "--positive $rule is wrong use" 2 "^rs-prep: --positive: '$rule'" rs-prep --positive "$rule"
done

# duplicates: rows 1 and 5 are ann, x
prep --duplicates first
is "first" "ann,x,5 bob,y,3 ann,y,4 cid,x,1 dan,z,4 bob,x,5 " "$(values user item label)"
prep --duplicates last
is "last: by time" "bob,y,3 ann,y,4 cid,x,1 ann,x,2 dan,z,4 bob,x,5 " "$(values user item label)"
sed 's/^ann,x,5,1/ann,x,5,9/' "$tmp/rows.csv" | rs-import -q | rs-prep -q --duplicates last >"$tmp/out.rts"
is "last: the latest, though it came first" "ann,x,5 bob,y,3 ann,y,4 cid,x,1 dan,z,4 bob,x,5 " \
	"$(values user item label)"
cut -d, -f1-3 "$tmp/rows.csv" | rs-import -q | rs-prep -q --duplicates last >"$tmp/out.rts"
is "last: by order without time" "bob,y,3 ann,y,4 cid,x,1 ann,x,2 dan,z,4 bob,x,5 " \
	"$(values user item label)"
prep --duplicates sum
is "sum" "7 3 4 1 4 5 " "$(values label)"
prep --duplicates mean --positive '>3'
is "mean, then positive" "1 0 1 0 1 1 " "$(values label)"
fails "error: says which rows" 1 "^rs-prep: stdin: row 5 has the user and item of row 1" \
	sh -c 'rs-prep --duplicates error <"$0"' "$tmp/in.rts"
head -5 "$tmp/rows.csv" | rs-import -q >"$tmp/once.rts"
ok "error: nothing to say" sh -c 'rs-prep --duplicates error --positive ">3" <"$0" | rs-show --check' \
	"$tmp/once.rts"

# all that goes with the rows: without row 1 (duplicate) and row 6 (z has one row), so without dan
prep --duplicates last --min-item 2
is "ids are counted by first appearance" "bob,y,3 ann,y,4 cid,x,1 ann,x,2 bob,x,5 " \
	"$(values user item label)"
is "tables of users follow" "41 30 52 " "$(values user.num.age)"
is "lists of users follow: none, p q, q" "0 0 2 3 " "$(values user.bag.likes.at)"
is "lists of rows follow: none, c, a, b, c" "0 0 1 2 3 4 " "$(values row.bag.tag.at)"
is "vocabularies follow" "0 3 6 9 " "$(values vocab.user.at)"
is "each step says what went" "rs-prep: duplicates: 1 rows gone, 6 left
rs-prep: positive: 3 of 6 rows
rs-prep: core: 1 rows gone, 5 left
rs-prep: users: 1 gone, 3 left
rs-prep: items: 1 gone, 2 left" "$(said --positive '>3' --duplicates last --min-item 2)"

# the core: z and so dan go; cid has one row; then all that is left has two
prep --k-core 2
is "a 2-core" "ann,x bob,y ann,y ann,x bob,x " "$(values user item)"
fails "nothing left is an error" 1 "^rs-prep: nothing left of 7 rows" \
	sh -c 'rs-prep --k-core 4 <"$0"' "$tmp/in.rts"

# samples
rs-prep -q --sample-users 0.5 <"$tmp/big.rts" | rs-prep --min-user 1 2>"$tmp/some" >/dev/null
users=$(sed -n 's/.*users: 0 gone, \([0-9]*\) left/\1/p' "$tmp/some")
ok "half of 3000 users, within three deviations (82)" test "$users" -gt 1418 -a "$users" -lt 1582
one=$(rs-prep -q --sample-rows 0.1 <"$tmp/big.rts" | rs-show --digest)
is "the same seed, the same sample" "$one" \
	"$(rs-prep -q --sample-rows 0.1 --seed 1 <"$tmp/big.rts" | rs-show --digest)"
ok "another seed, another sample" test "$one" != \
	"$(rs-prep -q --sample-rows 0.1 --seed 2 <"$tmp/big.rts" | rs-show --digest)"

# limits: ann has three rows, bob two, cid and dan one
prep --max-user 2
is "users with more than two rows go" "bob,y cid,x dan,z bob,x " "$(values user item)"
is "items with more than two rows go, then who has too few" "bob ann ann bob " "$(sed 's/ann,y/ann,w/; s/cid,x/cid,v/' "$tmp/rows.csv" |
	rs-import -q | rs-prep -q --max-item 3 --min-user 2 --min-item 1 --duplicates last --max-user 2 | rs-show --tsv user | tail -n +2 | tr '\n' ' ')"
is "and it is said" "rs-prep: limit: 3 rows gone, 4 left" "$(said --max-user 2 | grep limit)"

# negatives: of items x y z, ann lacks z, bob z, cid y z, dan x y
rs-prep --positive '>3' --negatives 1 --duplicates last <"$tmp/in.rts" >"$tmp/out.rts" 2>"$tmp/said"
is "negatives follow their positive: dan's is x or y, ann's and bob's are z" \
	"bob,y,0 ann,y,1 ann,z,0 cid,x,0 ann,x,0 dan,z,1 dan,?,0 bob,x,1 bob,z,0 " "$(values user item label | sed 's/dan,[xy],0/dan,?,0/')"
is "other columns are those of the positive" "2 3 3 4 5 6 6 0 0 " "$(values time)"
is "lists too" " c c a b b|c b|c c c" "$(rs-show --tsv row.bag.tag <"$tmp/out.rts" | tail -n +2 | tr '\n' ' ' | sed 's/ $//')"
is "how many were added" "rs-prep: negatives: 3 rows added, 9 in all" "$(grep negatives: "$tmp/said")"
rs-prep --positive '>3' --negatives 2 <"$tmp/in.rts" 2>&1 >/dev/null | grep -c 'could not be drawn' >"$tmp/said"
is "what could not be drawn is said" 1 "$(cat "$tmp/said")"
for how in uniform popularity; do
	rs-split -q <"$tmp/big.rts" | rs-prep -q --positive '>=5' --negatives 3 --negative-sampling $how >"$tmp/out.rts"
	is "$how: three each, of its part, for its user, of other items than his" "0" "$(rs-show --tsv user item label part <"$tmp/out.rts" | awk -F '\t' '
		NR == 1 { next }
		FNR == NR { }
		{ line[NR] = $0; if (!after) known[$1, $2]++; u[NR] = $1; i[NR] = $2; p[NR] = $4 }
		$3 == 1 { after = 3; pu = $1; pp = $4; delete seen; next }
		after { after--; made[NR] = 1; known_made[NR]; if ($1 != pu || $4 != pp) bad++ }
		END { for (r in made) if ((u[r], i[r]) in known || twice[u[r], i[r]]++) bad++; print bad + 0 }')"
	contract rs-prep "$tmp/clicks.rts" --negatives 1 --negative-sampling $how
done 2>/dev/null
is "popularity: an item without a positive row of train is never drawn" "" "$(printf 'user,item,label,set\na,x,1,train\nb,y,1,train\nc,z,1,test\nc,w,0,train\nb,z,1,test\n' |
	rs-import -q --cat set | rs-split -q --scheme given --column set | rs-prep -q --negatives 3 --negative-sampling popularity |
	rs-show --tsv item label | grep -e '^[zw].0' | tail -n +2)"

is "rows that are left out get none" "0 0 1 1 255 2 2 " "$(printf 'user,item,set\na,x,train\nb,y,valid\na,z,out\nc,w,test\n' |
	rs-import -q --cat set | rs-split -q --scheme given --column set | rs-prep -q --negatives 1 |
	rs-show --tsv part | tail -n +2 | tr '\n' ' ')"

# popularity groups: x has 4 rows (57 %), y 2, z 1
prep --popularity-groups 2
is "groups: half of the rows are x" "0 1 1 " "$(rs-show --tsv item.cat.popularity <"$tmp/out.rts" | tail -n +2 | sed 's/1/0/; s/2/1/' | tr '\n' ' ')"
is "groups: all else is as it was" "$(rs-show <"$tmp/in.rts")" "$(rs-show <"$tmp/out.rts" | grep -v popularity)"
prep --popularity-groups 2 --positive '>3'
is "groups and labels in one go" "1 0 1 0 0 1 1 " "$(values label)"
sed 's/tag$/set/; 2,$s/,[a-c|]*$/,train/; 7,8s/train/test/' "$tmp/rows.csv" | rs-import -q --cat set |
	rs-split -q --scheme given --column set | rs-prep --popularity-groups 3 2>"$tmp/said" >"$tmp/out.rts"
is "groups: of train alone: x 3 of 5, y 2, z 0" "1 2 3 " "$(values item.cat.popularity)"
is "groups: it is said" "rs-prep: popularity-groups: 3, of which the first has 1 of 3 items" "$(cat "$tmp/said")"
fails "groups: a column that is there" 1 "'item.cat.popularity' is already in the stream" \
	sh -c 'rs-prep --popularity-groups 2 <"$0"' "$tmp/out.rts"

# buckets
printf 'user,item,label,hour,set\na,x,1,1,train\nb,x,1,2,train\na,y,0,3,train\nb,y,1,4,train\na,z,1,99,test\nb,z,0,-5,test\n' |
	rs-import -q --num hour --cat set | rs-split -q --scheme given --column set >"$tmp/hours.rts"
rs-prep --buckets hour:2 <"$tmp/hours.rts" >"$tmp/out.rts" 2>"$tmp/said"
is "buckets: quantiles of train" "<=2 <=2 >2 >2 >2 <=2 " "$(values row.cat.hour)"
is "buckets: it is said" "rs-prep: buckets: row.cat.hour has 2, by 4 numbers" "$(cat "$tmp/said")"
rs-prep -q --buckets age:3 <"$tmp/in.rts" >"$tmp/out.rts"
is "buckets: of users: 30 41 52 63 by three" "<=41,<=41,<=52,>52," "$(rs-show --tsv user.cat.age <"$tmp/out.rts" | tail -n +2 | tr '\n' ,)"
printf 'label,part,x\n1,train,1\n1,train,\n1,train,2\n1,test,9\n1,train,3\n1,test,\n1,train,\n1,train,4\n' |
	rs-import -q --num x --part part | rs-prep --buckets x:2 >"$tmp/gaps.rts" 2>"$tmp/said"
is "buckets: what is missing is none of the numbers" "<=2, ,<=2,>2,>2, , ,>2," \
	"$(rs-show --tsv row.cat.x <"$tmp/gaps.rts" | sed '1d; s/^$/ /' | tr '\n' ,)"
is "buckets: nor is it silent" "rs-prep: buckets: row.cat.x has 2, by 4 numbers, and one for what is missing" "$(cat "$tmp/said")"
rs-prep -q --buckets hour:2 --sample-rows 0.9 --seed 3 <"$tmp/hours.rts" >"$tmp/out.rts"
ok "buckets: of the rows that are left" sh -c 'rs-show --check <"$0"' "$tmp/out.rts"
contract rs-prep "$tmp/hours.rts" --buckets hour:2 --popularity-groups 2
fails "buckets: no such column" 1 "needs 'row.num.day', 'user.num.day' or" sh -c 'rs-prep --buckets day:2 <"$0"' "$tmp/hours.rts"
for wrong in hour hour: hour:1 :3 hour:65536 hour:2x hour:-2; do
	fails "--buckets $wrong is wrong use" 2 "^rs-prep: --buckets: '$wrong'" rs-prep --buckets "$wrong"
done
fails "--negative-sampling any" 2 "'any' is not uniform or popularity" rs-prep --negatives 1 --negative-sampling any
is "a certificate of other rows goes" "" "$(rs-prep -q --min-user 1 <"$tmp/hours.rts" | rs-show | grep certificate)"
is "and one of these rows stays" 1 "$(rs-prep -q --buckets hour:2 <"$tmp/hours.rts" | rs-show | grep -c certificate)"

# domains by what the items are
printf 'item,genres,lang\nx,sf|war,en\ny,crime,en\nz,sf|crime,fr\n' >"$tmp/items.csv"
printf 'user,item\na,x\na,y\nb,z\nb,x\nc,y\n' | rs-import -q --items "$tmp/items.csv" --item-bag 'genres:|' --item-cat lang >"$tmp/domains.rts"
pairs() { rs-prep -q "$@" <"$tmp/domains.rts" | rs-show --tsv user item | tail -n +2 | tr '\t\n' ' ,'; }
is "where: one value of a list" "a x,b z,b x," "$(pairs --where item.bag.genres=sf)"
is "where: either value" "a x,a y,b z,b x,c y," "$(pairs --where 'item.bag.genres=war|crime')"
is "where: not" "a y,c y," "$(pairs --where 'item.bag.genres!=sf')"
is "where: all conditions" "b z," "$(pairs --where item.bag.genres=sf --where item.cat.lang=fr)"
is "where: before other steps" "a x,b x," "$(pairs --where item.bag.genres=sf --min-item 2)"
rs-prep --where item.bag.genres=sf <"$tmp/domains.rts" >"$tmp/out.rts" 2>"$tmp/said"
is "where: it is said" "rs-prep: where: 2 rows gone, 3 left|rs-prep: users: 1 gone, 2 left|rs-prep: items: 1 gone, 2 left|" "$(tr '\n' '|' <"$tmp/said")"
is "where: tables follow" "en fr " "$(values item.cat.lang)"
contract rs-prep "$tmp/domains.rts" --where item.bag.genres=sf
fails "where: a value that is not there" 1 "'item.bag.genres' has no value 'sg'" sh -c 'rs-prep --where "item.bag.genres=sf|sg" <"$0"' "$tmp/domains.rts"
fails "where: a column that is not there" 1 "no 'item.cat.size' ahead" sh -c 'rs-prep --where item.cat.size=1 <"$0"' "$tmp/domains.rts"
fails "where: nothing left" 1 "no row has an item that meets --where" sh -c 'rs-prep --where item.bag.genres=war --where item.cat.lang=fr <"$0"' "$tmp/domains.rts"
fails "where: of users" 2 "^rs-prep: --where: 'user.cat.age=3' is not" sh -c 'rs-prep --where user.cat.age=3 <"$0"' "$tmp/domains.rts"

# what is missing or in the way
fails "nothing to do is wrong use" 2 "^rs-prep: nothing to do" rs-prep
fails "--duplicates any" 2 "^rs-prep: --duplicates: 'any' is not" rs-prep --duplicates any
rs-pick --drop label <"$tmp/in.rts" >"$tmp/bare.rts"
fails "no label" 1 "^rs-prep: stdin: needs 'label'" sh -c 'rs-prep --positive ">1" <"$0"' "$tmp/bare.rts"
fails "no label to add" 1 "^rs-prep: stdin: needs 'label'" sh -c 'rs-prep --duplicates sum <"$0"' "$tmp/bare.rts"
rs-pick --drop user <"$tmp/in.rts" >"$tmp/bare.rts"
fails "no user" 1 "^rs-prep: stdin: needs 'user'" sh -c 'rs-prep --k-core 2 <"$0"' "$tmp/bare.rts"
rs-mf -q --epochs 1 --dim 2 --as m <"$tmp/in.rts" >"$tmp/model.rts"
fails "a model that knows the ids" 1 "^rs-prep: stdin: 'model.m.spec' knows users and items" \
	sh -c 'rs-prep --k-core 2 <"$0"' "$tmp/model.rts"
ok "a model does not mind new labels" sh -c 'rs-prep --positive ">3" <"$0" | rs-show --check' "$tmp/model.rts"
rs-softlabel -q --from m <"$tmp/model.rts" 2>/dev/null | rs-pick -q --drop 'model.*' >"$tmp/soft.rts"
fails "an answer for the row's own item" 1 "^rs-prep: stdin: 'soft.m' is an answer" \
	sh -c 'rs-prep --negatives 1 <"$0"' "$tmp/soft.rts"
fails "no label for negatives" 1 "^rs-prep: stdin: needs 'label'" sh -c 'rs-pick --drop label <"$0" | rs-prep --negatives 1' "$tmp/in.rts"
done_testing
