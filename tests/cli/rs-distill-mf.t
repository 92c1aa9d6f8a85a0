#!/bin/sh
# Students that are factor models, taught by ranked lists and factors.
. "${0%/*}/../lib.sh"
teachable
base="-k 4 --batch 256 --rate .02 --l2 .01 --epochs 6 --every 2 --metric ndcg@5 --patience 0"
rs-mf -q --as teacher --algo bpr -k 16 -b 256 --rate .02 --l2 .01 -e 20 --metric ndcg@5 <"$tmp/clicks.rts" |
	rs-softlabel -q --top 15 --reverse 15 --hint >"$tmp/taught.rts"
student() { rs-distill -q --arch mf $base --as m "$@" <"$tmp/taught.rts"; }
digest() { rs-pick 'model.m.*' --drop model.m.spec | rs-show --digest; }

contract rs-distill "$tmp/taught.rts" --arch mf --loss rrd $base
rs-mf -q --algo bpr $base --as m <"$tmp/taught.rts" | digest >"$tmp/alone"
for loss in rrd irrrd rd cd unkd dcd hint de ftd htd; do
	OMP_NUM_THREADS=1 student --loss $loss --warm 1 --look 2 --experts 3 --anneal 4 >"$tmp/one"
	for n in 2 3 7; do
		OMP_NUM_THREADS=$n student --loss $loss --warm 1 --look 2 --experts 3 --anneal 4 >"$tmp/many"
		ok "$loss: the same bytes with 1 and $n threads" cmp "$tmp/one" "$tmp/many"
	done
	for level in base v3; do
		RS_SIMD=$level student --loss $loss --warm 1 --look 2 --experts 3 --anneal 4 >"$tmp/many"
		ok "$loss: the same bytes with RS_SIMD=$level" cmp "$tmp/one" "$tmp/many"
	done
	student --loss $loss --lambda 0 | digest >"$tmp/none"
	ok "$loss: with lambda 0 it is bpr" cmp "$tmp/alone" "$tmp/none"
	digest <"$tmp/one" >"$tmp/some"
	ok "$loss: otherwise it is not" sh -c '! cmp -s "$0" "$1"' "$tmp/alone" "$tmp/some"
done
is "the spec names teacher and losses" "arch=mf teacher=teacher loss=rrd,unkd lambda=0.5,0.001 schedule=joint" \
	"$(student --loss rrd,unkd --lambda .5,.001 | rs-show --tsv model.m.spec | grep -E '^(arch|teacher|loss|lambda|schedule)=' | tr '\n' ' ' | sed 's/ $//')"

# What a loss is for: the student's lists come closer to the teacher's.
near() { # near ARG...: how many of the teacher's best 5 are among the student's, over all users
	student --epochs 40 --every 40 "$@" | rs-softlabel -q --from m --top 5 >"$tmp/lists.rts"
	for who in teacher m; do rs-show --tsv top.$who.item <"$tmp/lists.rts" | sed 1d >"$tmp/$who.lists"; done
	awk 'NR == FNR { t[FNR] = $0; next } { n = split(t[FNR], a, "[^0-9]+"); split($0, b, "[^0-9]+")
		for (i = 1; i <= 5; i++) for (j = 1; j <= 5; j++) hits += a[i] == b[j] } END { print hits }' "$tmp/teacher.lists" "$tmp/m.lists"
}
alone=$(near --loss rrd --lambda 0)
for how in "rrd --lambda .1" "rrd --sample none --lambda .1" "irrrd --lambda .1" "rd --lambda 5" "cd --lambda 1" \
	"cd --guide student --lambda 1" "unkd --lambda 5 --groups 2" "dcd --lambda .1 --look 1" "hint --lambda .1" \
	"de --experts 2 --lambda .1" "ftd --lambda .05" "htd --experts 2 --lambda .1" "ftd,rrd --lambda .02,.02"; do
	taught=$(near --loss $how)
	ok "$how: nearer to the teacher than alone ($taught, $alone)" test "$taught" -gt "$alone"
done

# An option of one loss has an effect on that loss, where fewer are drawn than a list has.
for option in "rd --mu 5" "rd --spread 2" "dcd --scale 1" "cd --shift 2" "cd --spread 2" "unkd --groups 2" "htd --gamma .1" \
	"rrd --draws 5" "rrd --others 5" "de --anneal 4"; do
	student --draws 4 --loss ${option%% *} --warm 1 --look 2 --experts 3 | digest >"$tmp/plain"
	student --draws 4 --loss $option --warm 1 --look 2 --experts 3 | digest >"$tmp/other"
	ok "$option: another student" sh -c '! cmp -s "$0" "$1"' "$tmp/plain" "$tmp/other"
done

# Schedules.
for schedule in sequential anneal; do
	for loss in rrd ftd; do
		student --loss $loss --schedule $schedule --soft-epochs 3 --lambda .01 | digest >"$tmp/$schedule"
		ok "$loss, $schedule: another student" sh -c '! cmp -s "$0" "$1"' "$tmp/$schedule" "$tmp/alone"
	done
done
is "sequential: soft epochs, then bpr" "9 3" "$(student --loss rrd --schedule sequential --soft-epochs 3 | rs-show --tsv model.m.spec |
	sed -n 's/^epochs=//p; s/^soft-epochs=//p' | sort -r | tr '\n' ' ' | sed 's/ $//')"

student --loss rrd --lambda 0 --negatives 3 --negative-sampling popularity | digest >"$tmp/three"
rs-mf -q --algo bpr $base --as m --negatives 3 --negative-sampling popularity <"$tmp/taught.rts" | digest >"$tmp/alone3"
ok "negatives as in rs-mf" sh -c 'cmp "$0" "$1" && ! cmp -s "$0" "$2"' "$tmp/three" "$tmp/alone3" "$tmp/alone"

# Wrong use, and what is not there.
for loss in x rrd,x auto; do fails "--loss $loss" 2 "^rs-distill: --loss: " rs-distill --arch mf --loss $loss; done
for lambda in 1,2 x -1 1, ,1; do
	fails "--lambda $lambda" 2 "^rs-distill: --lambda: '$lambda' is not as many numbers" rs-distill --arch mf --loss rrd --lambda=$lambda
done
fails "--lambda 1 of two" 2 "^rs-distill: --lambda: '1' is not as many" rs-distill --arch mf --loss rrd,cd --lambda 1
fails "--sample x" 2 "^rs-distill: --sample: 'x' is not none or exp" rs-distill --arch mf --loss rrd --sample x
fails "--guide x" 2 "^rs-distill: --guide: 'x' is not teacher or student" rs-distill --arch mf --loss cd --guide x
fails "--optimizer sgd" 2 "^rs-distill: --optimizer: 'sgd' is not adam or lazy" rs-distill --arch mf --loss cd --optimizer sgd
fails "--dim 2000" 2 "^rs-distill: --dim: 2000 is not in 1..1024" rs-distill --arch mf --loss cd --dim 2000
from() { stream=$1; shift; rs-distill -q --arch mf "$@" <"$stream"; }
fails "no lists" 1 "needs a teacher's lists 'top.NAME.item'" from "$tmp/clicks.rts" --loss rrd
fails "another teacher's" 1 "needs 'top.x.item'" from "$tmp/taught.rts" --loss rrd --teacher x
rs-pick --drop 'rev.*' --drop 'hint.*' <"$tmp/taught.rts" >"$tmp/top.rts"
for loss in irrrd dcd; do fails "$loss without reverse lists" 1 "needs 'rev.teacher.user'" from "$tmp/top.rts" --loss $loss; done
fails "cd by the student without factors" 1 "needs 'hint.teacher.user'" from "$tmp/top.rts" --loss cd --guide student
for loss in hint de ftd htd; do fails "$loss without factors" 1 "needs 'hint.teacher.user'" from "$tmp/top.rts" --loss $loss; done
fails "--experts 33" 2 "^rs-distill: --experts: 33 is not in 1..32" rs-distill --arch mf --loss de --experts 33
rs-softlabel -q --from teacher --as other --top 3 <"$tmp/taught.rts" >"$tmp/two.rts"
fails "two teachers: which" 2 "there are 'teacher' and 'other'; say which" from "$tmp/two.rts" --loss rrd
ok "said" from "$tmp/two.rts" --loss rrd --teacher other -e 1 -o "$tmp/said.rts"
head -30 "$tmp/clicks.csv" | rs-import -q --label click | rs-mf -q --algo popularity --as few | rs-softlabel -q --top 4 |
	rs-pick 'top.*' >"$tmp/few.rts"
rs-pick --drop 'top.*' --drop 'rev.*' --drop 'hint.*' <"$tmp/taught.rts" | cat "$tmp/few.rts" - >"$tmp/short.rts"
fails "lists of fewer users" 1 "'top.few.item' has [0-9]* rows, expected at least 60" from "$tmp/short.rts" --loss rrd
done_testing
