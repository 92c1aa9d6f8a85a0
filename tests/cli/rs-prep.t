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
done_testing
