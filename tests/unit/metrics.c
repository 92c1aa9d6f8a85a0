/* metrics -- against scikit-learn (tests/fixtures/score/make.py) and cases worked by hand. */
#include "metrics.h"

#include <omp.h>
#include <stdlib.h>

#include "fmath.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

struct fixture {
	const char *name;
	size_t n;
	int weighted, binary;
	struct metrics_how how;
	double rmse, mae, auc, logloss, accuracy, precision, recall, f1;
	double observed, predicted, top, lift, ece;
	double ece_mass, pr_auc, brier, calibration, low, high, r2;
	const float (*row)[3]; /* score, label, weight */
};

static const struct fixture fixtures[] = {
#include "fixtures/score/few.inc"
	,
#include "fixtures/score/ties.inc"
	,
#include "fixtures/score/many.inc"
	,
#include "fixtures/score/weights.inc"
	,
#include "fixtures/score/ratings.inc"
	,
#include "fixtures/score/rated.inc"
};

static void compare(const struct fixture *f, double got, double want, const char *what)
{
	char name[100];

	snprintf(name, sizeof name, "%s: %s", f->name, what);
	near(got, want, 1e-9, name);
}

static void check_binary(const struct fixture *f, const struct metrics_rows *rows)
{
	struct metrics_binary m;

	metrics_binary(&m, rows, &f->how);
	compare(f, m.auc, f->auc, "auc");
	compare(f, m.logloss, f->logloss, "logloss");
	compare(f, m.accuracy, f->accuracy, "accuracy");
	compare(f, m.precision, f->precision, "precision");
	compare(f, m.recall, f->recall, "recall");
	compare(f, m.f1, f->f1, "f1");
	compare(f, m.observed, f->observed, "observed");
	compare(f, m.predicted, f->predicted, "predicted");
	compare(f, m.top, f->top, "top");
	compare(f, m.lift, f->lift, "lift");
	compare(f, m.ece, f->ece, "ece");
	compare(f, m.ece_mass, f->ece_mass, "ece of equal mass");
	compare(f, m.pr_auc, f->pr_auc, "average precision");
	compare(f, m.brier, f->brier, "brier");
	compare(f, m.calibration, f->calibration, "calibration");
	compare(f, m.low, f->low, "Wilson, low");
	compare(f, m.high, f->high, "Wilson, high");
	ok(!m.constant, "the scores differ");
}

static void check_fixture(const struct fixture *f)
{
	float *score = mem_new(f->n, sizeof *score), *label = mem_new(f->n, sizeof *label),
	      *weight = mem_new(f->n, sizeof *weight);
	struct metrics_rows rows = { score, label, f->weighted ? weight : NULL, f->n };
	struct metrics_rating rating;

	for (size_t r = 0; r < f->n; r++) {
		score[r] = f->row[r][0];
		label[r] = f->row[r][1];
		weight[r] = f->row[r][2];
	}
	metrics_rating(&rating, &rows);
	compare(f, rating.rmse, f->rmse, "rmse");
	compare(f, rating.mae, f->mae, "mae");
	compare(f, rating.r2, f->r2, "r2");
	ok((metrics_not_binary(label, f->n) == f->n) == f->binary, "what the labels are");
	if (f->binary)
		check_binary(f, &rows);
	free(score);
	free(label);
	free(weight);
}

/* Pairs (positive, negative): .75 beats three; .5 ties with .5 and beats two: auc = (3 + 2.5) / 6.
 * From .5 on: TP 2, FP 1, TN 2. */
static void by_hand(void)
{
	const float score[] = { .75F, .5F, .5F, .25F, .125F }, label[] = { 1, 0, 1, 0, 0 };
	struct metrics_rows rows = { score, label, NULL, 5 };
	struct metrics_how how = { METRICS_UNIT, 0.5, 0.4 };
	struct metrics_binary m;

	metrics_binary(&m, &rows, &how);
	near(m.auc, 5.5 / 6, 1e-15, "auc by hand");
	near(m.logloss, -(log(.75) + 2 * log(.5) + log(.75) + log(.875)) / 5, 1e-15, "logloss");
	near(m.accuracy, 0.8, 1e-15, "accuracy: p = threshold is called positive");
	near(m.precision, 2.0 / 3, 1e-15, "precision");
	near(m.recall, 1, 0, "recall");
	near(m.f1, 0.8, 1e-15, "f1");
	near(m.observed, 0.4, 1e-15, "observed");
	near(m.predicted, 2.125 / 5, 1e-15, "predicted");
	near(m.top, 0.75, 1e-15, "top two: the first, and half of each of the two tied");
	near(m.lift, 0.75 / 0.4, 1e-15, "lift");
	/* bins of width 1/15: 11, 7, 7, 3, 1 */
	near(m.ece, (0.25 + 0 + 0.25 + 0.125) / 5, 1e-15, "ece: in a bin errors cancel");
	how.top = 0.3;
	metrics_binary(&m, &rows, &how);
	near(m.top, 1.25 / 1.5, 1e-15, "1.5 rows of 5: the first, a quarter of each tied one");
	how.top = 1;
	metrics_binary(&m, &rows, &how);
	near(m.lift, 1, 1e-15, "everybody in the top: no lift");
}

static void without_a_class(void)
{
	const float score[] = { -1, -1, -1 }, none[] = { 0, 0, 0 }, every[] = { 1, 1, 1 };
	struct metrics_rows rows = { score, none, NULL, 3 };
	struct metrics_how how = { METRICS_LOGIT, 0.5, 0.1 };
	struct metrics_binary m;

	metrics_binary(&m, &rows, &how);
	ok(isnan(m.auc) && isnan(m.recall) && isnan(m.lift), "no positives: no auc, recall, lift");
	ok(isnan(m.precision) && isnan(m.f1), "and none called so: no precision, f1");
	ok(m.constant && m.top == 0 && m.accuracy == 1, "the rest has a value");
	rows.label = every;
	metrics_binary(&m, &rows, &how);
	ok(isnan(m.auc) && isnan(m.precision), "no negatives: no auc");
	ok(m.f1 == 0 && m.recall == 0, "positives not found: f1 is 0, not missing");
	near(m.lift, 1, 1e-15, "equal scores, no lift");
}

static void edges(void)
{
	const float far[] = { 1000, -1000, 1000, -1000 }, label[] = { 1, 0, 0, 1 };
	const float zero[] = { 0.0F, -0.0F }, pair[] = { 1, 0 }, order[] = { -3e38F, 3e38F };
	const float bad[] = { 0, 1, NAN, INFINITY }, most = -(float)fmath_log(0x1p-52);
	struct metrics_rows rows = { far, label, NULL, 4 };
	struct metrics_how how = { METRICS_LOGIT, 0.5, 0.5 };
	struct metrics_binary m;
	struct metrics_rating rating;

	metrics_binary(&m, &rows, &how);
	near(m.logloss, most / 2, 1e-6, "logits of 1000 cost what p = 1 - 2^-52 costs");
	how.scale = METRICS_UNIT;
	metrics_binary(&m, &rows, &how);
	near(m.logloss, most / 2, 1e-6, "so does p = 1");
	near(m.auc, 0.5, 0, "two of four pairs in order");
	near(m.ece, 0.5, 0, "p = 1 is in the last bin, p = 0 in the first");
	rows = (struct metrics_rows){ zero, pair, NULL, 2 };
	metrics_binary(&m, &rows, &how);
	ok(m.auc == 0.5 && m.constant, "-0 ties with 0");
	rows.score = order;
	metrics_binary(&m, &rows, &how);
	near(m.auc, 0, 0, "the order of scores of either sign");
	rows = (struct metrics_rows){ pair, pair, NULL, 1 };
	metrics_rating(&rating, &rows);
	ok(rating.rmse == 0 && rating.mae == 0, "one row");
	ok(metrics_not_finite(bad, 2) == 2 && metrics_not_finite(bad, 4) == 2 &&
			metrics_not_finite(bad + 3, 1) == 0,
		"the first value that is not finite");
	ok(metrics_not_binary(far, 4) == 0 && metrics_not_binary(label, 4) == 4,
		"the first label that is neither 0 nor 1");
}

/* Weights are counts: row r taken k times is row r with weight k. */
static void weights_are_counts(void)
{
	enum { N = 50 };
	float score[N], label[N], weight[N], score_each[4 * N], label_each[4 * N];
	struct metrics_rows weighted = { score, label, weight, N },
			    each = { score_each, label_each, NULL, 0 };
	struct metrics_how how = { METRICS_LOGIT, 0.6, 0.13 };
	struct metrics_binary a, b;

	for (size_t r = 0; r < N; r++) {
		score[r] = (float)rng_below(9, 1, RNG_MAKE, r) - 4;
		label[r] = (float)rng_below(2, 2, RNG_MAKE, r);
		weight[r] = (float)rng_below(5, 3, RNG_MAKE, r);
		for (int k = 0; k < (int)weight[r]; k++) {
			score_each[each.n] = score[r];
			label_each[each.n++] = label[r];
		}
	}
	metrics_binary(&a, &weighted, &how);
	metrics_binary(&b, &each, &how);
	near(a.auc, b.auc, 1e-14, "weights are counts: auc");
	near(a.logloss, b.logloss, 1e-14, "logloss");
	near(a.precision, b.precision, 1e-14, "precision");
	near(a.f1, b.f1, 1e-14, "f1");
	near(a.top, b.top, 1e-14, "top");
	near(a.ece, b.ece, 1e-14, "ece");
}

static void any_threads(void)
{
	enum { N = 20000 };
	float *score = mem_new(N, sizeof *score), *label = mem_new(N, sizeof *label);
	struct metrics_rows rows = { score, label, score + 1, N - 1 };
	struct metrics_how how = { METRICS_UNIT, 0.5, 0.1 };
	struct metrics_binary m[3] = { 0 };
	struct metrics_rating r[3] = { 0 };

	for (size_t i = 0; i < N; i++) {
		score[i] = (float)rng_unit(1, RNG_MAKE, i);
		label[i] = rng_unit(2, RNG_MAKE, i) < (double)score[i];
	}
	for (int i = 0; i < 3; i++) {
		omp_set_num_threads(2 * i + 1);
		metrics_binary(&m[i], &rows, &how);
		metrics_rating(&r[i], &rows);
	}
	ok(!memcmp(&m[0], &m[1], sizeof *m) && !memcmp(&m[0], &m[2], sizeof *m),
		"the same bits with 1, 3 and 5 threads");
	ok(!memcmp(&r[0], &r[1], sizeof *r) && !memcmp(&r[0], &r[2], sizeof *r), "of ratings too");
	free(score);
	free(label);
}

int main(void)
{
	for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++)
		check_fixture(&fixtures[i]);
	by_hand();
	without_a_class();
	edges();
	weights_are_counts();
	any_threads();
	near(metrics_recovered(0.75, 0.7, 0.8, false), 0.5, 1e-12, "half of the lead in AUC");
	near(metrics_recovered(0.9, 1.0, 0.8, true), 0.5, 1e-12, "half of the lead in RMSE");
	near(metrics_recovered(0.6, 0.7, 0.8, false), -1, 1e-12, "worse than alone");
	ok(isnan(metrics_recovered(0.6, 0.7, 0.7, false)) &&
			isnan(metrics_recovered(0.9, 0.8, 0.9, true)) &&
			isnan(metrics_recovered(0.9, 0.8, NAN, true)),
		"no lead, nothing to recover");
	return done();
}
