#!/bin/sh
# Every filter has a man page and a test; the page and --help name the same options; the README names
# every filter, and CI runs the README's test command.
. "${0%/*}/../lib.sh"

long_options() { grep -oE -e '--[a-z][a-z0-9-]*' | sort -u; }
page_options() { # `.Fl k , Fl -dim`, `.Fl k , -dim` and `.Fl Fl dim` name --dim
	grep -E '^\.(It )?Fl ' "$1" | sed 's/Fl Fl /Fl -/g' | tr ' ' '\n' | sed -n 's/^-[a-z]/-&/p' |
		sort -u
}

for source in "$root"/filters/rs-*.c; do
	filter=$(basename "$source" .c)
	page=$root/filters/$filter.1
	ok "$filter has a man page and a test" test -s "$page" -a -x "$root/tests/cli/$filter.t"
	"$filter" --help </dev/null | sed -n '/^ \{1,6\}-/s/^\( *-.\{0,24\}\).*/\1/p' | long_options \
		>"$tmp/help"
	page_options "$page" >"$tmp/page"
	ok "$filter: man page and --help name the same options" diff "$tmp/help" "$tmp/page"
	if command -v mandoc >/dev/null; then
		ok "$filter: mandoc finds nothing" mandoc -T lint -W warning "$page"
	else
		count=$((count + 1))
		echo "ok $count - $filter: mandoc # SKIP there is no mandoc"
	fi
	ok "$filter is in the README's table" grep -q "^| \`$filter\` |" "$root/README.md"
done

commands=$(grep -E '^apt-get update && .*make ' "$root/README.md")
is "the README has two commands to set up" 2 "$(echo "$commands" | grep -c make)"
ok "one runs the main job" sh -c 'echo "$1" | grep -q "&& make demo$"' sh "$commands"
test_command=$(echo "$commands" | grep '&& make check$')
ok "CI runs the other, word for word" grep -qxF -e "${test_command:-none}" "$root/.ci/run"
for link in $(grep -oE '\]\([^):#]+\)' "$root/README.md" | tr -d '])('); do
	ok "README: $link is there" test -e "$root/$link"
done
done_testing
