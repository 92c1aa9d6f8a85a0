/* The loss of rows and its slope from the formulas of loss.h, in doubles. */
#include "fit.h"

#include "tap.h"

enum { ROWS = 3, BATCH = 8 };

static const float label[] = { 0, 1, 1, 0, 1 }, teacher[] = { 9, 0.5f, -2, 9, 3 },
		   trust[] = { 9, 1, 0.25f, 9, 0 }, weight[] = { 9, 2, 0.5f, 9, 3 };
static const uint32_t row[ROWS] = { 4, 1, 2 };
static const float z[ROWS] = { 1.5f, -0.5f, 0.25f };

static double logistic(double x)
{
	return 1 / (1 + exp(-x));
}

/* Row i: T^2 and T are in the soft loss and in its slope. */
static void by_hand(const struct fit *how, int i, double *value, double *slope)
{
	double t = (double)how->loss.temperature, x = (double)z[i];
	double y = (double)label[row[i]], s = how->teacher ? (double)teacher[row[i]] : 0;
	double a = (double)how->loss.alpha * (how->trust ? (double)trust[row[i]] : 1);
	double w = how->weight ? (double)weight[row[i]] : 1;
	double hard = log1p(exp(x)) - y * x;
	double soft = t * t * (log1p(exp(x / t)) - x / t * logistic(s / t));

	*value = w * (a * soft + (1 - a) * hard);
	*slope = w / BATCH *
		 (a * t * (logistic(x / t) - logistic(s / t)) + (1 - a) * (logistic(x) - y));
}

static void check(const struct fit *how, const char *what)
{
	float value[ROWS], slope[ROWS];
	double far = 0;

	fit_loss(value, slope, z, how, row, ROWS, BATCH);
	for (int i = 0; i < ROWS; i++) {
		double v, s;

		by_hand(how, i, &v, &s);
		far = fmax(far, fmax(fabs((double)value[i] - v), fabs((double)slope[i] - s)));
	}
	near(far, 0, 1e-6, what);
}

int main(void)
{
	struct fit how = { .loss = { true, 0, 1, false }, .label = label };

	check(&how, "of labels, each found by its row");
	how.weight = weight;
	check(&how, "weighted");
	how.loss = (struct loss){ true, 0.7f, 2, false };
	how.teacher = teacher;
	check(&how, "with a teacher");
	how.trust = trust;
	check(&how, "that is trusted by row");
	how.weight = NULL;
	check(&how, "not weighted");
	return done();
}
