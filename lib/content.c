#include "content.h"

#include <math.h>
#include <stdlib.h>

#include "fmath.h"
#include "mem.h"
#include "quantile.h"

enum { KNOTS = 9 };
#define UNSEEN UINT32_MAX /* the id of words without a column */

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

static void put_word(
	struct entry *e, const struct content_field *f, size_t row, uint32_t word, float times)
{
	if (word < f->in.values && word != f->nothing && times > 0)
		put(e, row, word, times);
}

static struct csr words_of(const struct content_field *f, size_t rows)
{
	struct entry e = { 0 };

	for (size_t r = 0; r < rows && r < f->in.entries; r++) {
		if (f->in.kind == NET_CAT)
			put_word(&e, f, r, f->in.cat[r], 1);
		else
			for (uint64_t at = f->in.at[r]; at < f->in.at[r + 1]; at++)
				put_word(&e, f, r, f->in.id[at],
					f->in.weight ? f->in.weight[at] : 1);
	}
	return finish(&e, rows);
}

static bool has_number(const struct content_field *f, size_t row)
{
	return row < f->in.entries && isfinite(f->in.num[row]) &&
	       !(f->missing && f->missing[row] != 0);
}

/* knot[0 .. n) ascend, from the least number to the greatest; n is 0 without a number. */
static size_t knots_of(
	float knot[KNOTS], const struct content_field *f, size_t rows, const uint8_t *counted)
{
	float *x = mem_new(rows, sizeof *x);
	size_t n = 0, knots = 0;

	for (size_t r = 0; r < rows; r++)
		if (has_number(f, r) && (!counted || counted[r]))
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

static struct csr number_of(
	const struct content_field *f, size_t rows, const struct content_part *p)
{
	struct entry e = { 0 };
	float knot[KNOTS + 1];

	for (size_t k = 0; k < p->n; k++)
		knot[k] = (float)p->value[k];
	for (size_t r = 0; r < rows && p->n; r++) {
		float x = has_number(f, r) ? f->in.num[r] : 0;
		double t = 1;
		uint32_t k;

		if (!has_number(f, r))
			continue;
		x = x < knot[p->n - 1] ? x : knot[p->n - 1];
		k = quantile_bucket(knot, p->n, x); /* knot[k - 1] < x <= knot[k] */
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

/* What a word is worth that `had` of `rows` rows have. */
static double worth(enum content_weight weight, double rows, double had)
{
	return weight == CONTENT_NONE	 ? 1
	       : weight == CONTENT_TFIDF ? 1 + fmath_log((1 + rows) / (1 + had))
					 : fmath_log(1 + (rows - had + 0.5) / (had + 0.5));
}

static void learn_words(struct content_part *p, const struct content_field *f, size_t rows,
	enum content_weight weight, const uint8_t *counted)
{
	struct csr m = words_of(f, rows);
	double any = 0, words = 0;

	p->n = f->in.values;
	p->value = mem_new(p->n + 2, sizeof *p->value);
	for (size_t r = 0; r < rows; r++) {
		if (counted && !counted[r])
			continue;
		any += m.at[r] < m.at[r + 1];
		for (uint64_t e = m.at[r]; e < m.at[r + 1]; e++) {
			p->value[m.id[e]]++;
			words += (double)m.value[e];
		}
	}
	for (size_t j = 0; j < p->n; j++)
		p->value[j] = p->value[j] > 0 ? worth(weight, any, p->value[j]) : 0;
	p->value[p->n] = any > 0 ? words / any : 1;
	p->value[p->n + 1] = worth(weight, any, 0);
	csr_free(&m);
}

static void weigh(struct csr *m, const struct content_part *p, enum content_weight weight)
{
	for (size_t r = 0; r < m->rows; r++) {
		double length = 0;

		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			length += (double)m->value[e];
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++) {
			bool seen = m->id[e] < p->n && p->value[m->id[e]] > 0;
			double tf = (double)m->value[e];
			double idf = p->value[seen ? m->id[e] : p->n + 1];
			double even = 1 - B + B * length / p->value[p->n];

			m->value[e] = (float)(weight == CONTENT_BM25
						      ? idf * tf * (K1 + 1) / (tf + K1 * even)
						      : tf * idf);
			m->id[e] = seen ? m->id[e] : UNSEEN;
		}
	}
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

static void learn(struct content_part *p, const struct content_field *f, size_t rows,
	enum content_weight weight, const uint8_t *counted)
{
	float knot[KNOTS + 1];

	p->kind = f->in.kind;
	if (f->in.kind != NET_NUM) {
		learn_words(p, f, rows, weight, counted);
		return;
	}
	p->n = f->in.values == 1 ? knots_of(knot, f, rows, counted) : f->in.values;
	p->value = mem_new(p->n + 1, sizeof *p->value);
	for (size_t k = 0; k < p->n; k++)
		p->value[k] = f->in.values == 1 ? (double)knot[k] : 1;
}

static struct csr block(const struct content_part *p, const struct content_field *f, size_t rows,
	enum content_weight weight)
{
	struct csr m;

	if (p->kind == NET_NUM) {
		m = f->in.values == 1 ? number_of(f, rows, p) : block_of(f, rows);
	} else {
		m = words_of(f, rows);
		weigh(&m, p, weight);
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
				m.id[m.at[r + 1]] = part[p].id[e] == UNSEEN
							    ? UNSEEN
							    : part[p].id[e] + (uint32_t)base[p];
				m.value[m.at[r + 1]++] = part[p].value[e];
			}
	}
	return m;
}

struct content_scale content_learn(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, const uint8_t *counted)
{
	struct content_scale s = { weight, fields, 0, mem_new(fields, sizeof *s.part) };

	for (size_t f = 0; f < fields; f++) {
		learn(s.part + f, field + f, rows, weight, counted);
		s.cols += s.part[f].n;
	}
	return s;
}

void content_free(struct content_scale *s)
{
	for (size_t f = 0; f < s->fields; f++)
		free(s->part[f].value);
	free(s->part);
	*s = (struct content_scale){ 0 };
}

/* Words without a column have counted, and go. */
static void drop_unseen(struct csr *m)
{
	uint64_t to = 0;

	for (size_t r = 0; r < m->rows; r++) {
		uint64_t from = r ? m->at[r] : 0, end = m->at[r + 1];

		m->at[r] = to;
		for (uint64_t e = from; e < end; e++)
			if (m->id[e] != UNSEEN) {
				m->id[to] = m->id[e];
				m->value[to++] = m->value[e];
			}
	}
	m->at[m->rows] = to;
}

struct csr content_rows(
	const struct content_scale *s, const struct content_field *field, size_t rows)
{
	struct csr *part = mem_new(s->fields, sizeof *part), all;
	size_t *base = mem_new(s->fields + 1, sizeof *base);

	for (size_t f = 0; f < s->fields; f++) {
		part[f] = block(s->part + f, field + f, rows, s->weight);
		base[f + 1] = base[f] + s->part[f].n;
	}
	all = side_by_side(part, base, s->fields, rows);
	scale_rows(&all);
	drop_unseen(&all);
	for (size_t f = 0; f < s->fields; f++)
		csr_free(part + f);
	free(part);
	free(base);
	return all;
}

struct csr content_matrix(const struct content_field *field, size_t fields, size_t rows,
	enum content_weight weight, size_t *cols)
{
	struct content_scale s = content_learn(field, fields, rows, weight, NULL);
	struct csr m = content_rows(&s, field, rows);

	*cols = s.cols;
	content_free(&s);
	return m;
}
