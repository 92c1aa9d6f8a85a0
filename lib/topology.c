#include "topology.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gemm.h"
#include "mem.h"

enum { ROWS = 96, TILE = 48 };

/* Rows of a group lie together: place[i] is that of row i, from[g] where group g begins. */
struct work {
	const struct topology_rows *in;
	size_t n, width, panels, groups;
	size_t *place, *from;
	float *s, *t; /* rows of length 1: (n, width), (n, teacher_dim) */
	float *length; /* that they had, of the student */
	float *g; /* (n, width): dL / d s_i */
	float *a, *b; /* (n, width) */
};

static void arrange(struct work *w)
{
	const struct topology_rows *in = w->in;

	w->from = mem_new(w->groups + 1, sizeof *w->from);
	w->place = mem_new(w->n, sizeof *w->place);
	for (size_t i = 0; i < w->n; i++)
		w->from[(in->group ? in->group[i] : 0) + 1]++;
	for (size_t g = 0; g < w->groups; g++)
		w->from[g + 1] += w->from[g];
	for (size_t i = 0; i < w->n; i++)
		w->place[i] = w->from[in->group ? in->group[i] : 0]++;
	for (size_t g = w->groups; g > 0; g--)
		w->from[g] = w->from[g - 1];
	w->from[0] = 0;
}

/* to = from / |from|; the length, and 0 for a row of zeros, which stays one. */
static float normalise(float *to, const float *from, size_t dim)
{
	float length = sqrtf(SIMD_CALL(gemm_dot, from, from, dim));

	for (size_t k = 0; k < dim && length > 0; k++)
		to[k] = from[k] / length;
	return length;
}

static void open_work(struct work *w, const struct topology_rows *in)
{
	w->in = in;
	w->n = in->n;
	w->panels = (in->dim + GEMM_PANEL - 1) / GEMM_PANEL;
	w->width = w->panels * GEMM_PANEL;
	w->groups = in->group ? in->groups : 1;
	arrange(w);
	w->s = mem_new(w->n * w->width, sizeof *w->s);
	w->t = mem_new(w->n * in->teacher_dim, sizeof *w->t);
	w->length = mem_new(w->n, sizeof *w->length);
	w->g = mem_new(w->n * w->width, sizeof *w->g);
	w->a = mem_new(w->n * w->width, sizeof *w->a);
	w->b = mem_new(w->n * w->width, sizeof *w->b);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < w->n; i++) {
		size_t p = w->place[i];

		w->length[p] = normalise(w->s + p * w->width, in->student + i * in->ld, in->dim);
		normalise(w->t + p * in->teacher_dim, in->teacher + i * in->teacher_ld,
			in->teacher_dim);
	}
}

static void close_work(struct work *w)
{
	free(w->from);
	free(w->place);
	free(w->s);
	free(w->t);
	free(w->length);
	free(w->g);
	free(w->a);
	free(w->b);
}

/* H' S of n rows, as panels; returns the sum of its squares. */
static double product(float *to, const float *h, size_t ks, size_t ldh, const float *s,
	const struct work *w, size_t n)
{
	size_t tiles = (ks + TILE - 1) / TILE;
	double sum = 0;

#pragma omp parallel for schedule(static) if (n * ks > 1 << 14)
	for (size_t x = 0; x < w->panels * tiles; x++) {
		size_t p = x / tiles, k = x % tiles * TILE;

		SIMD_CALL(gemm_gradient, to + (p * ks + k) * GEMM_PANEL,
			ks - k < TILE ? ks - k : TILE, h + k, ldh, s + p * GEMM_PANEL, w->width, n,
			GEMM_PANEL, NULL);
	}
	for (size_t i = 0; i < w->panels * ks * GEMM_PANEL; i++)
		sum += (double)to[i] * (double)to[i];
	return sum;
}

/* c (n, width) = A W. */
static void times(
	float *c, const float *a, size_t k, size_t lda, const float *panels, size_t width, size_t n)
{
#pragma omp parallel for schedule(static) if (n * k > 1 << 14)
	for (size_t r = 0; r < n; r += ROWS)
		SIMD_CALL(gemm_forward, c + r * width, width,
			&(struct gemm){ .a = a + r * lda,
				.w = panels,
				.lda = lda,
				.k = k,
				.panels = width / GEMM_PANEL,
				.end = GEMM_PLAIN },
			n - r < ROWS ? n - r : ROWS);
}

/* All pairs of rows from .. end: |S'S|^2 - 2 |T'S|^2. */
static double pairs(struct work *w, size_t from, size_t end)
{
	size_t n = end - from, dim = w->in->dim, other = w->in->teacher_dim;
	const float *s = w->s + from * w->width, *t = w->t + from * other;
	float *c = mem_new(w->panels * dim * GEMM_PANEL, sizeof *c);
	float *m = mem_new(w->panels * other * GEMM_PANEL, sizeof *m);
	double loss = product(c, s, dim, w->width, s, w, n);

	loss -= 2 * product(m, t, other, other, s, w, n);
	times(w->a + from * w->width, s, dim, w->width, c, w->width, n);
	times(w->b + from * w->width, t, other, other, m, w->width, n);
	for (size_t i = from * w->width; i < end * w->width; i++)
		w->g[i] += 4 * (w->a[i] - w->b[i]);
	free(c);
	free(m);
	return loss;
}

/* ---- means of groups against all rows ---- */

/* The direction of each group's mean, (groups, dim) ld apart and turned into panels (dim, groups).
 */
static void means(
	const struct work *w, float *mean, float *panel, const float *row, size_t ld, size_t dim)
{
	double *sum = mem_new(w->groups * dim, sizeof *sum);
	float *one = mem_new(dim, sizeof *one);

	for (size_t i = 0; i < w->n; i++)
		for (size_t k = 0; k < dim; k++)
			sum[w->in->group[i] * dim + k] += (double)row[i * ld + k];
	for (size_t g = 0; g < w->groups; g++) {
		for (size_t k = 0; k < dim; k++)
			one[k] = (float)sum[g * dim + k];
		if (normalise(mean + g * dim, one, dim) > 0)
			for (size_t k = 0; k < dim; k++)
				panel[(g / GEMM_PANEL * dim + k) * GEMM_PANEL + g % GEMM_PANEL] =
					mean[g * dim + k];
	}
	free(sum);
	free(one);
}

/* cos(P_g, row) of all rows and groups, (n, groups) ld apart. */
static float *cosines(const struct work *w, float **mean, const float *own, size_t own_ld,
	const float *unit, size_t unit_ld, size_t dim, size_t ld)
{
	float *panel = mem_new(ld * dim, sizeof *panel), *to = mem_new(w->n * ld, sizeof *to);

	*mean = mem_new(w->groups * dim, sizeof **mean);
	means(w, *mean, panel, own, own_ld, dim);
	times(to, unit, dim, unit_ld, panel, ld, w->n);
	free(panel);
	return to;
}

static double prototypes(struct work *w)
{
	const struct topology_rows *in = w->in;
	size_t ld = (w->groups + GEMM_PANEL - 1) / GEMM_PANEL * GEMM_PANEL;
	float *mean, *teachers;
	float *b = cosines(w, &mean, in->student, in->ld, w->s, w->width, in->dim, ld);
	float *a = cosines(w, &teachers, in->teacher, in->teacher_ld, w->t, in->teacher_dim,
		in->teacher_dim, ld);
	double loss = 0;

	for (size_t i = 0; i < w->n; i++)
		for (size_t g = 0; g < w->groups; g++) {
			float d = b[i * ld + g] - a[i * ld + g], *to = w->g + i * w->width;

			loss += (double)d * (double)d;
			for (size_t k = 0; k < in->dim; k++)
				to[k] = fmaf(2 * d, mean[g * in->dim + k], to[k]);
		}
	free(a);
	free(b);
	free(mean);
	free(teachers);
	return loss;
}

double topology_slope(
	float *slope, size_t slope_ld, const struct topology_rows *rows, double weight)
{
	struct work w = { 0 };
	double loss = 0;

	open_work(&w, rows);
	for (size_t g = 0; g < w.groups; g++)
		if (w.from[g + 1] > w.from[g])
			loss += pairs(&w, w.from[g], w.from[g + 1]);
	if (rows->group)
		loss += prototypes(&w);
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < w.n; i++) {
		const float *g = w.g + w.place[i] * w.width, *s = w.s + w.place[i] * w.width;
		float along = SIMD_CALL(gemm_dot, g, s, rows->dim);
		float length = w.length[w.place[i]];

		for (size_t k = 0; k < rows->dim && length > 0; k++)
			slope[i * slope_ld + k] +=
				(float)(weight * (double)((g[k] - along * s[k]) / length));
	}
	close_work(&w);
	return loss;
}
