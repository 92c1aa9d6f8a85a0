#!/bin/sh
# The stream on made rows: prints `what  ratio  goal`; a ratio above 1 is faster than the other.
# ROWS (20 million: 2 GB of memory) and TIMES may be given by the environment.
set -eu
rows=${ROWS:-20000000} times=${TIMES:-5}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

stream ratios "$rows" "$times"
stream make "$rows" >"$tmp/rows.rts"

# Both between a source and a sink that are the same; interleaved, medians.
now() { date +%s%N; }
pass() { # pass COMMAND...: nanoseconds for the stream through it, four times over
	start=$(now)
	for i in 1 2 3 4; do
		cat "$tmp/rows.rts" | "$@" | cat >/dev/null
	done
	end=$(now)
	echo $((end - start))
}
for i in $(seq "$times"); do
	pass cat >>"$tmp/cat"
	pass rs-pick >>"$tmp/pick"
done
median() { sort -n "$1" | sed -n "$(((times + 1) / 2))p"; }
awk -v a="$(median "$tmp/cat")" -v b="$(median "$tmp/pick")" \
	'BEGIN { printf "pass-through-vs-cat\t%.2f\t0.8\n", a / b }'
