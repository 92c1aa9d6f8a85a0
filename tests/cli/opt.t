#!/bin/sh
# The option table's promises, on filters that have one of each kind.
. "${0%/*}/../lib.sh"
clicks 300 >"$tmp/clicks.csv"
rs-import -q "$tmp/clicks.csv" --label click >"$tmp/data.rts"

split() { rs-split -q "$@" <"$tmp/data.rts" | rs-show --digest; }
want=$(split --seed 7 --test 0.25)
is "--name=value" "$want" "$(split --seed=7 --test=0.25)"
is "short, apart and joined" "$want" "$(split -s 7 --test 0.25)"
is "short, grouped" "$want" "$(split -qs7 --test 0.25)"
is "the last one counts" "$want" "$(split --seed 1 --seed 7 --test 0.25)"
ok "the seed matters" test "$want" != "$(split --seed 8 --test 0.25)"
fails "not a number" 2 "^rs-split: --seed: 'x' is not a number" rs-split --seed x
fails "not a whole number" 2 "seed: '1.5' is not a whole number" rs-split --seed 1.5
fails "hexadecimal is no number" 2 "'0x10' is not a number" rs-split --seed 0x10
fails "out of range says the range" 2 "test: 2 is not in 0" rs-split --test 2
fails "a value is missing" 2 "seed needs a value" rs-split --seed
fails "a flag takes none" 2 "quiet takes no value" rs-split --quiet=yes
fails "an empty value" 2 "output: an empty value" rs-split --output ''
fails "an operand too many" 2 "'x': takes no operands" rs-split x
fails "an unknown short option" 2 "^rs-split: -x: no such option" rs-split -x
fails "wrong use says where help is" 2 "^try 'rs-split --help'" rs-split -x
fails "a size" 2 "memory: '12Q' is not a size like 500M or 12G" rs-split --memory 12Q
fails "a level that is none" 2 "level" sh -c 'rs-split -z 3 <"$0"' "$tmp/data.rts"
fails "the environment's level too" 2 "level" env RS_LEVEL=fast rs-split
ok "help shows defaults" sh -c 'rs-split --help | grep -q "seed of everything random \[1\]"'
ok "-o writes the file, renamed when whole" sh -c 'rs-split -q -o "$1/o.rts" <"$0" && rs-show --check <"$1/o.rts" && [ "$(ls "$1" | grep -c "o.rts")" = 1 ]' "$tmp/data.rts" "$tmp"
head -c 900 "$tmp/data.rts" >"$tmp/cut.rts"
mkdir "$tmp/dir"
fails "a failed run leaves no file" 1 "rs-split: stdin" sh -c 'rs-split -o "$1/x.rts" <"$0"' "$tmp/cut.rts" "$tmp/dir"
is "nor a part of one" "" "$(ls "$tmp/dir")"
mkfifo "$tmp/fifo"
sleep 60 >"$tmp/fifo" & writer=$!
for signal in TERM HUP; do
	{ [ -z "$(sh -c 'kill -s "$0" $$; echo deaf' $signal)" ]; } 2>/dev/null || continue # nohup: whoever started us wants it ignored
	rs-split -q -o "$tmp/dir/x.rts" <"$tmp/fifo" & pid=$!
	for wait in 1 2 3 4 5 6 7 8 9; do [ -z "$(ls "$tmp/dir")" ] && sleep 0.2; done
	is "$signal: begun" 1 "$(ls "$tmp/dir" | wc -l | tr -d ' ')"
	kill -s $signal $pid
	got=0; wait $pid 2>/dev/null || got=$?
	ok "$signal: ends it" test $got -gt 128
	is "$signal: nothing is left" "" "$(ls "$tmp/dir")"
done
kill $writer
if [ "$(nproc)" -gt 1 ]; then
	is "threads that are to be bound have a core each" 2 "$(OMP_PROC_BIND=true OMP_NUM_THREADS=2 OMP_DISPLAY_AFFINITY=true \
		rs-mf -q --algo als --epochs 1 <"$tmp/data.rts" 2>&1 >/dev/null | grep -o 'affinity.*' | sort -u | wc -l | tr -d ' ')"
fi
rs-split -q -s 3 <"$tmp/data.rts" | rs-teach -q --arch lr --epochs 1 | rs-show --history >"$tmp/history"
ok "history can be pasted" sh -c 'cd "$1" && PATH="$2" && sh "$1/history" | rs-show --check' sh "$tmp" "$PATH"
is "and makes the same again" "$(rs-split -q -s 3 <"$tmp/data.rts" | rs-teach -q --arch lr --epochs 1 | rs-show --digest)" \
	"$(cd "$tmp" && sh ./history 2>/dev/null | rs-show --digest)"
done_testing
