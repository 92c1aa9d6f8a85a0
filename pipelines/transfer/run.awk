# run.awk -- one line a model of a run PAIR_x<percent>_s<seed> (-v run=), after student.awk.
#
# Rankings, of what rs-score --per-user wrote: mean NDCG@10, and against each base the mean difference
# and the p of Student's paired test over users; then the same of PAIR/untwinned, without the users in
# the file -v twins=, if it has any. Clicks, of what rs-score --tsv wrote: AUC.
BEGIN {
	FS = OFS = "\t"
	split(run, name, "_")
	bases = split("bpr bpr-sgd own", base, " ")
	while ((getline user < twins) > 0)
		twin[user] = untwinned = 1
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	clicks = "auc" in at
	line = "pair" OFS "share" OFS "seed" OFS "model" OFS (clicks ? "auc" : "ndcg@10" OFS "users")
	for (b = 1; b <= bases && !clicks; b++)
		line = line OFS "diff." base[b] OFS "p." base[b]
	print line
	next
}
clicks { print name[1], substr(name[2], 2), substr(name[3], 2), $at["model"], $at["auc"]; next }
!($at["model"] in seen) { seen[$at["model"]]; order[++models] = $at["model"] }
{
	value[$at["model"], $at["user"]] = $at["ndcg@10"]
	users[$at["user"]]
}
# Mean over users of a, less b if there is one, and then p of that.
function gain(a, b, skip,    u, d, n, sum, square, mean, sd) {
	for (u in users) {
		if (skip && u in twin)
			continue
		d = value[a, u] - (b ? value[b, u] : 0)
		n++
		sum += d
		square += d * d
	}
	mean = sum / n
	if (!b)
		return mean OFS n
	sd = sqrt((square - n * mean * mean) / (n - 1))
	return mean OFS (sd > 0 ? tail((mean < 0 ? -mean : mean) / sd * sqrt(n), n - 1) : 1)
}
function report(pair, skip,    m, b) {
	for (m = 1; m <= models; m++) {
		line = gain(order[m], "", skip)
		for (b = 1; b <= bases; b++)
			line = line OFS gain(order[m], base[b], skip)
		print pair, substr(name[2], 2), substr(name[3], 2), order[m], line
	}
}
END {
	if (!clicks)
		report(name[1], 0)
	if (!clicks && untwinned)
		report(name[1] "/untwinned", 1)
}
