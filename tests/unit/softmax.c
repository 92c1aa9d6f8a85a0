/* Sampled softmax: slopes against finite differences of the loss, negatives that are none of the
 * user's, the correction for popular ones against doubles by the formula. */
#include "softmax.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { USERS = 5, ITEMS = 7, ROWS = 14, PER = 3 };

static const uint32_t user[ROWS] = { 0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 0, 1 };
static const uint32_t item[ROWS] = { 0, 1, 0, 2, 0, 3, 4, 5, 0, 1, 0, 6, 2, 5 };
static const float label[ROWS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1 };
static const uint8_t part[ROWS] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 };
static const struct mf_rows rows = { user, item, label, NULL, part, ROWS, USERS, ITEMS };

static int likes(uint32_t u, uint32_t i)
{
	for (int r = 0; r < 12; r++)
		if (user[r] == u && item[r] == i)
			return 1;
	return 0;
}

static void check(bool popular)
{
	size_t batches, good = 1, n = 0;
	struct liked liked = liked_new(&rows, popular, LIKED_BITS);
	struct objective o = softmax_objective(&liked, &(struct softmax_training){ 5, PER, 3 });
	double count[ITEMS] = { 0 };

	for (int r = 0; r < 12; r++)
		count[item[r]]++;
	batches = o.start(o.self, 1);
	ok(liked.n == 12 && batches == 3, "twelve positives in three batches");
	for (size_t b = 0; b < batches; b++) {
		struct pairs pairs = { 0 };
		float z[64], slope[64], scratch[64];
		double far = 0, loss, want = 0;

		o.draw(o.self, b, &pairs);
		n += pairs.n;
		for (size_t k = 0; k < pairs.n; k++) {
			z[k] = (float)rng_normal(b, RNG_MAKE, k);
			good &= likes(pairs.user[k], pairs.item[k]) == (k % (PER + 1) == 0);
		}
		loss = o.slope(o.self, &pairs, z, slope);
		for (size_t k = 0; k < pairs.n; k += PER + 1) {
			double a[PER + 1], sum = 0;

			for (size_t j = 0; j <= PER; j++) {
				double q = popular ? count[pairs.item[k + j]] : 1;

				a[j] = (double)z[k + j] - log(q);
				sum += exp(a[j]);
			}
			want += log(sum) - a[0];
		}
		near(loss, want, 1e-6, "the loss by its formula");
		for (size_t k = 0; k < pairs.n; k++) {
			float keep = z[k];
			double up, down;

			z[k] = keep + 1e-3f;
			up = o.slope(o.self, &pairs, z, scratch);
			z[k] = keep - 1e-3f;
			down = o.slope(o.self, &pairs, z, scratch);
			z[k] = keep;
			far = fmax(far, fabs((up - down) / 2e-3 - (double)slope[k]));
		}
		near(far, 0, 1e-4, "  and its slopes by differences");
		pairs_free(&pairs);
	}
	ok(good && n == 12 * (PER + 1), "negatives are none of the user's");
	o.end(o.self);
	liked_free(&liked);
}

int main(void)
{
	check(false);
	check(true);
	return done();
}
