# curves.awk -- recall@50 on part 2, epoch by epoch: published ones beside ours, seeds of a run as mean.
BEGIN { FS = "\t" }
FNR == 1 {
	file = FILENAME
	sub(/.*\//, "", file)
	sub(/\.curve$/, "", file)
	run = file
	sub(/_s[0-9]+$/, "", run)
	if (file != "published.tsv" && !(run in seeds))
		order[++runs] = run
	seeds[run]++
	for (i = 1; file == "published.tsv" && i <= NF; i++)
		head[i] = $i
	next
}
file == "published.tsv" {
	epochs[++rows] = $1
	for (i = 2; i <= NF; i++)
		published[head[i], $1] = $i
	next
}
{ ours[run, $1 - 1] += $4 } # published epochs count from 0
function look(run, epoch) {
	if ((run, epoch) in published)
		return published[run, epoch]
	return "-"
}
function pair(run, epoch) {
	printf "  %8s", look(run, epoch)
	if ((run, epoch) in ours)
		printf "  %8.4f", ours[run, epoch] / seeds[run]
	else
		printf "  %8s", "-"
}
END {
	for (r = 1; r <= runs; r++) {
		run = order[r]
		if (r % 5 == 1)
			printf "%s%-5s", (r > 1 ? "\n" : ""), "epoch"
		printf "  %18s", run " (" seeds[run] ")"
		if (r % 5 && r < runs)
			continue
		print ""
		for (e = 1; e <= rows; e++) {
			printf "%5d", epochs[e]
			for (q = r - (r - 1) % 5; q <= r; q++)
				pair(order[q], epochs[e])
			print ""
		}
	}
}
