# paired.awk -- over the seeds of rs-score's lines: mean and standard deviation of every model, and of
# its gain over the model BASE of the same seed, with the p of a two-sided paired t-test.
# awk -f student.awk -f paired.awk -v value=COLUMN -v base=BASE; models are called NAME_sSEED.
BEGIN { FS = "\t" }
$1 == "model" {
	for (i = 1; i <= NF; i++)
		if ($i == value)
			column = i
	next
}
{
	seed = $1
	sub(/.*_s/, "", seed)
	name = $1
	sub(/_s[^_]*$/, "", name)
	if (!(name in n))
		order[++names] = name
	x[name, seed] = $column
	has[name, seed] = 1
	n[name]++
	seeds[seed] = 1
}
function spread(sum, squares, m,   v) {
	v = squares - sum * sum / m
	return m > 1 && v > 0 ? sqrt(v / (m - 1)) : 0
}
END {
	printf "%-14s %8s %8s %6s %9s %8s %8s\n", value, "mean", "sd", "seeds", "gain", "sd", "p"
	for (i = 1; i <= names; i++) {
		name = order[i]
		sum = squares = pairs = gain = square = 0
		for (s in seeds) {
			if (!((name, s) in has))
				continue
			sum += x[name, s]
			squares += x[name, s] ^ 2
			if (name == base || !((base, s) in has))
				continue
			d = x[name, s] - x[base, s]
			pairs++
			gain += d
			square += d * d
		}
		printf "%-14s %8.4f %8.4f %6d", name, sum / n[name], spread(sum, squares, n[name]), n[name]
		if (pairs > 1) {
			sd = spread(gain, square, pairs)
			t = sd > 0 ? gain / pairs / (sd / sqrt(pairs)) : 0
			printf " %9.4f %8.4f %8.2g", gain / pairs, sd, tail(t < 0 ? -t : t, pairs - 1)
		}
		print ""
	}
}
