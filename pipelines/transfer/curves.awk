# curves.awk -- learning curves of each pair of domains: the mean over seeds of -v metric= by model and
# share of the target's train.
BEGIN { FS = "\t" }
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
{
	if (!($1 in pair))
		pairs[pair[$1] = ++n_pairs] = $1
	if (!($4 in model))
		models[model[$4] = ++n_models] = $4
	if (!($2 in share))
		shares[share[$2] = ++n_shares] = $2
	key = $1 SUBSEP $4 SUBSEP $2
	n[key]++
	sum[key] += $at[metric]
}
function line(i, m,    s, key) {
	printf "%-24s", models[m]
	for (s = 1; s <= n_shares; s++) {
		key = pairs[i] SUBSEP models[m] SUBSEP shares[s]
		printf " %8.4f", sum[key] / n[key]
	}
	print ""
}
END {
	for (i = 1; i <= n_pairs; i++) {
		printf "%s%s, %s on part 2, mean of %d seeds; by percent of the target's train\n%-24s", \
			(i > 1 ? "\n" : ""), pairs[i], metric, n[pairs[i], models[1], shares[1]], "model"
		for (s = 1; s <= n_shares; s++)
			printf " %8s", shares[s] "%"
		print ""
		for (m = 1; m <= n_models; m++)
			line(i, m)
	}
}
