# table.awk -- runs.tsv, over seeds: AUC on part 1, on part 2, and the gain over the student alone of the same size
# and seed, with standard deviations. A star marks the best on part 1; -v best=1 prints its parameters only.
BEGIN { FS = "\t" }
NR > 1 {
	key = $1 FS $3
	if (!(key in n)) {
		order[++keys] = key
		words[key] = $1 " " $2 " " $3 " " $4
	}
	n[key]++
	valid[key] += $6
	auc[key] += $7; auc2[key] += $7 ^ 2
	gain[key] += $8; gain2[key] += $8 ^ 2
}
function sd(sum, squares, m,	spread) {
	spread = squares - sum ^ 2 / m
	return m > 1 && spread > 0 ? sqrt(spread / (m - 1)) : 0
}
END {
	for (i = 1; i <= keys; i++)
		if (order[i] !~ /^alone/ && (!top || valid[order[i]] / n[order[i]] > valid[top] / n[top]))
			top = order[i]
	if (best) {
		print words[top]
		exit
	}
	printf "%-10s %5s %9s %9s %7s %9s %8s %5s\n", "setting", "alpha", "auc_valid", "auc", "sd", "gain", "sd", "seeds"
	for (i = 1; i <= keys; i++) {
		k = order[i]
		split(k, part, FS)
		printf "%-10s %5s %9.5f %9.5f %7.5f %9.5f %8.5f %5d%s\n", part[1], part[2], valid[k] / n[k], auc[k] / n[k], \
			sd(auc[k], auc2[k], n[k]), gain[k] / n[k], sd(gain[k], gain2[k], n[k]), n[k], k == top ? " *" : ""
	}
}
