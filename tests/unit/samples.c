/* samples -- two users worked by hand. */
#include "samples.h"

#include "corrected.h"
#include "tap.h"

int main(void)
{
	/* user 0: relevant .9 (first) and .5 (an equal row stands ahead of it: third), others .8 .5
	 * .1; user 1: relevant .2 behind .3; user 2: nothing else. */
	static const uint32_t user[] = { 0, 0, 0, 0, 0, 1, 1, 2 };
	static const float score[] = { 0.5F, 0.9F, 0.8F, 0.5F, 0.1F, 0.2F, 0.3F, 1 };
	static const float label[] = { 0, 1, 0, 1, 0, 1, 0, 1 };
	static const size_t k[] = { 1, 2 };
	struct metrics_rows rows = { score, label, NULL, 8 };
	double f[] = { 1, 1 }, g3[4], g1[2], zero;
	struct group users;
	struct samples s;

	group_new(&users, user, 8, 3);
	ok(!samples_fault(&rows, &users, 0.5F), "can be asked");
	samples_measure(&s, &rows, &users, 0.5F, 20, k, 2, 0.1);
	ok(s.users == 2 && s.least == 1 && s.most == 3, "two users, of one and three others");
	near(s.auc, ((1 + 1.0 / 3) / 2 + 0) / 2, 1e-15, "auc: of places 1, 3 of 4 and 2 of 2");
	near(s.value[0][SAMPLES_HR], 0.25, 0, "hr@1: one of two, none of one");
	near(s.value[1][SAMPLES_MRR], (0.5 + 0.5) / 2, 1e-15, "mrr@2: (1 + 0) / 2 and 1 / 2");
	corrected_weights(g3, 3, 20, f, 2, 1, 0.1);
	corrected_weights(g1, 1, 20, f, 2, 1, 0.1);
	near(s.corrected[1][SAMPLES_HR], ((g3[0] + g3[2]) / 2 + g1[1]) / 2, 1e-15,
		"the estimates for three and for one");
	rows.n = 1;
	group_free(&users);
	group_new(&users, user, 1, 1);
	samples_measure(&s, &rows, &users, 0.5F, 20, k, 1, 0.1);
	zero = s.auc;
	ok(s.users == 0 && isnan(zero), "nobody, no value");
	group_free(&users);
	return done();
}
