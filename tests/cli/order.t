#!/bin/sh
# lib/ORDER is what the includes obey: a module sees only modules above it, and nobody sees a filter.
. "${0%/*}/../lib.sh"
cd "$root" || exit 1

modules=$(grep -v '^#' lib/ORDER)
includes() { sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$@" | sort -u; }
listed() { for header in $1; do echo "$2" | grep -qx "${header%.h}" || echo "$3 includes $header"; done; }

is "no module is in lib/ORDER twice" "" "$(echo "$modules" | sort | uniq -d)"
is "each lib file's module is in lib/ORDER" "" \
	"$(for f in lib/*.[ch]; do f=${f##*/}; echo "$modules" | grep -qx "${f%.*}" || echo "$f"; done)"
is "each module has a .c and a .h" "" \
	"$(for m in $modules; do for f in lib/$m.c lib/$m.h; do test -f $f || echo $f; done; done)"
is "each header begins with its name and what it owns" "" "$(for m in $modules; do
	sed -n '1,/\*\//p' lib/$m.h | tr '\n' ' ' | grep -q "^/\* $m -- .*Owns: " || echo lib/$m.h; done)"
# Architectures are tested side by side, a pass of a network where it is used and against PyTorch.
is "each module below the front has a unit test" "" "$(sed '/^# front/,$d' lib/ORDER | grep -v '^#' | while read -r m; do
	case $m in arch_*) t=arch ;; forward) t=infer ;; backward) t=gradient ;; *) t=$m ;; esac
	test -f tests/unit/$t.c || echo $m; done)"
above=
for m in $modules; do
	above="$above
$m"
	is "$m includes only what is above it" "" "$(listed "$(includes lib/$m.[ch])" "$above" "$m")"
done
is "filters include only headers of lib" "" \
	"$(for f in filters/*.c; do listed "$(includes "$f")" "$modules" "$f"; done)"
is "struct stream is for the stream's own modules" "" \
	"$(grep -l '"stream_state.h"' lib/*.[ch] filters/*.c | grep -v '^lib/stream')"
is "nobody includes a .c file" "" "$(grep -l '# *include.*\.c[">]' lib/*.[ch] filters/*.c)"
done_testing
