#!/bin/sh
. "${0%/*}/../lib.sh"

cat >"$tmp/rows.csv" <<'END'
user,item,label,time
ann,x,1,10
bob,y,0,20
ann,y,1,30
cid,x,1,40
ann,z,0,50
dan,z,0,60
bob,x,1,10
ann,x,0,70
dan,w,1,80
bob,z,0,90
END
rs-import -q "$tmp/rows.csv" >"$tmp/in.rts"
awk 'BEGIN { print "user,item,label,time"; x = 1; for (i = 0; i < 140000; i++) {
	x = x * 16807 % 2147483647; u = x % 3000; x = x * 16807 % 2147483647
	print u "," x % 2500 "," x % 2 "," i % 1000 } }' | rs-import -q >"$tmp/big.rts"

parts() { rs-split -q "$@" <"$tmp/in.rts" | rs-show --tsv part | tail -n +2 | tr -d '\n' | tr 012 TVX; }
said() { rs-split "$@" <"$tmp/in.rts" 2>&1 >/dev/null; }
groups() { zcat | tr -c 'a-z' '\n' | grep -x -e user -e item -e part | tr '\n' ' '; } # after the four vocabularies

for scheme in random user leave-one-out time; do
	contract rs-split "$tmp/big.rts" --scheme $scheme
	case $scheme in random) group="user part item" ;; *) group="user item part" ;; esac
	is "$scheme: parts travel with the rows" "$group $group $group" \
		"$(rs-split -q --scheme $scheme <"$tmp/big.rts" | groups | cut -d' ' -f5-13)"
	ok "$scheme: all else is as it was" sh -c \
		'rs-split -q -z 0 --scheme '$scheme' <"$0" | rs-show | grep -v ^part | diff - "$1"' \
		"$tmp/big.rts" "$(rs-show <"$tmp/big.rts" >"$tmp/list"; echo "$tmp/list")"
done

# random
rs-split -q <"$tmp/big.rts" >"$tmp/loud.rts"
rs-split <"$tmp/big.rts" 2>"$tmp/counts" >"$tmp/quiet.rts"
ok "random: the same bytes with and without -q" cmp "$tmp/loud.rts" "$tmp/quiet.rts"
near() { awk -v w="$1" '$2 == w":" { d = $3 - '"$2"'; exit !(d < '"$3"' && d > -'"$3"') }' "$tmp/counts"; }
ok "random: a tenth of 140000 is test, within three deviations (337)" near test 14000 337
ok "random: a tenth is valid" near valid 14000 337
rs-split -q --valid 0.3 --test 0.2 <"$tmp/big.rts" | rs-show --tsv part | sed '1d;101q' | tr -d '\n' >"$tmp/random"
matches "random: draws never change" rs-split.random "$tmp/random"
is "random: nothing to test or validate with" TTTTTTTTTT "$(parts --valid 0 --test 0)"
ok "random: another seed, another split" test "$(rs-split -q <"$tmp/big.rts" | rs-show --digest)" != \
	"$(rs-split -q --seed 2 <"$tmp/big.rts" | rs-show --digest)"

# user: ann has rows 1 3 5 8, bob 2 7 10, cid 4, dan 6 9
is "user: the last; 4 x .2 is one row, so is 3 x .2, 2 x .2 is none" TTTTTTTXTX \
	"$(parts --scheme user --last --valid 0 --test 0.2)"
is "user: .5 of one row leaves it to train, of three two are test" TXVTXTTXXX \
	"$(parts --scheme user --last --valid 0.2 --test 0.5)"
is "leave-one-out: the last is test, the one before it valid" TVTTVTTXTX \
	"$(parts --scheme leave-one-out --last)"
is "leave-one-out: without valid two rows are enough" TTTTTTTXXX \
	"$(parts --scheme leave-one-out --last --valid 0)"
is "leave-one-out: one test row each of three users" XXX \
	"$(parts --scheme leave-one-out --valid 0 | tr -d T)"

# time: 10 10 20 30 40 50 60 70 80 90
is "time: the last fifth, the fifth before" TTTTTVTVXX "$(parts --scheme time --valid 0.2 --test 0.2)"
is "time: the two at 10 are train together" TVVVXXTXXX "$(parts --scheme time --valid 0.35 --test 0.5)"

# what it says
said --scheme time --valid 0.2 --test 0.2 >"$tmp/said"
is "counts, and what is cold" "rs-split: train: 6 rows (60.0 %), 3 users, 3 items, 4 positive
rs-split: valid: 2 rows (20.0 %), 2 users, 2 items, 0 positive
rs-split: test: 2 rows (20.0 %), 2 users, 2 items, 1 positive
rs-split: warning: 1 pairs of user and item are in two parts or more
rs-split: warning: 1 users of test (1 rows) have no row in train
rs-split: warning: 1 items of test (1 rows) have no row in train" "$(cat "$tmp/said")"
is "rows of train that are later than test" \
	"rs-split: warning: 1 rows of train are later than the first of test" \
	"$(said --scheme user --last --valid 0 --test 0.2 | grep later)"
is "an empty part" "rs-split: warning: no row is test" "$(said --valid 0 --test 0.0000001 | grep 'no row is')"
is "ratings have no positives" "" \
	"$(sed 's/,1,/,5,/' "$tmp/rows.csv" | rs-import -q | rs-split 2>&1 >/dev/null | grep positive)"

# part is there already; columns that are not
rs-split -q <"$tmp/in.rts" >"$tmp/done.rts"
for scheme in random time; do
	fails "$scheme: part is there" 1 "^rs-split: stdin: 'part' is already in the stream; expected --replace" \
		sh -c 'rs-split --scheme '$scheme' <"$0"' "$tmp/done.rts"
	is "$scheme: --replace writes it anew" "$(rs-split -q -s 9 --scheme $scheme <"$tmp/in.rts" | rs-show --digest)" \
		"$(rs-split -q -s 9 --scheme $scheme --replace <"$tmp/done.rts" | rs-show --digest)"
done
printf 'label,x\n1,2\n0,3\n1,4\n' | rs-import -q --num x >"$tmp/dense.rts"
ok "random: needs neither user nor item" sh -c 'rs-split <"$0" | rs-show --check' "$tmp/dense.rts"
fails "no time" 1 "^rs-split: stdin: needs 'time'" sh -c 'rs-split --scheme time <"$0"' "$tmp/dense.rts"
fails "no user" 1 "^rs-split: stdin: needs 'user'" sh -c 'rs-split --scheme user <"$0"' "$tmp/dense.rts"
fails "no time for --last" 1 "^rs-split: stdin: needs 'time'" \
	sh -c 'rs-split --scheme leave-one-out --last <"$0"' "$tmp/dense.rts"

# wrong use
fails "a scheme that is not there" 2 "^rs-split: --scheme: 'fold' is not" rs-split --scheme fold
fails "nothing left to train" 2 "leave nothing to train" rs-split --valid 0.5 --test 0.5
fails "--last of whom" 2 "^rs-split: --last: only" rs-split --last
fails "a fraction below 0" 2 "^rs-split: --test: -1 is not in" rs-split --test -1
done_testing
