/* Two items worked by hand; and what defines the weights: none with a zero diagonal are better. */
#include "ease.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 40, I = 70, N = 500 };

/* |X - X B|^2 + reg |B|^2 */
static double loss(const float *x, const float *b, double reg)
{
	double sum = 0;

	for (size_t u = 0; u < U; u++)
		for (size_t i = 0; i < I; i++) {
			double e = (double)x[u * I + i];

			for (size_t j = 0; j < I; j++)
				e -= (double)x[u * I + j] * (double)b[i * I + j];
			sum += e * e;
		}
	for (size_t i = 0; i < (size_t)I * I; i++)
		sum += reg * (double)b[i] * (double)b[i];
	return sum;
}

static void optimum(void)
{
	static uint32_t user[N], item[N];
	static float label[N], x[U * I], score[N];
	struct mf_rows rows = { user, item, label, NULL, NULL, N, U, I };
	struct csr positives;
	double least, worst = 0, off = 0;
	struct ease ease;
	float *b;

	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, 3 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		label[r] = r % 5 ? 1 : 0;
		x[user[r] * I + item[r]] += label[r];
	}
	positives = ease_positives(&rows);
	b = ease_fit(&positives, I, 2);
	least = loss(x, b, 2);
	for (size_t i = 0; i < (size_t)I * I; i += 17) {
		float old = b[i];
		double up, down;

		if (i / I == i % I)
			continue;
		b[i] = old + 0.01F;
		up = loss(x, b, 2);
		b[i] = old - 0.01F;
		down = loss(x, b, 2);
		b[i] = old;
		worst = fmax(worst, fabs(up - down) / 0.02);
		worst = up > least && down > least ? worst : INFINITY;
	}
	near(worst, 0, 1e-3, "the loss has no slope along any weight");
	for (size_t i = 0; i < I; i++)
		off += fabs((double)b[i * I + i]);
	ok(off == 0, "the diagonal is zero");
	ease = (struct ease){ U, I, positives.at, positives.id, b };
	item[7] = I;
	user[8] = U;
	ease_predict(score, &ease, user, item, N);
	ok(score[7] == 0 && score[8] == 0, "unknown ids score 0");
	worst = 0;
	for (size_t r = 10; r < N; r++) {
		double want = 0;

		for (size_t j = 0; j < I; j++)
			want += (double)x[user[r] * I + j] * (double)b[item[r] * I + j];
		worst = fmax(worst, fabs(want - (double)score[r]));
	}
	near(worst, 0, 1e-5, "a score is the user's row times the item's column");
	csr_free(&positives);
	free(b);
}

/* Both items of the first user, one of the second: X^T X + I = (2 1; 1 3), its inverse
 * (3 -1; -1 2) / 5, so B = (0 1/2; 1/3 0). */
static void hand(void)
{
	static const uint32_t user[] = { 0, 0, 1 }, item[] = { 0, 1, 1 };
	static const float label[] = { 1, 1, 1 };
	struct mf_rows rows = { user, item, label, NULL, NULL, 3, 2, 2 };
	struct csr positives = ease_positives(&rows);
	float *b = ease_fit(&positives, 2, 1);

	near(b[0 * 2 + 1], 1.0 / 3, 1e-6, "item 0 from item 1");
	near(b[1 * 2 + 0], 1.0 / 2, 1e-6, "item 1 from item 0");
	csr_free(&positives);
	free(b);
}

int main(void)
{
	hand();
	optimum();
	return done();
}
