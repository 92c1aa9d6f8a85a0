# grid.awk -- lines of user, item and rating under a heading, back as a grid.
NR > 1 {
	cell[$1, $2] = sprintf("%6.2f", $3)
	users = $1 > users + 0 ? $1 : users
	items = $2 > items + 0 ? $2 : items
}
END {
	for (u = 1; u <= users; u++) {
		for (i = 1; i <= items; i++)
			printf "%s", cell[u, i]
		print ""
	}
}
