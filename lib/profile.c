#include "profile.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"

struct product {
	const struct csr *a, *b; /* (rows, any), (any, cols) */
	size_t cols;
	bool first; /* the likeness is a's, not b's */
	double shrink; /* NAN: sums, else means */
};

/* Sums and likenesses of a row; both are zero between rows. */
struct row {
	float *sum, *weight; /* (cols) */
	uint32_t *id;
	float *value;
	size_t n;
};

static void add_row(struct row *to, const struct product *p, size_t r)
{
	const struct csr *a = p->a, *b = p->b;

	for (uint64_t e = a->at[r]; e < a->at[r + 1]; e++)
		for (uint64_t f = a->id[e] < b->rows ? b->at[a->id[e]] : 0,
			      end = a->id[e] < b->rows ? b->at[a->id[e] + 1] : 0;
			f < end; f++) {
			to->sum[b->id[f]] += a->value[e] * b->value[f];
			to->weight[b->id[f]] += fabsf(p->first ? a->value[e] : b->value[f]);
		}
}

/* What add_row found, packed; sum and weight become zero again. */
static void take_row(struct row *to, const struct product *p)
{
	size_t n = 0;

	for (size_t c = 0; c < p->cols; c++)
		n += to->weight[c] > 0;
	to->id = mem_new(n, sizeof *to->id);
	to->value = mem_new(n, sizeof *to->value);
	to->n = 0;
	for (size_t c = 0; c < p->cols; c++) {
		double x = (double)to->sum[c];

		if (!(to->weight[c] > 0))
			continue;
		to->id[to->n] = (uint32_t)c;
		to->value[to->n++] =
			(float)(isnan(p->shrink) ? x : x / ((double)to->weight[c] + p->shrink));
		to->sum[c] = to->weight[c] = 0;
	}
}

static struct csr gather(struct row *row, size_t rows)
{
	struct csr m = { .rows = rows, .at = mem_new(rows + 1, sizeof *m.at) };

	for (size_t r = 0; r < rows; r++)
		m.at[r + 1] = m.at[r] + row[r].n;
	m.id = mem_new(m.at[rows], sizeof *m.id);
	m.value = mem_new(m.at[rows], sizeof *m.value);
	for (size_t r = 0; r < rows; r++) {
		for (size_t i = 0; i < row[r].n; i++) {
			m.id[m.at[r] + i] = row[r].id[i];
			m.value[m.at[r] + i] = row[r].value[i];
		}
		free(row[r].id);
		free(row[r].value);
	}
	free(row);
	return m;
}

static struct csr multiply(const struct product *p)
{
	size_t rows = p->a->rows;
	struct row *row = mem_new(rows, sizeof *row);

#pragma omp parallel
	{
		struct row desk = { .sum = mem_new(p->cols, sizeof(float)),
			.weight = mem_new(p->cols, sizeof(float)) };

#pragma omp for schedule(dynamic, 16)
		for (size_t r = 0; r < rows; r++) {
			add_row(&desk, p, r);
			take_row(&desk, p);
			row[r] = desk;
		}
		free(desk.sum);
		free(desk.weight);
	}
	return gather(row, rows);
}

static void scale_rows(struct csr *m, const double *by)
{
	for (size_t r = 0; r < m->rows; r++) {
		double size = by ? by[r] : 0;

		for (uint64_t e = m->at[r]; !by && e < m->at[r + 1]; e++)
			size += (double)m->value[e] * (double)m->value[e];
		size = by ? size : sqrt(size);
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			m->value[e] = size > 0 ? (float)((double)m->value[e] / size) : 0;
	}
}

struct csr profile_new(const struct csr *given, size_t items, const struct csr *x, size_t cols,
	bool by_user, bool ranking, double shrink)
{
	struct csr turned = by_user ? csr_transpose(x, cols) : (struct csr){ 0 }, m;
	struct product p = { by_user ? &turned : given, by_user ? given : x, by_user ? items : cols,
		by_user, ranking ? NAN : shrink };
	double *all;

	m = multiply(&p);
	if (!by_user && ranking)
		scale_rows(&m, NULL);
	if (by_user && ranking) {
		all = mem_new(cols, sizeof *all);
		for (uint64_t e = 0; e < x->at[x->rows]; e++)
			all[x->id[e]] += fabs((double)x->value[e]);
		scale_rows(&m, all);
		free(all);
	}
	csr_free(&turned);
	return m;
}
