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
		two=$(OMP_NUM_THREADS=2 net "$1" "$2" "$3" "$4" "$5")
		peer="0 0"
		[ -n "$python" ] && peer=$(OMP_NUM_THREADS=1 "$python" "$here/net_torch.py" "$1" "$2" "$3" "$4" "$5" 1)
		echo "$one $two $peer" >>"$tmp"
	done
	printf '%-28s two threads / one: %s training, %s scoring' "$name" "$(awk '{ print $3 / $1 }' "$tmp" | median)" "$(awk '{ print $4 / $2 }' "$tmp" | median)"
	if [ -n "$python" ]; then
		printf '; / PyTorch, one thread: %s training, %s scoring (goal %s)' "$(awk '{ print $1 / $5 }' "$tmp" | median)" "$(awk '{ print $2 / $6 }' "$tmp" | median)" "$goal"
	fi
	echo; rm -f "$tmp"
}
if [ -z "$python" ]; then
	echo "PyTorch is not installed (python3-torch): no peer"
else # the reference BLAS would flatter us twentyfold
	"$python" -c 'import torch; print("PyTorch", torch.__version__, end=", ")'
	echo "BLAS $(readlink -f /usr/lib/*/libblas.so.3 | head -1), want libopenblas0-pthread"
fi
shape "dense 784-128-64-1" dense 20000 128,64 1024 3 "1.5, 1.3"
shape "dense 784-32-16-1" dense 20000 32,16 1024 3 "2.5, -"
shape "dense 784-128-64-1, batch 32" dense 20000 128,64 32 2 "4, -"
shape "dense 784-32-16-1, batch 32" dense 20000 32,16 32 2 "7, -"
shape "DeepFM 16, 128-64" ctr 200000 128,64 1024 2 "3.3, 3"
shape "DeepFM 16, 400-400-400" ctr 50000 400,400,400 1024 2 "1.4, 1.7"
shape "MLP 16, 32-16" student 200000 32,16 1024 2 "5, 5"
shape "DeepFM 128-64, 26 of 1 M ids" large 49152 128,64 4096 2 "5, -"
