/* Losses and slopes against the formulas of loss.h in double with the C library's functions. */
#include "loss.h"

#include "levels.h"
#include "tap.h"

enum { N = 2001 };

typedef void loss_fn(float *value, float *slope, const float *z, const float *label,
	const float *teacher, const float *trust, size_t n, const struct loss *loss);

static float z[N], y[N], t[N], u[N], value[3][N], slope[3][N];

static double soft(double x, double teacher, double scale, double *by_x)
{
	double p = 1 / (1 + exp(-teacher / scale)), v = x / scale;

	*by_x = scale * (1 / (1 + exp(-v)) - p);
	return scale * scale * ((v > 0 ? v : 0) + log1p(exp(-fabs(v))) - p * v);
}

static void compare(const struct loss *loss, const float *trust, const char *what)
{
	loss_fn *const run[] = LEVELS(loss_rows);
	double worst = 0, steep = 0, a, d, e, want;
	int equal = 1;

	for (int l = 0; l < levels(); l++) {
		run[l](value[l], slope[l], z, y, t, trust, N, loss);
		equal &= memcmp(value[0], value[l], sizeof *value) == 0 &&
			 memcmp(slope[0], slope[l], sizeof *slope) == 0;
	}
	for (int i = 0; i < N; i++) {
		double x = (double)z[i], label = (double)y[i], teacher = (double)t[i];

		a = (double)loss->alpha * (trust ? (double)trust[i] : 1);
		want = (x - teacher) * (x - teacher) / 2;
		d = x - teacher;
		if (loss->logistic && !loss->mse)
			want = soft(x, teacher, (double)loss->temperature, &d);
		want *= a;
		if (loss->logistic) {
			want += (1 - a) * ((x > 0 ? x : 0) + log1p(exp(-fabs(x))) - label * x);
			e = 1 / (1 + exp(-x)) - label;
		} else {
			want += (1 - a) * (x - label) * (x - label) / 2;
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

/* slope against (loss(z + h) - loss(z - h)) / 2h, where |z| < 8. */
static void slopes(const struct loss *loss, const char *what)
{
	static float near_z[N], above[N], below[N], gone[N];
	const float h = 1.0f / 64;
	double worst = 0;

	loss_rows_base(above, slope[0], z, y, t, u, N, loss);
	for (int i = 0; i < N; i++)
		near_z[i] = z[i] + h;
	loss_rows_base(above, gone, near_z, y, t, u, N, loss);
	for (int i = 0; i < N; i++)
		near_z[i] = z[i] - h;
	loss_rows_base(below, gone, near_z, y, t, u, N, loss);
	for (int i = 0; i < N; i++)
		if (fabsf(z[i]) < 8)
			worst = fmax(worst, fabs((double)(above[i] - below[i]) / (2 * (double)h) -
						 (double)slope[0][i]));
	near(worst, 0, 5e-4, what); /* h^2 / 6 of the third derivative, rounding */
}

int main(void)
{
	for (int i = 0; i < N; i++) {
		z[i] = (float)(i - N / 2) * 0.05f;
		y[i] = (float)(i % 2);
		t[i] = (float)(i % 41 - 20) * 0.3f;
		u[i] = (float)(i % 11) / 10;
	}
	compare(&(struct loss){ true, 0, 1, false }, NULL, "logistic, hard");
	compare(&(struct loss){ true, 1, 4, false }, NULL, "logistic, soft at temperature 4");
	compare(&(struct loss){ true, 0.9f, 0.5f, false }, NULL, "logistic, mixed at temperature 1/2");
	compare(&(struct loss){ false, 0, 1, false }, NULL, "squared, hard");
	compare(&(struct loss){ false, 0.3f, 1, false }, NULL, "squared, mixed");
	compare(&(struct loss){ true, 0.6f, 2, true }, NULL, "logits by their squared error, mixed");
	compare(&(struct loss){ true, 1, 1, true }, NULL, "logits by their squared error alone");
	compare(&(struct loss){ true, 0.9f, 2, false }, u, "logistic, trusted row by row");
	compare(&(struct loss){ false, 1, 1, false }, u, "squared, trusted row by row");
	slopes(&(struct loss){ true, 0.9f, 3, false }, "mixed at temperature 3");
	slopes(&(struct loss){ true, 0.7f, 1, true }, "squared error of logits");
	return done();
}
