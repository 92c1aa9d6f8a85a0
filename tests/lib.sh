# The whole test framework of the shell tests: TAP on stdout. Sourced by tests/cli/*.t, which run
# with bin/ in PATH and may be run from anywhere.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
golden=$root/tests/golden
command -v rs-show >/dev/null || PATH=$root/bin:$PATH # a test run by hand
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
exec 2>"$tmp/stderr"
count=0 failed=0
unset RS_LEVEL OMP_WAIT_POLICY # filters see to it themselves
LC_ALL=C
export LC_ALL

ok() { # ok NAME COMMAND...: passes when the command succeeds
	name=$1; shift; count=$((count + 1))
	if "$@" >"$tmp/ok.out" 2>&1; then echo "ok $count - $name"
	else echo "not ok $count - $name"; failed=$((failed + 1)); sed 's/^/# /' "$tmp/ok.out" | head -20; fi
}
is() { # is NAME WANT GOT
	count=$((count + 1))
	if [ "$2" = "$3" ]; then echo "ok $count - $1"
	else echo "not ok $count - $1"; failed=$((failed + 1)); printf '%s\n' "want: $2" "got:  $3" | sed 's/^/# /'; fi
}
fails() { # fails NAME STATUS PATTERN COMMAND...: that exit status, stderr is lines one of which matches
	name=$1 status=$2 pattern=$3; shift 3; count=$((count + 1)); got=0
	"$@" >"$tmp/fails.out" 2>"$tmp/fails.err" </dev/null || got=$?
	if [ $got -eq $status ] && grep -q -e "$pattern" "$tmp/fails.err"; then echo "ok $count - $name"
	else echo "not ok $count - $name"; failed=$((failed + 1)); echo "# status $got, stderr:"; sed 's/^/# /' "$tmp/fails.err"; fi
}
below() { # below NAME LIMIT NUMBER; no number is not below it
	ok "$1" awk -v got="$3" -v limit="$2" 'BEGIN { print got; exit !(got != "" && got < limit) }'
}
above() { # above NAME LIMIT NUMBER
	ok "$1" awk -v got="$3" -v limit="$2" 'BEGIN { print got; exit !(got != "" && got > limit) }'
}
scored() { # scored HEADING PART FILE [OPTION...]: what rs-score has there of the first model
	heading=$1 part=$2 file=$3; shift 3
	rs-score -q --tsv --part "$part" "$@" <"$file" | awk -F'\t' -v name="$heading" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
		NR == 2 && c { print $c }'
}
matches() { # matches NAME GOLDEN-FILE FILE: equal text; GOLDEN=write rewrites the expectation
	if [ "${GOLDEN:-}" = write ]; then cp "$3" "$golden/$2"; fi
	ok "$1" diff -u "$golden/$2" "$3"
}
# clicks ROWS: a CSV of made clicks with something to learn: users and items of a few kinds that like
# each other, a user table in $tmp/users.csv and an item table (genres, price) in $tmp/items.csv.
clicks() {
	awk -v rows="$1" -v users="$tmp/users.csv" -v items="$tmp/items.csv" '
		function next_below(n) { state = (state * 16807) % 2147483647; return int(state / 2147483647 * n) }
		BEGIN {
			state = 20261123
			print "user,age" >users; print "item,genres,price" >items
			for (u = 0; u < 60; u++) { kind[u] = next_below(3); print "u" u "," 10 * kind[u] + next_below(3) >users }
			for (i = 0; i < 40; i++) { sort[i] = next_below(3); print "i" i ",g" sort[i] "|g" 3 + next_below(4) "," next_below(90) / 10 >items }
			print "user,item,click,hour,device"
			for (r = 0; r < rows; r++) {
				u = next_below(60); i = next_below(40); h = next_below(24)
				like = (kind[u] == sort[i]) * 60 + (h > 12) * 15 + 10
				print "u" u ",i" i "," (next_below(100) < like) "," h ",d" next_below(4)
			}
		}'
}
# teachable [ROWS]: the same as a split stream in $tmp/clicks.rts.
teachable() {
	clicks "${1:-4000}" >"$tmp/clicks.csv"
	rs-import -q "$tmp/clicks.csv" --label click --num hour --cat device --users "$tmp/users.csv" --user-cat age \
		--items "$tmp/items.csv" --item-bag 'genres:|' --item-num price | rs-split -q --seed 3 >"$tmp/clicks.rts"
}
# contract PROGRAM INPUT ARG...: what every filter promises. INPUT is a stream (or CSV) that the
# program accepts on stdin with these arguments.
contract() {
	program=$1 input=$2; shift 2
	ok "$program: --help on stdout" sh -c "$program --help </dev/null | grep -q '^usage: $program'"
	ok "$program: --version on stdout" sh -c "$program --version </dev/null | grep -q '^$program [0-9]'"
	fails "$program: unknown option exits 2" 2 "^$program: .*no-such-option" "$program" --no-such-option
	fails "$program: empty input exits 1" 1 "^$program: stdin: empty input" "$program" "$@"
	whole=$(wc -c <"$input")
	head -c $((whole * 2 / 3)) "$input" >"$tmp/cut"
	fails "$program: cut input exits 1" 1 "^$program: " sh -c '"$@" <"$0"' "$tmp/cut" "$program" "$@"
	fails "$program: a full disk exits 1" 1 "^$program: stdout: No space left" sh -c '"$@" <"$0" >/dev/full' "$input" "$program" "$@"
	fails "$program: closed stdout exits 1" 1 "^$program: " sh -c '"$@" <"$0" >&-' "$input" "$program" "$@"
	ok "$program: a reader that leaves makes no noise" sh -c '"$@" <"$0" 2>"'"$tmp/noise"'" | true; ! grep -i "pipe" "'"$tmp/noise"'"' "$input" "$program" "$@"
	for n in 1 2 3 7; do
		ok "$program: exit status 0 with $n threads" sh -c 'OMP_NUM_THREADS=$1 && export OMP_NUM_THREADS && shift && "$@" <"$0" >"'"$tmp/threads.$n"'"' \
			"$input" $n "$program" "$@"
	done
	ok "$program: writes something" test -s "$tmp/threads.1"
	for n in 2 3 7; do ok "$program: the same bytes with 1 and $n threads" cmp "$tmp/threads.1" "$tmp/threads.$n"; done
}
done_testing() { # nothing may be said on stderr but what a check has looked at
	is "no complaint that no check expects" "" "$(cat "$tmp/stderr")"
	echo "1..$count"; exit $((failed > 0))
}
