/* Activations against the C library; the same bits from every instruction set. */
#include "active.h"

#include "levels.h"
#include "tap.h"

enum { N = 20001 };

typedef void apply_fn(float *, size_t, size_t, size_t, enum active);
typedef void back_fn(float *, const float *, size_t, size_t, size_t, enum active);

static float a[3][N], d[3][N];

/* Of sums, which are x - 0.5 here. */
static void check_sum(enum active f)
{
	void (*const sum[])(float *, const float *, const float *, size_t, enum active) =
		LEVELS(active_sum);
	int right = 1;

	for (int i = 0; i < N; i++) {
		d[0][i] = (float)(i - N / 2);
		d[1][i] = -0.5f;
	}
	for (int l = 0; l < levels(); l++) {
		sum[l](a[l], d[0], d[1], N, f);
		for (int i = 0; i < N; i++) {
			float x = (float)(i - N / 2) - 0.5f;

			right &= a[l][i] == (f == ACTIVE_RELU && x < 0 ? 0 : x);
		}
	}
	ok(right, f == ACTIVE_RELU ? "relu of sums" : "sums");
}

int main(void)
{
	apply_fn *const apply[] = LEVELS(active_apply);
	back_fn *const back[] = LEVELS(active_backward);
	static const char *const name[] = { "relu", "tanh", "sigmoid", "linear" };
	char what[80];

	for (int f = 0; f < ACTIVES; f++) {
		double far = 0, slope = 0;
		int equal = 1;

		for (int l = 0; l < levels(); l++) {
			for (int i = 0; i < N; i++) {
				a[l][i] = (float)(i - N / 2) * 0.01f;
				d[l][i] = 2;
			}
			apply[l](a[l], N, 1, N, (enum active)f);
			back[l](d[l], a[l], N, 1, N, (enum active)f);
			equal &= !memcmp(a[0], a[l], sizeof *a) && !memcmp(d[0], d[l], sizeof *d);
		}
		for (int i = 0; i < N; i++) {
			double x = (double)((float)(i - N / 2) * 0.01f), s = 1 / (1 + exp(-x));
			double y[] = { fmax(x, 0), tanh(x), s, x };
			double dy[] = { x > 0, 1 - tanh(x) * tanh(x), s * (1 - s), 1 };

			far = fmax(far, fabs((double)a[0][i] - y[f]));
			slope = fmax(slope, fabs((double)d[0][i] - 2 * dy[f]));
		}
		snprintf(what, sizeof what, "%s within 2e-7", name[f]);
		near(far, 0, 2e-7, what);
		near(slope, 0, 1e-6, "  and its slope");
		ok(equal, "  the same bits from every instruction set");
	}
	check_sum(ACTIVE_RELU);
	check_sum(ACTIVE_LINEAR);
	return done();
}
