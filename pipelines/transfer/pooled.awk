# pooled.awk -- after student.awk: one test for all seeds of a pair and share (-v run=PAIR_x<percent>). The
# values of a user, of what rs-score --per-user wrote for each seed, are averaged over seeds; then mean
# difference and p of Student's paired test over users, of all, and without those in -v twins=.
BEGIN {
	FS = "\t"
	split(run, name, "_x")
	tests = split("cmf:bpr emcdr:bpr warm:bpr-sgd guarded:bpr guarded:own", test, " ")
	while ((getline user < twins) > 0)
		twin[user] = untwinned = 1
}
FNR == 1 {
	seeds++
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
{
	value[$at["model"], $at["user"]] += $at["ndcg@10"]
	users[$at["user"]]
}
function report(pair, skip,    i, u, d, n, sum, square, sd, of) {
	printf "%-24s %5s%%", pair, name[2]
	for (i = 1; i <= tests; i++) {
		split(test[i], of, ":")
		n = sum = square = 0
		for (u in users) {
			if (skip && u in twin)
				continue
			d = (value[of[1], u] - value[of[2], u]) / seeds
			n++
			sum += d
			square += d * d
		}
		sd = sqrt((square - sum * sum / n) / (n - 1))
		printf " %8.4f %7.1g", sum / n, \
			(sd > 0 ? tail((sum < 0 ? -sum : sum) / n / sd * sqrt(n), n - 1) : 1)
	}
	print ""
}
END {
	report(name[1], 0)
	if (untwinned)
		report(name[1] "/untwinned", 1)
}
