#include "similar.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "par.h"
#include "top.h"

/* Over the common columns: how many, sum x^2, sum y^2, sum x y. */
typedef float sums __attribute__((vector_size(16)));

struct work {
	const struct csr *m;
	struct csr by_col;
	double *norm; /* of rows, for the cosine */
	const struct similar_how *how;
	uint32_t *id; /* (rows, neighbours) */
	float *value;
	size_t *n;
};

/* What one thread needs. */
struct desk {
	sums *sum; /* (rows), zero between rows */
	float *score; /* (rows) */
};

uint64_t similar_memory(const struct csr *m, size_t cols, size_t neighbours)
{
	uint64_t entries = m->at[m->rows], rows = m->rows, threads = (uint64_t)par_threads();

	return entries * 8 + cols * 8 + rows * (24 + 16 * (uint64_t)neighbours) +
	       threads * rows * (sizeof(sums) + sizeof(float));
}

static float value_of(const struct csr *m, uint64_t e)
{
	return m->value ? m->value[e] : 1;
}

static void add_up(sums *sum, const struct work *w, size_t row)
{
	const struct csr *m = w->m, *by_col = &w->by_col;

	for (uint64_t e = m->at[row]; e < m->at[row + 1]; e++) {
		float x = value_of(m, e);

		for (uint64_t f = by_col->at[m->id[e]]; f < by_col->at[m->id[e] + 1]; f++) {
			float y = value_of(by_col, f);

			sum[by_col->id[f]] += (sums){ 1, x * x, y * y, x * y };
		}
	}
}

static float similarity(const struct work *w, size_t a, size_t b, sums s)
{
	double n = (double)s[0], xx = (double)s[1], yy = (double)s[2], xy = (double)s[3], like;

	switch (w->how->measure) {
	case SIMILAR_COSINE:
		like = xy > 0 ? xy / (w->norm[a] * w->norm[b]) : 0;
		break;
	case SIMILAR_COMMON:
		like = xy > 0 ? xy / (sqrt(xx) * sqrt(yy)) : 0;
		break;
	default:
		like = n / (n + fmax(xx + yy - 2 * xy, 0));
	}
	return (float)(like * (n / (n + w->how->shrink)));
}

/* Every row's score, -infinity where it is no neighbour; sums become zero again. */
static void judge(struct desk *desk, const struct work *w, size_t row)
{
	const uint8_t *candidate = w->how->candidate;

	for (size_t j = 0; j < w->m->rows; j++) {
		float like = 0;

		if (desk->sum[j][0] > 0) {
			if (j != row && (!candidate || candidate[j]))
				like = similarity(w, row, j, desk->sum[j]);
			desk->sum[j] = (sums){ 0 };
		}
		desk->score[j] = like > 0 ? like : -INFINITY;
	}
}

static int ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void choose(struct work *w, const struct desk *desk, size_t row)
{
	size_t k = w->how->neighbours;
	struct top top = { w->value + row * k, w->id + row * k, k, 0 };

	SIMD_CALL(top_offer, &top, desk->score, 0, w->m->rows);
	qsort(top.item, top.n, sizeof *top.item, ascending);
	for (size_t i = 0; i < top.n; i++)
		top.score[i] = desk->score[top.item[i]];
	w->n[row] = top.n;
}

static void start_norms(struct work *w)
{
	w->norm = mem_new(w->m->rows, sizeof *w->norm);
	for (size_t r = 0; r < w->m->rows; r++) {
		double sum = 0;

		for (uint64_t e = w->m->at[r]; e < w->m->at[r + 1]; e++)
			sum += (double)value_of(w->m, e) * (double)value_of(w->m, e);
		w->norm[r] = sqrt(sum);
	}
}

/* Lists side by side become lists end to end. */
static struct csr gather(const struct work *w)
{
	size_t rows = w->m->rows, k = w->how->neighbours;
	struct csr near = { .rows = rows, .at = mem_new(rows + 1, sizeof *near.at) };

	for (size_t r = 0; r < rows; r++)
		near.at[r + 1] = near.at[r] + w->n[r];
	near.id = mem_new(near.at[rows], sizeof *near.id);
	near.value = mem_new(near.at[rows], sizeof *near.value);
	for (size_t r = 0; r < rows; r++)
		for (size_t i = 0; i < w->n[r]; i++) {
			near.id[near.at[r] + i] = w->id[r * k + i];
			near.value[near.at[r] + i] = w->value[r * k + i];
		}
	return near;
}

struct csr similar_lists(const struct csr *m, size_t cols, const struct similar_how *how)
{
	struct similar_how bounded = *how;
	struct work w = { .m = m, .by_col = csr_transpose(m, cols), .how = &bounded };
	struct csr near;

	if (bounded.neighbours > m->rows)
		bounded.neighbours = m->rows ? m->rows : 1;
	w.id = mem_new(m->rows * bounded.neighbours, sizeof *w.id);
	w.value = mem_new(m->rows * bounded.neighbours, sizeof *w.value);
	w.n = mem_new(m->rows, sizeof *w.n);
	start_norms(&w);
#pragma omp parallel
	{
		struct desk desk = { mem_new(m->rows, sizeof *desk.sum),
			mem_new(m->rows, sizeof *desk.score) };

#pragma omp for schedule(dynamic, 16)
		for (size_t r = 0; r < m->rows; r++) {
			add_up(desk.sum, &w, r);
			judge(&desk, &w, r);
			choose(&w, &desk, r);
		}
		free(desk.sum);
		free(desk.score);
	}
	near = gather(&w);
	csr_free(&w.by_col);
	free(w.norm);
	free(w.id);
	free(w.value);
	free(w.n);
	return near;
}
