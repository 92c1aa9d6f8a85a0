# table.awk -- mean (and deviation over seeds) of precision, recall and NDCG at 20 of every model over
# what is cold, warm, and all: lines "KIND:" before what rs-score wrote of items of that kind, or
# "by:" before lines that say themselves of which users they are.
BEGIN { FS = "\t" }
/^[a-z]+:$/ { kind = substr($1, 1, length($1) - 1); by = kind == "by"; next }
$1 == "model" {
	for (i = 1; i <= NF; i++)
		field[$i] = i
	next
}
{
	if (by)
		kind = $2
	if (!($1 in known)) {
		known[$1]
		order[models++] = $1
	}
	add($1, "precision@20")
	add($1, "recall@20")
	add($1, "ndcg@20")
}
function add(model, name, key, x) {
	key = model SUBSEP kind SUBSEP name
	x = $field[name]
	n[key]++
	sum[key] += x
	squares[key] += x * x
}
function show(model, kind, name, key, mean, spread) {
	key = model SUBSEP kind SUBSEP name
	mean = sum[key] / n[key]
	spread = squares[key] - n[key] * mean * mean
	return sprintf(" %.4f(%02d)", mean, n[key] > 1 && spread > 0 ? 1e4 * sqrt(spread / (n[key] - 1)) + 0.5 : 0)
}
END {
	printf "%-13s %-33s %-33s %-33s\n", "@20", "cold: P R NDCG", "warm", "all"
	for (i = 0; i < models; i++) {
		line = sprintf("%-13s", order[i])
		for (k = 1; k <= 3; k++) {
			kind = k == 1 ? "cold" : k == 2 ? "warm" : "all"
			line = line show(order[i], kind, "precision@20") show(order[i], kind, "recall@20") \
				show(order[i], kind, "ndcg@20")
		}
		print line
	}
}
