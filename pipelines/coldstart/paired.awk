# paired.awk -- after student.awk: of every model the gain in NDCG@20 on what is cold over popularity and
# over neighbours by content, and on all over the warm model, with p of Student's paired test over
# users, whose values are means over seeds. Of files that rs-score --per-user wrote, after kind=cold or
# kind=all. -v also= names further pairs, "student:alone ...".
BEGIN {
	FS = "\t"
	pairs = split(also, pair, " ")
}
FNR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	split("", here)
	next
}
{
	model = $at["model"]
	if (!(model in known)) {
		known[model]
		order[++models] = model
	}
	if (!(model in here))
		seeds[kind, model]++
	here[model]
	value[kind, model, $at["user"]] += $at["ndcg@20"]
	if (!((kind, $at["user"]) in seen)) {
		seen[kind, $at["user"]]
		user[kind, ++users[kind]] = $at["user"]
	}
}
function gain(kind, model, rival,    i, u, d, n, sum, square, sd, p) {
	if (model == rival)
		return sprintf("%18s", "-")
	n = users[kind]
	for (i = 1; i <= n; i++) {
		u = user[kind, i]
		d = value[kind, model, u] / seeds[kind, model] - value[kind, rival, u] / seeds[kind, rival]
		sum += d
		square += d * d
	}
	sd = sqrt((square - sum * sum / n) / (n - 1))
	p = sd > 0 ? tail((sum < 0 ? -sum : sum) / n / sd * sqrt(n), n - 1) : 1
	return sprintf(" %9.4f %7s", sum / n, p < 1e-99 ? "<1e-99" : sprintf("%.1g", p))
}
END {
	printf "\n%-13s%18s%18s%18s\n", "ndcg@20", "cold > popular", "cold > knn", "all > mf"
	for (i = 1; i <= models; i++)
		print sprintf("%-13s", order[i]) gain("cold", order[i], "popular") gain("cold", order[i], "knn") \
			gain("all", order[i], "mf")
	if (pairs)
		printf "\n%-28s%18s%18s\n", "ndcg@20", "cold", "all"
	for (i = 1; i <= pairs; i++) {
		split(pair[i], of, ":")
		print sprintf("%-28s", of[1] " > " of[2]) gain("cold", of[1], of[2]) gain("all", of[1], of[2])
	}
}
