#!/bin/sh
. "${0%/*}/../lib.sh"
teachable
cd "$tmp" || exit 1
rs-teach -q --as net --arch deepfm --dim 8 --hidden 16,8 --epochs 3 --batch 64 --rate 0.01 <clicks.rts >net.rts
contract rs-quantise net.rts
contract rs-quantise net.rts --to f16

rs-quantise -q <net.rts | rs-quantise -q --from net --to f16 >all.rts
is "the rest is passed on" "$(rs-show --digest <net.rts)" "$(rs-pick --drop 'model.net-*' <all.rts | rs-show --digest)"
rs-pick --drop 'vocab.*' <all.rts >bare.rts
v() { rs-show --tsv "model.$1" <bare.rts | tail -n +2; }
v net.embedding.user >x; v net-int8.embedding.user >q; v net-int8.rowscale.embedding.user >s; v net-f16.embedding.user >h
ok "int8: integers times the scale of their row, off by half of it at most" sh -c 'paste x q s | awk "
	{ s = \$17; top = 0; for (j = 1; j <= 8; j++) { q = \$(8 + j); d = \$j - q * s; if (d < 0) d = -d; bad += d > s * 0.50001; if (q < 0) q = -q; if (q > top) top = q } bad += top != 127 }
	END { exit bad > 0 || NR != 60 }"'
ok "f16: within 2^-11" sh -c 'paste x h | awk "{ for (j = 1; j <= 8; j++) { d = \$j - \$(8 + j); t = \$j / 2047; if (d < 0) d = -d; if (t < 0) t = -t; bad += d > t + 6e-8 } } END { exit bad > 0 || NR != 60 }"'
is "numbers keep their mean" "$(v net.mean.row.num.hour)" "$(v net-int8.mean.row.num.hour)"
is "types" "bias f16
linear.user f16
mlp.0.weight i8
rowscale.mlp.0.weight f32
mean.row.num.hour f32" "$(rs-show <all.rts | awk '{ sub("model.net-int8.", "", $1); print $1, $2 }' | grep -E '^(bias|linear.user|mlp.0.weight|rowscale.mlp.0.weight|mean.row.num.hour) ' | sort -u | sort -k1,1 | awk '{ r[$1] = $0 } END { print r["bias"]; print r["linear.user"]; print r["mlp.0.weight"]; print r["rowscale.mlp.0.weight"]; print r["mean.row.num.hour"] }')"
rs-score -q --no-cost <all.rts >scores
col() { awk -v c="$2" -F'\t' -v m="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i } $1 == m { print $k }' scores; }
ok "scored as quantised: AUC moves, a little" awk -v a="$(col net auc)" -v b="$(col net-int8 auc)" -v c="$(col net-f16 auc)" 'BEGIN {
	print a, b, c; exit !(a != b && a - b < 0.005 && b - a < 0.005 && a - c < 5e-4 && c - a < 5e-4) }'
ok "bytes are those that are left" awk -v a="$(col net bytes)" -v b="$(col net-int8 bytes)" -v c="$(col net-f16 bytes)" 'BEGIN { print a, b, c; exit !(c < 0.52 * a && b < 0.48 * a) }'
is "parameters are as many" "$(col net parameters)" "$(col net-int8 parameters)"
rs-quantise -q --as net --replace <net.rts >only.rts
is "in its own place" "model.net.spec" "$(rs-show <only.rts | cut -f1 | grep spec)"
is "the same numbers as under another name" "$(rs-score -q --no-cost <only.rts | tail -1 | cut -f2-)" "$(grep '^net-int8' scores | cut -f2-)"
rs-pick 'model.*' <net.rts | rs-quantise -q | rs-pick 'model.net-int8.*' >model.rts
ok "without rows, ready to be served" sh -c 'cat model.rts clicks.rts | rs-softlabel | rs-show | grep -q soft.net-int8'

rs-pick --drop 'row.*' <clicks.rts | rs-mf -q --as mf --dim 8 --epochs 5 >mf.rts
rs-quantise -q <mf.rts >qmf.rts
ok "a factor model, too: rows and lists" sh -c 'rs-score -q <qmf.rts | awk "NR > 1 { r[NR] = \$4 } END { d = r[2] - r[3]; exit !(NR == 3 && d < 0.01 && d > -0.01) }" &&
	rs-recommend --model mf-int8 --top 3 <qmf.rts | head -2 | grep -q "mf-int8"'
rs-mf -q --as ease --algo ease --reg 10 <mf.rts | rs-quantise -q --from ease --to f16 >ease.rts 2>err || cat err
ok "and ease" sh -c 'rs-softlabel --from ease-f16 <ease.rts | rs-show --check'
for n in 1 7; do OMP_NUM_THREADS=$n rs-quantise -q <net.rts | cksum; done | uniq >sums
is "the same bytes on any number of threads" 1 "$(wc -l <sums | tr -d ' ')"

fails "quantised already" 1 "is quantised already" sh -c 'rs-quantise --from net-int8 <all.rts'
fails "two models" 2 "there are 3 models" sh -c 'rs-quantise <all.rts'
fails "no such model" 1 "no model 'x'" sh -c 'rs-quantise --from x <net.rts'
fails "a name that is taken" 1 "'model.net-f16.*' is already in the stream" sh -c 'rs-quantise --from net --to f16 <all.rts'
fails "no such type" 2 "'int4' is not int8 or f16" rs-quantise --to int4
fails "integers without their scales" 1 "'model.net-int8.rowscale.mlp.0.weight' is not its [0-9]* scales" sh -c 'rs-pick --drop "model.net-int8.rowscale.mlp.0.weight" <all.rts | rs-score'
done_testing
