#include "bprsgd.h"

#include <math.h>
#include <stdlib.h>

#include "duel.h"
#include "mem.h"
#include "rng.h"
#include "side.h"

static const double START = 0.1; /* deviation of a factor before training, times dim^(1/2) */

struct bprsgd {
	struct bprsgd_training training;
	double rate;
	size_t epochs;
	struct grid *grid;
	struct side user, item;
	size_t pairs; /* of item chunks: half the parts, or 1 */
	uint16_t *often; /* items by their positives, chunk by chunk; or NULL */
	size_t *often_at; /* (parts + 1) */
	/* of the epoch */
	struct sgd_step step;
	uint32_t *mate, *shift; /* pair m is chunks mate[2 m] and mate[2 m + 1] */
	struct duel_count *told; /* of each job */
};

uint64_t bprsgd_memory(const struct mf_rows *rows, uint32_t dim)
{
	uint64_t ids = (uint64_t)rows->users + rows->items;

	return (uint64_t)rows->n * (rows->weight ? 21 : 17) +
	       ids * (3 * (side_width(dim) + 1) * 4 + 8);
}

/* ---- the start ---- */

static void list_often(struct bprsgd *fit)
{
	const struct grid *g = fit->grid;
	size_t n = 0;

	fit->often = mem_new(g->n, sizeof *fit->often);
	for (size_t j = 0; j < g->parts; j++) {
		fit->often_at[j] = n;
		for (size_t i = 0; i < g->parts; i++) {
			const struct sgd_block *block = &g->block[i * g->parts + j];

			for (size_t r = 0, at = 0; r < block->runs; at += block->run[r++].n)
				for (size_t e = 0; e < block->run[r].n; e++)
					fit->often[n++] = block->col[at + e];
		}
	}
	fit->often_at[g->parts] = n;
}

struct bprsgd *bprsgd_new(const struct mf_rows *rows, const struct bprsgd_training *t)
{
	struct bprsgd *fit = mem_new(1, sizeof *fit);
	uint8_t *part = mem_new(rows->n, 1);
	struct grid_ratings r = { rows->user, rows->item, NULL, rows->weight, part, rows->n,
		rows->users, rows->items, 0, 1, true };
	double spread = START * sqrt(12 / (double)t->dim);

	for (size_t i = 0; i < rows->n; i++)
		part[i] = rows->label[i] > 0 && (!rows->part || rows->part[i] == 0) ? 0 : 1;
	fit->training = *t;
	fit->rate = t->rate;
	fit->grid = grid_new(&r, side_width(t->dim), t->seed);
	free(part);
	fit->user = side_new(rows->users, fit->grid->rows, fit->grid->row_slot, t->dim,
		rng_derive(t->seed, 0), spread);
	fit->item = side_new(rows->items, fit->grid->cols, fit->grid->col_slot, t->dim,
		rng_derive(t->seed, 1), spread);
	fit->pairs = fit->grid->parts > 1 ? fit->grid->parts / 2 : 1;
	fit->often_at = mem_new(fit->grid->parts + 1, sizeof *fit->often_at);
	if (t->popular)
		list_often(fit);
	fit->mate = mem_new(fit->grid->parts, sizeof *fit->mate);
	fit->shift = mem_new(fit->pairs, sizeof *fit->shift);
	fit->told = mem_new(fit->grid->parts * fit->pairs, sizeof *fit->told);
	return fit;
}

void bprsgd_start(struct bprsgd *fit, const struct mf *from)
{
	side_from(&fit->user, from->users, from->dim, from->user_factors, from->user_bias, 1, 0);
	side_from(&fit->item, from->items, from->dim, from->item_factors, from->item_bias, 1, 0);
}

size_t bprsgd_positives(const struct bprsgd *fit)
{
	return fit->grid->n;
}

/* ---- an epoch ---- */

static struct duel_chunk chunk(const struct bprsgd *fit, size_t i, size_t j)
{
	const struct grid *g = fit->grid;
	size_t from = j * g->col_chunk, left = from < g->cols ? g->cols - from : 0;
	struct duel_chunk c = { &g->block[i * g->parts + j], side_at(&fit->item, from, NULL),
		(uint32_t)(left < g->col_chunk ? left : g->col_chunk), NULL, 0 };

	if (!fit->training.bias)
		c.col.bias = NULL;
	if (fit->often) {
		c.often = fit->often + fit->often_at[j];
		c.often_n = fit->often_at[j + 1] - fit->often_at[j];
	}
	return c;
}

static void job(void *arg, size_t i, size_t m)
{
	struct bprsgd *fit = arg;
	const struct grid *g = fit->grid;
	struct duel d = { .row = side_at(&fit->user, i * g->row_chunk, NULL).factors };

	d.chunk[0] = chunk(fit, i, fit->mate[2 * m]);
	if (g->parts > 1)
		d.chunk[1] = chunk(fit, i, fit->mate[2 * m + 1]);
	d.mark = mem_new((size_t)d.chunk[0].cols + d.chunk[1].cols, 1);
	d.key = rng_derive(rng_derive(fit->training.seed, 3 + fit->epochs), i * fit->pairs + m);
	fit->told[i * fit->pairs + m] = SIMD_CALL(duel_run, &d, &fit->step);
	free(d.mark);
}

double bprsgd_epoch(struct bprsgd *fit)
{
	const struct bprsgd_training *t = &fit->training;
	size_t parts = fit->grid->parts;
	uint64_t seed = rng_derive(t->seed, 2);
	uint64_t pairs = 0, won = 0;

	fit->step = sgd_step(fit->user.width, fit->rate, t->l2);
	fit->rate *= t->decay;
	rng_permute(fit->mate, parts, rng_derive(seed, 2 * fit->epochs), RNG_SHUFFLE);
	grid_turn(fit->shift, fit->pairs, rng_derive(seed, 2 * fit->epochs + 1));
	grid_run(parts, fit->pairs, fit->shift, job, fit);
	fit->epochs++;
	for (size_t b = 0; b < parts * fit->pairs; b++) {
		pairs += fit->told[b].pairs;
		won += fit->told[b].won;
	}
	if (!side_finite(&fit->user) || !side_finite(&fit->item))
		return NAN;
	return pairs ? (double)won / (double)pairs : 0;
}

void bprsgd_skip(struct bprsgd *fit, size_t epochs)
{
	for (size_t e = 0; e < epochs; e++)
		fit->rate *= fit->training.decay;
	fit->epochs += epochs;
}

/* ---- the end ---- */

size_t bprsgd_state(struct bprsgd *fit, struct mf_state list[MF_STATES])
{
	list[0] = (struct mf_state){ "users", fit->user.now, fit->user.size };
	list[1] = (struct mf_state){ "items", fit->item.now, fit->item.size };
	return 2;
}

struct mf *bprsgd_model(const struct bprsgd *fit)
{
	struct mf *mf = mem_new(1, sizeof *mf);

	*mf = (struct mf){ fit->user.ids, fit->item.ids, fit->training.dim, 0, -INFINITY, INFINITY,
		NULL, NULL, NULL, NULL };
	side_out(&mf->user_factors, &mf->user_bias, &fit->user, 1, NULL);
	side_out(&mf->item_factors, &mf->item_bias, &fit->item, 1, NULL);
	return mf;
}

void bprsgd_free(struct bprsgd *fit)
{
	grid_free(fit->grid);
	side_free(&fit->user);
	side_free(&fit->item);
	free(fit->often);
	free(fit->often_at);
	free(fit->mate);
	free(fit->shift);
	free(fit->told);
	free(fit);
}
