#include "mapper.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "axpy.h"
#include "cholesky.h"
#include "gemm.h"
#include "mem.h"
#include "optim.h"
#include "rng.h"

static const double START = 0.1; /* deviation of W1 at first: a rare word shall say little */
static const double SLACK = 1e-6; /* what a metric gets on its diagonal, of its mean there */

struct mapper {
	size_t cols, hidden, width;
	float unit; /* factors are learned as multiples of this, their root mean square */
	float *w, *m, *v; /* all weights, Adam's moments; one block */
	size_t weights;
	float *b1, *b2, *w2, *pref, *w1; /* places in w */
};

/* What is learned from. */
struct lesson {
	const struct csr *x;
	const float *q;
	double scale;
};

/* Some rows of a batch. */
struct batch {
	const uint32_t *row;
	const unsigned char *keep;
	size_t n;
	struct csr x, turned; /* (n, cols), (cols, n) */
	float *q, *h, *out, *dout, *dh;
	double *loss;
};

/* ---- weights ---- */

struct mapper *mapper_new(size_t cols, size_t hidden, size_t width)
{
	struct mapper *m = mem_new(1, sizeof *m);

	assert(hidden % AXPY_LANES == 0 && width % AXPY_LANES == 0);
	assert(hidden <= MAPPER_WIDTH && width <= MAPPER_WIDTH);
	*m = (struct mapper){ .cols = cols, .hidden = hidden, .width = width, .unit = 1 };
	m->weights = hidden + width + 2 * hidden * width + cols * hidden;
	m->w = mem_new(3 * m->weights, sizeof *m->w);
	m->m = m->w + m->weights;
	m->v = m->m + m->weights;
	m->b1 = m->w;
	m->b2 = m->b1 + hidden;
	m->w2 = m->b2 + width;
	m->pref = m->w2 + hidden * width;
	m->w1 = m->pref + width * hidden;
	return m;
}

static void draw(float *w, size_t n, double deviation, uint64_t seed, uint64_t part)
{
#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++)
		w[i] = (float)(deviation * rng_normal(rng_derive(seed, part), RNG_INIT, i));
}

static void start(struct mapper *m, uint64_t seed)
{
	draw(m->w2, m->hidden * m->width, 1 / sqrt((double)m->hidden), seed, 0);
	draw(m->pref, m->hidden * m->width, 1 / sqrt((double)m->width), seed, 1);
	draw(m->w1, m->cols * m->hidden, START, seed, 2);
}

void mapper_free(struct mapper *m)
{
	free(m->w);
	free(m);
}

struct mapper_parts mapper_parts(struct mapper *m)
{
	return (struct mapper_parts){ m->cols, m->hidden, m->width, &m->unit, m->b1, m->b2, m->w1,
		m->w2 };
}

size_t mapper_weights(const struct mapper *m)
{
	return m->weights;
}

float *mapper_weight(struct mapper *m)
{
	return m->w;
}

/* ---- forward ---- */

/* q (width) in units; NULL: from content alone. */
static void pass(const struct mapper *m, float *h, float *out, const struct csr *x, size_t row,
	const float *q)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);

	memcpy(h, m->b1, m->hidden * sizeof *h);
	for (uint64_t e = x->at[row]; e < x->at[row + 1]; e++)
		add(h, x->value[e], m->w1 + (size_t)x->id[e] * m->hidden, m->hidden);
	for (size_t k = 0; q && k < m->width; k++)
		if (q[k] != 0)
			add(h, q[k], m->pref + k * m->hidden, m->hidden);
	memcpy(out, m->b2, m->width * sizeof *out);
	for (size_t j = 0; j < m->hidden; j++) {
		h[j] = h[j] > 0 ? h[j] : 0;
		if (h[j] > 0)
			add(out, h[j], m->w2 + j * m->width, m->width);
	}
}

static void take_units(float *to, const struct mapper *m, const float *q, uint32_t row)
{
	for (size_t k = 0; k < m->width; k++)
		to[k] = q[(size_t)row * m->width + k] / m->unit;
}

/* |e|^2 / scale; d <- e / scale. */
static double error(float *d, const float *e, const struct lesson *l, size_t width)
{
	for (size_t k = 0; k < width; k++)
		d[k] = (float)((double)e[k] / l->scale);
	return (double)SIMD_CALL(gemm_dot, d, e, width);
}

void mapper_apply(float *out, const struct mapper *m, const struct csr *x, const float *q,
	const uint32_t *row, size_t n)
{
#pragma omp parallel for schedule(dynamic, 32)
	for (size_t r = 0; r < n; r++) {
		float h[MAPPER_WIDTH], own[MAPPER_WIDTH], *to = out + r * m->width;

		if (q)
			take_units(own, m, q, row[r]);
		pass(m, h, to, x, row[r], q ? own : NULL);
		for (size_t k = 0; k < m->width; k++)
			to[k] *= m->unit;
	}
}

/* ---- backward ---- */

static struct csr cut(const struct csr *x, const uint32_t *row, size_t n)
{
	struct csr part = { .rows = n, .at = mem_new(n + 1, sizeof *part.at) };

	for (size_t r = 0; r < n; r++)
		part.at[r + 1] = part.at[r] + (x->at[row[r] + 1] - x->at[row[r]]);
	part.id = mem_new(part.at[n], sizeof *part.id);
	part.value = mem_new(part.at[n], sizeof *part.value);
	for (size_t r = 0; r < n; r++) {
		size_t length = part.at[r + 1] - part.at[r];

		memcpy(part.id + part.at[r], x->id + x->at[row[r]], length * sizeof *part.id);
		memcpy(part.value + part.at[r], x->value + x->at[row[r]],
			length * sizeof *part.value);
	}
	return part;
}

/* Forward, errors, and the slopes by out and by h. */
static void run_row(const struct mapper *m, struct batch *b, const struct lesson *l, size_t r)
{
	float *q = b->q + r * m->width, *h = b->h + r * m->hidden, *out = b->out + r * m->width;
	float *dout = b->dout + r * m->width, *dh = b->dh + r * m->hidden;

	take_units(q, m, l->q, b->row[r]);
	pass(m, h, out, &b->x, r, b->keep[r] ? q : NULL);
	for (size_t k = 0; k < m->width; k++)
		out[k] -= q[k];
	b->loss[r] = error(dout, out, l, m->width) / 2;
	for (size_t k = 0; k < m->width; k++)
		dout[k] /= (float)b->n;
	for (size_t j = 0; j < m->hidden; j++)
		dh[j] = h[j] > 0 ? SIMD_CALL(gemm_dot, m->w2 + j * m->width, dout, m->width) : 0;
}

/* Where the gradient of n weights from w goes: a step, or the caller's array. */
struct sink {
	struct mapper *m;
	const struct optim_step *how;
	float *gradient;
};

static void put(const struct sink *s, float *w, const float *g, size_t n)
{
	size_t at = (size_t)(w - s->m->w);

	if (s->gradient)
		memcpy(s->gradient + at, g, n * sizeof *g);
	else
		SIMD_CALL(optim_step, w, s->m->m + at, s->m->v + at, g, n, s->how);
}

/* g <- sum over rows of d[r], times a[r * stride] if there is a. */
static void add_rows(
	float *g, const float *a, size_t stride, const float *d, size_t n, size_t width)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);

	memset(g, 0, width * sizeof *g);
	for (size_t r = 0; r < n; r++)
		if (!a || a[r * stride] != 0)
			add(g, a ? a[r * stride] : 1, d + r * width, width);
}

static void step_dense(const struct sink *s, const struct batch *b)
{
	struct mapper *m = s->m;
	float g[MAPPER_WIDTH];

	add_rows(g, NULL, 0, b->dh, b->n, m->hidden);
	put(s, m->b1, g, m->hidden);
	add_rows(g, NULL, 0, b->dout, b->n, m->width);
	put(s, m->b2, g, m->width);
#pragma omp parallel for schedule(static)
	for (size_t j = 0; j < m->hidden + m->width; j++) {
		float sum[MAPPER_WIDTH];
		size_t k = j - m->hidden;

		if (j < m->hidden) {
			add_rows(sum, b->h + j, m->hidden, b->dout, b->n, m->width);
			put(s, m->w2 + j * m->width, sum, m->width);
		} else {
			add_rows(sum, b->q + k, m->width, b->dh, b->n, m->hidden);
			put(s, m->pref + k * m->hidden, sum, m->hidden);
		}
	}
}

/* Only words that the batch has take a step. */
static void step_words(const struct sink *s, const struct batch *b)
{
	void (*add)(float *, float, const float *, size_t) = SIMD_PICK(axpy);
	struct mapper *m = s->m;

#pragma omp parallel for schedule(dynamic, 64)
	for (size_t f = 0; f < m->cols; f++) {
		float g[MAPPER_WIDTH];
		uint64_t from = b->turned.at[f], end = b->turned.at[f + 1];

		if (from == end)
			continue;
		memset(g, 0, m->hidden * sizeof *g);
		for (uint64_t e = from; e < end; e++)
			add(g, b->turned.value[e], b->dh + (size_t)b->turned.id[e] * m->hidden,
				m->hidden);
		put(s, m->w1 + f * m->hidden, g, m->hidden);
	}
}

/* One step, or the gradient; the mean loss before it. */
static double run_batch(const struct sink *s, const struct lesson *l, const uint32_t *row,
	const unsigned char *keep, size_t n)
{
	struct mapper *m = s->m;
	struct batch b = { row, keep, n, cut(l->x, row, n), { 0 }, NULL, NULL, NULL, NULL, NULL,
		mem_new(n, sizeof *b.loss) };
	double loss = 0;

	b.turned = csr_transpose(&b.x, m->cols);
	b.q = mem_new(n * (3 * m->width + 2 * m->hidden), sizeof *b.q);
	b.out = b.q + n * m->width;
	b.dout = b.out + n * m->width;
	b.h = b.dout + n * m->width;
	b.dh = b.h + n * m->hidden;
#pragma omp parallel for schedule(dynamic, 8)
	for (size_t r = 0; r < n; r++)
		run_row(m, &b, l, r);
	for (size_t r = 0; r < n; r++) {
		loss += b.loss[r];
		if (!keep[r])
			memset(b.q + r * m->width, 0, m->width * sizeof *b.q);
	}
	step_dense(s, &b);
	step_words(s, &b);
	csr_free(&b.x);
	csr_free(&b.turned);
	free(b.q);
	free(b.loss);
	return loss / (double)n;
}

double mapper_slope(struct mapper *m, float *gradient, const struct csr *x, const float *q,
	const uint32_t *row, const unsigned char *keep, size_t n)
{
	struct lesson l = { x, q, 1 };

	memset(gradient, 0, m->weights * sizeof *gradient);
	return run_batch(&(struct sink){ m, NULL, gradient }, &l, row, keep, n);
}

/* ---- the metric ---- */

/* L of C = L L^T; what C lacks to have one is added. NULL without C. */
static double *factor_of(const float *metric, size_t width)
{
	double *l, whole = 0;

	if (!metric)
		return NULL;
	l = mem_new(width * width, sizeof *l);
	for (size_t i = 0; i < width * width; i++)
		l[i] = (double)metric[i];
	for (size_t i = 0; i < width; i++)
		whole += l[i * width + i];
	for (size_t i = 0; i < width; i++)
		l[i * width + i] += whole > 0 ? SLACK * whole / (double)width : 1;
	if (!cholesky_factor(l, width))
		for (size_t i = 0; i < width * width; i++)
			l[i] = i % (width + 1) == 0; /* not finite, as the loss will be */
	return l;
}

/* to (rows of q, width) <- q L for the rows row[0 .. n). */
static void turn_rows(
	float *to, const float *q, const double *l, size_t width, const uint32_t *row, size_t n)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < width; j++) {
			const float *from = q + (size_t)row[r] * width;
			double sum = 0;

			for (size_t k = j; k < width; k++)
				sum += (double)from[k] * l[k * width + j];
			to[(size_t)row[r] * width + j] = (float)sum;
		}
}

/* w (rows, width) <- w L^-1 */
static void turn_back(float *w, const double *l, size_t rows, size_t width)
{
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++) {
		double x[MAPPER_WIDTH];

		for (size_t k = 0; k < width; k++)
			x[k] = (double)w[r * width + k];
		cholesky_back(x, l, width, 1);
		for (size_t k = 0; k < width; k++)
			w[r * width + k] = (float)x[k];
	}
}

/* A network of q L and out L becomes one of q and out. */
static void unturn(struct mapper *m, const double *l)
{
	size_t n = m->width, wide = m->hidden;
	double *sum = mem_new(wide, sizeof *sum);

	turn_back(m->b2, l, 1, n);
	turn_back(m->w2, l, wide, n);
	for (size_t k = n; k-- > 0;) { /* V <- L V, from the last row up */
		memset(sum, 0, wide * sizeof *sum);
		for (size_t j = 0; j <= k; j++)
			for (size_t h = 0; h < wide; h++)
				sum[h] += l[k * n + j] * (double)m->pref[j * wide + h];
		for (size_t h = 0; h < wide; h++)
			m->pref[k * wide + h] = (float)sum[h];
	}
	free(sum);
}

/* ---- training ---- */

static void measure(struct mapper *m, struct lesson *l, const uint32_t *row, size_t n)
{
	float *d = mem_new(2 * m->width, sizeof *d), *own = d + m->width;
	double sum = 0;

	for (size_t r = 0; r < n; r++)
		for (size_t k = 0; k < m->width; k++) {
			double x = (double)l->q[(size_t)row[r] * m->width + k];

			sum += x * x;
		}
	m->unit = sum > 0 ? (float)sqrt(sum / (double)(n * m->width)) : 1;
	l->scale = 1;
	sum = 0;
	for (size_t r = 0; r < n; r++) {
		take_units(own, m, l->q, row[r]);
		sum += error(d, own, l, m->width);
	}
	l->scale = sum > 0 ? sum / (double)n : 1;
	free(d);
}

/* The mean of |out - q|^2 / scale from content alone. */
static double judge(const struct mapper *m, const struct lesson *l, const uint32_t *row, size_t n)
{
	double *loss = mem_new(n, sizeof *loss), sum = 0;

#pragma omp parallel for schedule(dynamic, 32)
	for (size_t r = 0; r < n; r++) {
		float h[MAPPER_WIDTH], out[MAPPER_WIDTH], q[MAPPER_WIDTH], d[MAPPER_WIDTH];

		take_units(q, m, l->q, row[r]);
		pass(m, h, out, l->x, row[r], NULL);
		for (size_t k = 0; k < m->width; k++)
			out[k] -= q[k];
		loss[r] = error(d, out, l, m->width);
	}
	for (size_t r = 0; r < n; r++)
		sum += loss[r];
	free(loss);
	return sum / (double)n;
}

/* One pass over order[0 .. n), drawn anew. */
static void run_epoch(struct mapper *m, const struct lesson *l, uint32_t *order,
	const uint32_t *row, size_t n, const struct mapper_how *how, size_t epoch,
	struct optim_clock *clock)
{
	const struct optim adam = { .kind = OPTIM_ADAM, .clip = INFINITY };
	unsigned char *keep = mem_new(n, 1);
	uint32_t *drawn = mem_new(n, sizeof *drawn);
	uint64_t seed = rng_derive(how->seed, epoch);

	rng_permute(order, n, seed, RNG_SHUFFLE);
	for (size_t r = 0; r < n; r++) {
		drawn[r] = row[order[r]];
		keep[r] = rng_unit(seed, RNG_DROPOUT, r) >= how->drop;
	}
	for (size_t at = 0; at < n; at += how->batch) {
		struct optim_step step;

		optim_tick(clock);
		step = optim_at(clock, &adam, how->rate, how->l2);
		run_batch(&(struct sink){ m, &step, NULL }, l, drawn + at, keep + at,
			n - at < how->batch ? n - at : how->batch);
	}
	free(keep);
	free(drawn);
}

/* The best of all epochs, by the judged. */
static void train(struct mapper *m, const struct lesson *l, const uint32_t *row, size_t n,
	const struct mapper_how *how, size_t *best, double *loss)
{
	struct optim_clock clock = { 1, 1 };
	uint32_t *order = mem_new(n, sizeof *order), *mixed = mem_new(n, sizeof *mixed);
	size_t judged = (size_t)(how->judged * (double)n);
	float *kept = mem_new(m->weights, sizeof *kept);

	rng_permute(order, n, how->seed, RNG_SAMPLE);
	for (size_t r = 0; r < n; r++)
		mixed[r] = row[order[r]];
	judged = judged ? judged : n; /* few rows judge themselves */
	*loss = NAN;
	*best = 0;
	for (size_t e = 1; e <= how->epochs; e++) {
		const uint32_t *learned = judged < n ? mixed + judged : mixed;
		double now;

		run_epoch(m, l, order, learned, judged < n ? n - judged : n, how, e, &clock);
		now = judge(m, l, mixed, judged);
		if (!(now < *loss) && !(isnan(*loss) && isfinite(now)))
			continue;
		*loss = now;
		*best = e;
		memcpy(kept, m->w, m->weights * sizeof *kept);
	}
	memcpy(m->w, kept, m->weights * sizeof *kept);
	free(order);
	free(mixed);
	free(kept);
}

struct mapper *mapper_fit(const struct csr *x, size_t cols, const float *q, size_t width,
	const float *metric, const uint32_t *row, size_t n, const struct mapper_how *how,
	size_t *best, double *loss)
{
	struct mapper *m = mapper_new(cols, how->hidden, width);
	double *turn = factor_of(metric, width);
	float *turned = turn ? mem_new(x->rows * width, sizeof *turned) : NULL;
	struct lesson l = { x, turn ? turned : q, 1 };

	if (turn)
		turn_rows(turned, q, turn, width, row, n);
	start(m, how->seed);
	measure(m, &l, row, n);
	train(m, &l, row, n, how, best, loss);
	if (turn)
		unturn(m, turn);
	free(turn);
	free(turned);
	return m;
}
