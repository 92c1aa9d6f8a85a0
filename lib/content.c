#include "content.h"

#include <math.h>
#include <stdlib.h>

#include "fmath.h"
#include "mem.h"
#include "quantile.h"

enum { KNOTS = 9 };

static const double K1 = 1.2, B = 0.75; /* of BM25 */

/* ---- a field ---- */

struct entry {
	size_t n, room;
	uint32_t *row, *col;
	float *value;
};

static void put(struct entry *e, size_t row, uint32_t col, float value)
{
	if (e->n == e->room) {
		e->room = e->room ? 2 * e->room : 4096;
		e->row = mem_grow(e->row, e->room, sizeof *e->row);
		e->col = mem_grow(e->col, e->room, sizeof *e->col);
		e->value = mem_grow(e->value, e->room, sizeof *e->value);
	}
	e->row[e->n] = (uint32_t)row;
	e->col[e->n] = col;
	e->value[e->n++] = value;
}

static struct csr finish(struct entry *e, size_t rows)
{
	struct csr m = csr_new(e->row, e->col, e->value, NULL, e->n, rows);

	csr_unite(&m, false);
	free(e->row);
	free(e->col);
	free(e->value);
	return m;
}

static void put_word(struct entry *e, const struct content_field *f, size_t row, uint32_t word)
{
	if (word < f->in.values && word != f->nothing)
		put(e, row, word, 1);
}

static struct csr words_of(const struct content_field *f, size_t rows)
{
	struct entry e = { 0 };

	for (size_t r = 0; r < rows && r < f->in.entries; r++) {
		if (f->in.kind == NET_CAT)
			put_word(&e, f, r, f->in.cat[r]);
		else
			for (uint64_t at = f->in.at[r]; at < f->in.at[r + 1]; at++)
				put_word(&e, f, r, f->in.id[at]);
	}
	return finish(&e, rows);
}

static bool has_number(const struct content_field *f, size_t row)
{
	return row < f->in.entries && isfinite(f->in.num[row]) &&
	       !(f->missing && f->missing[row] != 0);
}

/* knot[0 .. n) ascend, from the least number to the greatest; n is 0 without a number. */
static size_t knots_of(float knot[KNOTS], const struct content_field *f, size_t rows)
{
	float *x = mem_new(rows, sizeof *x);
	size_t n = 0, knots = 0;

	for (size_t r = 0; r < rows; r++)
		if (has_number(f, r))
			x[n++] = f->in.num[r];
	if (n) {
		knots = 1 + quantile_cuts(knot + 1, x, n, KNOTS - 1);
		knot[0] = x[0];
		if (knots > 1 && knot[1] == knot[0]) { /* the least number is common */
			for (size_t k = 1; k + 1 < knots; k++)
				knot[k] = knot[k + 1];
			knots--;
		}
		if (x[n - 1] > knot[knots - 1])
			knot[knots++] = x[n - 1];
	}
	free(x);
	return knots;
}

static struct csr number_of(const struct content_field *f, size_t rows, size_t *cols)
{
	struct entry e = { 0 };
	float knot[KNOTS + 1];

	*cols = knots_of(knot, f, rows);
	for (size_t r = 0; r < rows; r++) {
		float x = has_number(f, r) ? f->in.num[r] : 0;
		double t = 1;
		uint32_t k;

		if (!has_number(f, r))
			continue;
		k = quantile_bucket(knot, *cols, x); /* knot[k - 1] < x <= knot[k] */
		if (k)
			t = ((double)x - (double)knot[k - 1]) /
			    ((double)knot[k] - (double)knot[k - 1]);
		if (t < 1)
			put(&e, r, k - 1, (float)(1 - t));
		put(&e, r, k, (float)t);
	}
	return finish(&e, rows);
}

static struct csr block_of(const struct content_field *f, size_t rows)
{
	struct entry e = { 0 };

	for (size_t r = 0; r < rows && r < f->in.entries; r++)
		for (uint32_t j = 0; j < f->in.values; j++) {
			float x = f->in.num[r * f->in.values + j];

			if (isfinite(x) && x != 0)
				put(&e, r, j, x);
		}
	return finish(&e, rows);
}

/* ---- weights ---- */

struct census {
	double *idf;
	double rows, words; /* rows that have any, the words in them */
};

static struct census count(const struct csr *m, size_t cols, enum content_weight weight)
{
	struct census c = { mem_new(cols, sizeof *c.idf), 0, 0 };

	for (size_t r = 0; r < m->rows; r++)
		c.rows += m->at[r] < m->at[r + 1];
	for (uint64_t e = 0; e < m->at[m->rows]; e++) {
		c.idf[m->id[e]]++;
		c.words += (double)m->value[e];
	}
	for (size_t j = 0; j < cols; j++) {
		double df = c.idf[j];

		c.idf[j] = weight == CONTENT_TFIDF
				   ? 1 + fmath_log((1 + c.rows) / (1 + df))
				   : fmath_log(1 + (c.rows - df + 0.5) / (df + 0.5));
	}
	return c;
}

static void weigh(struct csr *m, size_t cols, enum content_weight weight)
{
	struct census c = count(m, cols, weight);

	for (size_t r = 0; r < m->rows; r++) {
		double length = 0;

		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			length += (double)m->value[e];
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++) {
			double tf = (double)m->value[e], idf = c.idf[m->id[e]];
			double even = 1 - B + B * length * c.rows / c.words;

			m->value[e] = (float)(weight == CONTENT_TFIDF
						      ? tf * idf
						      : idf * tf * (K1 + 1) / (tf + K1 * even));
		}
	}
	free(c.idf);
}

/* Each row becomes of length 1. */
static void scale_rows(struct csr *m)
{
	for (size_t r = 0; r < m->rows; r++) {
		double sum = 0;

		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			sum += (double)m->value[e] * (double)m->value[e];
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			m->value[e] = (float)((double)m->value[e] / sqrt(sum));
	}
}

/* ---- all fields ---- */

static struct csr block(
	const struct content_field *f, size_t rows, enum content_weight weight, size_t *cols)
{
	struct csr m;

	*cols = f->in.values;
	if (f->in.kind == NET_NUM) {
		m = f->in.values == 1 ? number_of(f, rows, cols) : block_of(f, rows);
	} else {
		m = words_of(f, rows);
		if (weight != CONTENT_NONE)
			weigh(&m, *cols, weight);
	}
	scale_rows(&m);
	return m;
}

static struct csr side_by_side(
	const struct csr *part, const size_t *base, size_t parts, size_t rows)
{
	struct csr m = { .rows = rows, .at = mem_new(rows + 1, sizeof *m.at) };
	uint64_t n = 0;

	for (size_t p = 0; p < parts; p++)
		n += part[p].at[rows];
	m.id = mem_new(n, sizeof *m.id);
	m.value = mem_new(n, sizeof *m.value);
	for (size_t r = 0; r < rows; r++) {
		m.at[r + 1] = m.at[r];
		for (size_t p = 0; p < parts; p++)
			for (uint64_t e = part[p].at[r]; e < part[p].at[r + 1]; e++) {
				m.id[m.at[r + 1]] = part[p].id[e] + (uint32_t)base[p];
				m.value[m.at[r + 1]++] = part[p].value[e];
			}
	}
	return m;
}

struct csr content_matrix(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, size_t *cols)
{
	struct csr *part = mem_new(fields, sizeof *part), all;
	size_t *base = mem_new(fields, sizeof *base);

	*cols = 0;
	for (size_t f = 0; f < fields; f++) {
		size_t width;

		part[f] = block(field + f, rows, weight, &width);
		base[f] = *cols;
		*cols += width;
	}
	all = side_by_side(part, base, fields, rows);
	scale_rows(&all);
	for (size_t f = 0; f < fields; f++)
		csr_free(part + f);
	free(part);
	free(base);
	return all;
}
