/* Losses and slopes against the formulas of loss.h in double with the C library's functions. */
#include "loss.h"

#include "levels.h"
#include "tap.h"

enum { N = 2001 };

typedef void loss_fn(float *value, float *slope, const float *z, const float *label,
	const float *teacher, size_t n, const struct loss *loss);

static float z[N], y[N], t[N], value[3][N], slope[3][N];

static double soft(double x, double teacher, double scale, double *d)
{
	double p = 1 / (1 + exp(-teacher / scale)), u = x / scale;

	*d = scale * (1 / (1 + exp(-u)) - p);
	return scale * scale * ((u > 0 ? u : 0) + log1p(exp(-fabs(u))) - p * u);
}

static void compare(const struct loss *loss, const char *what)
{
	loss_fn *const run[] = LEVELS(loss_rows);
	double worst = 0, steep = 0, a = (double)loss->alpha, d, e, want;
	int equal = 1;

	for (int l = 0; l < levels(); l++) {
		run[l](value[l], slope[l], z, y, t, N, loss);
		equal &= memcmp(value[0], value[l], sizeof *value) == 0 &&
			 memcmp(slope[0], slope[l], sizeof *slope) == 0;
	}
	for (int i = 0; i < N; i++) {
		double x = (double)z[i], label = (double)y[i], teacher = (double)t[i];

		if (loss->logistic) {
			want = a * soft(x, teacher, (double)loss->temperature, &d);
			want += (1 - a) * ((x > 0 ? x : 0) + log1p(exp(-fabs(x))) - label * x);
			e = 1 / (1 + exp(-x)) - label;
		} else {
			want = (a * (x - teacher) * (x - teacher) +
				       (1 - a) * (x - label) * (x - label)) /
			       2;
			d = x - teacher;
			e = x - label;
		}
		worst = fmax(worst, fabs(want - (double)value[0][i]) / (1 + fabs(x) + want));
		steep = fmax(
			steep, fabs(a * d + (1 - a) * e - (double)slope[0][i]) / (1 + fabs(x)));
	}
	near(worst, 0, 5e-7, what);
	near(steep, 0, 3e-7, "  and its slope");
	ok(equal, "  the same bits from every instruction set");
}

int main(void)
{
	for (int i = 0; i < N; i++) {
		z[i] = (float)(i - N / 2) * 0.05f;
		y[i] = (float)(i % 2);
		t[i] = (float)(i % 41 - 20) * 0.3f;
	}
	compare(&(struct loss){ true, 0, 1 }, "logistic, hard");
	compare(&(struct loss){ true, 1, 4 }, "logistic, soft at temperature 4");
	compare(&(struct loss){ true, 0.9f, 0.5f }, "logistic, mixed at temperature 1/2");
	compare(&(struct loss){ false, 0, 1 }, "squared, hard");
	compare(&(struct loss){ false, 0.3f, 1 }, "squared, mixed");
	return done();
}
