#!/bin/sh
# rs-score --task distillation, against awk's own arithmetic on what rs-softlabel, rs-score and rs-show say.
. "${0%/*}/../lib.sh"
clicks 6000 >"$tmp/clicks.csv"
cd "$tmp" || exit 1
rs-import -q clicks.csv --label click | rs-split -q --seed 3 >run.rts
for s in 1 2 3; do
	rs-teach -q --as teacher-$s --arch deepfm --dim 8 --hidden 16,8 --batch 64 --rate 0.01 --epochs 4 --patience 0 --seed $s <run.rts |
		rs-teach -q --as alone-$s --arch mlp --dim 2 --hidden 4 --batch 64 --rate 0.01 --epochs 3 --patience 0 --seed $s |
		rs-softlabel --from teacher-$s |
		rs-distill -q --as student-$s --teacher teacher-$s --arch mlp --dim 2 --hidden 4 --batch 64 --rate 0.01 --epochs 3 --patience 0 --seed $s >next.rts
	mv next.rts run.rts
done
for n in 1 2 7; do OMP_NUM_THREADS=$n rs-score --no-cost --task distillation --k 3,7 <run.rts >report.$n; done
ok "the same text with any number of threads" sh -c 'cmp report.1 report.2 && cmp report.1 report.7'
rs-score --no-cost <run.rts >scores
col() { awk -F'\t' -v m="$2" -v c="$3" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i } $1 == m { print $k }' "$1"; }
v() { col report.1 "$1" "$2"; }
about() { awk -v a="$2" -v b="$3" -v e="${4:-1e-8}" 'BEGIN { print a, b; d = a - b; exit !(a != "" && b != "" && d <= e && d >= -e) }' >"$tmp/about"; ok "$1: $(cat "$tmp/about")" test $? = 0; }
is "a line a group" "teacher alone student" "$(cut -f1 report.1 | sed 1d | tr '\n' ' ' | sed 's/ $//')"
is "of three seeds" "3 3 3" "$(cut -f2 report.1 | sed 1d | tr '\n' ' ' | sed 's/ $//')"
three() { for s in 1 2 3; do col scores "$1-$s" "$2"; done | tr '\n' ' '; }
stat() { echo "$1" | awk -v what="$2" '{ for (i = 1; i <= NF; i++) { s += $i; q += $i ^ 2 } m = s / NF; printf "%.12g", what == "mean" ? m : sqrt((q - NF * m * m) / (NF - 1)) }'; }
about "mean AUC" "$(v student auc)" "$(stat "$(three student auc)" mean)"
about "deviation" "$(v student auc_sd)" "$(stat "$(three student auc)" sd)" 1e-7
about "mean log loss" "$(v alone logloss)" "$(stat "$(three alone logloss)" mean)"
about "mean ECE" "$(v student ece)" "$(stat "$(three student ece)" mean)"
about "recovered" "$(v student recovered)" "$(awk -v s="$(v student auc)" -v a="$(v alone auc)" -v t="$(v teacher auc)" 'BEGIN { printf "%.12g", (s - a) / (t - a) }')" 1e-6
about "gain" "$(v student auc_gain)" "$(awk -v s="$(v student auc)" -v a="$(v alone auc)" 'BEGIN { printf "%.12g", s - a }')"
gains=$(echo "$(three student auc)" "$(three alone auc)" | awk '{ print $1 - $4, $2 - $5, $3 - $6 }')
about "deviation of the gain" "$(v student gain_sd)" "$(stat "$gains" sd)" 1e-7
# p of t with 2 degrees of freedom: 1 - t / sqrt(2 + t^2)
about "p over seeds" "$(v student p_seeds)" "$(echo "$gains" | awk '{ for (i = 1; i <= 3; i++) { s += $i; q += $i ^ 2 } m = s / 3; t = m / sqrt((q - 3 * m * m) / 2 / 3); t = t < 0 ? -t : t; printf "%.12g", 1 - t / sqrt(2 + t * t) }')" 1e-5

# The loss of each row, by rs-softlabel; with hundreds of rows t is nearly normal.
rs-pick --drop 'soft.*' <run.rts >plain.rts
cp plain.rts soft.rts
for m in alone-1 alone-2 alone-3 student-1 student-2 student-3; do rs-softlabel --from $m <soft.rts >next.rts; mv next.rts soft.rts; done
rs-pick --drop 'vocab.*' <soft.rts | rs-show --tsv part user item label soft.alone-1 soft.alone-2 soft.alone-3 soft.student-1 soft.student-2 soft.student-3 >rows
loss='function loss(z, y) { return (z > 0 ? z : 0) + log(1 + exp(z > 0 ? -z : z)) - y * z }
	function gap() { return (loss($8, $4) + loss($9, $4) + loss($10, $4) - loss($5, $4) - loss($6, $4) - loss($7, $4)) / 3 }
	function p(t, x, k, s) { t = t < 0 ? -t : t; k = 0.2316419; x = 1 / (1 + k * t); s = x * (0.319381530 + x * (-0.356563782 + x * (1.781477937 + x * (-1.821255978 + x * 1.330274429)))); return 2 * s * exp(-t * t / 2) / sqrt(2 * 3.14159265358979) }'
about "p over rows" "$(v student p_rows)" "$(awk "$loss"' NR > 1 && $1 == 2 { d = gap(); n++; s += d; q += d * d } END { m = s / n; print p(m / sqrt((q - n * m * m) / (n - 1) / n)) }' rows)" 3e-3
about "p over users" "$(v student p_users)" "$(awk "$loss"' NR > 1 && $1 == 2 { g[$2] += gap(); c[$2]++ } END { for (u in g) { d = g[u] / c[u]; n++; s += d; q += d * d } m = s / n; print p(m / sqrt((q - n * m * m) / (n - 1) / n)) }' rows)" 2e-2

# Popular items: half of the train rows.
awk 'NR > 1 && $1 == 0 { n[$3]++; all++ } END { for (i in n) print n[i], i, all }' rows | sort -k1,1nr -k2,2n | awk '{ if (2 * s < $3) print $2; s += $1 }' >popular
auc() { # of the test rows on stdin: label score
	sort -k2,2g | awk '{ n++; if (n > 1 && $2 != last) { flush() } last = $2; y[$1]++ } function flush() { r += y[1] * (below + y[0] / 2); below += y[0]; P += y[1]; y[0] = y[1] = 0 } END { flush(); printf "%.12g", r / P / below }'
}
popular_auc() { for s in 5 6 7; do awk -v s=$((s + $1)) -v want="$2" 'NR == FNR { pop[$1] = 1; next } FNR > 1 && $1 == 2 && ($3 in pop) == want { print $4, $s }' popular rows | auc; echo; done | awk '{ s += $1 } END { printf "%.12g", s / NR }'; }
about "AUC of popular items" "$(v student auc_popular)" "$(popular_auc 3 1)"
about "of unpopular items, alone" "$(v alone auc_unpopular)" "$(popular_auc 0 0)"

# Lists: rs-softlabel's, of users with a positive test row that is not in train.
for m in teacher student; do for s in 1 2 3; do rs-softlabel --from $m-$s --top 7 <plain.rts | rs-pick --drop 'vocab.*' | rs-show --tsv top.$m-$s.item | sed 1d >top.$m.$s; done; done
awk 'NR > 1 && $1 == 0 { train[$2 "," $3] = 1 } { row[NR] = $0 } END { for (r = 2; r <= NR; r++) { split(row[r], x); if (x[1] == 2 && x[4] == 1 && !((x[2] "," x[3]) in train)) print x[2], x[3] } }' rows | sort -u >truth
cut -d' ' -f1 truth | sort -un >users
for s in 1 2 3; do paste top.teacher.$s top.student.$s; done >both
about "overlap@3" "$(v student overlap@3)" "$(awk 'NR == FNR { use[$1] = 1; next } { u = (FNR - 1) % 60 } u in use { n++; for (i = 1; i <= 3; i++) for (j = 8; j <= 10; j++) s += $i == $j && $i < 4294967295 } END { printf "%.12g", s / 3 / n }' users both)"
about "rank-biased overlap" "$(v student rbo)" "$(awk 'NR == FNR { use[$1] = 1; next } { u = (FNR - 1) % 60 } u in use { n++; for (d = 1; d <= 7; d++) { x = 0; for (i = 1; i <= d; i++) for (j = 8; j < 8 + d; j++) x += $i == $j && $i < 4294967295; s += (0.1 / 0.9) * x / d * 0.9 ^ d } s += x / 7 * 0.9 ^ 7 } END { printf "%.12g", s / n }' users both)"
ndcg() { awk 'FILENAME == "truth" { good[$1 "," $2] = 1; n[$1]++; next } { u = (FNR - 1) % 60 } u in n { users++; dcg = idcg = 0; for (i = 1; i <= 7; i++) { if ((u "," $i) in good) dcg += log(2) / log(i + 1); if (i <= n[u]) idcg += log(2) / log(i + 1) } s += dcg / idcg } END { printf "%.12g", s / users }' truth "$1"; }
for m in teacher student; do cat top.$m.1 top.$m.2 top.$m.3 >top.$m; about "NDCG@7 of $m" "$(v $m ndcg@7)" "$(ndcg top.$m)"; done
recall() { awk -v want="$2" 'FILENAME == "popular" { pop[$1] = 1; next } FILENAME == "truth" { if (($2 in pop) == want) { good[$1 "," $2] = 1; all += 3 } has[$1] = 1; next } { u = (FNR - 1) % 60 } u in has { for (i = 1; i <= 7; i++) hit += (u "," $i) in good } END { printf "%.12g", hit / all }' popular truth "$1"; }
about "recall of popular items" "$(v student recall_popular)" "$(recall top.student 1)"
about "of unpopular ones" "$(v student recall_unpopular)" "$(recall top.student 0)"

rs-quantise -q --from student-1 <run.rts >small.rts
is "a quantised student is a line of its own, with its bytes" 1 "$(rs-score --no-cost --task distillation <small.rts | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "bytes") k = i } { b[$1] = $k } END { print b["student-1-int8"] < b["student"] }')"
ok "a table and JSON, too" sh -c 'rs-score --table --task distillation <run.rts | grep -q "^student  *3 " && rs-score --json --task distillation <run.rts | grep -q "\"recovered\":"'
ok "ratings: by RMSE, lower is better" sh -c 'rs-import -q clicks.csv --label hour | rs-split -q | rs-mf -q --as a --dim 2 --epochs 2 | rs-score --task distillation | head -1 | grep -q "	rmse	rmse_sd	mae	"'
ok "positives only: lists alone" sh -c 'sed "s/,0,/,1,/" clicks.csv | awk -F, "NR == 1 || \$3 == 1" | rs-import -q --label click | rs-split -q | rs-mf -q --algo bpr --as a --dim 2 --epochs 2 | rs-score --task distillation | head -1 | grep -v auc | grep -q "ndcg@20"'
fails "no such teacher" 2 "--teacher: there is no model 'x'" sh -c 'rs-score --task distillation --teacher x <run.rts'
fails "no row of the part" 1 "no row is in part 2" sh -c 'rs-split -q --replace --test 0 <run.rts | rs-score --task distillation'
fails "teacher of another task" 2 "--teacher: not with --task rows" rs-score --teacher x
done_testing
