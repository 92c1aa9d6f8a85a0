# means.awk -- a teacher that is none of ours, from part, user, item, label: the logit of the mean label of train, plus
# what the user and the item add to it, both drawn to the mean as if ten more labels had been average.
BEGIN { FS = "\t" }
NR > 1 {
	user[NR] = $2; item[NR] = $3
	if ($1 == 0) {
		n++; sum += $4
		un[$2]++; us[$2] += $4
		in_[$3]++; is[$3] += $4
	}
}
function logit(p) { return log(p / (1 - p)) }
END {
	mean = sum / n
	print "score"
	for (r = 2; r <= NR; r++) {
		u = (us[user[r]] + 10 * mean) / (un[user[r]] + 10)
		i = (is[item[r]] + 10 * mean) / (in_[item[r]] + 10)
		printf "%.6f\n", logit(u) + logit(i) - logit(mean)
	}
}
