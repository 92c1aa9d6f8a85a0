# mean.awk -- mean and standard deviation over folds of each model's RMSE (or -v of=FIELD), by data set,
# from lines FILE:LINE, as grep -H writes them.
BEGIN {
	of = of ? of : "rmse"
	wide = 8
}
{
	n = split($0, at, ":")
	file = at[1]
	sub(/.*\//, "", file)
	set = substr(file, 1, index(file, "_f") - 1)
	line = substr($0, length(at[1]) + 2)
	m = split(line, x, "\t")
}
x[1] == "model" {
	for (i = 1; i <= m; i++)
		field[x[i]] = i
	next
}
{
	name = set SUBSEP x[1]
	if (!(name in folds))
		order[++names] = name
	wide = length(x[1]) > wide ? length(x[1]) : wide
	r = x[field[of]]
	folds[name]++
	sum[name] += r
	squares[name] += r * r
}
END {
	left = "%-10s %-" wide "s "
	room = length(of) > 8 ? length(of) : 8
	printf left "%" room "s %8s %6s\n", "data", "model", of, "sd", "folds"
	for (i = 1; i <= names; i++) {
		name = order[i]
		mean = sum[name] / folds[name]
		spread = squares[name] - folds[name] * mean * mean
		sd = folds[name] > 1 && spread > 0 ? sqrt(spread / (folds[name] - 1)) : 0
		split(name, x, SUBSEP)
		printf left "%" room ".5f %8.5f %6d\n", x[1], x[2], mean, sd, folds[name]
	}
}
