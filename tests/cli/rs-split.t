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

group="user item part"
rs-show <"$tmp/big.rts" >"$tmp/list"
for scheme in random user leave-one-out time cold-users cold-items; do
	contract rs-split "$tmp/big.rts" --scheme $scheme
	is "$scheme: parts travel with the rows" "$group $group $group" \
		"$(rs-split -q --certificate none --scheme $scheme <"$tmp/big.rts" | groups | cut -d' ' -f5-13)"
	ok "$scheme: all else is as it was" sh -c \
		'rs-split -q -z 0 --scheme '$scheme' <"$0" | rs-show | grep -v -e ^part -e ^split | diff - "$1"' \
		"$tmp/big.rts" "$tmp/list"
	case $scheme in user | leave-one-out | time) order="split.certificate user part" ;; *) order="user part split.certificate" ;; esac
	is "$scheme: the certificate is ahead of the rows if they wait" "$order " "$(rs-split -q --scheme $scheme <"$tmp/big.rts" |
		rs-show | cut -f1 | grep -x -e user -e part -e split.certificate | tr '\n' ' ')"
done

# random
rs-split -q <"$tmp/big.rts" >"$tmp/loud.rts"
rs-split <"$tmp/big.rts" 2>"$tmp/counts" >"$tmp/quiet.rts"
ok "random: the same bytes with and without -q" cmp "$tmp/loud.rts" "$tmp/quiet.rts"
near() { awk -v w="$1" -v want="$2" -v by="$3" '$2 == w":" { d = $3 - want; near = d < by && d > -by } END { exit !near }' "$tmp/counts"; }
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
rs-split: warning: 1 items of test (1 rows) have no row in train
rs-split: crc32 of part: 0310285f" "$(cat "$tmp/said")"
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
rs-pick --drop time <"$tmp/in.rts" >"$tmp/timeless.rts"
fails "no time for --last" 1 "^rs-split: stdin: needs 'time'" \
	sh -c 'rs-split --scheme leave-one-out --last <"$0"' "$tmp/timeless.rts"
fails "no item" 1 "^rs-split: stdin: needs 'item'" sh -c 'rs-split --scheme cold-items <"$0"' "$tmp/dense.rts"
fails "no part" 1 "^rs-split: stdin: needs 'part'" sh -c 'rs-split --scheme given <"$0"' "$tmp/dense.rts"

# folds
for i in 1 2 3; do rs-split -q --fold $i/3 <"$tmp/in.rts" | rs-show --tsv part | tail -n +2 | tr -d '\n' | tr 012 TVX; echo; done >"$tmp/folds"
matches "folds: draws never change" rs-split.folds "$tmp/folds"
is "folds: each row is in test once" "1111111111" "$(awk '{ for (i = 1; i <= 10; i++) n[i] += substr($0, i, 1) == "X" }
	END { for (i = 1; i <= 10; i++) printf "%d", n[i] }' "$tmp/folds")"
# cold: no user (item) of test has a row elsewhere, in the whole and in a fold
for axis in user item; do
	for fold in "" "--fold 2/4"; do
		is "cold-${axis}s $fold: each $axis is in one part" "" "$(rs-split -q --scheme cold-${axis}s $fold <"$tmp/big.rts" |
			rs-show --tsv $axis part | tail -n +2 | sort -u | cut -f1 | uniq -d | head -3)"
	done
	is "cold-${axis}s: a quarter of all is a fold" "$(rs-split --scheme cold-${axis}s --fold 1/4 <"$tmp/big.rts" 2>&1 >/dev/null |
		sed -n "s/.*test: .* \([0-9]*\) ${axis}s.*/\1/p")" "$(case $axis in user) echo 750 ;; item) echo 625 ;; esac)"
done

# time by dates: 10 10 20 30 40 50 60 70 80 90
is "dates: valid from, test from" TTVVXXTXXX "$(parts --scheme time --valid-from 30 --test-from 50)"
is "dates: no valid asked for" TTTTTTTXXX "$(parts --scheme time --test-from 70)"
printf 'user,item,time\na,x,2020-01-01\nb,x,2020-02-01 00:00\na,y,2020-01-31 23:59:59\n' | rs-import -q >"$tmp/dates.rts"
is "dates: as dates" TXT "$(rs-split -q --scheme time --test-from 2020-02-01 <"$tmp/dates.rts" | rs-show --tsv part |
	tail -n +2 | tr -d '\n' | tr 012 TVX)"
is "dates: nothing is late, and the certificate says so" train.late_rows=0 \
	"$(rs-split -q --scheme time --test-from 2020-02-01 <"$tmp/dates.rts" | rs-show --tsv split.certificate | grep late)"
fails "dates: what is no date" 2 "--test-from: 'soon' is not" rs-split --scheme time --test-from soon
fails "dates: the wrong way round" 2 "--valid-from: 9 is later than --test-from 5" \
	rs-split --scheme time --valid-from 9 --test-from 5
fails "dates: of another scheme" 2 "expected --scheme time" rs-split --test-from 5
fails "dates: valid without test" 2 "expected --scheme time and --test-from" rs-split --scheme time --valid-from 5

# given: a column's words; the column goes
printf 'user,item,set\na,x,base\nb,x,test\na,y,base\nb,y,drop\nc,x,valid\n' | rs-import -q --cat set >"$tmp/set.rts"
rs-split --scheme given --column set --map base=train --map drop=out <"$tmp/set.rts" >"$tmp/out.rts" 2>"$tmp/said"
is "given: words are parts" "0 2 0 255 1 " "$(rs-show --tsv part <"$tmp/out.rts" | tail -n +2 | tr '\n' ' ')"
is "given: no model can learn from the column" "" "$(rs-show <"$tmp/out.rts" | grep set)"
is "given: rows that are left out are said" "rs-split: out: 1 rows are in no part" "$(grep out: "$tmp/said")"
rs-split -q --scheme given <"$tmp/out.rts" >"$tmp/again.rts"
is "given: a part that is there stays, with a certificate" "$(rs-show --tsv part <"$tmp/out.rts") $(rs-show --tsv split.certificate <"$tmp/out.rts")" \
	"$(rs-show --tsv part <"$tmp/again.rts") $(rs-show --tsv split.certificate <"$tmp/again.rts")"
fails "given: a word that is no part" 1 "'row.cat.set' of row 1 .* is not mapped" \
	sh -c 'rs-split --scheme given --column set --map drop=out <"$0"' "$tmp/set.rts"
fails "given: a word that is not there" 1 "'row.cat.set' has no word 'bsae'" \
	sh -c 'rs-split --scheme given --column set --map bsae=train <"$0"' "$tmp/set.rts"
fails "given: a column that is not there" 1 "needs .*row.cat.other" \
	sh -c 'rs-split --scheme given --column other <"$0"' "$tmp/set.rts"
fails "given: no part of ours" 2 "--map: 'base=tran' is not" rs-split --scheme given --column set --map base=tran
fails "given: a column of another scheme" 2 "expected --scheme given" rs-split --column set
printf 'user,item,set\na,x,train\n' | rs-import -q --cat set | rs-split -q --scheme given --column set >"$tmp/one.rts"
ok "given: only train is a split" test "$(rs-show --tsv part <"$tmp/one.rts" | tail -1)" = 0

rs-pick -q split.certificate --rename split.certificate=part <"$tmp/out.rts" >"$tmp/wild.rts"
fails "given: a part that is none of ours" 1 "'part' of row 1 is 115; expected 0, 1, 2 or 255" \
	sh -c 'rs-split --scheme given <"$0"' "$tmp/wild.rts"
printf 'user,item\na,x\na,y\na,z\n' | rs-import -q | rs-pick -q --drop user | rs-pick -q --rename item=user >"$tmp/wild.rts"
fails "an id beyond its table" 1 "'user' holds id 2; expected ids below 1" sh -c 'rs-split <"$0"' "$tmp/wild.rts"

# the certificate
text() { rs-show --tsv split.certificate; }
lines() { rs-split -q "$@" <"$tmp/in.rts" | text; }
lines --scheme time --valid 0.2 --test 0.2 >"$tmp/lines"
matches "the certificate's lines" rs-split.certificate "$tmp/lines"
is "counts alone: all but pairs" "$(grep -v pairs "$tmp/lines")" \
	"$(lines --certificate counts --scheme time --valid 0.2 --test 0.2)"
is "none" "" "$(rs-split -q --certificate none <"$tmp/in.rts" | rs-show | grep split)"
for scheme in random user; do
	rs-split -q --scheme $scheme <"$tmp/big.rts" >"$tmp/split.rts"
	rs-split -q --scheme given <"$tmp/split.rts" >"$tmp/given.rts"
	is "$scheme: one row at a time and all at once count the same" \
		"$(text <"$tmp/split.rts" | grep -v ^scheme)" \
		"$(text <"$tmp/given.rts" | grep -v ^scheme)"
done
printf 'user,item,time,set\na,x,1,train\na,x,2,test\nb,y,1,train\nb,z,3,valid\n' | rs-import -q --cat set >"$tmp/leak.rts"
fails "strict: a pair in two parts" 1 "^rs-split: strict: 1 pairs .* 0 rows of train" \
	sh -c 'rs-split --scheme given --column set --strict <"$0"' "$tmp/leak.rts"
printf 'user,item,time,set\na,x,9,train\na,y,2,test\n' | rs-import -q --cat set >"$tmp/leak.rts"
fails "strict: the future in train" 1 "^rs-split: strict: 0 pairs .* 1 rows of train" \
	sh -c 'rs-split --scheme given --column set --strict -o "$1" <"$0"' "$tmp/leak.rts" "$tmp/strict.rts"
ok "strict: nothing whole is written" test ! -e "$tmp/strict.rts"
fails "strict: no end frame on a pipe" 1 "no end frame" \
	sh -c 'rs-split -q --scheme given --column set --strict <"$0" 2>/dev/null | rs-show --check' "$tmp/leak.rts"
printf 'user,item,time\na,x,1\na,y,2\nb,x,3\n' | rs-import -q >"$tmp/clean.rts"
ok "strict: a clean split passes" sh -c 'rs-split -q --scheme time --test-from 3 --strict <"$0" | rs-show --check' "$tmp/clean.rts"
fails "--strict needs all that is to be known" 2 "--strict: needs --certificate full" rs-split --strict --certificate counts
fails "--certificate of nothing" 2 "--certificate: 'all' is not" rs-split --certificate all

fails "a fold that is not there" 2 "--fold: '4/3' is not" rs-split --fold 4/3
fails "folds of a scheme without" 2 "--fold: only" rs-split --scheme time --fold 1/3
fails "folds that leave nothing" 2 "leave nothing to train" rs-split --fold 1/2 --valid 0.5

# --thin: valid and test stay, train shrinks, a smaller share is a part of a larger one
for scheme in random user given; do
	rs-split -q --scheme $scheme <"$tmp/split.rts" --replace >"$tmp/full.rts"
	for x in 0.5 0.2 0; do rs-split -q --scheme $scheme --replace --thin $x <"$tmp/split.rts" | rs-show --tsv part >"$tmp/thin.$x"; done
	ok "thin, $scheme: only train rows go, and more of them with a smaller share" sh -c 'rs-show --tsv part <"$0.rts" | paste - "$1.0.5" "$1.0.2" "$1.0" |
		awk "NR > 1 { bad += (\$1 != 0 && (\$1 != \$2 || \$1 != \$3 || \$1 != \$4)) || (\$2 == 255 && \$3 != 255) || \$4 == 0; n[\$1 == 0, \$2]++ }
			END { s = n[1, 0] / (n[1, 0] + n[1, 255]); exit bad || s < 0.4 || s > 0.6 }"' "$tmp/full" "$tmp/thin"
done
ok "thin: rows in no part are counted" sh -c 'rs-split --thin 0.5 --replace <"$0" 2>&1 >/dev/null | grep -q "^rs-split: out: "' "$tmp/split.rts"
fails "--thin of more than all" 2 "^rs-split: --thin: 2 is not in" rs-split --thin 2

# rows that wait, beyond 8 MiB, are in a file
awk 'BEGIN { print "user,item,a,b,c,d,e"; x = 1; for (i = 0; i < 400000; i++) {
	x = x * 16807 % 2147483647; print i % 999 "," i % 777 "," x % 99991 "," x % 99989 "," x % 99971 "," x % 99961 "," x % 99929 } }' |
	rs-import -q -z 0 --num a,b,c,d,e >"$tmp/wide.rts"
mkdir "$tmp/spool"
TMPDIR=$tmp/spool rs-split -q --scheme user <"$tmp/wide.rts" >"$tmp/wide.user"
ok "rows that wait in a file come out whole" sh -c 'rs-pick -q --drop part --drop split.certificate <"$1" | rs-show --digest >"$2" &&
	rs-show --digest <"$0" | cmp - "$2"' "$tmp/wide.rts" "$tmp/wide.user" "$tmp/digest"
is "and leave nothing behind" "" "$(ls "$tmp/spool")"
fails "no folder for them" 1 "^rs-split: temporary file in $tmp/none (TMPDIR): No such file" \
	sh -c 'TMPDIR=$1/none rs-split --scheme user <"$0" >/dev/null' "$tmp/wide.rts" "$tmp"
fails "no room for them" 1 "^rs-split: temporary file in /tmp: File too large" \
	sh -c 'trap "" XFSZ; ulimit -f 10000; TMPDIR=/tmp rs-split --scheme user <"$0" | rs-show --check' "$tmp/wide.rts"

# wrong use
fails "a scheme that is not there" 2 "^rs-split: --scheme: 'fold' is not random" rs-split --scheme fold
fails "nothing left to train" 2 "leave nothing to train" rs-split --valid 0.5 --test 0.5
fails "--last of whom" 2 "^rs-split: --last: only" rs-split --last
fails "a fraction below 0" 2 "^rs-split: --test: -1 is not in" rs-split --test -1
done_testing
