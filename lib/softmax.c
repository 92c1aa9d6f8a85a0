#include "softmax.h"

#include <math.h>
#include <stdlib.h>

#include "fmath.h"
#include "liked.h"
#include "mem.h"
#include "rng.h"

struct softmax {
	struct softmax_training how;
	const struct liked *liked;
	double *log_chance; /* of items; NULL: all are equal */
	struct packed order;
	uint64_t seed; /* of the epoch */
	size_t *drawn, groups; /* the positives of the batch at hand */
};

static size_t start(void *self, uint64_t epoch)
{
	struct softmax *s = self;

	s->seed = rng_derive(s->how.seed, epoch);
	packed_permute(&s->order, s->liked->n, s->seed, RNG_SHUFFLE);
	return (s->liked->n + s->how.batch - 1) / s->how.batch;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	struct softmax *s = self;
	size_t from = batch * s->how.batch, left = s->liked->n - from;
	size_t end = from + (left < s->how.batch ? left : s->how.batch);

	s->groups = 0;
	for (size_t r = from; r < end; r++) {
		size_t k = packed_get(&s->order, r), per = s->how.negatives;
		struct liked_pair own = liked_pair(s->liked, k);

		for (size_t j = 0; j < per; j++) {
			uint32_t item =
				liked_not(s->liked, own.user, s->seed, (k * per + j) * LIKED_DRAWS);

			if (item == LIKED_NONE)
				break;
			if (!j) {
				pairs_add(pairs, own.user, own.item);
				s->drawn[s->groups++] = k;
			}
			pairs_add(pairs, own.user, item);
		}
	}
}

/* One positive and its negatives. */
static double slope_group(
	const struct softmax *s, double w, const uint32_t *item, const float *score, float *slope)
{
	size_t n = s->how.negatives + 1;
	double most = -INFINITY, sum = 0, first = 0;

	for (size_t j = 0; j < n; j++) {
		double a = (double)score[j] - (s->log_chance ? s->log_chance[item[j]] : 0);

		most = a > most ? a : most;
		first = j ? first : a;
	}
	for (size_t j = 0; j < n; j++) {
		double a = (double)score[j] - (s->log_chance ? s->log_chance[item[j]] : 0);

		slope[j] = (float)fmath_exp(a - most);
		sum += (double)slope[j];
	}
	for (size_t j = 0; j < n; j++)
		slope[j] = (float)(w * ((double)slope[j] / sum - (j == 0)));
	return w * (most + fmath_log(sum) - first);
}

static double slope(void *self, const struct pairs *pairs, const float *score, float *slope_)
{
	const struct softmax *s = self;
	size_t n = s->how.negatives + 1, first = pairs->n - s->groups * n;
	double loss = 0;

	for (size_t g = 0; g < s->groups; g++) {
		double w = s->liked->weight ? (double)s->liked->weight[s->drawn[g]] : 1;

		loss += slope_group(
			s, w, pairs->item + first + g * n, score + g * n, slope_ + g * n);
	}
	return loss;
}

static void end(void *self)
{
	struct softmax *s = self;

	free(s->log_chance);
	packed_free(&s->order);
	free(s->drawn);
	free(s);
}

/* ln of how often an item is a positive, which is how often it is drawn. */
static void count_chances(struct softmax *s)
{
	s->log_chance = mem_new(s->liked->items, sizeof *s->log_chance);
	for (size_t k = 0; k < s->liked->n; k++)
		s->log_chance[packed_get(&s->liked->have.id, k)]++;
	for (size_t i = 0; i < s->liked->items; i++)
		s->log_chance[i] = s->log_chance[i] > 0 ? fmath_log(s->log_chance[i]) : 0;
}

struct objective softmax_objective(
	const struct liked *liked, const struct softmax_training *training)
{
	struct softmax *s = mem_new(1, sizeof *s);

	s->how = *training;
	s->liked = liked;
	if (liked->popular)
		count_chances(s);
	s->order = packed_new(liked->n, liked->n ? (uint32_t)(liked->n - 1) : 0);
	s->drawn =
		mem_new(training->batch < liked->n ? training->batch : liked->n, sizeof *s->drawn);
	return (struct objective){ s, start, draw, slope, end };
}
