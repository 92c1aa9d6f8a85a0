# Seconds for a full ranking of a factor model with Gowalla's shape (29,858 users x 40,981 items,
# d 64, seven metrics and more at 20), and how torch and numpy compare on the same cores. rs-score's
# are of the whole program, reading included; theirs begin with everything in memory.
set -eu
rounds=${ROUNDS:-3}
threads=${OMP_NUM_THREADS:-$(nproc)}
python=${PYTHON:-/usr/bin/python3}
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
OMP_NUM_THREADS=$threads OPENBLAS_NUM_THREADS=$threads
export OMP_NUM_THREADS OPENBLAS_NUM_THREADS
# OpenBLAS does not know newer processors and would take slow kernels on them
if grep -q avx512bw /proc/cpuinfo; then OPENBLAS_CORETYPE=${OPENBLAS_CORETYPE:-SkylakeX}; export OPENBLAS_CORETYPE; fi

rank >"$tmp/run.rts"
rank --raw "$tmp"
for round in $(seq "$rounds"); do
	start=$(date +%s%N)
	(rs-score -q --task ranking -k 20 <"$tmp/run.rts" >"$tmp/ours"; times) >"$tmp/times"
	end=$(date +%s%N)
	tail -1 "$tmp/times" | tr 'ms' '  ' | # of children: user and system, minutes and seconds
		awk -v wall=$((end - start)) '{ printf "%.3f %.3f\n", wall / 1e9, 60 * ($1 + $3) + $2 + $4 }'
done >"$tmp/seconds"
median() { sort -n -k "$1,$1" "$tmp/seconds" | awk -v c="$1" '{ x[NR] = $c } END { print x[int((NR + 1) / 2)] }'; }
wall=$(median 1) cpu=$(median 2)
recall=$(awk -F'\t' 'NR == 2 { print $6 }' "$tmp/ours")
echo "$threads threads: rs-score $wall s, $cpu s of processor time (medians of $rounds), recall@20 $recall"
for kind in torch numpy; do
	if "$python" -c "import numpy, $kind" 2>/dev/null; then
		"$python" "$here/rank.py" $kind "$tmp" "$threads" |
			awk -v kind=$kind -v wall="$wall" -v cpu="$cpu" '{
				printf "%s %s s, %s s of processor time, recall@20 %s: ", kind, $1, $3, $2
				printf "rs-score takes 1/%.1f, 1/%.1f\n", $1 / wall, $3 / cpu }'
	else
		echo "$kind is not installed for $python: no comparison"
	fi
done
