#include "curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sweep.h"

static double total_weight(const struct metrics_rows *rows, double *positive)
{
	double total = 0;

	*positive = 0;
	for (size_t r = 0; r < rows->n; r++) {
		double w = rows->weight ? (double)rows->weight[r] : 1;

		total += w;
		*positive += rows->label[r] > 0 ? w : 0;
	}
	return total;
}

static double p_of(const struct metrics_rows *rows, uint64_t entry, enum metrics_scale scale)
{
	return metrics_probability((double)rows->score[(uint32_t)entry], scale);
}

/* Upwards, since that is how rows come; the points come out in reverse. */
size_t curve_precision(struct curve_point point[CURVE_POINTS], const struct metrics_rows *rows,
	enum metrics_scale scale)
{
	uint64_t *order = sweep_order(rows->score, rows->n);
	double positive, total = total_weight(rows, &positive), next = 0;
	struct curve_point *all = mem_new(rows->n, sizeof *all);
	struct sweep g = { 0 };
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < rows->n && positive > 0;) {
		double p = p_of(rows, order[i], scale), hits, called;

		i = sweep_next(&g, order, rows->n, i, rows->label, rows->weight);
		hits = positive - g.below_positive;
		called = total - g.below_positive - g.below_negative;
		if (g.positive + g.negative > 0)
			all[n++] = (struct curve_point){ p, hits / positive, hits / called };
	}
	while (n--)
		if (all[n].recall >= next || !n) {
			point[kept++] = all[n];
			next = (floor(all[n].recall * CURVE_STEPS) + 1) / CURVE_STEPS;
		}
	free(all);
	free(order);
	return kept;
}

void curve_calibration(struct curve_bin bin[METRICS_BINS], const struct metrics_rows *rows,
	enum metrics_scale scale)
{
	memset(bin, 0, METRICS_BINS * sizeof *bin);
	for (size_t r = 0; r < rows->n; r++) {
		double p = metrics_probability((double)rows->score[r], scale);
		double w = rows->weight ? (double)rows->weight[r] : 1;
		int b = (int)(p * METRICS_BINS);
		struct curve_bin *at = &bin[b < METRICS_BINS ? b : METRICS_BINS - 1];

		at->weight += w;
		at->predicted += w * p;
		at->observed += w * (double)rows->label[r];
	}
	for (int b = 0; b < METRICS_BINS; b++) {
		struct curve_bin *at = &bin[b];

		at->predicted /= at->weight;
		at->observed /= at->weight;
		at->low = at->high = NAN;
		if (at->weight > 0)
			metrics_wilson(&at->low, &at->high, at->observed, at->weight);
	}
}

double curve_threshold(
	const struct metrics_rows *rows, enum metrics_scale scale, enum curve_goal goal)
{
	uint64_t *order = sweep_order(rows->score, rows->n);
	double positive, total = total_weight(rows, &positive), most = -1, best = 0.5, last = -1;
	struct sweep g = { 0 };

	for (size_t i = 0; i < rows->n;) {
		double p = p_of(rows, order[i], scale), hits, called, value;

		i = sweep_next(&g, order, rows->n, i, rows->label, rows->weight);
		hits = positive - g.below_positive;
		called = total - g.below_positive - g.below_negative;
		value = goal == CURVE_F1 ? 2 * hits / (called + positive)
					 : (hits + g.below_negative) / total;
		/* different scores may have one p: called are then the lower ones, too */
		if (value >= most && p > last) {
			most = value;
			best = p;
		}
		last = p;
	}
	free(order);
	if (goal == CURVE_ACCURACY && (total - positive) / total >= most)
		return nextafter(1, 2);
	return best;
}
