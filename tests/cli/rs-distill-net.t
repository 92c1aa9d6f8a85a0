#!/bin/sh
# Students that are networks, taught by ranked lists, factors and hidden activations.
. "${0%/*}/../lib.sh"
teachable 2000
base="--dim 4 --hidden 8,4 --batch 256 --rate .01 --epochs 2 --patience 0"
look="--warm 1 --look 1 --draws 5 --others 5 --experts 3 --anneal 4"
rs-mf -q --as teacher --algo bpr -k 16 -b 256 --rate .02 --l2 .01 -e 20 --metric ndcg@5 <"$tmp/clicks.rts" |
	rs-softlabel -q --top 15 --reverse 15 --hint >"$tmp/taught.rts"
rs-teach -q --as deep --dim 8 --hidden 16,8 --batch 64 --rate .01 --epochs 6 <"$tmp/clicks.rts" |
	rs-softlabel -q --hint --rows >"$tmp/deep.rts"
student() { rs-distill -q $base $look --as m "$@" <"$tmp/taught.rts"; }
digest() { rs-pick 'model.m.*' --drop model.m.spec | rs-show --digest; }

contract rs-distill "$tmp/taught.rts" --arch two-tower --loss rrd,de $base $look
# Every loss, joined to bpr: the same bytes whatever the threads, and not what bpr alone gives.
for arch in two-tower mlp; do
	rs-teach -q $base --arch $arch --loss bpr --as m <"$tmp/clicks.rts" | digest >"$tmp/alone"
	for loss in rrd irrrd rd cd "cd --guide student" unkd dcd bpr,hint bpr,de bpr,ftd bpr,htd; do
		for n in 1 2 3 7; do OMP_NUM_THREADS=$n student --arch $arch --loss $loss | digest; done | sort -u >"$tmp/some"
		is "$arch, $loss: the same for 1, 2, 3 and 7 threads" 1 "$(wc -l <"$tmp/some" | tr -d ' ')"
		ok "$arch, $loss: not what bpr alone gives" sh -c '! cmp -s "$0" "$1"' "$tmp/alone" "$tmp/some"
	done
	is "$arch: with lambda 0 it is bpr" "$(cat "$tmp/alone")" "$(student --arch $arch --loss rrd,de --lambda 0,0 | digest)"
done
for set in base v3 v4; do RS_SIMD=$set student --loss rrd,htd | digest; done | sort -u >"$tmp/sets"
is "the same from all kernels" 1 "$(wc -l <"$tmp/sets" | tr -d ' ')"
for arch in fm lr wide-deep deepfm dcn; do ok "rrd to $arch" student --arch $arch --loss rrd -e 1 -o "$tmp/any.rts"; done
for arch in fm wide-deep deepfm dcn; do ok "de to $arch" student --arch $arch --loss bpr,de -e 1 -o "$tmp/any.rts"; done
ok "softmax in bpr's place" sh -c 'test "$0" != "$1"' "$(student --loss softmax,rrd | digest)" "$(student --loss rrd | digest)"

# What a loss is for: the student's lists come closer to the teacher's.
rs-pick --drop part <"$tmp/taught.rts" | rs-split -q --valid 0 --test 0 >"$tmp/whole.rts"
near() { # near ARG...: how many of the teacher's best 5 are among the student's, over all users
	rs-distill -q --dim 4 --hidden 8,4 --batch 256 --rate .01 --epochs 30 --as m "$@" <"$tmp/whole.rts" | rs-softlabel -q --from m --top 5 >"$tmp/lists.rts"
	for who in teacher m; do rs-show --tsv top.$who.item <"$tmp/lists.rts" | sed 1d >"$tmp/$who.lists"; done
	awk 'NR == FNR { t[FNR] = $0; next } { n = split(t[FNR], a, "[^0-9]+"); split($0, b, "[^0-9]+")
		for (i = 1; i <= 5; i++) for (j = 1; j <= 5; j++) hits += a[i] == b[j] } END { print hits }' "$tmp/teacher.lists" "$tmp/m.lists"
}
alone=$(near --arch two-tower --loss rrd --lambda 0 2>"$tmp/log")
for how in "rrd --lambda 1" "irrrd --lambda 1" "cd --lambda 1" "cd --guide student --lambda 3 --draws 10" "unkd --lambda 5 --groups 2" \
	"dcd --lambda .1 --look 1" "bpr,hint --lambda 1" "bpr,de --lambda 1 --experts 3" "bpr,ftd --lambda .1" "bpr,htd --lambda .1 --experts 3"; do
	taught=$(near --arch two-tower --loss $how 2>"$tmp/log")
	ok "$how: nearer to the teacher than alone ($taught, $alone)" test "$taught" -gt "$alone"
done

# RD's are positives only: they rise.
rise() { near --arch two-tower --loss rd "$@" >"$tmp/hits"
	rs-softlabel -q --from m --as all --top 40 --keep-seen <"$tmp/lists.rts" | rs-show --tsv top.teacher.item top.all.item top.all.score | sed 1d |
		awk '{ for (i = 16; i <= 55; i++) of[$i] = $(i + 40); for (i = 1; i <= 5; i++) { sum += of[$i]; n++ } } END { printf "%.4f\n", sum / n }'; }
ok "rd: the teacher's best have higher scores than alone" awk -v a="$(rise --lambda .3)" -v b="$(rise --lambda 0)" 'BEGIN { print a, b; exit !(a > b) }'

# Representations: hidden layers of rows beside labels; towers and embeddings beside either.
plain() { rs-distill -q --dim 4 --hidden 8 --batch 64 --rate .01 --epochs 3 --patience 0 --as m "$@" <"$tmp/deep.rts"; }
rows() { plain --experts 2 --anneal 4 "$@"; }
rows --loss hint --lambda 0 | digest >"$tmp/alone"
is "with lambda 0 it is soft labels" "$(cat "$tmp/alone")" "$(plain --loss auto | digest)"
for loss in hint de ftd htd; do
	for n in 1 2 3 7; do OMP_NUM_THREADS=$n rows --loss $loss --lambda .1 | digest; done | sort -u >"$tmp/some"
	is "$loss of rows: the same for 1, 2, 3 and 7 threads" 1 "$(wc -l <"$tmp/some" | tr -d ' ')"
	ok "$loss of rows: not without" sh -c '! cmp -s "$0" "$1"' "$tmp/alone" "$tmp/some"
	ok "$loss of rows to dcn, in turn with labels" rows --arch dcn --schedule sequential --soft-epochs 1 --loss $loss -o "$tmp/any.rts"
	ok "$loss of factors beside labels" student --loss logistic,$loss --alpha 0 -o "$tmp/any.rts"
	ok "$loss of factors to towers, beside labels" student --arch two-tower --loss $loss --alpha 0 -o "$tmp/any.rts"
done
# How much of the teacher's hidden layer a linear map of the student's has, by its last unit's residual: that of hint falls.
fit() { rs-softlabel -q --from m --as s --hint | rs-show --tsv hint.deep hint.s | awk -F '[\t ,]+' 'NR > 1 { n++; for (i = 1; i <= NF / 2; i++)
	for (j = NF / 2 + 1; j <= NF; j++) { x[i] += $i; xx[i] += $i * $i } for (i = 1; i <= NF / 2; i++) for (j = NF / 2 + 1; j <= NF; j++) { xy[i, j] += $i * $j }
	for (j = NF / 2 + 1; j <= NF; j++) { y[j] += $j; yy[j] += $j * $j } f = NF / 2 } END { for (i = 1; i <= f; i++) { best = 0
	for (j = f + 1; j <= 2 * f; j++) { sx = xx[i] / f - (x[i] / f) ^ 2 / n; sy = yy[j] - y[j] ^ 2 / n; c = xy[i, j] - x[i] / f * y[j] / n
	if (sx > 0 && sy > 0 && c * c / sx / sy > best) best = c * c / sx / sy } sum += best } printf "%.4f\n", sum }'; }
without=$(rows --loss hint --lambda 0 --epochs 12 | fit)
with=$(rows --loss hint --lambda 3 --epochs 12 | fit)
ok "hint: hidden units correlate with the teacher's more than without ($with, $without)" awk -v a="$with" -v b="$without" 'BEGIN { exit !(a > b) }'

# Schedules, ensembles, the spec.
for schedule in sequential anneal; do
	ok "$schedule: another student" sh -c 'test "$0" != "$1"' "$(student --loss rrd --lambda .1 --schedule $schedule --soft-epochs 2 --epochs 4 | digest)" \
		"$(student --loss rrd --lambda .1 --epochs 4 | digest)"
done
student --loss rrd,de --ensemble 2 >"$tmp/both.rts"
for m in 1 2; do
	is "an ensemble's member $m is the student of seed $m" "$(student --loss rrd,de --seed $m | rs-show --tsv model.m.embedding.user | sed 1d)" \
		"$(rs-show --tsv model.m-$m.embedding.user <"$tmp/both.rts" | sed 1d)"
done
is "the spec" "arch=two-tower base=bpr teacher=teacher loss=rrd,de lambda=0.5,0.01 schedule=joint" \
	"$(student --arch two-tower --loss rrd,de --lambda .5,.01 | rs-show --tsv model.m.spec | grep -E '^(arch|teacher|base|loss|lambda|schedule)=' | tr '\n' ' ' | sed 's/ $//')"
is "--help has a line on each loss" "auto logistic squared bpr softmax rrd irrrd rd cd unkd dcd hint de ftd htd" \
	"$(rs-distill --help | sed -n '/^Losses/,/^$/s/^  \([a-z]*\) .*/\1/p' | tr '\n' ' ' | sed 's/ $//')"

# What does not go together is told before reading.
fails "lists beside labels" 2 "^rs-distill: --loss: rrd ranks pairs, so it goes with bpr or softmax, not logistic" rs-distill --loss logistic,rrd
fails "representations of lr" 2 "^rs-distill: --loss: de is on embeddings or a hidden layer; lr has neither" rs-distill --arch lr --loss bpr,de
fails "an unknown one" 2 "^rs-distill: --loss: 'x' is not rrd" rs-distill --loss rrd,x
fails "two of its own" 2 "^rs-distill: --loss: 'softmax' is not rrd" rs-distill --loss bpr,softmax,rrd
fails "none that is taught" 2 "^rs-distill: --loss: 'bpr,' names nothing that is taught" rs-distill --loss bpr,
fails "lambdas" 2 "^rs-distill: --lambda: '1,2' is not as many" rs-distill --loss bpr,rrd --lambda 1,2
fails "another day" 2 "^rs-distill: --resume: what is trained beside the student" rs-distill --loss rrd --resumable
fails "factors with softmax" 2 "^rs-distill: --loss: 'softmax': --arch mf learns bpr alone" rs-distill --arch mf --loss softmax,rrd
fails "uncertainty of lists" 2 "^rs-distill: --uncertainty: of soft labels, which do not go with --loss rrd" rs-distill --loss rrd --uncertainty
fails "weights of teachers' lists" 2 "^rs-distill: --teacher-weights: of soft labels" rs-distill --loss bpr,de --teacher a,b --teacher-weights 1,2
# What is not there.
from() { stream=$1; shift; rs-distill -q $base "$@" <"$stream"; }
fails "no lists" 1 "needs a teacher's lists 'top.NAME.item'" from "$tmp/clicks.rts" --loss rrd
fails "no hints" 1 "or activations 'hint.NAME'" from "$tmp/clicks.rts" --loss de --alpha 0
fails "hints of rows to towers" 1 "'hint.deep' is of rows, and two-tower has no hidden layer of rows" from "$tmp/deep.rts" --arch two-tower --loss de
fails "hints of rows to fm" 1 "'hint.deep' is of rows, and fm has no hidden layer" from "$tmp/deep.rts" --arch fm --loss de
fails "factors without the ids" 1 "'hint.teacher.user' is held up to embeddings of 'user'" from "$tmp/taught.rts" --drop-features user --loss bpr,de
rs-pick --drop 'soft.*' <"$tmp/deep.rts" >"$tmp/hint.rts"
fails "hint without soft labels" 1 "needs a teacher's soft labels" from "$tmp/hint.rts" --loss hint
done_testing
