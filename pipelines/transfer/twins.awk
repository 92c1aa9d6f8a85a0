# twins.awk -- what is left of a gain when products that both domains list are left out? A test item is
# a twin when its user has an item in the source that at least two users, and half of all who have
# either, have in common with it: the same product under two numbers, so that the source says it.
#
#     awk -v run=NAME -f twins.awk SOURCE/train.txt SOURCE/test.txt TARGET/train.txt TARGET/test.txt PER-USER
#
# PER-USER is what rs-score --per-user wrote. Mean difference of NDCG@10 and its t, all and without.
BEGIN { pairs = split("cmf-bpr cmf-own guarded-own warm-bpr-sgd", compare, " ") }
FNR == 1 { file++ }
file <= 2 {
	had[$2, $1]
	size[$2]++
	of[$1] = of[$1] " " $2
	next
}
file <= 4 {
	users[$2] = users[$2] " " $1
	if (file == 4)
		test[$1] = $2
	next
}
FNR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	for (u in test)
		twin[u] = is_twin(u, test[u])
	next
}
{ value[$at["model"], $at["user"]] = $at["ndcg@10"] }
function is_twin(user, item,    n, m, i, k, mine, who, both) {
	n = split(of[user], mine, " ")
	m = split(users[item], who, " ")
	for (i = 1; i <= n; i++) {
		both = 0
		for (k = 1; k <= m; k++)
			both += (mine[i], who[k]) in had
		if (both >= 2 && 2 * both >= m + size[mine[i]] - both)
			return 1
	}
	return 0
}
function gain(a, b, skip,    u, d, n, sum, square, mean, sd) {
	for (u in test) {
		if (!((a, u) in value) || (skip && twin[u]))
			continue
		d = value[a, u] - value[b, u]
		n++
		sum += d
		square += d * d
	}
	mean = sum / n
	sd = sqrt((square - n * mean * mean) / (n - 1))
	return sprintf("%9.4f %6.1f", mean, sd > 0 ? mean / sd * sqrt(n) : 0)
}
END {
	for (u in test) {
		all++
		twins += twin[u]
	}
	for (i = 1; i <= pairs; i++) {
		a = substr(compare[i], 1, index(compare[i], "-") - 1)
		b = substr(compare[i], index(compare[i], "-") + 1)
		printf "%-18s %-14s %5d %s %5d %s\n", run, a " - " b, all, gain(a, b, 0), \
			all - twins, gain(a, b, 1)
	}
}
