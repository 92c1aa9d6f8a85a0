# guard.awk -- what the guard decided, from lines "PAIR_x<percent>_s<seed> ROWS:WEIGHT": by pair and
# share the mean over seeds of the source's weight for users of ROWS rows and more. 0: refused.
{
	split($1, name, "_")
	split($2, weight, ":")
	key = name[1] SUBSEP substr(name[2], 2)
	if (!(key in runs))
		order[++n] = key
	runs[key]
	if (!(weight[1] in seen))
		group[++groups] = weight[1]
	seen[weight[1]]
	sum[key, weight[1]] += weight[2]
	seeds[key, weight[1]]++
}
END {
	printf "the guard's weight of cmf for users of so many rows in train and more\n%-24s %6s", \
		"pair", "share"
	for (g = 1; g <= groups; g++)
		printf " %6s", group[g]
	print ""
	for (i = 1; i <= n; i++) {
		split(order[i], name, SUBSEP)
		printf "%-24s %5s%%", name[1], name[2]
		for (g = 1; g <= groups; g++)
			printf " %6.2f", sum[order[i], group[g]] / seeds[order[i], group[g]]
		print ""
	}
}
