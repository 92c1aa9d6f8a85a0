#!/bin/sh
# 200 files made from good ones by a seeded vandal. Whatever rs-import says of one, it says it by exit
# status 0 and a whole stream, or by 1, one line, and nothing that rs-show takes for a stream.
. "${0%/*}/../lib.sh"
cd "$tmp" || exit 1

cat >vandal <<'P'
use strict; use warnings;
my $state = 20261123;
sub below { $state = ($state * 16807) % 2147483647; return int($state / 2147483647 * $_[0]) }
sub pick { return $_[below(scalar @_)] }
my @bytes = ("\0", '"', "\r", "\n", ',', "\xFF", "\x1F", "\e", '::', "\t", '-', 'e', '.', ' ', "\xEF\xBB\xBF", "\x1F\x8B");
my @values = ('', 'nan', 'inf', '1e999', '0x10', '99999999999999999999', '-0', '"a""b"', '"a"b', '"open', '"x' . "\n" . 'y"',
	'9' x 5000, 'x' x 70000, '=1+1', "caf\xC3\xA9", "caf\xE9", '2000-02-30', '1e', '..', '|||', ' ', '"', "'");
for my $f (1 .. 200) {
	my $sep = $f % 4 == 3 ? '::' : ',';
	my $rows = $f % 40 == 0 ? 40000 : 2 + below(300);
	my @rows = map { [ 'u' . below(50), 'i' . below(90), 1 + below(5), below(1e6) + 1e9, 'c' . below(9), below(99) / 10, 'p|q' ] } 1 .. $rows;
	for (1 .. below(3)) { my $r = pick(@rows); $r->[below(7)] = pick(@values) }
	if (below(6) == 0) { my $r = pick(@rows); pick(0, 1) ? push @$r, 'more' : pop @$r }
	my $end = $f % 5 ? "\n" : "\r\n";
	my $text = join('', map { join($sep, @$_) . $end } [ qw(user item rating time cat num bag) ], @rows);
	for (1 .. below(4)) {
		my ($at, $n) = (below(length $text), 1 + below(9));
		my $how = below(6);
		if ($how == 0) { substr($text, $at, 1) = chr(below(256)) }
		elsif ($how == 1) { substr($text, $at, 0) = pick(@bytes) }
		elsif ($how == 2) { substr($text, $at, $n) = '' }
		elsif ($how == 3) { substr($text, $at, 0) = substr($text, below(length $text), 100 * $n) }
		elsif ($how == 4) { $text = substr($text, 0, $at) if below(3) == 0 }
		else { substr($text, $at, 0) = pick(@bytes) x (10 ** below(6)) }
	}
	$text = join('', map { "$_\0" } split //, "\xFF\xFE" . substr($text, 0, 500)) if $f % 50 == 7;
	open(my $out, '>', "$f.csv") or die; binmode $out; print $out $text; close $out;
}
P
perl vandal || exit 1
for f in 10 20 30 50 60 70; do # damaged gzip
	gzip -nc $f.csv >$f.gz
	{ head -c $((f * 5)) $f.gz; printf 'x'; tail -c +$((f * 5 + 2)) $f.gz; } >$f.csv
done

good=0 bad=0 wrong=
for f in $(seq 200); do
	case $((f % 4)) in
	0) set -- ;;
	1) set -- --cat cat --num num --bag 'bag:|' --date time --min-count 2 --hash cat:5 --log1p num ;;
	2) set -- --no-quotes --encoding ISO-8859-1 --fill num=1 --num num ;;
	3) set -- --separator :: --cat 4-7 ;;
	esac
	rs-import "$@" $f.csv >out.rts 2>err
	case $? in
	0) good=$((good + 1)); rs-show --check <out.rts >/dev/null 2>&1 || wrong="$wrong $f(stream)" ;;
	1)
		bad=$((bad + 1))
		[ "$(grep -c '^rs-import: .*: ' err)" = 1 ] && [ "$(wc -l <err)" = 1 ] || wrong="$wrong $f(lines)"
		rs-show --check <out.rts >/dev/null 2>&1 && wrong="$wrong $f(half)"
		;;
	*) wrong="$wrong $f(status)"; cat err >&2 ;;
	esac
done
is "none of 200 files crashes or is half accepted" "" "$wrong"
echo "# $good taken, $bad refused"
ok "some are taken, some refused" test $good -gt 20 -a $bad -gt 20
done_testing
