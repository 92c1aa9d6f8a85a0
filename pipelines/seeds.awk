# seeds.awk -- mean and standard deviation over seeds, from the lines that rs-score wrote for each:
# AUC of every model, and of students less alone of the same seed.
BEGIN { FS = "\t" }
$1 == "model" {
	for (i = 1; i <= NF; i++)
		field[$i] = i
	next
}
{
	add($1, $field["auc"])
	if ($1 == "alone")
		alone = $field["auc"]
	if ($1 ~ /^student/)
		add($1 " - alone", $field["auc"] - alone)
}
function add(name, x) {
	if (!(name in n))
		order[++names] = name
	n[name]++
	sum[name] += x
	squares[name] += x * x
}
END {
	printf "%-18s %8s %8s %6s\n", "auc", "mean", "sd", "seeds"
	for (i = 1; i <= names; i++) {
		name = order[i]
		mean = sum[name] / n[name]
		spread = squares[name] - n[name] * mean * mean
		sd = n[name] > 1 && spread > 0 ? sqrt(spread / (n[name] - 1)) : 0
		printf "%-18s %8.5f %8.5f %6d\n", name, mean, sd, n[name]
	}
}
