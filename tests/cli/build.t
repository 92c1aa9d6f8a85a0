#!/bin/sh
# What the Makefile promises: headers out of date, installing, no warning of clang's. In a copy,
# so that the tree's own times stay.
. "${0%/*}/../lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL

built=$(cd "$(dirname "$(command -v rs-teach)")" && pwd)
bin=${built#"$root"/}
mkdir "$tmp/tree"
cp -pR "$root/Makefile" "$root/lib" "$root/filters" "$tmp/tree"
if [ "$bin" != "$built" ]; then # else BIN is outside of the tree, and stays there
	mkdir -p "$tmp/tree/$bin"
	cp -pR "$built"/*.a "$built/obj" "$built"/rs-* "$tmp/tree/$bin"
fi
cd "$tmp/tree" || exit 1

ok "what is built is up to date" make -q BIN="$bin"
ok "make install" make install BIN="$bin" DESTDIR="$tmp/dest" PREFIX=/usr
for source in filters/rs-*.c; do
	filter=$(basename "$source" .c)
	ok "installed: $filter" test -x "$tmp/dest/usr/bin/$filter"
	ok "installed: $filter.1" test -r "$tmp/dest/usr/share/man/man1/$filter.1"
done
is "nothing else is installed" "$(($(ls filters/rs-*.c | wc -l) * 2))" \
	"$(find "$tmp/dest" -type f | wc -l)"
ok "what is installed runs" "$tmp/dest/usr/bin/rs-teach" --version
touch lib/die.h
is "a header that changed is noticed" 1 "$(make -q BIN="$bin"; echo $?)"

if command -v clang >/dev/null; then # every object, side by side, only as far as warnings go
	objects=$(make -n BIN="$tmp/clang" | grep -oE -e "$tmp/clang/obj/[a-z0-9_.-]+\.o" | sort -u)
	ok "clang has no warning" make -j2 CC=clang CFLAGS='-fsyntax-only -Werror' \
		BIN="$tmp/clang" $objects
else
	count=$((count + 1))
	echo "ok $count - clang has no warning # SKIP there is no clang"
fi
done_testing
