/* curve -- by hand; tests/cli/rs-score.t has scikit-learn's. */
#include "curve.h"

#include "tap.h"

/* From the highest down: 1, 0, (1 and 0 are equal), 1 of weight 2. */
static const float score[] = { 0.9F, 0.8F, 0.5F, 0.5F, 0.1F }, label[] = { 1, 0, 1, 0, 1 };
static const float weight[] = { 1, 1, 1, 1, 2 };
static const struct metrics_rows rows = { score, label, weight, 5 };

static void precision(void)
{
	struct curve_point p[CURVE_POINTS];
	static float many[4000], clicks[4000];
	struct metrics_rows all = { many, clicks, NULL, 4000 };
	size_t n = curve_precision(p, &rows, METRICS_UNIT);
	int rises = 1;

	near((double)n, 3, 0, "three points: a threshold that adds no recall is left out");
	near(p[0].recall, 0.25, 0, "recall 1/4 at .9");
	near(p[0].precision, 1, 0, "precision 1 there");
	near(p[1].threshold, 0.5, 1e-7, "the next at .5");
	near(p[1].precision, 0.5, 0, "2 of 4");
	near(p[2].recall + p[2].precision, 1 + 4.0 / 6, 1e-15, "all: the share of positives");
	for (int r = 0; r < 4000; r++) {
		many[r] = (float)r / 4000;
		clicks[r] = r % 3 == 0;
	}
	n = curve_precision(p, &all, METRICS_UNIT);
	for (size_t i = 1; i < n; i++)
		rises &= p[i].recall >= p[i - 1].recall && p[i].threshold < p[i - 1].threshold;
	ok(rises && n <= CURVE_POINTS && n >= CURVE_STEPS && p[n - 1].recall == 1,
		"many rows: about 200 points, to recall 1");
	memset(clicks, 0, sizeof clicks);
	ok(curve_precision(p, &all, METRICS_UNIT) == 0, "no positive, no point");
}

static void calibration(void)
{
	struct curve_bin bin[METRICS_BINS];
	double low, high;

	curve_calibration(bin, &rows, METRICS_UNIT);
	near(bin[7].weight, 2, 0, "two rows of .5 in bin 7");
	near(bin[7].observed, 0.5, 0, "one of them a click");
	near(bin[1].predicted, 0.1, 1e-7, "what was said");
	metrics_wilson(&low, &high, 0.5, 2);
	ok(bin[7].low == low && bin[7].high == high, "Wilson's interval");
	ok(bin[0].weight == 0 && isnan(bin[0].observed), "an empty bin");
}

static void threshold(void)
{
	static const float all_no[] = { 0, 0, 0, 0, 0 };
	struct metrics_rows no = { score, all_no, NULL, 5 };

	near(curve_threshold(&rows, METRICS_UNIT, CURVE_F1), 0.1F, 0, "f1: all, 8/10");
	near(curve_threshold(&rows, METRICS_UNIT, CURVE_ACCURACY), 0.1F, 0, "accuracy: all, 4/6");
	ok(curve_threshold(&no, METRICS_UNIT, CURVE_ACCURACY) > 1, "accuracy of no click: none");
	ok(isfinite(curve_threshold(&no, METRICS_UNIT, CURVE_F1)), "f1 of no click: a number");
}

int main(void)
{
	precision();
	calibration();
	threshold();
	return done();
}
