#include "within.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sweep.h"

/* One user's rows. */
struct share {
	double weight, positive, auc;
	double top[WITHIN_CUTOFFS], hits[WITHIN_CUTOFFS];
};

/* Of a group of equal scores with `above` rows over it: what lies among the first k. */
static void add_top(struct share *s, const struct sweep *g, double count, double above,
	const size_t *k, size_t ks)
{
	for (size_t c = 0; c < ks; c++) {
		double part = ((double)k[c] - above) / count;

		part = part < 0 ? 0 : part > 1 ? 1 : part;
		s->top[c] += part * (g->positive + g->negative);
		s->hits[c] += part * g->positive;
	}
}

static void measure_user(struct share *s, const struct metrics_rows *rows, const uint32_t *row,
	size_t n, const size_t *k, size_t ks)
{
	float *score = mem_new(3 * n, sizeof *score), *label = score + n, *weight = label + n;
	double pairs = 0;
	struct sweep g = { 0 };
	uint64_t *order;

	for (size_t i = 0; i < n; i++) {
		score[i] = rows->score[row[i]];
		label[i] = rows->label[row[i]];
		weight[i] = rows->weight ? rows->weight[row[i]] : 1;
	}
	order = sweep_order(score, n);
	for (size_t i = 0, end; i < n; i = end) {
		end = sweep_next(&g, order, n, i, label, weight);
		pairs += g.positive * (g.below_negative + g.negative / 2);
		add_top(s, &g, (double)(end - i), (double)(n - end), k, ks);
	}
	s->positive = g.below_positive + g.positive;
	s->weight = s->positive + g.below_negative + g.negative;
	s->auc = pairs / (s->positive * (s->weight - s->positive));
	free(order);
	free(score);
}

void within_measure(struct within *w, const struct metrics_rows *rows, const struct group *users,
	const size_t *k, size_t ks)
{
	struct share *share = mem_new(users->ids, sizeof *share), sum = { 0 };
	double positives = 0, counted = 0, weighted = 0;

	*w = (struct within){ 0 };
#pragma omp parallel for schedule(dynamic, 64)
	for (size_t u = 0; u < users->ids; u++)
		if (users->start[u + 1] > users->start[u])
			measure_user(&share[u], rows, users->row + users->start[u],
				users->start[u + 1] - users->start[u], k, ks);
	for (size_t u = 0; u < users->ids; u++) {
		const struct share *s = &share[u];

		sum.weight += s->weight;
		for (size_t c = 0; c < ks; c++) {
			sum.top[c] += s->top[c];
			sum.hits[c] += s->hits[c];
		}
		if (!(s->positive > 0 && s->weight > s->positive))
			continue;
		w->counting++;
		w->users += s->auc;
		w->positives += s->positive * s->auc;
		positives += s->positive;
		weighted += s->weight * s->auc;
		counted += s->weight;
	}
	free(share);
	w->share = counted / sum.weight;
	w->rows = weighted / counted;
	w->positives /= positives;
	w->users /= (double)w->counting;
	for (size_t c = 0; c < ks; c++)
		w->top[c] = sum.hits[c] / sum.top[c];
}
