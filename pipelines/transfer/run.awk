# run.awk -- one line a model of a run PAIR_x<percent>_s<seed> (-v run=), from what rs-score wrote of it:
# rankings once against each base, whose differences and p come as diff.BASE and p.BASE.
BEGIN {
	FS = OFS = "\t"
	split(run, name, "_")
}
$1 == "model" {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	block++
	next
}
!($1 in seen) {
	seen[$1] = ++models
	order[models] = $1
}
{
	if ("auc" in at)
		value[$1] = $at["auc"] OFS $at["logloss"]
	else if (block == 1)
		value[$1] = $at["ndcg@10"] OFS $at["recall@10"] OFS $at["ndcg@10.diff"] OFS $at["ndcg@10.p_t"]
	else
		value[$1] = value[$1] OFS $at["ndcg@10.diff"] OFS $at["ndcg@10.p_t"]
}
END {
	print "pair", "share", "seed", "model", ("auc" in at) ? "auc" OFS "logloss" : \
		"ndcg@10" OFS "recall@10" OFS "diff.bpr" OFS "p.bpr" OFS "diff.bpr-sgd" OFS \
		"p.bpr-sgd" OFS "diff.own" OFS "p.own"
	for (i = 1; i <= models; i++)
		print name[1], substr(name[2], 2), substr(name[3], 2), order[i], value[order[i]]
}
