# student.awk -- for other scripts: awk -f student.awk -f SCRIPT.
# Twice the tail of Student's t beyond t with k degrees of freedom, by Simpson's rule on the
# substitution t = sqrt(k) tan(a): proportional to cos(a)^(k - 1).
function tail(t, k,   a, b, h, i, part, all, steps) {
	steps = 2000
	b = atan2(0, -1) / 2
	a = atan2(t, sqrt(k))
	for (i = 0; i <= steps; i++) {
		h = i == 0 || i == steps ? 1 : i % 2 ? 4 : 2
		part += h * cos(a + (b - a) * i / steps) ^ (k - 1)
		all += h * cos(b * i / steps) ^ (k - 1)
	}
	return part * (b - a) / (all * b)
}
