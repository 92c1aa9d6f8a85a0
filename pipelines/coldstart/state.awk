# state.awk -- of the lines "user,item,label,part" each item (by=user: user), warm when it has a row of
# part 0.
BEGIN {
	FS = OFS = ","
	print by, "state"
	column = by == "user" ? 1 : 2
}
FNR > 1 && $4 == 0 { warm[$column] }
FNR > 1 && !($column in seen) { seen[$column]; order[n++] = $column }
END {
	for (i = 0; i < n; i++)
		print order[i], (order[i] in warm) ? "warm" : "cold"
}
