# twins.awk -- the same product under two numbers: items of two domains that at least two users have
# both, and half of all who have either. A line a pair: item of the source, item of the target.
#
#     awk -f twins.awk SOURCE/train.txt SOURCE/test.txt TARGET/train.txt TARGET/test.txt
FNR == 1 { file++ }
file <= 2 { of[$1] = of[$1] " " $2; size[$2]++ }
file > 2 { mine[$1] = mine[$1] " " $2; others[$2]++ }
END {
	for (u in mine) {
		n = split(of[u], source, " ")
		m = split(mine[u], target, " ")
		for (i = 1; i <= n; i++)
			for (k = 1; k <= m; k++)
				both[source[i], target[k]]++
	}
	for (pair in both) {
		split(pair, item, SUBSEP)
		if (both[pair] >= 2 && 2 * both[pair] >= size[item[1]] + others[item[2]] - both[pair])
			print item[1], item[2]
	}
}
