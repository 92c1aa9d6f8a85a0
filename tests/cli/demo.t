#!/bin/sh
# The main job in its toy size: from ratings to a table of teacher, alone and student, the same bytes
# on one thread and on two.
. "${0%/*}/../lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
bin=$(cd "$(dirname "$(command -v rs-teach)")" && pwd)

for threads in 1 2; do
	OMP_NUM_THREADS=$threads make -s -C "$root/pipelines/goodbooks" toy BIN="$bin" \
		OUT="$tmp/$threads" >"$tmp/table.$threads" 2>"$tmp/log" || cat "$tmp/log"
	rs-show --digest <"$tmp/$threads/toy/run_s1.rts" >"$tmp/digest.$threads"
done
ok "a digest" grep -qE '^[0-9a-f]{8}' "$tmp/digest.1"
ok "the same digest with 1 and 2 threads" cmp "$tmp/digest.1" "$tmp/digest.2"
ok "the table ends with the digest" grep -qxF "$(cat "$tmp/digest.1")" "$tmp/table.1"
for model in teacher alone student; do
	ok "the table has $model with its AUC" grep -qE "^$model +0\.[5-9][0-9]+ " "$tmp/table.1"
	ok "and what $model costs" grep -qE "^$model +[0-9]+ +[0-9]+ +[0-9]+ +[0-9.]+ +[0-9]+$" \
		"$tmp/table.1"
done
rs-show --history <"$tmp/1/toy/run_s1.rts" >"$tmp/history"
for filter in rs-import rs-prep rs-split rs-teach rs-softlabel rs-distill; do
	ok "the stream remembers $filter" grep -q "$filter " "$tmp/history"
done
done_testing
