#!/bin/sh
# Every pipeline in its toy size, and that it says what it asks and what came out.
. "${0%/*}/../lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
bin=$(cd "$(dirname "$(command -v rs-teach)")" && pwd)
run() { make -s -C "$root/pipelines/$1" toy BIN="$bin" OUT="$tmp/$1" 2>"$tmp/log" || cat "$tmp/log"; }

for makefile in "$root"/pipelines/*/Makefile; do
	pipeline=$(basename "$(dirname "$makefile")")
	ok "$pipeline begins with its question" sh -c 'head -1 "$0" | grep -q "^# $1 -- .*?"' \
		"$makefile" "$pipeline"
	ok "$pipeline has results, with a command and a machine" sh -c \
		'grep -q "make " "$0" && grep -qi "cores" "$0"' "${makefile%/*}/RESULTS.md"
done

run matrix >"$tmp/matrix.txt"
rs-score --quiet --tsv <"$tmp/matrix/mf.rts" | cut -f 3,4 >"$tmp/rmse"
ok "matrix: the 14 ratings fit within 0.1" awk 'NR == 2 { fit = $1 == 14 && $2 < 0.1 } END { exit !fit }' "$tmp/rmse"
ok "matrix: all 20 cells are between 1 and 9" awk \
	'NR <= 5 { for (i = 1; i <= 4; i++) n += $i >= 1 && $i <= 9 } END { exit n != 20 }' \
	"$tmp/matrix.txt"
ok "matrix: each rating is met within 0.1" awk \
	'NR == FNR { split($0, r, ","); for (i = 1; i <= 4; i++) want[NR, i] = r[i]; next }
	FNR <= 5 { for (i = 1; i <= 4; i++) { d = want[FNR, i] - $i; bad += want[FNR, i] && d * d > 0.01 } }
	END { exit bad > 0 }' "$root/pipelines/matrix/matrix.csv" "$tmp/matrix.txt"

change() { make -s -C "$root/pipelines/matrix" toy BIN="$bin" OUT="$tmp/matrix" "$@" >/dev/null 2>&1; ls -i "$tmp/matrix/known.rts" "$tmp/matrix/mf.rts"; }
whole=$(ls -i "$tmp/matrix/known.rts" "$tmp/matrix/mf.rts")
is "matrix: made again, nothing is" "$whole" "$(change)"
is "matrix: another number of epochs, the rest stays" "$(echo "$whole" | head -1)" "$(change EPOCHS=3 | head -1)"
rs-show --history <"$tmp/matrix/mf.rts" >"$tmp/history"
ok "matrix: the model is made anew" grep -q -e "--epochs=3 " "$tmp/history"

run deep >"$tmp/deep.txt"
for arch in lr fm mlp wide-deep deepfm dcn; do
	ok "deep: the table has $arch" grep -qE "^$arch  *.*0\.[0-9]+" "$tmp/deep.txt"
done

run factors >"$tmp/factors.txt"
for model in bias als sgd svdpp; do
	ok "factors: the table has $model over two folds, below 0.95" awk -v m=$model \
		'$2 == m { got = $3; n = $5 } END { exit !(got > 0.8 && got < 0.95 && n == 2) }' "$tmp/factors.txt"
done

run dense >"$tmp/dense.txt"
for model in teacher alone student; do
	ok "dense: the table has $model with its AUC" grep -qE "^$model +0\.[0-9]+ " "$tmp/dense.txt"
done
is "dense: the same data everywhere" "$(cat "$golden/dense-data.cksum")" \
	"$(awk -v rows=5 -v seed=1 -f "$root/pipelines/dense/make-data.awk" | cksum)"

run transfer >"$tmp/transfer.txt"
for model in popularity bpr ials own cmf emcdr emcdr-mlp guarded alone carried tuned tuned-frozen tuned-slow distilled; do
	ok "transfer: the curves have $model at 25 and 100 %" grep -qE "^$model +0\.[0-9]+ +0\.[0-9]+$" "$tmp/transfer.txt"
done
ok "transfer: a network that was carried over and trained on is above one alone" awk \
	'{ x[$1] = $2 } END { exit !(x["alone"] && x["tuned"] > x["alone"]) }' "$tmp/transfer.txt"
ok "transfer: one test for all seeds" awk '/^fantasy-crime +25% +-?0\.[0-9]+ +[0-9]/ && $3 > 0 && $4 < 0.05 && NF == 17 { found = 1 } END { exit !found }' "$tmp/transfer.txt"
ok "transfer: and what the guard decided of users by their rows" grep -qE "^fantasy-crime +25% +[01]\.[0-9]+ +[01]\." "$tmp/transfer.txt"
# Two made domains of 60 users who have items 0 to 9 of both together: the same ten products. What
# a user of the target is tested by is in train of the source.
for domain in sport_cloth cloth_sport; do
	mkdir -p "$tmp/data/$domain"
	awk -v domain=$domain -v train="$tmp/data/$domain/train.txt" -v test="$tmp/data/$domain/test.txt" 'BEGIN {
		source = domain == "sport_cloth"; step = source ? 7 : 11
		for (u = 0; u < 60; u++) {
			print u "\t" u % 10 "\t1" >train; print u "\t" (u * u + 1) % 10 "\t1" >(source ? train : test)
			for (k = 1; k < 5; k++) print u "\t" 10 + (u * step + k * k * 5) % 31 "\t1" >train
			if (source) print u "\t" 50 "\t1" >test
		} }'
done
twins() { make -s -C "$root/pipelines/transfer" "$1" BIN="$bin" OUT="$tmp/twins" DATA="$tmp/data" PAIRS="sport-cloth sport-cloth-apart" \
	SHARES=100 AT=100 SEEDS=1 DIM=4 EPOCHS=5 2>"$tmp/log" || cat "$tmp/log"; }
twins curves >"$tmp/twins.txt"
is "transfer: products in both domains are found" "0 0,1 1,2 2,3 3,4 4,5 5,6 6,7 7,8 8,9 9" "$(paste -s -d, "$tmp/twins/sport-cloth.twins")"
is "transfer: all test items are such" 60 "$(wc -l <"$tmp/twins/sport-cloth.twin-users" | tr -d ' ')"
is "transfer: a source without them has 32 items" 32 "$(rs-show <"$tmp/twins/sport-cloth-apart.source.rts" | awk '$1 == "vocab.item.at" { print $3 - 1 }')"
ok "transfer: with them the source gives them away, without it does not" awk '/ndcg/ { pair = $1 } $1 == "cmf" { v[pair] = $2 }
	END { print v["sport-cloth,"], v["sport-cloth-apart,"]; exit !(v["sport-cloth,"] > 1.2 * v["sport-cloth-apart,"]) }' "$tmp/twins.txt"
twins summary >"$tmp/summary.txt"
ok "transfer: a line a pair: p, or that it is below, against BPR and the best of the target alone" awk '{ print } NR == 1 { next }
	NF != 10 || ($6 == "below") != ($5 <= $2) || ($10 == "below") != ($8 <= $4) || $4 < $2 { bad = 1 } END { exit bad || NR != 3 }' "$tmp/summary.txt"
run htd >"$tmp/htd.txt"
for model in teacher alone_d4 rrd_d4 unkd_d4 ftd_d4 de_d4; do
	ok "htd: the table has $model" grep -qE "^$model +0\.[0-9]+ +0\.[0-9]+ +[12]" "$tmp/htd.txt"
done
run derrd >"$tmp/derrd.txt"
for model in teacher alone rrd cd; do
	ok "derrd: the tables have $model" grep -qE "^$model +0\.[0-9]+ +0\.[0-9]+ +[12]" "$tmp/derrd.txt"
done
is "derrd: of all nine values" 9 "$(grep -c "^rrd" "$tmp/derrd.txt")"

run ablation >"$tmp/ablation.txt"
is "ablation: a line a setting, over two seeds" "alone_k4 0 2
ce_T2_k4 0.5 2
ce_T2_k4 1 2
mse_k4 0.5 2
mse_k4 1 2" "$(awk 'NR > 1 { print $1, $2, $8 }' "$tmp/ablation.txt" | sort)"
is "ablation: one of them is the best on part 1" 1 "$(grep -c '\*$' "$tmp/ablation.txt")"
for teacher in mf import; do
	make -s -C "$root/pipelines/ablation" toy TEACHER=$teacher BIN="$bin" OUT="$tmp/ablation" SEEDS=1 ALPHAS=1 >"$tmp/swapped" 2>"$tmp/log" || cat "$tmp/log"
	ok "ablation: TEACHER=$teacher swaps the teacher" grep -q '\*$' "$tmp/swapped"
done

run ctr >"$tmp/ctr.txt"
for model in teacher alone joint ensemble oof small; do
	ok "ctr: the report has $model" grep -qE "^$model +[12] +0\.[0-9]+ " "$tmp/ctr.txt"
done
is "ctr: the split is that of the PyTorch runs" "122 test 780 train 98 valid" \
	"$(seq 1 1000 | sed 's/$/::1::5::0/' | perl "$root/pipelines/ctr/split.pl" | cut -f4 | sort | uniq -c | awk '{ print $1, $2 }' | tr '\n' ' ' | sed 's/ $//')"

run lists >"$tmp/lists.txt"
for model in teacher alone_two-tower rrd_two-tower cd_two-tower alone_mlp rrd_mlp cd_mlp; do
	ok "lists: the tables have $model" grep -qE "^$model +0\.[0-9]+ +0\.[0-9]+ +[12]" "$tmp/lists.txt"
done

run coldstart >"$tmp/coldstart.txt"
ok "coldstart: on cold items every way by content is above popularity" awk '$1 == "popular" { p = $4 }
	$1 ~ /^(knn|profile|mean|ridge|mlp|dropoutnet|pair)/ { n++; if ($4 + 0 <= p + 0) { print; bad = 1 } } END { exit bad || n < 7 }' "$tmp/coldstart.txt"
ok "coldstart: the switch keeps the warm model's ranking of warm items" awk '$1 == "mf" { w = $7 } $1 == "pair" { exit $7 != w }' "$tmp/coldstart.txt"
make -s -C "$root/pipelines/coldstart" paired OUT="$tmp/coldstart/toy" SAMPLE=0.1 SEEDS=1 BIN="$bin" >"$tmp/paired.txt" 2>"$tmp/log" || cat "$tmp/log"
ok "coldstart: a paired test of each model: neighbours are above popularity on cold items" awk '{ print } $1 == "knn" { p = $3 }
	NF != 7 && $1 !~ /^(popular|knn|mf|ndcg@20|)$/ { bad = 1 } END { exit bad || NR != 13 || !(p < 1e-5) }' "$tmp/paired.txt"
is "coldstart: networks of content, and of ids taken for unknown" 2 "$(grep -cE '^(deep|ids) +0' "$tmp/coldstart.txt")"
is "coldstart: new users with 1, 2 and 5 rows" 15 "$(grep -c '^rows [125] ' "$tmp/coldstart.txt")"
done_testing
