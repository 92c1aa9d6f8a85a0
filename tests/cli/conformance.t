#!/bin/sh
# Other programs' view of the format: gzip, zcat, an independent reader in Python (FORMAT.md 16).
. "${0%/*}/../lib.sh"
cd "$tmp" || exit 1

{ echo user,item,rating,time
	awk 'BEGIN { for (i = 0; i < 70000; i++) print "u" i % 97 "," i * 7 % 89 "," i % 5 + 1 "," i * 31 % 65521 - 9 }'
} >ratings.csv
for level in 0 1 6 9; do
	rs-import -q --level $level ratings.csv >$level.rts || exit 1
	ok "level $level: gzip -t" gzip -t <$level.rts
	gzip -dc <$level.rts >$level.plain
	is "level $level: the plain form holds the same" "$(rs-show --digest <$level.rts)" \
		"$(rs-show --check <$level.plain >/dev/null && rs-show --digest <$level.plain)"
done
ok "level 1 differs from 0 in its filters only" [ "$(rs-show --digest <0.rts)" = "$(rs-show --digest <1.rts)" ]

ok "the golden vector is whole" rs-show --check <"$golden/vector.rts"
is "and says what it said" "1 1 2" "$(rs-show --tsv user <"$golden/vector.rts" | sed 1d | tr '\n' ' ' | sed 's/ $//')"
gzip -dc <"$golden/vector.rts" >vector.plain
rs-pick --rename user=again <vector.plain >again.plain
ok "plain and packed frames in one stream" sh -c \
	'rs-pick --drop user <1.rts >rest.rts; cat "$0" again.plain rest.rts | rs-show --check' "$golden/vector.rts"
fails "a stream joined with itself" 1 "'user' was already in section 1; this is section 2" \
	sh -c 'cat "$0" "$0" | rs-show' "$golden/vector.rts"
fails "a stream that was deflated once more" 1 "gzip with foreign header.*zcat" \
	sh -c 'gzip <1.rts | rs-show'

# Another program's bytes are read in any pieces.
ok "byte by byte" sh -c 'dd bs=1 if="$0" 2>/dev/null | rs-show --check' "$golden/vector.rts"

python=
for p in /usr/bin/python3 python3; do
	if [ -z "$python" ] && "$p" -c 'import zlib' 2>/dev/null; then python=$p; fi
done
if [ -n "$python" ]; then
	for f in 0.rts 1.rts 6.rts 9.rts 1.plain; do
		"$python" "$here/reader.py" user item label time <$f >got 2>&1
		is "Python reads $f" "$(rs-pick --drop 'vocab.*' <$f | rs-show --tsv user item label time | sed 1d | cksum)" \
			"$(cksum <got)"
	done
else
	echo "# no python3: its reader is not compared"
fi
done_testing
