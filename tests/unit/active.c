/* Activations against the C library; the same bits from every instruction set. */
#include "active.h"

#include "levels.h"
#include "tap.h"

enum { N = 20001 };

typedef void apply_fn(float *, size_t, size_t, size_t, enum active);
typedef void back_fn(float *, const float *, size_t, size_t, size_t, enum active);

static float a[3][N], d[3][N];

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
	return done();
}
