# state.awk -- of the lines "user,item,label,part" each item, warm when it has a row of part 0.
BEGIN {
	FS = OFS = ","
	print "item", "state"
}
FNR > 1 && $4 == 0 { warm[$2] }
FNR > 1 && !($2 in seen) { seen[$2]; order[n++] = $2 }
END {
	for (i = 0; i < n; i++)
		print order[i], (order[i] in warm) ? "warm" : "cold"
}
