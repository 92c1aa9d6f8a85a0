# pooled.awk -- after student.awk: one test for all seeds of a pair and share (-v run=PAIR_x<percent>). The
# values of a user, of what rs-score --per-user wrote for each seed, are averaged over seeds; then mean
# difference and p of Student's paired test over users, of all, and without those in -v twins=. "best"
# is what of the target alone has the highest mean; its name ends the line.
BEGIN {
	FS = "\t"
	split(run, name, "_x")
	tests = split("cmf:bpr emcdr:bpr warm:bpr warm:bpr-sgd guarded:bpr cmf:best guarded:best", test, " ")
	alones = split("popularity bpr bpr-sgd ials own", alone, " ")
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
function best(skip,    i, u, mean, most, which) {
	for (i = 1; i <= alones; i++) {
		mean = 0
		for (u in users)
			if (!(skip && u in twin))
				mean += value[alone[i], u]
		if (i == 1 || mean > most) {
			most = mean
			which = alone[i]
		}
	}
	return which
}
function report(pair, skip,    i, u, d, n, sum, square, sd, of, rival) {
	rival = best(skip)
	printf "%-24s %5s%%", pair, name[2]
	for (i = 1; i <= tests; i++) {
		split(test[i], of, ":")
		sub(/best/, rival, of[2])
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
	print "  " rival
}
END {
	report(name[1], 0)
	for (u in users)
		left += !(u in twin)
	if (untwinned && left)
		report(name[1] "/untwinned", 1)
}
