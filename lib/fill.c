#include "fill.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axpy.h"
#include "mem.h"
#include "normal.h"
#include "ridge.h"
#include "similar.h"

static const double WITHIN = 1e-5; /* ridge: relative residual */
enum { STEPS = 500 };

/* One side of a model. */
struct side {
	uint32_t ids;
	float *bias, *factors;
};

static struct side side_of(const struct mf *mf, bool users)
{
	return users ? (struct side){ mf->users, mf->user_bias, mf->user_factors }
		     : (struct side){ mf->items, mf->item_bias, mf->item_factors };
}

struct work {
	const struct csr *x;
	size_t cols, dim, width;
	uint32_t *row; /* known rows first, then the others */
	size_t known;
	float *target; /* (rows, width) of known rows: factors and bias less their mean */
	float *mean; /* (width) */
	float *out; /* (rows, width), less the mean */
};

static void open_work(struct work *w, const struct side *from, const uint8_t *known)
{
	size_t rows = w->x->rows, others = 0;

	w->row = mem_new(rows, sizeof *w->row);
	for (size_t r = 0; r < rows; r++)
		if (known[r] && r < from->ids)
			w->row[w->known++] = (uint32_t)r;
	for (size_t r = 0; r < rows; r++)
		if (!known[r] || r >= from->ids)
			w->row[w->known + others++] = (uint32_t)r;
	w->target = mem_new(rows * w->width, sizeof *w->target);
	w->mean = mem_new(w->width, sizeof *w->mean);
	w->out = mem_new(rows * w->width, sizeof *w->out);
	for (size_t i = 0; i < w->known; i++) {
		size_t r = w->row[i];

		memcpy(w->target + r * w->width, from->factors + r * w->dim,
			w->dim * sizeof(float));
		w->target[r * w->width + w->dim] = from->bias[r];
	}
	for (size_t k = 0; k < w->width; k++) {
		double sum = 0;

		for (size_t i = 0; i < w->known; i++)
			sum += (double)w->target[w->row[i] * w->width + k];
		w->mean[k] = (float)(sum / (double)w->known);
		for (size_t i = 0; i < w->known; i++)
			w->target[w->row[i] * w->width + k] -= w->mean[k];
	}
}

static void close_work(struct work *w)
{
	free(w->row);
	free(w->target);
	free(w->mean);
	free(w->out);
}

/* ---- the ways ---- */

static void by_neighbours(struct work *w, const uint8_t *known, size_t neighbours)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);
	struct similar_how how = { SIMILAR_COSINE, 0, neighbours, known };
	struct csr near = similar_lists(w->x, w->cols, &how);

#pragma omp parallel for schedule(dynamic, 64)
	for (size_t r = 0; r < near.rows; r++) {
		float sum = 0, *to = w->out + r * w->width;

		for (uint64_t e = near.at[r]; e < near.at[r + 1]; e++)
			sum += near.value[e];
		for (uint64_t e = near.at[r]; e < near.at[r + 1]; e++)
			add(to, near.value[e] / sum, w->target + (size_t)near.id[e] * w->width,
				w->width);
	}
	csr_free(&near);
}

/* The rows of x that are known, the others empty. */
static struct csr known_rows(const struct work *w)
{
	uint8_t *keep = mem_new(w->x->rows, 1);
	struct csr m = { .rows = w->x->rows, .at = mem_new(w->x->rows + 1, sizeof *m.at) };

	for (size_t i = 0; i < w->known; i++)
		keep[w->row[i]] = 1;
	m.id = mem_new(w->x->at[m.rows], sizeof *m.id);
	m.value = mem_new(w->x->at[m.rows], sizeof *m.value);
	for (size_t r = 0; r < m.rows; r++) {
		uint64_t from = w->x->at[r], n = keep[r] ? w->x->at[r + 1] - from : 0;

		m.at[r + 1] = m.at[r] + n;
		memcpy(m.id + m.at[r], w->x->id + from, n * sizeof *m.id);
		memcpy(m.value + m.at[r], w->x->value + from, n * sizeof *m.value);
	}
	free(keep);
	return m;
}

static void by_ridge(struct work *w, double l2, size_t *steps)
{
	struct csr known = known_rows(w);
	float *weight = ridge_fit(&known, w->cols, w->target, w->width, l2, WITHIN, STEPS, steps);

#pragma omp parallel for schedule(dynamic, 64)
	for (size_t r = 0; r < w->x->rows; r++)
		ridge_apply(w->out + r * w->width, w->x, r, weight, w->width);
	csr_free(&known);
	free(weight);
}

/* The Gramian of the other side's factors, and of 1 where the bias lies. */
static float *metric_of(const struct work *w, const struct side *other)
{
	size_t width = w->width;
	float *rows = mem_new(other->ids * width, sizeof *rows);
	float *metric = mem_new(width * width, sizeof *metric);

	for (size_t r = 0; r < other->ids; r++) {
		memcpy(rows + r * width, other->factors + r * w->dim, w->dim * sizeof *rows);
		rows[r * width + w->dim] = 1;
	}
	SIMD_CALL(normal_gram, metric, rows, other->ids, width);
	for (size_t i = 0; i < width; i++)
		for (size_t j = 0; j < i; j++)
			metric[i * width + j] = metric[j * width + i];
	free(rows);
	return metric;
}

static void by_network(struct work *w, const struct side *other, const struct fill_how *how,
	struct fill_report *report)
{
	bool both = how->method == FILL_DROPOUTNET;
	float *metric = both ? metric_of(w, other) : NULL, *made;
	struct mapper_how net = how->net;
	struct mapper *m;
	size_t rows = w->x->rows;

	net.drop = both ? net.drop : 1;
	m = mapper_fit(w->x, w->cols, w->target, w->width, metric, w->row, w->known, &net,
		&report->steps, &report->loss);
	made = mem_new(rows * w->width, sizeof *made);
	mapper_apply(made, m, w->x, both ? w->target : NULL, w->row, w->known);
	mapper_apply(made + w->known * w->width, m, w->x, NULL, w->row + w->known, rows - w->known);
	for (size_t i = 0; i < rows; i++)
		memcpy(w->out + w->row[i] * w->width, made + i * w->width, w->width * sizeof *made);
	free(made);
	free(metric);
	mapper_free(m);
}

/* ---- the model ---- */

static void put_rows(struct side *to, const struct work *w, size_t first)
{
	for (size_t i = first; i < w->x->rows; i++) {
		size_t r = w->row[i];
		const float *out = w->out + r * w->width;

		for (size_t k = 0; k < w->dim; k++)
			to->factors[r * w->dim + k] = out[k] + w->mean[k];
		to->bias[r] = out[w->dim] + w->mean[w->dim];
	}
}

struct mf *fill_factors(struct fill_report *report, const struct mf *from, const struct csr *x,
	size_t cols, const uint8_t *known, const struct fill_how *how)
{
	struct mf *mf = mf_enlarged(from, how->of_users ? x->rows : 0, how->of_users ? 0 : x->rows);
	struct side old = side_of(from, how->of_users), other = side_of(from, !how->of_users);
	struct side side = side_of(mf, how->of_users);
	struct work w = { .x = x,
		.cols = cols,
		.dim = from->dim,
		.width = (from->dim + AXPY_LANES) / AXPY_LANES * AXPY_LANES };

	open_work(&w, &old, known);
	*report = (struct fill_report){ .known = w.known, .filled = x->rows - w.known };
	if (how->method == FILL_NEIGHBOURS)
		by_neighbours(&w, known, how->neighbours);
	else if (how->method == FILL_RIDGE)
		by_ridge(&w, how->l2, &report->steps);
	else
		by_network(&w, &other, how, report);
	put_rows(&side, &w, how->method == FILL_DROPOUTNET ? 0 : w.known);
	close_work(&w);
	return mf;
}
