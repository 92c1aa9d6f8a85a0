/* The mixture of two factor models against its formula. */
#include "mixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "made.h"
#include "tap.h"

/* Over 4 users and 3 items; b has fewer of both. */
int main(void)
{
	const uint32_t user[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3 };
	const uint32_t item[] = { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2 };
	const float weight[] = { 0, 1, 0.25F };
	struct mf *a = made_factors(4, 3, 2, 3, 1), *b = made_factors(3, 2, 5, 4, 9),
		  *m = mixture_mf(a, b, weight, 3, 2);
	float sa[12], sb[12], sm[12];
	double most = 0;

	mf_predict(sa, a, user, item, 12);
	mf_predict(sb, b, user, item, 12);
	mf_predict(sm, m, user, item, 12);
	for (size_t r = 0; r < 12; r++) {
		double w = user[r] < 3 ? (double)weight[user[r]] : 0;
		double d = (double)sm[r] - ((1 - w) * (double)sa[r] + w * 2 * (double)sb[r]);

		most = fmax(most, fabs(d));
	}
	ok(m->dim == 9, "side by side, and two factors for the items' biases");
	near(most, 0, 1e-5, "(1 - w) a + 2 w b of every pair, known to both or not");
	mf_free(m);

	memcpy(a->item_factors, b->item_factors, 6 * sizeof(float));
	m = mixture_mf(a, a, weight, 3, 1);
	mf_predict(sm, m, user, item, 12);
	mf_predict(sa, a, user, item, 12);
	most = 0;
	for (size_t r = 0; r < 12; r++)
		most = fmax(most, fabs((double)sm[r] - (double)sa[r]));
	ok(m->dim == 2, "equal items: users are mixed");
	near(most, 0, 1e-5, "and a model with itself is itself");
	mf_free(m);
	mf_free(a);
	mf_free(b);
	return done();
}
