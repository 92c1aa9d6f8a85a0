# runs.awk -- one line a run from files <loss>_T<t>_a<alpha>_k<size>_s<seed>.tsv, which hold AUC on part 1 and on
# part 2; those called alone_... are the same student without a teacher.
FNR == 1 {
	n = split(FILENAME, path, "/")
	name[++runs] = substr(path[n], 1, length(path[n]) - 4)
	valid[runs] = $1
}
FNR == 2 {
	test[runs] = $1
}
END {
	OFS = "\t"
	print "setting", "temperature", "alpha", "dim", "seed", "valid_auc", "auc", "gain"
	for (r = 1; r <= runs; r++) {
		split(name[r], part, "_")
		for (i = 2; i <= 5; i++)
			part[i] = substr(part[i], 2)
		if (part[1] == "alone")
			alone[part[4], part[5]] = test[r]
	}
	for (r = 1; r <= runs; r++) {
		split(name[r], part, "_")
		for (i = 2; i <= 5; i++)
			part[i] = substr(part[i], 2)
		setting = part[1] (part[1] == "ce" ? "_T" part[2] : "") "_k" part[4]
		print setting, part[2], part[3], part[4], part[5], valid[r], test[r], \
			test[r] - alone[part[4], part[5]]
	}
}
