#include "implicit.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

/* ---- sums over a user's or an item's ratings ---- */

/* What is added to a row from each of its ratings. */
struct pass {
	const struct implicit *im;
	float *to;
	const float *from; /* by columns of gather, by rows of the others */
	struct sgd_side row, col;
	enum { GATHER, SCATTER, CURVE, DESCENT } kind;
};

static struct sgd_side chunk(struct sgd_side side, size_t slot, size_t width)
{
	return (struct sgd_side){ side.factors + slot * width, side.bias ? side.bias + slot : NULL,
		side.pull ? side.pull + slot * width : NULL };
}

static void take_block(const struct pass *p, size_t i, size_t j)
{
	const struct grid *g = p->im->grid;
	const struct sgd_block *block = &g->block[i * g->parts + j];
	size_t width = p->im->width, x = i * g->row_chunk * width, y = j * g->col_chunk * width;

	if (!block->runs)
		return;
	switch (p->kind) {
	case GATHER:
		SIMD_CALL(sgd_gather, p->to + x, block, p->from + y, width);
		break;
	case SCATTER:
		SIMD_CALL(sgd_scatter, p->to + y, block, p->from + x, width);
		break;
	case CURVE:
		SIMD_CALL(sgd_curve, p->to + x, block, p->from + x,
			chunk(p->col, j * g->col_chunk, width), width);
		break;
	case DESCENT:
		SIMD_CALL(sgd_descent, p->to + x, block, chunk(p->row, i * g->row_chunk, width),
			chunk(p->col, j * g->col_chunk, width), width);
		break;
	}
}

/* A chunk of what is written is one thread's, and its blocks come in order. */
static void run(const struct pass *p)
{
	const struct grid *g = p->im->grid;
	bool columns = p->kind == SCATTER;
	size_t n = columns ? g->cols : g->rows, size = columns ? g->col_chunk : g->row_chunk;

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t c = 0; c < g->parts; c++) {
		size_t first = c * size, end = first + size < n ? first + size : n;

		if (first < end)
			memset(p->to + first * p->im->width, 0,
				(end - first) * p->im->width * sizeof *p->to);
		for (size_t d = 0; d < g->parts; d++)
			take_block(p, columns ? d : c, columns ? c : d);
	}
}

static void scale_rows(float *x, const float *by, size_t rows, size_t width)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++)
		for (size_t k = 0; k < width; k++)
			x[r * width + k] *= by[r];
}

/* z <- |N|^(-1/2) sum of from */
static void gather(const struct implicit *im, float *to, const float *from)
{
	run(&(struct pass){ .im = im, .to = to, .from = from, .kind = GATHER });
	scale_rows(to, im->root, im->grid->rows, im->width);
}

/* to_j <- sum over the users u of j of |N(u)|^(-1/2) from_u; from is spoilt. */
static void scatter(const struct implicit *im, float *to, float *from)
{
	scale_rows(from, im->root, im->grid->rows, im->width);
	run(&(struct pass){ .im = im, .to = to, .from = from, .kind = SCATTER });
}

/* ---- the step ---- */

/* Sum over all columns j of a_j . b_j, in order. */
static double product(const struct implicit *im, const float *a, const float *b)
{
	size_t cols = im->grid->cols, width = im->width;
	float (*dot)(const float *, const float *, size_t) = SIMD_PICK(sgd_dot);
	double *part = mem_new(cols, sizeof *part), sum = 0;

#pragma omp parallel for schedule(static)
	for (size_t j = 0; j < cols; j++)
		part[j] = (double)dot(a + j * width, b + j * width, width);
	for (size_t j = 0; j < cols; j++)
		sum += part[j];
	free(part);
	return sum;
}

/* x_j <- x_j + c n_j a_j */
static void add_counted(const struct implicit *im, float *x, float c, const float *a)
{
	size_t cols = im->grid->cols, width = im->width;

#pragma omp parallel for schedule(static)
	for (size_t j = 0; j < cols; j++)
		for (size_t k = j * width; k < (j + 1) * width; k++)
			x[k] = fmaf(c * im->count[j], a[k], x[k]);
}

/* bend <- the curvature of the loss along way; z is spoilt */
static void curve(struct implicit *im, struct sgd_side col, float l2)
{
	gather(im, im->z, im->way);
	run(&(struct pass){ .im = im, .to = im->row, .from = im->z, .col = col, .kind = CURVE });
	scatter(im, im->bend, im->row);
	add_counted(im, im->bend, l2, im->way);
}

/* rest <- minus the slope at y; way <- rest / n */
static void slope(struct implicit *im, struct sgd_side row, struct sgd_side col, float l2)
{
	size_t cols = im->grid->cols, width = im->width;

	row.pull = im->z;
	run(&(struct pass){ .im = im, .to = im->row, .row = row, .col = col, .kind = DESCENT });
	scatter(im, im->rest, im->row);
	add_counted(im, im->rest, -l2, im->y);
#pragma omp parallel for schedule(static)
	for (size_t j = 0; j < cols; j++)
		for (size_t k = j * width; k < (j + 1) * width; k++)
			im->way[k] = im->rest[k] / im->count[j];
}

void implicit_step(struct implicit *im, struct sgd_side row, struct sgd_side col, double l2)
{
	double fall, bend;

	slope(im, row, col, (float)l2);
	curve(im, col, (float)l2);
	fall = product(im, im->rest, im->way);
	bend = product(im, im->way, im->bend);
	if (bend > 0) {
		float rate = (float)(fall / bend);

#pragma omp parallel for schedule(static)
		for (size_t k = 0; k < im->grid->cols * im->width; k++)
			im->y[k] = fmaf(rate, im->way[k], im->y[k]);
	}
	implicit_pull(im);
}

void implicit_pull(struct implicit *im)
{
	gather(im, im->z, im->y);
}

/* ---- the start ---- */

uint64_t implicit_memory(uint32_t rows, uint32_t cols, size_t width)
{
	return ((uint64_t)rows * (2 * width + 1) + (uint64_t)cols * (4 * width + 1)) *
	       sizeof(float);
}

/* Ratings of each row and of each column. */
static void count(struct implicit *im)
{
	const struct grid *g = im->grid;

	for (size_t b = 0; b < g->parts * g->parts; b++) {
		const struct sgd_block *block = &g->block[b];
		size_t row = b / g->parts * g->row_chunk;

		for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n) {
			row += block->run[r].skip;
			im->root[row] += block->run[r].n;
			for (size_t j = 0; j < block->run[r].n; j++)
				im->count[b % g->parts * g->col_chunk + block->col[at + j]]++;
		}
	}
	for (size_t x = 0; x < g->rows; x++)
		im->root[x] = 1 / sqrtf(im->root[x]);
}

struct implicit *implicit_new(const struct grid *grid, size_t width)
{
	struct implicit *im = mem_new(1, sizeof *im);

	im->grid = grid;
	im->width = width;
	im->z = mem_new(grid->rows * width, sizeof *im->z);
	im->row = mem_new(grid->rows * width, sizeof *im->row);
	im->y = mem_new(grid->cols * width, sizeof *im->y);
	im->rest = mem_new(grid->cols * width, sizeof *im->rest);
	im->way = mem_new(grid->cols * width, sizeof *im->way);
	im->bend = mem_new(grid->cols * width, sizeof *im->bend);
	im->root = mem_new(grid->rows, sizeof *im->root);
	im->count = mem_new(grid->cols, sizeof *im->count);
	count(im);
	return im;
}

void implicit_free(struct implicit *im)
{
	if (!im)
		return;
	free(im->z);
	free(im->y);
	free(im->row);
	free(im->rest);
	free(im->way);
	free(im->bend);
	free(im->root);
	free(im->count);
	free(im);
}
