#include "unkd.h"

#include <stdlib.h>

#include "expo.h"
#include "mem.h"
#include "rng.h"

struct unkd {
	struct taught t;
	struct unkd_training how;
	double *sum; /* of the weights of places below */
	uint32_t *group; /* of an item */
};

/* The list's items of each group, in its order: from[g] .. from[g + 1] of `ranked`. */
static void part(const struct unkd *u, uint32_t *ranked, size_t *from, size_t row)
{
	const uint32_t *list = u->t.list + row * u->t.k;
	size_t n = taught_length(&u->t, row), groups = u->how.groups;

	for (size_t i = 0; i < n; i++)
		from[u->group[list[i]] + 1]++;
	for (size_t g = 0; g < groups; g++)
		from[g + 1] += from[g];
	for (size_t i = 0; i < n; i++)
		ranked[from[u->group[list[i]]]++] = list[i];
	for (size_t g = groups; g > 0; g--)
		from[g] = from[g - 1];
	from[0] = 0;
}

/* Two different places, the better one first. Where the weights have faded to nothing but one
 * place, chance would take forever: the next place it is. */
static void draw_two(uint32_t place[2], const double *sum, size_t n, uint64_t seed, uint64_t pair)
{
	enum { TRIES = 64 };
	uint64_t first = pair * TRIES;

	place[0] = (uint32_t)rng_place(sum, n, sum[n] * rng_unit(seed, RNG_SAMPLE, first));
	place[1] = place[0];
	for (uint64_t t = 1; place[1] == place[0] && t < TRIES; t++)
		place[1] = (uint32_t)rng_place(
			sum, n, sum[n] * rng_unit(seed, RNG_SAMPLE, first + t));
	if (place[1] == place[0])
		place[1] = place[0] ? place[0] - 1 : 1;
	if (place[1] < place[0]) {
		uint32_t swap = place[0];

		place[0] = place[1];
		place[1] = swap;
	}
}

static size_t fill(struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed)
{
	struct unkd *u = (struct unkd *)t;
	size_t *from = mem_new(u->how.groups + 1, sizeof *from), pairs = 0, used = 0;
	uint32_t *ranked = mem_new(t->k, sizeof *ranked), place[2];
	uint64_t own = rng_derive(seed, row);

	(void)mark;
	part(u, ranked, from, row);
	for (size_t g = 0; g < u->how.groups; g++)
		used += from[g + 1] - from[g] > 1;
	for (size_t p = 0; used && pairs < u->how.k; p++) {
		size_t g = p % u->how.groups, n = from[g + 1] - from[g];

		if (n < 2)
			continue;
		draw_two(place, u->sum, n, own, pairs);
		id[pairs] = ranked[from[g] + place[0]];
		id[u->how.k + pairs++] = ranked[from[g] + place[1]];
	}
	free(ranked);
	free(from);
	return used ? 2 * u->how.k : 0;
}

static size_t start(void *self, uint64_t epoch)
{
	taught_fill(self, epoch, fill);
	return 0;
}

static double one(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	size_t k = n / 2;
	float value[UNKD_MOST], *by_other = slope + k;
	double loss = 0;

	(void)t;
	(void)row;
	for (size_t p = 0; p < k; p++)
		by_other[p] = score[k + p] - score[p];
	SIMD_CALL(expo_softplus, value, by_other, by_other, k);
	for (size_t p = 0; p < k; p++) {
		loss += (double)value[p];
		by_other[p] /= (float)k;
		slope[p] = -by_other[p];
	}
	return loss / (double)k;
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *to)
{
	return taught_slope(self, pairs, score, to, one);
}

static void end(void *self)
{
	struct unkd *u = self;

	taught_free(&u->t);
	free(u->sum);
	free(u->group);
	free(u);
}

struct popular {
	uint32_t item;
	size_t positives;
};

static int popular_first(const void *a, const void *b)
{
	const struct popular *x = a, *y = b;

	if (x->positives != y->positives)
		return x->positives > y->positives ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

/* The item at which a share g / groups of all positives has been passed ends group g - 1. */
static void make_groups(struct unkd *u)
{
	struct popular *order = mem_new(u->t.ids, sizeof *order);
	size_t all = u->t.have.at[u->t.rows], before = 0;

	for (size_t i = 0; i < u->t.ids; i++)
		order[i].item = (uint32_t)i;
	for (size_t e = 0; e < all; e++)
		order[u->t.have.id[e]].positives++;
	qsort(order, u->t.ids, sizeof *order, popular_first);
	u->group = mem_new(u->t.ids, sizeof *u->group);
	for (size_t i = 0; i < u->t.ids; i++) {
		size_t g = all ? before * u->how.groups / all : 0;

		u->group[order[i].item] = (uint32_t)(g < u->how.groups ? g : u->how.groups - 1);
		before += order[i].positives;
	}
	free(order);
}

struct objective unkd_objective(const struct taught *t, const struct unkd_training *training)
{
	struct unkd *u = mem_new(1, sizeof *u);

	u->t = *t;
	u->how = *training;
	taught_room(&u->t, 2 * training->k);
	u->sum = mem_new(t->k + 1, sizeof *u->sum);
	taught_weights(u->sum + 1, t->k, training->spread);
	for (size_t r = 0; r < t->k; r++)
		u->sum[r + 1] += u->sum[r];
	make_groups(u);
	return (struct objective){ u, start, taught_join, slope, end };
}
