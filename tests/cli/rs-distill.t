#!/bin/sh
. "${0%/*}/../lib.sh"
teachable
same="--arch mlp --dim 4 --hidden 8 --batch 64 --rate 0.01 --epochs 4"
rs-teach -q --dim 8 --hidden 16,8 --batch 64 --rate 0.01 --epochs 6 <"$tmp/clicks.rts" | rs-softlabel -q >"$tmp/soft.rts"

contract rs-distill "$tmp/soft.rts" --epochs 2 --temperature 2
for set in base v3 v4; do
	RS_SIMD=$set rs-distill -q $same -T 3 <"$tmp/soft.rts" >"$tmp/$set.rts"
	ok "the same bytes from the $set kernels" cmp "$tmp/base.rts" "$tmp/$set.rts"
done

digest() { rs-pick 'model.m.*' --drop model.m.spec | rs-show --digest; }
rs-teach -q $same --as m <"$tmp/soft.rts" | digest >"$tmp/alone"
rs-distill -q $same --as m --alpha 0 <"$tmp/soft.rts" | digest >"$tmp/hard"
rs-distill -q $same --as m --alpha 0.5 <"$tmp/soft.rts" | digest >"$tmp/half"
ok "with alpha 0 it is rs-teach" cmp "$tmp/alone" "$tmp/hard"
ok "with alpha 1/2 it is not" sh -c '! cmp -s "$0" "$1"' "$tmp/alone" "$tmp/half"

# Soft only, the student's logits come close to the teacher's, whatever the temperature.
for t in 1 4; do
	rs-distill -q --arch fm --dim 8 --batch 32 --rate 0.01 --epochs 30 --patience 0 --alpha 1 -T $t <"$tmp/soft.rts" |
		rs-softlabel -q --from student | rs-show --tsv soft.teacher soft.student >"$tmp/logits"
	ok "soft only at temperature $t: logits correlate above .9" awk 'NR > 1 { n++; x += $1; y += $2; xx += $1 * $1; yy += $2 * $2; xy += $1 * $2 }
		END { r = (xy - x * y / n) / sqrt((xx - x * x / n) * (yy - y * y / n)); print r; exit !(r > .9) }' "$tmp/logits"
done
rs-distill $same --patience 0 --schedule sequential --soft-epochs 3 <"$tmp/soft.rts" 2>"$tmp/log" >"$tmp/seq.rts"
is "sequential: soft epochs, then hard ones" 7 "$(grep -c 'epoch [1-7]: train loss' "$tmp/log")"
rs-distill $same --patience 0 --schedule sequential --soft-epochs 3 --rate-schedule cosine --trace "$tmp/trace" <"$tmp/soft.rts" 2>"$tmp/log" >"$tmp/cosine.rts"
is "sequential: a cosine of the rate spans both, so that hard epochs learn" 4 "$(sed 1,4d "$tmp/trace" | cut -f3 | sort -u | wc -l | tr -d ' ')"
is "the spec names teacher and schedule" "teacher=teacher schedule=sequential soft-epochs=3" \
	"$(rs-show --tsv model.student.spec <"$tmp/seq.rts" | grep -E '^(teacher|schedule|soft-epochs)=' | tr '\n' ' ' | sed 's/ $//')"
ok "rs-score knows the student's teacher" sh -c 'rs-teach -q '"$same"' --as alone <"$0" | rs-distill -q '"$same"' | rs-score -q | grep -q "^student"' "$tmp/soft.rts"

# From soft to hard; squared error of logits; features that the student may not have.
rs-distill -q $same --patience 0 --schedule anneal --alpha 0.9 --trace "$tmp/trace" <"$tmp/soft.rts" >"$tmp/anneal.rts"
is "anneal: alpha falls to 0 in even steps" "0.9 0.6 0.3 0 " "$(cut -f2 "$tmp/trace" | sed 1d | tr '\n' ' ')"
far() { rs-softlabel -q --from student | rs-show --tsv part soft.teacher soft.student |
	awk 'NR > 1 && $1 == 0 { n++; s += ($2 - $3) ^ 2 } END { printf "%.4f", s / n }'; }
best="--arch fm --dim 8 --batch 32 --rate 0.01 --epochs 20 --patience 0 --alpha 1"
rs-pick --drop part <"$tmp/soft.rts" >"$tmp/whole.rts"
rs-split -q --valid 0 --test 0 <"$tmp/whole.rts" >"$tmp/whole2.rts"
for loss in cross-entropy logit-mse; do rs-distill -q $best --soft-loss $loss <"$tmp/whole2.rts" | far >"$tmp/$loss"; done
ok "logit-mse: logits nearer to the teacher's than by cross entropy" awk -v a="$(cat "$tmp/logit-mse")" -v b="$(cat "$tmp/cross-entropy")" 'BEGIN { print a, b; exit !(a < b) }'
rs-distill -q $same --drop-features row.num.hour,user <"$tmp/soft.rts" >"$tmp/dropped.rts"
is "--drop-features: the student has the others" "$(rs-show --tsv model.teacher.spec <"$tmp/soft.rts" | grep ^features= | sed 's/=user,/=/; s/,row.num.hour//')" \
	"$(rs-show --tsv model.student.spec <"$tmp/dropped.rts" | grep ^features=)"
is "so it is scored without them" "$(rs-pick --drop row.num.hour --drop model.teacher.\* <"$tmp/dropped.rts" | rs-score -q | cut -f4)" \
	"$(rs-score -q --models student <"$tmp/dropped.rts" | cut -f4)"

# Several teachers, and how far they differ.
rs-teach -q --as b --arch lr --epochs 3 --seed 2 <"$tmp/soft.rts" | rs-softlabel --from b |
	rs-softlabel --from teacher,b --as both --variance >"$tmp/three.rts"
one() { rs-distill -q $same --as m "$@" <"$tmp/three.rts" | digest; }
is "twice the same teacher is that teacher" "$(one --teacher teacher)" "$(one --teacher b,teacher --teacher-weights 0,1)"
is "squared errors: two teachers are their mean" "$(one --soft-loss logit-mse --teacher both)" "$(one --soft-loss logit-mse --teacher teacher,b)"
ok "cross entropies: they are not" sh -c 'test "$0" != "$1"' "$(one --teacher both)" "$(one --teacher teacher,b)"
ok "--uncertainty changes the student" sh -c 'test "$0" != "$1"' "$(one --teacher both)" "$(one --teacher both --uncertainty)"
is "and alpha 0 undoes it" "$(one --teacher both --alpha 0)" "$(one --teacher both --alpha 0 --uncertainty)"
for n in 2 7; do OMP_NUM_THREADS=$n rs-distill -q $same --teacher both --uncertainty --as m <"$tmp/three.rts" | digest; done >"$tmp/threads"
is "the same for any threads" "$(one --teacher both --uncertainty | sed p)" "$(cat "$tmp/threads")"
is "the spec names them" "teacher=teacher,b teacher-weights=1,3 soft-loss=logit-mse" "$(rs-distill -q $same --teacher teacher,b --teacher-weights 1,3 --soft-loss logit-mse <"$tmp/three.rts" |
	rs-show --tsv model.student.spec | grep -E '^(teacher|teacher-weights|soft-loss)=' | tr '\n' ' ' | sed 's/ $//')"
fails "no variance" 1 "needs 'var.teacher'" sh -c 'rs-distill --uncertainty --teacher teacher <"$0"' "$tmp/three.rts"
fails "variance of several" 2 "--uncertainty: of one soft label" rs-distill --uncertainty --teacher a,b
fails "weights that do not fit" 2 "--teacher-weights: '1' is not 2 numbers" rs-distill --teacher a,b --teacher-weights 1
fails "an unknown soft loss" 2 "'huber' is not cross-entropy or logit-mse" rs-distill --soft-loss huber
fails "a feature to drop that is not there" 2 "--drop-features: no feature 'item.num.weight'" sh -c 'rs-distill --drop-features item.num.weight <"$0"' "$tmp/soft.rts"
fails "all features dropped" 2 "--drop-features: none is left" sh -c 'rs-distill --features user --drop-features user <"$0"' "$tmp/soft.rts"

# Born again: a student of the same shape as its teacher, twice.
born="--arch mlp --dim 4 --hidden 8 --batch 64 --rate 0.01 --epochs 3"
rs-teach -q --as first $born <"$tmp/clicks.rts" | rs-softlabel | rs-distill -q --as second $born |
	rs-softlabel --from second | rs-distill -q --as third --teacher second $born >"$tmp/born.rts"
is "born-again rounds by piping twice" "first second" "$(for m in second third; do rs-show --tsv model.$m.spec <"$tmp/born.rts" | sed -n 's/^teacher=//p'; done | tr '\n' ' ' | sed 's/ $//')"
ok "all of them are scored" sh -c 'rs-score -q --no-cost <"$0" | cut -f1,4 | grep -c "^\(first\|second\|third\)	0\.[5-9]" | grep -qx 3' "$tmp/born.rts"
for arch in $(rs-teach --arch list | awk '{ print $1 }'); do
	ok "a student may be $arch" sh -c 'rs-distill -q --arch $1 --dim 4 --hidden 8 --epochs 1 <"$0" | rs-score -q --models student | grep -q "^student"' "$tmp/soft.rts" "$arch"
done

fails "no soft labels" 1 "needs a teacher's soft labels" sh -c 'rs-distill <"$0"' "$tmp/clicks.rts"
fails "another teacher's" 1 "needs 'soft.x'" sh -c 'rs-distill --teacher x <"$0"' "$tmp/soft.rts"
rs-softlabel -q --from teacher --as other <"$tmp/soft.rts" >"$tmp/two.rts"
fails "two teachers: which" 2 "there are 'teacher' and 'other'; say which" sh -c 'rs-distill <"$0"' "$tmp/two.rts"
fails "an unknown schedule" 2 "'slow' is not joint, sequential or anneal" rs-distill --schedule slow
fails "alpha beyond 1" 2 "alpha: 1.5 is not in 0..1" rs-distill --alpha 1.5
fails "a loss over pairs" 2 "bpr has no soft labels" rs-distill --loss bpr
fails "two phases are not resumed" 2 "needs the joint schedule" rs-distill --schedule sequential --resumable
rs-distill -q --resumable --epochs 1 --as m <"$tmp/soft.rts" >"$tmp/m.rts"
fails "resumed with another alpha" 1 "'m' was trained with alpha=0.9, not alpha=0.7$" sh -c 'rs-distill --resume --epochs 2 --as m --alpha 0.7 <"$0"' "$tmp/m.rts"
ok "resumed" sh -c 'rs-distill -q --resume --epochs 2 --as m <"$0" | rs-show --tsv model.m.spec | grep -qx epochs=2' "$tmp/m.rts"
for wrong in "--draws 3" "--guide me" "--metric ndcg@5" "--loss logistic --lambda 1" "--negatives 3" "--momentum .5" "--crosses 2" "--arch mf --loss rrd --dropout .1" "--arch mf --loss rrd --freeze user"; do
	fails "an option without effect: $wrong" 2 "^rs-distill: --[a-z]*: has no effect with --" rs-distill $wrong
done
done_testing
