# parts.awk -- lines "user,item" or "user,item,part" as positives with a part: a share `cold` of the
# items (by=user: users) goes to parts 1 and 2 as a whole, a tenth of the other rows each; a part that
# is given stays.
# Only users of the share `sample` are kept. Draws follow from the names' numbers alone.
BEGIN {
	FS = OFS = ","
	print "user", "item", "label", "part"
}
{
	if (sample < 1 && draw($1 * 3 + 1) >= sample)
		next
	part = $3
	if (part == "") {
		x = draw((by == "user" ? $1 : $2) * 5 + 2)
		y = draw($1 * 7919 + $2 * 13 + 3)
		part = x < cold ? 1 + (x < cold / 2) : y < 0.1 ? 2 : y < 0.2 ? 1 : 0
	}
	print $1, $2, 1, part
}
function draw(n, i) {
	n = n % 2147483646 + 1
	for (i = 0; i < 3; i++)
		n = (n * 16807) % 2147483647
	return n / 2147483647
}
