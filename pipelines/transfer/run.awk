# run.awk -- one line a model of a run PAIR_x<percent>_s<seed> (-v run=). Rankings, of what rs-score
# --per-user wrote: mean NDCG@10, then the same of PAIR/untwinned, without the users in the file
# -v twins=, if it has any. Clicks, of what rs-score --tsv wrote: AUC.
BEGIN {
	FS = OFS = "\t"
	split(run, name, "_")
	while ((getline user < twins) > 0)
		twin[user] = untwinned = 1
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	metric = "auc" in at ? "auc" : "ndcg@10"
	print "pair", "share", "seed", "model", metric
	next
}
{
	model = $at["model"]
	if (!(model in n))
		order[++models] = model
	n[model]++
	sum[model] += $at[metric]
	if (untwinned && !($at["user"] in twin)) {
		left[model]++
		rest[model] += $at[metric]
	}
}
END {
	for (i = 1; i <= models; i++)
		print name[1], substr(name[2], 2), substr(name[3], 2), order[i], sum[order[i]] / n[order[i]]
	for (i = 1; i <= models && left[order[1]]; i++)
		print name[1] "/untwinned", substr(name[2], 2), substr(name[3], 2), order[i], \
			rest[order[i]] / left[order[i]]
}
