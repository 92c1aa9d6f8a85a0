/* Words weighed by hand, numbers between quantiles, blocks, and what is missing. */
#include "content.h"

#include "tap.h"

static double at(const struct csr *m, size_t row, uint32_t col)
{
	for (uint64_t e = m->at[row]; e < m->at[row + 1]; e++)
		if (m->id[e] == col)
			return (double)m->value[e];
	return 0;
}

/* a a b | b | (nothing) | c of rows 0 to 3; word 3 stands for nothing. */
static void words(void)
{
	static const uint64_t offset[] = { 0, 3, 4, 5, 6 };
	static const uint32_t id[] = { 0, 0, 1, 1, 3, 2 };
	const struct content_field bag = {
		{ .kind = NET_BAG, .values = 4, .entries = 4, .at = offset, .id = id }, 3, NULL
	};
	double a, b, even = 1.2 * (0.25 + 0.75 * 3 / (5.0 / 3));
	size_t cols;
	struct csr m = content_matrix(&bag, 1, 5, CONTENT_NONE, &cols);

	ok(cols == 4 && m.rows == 5 && m.at[5] == 4, "a column a word, rows beyond the table too");
	near(at(&m, 0, 0), 2 / sqrt(5), 1e-7, "counts, scaled to a length of 1");
	near(at(&m, 1, 1), 1, 0, "a word alone");
	ok(m.at[2] == m.at[3] && m.at[4] == m.at[5], "without words a row is empty");
	csr_free(&m);
	m = content_matrix(&bag, 1, 4, CONTENT_TFIDF, &cols);
	a = 2 * (1 + log(4.0 / 2)), b = 1 + log(4.0 / 3);
	near(at(&m, 0, 0), a / sqrt(a * a + b * b), 1e-7, "tf (1 + ln(4 / 2)) of three rows");
	csr_free(&m);
	m = content_matrix(&bag, 1, 4, CONTENT_BM25, &cols);
	a = log(1 + 2.5 / 1.5) * 2 * 2.2 / (2 + even), b = log(1 + 1.5 / 2.5) * 2.2 / (1 + even);
	near(at(&m, 0, 0), a / sqrt(a * a + b * b), 1e-7,
		"BM25 of a row of 3 words, 5/3 on average");
	csr_free(&m);
}

static void numbers(void)
{
	static const float year[] = { 1, 9, 5, 5, NAN, 3, 7, 7 },
			   missing[] = { 0, 0, 0, 0, 0, 0, 0, 1 };
	const struct content_field number = {
		{ .kind = NET_NUM, .values = 1, .entries = 8, .num = year }, UINT32_MAX, missing
	};
	const struct content_field same = {
		{ .kind = NET_NUM, .values = 1, .entries = 2, .num = year + 2 }, UINT32_MAX, NULL
	};
	static const float block[] = { 3, -4, 0, 0 };
	const struct content_field wide = {
		{ .kind = NET_NUM, .values = 2, .entries = 2, .num = block }, UINT32_MAX, NULL
	};
	const struct content_field both[] = { same, wide };
	size_t cols;
	struct csr m = content_matrix(&number, 1, 8, CONTENT_TFIDF, &cols);

	/* 1 3 5 5 7 9 */
	ok(cols == 5, "knots at each of five numbers");
	near(at(&m, 0, 0), 1, 0, "the least is the first");
	near(at(&m, 2, 2), 1, 0, "a number on a knot");
	near(at(&m, 1, 4), 1, 0, "the greatest is the last");
	ok(m.at[4] == m.at[5] && m.at[7] == m.at[8], "not a number, or said to be missing: empty");
	csr_free(&m);
	m = content_matrix(&same, 1, 2, CONTENT_NONE, &cols);
	ok(cols == 1 && at(&m, 1, 0) == 1, "all the same: one column");
	csr_free(&m);
	m = content_matrix(both, 2, 2, CONTENT_NONE, &cols);
	near(at(&m, 0, 2), -0.8 / sqrt(2), 1e-7, "a block is scaled, then all fields are");
	near(at(&m, 1, 0), 1, 0, "a block of zeros is empty");
	csr_free(&m);
}

static void between(void)
{
	static const float x[] = { 0, 1, 2, 3, 4, 5, 6, 7, 16, 6.5F };
	const struct content_field f = { { .kind = NET_NUM, .values = 1, .entries = 10, .num = x },
		UINT32_MAX, NULL };
	size_t cols;
	struct csr m = content_matrix(&f, 1, 10, CONTENT_NONE, &cols);
	double low = 0, high = 0;

	for (uint32_t c = 0; c < cols; c++) {
		double w = at(&m, 9, c);

		high = w > 0 && low > 0 ? w : high;
		low = w > 0 && low == 0 ? w : low;
	}
	near(low * low + high * high, 1, 1e-6, "between two knots: both, and a length of 1");
	csr_free(&m);
}

/* A bag with weights says how often a word comes. */
static void weighed(void)
{
	static const uint64_t offset[] = { 0, 3, 5 };
	static const uint32_t id[] = { 0, 1, 2, 1, 1 };
	static const float weight[] = { 3, 4, -1, 1, 1 };
	const struct content_field bag = { { .kind = NET_BAG,
						   .values = 3,
						   .entries = 2,
						   .at = offset,
						   .id = id,
						   .weight = weight },
		UINT32_MAX, NULL };
	size_t cols;
	struct csr m = content_matrix(&bag, 1, 2, CONTENT_NONE, &cols);

	near(at(&m, 0, 0), 0.6, 1e-7, "three times a, four times b");
	ok(m.at[1] == 2 && at(&m, 1, 1) == 1, "a weight below 0 is none, and b twice is b alone");
	csr_free(&m);
}

/* Learned from rows 0 and 1, asked of others. */
static void learned(void)
{
	static const uint64_t offset[] = { 0, 2, 3, 5, 6 };
	static const uint32_t id[] = { 0, 1, 1, 0, 2, 2 };
	static const float year[] = { 10, 20, 40, -5 };
	static const uint8_t counted[] = { 1, 1, 0, 0 };
	struct content_field field[] = {
		{ { .kind = NET_BAG, .values = 3, .entries = 4, .at = offset, .id = id },
			UINT32_MAX, NULL },
		{ { .kind = NET_NUM, .values = 1, .entries = 4, .num = year }, UINT32_MAX, NULL },
	};
	static const uint32_t later[] = { 0, 1, 1, 0, 8, 2 };
	struct content_scale s = content_learn(field, 2, 4, CONTENT_TFIDF, counted);
	double a = 1 + log(3.0 / 2), unseen;
	struct csr m = content_rows(&s, field, 4);

	ok(s.cols == 5 && s.part[0].n == 3 && s.part[1].n == 2, "three words, two quantiles");
	near(s.part[0].value[0], 1 + log(3.0 / 2), 1e-12, "a word of one of the two rows");
	near(s.part[0].value[2], 0, 0, "a word that they had not is worth nothing");
	near(s.part[0].value[3], 1.5, 0, "the words of a row");
	unseen = 1 + log(3);
	near(s.part[0].value[4], unseen, 1e-12, "what such a word is worth");
	near(at(&m, 2, 0), sqrt(0.5) * a / sqrt(a * a + unseen * unseen), 1e-7,
		"it makes the others less");
	near(at(&m, 2, 4), sqrt(0.5), 1e-7, "a number above is the greatest");
	near(at(&m, 3, 3), sqrt(0.5), 1e-7, "one below the least, beside nothing but such a word");
	ok(m.at[3] - m.at[2] == 2 && m.at[4] - m.at[3] == 1, "which has no column");
	csr_free(&m);
	field[0].in.values = 9;
	field[0].in.id = later;
	m = content_rows(&s, field, 4);
	near(at(&m, 2, 0), sqrt(0.5) * a / sqrt(a * a + unseen * unseen), 1e-7,
		"nor has a word of a later table");
	csr_free(&m);
	content_free(&s);
}

int main(void)
{
	words();
	weighed();
	learned();
	numbers();
	between();
	return done();
}
