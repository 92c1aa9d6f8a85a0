# mean.awk -- mean and standard deviation over folds of each model's RMSE, by data set, from lines
# FILE:LINE, as grep -H writes them.
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
	name = sprintf("%-10s %-8s", set, x[1])
	if (!(name in folds))
		order[++names] = name
	r = x[field["rmse"]]
	folds[name]++
	sum[name] += r
	squares[name] += r * r
}
END {
	printf "%-10s %-8s %8s %8s %6s\n", "data", "model", "rmse", "sd", "folds"
	for (i = 1; i <= names; i++) {
		name = order[i]
		mean = sum[name] / folds[name]
		spread = squares[name] - folds[name] * mean * mean
		sd = folds[name] > 1 && spread > 0 ? sqrt(spread / (folds[name] - 1)) : 0
		printf "%s %8.5f %8.5f %6d\n", name, mean, sd, folds[name]
	}
}
