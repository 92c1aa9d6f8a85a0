#include "duel.h"

#include <stdbool.h>
#include <stdint.h>

enum { TRIES = 16 };

typedef int32_t int_four __attribute__((vector_size(16)));

struct pair {
	float *q[2]; /* factors of positive and negative */
	float *bias[2];
	float weight;
};

/* 1 / (1 + e^x), by Cephes' expf: products and sums only, so the same bits everywhere. */
SIMD_INLINE vf_four fall(vf_four x)
{
	const vf_four log2e = { 1.44269504F, 1.44269504F, 1.44269504F, 1.44269504F };
	const float magic = 12582912; /* 1.5 * 2^23: adding it rounds to a whole number */
	vf_four n, r, p;
	int_four low = x<-80, high = x> 80;

	x = (vf_four)(((int_four)x & ~(low | high)) |
		      ((int_four)(vf_four){ -80, -80, -80, -80 } & low) |
		      ((int_four)(vf_four){ 80, 80, 80, 80 } & high));
	n = (x * log2e + magic) - magic;
	r = x - n * 0.693359375F;
	r = r - n * -2.12194440e-4F;
	p = r * 1.9875691500e-4F + 1.3981999507e-3F;
	p = p * r + 8.3334519073e-3F;
	p = p * r + 4.1665795894e-2F;
	p = p * r + 1.6666665459e-1F;
	p = p * r + 5.0000001201e-1F;
	p = p * (r * r) + r + 1;
	p = (vf_four)((int_four)p + (__builtin_convertvector(n, int_four) << 23));
	return 1 / (1 + p);
}

SIMD_INLINE uint64_t mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

/* ---- a step ---- */

enum { QUADS = DUEL_GROUP / 4 };

SIMD_INLINE vf_four take(const float *x)
{
	vf_four y;

	memcpy(&y, x, sizeof y);
	return y;
}

SIMD_INLINE void put(float *to, vf_four x)
{
	memcpy(to, &x, sizeof x);
}

/* x of the n pairs, four by four. */
SIMD_INLINE void leads(float *x, const vf *p, const struct pair *pair, size_t n, size_t steps)
{
	vf sum[QUADS][4][VF_PER];

	SIMD_UNROLL
	for (size_t j = 0; j < DUEL_GROUP; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++)
		sum[j / 4][j % 4][h] = vf_set(0);
	SIMD_UNROLL
	for (size_t v = 0; v < steps; v++)
		SIMD_UNROLL
	for (size_t j = 0; j < n; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++) {
		size_t at = v * SGD_LANES + h * VW;

		sum[j / 4][j % 4][h] = vf_fma(p[v * VF_PER + h],
			vf_load(pair[j].q[0] + at) - vf_load(pair[j].q[1] + at),
			sum[j / 4][j % 4][h]);
	}
	SIMD_UNROLL
	for (size_t u = 0; u < (n + 3) / 4; u++)
		put(x + 4 * u, vf_sum_four(sum[u]));
}

/* Pair after pair, so that one column twice in a group takes both steps. */
SIMD_INLINE void move(vf *p, const struct pair *pair, const float *g, size_t n, size_t steps,
	const struct sgd_step *step)
{
	vf own = vf_set(step->shrink[1]), each = own, gain[DUEL_GROUP];

	SIMD_UNROLL
	for (size_t j = 1; j < n; j++)
		own *= each;
	SIMD_UNROLL
	for (size_t j = 0; j < n; j++)
		gain[j] = vf_set(g[j]);
	SIMD_UNROLL
	for (size_t v = 0; v < steps * VF_PER; v++) {
		vf old = p[v], new = old *own;

		SIMD_UNROLL
		for (size_t j = 0; j < n; j++) {
			vf y = vf_load(pair[j].q[0] + v * VW), z = vf_load(pair[j].q[1] + v * VW);
			vf way = gain[j] * old;

			new = vf_fma(gain[j], y - z, new);
			vf_store(pair[j].q[0] + v * VW, vf_fma(y, each, way));
			vf_store(pair[j].q[1] + v * VW, vf_fma(z, each, vf_set(0) - way));
		}
		p[v] = new;
	}
}

/* n is at most 4, or DUEL_GROUP. */
SIMD_INLINE uint64_t group(vf *p, const struct pair *pair, size_t n, size_t steps,
	const struct sgd_step *step, bool biased)
{
	float x[DUEL_GROUP] = { 0 }, w[DUEL_GROUP] = { 0 }, g[DUEL_GROUP];
	uint64_t won = 0;

	leads(x, p, pair, n, steps);
	SIMD_UNROLL
	for (size_t j = 0; j < n; j++) {
		w[j] = pair[j].weight;
		if (biased)
			x[j] += *pair[j].bias[0] - *pair[j].bias[1];
		won += x[j] > 0;
	}
	SIMD_UNROLL
	for (size_t u = 0; u < n; u += 4)
		put(g + u, fall(take(x + u)) * (take(w + u) * step->rate));
	for (size_t j = 0; biased && j < n; j++) {
		*pair[j].bias[0] = *pair[j].bias[0] * step->shrink[1] + g[j];
		*pair[j].bias[1] = *pair[j].bias[1] * step->shrink[1] - g[j];
	}
	move(p, pair, g, n, steps, step);
	return won;
}

/* ---- a row ---- */

/* The row's positives: those of chunk c are col[c][0 .. n[c]). */
struct have {
	const uint16_t *col[2];
	const float *weight[2];
	size_t n[2];
};

/* A column of both chunks, those of the second behind the first; its mark says whether it is a
 * positive of the row. False when there are only such. */
SIMD_INLINE bool draw(const struct duel *d, uint64_t *count, size_t *chosen)
{
	const struct duel_chunk *a = &d->chunk[0], *b = &d->chunk[1];
	size_t first = a->often ? a->often_n : a->cols, all = first;

	all += a->often ? b->often_n : b->cols;
	for (int t = 0; t < TRIES; t++) {
		uint64_t bits = mix(d->key + 0x9E3779B97F4A7C15u * ++*count);
		size_t x = (size_t)(((bits >> 32) * all) >> 32);

		if (a->often)
			x = x < first ? a->often[x] : a->cols + b->often[x - first];
		*chosen = x;
		if (!d->mark[x])
			return true;
	}
	return false;
}

SIMD_INLINE void point(struct pair *pair, int which, const struct duel *d, size_t x, size_t steps)
{
	const struct duel_chunk *c = &d->chunk[x >= d->chunk[0].cols];

	x -= x >= d->chunk[0].cols ? d->chunk[0].cols : 0;
	pair->q[which] = c->col.factors + x * steps * SGD_LANES;
	pair->bias[which] = c->col.bias ? c->col.bias + x : NULL;
}

/* The last n < DUEL_GROUP pairs of a row. */
SIMD_INLINE uint64_t rest(vf *p, const struct pair *pair, size_t n, size_t steps,
	const struct sgd_step *step, bool biased)
{
	uint64_t won = 0;

	if (n >= 4) {
		won += group(p, pair, 4, steps, step, biased);
		pair += 4;
		n -= 4;
	}
	if (n == 1)
		won += group(p, pair, 1, steps, step, biased);
	else if (n == 2)
		won += group(p, pair, 2, steps, step, biased);
	else if (n == 3)
		won += group(p, pair, 3, steps, step, biased);
	return won;
}

SIMD_INLINE struct duel_count row(vf *p, const struct duel *d, const struct have *have,
	uint64_t *count, size_t steps, const struct sgd_step *step, bool biased)
{
	size_t n = 0, positives = have->n[0] + have->n[1], first = d->chunk[0].cols;
	struct duel_count told = { 0, 0 };
	struct pair pair[DUEL_GROUP];

	for (size_t e = 0; e < positives; e++) {
		bool second = e >= have->n[0];
		size_t at = second ? e - have->n[0] : e, chosen;

		if (draw(d, count, &chosen)) {
			point(&pair[n], 0, d, have->col[second][at] + (second ? first : 0), steps);
			point(&pair[n], 1, d, chosen, steps);
			pair[n++].weight = have->weight[second] ? have->weight[second][at] : 1;
			told.pairs++;
		}
		if (n == DUEL_GROUP) {
			told.won += group(p, pair, DUEL_GROUP, steps, step, biased);
			n = 0;
		}
	}
	told.won += rest(p, pair, n, steps, step, biased);
	return told;
}

/* Sets the marks of the row's positives to `to`. */
SIMD_INLINE void mark(const struct duel *d, const struct have *have, uint8_t to)
{
	for (int c = 0; c < 2; c++)
		for (size_t e = 0; e < have->n[c]; e++)
			d->mark[have->col[c][e] + (c ? d->chunk[0].cols : 0)] = to;
}

/* ---- all rows ---- */

struct walk { /* through the rows of a block; `row` is the next one, UINT32_MAX after the last */
	const struct sgd_block *block;
	size_t run, at;
	uint32_t row;
};

SIMD_INLINE void walk_on(struct walk *w)
{
	const struct sgd_block *block = w->block;
	uint32_t row = w->run ? w->row : 0;

	while (block && w->run < block->runs) {
		row += block->run[w->run].skip;
		if (block->run[w->run].n) {
			w->row = row;
			return;
		}
		w->run++;
	}
	w->row = UINT32_MAX;
}

/* The row's ratings, all its runs, and on to the next row. */
SIMD_INLINE size_t walk_row(struct walk *w)
{
	const struct sgd_run *run = w->block->run;
	size_t n = run[w->run++].n;

	while (w->run < w->block->runs && !run[w->run].skip)
		n += run[w->run++].n;
	w->at += n;
	walk_on(w);
	return n;
}

SIMD_INLINE struct duel_count rows(
	vf *p, const struct duel *d, size_t steps, const struct sgd_step *step, bool biased)
{
	struct walk walk[2] = { { d->chunk[0].block, 0, 0, 0 }, { d->chunk[1].block, 0, 0, 0 } };
	struct duel_count told = { 0, 0 };
	uint64_t count = 0;

	walk_on(&walk[0]);
	walk_on(&walk[1]);
	for (;;) {
		uint32_t a = walk[0].row, b = walk[1].row, x = a < b ? a : b;
		float *home = d->row + (size_t)x * steps * SGD_LANES;
		struct have have = { { NULL, NULL }, { NULL, NULL }, { 0, 0 } };
		struct duel_count some;

		if (x == UINT32_MAX)
			return told;
		for (int c = 0; c < 2; c++) {
			struct walk *w = &walk[c];

			if ((c ? b : a) != x)
				continue;
			have.col[c] = w->block->col + w->at;
			have.weight[c] = w->block->weight ? w->block->weight + w->at : NULL;
			have.n[c] = walk_row(w);
		}
		mark(d, &have, 1);
		SIMD_UNROLL
		for (size_t v = 0; v < steps * VF_PER; v++)
			p[v] = vf_load(home + v * VW);
		some = row(p, d, &have, &count, steps, step, biased);
		SIMD_UNROLL
		for (size_t v = 0; v < steps * VF_PER; v++)
			vf_store(home + v * VW, p[v]);
		mark(d, &have, 0);
		told.pairs += some.pairs;
		told.won += some.won;
	}
}

#define WIDTH(name, n, room, biased)                                                               \
	static struct duel_count name(const struct duel *d, const struct sgd_step *step)           \
	{                                                                                          \
		vf p[(room)*VF_PER];                                                               \
                                                                                                   \
		return rows(p, d, n, step, biased);                                                \
	}
#if SIMD_NARROW
WIDTH(rows_2, 2, 2, false)
WIDTH(rows_4, 4, 4, false)
WIDTH(rows_8, 8, 8, false)
#endif
WIDTH(rows_any, step->width / SGD_LANES, SGD_WIDTH / SGD_LANES, false)
WIDTH(rows_biased, step->width / SGD_LANES, SGD_WIDTH / SGD_LANES, true)

struct duel_count SIMD_NAME(duel_run)(const struct duel *duel, const struct sgd_step *step)
{
	if (duel->chunk[0].col.bias)
		return rows_biased(duel, step);
	switch (step->width / SGD_LANES) {
#if SIMD_NARROW
	case 2:
		return rows_2(duel, step);
	case 4:
		return rows_4(duel, step);
	case 8:
		return rows_8(duel, step);
#endif
	default:
		return rows_any(duel, step);
	}
}
