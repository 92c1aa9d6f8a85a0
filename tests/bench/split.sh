# Memory of rs-split, in bytes a row: its peak with ROWS rows of the MovieLens shape less that with 50.
set -eu
rows=${ROWS:-12000000}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
time=/usr/bin/time
[ -x $time ] || { echo "$time is not there: no memory of rs-split"; exit 0; }
import movielens "$rows" | rs-import -q -o "$tmp/many.rts"
import movielens 50 | rs-import -q -o "$tmp/few.rts"
peak() { # peak FILE OPTION...: kilobytes
	file=$1; shift
	$time -f %M -o "$tmp/peak" rs-split -q -o /dev/null "$@" <"$tmp/$file.rts"
	cat "$tmp/peak"
}
for scheme in random cold-users cold-items "time --test-from 1300000000" user "user --last" leave-one-out \
	"leave-one-out --last" time; do
	for certificate in full counts none; do
		# shellcheck disable=SC2086
		echo "$(peak many --scheme $scheme --certificate $certificate) $(peak few --scheme $scheme \
			--certificate $certificate) $rows" |
			awk -v s="$scheme" -v c=$certificate '{ printf "%-28s %-7s %5.1f bytes a row\n", s, c, ($1 - $2) * 1024 / $3 }'
	done
done
