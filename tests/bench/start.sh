# How long a filter takes from its start to its first byte, and how much memory training takes
# against PyTorch on the same made shapes. RUNS (100) starts of each filter, in turn.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
grep -qw avx512f /proc/cpuinfo && export OPENBLAS_CORETYPE=SKYLAKEX
python=/usr/bin/python3
"$python" -c 'import torch' 2>/dev/null || python=
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

awk -v OFS=, 'BEGIN { print "user,item,label"; for (r = 0; r < 1000; r++) print r * 7 % 101, r * 11 % 53, r % 3 % 2 }' |
	rs-import -q --user user --item item --label label | rs-split -q |
	rs-teach -q --arch deepfm --epochs 1 | rs-softlabel -q --from teacher >"$tmp/small.rts"

first() { # first COMMAND...: milliseconds from exec to the first byte of output
	perl -MTime::HiRes=time -e '$runs = shift; for (1 .. $runs) {
			open STDIN, "<", $ENV{IN} or die; $t = time;
			open P, "-|", @ARGV or die; sysread P, $x, 1 or die; push @t, 1e3 * (time - $t);
			1 while sysread P, $x, 65536; close P }
		@t = sort { $a <=> $b } @t; printf "%.1f ms, %.1f to %.1f in nine runs of ten\n", $t[@t / 2], $t[@t * .05], $t[@t * .95]' \
		"${RUNS:-100}" "$@"
}
export IN="$tmp/small.rts"
echo "from start to the first byte, 1000 rows, median:"
for filter in "rs-softlabel -q --from teacher --replace" "rs-score -q" "rs-show --tsv soft.teacher" \
	"rs-teach -q --arch lr --as lr --epochs 0"; do
	printf '  %-44s ' "$filter"
	first $filter
done

peak() { # peak FILE COMMAND...: most MiB resident
	perl -e 'open STDIN, "<", shift or die; open STDOUT, ">", "/dev/null"; $pid = fork;
		exec @ARGV or die unless $pid; while (1) { last if waitpid($pid, 1) > 0;
			if (open S, "<", "/proc/$pid/status") { while (<S>) { $most = $1 if /^VmHWM:\s+(\d+)/ && $1 > $most } }
			select undef, undef, undef, 0.01 }
		die if $?; printf STDERR "%.1f\n", $most / 1024' "$@" 2>&1
}
memory() { # memory NAME FILE KIND HIDDEN ROWS ARCH BATCH OPTIMIZER: trains the same shape on both sides; FILE-half has half the rows
	ours=$(peak "$tmp/$2.rts" rs-teach -q --arch "$6" --hidden "$4" --batch "$7" --optimizer "$8" --epochs 1)
	half=$(peak "$tmp/$2-half.rts" rs-teach -q --arch "$6" --hidden "$4" --batch "$7" --optimizer "$8" --epochs 1)
	echo "$ours $half $5" | awk -v n="$1" '{ printf "  %-48s %6.1f MiB, %4.0f bytes a row to train on", n, $1, ($1 - $2) * 1048576 / ($3 / 2) }'
	if [ "$python" ]; then
		peer=$(peak /dev/null "$python" "$here/net_torch.py" "$3" "$5" "$4" "$7" 1 1)
		printf '; PyTorch %6s MiB, %.1f times' "$peer" "$(echo "$peer $ours" | awk '{ print $1 / $2 }')"
	fi
	echo
}
clicks() { # clicks FROM TO: rows of the MovieLens shape
	awk -v OFS=, -v from="$1" -v to="$2" 'BEGIN { print "user,item,label,g,a,o"
		for (r = from; r < to; r++) print int(r / 166) % 6040, r * 7919 % 3706, r % 3 % 2, r % 2, r % 7, r % 21 }'
}
numbers() { # numbers FROM TO
	awk -v from="$1" -v to="$2" 'BEGIN { srand(from)
		for (r = from; r < to; r++) { printf "%d", r % 3 % 2; for (j = 0; j < 784; j++) printf ",%.6f", rand(); print "" } }'
}
large() { # large FROM TO: 26 ids of 38,461 each by a Pareto law, every one of them there, and 13 numbers
	awk -v from="$1" -v to="$2" 'BEGIN { srand(from); printf "label"
		for (f = 1; f <= 39; f++) printf ",%s%d", f <= 26 ? "c" : "x", f; print ""
		for (r = from; r < to; r++) { printf "%d", r % 3 % 2
			for (f = 1; f <= 26; f++) printf ",%d", r < 38461 ? r : ((1 - rand()) ^ -5 - 1) % 38461
			for (f = 1; f <= 13; f++) printf ",%.6f", rand(); print "" } }'
}
as_clicks="--user user --item item --label label --cat g,a,o"
as_large="--label label --cat $(seq -s, -f c%g 26) --num x=28-40"
as_numbers="--no-header --label 1 --num pixels=2-785"
export OMP_NUM_THREADS=1
echo "most memory while training one epoch on one thread (goal: PyTorch takes 4 times as much), without and with as many rows of test"
echo "again as a quarter of those to train on, which PyTorch does not have:"
# shellcheck disable=SC2086
store() { # store NAME ROWS WHAT OPTIONS TEST: the streams NAME, and TEST with rows of test besides
	$3 0 "$2" >"$tmp/train.csv"
	$3 "$2" $(($2 * 5 / 4)) >"$tmp/test.csv"
	rs-import -q $4 "$tmp/train.csv" >"$tmp/$1.rts"
	rs-import -q $4 --parts "$tmp/train.csv" "$tmp/test.csv" >"$tmp/$5.rts"
}
store ctr 1000000 clicks "$as_clicks" ctr-test
store ctr-half 500000 clicks "$as_clicks" ctr-test-half
store dense 10000 numbers "$as_numbers" dense-test
store dense-half 5000 numbers "$as_numbers" dense-test-half
store large 100000 large "$as_large" large-test
store large-half 50000 large "$as_large" large-test-half
for test in "" -test; do
	memory "DeepFM 128-64, 1,000,000 rows${test:+ and 250,000 of test}" ctr$test ctr 128,64 1000000 deepfm 1024 auto
	memory "784-128-64-1, 10,000 rows${test:+ and 2,500 of test}" dense$test dense 128,64 10000 mlp 1024 auto
	memory "26 ids of 1 M, 100,000 rows${test:+ and 25,000 of test}" large$test large 128,64 100000 deepfm 4096 auto
	memory "the same, PyTorch by Adagrad" large$test rowwise 128,64 100000 deepfm 4096 auto
	memory "the same, both by lazy Adam" large$test large 128,64 100000 deepfm 4096 lazy
done
