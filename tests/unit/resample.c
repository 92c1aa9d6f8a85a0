/* resample -- one user is always drawn; many give intervals around the value. */
#include "resample.h"

#include "rng.h"
#include "tap.h"

enum { N = 600, USERS = 40, DRAWS = 200 };

static float score[N], other[N], label[N], weight[N], stars[N];
static uint32_t user[N], one[N];

static void alone(bool binary)
{
	struct metrics_rows rows = { score, binary ? label : stars, weight, N };
	struct resample_how how = { { 5, 1 }, binary, METRICS_LOGIT };
	struct metrics_how scale = { METRICS_LOGIT, 0.5, 0.1 };
	struct metrics_binary b;
	struct metrics_rating r;
	struct resampled made;
	struct resample sure[RESAMPLE_VALUES];
	struct group users;
	double want[RESAMPLE_VALUES] = { 0 };

	group_new(&users, one, N, 1);
	resample_draw(&made, &rows, &users, &how);
	if (binary) {
		metrics_binary(&b, &rows, &scale);
		want[0] = b.auc;
		want[1] = b.logloss;
		want[2] = b.brier;
	} else {
		metrics_rating(&r, &rows);
		want[0] = r.rmse;
		want[1] = r.mae;
	}
	resample_compare(sure, &made, want, NULL, NULL, &how);
	for (int v = 0; v < (binary ? 3 : 2); v++) {
		near(sure[v].low, want[v], 1e-12, "one user: the value itself");
		near(sure[v].high, want[v], 1e-12, "is the whole interval");
	}
	ok(isnan(sure[0].diff) && isnan(sure[1].student), "no other model, no test");
	resample_free(&made);
	group_free(&users);
}

static void many(void)
{
	struct metrics_rows a = { score, label, NULL, N }, b = { other, label, NULL, N };
	struct resample_how how = { { DRAWS, 1 }, true, METRICS_LOGIT };
	struct resampled first, second;
	struct resample sure[RESAMPLE_VALUES], same[RESAMPLE_VALUES];
	double own[] = { 0.9, 0.5, 0.2 }, theirs[] = { 0.5, 0.9, 0.4 };
	struct group users;

	group_new(&users, user, N, USERS + 3); /* three have no rows */
	resample_draw(&first, &a, &users, &how);
	resample_draw(&second, &b, &users, &how);
	resample_compare(sure, &first, own, &second, theirs, &how);
	resample_compare(same, &first, own, &first, own, &how);
	ok(first.users == USERS, "users without rows are not drawn");
	ok(sure[0].low < sure[0].high && sure[0].diff_low > 0,
		"a better model is better in all draws");
	near(sure[0].diff, 0.4, 1e-15, "by the difference of the values");
	ok(isnan(sure[0].student) && sure[1].student < 1e-3 && sure[1].turned < 0.02,
		"tests of losses, not of AUC");
	ok(same[0].diff_low == 0 && same[0].diff_high == 0 && isnan(same[1].student),
		"a model against itself: the same draws");
	resample_free(&first);
	resample_free(&second);
	group_free(&users);
}

int main(void)
{
	for (size_t r = 0; r < N; r++) {
		label[r] = (float)rng_below(2, 1, RNG_MAKE, r);
		score[r] = (label[r] > 0 ? 1 : -1) + (float)rng_normal(2, RNG_MAKE, r);
		other[r] = (float)rng_normal(3, RNG_MAKE, r);
		weight[r] = (float)rng_unit(4, RNG_MAKE, r);
		stars[r] = score[r] + (float)rng_normal(5, RNG_MAKE, r);
		user[r] = (uint32_t)(r % USERS);
	}
	alone(true);
	alone(false);
	many();
	return done();
}
