# Million updates a second of rs-mf's training on made ratings with MovieLens-1M's shape, and how
# they compare in the same round: 2 threads to 1, and 1 thread to LIBMF's 1 when mf-train is there.
# Medians of ROUNDS interleaved rounds. Threads are pinned: else both may share a core.
set -eu
rounds=${ROUNDS:-5}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export OMP_PROC_BIND=true OMP_PLACES=cores

median() { # median FILE COLUMN
	sort -n -k "$2,$2" "$1" | awk -v c="$2" '{ x[NR] = $c }
		END { printf "%.4g", (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'
}
peer_seconds() { # peer_seconds DIM EPOCHS
	start=$(date +%s%N)
	mf-train --quiet -k "$1" -t "$2" -s 1 -n "${BINS:-20}" -l2 0.05 -r 0.07 "$tmp/text" "$tmp/out" >/dev/null
	echo $(($(date +%s%N) - start))
}

peer=
if command -v mf-train >/dev/null; then
	peer=1
	mf --text >"$tmp/text"
	n=$(wc -l <"$tmp/text")
else
	echo "mf-train (LIBMF) is not on PATH: no peer"
fi
for k in 32 64 128; do
	: >"$tmp/rounds"
	for round in $(seq "$rounds"); do
		one=$(OMP_NUM_THREADS=1 mf $k 20)
		two=$(OMP_NUM_THREADS=2 mf $k 20)
		other=0
		if [ "$peer" ]; then
			other=$(echo "$n $(peer_seconds $k 2) $(peer_seconds $k 22)" |
				awk '{ print $1 * 20e3 / ($3 - $2) }')
		fi
		echo "$one $two $other" | awk '{ print $1, $2, $2 / $1, $3, $3 ? $1 / $3 : 0 }'
	done >"$tmp/rounds"
	printf 'k %-3d  1 thread %s M/s, 2 threads %s M/s, 2 : 1 %s' $k "$(median "$tmp/rounds" 1)" \
		"$(median "$tmp/rounds" 2)" "$(median "$tmp/rounds" 3)"
	[ ! "$peer" ] || printf ', LIBMF %s M/s, rs-mf : LIBMF %s' "$(median "$tmp/rounds" 4)" \
		"$(median "$tmp/rounds" 5)"
	echo
done
