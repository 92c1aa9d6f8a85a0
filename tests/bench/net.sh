# Training and scoring against PyTorch on the same made shapes and cores, in interleaved rounds; the
# median ratio of rows per second (of one core's time with one thread). PyTorch gets AVX-512 kernels where the machine has them: Debian's
# OpenBLAS does not find them by itself on some processors.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
grep -qw avx512f /proc/cpuinfo && export OPENBLAS_CORETYPE=SKYLAKEX
python=/usr/bin/python3
"$python" -c 'import torch' 2>/dev/null || python=
rounds=${ROUNDS:-3}
median() { sort -g | awk '{ x[NR] = $1 } END { printf "%.2f", x[int((NR + 1) / 2)] }'; }

shape() { # shape NAME KIND ROWS HIDDEN BATCH EPOCHS GOAL
	name=$1; shift; goal=$6
	tmp=$(mktemp)
	for round in $(seq "$rounds"); do
		one=$(OMP_NUM_THREADS=1 net "$1" "$2" "$3" "$4" "$5")
		two=$(OMP_NUM_THREADS=2 OMP_PROC_BIND=spread OMP_PLACES=threads net "$1" "$2" "$3" "$4" "$5")
		peer="0 0"
		[ -n "$python" ] && peer=$(OMP_NUM_THREADS=1 "$python" "$here/net_torch.py" "$1" "$2" "$3" "$4" "$5" 1)
		echo "$one $two $peer" >>"$tmp"
	done
	printf '%-28s two threads / one: %s training, %s scoring' "$name" "$(awk '{ print $6 / $1 }' "$tmp" | median)" "$(awk '{ print $7 / $2 }' "$tmp" | median)"
	if [ -n "$python" ]; then
		printf '; / PyTorch, one thread: %s training, %s scoring (goal %s)' "$(awk '{ print $1 / $11 }' "$tmp" | median)" "$(awk '{ print $2 / $12 }' "$tmp" | median)" "$goal"
	fi
	printf '; of the peak %s and %s\n' "$(awk '{ print $3 }' "$tmp" | median)" "$(awk '{ print $4 }' "$tmp" | median)"
	rm -f "$tmp"
}
if [ -z "$python" ]; then
	echo "PyTorch is not installed (python3-torch): no peer"
else # the reference BLAS would flatter us twentyfold
	"$python" -c 'import torch; print("PyTorch", torch.__version__, end=", ")'
	echo "BLAS $(readlink -f /usr/lib/*/libblas.so.3 | head -1), want libopenblas0-pthread"
fi
shape "dense 784-128-64-1" dense 20000 128,64 1024 8 "1.5, 1.3"
shape "dense 784-32-16-1" dense 20000 32,16 1024 8 "2.5, -"
shape "dense 784-128-64-1, batch 32" dense 20000 128,64 32 8 "4, -"
shape "dense 784-32-16-1, batch 32" dense 20000 32,16 32 8 "7, -"
shape "DeepFM 16, 128-64" ctr 200000 128,64 1024 4 "3.3, 3"
shape "DeepFM 16, 400-400-400" ctr 50000 400,400,400 1024 4 "1.4, 1.7"
shape "MLP 16, 32-16" student 200000 32,16 1024 8 "5, 5"
shape "DeepFM 128-64, 26 of 1 M ids" large 49152 128,64 4096 4 "5, -"
shape "the same, rowwise" rowwise 49152 128,64 4096 4 "-, -"

# How the cost of a row grows: microseconds of one core (of the clock with threads), and the share of the
# peak that the layers' arithmetic reaches.
cost() { # cost THREADS LABEL KIND ROWS HIDDEN BATCH EPOCHS DIM
	threads=$1 label=$2; shift 2
	for round in $(seq "$rounds"); do OMP_NUM_THREADS=$threads net "$@"; done | sort -g | awk -v label="$label" '
		{ line[NR] = $0 } END { split(line[int((NR + 1) / 2)], x, " ")
		printf "%-34s %10.3f %10.3f %8.2f %8.2f\n", label, 1e6 / x[1], 1e6 / x[2], x[3], x[4] }'
}
echo "peak of a core: $(OMP_NUM_THREADS=1 net dense 2000 32 1024 1 | cut -d' ' -f5) GFLOP/s"
printf '%-34s %10s %10s %8s %8s\n' "DeepFM 16, 128-64, batch 1024, but" "training" "scoring" "of peak" "of peak"
for batch in 32 128 512 1024 4096; do cost 1 "batch $batch" ctr 100000 128,64 $batch 2 16; done
for width in 32,16 64,32 128,64 256,128 512,256; do cost 1 "hidden $width" ctr 50000 $width 1024 2 16; done
for dim in 4 8 16 32 64; do cost 1 "embeddings of $dim" ctr 100000 128,64 1024 2 $dim; done
for threads in $(seq "$(nproc)"); do cost "$threads" "$threads thread(s)" ctr 100000 128,64 1024 2 16; done
