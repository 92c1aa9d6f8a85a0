#include "ridge.h"

#include <stdlib.h>
#include <string.h>

#include "axpy.h"
#include "mem.h"

enum { CHUNKS = 16 }; /* of rows, for sums down the columns */

void ridge_apply(float *y, const struct csr *x, size_t row, const float *weight, size_t width)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);

	memset(y, 0, width * sizeof *y);
	for (uint64_t e = x->at[row]; e < x->at[row + 1]; e++)
		add(y, x->value[e], weight + (size_t)x->id[e] * width, width);
}

/* y (rows of x, width) <- X W */
static void multiply(float *y, const struct csr *x, const float *weight, size_t width)
{
#pragma omp parallel for schedule(dynamic, 64)
	for (size_t r = 0; r < x->rows; r++)
		ridge_apply(y + r * width, x, r, weight, width);
}

/* sum[k] = sum over rows of a[r][k] b[r][k] */
static void column_dots(
	double *sum, double *part, const float *a, const float *b, size_t rows, size_t width)
{
	size_t chunk = (rows + CHUNKS - 1) / CHUNKS;

#pragma omp parallel for schedule(static)
	for (size_t c = 0; c < CHUNKS; c++) {
		double *to = part + c * width;

		memset(to, 0, width * sizeof *to);
		for (size_t r = c * chunk; r < (c + 1) * chunk && r < rows; r++)
			for (size_t k = 0; k < width; k++)
				to[k] += (double)a[r * width + k] * (double)b[r * width + k];
	}
	memset(sum, 0, width * sizeof *sum);
	for (size_t c = 0; c < CHUNKS; c++)
		for (size_t k = 0; k < width; k++)
			sum[k] += part[c * width + k];
}

/* to[r][k] = a[r][k] + factor[k] b[r][k] */
static void combine(
	float *to, const float *a, const double *factor, const float *b, size_t rows, size_t width)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++)
		for (size_t k = 0; k < width; k++) {
			size_t at = r * width + k;

			to[at] = (float)((double)a[at] + factor[k] * (double)b[at]);
		}
}

struct solver {
	const struct csr *x;
	struct csr turned;
	size_t cols, width;
	double l2;
	float *w, *residual, *direction, *image; /* (cols, width) */
	float *row; /* (rows, width) */
	double *rr, *rate, *next, *least, *part; /* of columns; part: (CHUNKS, width) */
};

/* image <- (X^T X + l2 I) direction */
static void apply(struct solver *s)
{
	size_t n = s->cols * s->width;

	multiply(s->row, s->x, s->direction, s->width);
	multiply(s->image, &s->turned, s->row, s->width);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		s->image[i] += (float)s->l2 * s->direction[i];
}

/* False when all columns are near enough. */
static bool step(struct solver *s)
{
	bool going = false;

	apply(s);
	column_dots(s->rate, s->part, s->direction, s->image, s->cols, s->width);
	for (size_t k = 0; k < s->width; k++)
		s->rate[k] = s->rate[k] > 0 ? s->rr[k] / s->rate[k] : 0;
	combine(s->w, s->w, s->rate, s->direction, s->cols, s->width);
	for (size_t k = 0; k < s->width; k++)
		s->rate[k] = -s->rate[k];
	combine(s->residual, s->residual, s->rate, s->image, s->cols, s->width);
	column_dots(s->next, s->part, s->residual, s->residual, s->cols, s->width);
	for (size_t k = 0; k < s->width; k++) {
		s->rate[k] = s->rr[k] > 0 ? s->next[k] / s->rr[k] : 0;
		s->rr[k] = s->next[k] > s->least[k] ? s->next[k] : 0;
		s->rate[k] = s->rr[k] > 0 ? s->rate[k] : 0;
		going |= s->rr[k] > 0;
	}
	combine(s->direction, s->residual, s->rate, s->direction, s->cols, s->width);
	return going;
}

static void start(struct solver *s, const float *target, double within)
{
	size_t n = s->cols * s->width;

	s->w = mem_new(n, sizeof *s->w);
	s->residual = mem_new(n, sizeof *s->residual);
	s->direction = mem_new(n, sizeof *s->direction);
	s->image = mem_new(n, sizeof *s->image);
	s->row = mem_new(s->x->rows * s->width, sizeof *s->row);
	s->rr = mem_new((4 + CHUNKS) * s->width, sizeof *s->rr);
	s->rate = s->rr + s->width;
	s->next = s->rate + s->width;
	s->least = s->next + s->width;
	s->part = s->least + s->width;
	multiply(s->residual, &s->turned, target, s->width);
	memcpy(s->direction, s->residual, n * sizeof *s->direction);
	column_dots(s->rr, s->part, s->residual, s->residual, s->cols, s->width);
	for (size_t k = 0; k < s->width; k++)
		s->least[k] = within * within * s->rr[k];
}

float *ridge_fit(const struct csr *x, size_t cols, const float *target, size_t width, double l2,
	double within, size_t steps, size_t *taken)
{
	struct solver s = {
		.x = x, .turned = csr_transpose(x, cols), .cols = cols, .width = width, .l2 = l2
	};

	start(&s, target, within);
	*taken = 0;
	while (*taken < steps) {
		++*taken;
		if (!step(&s))
			break;
	}
	csr_free(&s.turned);
	free(s.residual);
	free(s.direction);
	free(s.image);
	free(s.row);
	free(s.rr);
	return s.w;
}
