/* RD's weights by its formula: of places alone at first, then of how low the student ranks. */
#include "rd.h"

#include "teach.h"

enum { K = 4 };

/* Minus twice the slope at scores of 0 is the weight. */
static double fault(struct objective *o, const struct pairs *p, bool warm)
{
	float score[64] = { 0 }, slope[64];
	double want[K], sum = 0, worst = 0;

	o->slope(o->self, p, score, slope);
	for (size_t r = 0; r < K; r++) {
		double low = (double)teach_rank(3, p->item[r]) - (double)(r + 1);

		want[r] = exp(-(double)(r + 1) / 2) * (warm ? tanh(fmax(0.1 * low, 0)) : 1);
		sum += want[r];
	}
	for (size_t r = 0; r < K; r++)
		worst = fmax(worst, fabs(want[r] / sum + 2 * (double)slope[r]));
	return worst;
}

int main(void)
{
	const struct regard regard = { NULL, teach_opposite, 2 };
	struct taught t;
	struct objective o;
	struct pairs p;

	teach_make();
	t = teach_open();
	o = rd_objective(&t, &(struct rd_training){ K, 2, 2, 0.1 }, &regard);
	p = teach_pairs(&o, 0);
	ok(p.n == 2 * K + 3 && p.item[0] == teach_list[3 * TEACH_K], "the best of the list");
	near(fault(&o, &p, false), 0, 1e-6, "while warming up, weights are of places");
	pairs_free(&p);
	p = teach_pairs(&o, 2);
	near(fault(&o, &p, true), 0, 1e-6, "then also of how far too low the student ranks them");
	pairs_free(&p);
	teach_check(&o, "rd");
	o.end(o.self);
	return done();
}
