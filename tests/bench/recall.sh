# recall@20 and ndcg@20 that peers reach on ROWS, a stream with a part 2, by rs-score's definitions.
# pipelines/factors runs it beside our own (`make recall`).
#
# LIBMF     folder of mf-train; LIBMF_BPR how it trains (of BPR, row by row)
# IRSPACK   program that trains iALS on a file of `user item rating` and writes the factors as LIBMF
#           does: PROGRAM FILE DIM ITERATIONS THREADS cg|cholesky FACTORS; alpha 0.3, frequency-scaled
#           penalty 0.007, 3 steps of CG
set -eu
[ "${LIBMF:-}${IRSPACK:-}" ] && [ "${ROWS:-}" ] || { echo "recall: skipped, without ROWS= and LIBMF= or IRSPACK="; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

rs-show --tsv user item part <"$ROWS" | awk 'NR > 1 { if (!($1 in u)) u[$1] = users++; if (!($2 in i)) i[$2] = items++
	print u[$1], i[$2], $3 }' >"$tmp/rows"
awk '$3 == 0 { print $1, $2, 1 }' "$tmp/rows" >"$tmp/train"
printf 'model\trecall@20\tndcg@20\n'
judge() { printf '%s\t' "$1"; recall "$tmp/factors" <"$tmp/rows"; }
if [ "${LIBMF:-}" ]; then
	# shellcheck disable=SC2086 # words are options
	"$LIBMF/mf-train" --quiet -f 10 -s 1 ${LIBMF_BPR:--k 64 -t 300 -l2 0.01 -r 0.1} "$tmp/train" "$tmp/factors"
	judge libmf-bpr
fi
if [ "${IRSPACK:-}" ]; then
	for solver in cg cholesky; do
		"$IRSPACK" "$tmp/train" 64 16 1 $solver "$tmp/factors" >/dev/null
		judge irspack-$solver
	done
fi
