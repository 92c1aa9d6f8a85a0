#include "fill.h"

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
	float *out; /* (rows, width), less the mean, in the order of row */
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
	free(w->out);
}

/* ---- the ways ---- */

static void by_neighbours(struct work *w, const uint8_t *known, size_t neighbours)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);
	struct similar_how how = { SIMILAR_COSINE, 0, neighbours, known };
	struct csr near = similar_lists(w->x, w->cols, &how);

#pragma omp parallel for schedule(dynamic, 64)
	for (size_t i = 0; i < near.rows; i++) {
		float sum = 0, *to = w->out + i * w->width;
		size_t r = w->row[i];

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

/* out (n, width) <- x W of the rows row[0 .. n) */
static void map_rows(float *out, const struct csr *x, const float *weight, size_t width,
	const uint32_t *row, size_t n)
{
#pragma omp parallel for schedule(dynamic, 64)
	for (size_t i = 0; i < n; i++)
		ridge_apply(out + i * width, x, row[i], weight, width);
}

static float *by_ridge(struct work *w, double l2, size_t *steps)
{
	struct csr known = known_rows(w);
	float *weight = ridge_fit(&known, w->cols, w->target, w->width, l2, WITHIN, STEPS, steps);

	map_rows(w->out, w->x, weight, w->width, w->row, w->x->rows);
	csr_free(&known);
	return weight;
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

static struct mapper *by_network(struct work *w, const struct side *other,
	const struct fill_how *how, struct fill_report *report)
{
	bool both = how->method == FILL_DROPOUTNET;
	float *metric = both ? metric_of(w, other) : NULL;
	struct mapper_how net = how->net;
	struct mapper *m;

	net.drop = both ? net.drop : 1;
	m = mapper_fit(w->x, w->cols, w->target, w->width, metric, w->row, w->known, &net,
		&report->steps, &report->loss);
	mapper_apply(w->out, m, w->x, both ? w->target : NULL, w->row, w->known);
	mapper_apply(w->out + w->known * w->width, m, w->x, NULL, w->row + w->known,
		w->x->rows - w->known);
	free(metric);
	return m;
}

/* ---- the model ---- */

static void put_row(struct side *to, size_t r, const float *out, const float *mean, size_t dim)
{
	for (size_t k = 0; k < dim; k++)
		to->factors[r * dim + k] = out[k] + mean[k];
	to->bias[r] = out[dim] + mean[dim];
}

size_t fill_width(size_t dim)
{
	return (dim + AXPY_LANES) / AXPY_LANES * AXPY_LANES;
}

struct mf *fill_factors(struct fill_report *report, const struct mf *from, const struct csr *x,
	size_t cols, const uint8_t *known, const struct fill_how *how, struct fill_map *map)
{
	struct mf *mf = mf_enlarged(from, how->of_users ? x->rows : 0, how->of_users ? 0 : x->rows);
	struct side old = side_of(from, how->of_users), other = side_of(from, !how->of_users);
	struct side side = side_of(mf, how->of_users);
	struct work w = { .x = x, .cols = cols, .dim = from->dim, .width = fill_width(from->dim) };

	open_work(&w, &old, known);
	*report = (struct fill_report){ .known = w.known, .filled = x->rows - w.known };
	*map = (struct fill_map){ cols, w.dim, w.width, w.mean, NULL, NULL };
	if (how->method == FILL_NEIGHBOURS)
		by_neighbours(&w, known, how->neighbours);
	else if (how->method == FILL_RIDGE)
		map->weight = by_ridge(&w, how->l2, &report->steps);
	else
		map->net = by_network(&w, &other, how, report);
	for (size_t i = how->method == FILL_DROPOUTNET ? 0 : w.known; i < x->rows; i++)
		put_row(&side, w.row[i], w.out + i * w.width, w.mean, w.dim);
	close_work(&w);
	return mf;
}

struct mf *fill_more(
	const struct mf *from, const struct fill_map *map, const struct csr *x, bool of_users)
{
	struct mf *mf = mf_enlarged(from, of_users ? x->rows : 0, of_users ? 0 : x->rows);
	struct side side = side_of(mf, of_users);
	size_t first = of_users ? from->users : from->items;
	size_t n = x->rows > first ? x->rows - first : 0;
	uint32_t *row = mem_new(n, sizeof *row);
	float *out = mem_new(n * map->width, sizeof *out);

	for (size_t i = 0; i < n; i++)
		row[i] = (uint32_t)(first + i);
	if (map->net)
		mapper_apply(out, map->net, x, NULL, row, n);
	else
		map_rows(out, x, map->weight, map->width, row, n);
	for (size_t i = 0; i < n; i++)
		put_row(&side, row[i], out + i * map->width, map->mean, map->dim);
	free(row);
	free(out);
	return mf;
}

void fill_map_free(struct fill_map *map)
{
	free(map->mean);
	free(map->weight);
	if (map->net)
		mapper_free(map->net);
	*map = (struct fill_map){ 0 };
}
