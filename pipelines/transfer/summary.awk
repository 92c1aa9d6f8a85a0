# summary.awk -- one line a pair at -v share= percent of the target's train, of ranking.tsv and pooled.txt:
# NDCG@10 of BPR, of the best of the target alone, of cmf and of what the guard made of it, with p of
# the gain over the first two, or "below".
FNR == 1 { file++ }
file == 1 {
	split($0, field, "\t")
	if (field[2] == share) {
		sum[field[1], field[4]] += field[5]
		n[field[1], field[4]]++
	}
	next
}
FNR <= 2 || $2 != share "%" { next }
function mean(model) { return sum[$1, model] / n[$1, model] }
function p(at) { return $at > 0 ? $(at + 1) : "below" }
!lines++ {
	printf "%-28s%8s%20s%8s%8s%8s%10s%8s%8s\n", share " % of the target's train", \
		"bpr", "best alone", "cmf", "> bpr", "> best", "guarded", "> bpr", "> best"
}
{
	printf "%-28s%8.4f%12s%8.4f%8.4f%8s%8s%10.4f%8s%8s\n", $1, mean("bpr"), $NF, mean($NF), \
		mean("cmf"), p(3), p(13), mean("guarded"), p(11), p(15)
}
