# Training speed of rs-mf's kernels on made rows with MovieLens-1M's shape, by rank, threads and
# ratings, the share of the machine's limit that they reach, what they hold of a row, and ratios to
# peers of interleaved rounds: median [quartiles]. One thread is told by CPU time, so that a busy
# machine matters less; our two by the wall, which needs two idle cores or UNDER, and a peer's two by
# half of their CPU time: its wall if no thread of it ever waited. Threads are pinned: else both may
# share a core.
#
# ROUNDS    interleaved rounds (5)
# LIBMF     folder of mf-train, built with AVX; BINS its better number of bins (20)
# IRSPACK, IMPLICIT   programs that train iALS on a file of `user item rating` with the peer, alpha
#           0.3, from its own code: PROGRAM FILE DIM ITERATIONS THREADS cg|cholesky prints seconds an
#           iteration by the wall and of CPU
# UNDER     a command to run both sides under, such as `chrt -f 1` when the machine is not idle
# PIN       a library that pins each new thread of a peer to its own core (LD_PRELOAD)
set -eu
rounds=${ROUNDS:-5} under=${UNDER:-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export OMP_PROC_BIND=true OMP_PLACES=cores

spent() { # spent COMMAND...: its seconds by the wall and of CPU
	perl -MTime::HiRes=time -e '$t = time; open O, ">&STDOUT"; open STDOUT, ">/dev/null";
		system(@ARGV) == 0 or exit 1; @c = times; printf O "%.4f %.4f\n", time - $t, $c[2] + $c[3]' "$@"
}
quartiles() { # quartiles FORMAT <NUMBERS: median [quartiles]
	sort -n | awk -v f="$1" '{ x[NR] = $1 }
		function at(p, i) { i = 1 + p * (NR - 1); return x[int(i)] + (i - int(i)) * (x[int(i) < NR ? int(i) + 1 : NR] - x[int(i)]) }
		END { printf f " [" f ", " f "]", at(.5), at(.25), at(.75) }'
}
middle() { quartiles "$1" | sed 's/ \[.*//'; }
each() { # each COLUMN-EXPRESSION: of the rounds
	awk "{ print $1 }" "$tmp/rounds"
}
libmf() { # libmf LOSS DIM THREADS: seconds an epoch, from two run lengths
	for t in 2 22; do
		LD_PRELOAD="${PIN:-}" spent $under "$LIBMF/mf-train" --quiet -f "$1" -k "$2" -s "$3" -t $t -n "${BINS:-20}" -l2 0.05 -r 0.05 \
			"$tmp/text" "$tmp/out"
	done | awk '{ wall = $1 - wall; cpu = $2 - cpu } END { print wall / 20, cpu / 20 }'
}
row() { # row KIND DIM EPOCHS PEER COMMAND...: a line of the table; the command is the peer with $threads
	kind=$1 dim=$2 epochs=$3 peer=$4; shift 4
	for round in $(seq "$rounds"); do
		one=$(OMP_NUM_THREADS=1 $under mf "$kind" "$dim" "$epochs") two=$(OMP_NUM_THREADS=2 $under mf "$kind" "$dim" "$epochs")
		other="0 0" others="0 0"
		if [ "$peer" ]; then
			threads=1 other=$(threads=1; eval "$*") others=$(threads=2; eval "$*")
		fi
		echo "$one $two $other $others"
	done >"$tmp/rounds" # 1-3 ours, 4-6 with two threads, 7-8 the peer, 9-10 with two
	printf '%-9s %4d  %8.2f ms  %6.1f M/s  %4.0f %%  %-20s' "$kind" "$dim" "$(each '1e3 * $2' | middle %.3f)" \
		"$(each "1e-6 * $n / \$2" | middle %.2f)" "$(each "1e-7 * \$3 / \$2 / $fma" | middle %.2f)" \
		"$(each '$1 / $4' | quartiles %.2f)"
	[ ! "$peer" ] || printf '  %s: %s, 2 threads %s' "$peer" "$(each '$8 / $2' | quartiles %.2f)" "$(each '$10 / 2 / $4' | quartiles %.2f)"
	echo
}

n=1000209 k=
mf --text >"$tmp/text"
limit=$($under mf --limit)
fma=${limit% *}
echo "limits of one core: $fma billion multiply-adds a second, ${limit#* } GB/s read and written in half of 1 MiB"
echo "kind       dim   an epoch      rows   of fma  2 threads : 1         times the peer's speed"
for k in 32 64 128; do row sgd $k 20 "${LIBMF:+LIBMF}" 'libmf 0 $dim $threads'; done
for k in 64 128; do row bpr $k 10 "${LIBMF:+LIBMF}" 'libmf 10 $dim $threads'; done
for solver in ials cholesky; do
	short=$(echo $solver | sed s/ials/cg/)
	for k in 64 128; do
		row $solver $k 3 "${IRSPACK:+irspack}" '$under $IRSPACK "$tmp/text" $dim 3 $threads '$short
		[ ! "${IMPLICIT:-}" ] || row $solver $k 3 implicit '$under $IMPLICIT "$tmp/text" $dim 3 $threads '$short
	done
done
for k in 32 64; do row svdpp $k 5 "" ""; done
row als 63 3 "" ""

echo "bytes held of a row, the model left out: MovieLens-1M's shape, goodbooks-10k's"
for algo in sgd svdpp als ials bpr dense lazy ease; do
	printf '%-9s %5s %5s\n' $algo "$(mf --held $algo)" "$(mf --large --held $algo)"
done

echo "sgd, dim 32, by ratings: milliseconds of CPU an epoch, nanoseconds a rating; the same with two threads"
for size in "--thin 16" "--thin 4" "" "--large --thin 2" "--large"; do
	case $size in *large*) all=5976479 ;; *) all=$n ;; esac
	by=$(echo "$size" | sed 's/.*thin //; s/.*--.*/1/; s/^$/1/')
	for t in 1 2; do OMP_NUM_THREADS=$t $under mf $size sgd 32 10; done | awk -v n=$((all / by)) '
		NR == 1 { printf "%9d  %8.2f ms  %5.2f ns", n, 1e3 * $2, 1e9 * $2 / n; one = $1 }
		NR == 2 { printf "   %8.2f ms  %5.2f ns  2 : 1 %.2f\n", 1e3 * $2, 1e9 * $2 / n, one / $1 }'
done
