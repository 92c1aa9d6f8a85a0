#!/bin/sh
# Scripts are compared; where there is gnuplot, they are drawn. tests/unit/chart.c has the points.
. "${0%/*}/../lib.sh"

printf 'model\tbytes\tauc\nteacher_s1\t4000\t.80\nteacher_s2\t4000\t.82\nstudent_s1\t100\t.79\n' >"$tmp/scores.tsv"
printf 'epoch\tsoft\ttrain_loss\tvalid_auc\n1\t0\t.6\t.7\n2\t0\t.5\t.75\n' >"$tmp/trace_s1.tsv"
printf 'epoch\tsoft\ttrain_loss\tvalid_auc\n1\t0\t.7\t.68\n2\t0\t.5\t.76\n' >"$tmp/trace_s2.tsv"
printf 'model\tpredicted\tobserved\tlow\thigh\na\t.1\t.2\t.1\t.3\na\t.6\t.5\t.4\t.6\n' >"$tmp/calibration.tsv"
printf 'model\trecall\tprecision\na\t0\t1\na\t.5\t.6\na\t1\t.25\n' >"$tmp/pr.tsv"
printf 'model\titem.popularity\tndcg@10\na\tfew\t.1\na\tmany\t.3\nb\tfew\t.2\nb\tmany\t.3\n' >"$tmp/popularity.tsv"
printf 'model\trows\tseconds\na\t1000\t1\na\t100000\t120\n' >"$tmp/cost.tsv"
cp "$tmp/scores.tsv" "$tmp/ablation.tsv"; cp "$tmp/scores.tsv" "$tmp/pareto.tsv"
cp "$tmp/trace_s1.tsv" "$tmp/learning.tsv"

contract rs-plot "$tmp/scores.tsv" pareto --format gnuplot
rs-plot pareto --format gnuplot --title "it's" "$tmp/scores.tsv" >"$tmp/script"
matches "the script of a Pareto front" rs-plot.pareto "$tmp/script"
rs-plot learning --format gnuplot "$tmp"/trace_s?.tsv >"$tmp/script"
matches "of learning curves: two seeds, a band" rs-plot.learning "$tmp/script"
rs-plot ablation -x bytes -y auc --series model <"$tmp/scores.tsv" -o "$tmp/a.gnuplot"
ok "-o says the form by its ending" grep -q "^set terminal svg" "$tmp/a.gnuplot"

presets="learning ablation pareto calibration pr popularity cost"
if command -v gnuplot >/dev/null; then
	for p in $presets; do
		for form in svg png txt; do
			ok "$p as $form, without a word" sh -c 'rs-plot "$1" -o "$2/$1.$3" "$2/$1.tsv" 2>"$2/said" && test ! -s "$2/said"' \
				sh "$p" "$tmp" $form
		done
		ok "$p: an SVG" grep -q '^</svg>' "$tmp/$p.svg"
		is "$p: a PNG" PNG "$(head -c 4 "$tmp/$p.png" | tail -c 3)"
		ok "$p: an axis of text" grep -q '^ .*+--*+' "$tmp/$p.txt"
	done
	ok "names of models are in the text" grep -q teacher "$tmp/pareto.txt"
	rs-plot pareto --width 50 --height 12 "$tmp/scores.tsv" >"$tmp/small"
	is "--width and --height: characters of text" yes "$(awk '{ if (length > w) w = length } END { if (NR <= 12 && w <= 50 && w > 40) print "yes" }' "$tmp/small")"
	printf 'model\tbytes\tauc\n`touch %s`"$(touch %s)\t1\t.5\nb\t2\t.6\n' "$tmp/bad" "$tmp/bad" >"$tmp/evil.tsv"
	for p in pareto ablation; do rs-plot $p "$tmp/evil.tsv" --title '`touch x`' >"$tmp/evil"; done
	ok "what names say is not done" test ! -e "$tmp/bad" -a ! -e x
	rs-plot ablation -x auc --series model "$tmp/evil.tsv" >"$tmp/evil"
	ok "in the key, too" test ! -e "$tmp/bad"
else
	count=$((count + 1))
	echo "ok $count - figures # SKIP there is no gnuplot"
fi
mkdir "$tmp/none"; ln -s "$(command -v rs-plot)" "$tmp/none/rs-plot"
fails "no gnuplot: how to get it" 1 "^rs-plot: gnuplot: cannot be run; install it (on Debian: apt-get install gnuplot-nox)" \
	env PATH="$tmp/none" rs-plot pareto "$tmp/scores.tsv"
ok "and no file" test ! -e "$tmp/x.svg"
printf '#!/bin/sh\nexit 3\n' >"$tmp/none/gnuplot"; chmod +x "$tmp/none/gnuplot"
fails "gnuplot fails" 1 "^rs-plot: gnuplot: failed; --format gnuplot writes" env PATH="$tmp/none" rs-plot pareto "$tmp/scores.tsv"

wrong() { # wrong STATUS PATTERN TEXT ARG...
	status=$1 pattern=$2; printf "$3" >"$tmp/in.tsv"; shift 3
	fails "says: $pattern" "$status" "^rs-plot: $pattern" sh -c 'in=$0; rs-plot "$@" <"$in"' "$tmp/in.tsv" "$@"
}
wrong 2 "which PRESET? learning" ''
wrong 2 "'bars' is none of learning" '' bars
wrong 2 "--format: 'gif' is none of text" '' pr --format gif
wrong 2 "--output: 'x.gif' ends in neither" '' pr -o x.gif
wrong 1 "stdin: names, but no lines" 'model\tauc\n' ablation
wrong 1 "stdin: line 3 has 1 cells; expected 2" 'model\tauc\na\t1\nb\n' ablation
wrong 1 "stdin: line 2 has no end" 'model\tauc\na\t1' ablation
wrong 1 "stdin: line 1: two columns are called 'auc'" 'auc\tauc\n1\t1\n' ablation
wrong 1 "stdin: line 1: column 2 has no name" 'auc\t\n1\t1\n' ablation
wrong 1 "stdin: no column 'x'; there is 'model' and 2 others" 'model\tauc\na\t1\n' ablation -x x
wrong 1 "stdin: no column to show as y; name one with --y" 'model\tcolour\na\tred\n' ablation
wrong 1 "stdin: no line has a number in column 'colour'" 'model\tcolour\na\tred\n' ablation -y colour
wrong 1 "stdin: no line has numbers for both axes ('bytes' and 'auc')" 'model\tbytes\tauc\na\t1\t\nb\t\t1\n' pareto
wrong 1 "/no/file: No such file" '' ablation /no/file
wrong 1 "/no/folder/a.gnuplot: No such file" 'model\tauc\na\t1\n' ablation -o /no/folder/a.gnuplot
done_testing
