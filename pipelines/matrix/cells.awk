# cells.awk -- a grid of ratings, 0 for none, as one line a cell. Cells with a rating come first, so
# that users and items get the same numbers whether the others are read or not.
BEGIN { FS = ","; print "user,item,rating" }
{
	for (i = 1; i <= NF; i++)
		if ($i > 0)
			print NR "," i "," $i
		else
			empty = empty NR "," i ",0\n"
}
END { printf "%s", empty }
