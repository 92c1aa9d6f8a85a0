#include "uplift.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "sweep.h"

/* Sums of an arm. */
struct arm {
	double weight, outcome, squares;
};

static void add_row(struct arm arm[2], const struct uplift_rows *rows, size_t r, double part)
{
	double w = part * (rows->weight ? (double)rows->weight[r] : 1);
	double y = (double)rows->outcome[r];
	struct arm *a = &arm[rows->treated[r] != 0];

	a->weight += w;
	a->outcome += w * y;
	a->squares += w * y * y;
}

static double gain(const struct arm arm[2])
{
	if (!(arm[0].weight > 0))
		return arm[1].outcome;
	return arm[1].outcome - arm[0].outcome * arm[1].weight / arm[0].weight;
}

static double difference(const struct arm arm[2])
{
	return arm[1].outcome / arm[1].weight - arm[0].outcome / arm[0].weight;
}

/* From the highest score down; *among: the difference among the first `top`. */
static double area(
	const struct uplift_rows *rows, const float *score, double total, double top, double *among)
{
	uint64_t *order = sweep_order(score, rows->n);
	struct arm arm[2] = { { 0 } };
	double sum = 0, last = 0, at = 0;
	bool whole = false;

	for (size_t i = rows->n, start; i > 0; i = start) {
		struct arm part[2];
		double before = at, q;

		memcpy(part, arm, sizeof part);
		for (start = i; start > 0 && order[start - 1] >> 32 == order[i - 1] >> 32; start--)
			add_row(arm, rows, (uint32_t)order[start - 1], 1);
		at = (arm[0].weight + arm[1].weight) / total;
		q = gain(arm);
		sum += (at - before) * (q + last) / 2;
		last = q;
		if (whole || at < top)
			continue;
		for (size_t j = start; j < i; j++)
			add_row(part, rows, (uint32_t)order[j],
				at > before ? (top - before) / (at - before) : 1);
		*among = difference(part);
		whole = true;
	}
	free(order);
	if (!whole)
		*among = difference(arm);
	return sum - last / 2;
}

static double error_of(const struct arm *a, size_t n)
{
	double mean = a->outcome / a->weight, spread = a->squares / a->weight - mean * mean;

	return (spread > 0 ? spread : 0) / (double)n;
}

void uplift_measure(struct uplift *u, const struct uplift_rows *rows, double top)
{
	float *best = mem_new(rows->n, sizeof *best);
	struct arm arm[2] = { { 0 } };
	double total, ideal, error;

	*u = (struct uplift){ 0 };
	for (size_t r = 0; r < rows->n; r++) {
		add_row(arm, rows, r, 1);
		u->treated += rows->treated[r] != 0;
		best[r] = rows->treated[r] ? rows->outcome[r] : -rows->outcome[r];
	}
	u->control = rows->n - u->treated;
	total = arm[0].weight + arm[1].weight;
	u->rate_treated = arm[1].outcome / arm[1].weight;
	u->rate_control = arm[0].outcome / arm[0].weight;
	u->effect = difference(arm);
	error = 1.9599639845400545 *
		sqrt(error_of(&arm[0], u->control) + error_of(&arm[1], u->treated));
	u->low = u->effect - error;
	u->high = u->effect + error;
	u->qini = area(rows, rows->score, total, top, &u->top);
	ideal = area(rows, best, total, 1, &error);
	u->qini = u->treated && u->control && ideal != 0 ? u->qini / ideal : NAN;
	free(best);
}
