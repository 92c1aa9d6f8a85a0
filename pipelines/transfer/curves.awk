# curves.awk -- learning curves of each pair of domains: the mean over seeds of -v metric= by model and
# share of the target's train. For rankings then the largest p over seeds, by Student's paired test
# over users, of the models that took from the source: against BPR, and against the best of the target
# alone; of warm also against BPR by its own engine. "-" where not every seed is better.
BEGIN { FS = "\t"; bases = split("bpr bpr-sgd own", base, " ") }
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	tests = "p.own" in at
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
	for (b = 1; b <= bases && tests; b++) {
		if (!($at["diff." base[b]] > 0))
			worse[key, base[b]]++
		else if ($at["p." base[b]] + 0 > p[key, base[b]])
			p[key, base[b]] = $at["p." base[b]]
	}
}
function line(i, m, b,    s, key) {
	printf "%-24s", b ? "p " models[m] " > " b : models[m]
	for (s = 1; s <= n_shares; s++) {
		key = pairs[i] SUBSEP models[m] SUBSEP shares[s]
		if (!b)
			printf " %8.4f", sum[key] / n[key]
		else if (worse[key, b])
			printf " %8s", "-"
		else
			printf " %8.1g", p[key, b]
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
			line(i, m, "")
		for (b = 1; b <= bases && tests; b++)
			for (m = model["own"] + 1; m <= n_models; m++)
				if (base[b] != "bpr-sgd" || models[m] == "warm")
					line(i, m, base[b])
	}
}
