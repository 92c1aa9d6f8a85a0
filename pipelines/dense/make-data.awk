# make-data.awk -- a label and 784 whole numbers from 0 to 255 a row, as CSV without headings.
#
#	awk -v rows=20000 -v seed=1 -f make-data.awk
#
# Every fourth column is noise from 0 to 255, the others are empty, as most of a picture is. With
# c = 2 x - 255, the label is whether
#	120 sum_j w_j c_j + sum_j c_j c_p(j) > 0
# over 12 columns j, their weights w_j of -3 .. 3 but 0, and partners p(j) among the 12; it is then
# turned round in one row of ten, at random.
#
# Only whole numbers below 2^53, so every awk writes the same bytes. The generator is Park and
# Miller's with factor 48271: x <- 48271 x mod (2^31 - 1).
function draw(n) { # 0 .. n - 1
	state = state * 48271 % 2147483647
	return state % n
}

BEGIN {
	state = 1000003 * seed + 1
	for (j = 64; j < 784; j += 64) {
		weight[j] = (draw(2) ? 1 : -1) * (1 + draw(3))
		partner[j] = 64 * ((j / 64 + draw(11)) % 12 + 1)
	}
	for (r = 1; r <= rows; r++) {
		line = ""
		for (j = 4; j <= 784; j += 4) {
			x = draw(256)
			c[j] = 2 * x - 255
			line = line ",0,0,0," x
		}
		sum = 0
		for (j in weight)
			sum += 120 * weight[j] * c[j] + c[j] * c[partner[j]]
		label = (sum > 0) != (draw(10) == 0)
		print label line
	}
}
