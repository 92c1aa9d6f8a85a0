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
is "the spec names teacher and schedule" "teacher=teacher schedule=sequential soft-epochs=3" \
	"$(rs-show --tsv model.student.spec <"$tmp/seq.rts" | grep -E '^(teacher|schedule|soft-epochs)=' | tr '\n' ' ' | sed 's/ $//')"
ok "rs-score knows the student's teacher" sh -c 'rs-teach -q '"$same"' --as alone <"$0" | rs-distill -q '"$same"' | rs-score -q | grep -q "^student"' "$tmp/soft.rts"

fails "no soft labels" 1 "needs a teacher's soft labels" sh -c 'rs-distill <"$0"' "$tmp/clicks.rts"
fails "another teacher's" 1 "needs 'soft.x'" sh -c 'rs-distill --teacher x <"$0"' "$tmp/soft.rts"
rs-softlabel -q --from teacher --as other <"$tmp/soft.rts" >"$tmp/two.rts"
fails "two teachers: which" 2 "there are 'teacher' and 'other'; say which" sh -c 'rs-distill <"$0"' "$tmp/two.rts"
fails "an unknown schedule" 2 "'anneal' is not joint or sequential" rs-distill --schedule anneal
fails "alpha beyond 1" 2 "alpha: 1.5 is not in 0..1" rs-distill --alpha 1.5
done_testing
