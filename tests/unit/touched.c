/* Sums by id and steps of the rows that occur, against plain loops; equal bits from every
 * instruction set. Gradients as a whole are checked in net.c. */
#include "touched.h"

#include <stdlib.h>

#include "levels.h"
#include "mem.h"
#include "par.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 9, BATCH = 12, MOST = (ROWS + 1) * 16 };

struct made {
	float w[MOST], m[MOST], v[MOST], linear[ROWS + 1], lm[ROWS + 1], lv[ROWS + 1];
};

static void make(struct made *d, struct embed_table *t, size_t dim)
{
	memset(d, 0, sizeof *d);
	for (uint64_t i = 0; i < ROWS * dim; i++)
		d->w[i] = (float)rng_normal(1, RNG_MAKE, i);
	for (uint64_t i = 0; i < ROWS; i++)
		d->linear[i] = (float)rng_normal(2, RNG_MAKE, i);
	*t = (struct embed_table){ ROWS, dim, d->w, d->m, d->v, d->linear, d->lm, d->lv };
}

/* Ids 2, 2, 5 of one field that owns rows 1 .. 7, over a batch of 12 rows. */
static void steps(size_t dim, bool lazy)
{
	void (*const run[])(struct embed_table *, const struct touched_piece *,
		const struct optim_step *, float *) = LEVELS(touched_step);
	static const uint32_t id[] = { 2, 2, 5 }, row[] = { 0, 11, 4 };
	float dx[BATCH * 16], slope[BATCH], scratch[TOUCHED_TOGETHER * 16];
	struct optim_step a = { OPTIM_ADAM, 0.1f, 1, 0.01f, 1, 0, INFINITY, 1, NULL };
	static struct made d[3];
	int equal = 1;

	for (uint64_t i = 0; i < BATCH * 16; i++)
		dx[i] = (float)rng_normal(5, RNG_MAKE, i);
	for (uint64_t i = 0; i < BATCH; i++)
		slope[i] = (float)rng_normal(6, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++) {
		struct embed_table t;
		struct touched_piece p = { id, row, NULL, 3, 1, 8, lazy, BATCH, dx, 16, slope };
		double before, g;

		make(d + l, &t, dim);
		before = (double)d[l].w[2 * dim];
		run[l](&t, &p, &a, scratch);
		g = (double)dx[0] + (double)dx[11 * 16] + 0.01 * before;
		near((double)d[l].m[2 * dim], 0.1 * g, 1e-6,
			"an id's gradient is the sum over its rows");
		near((double)d[l].lm[5], 0.1 * ((double)slope[4] + 0.01 * (double)d[l].linear[5]),
			1e-2, "  also of the linear weight");
		ok((d[l].m[3 * dim] != 0) == !lazy,
			lazy ? "lazy: other ids rest" : "dense: other ids decay");
		ok(d[l].m[0] == 0 && d[l].m[8 * dim] == 0, "ids of other pieces are not touched");
		equal &= memcmp(d, d + l, sizeof *d) == 0;
	}
	ok(equal, "the same bits from every instruction set");
}

/* A batch of 400 rows whose ids have 1, 2, ... entries, more than take their steps together. */
enum { MANY = 400, IDS = 90, WIDE = 160 };

static float *normals(size_t n, uint64_t seed)
{
	float *x = mem_new(n, sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = (float)rng_normal(seed, RNG_MAKE, i);
	return x;
}

/* Shards in row order, then their tree: what every sum is to the last bit. */
static float plain(const struct touched_piece *p, uint32_t id, const float *x, size_t ldx)
{
	float sum[PAR_SHARDS] = { 0 };

	for (size_t s = 0; s < PAR_SHARDS; s++)
		for (size_t i = 0; i < p->n; i++)
			if (p->id[i] == id && p->row[i] >= par_shard(s, MANY) &&
				p->row[i] < par_shard(s + 1, MANY))
				sum[s] = fmaf(p->weight[i], x[p->row[i] * ldx], sum[s]);
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void sums(size_t width)
{
	void (*const run[])(float *, float *, const struct touched_piece *, size_t) =
		LEVELS(touched_sums);
	uint32_t id[MANY], row[MANY];
	float *dx = normals(MANY * WIDE, 7), *slope = normals(MANY, 8), *weight = normals(MANY, 9);
	struct touched_piece p = { id, row, weight, 0, 3, 3 + IDS, false, MANY, dx, WIDE, slope };
	float *sum = mem_new(IDS * width, sizeof *sum), linear[IDS] = { 0 };

	for (uint32_t k = 0; k < IDS; k++) /* 1, 1, 1, ..., 2, 3, ..., 20 entries */
		for (uint32_t i = 0; i <= (k < 70 ? 0 : k - 70) && k != 5; i++, p.n++) {
			id[p.n] = 3 + k;
			row[p.n] = (uint32_t)((i * 97 + k * 31) % MANY);
			for (size_t at = p.n; i && row[at] < row[at - 1]; at--) {
				uint32_t keep = row[at];

				row[at] = row[at - 1];
				row[at - 1] = keep;
				if (id[at - 1] != id[at - 2])
					break;
			}
		}
	for (int l = 0; l < levels(); l++) {
		int equal = 1;

		run[l](sum, linear, &p, width);
		for (uint32_t k = 0; k < IDS; k++) {
			for (size_t d = 0; d < width; d++)
				equal &= sum[k * width + d] == plain(&p, 3 + k, dx + d, WIDE);
			equal &= linear[k] == plain(&p, 3 + k, slope, 1);
		}
		ok(equal, "sums by id are those of their shards, of any number of entries");
	}
	free(dx);
	free(slope);
	free(weight);
	free(sum);
}

int main(void)
{
	sums(160);
	sums(16);
	sums(7);
	steps(16, false);
	steps(6, true);
	return done();
}
