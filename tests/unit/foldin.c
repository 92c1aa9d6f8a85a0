/* A new user's factors are where the loss has no slope; the known, and those without rows, stay. */
#include "foldin.h"

#include "rng.h"
#include "tap.h"

enum { U = 12, I = 30, N = 200, K = 5, OLD = 6 };

static uint32_t user[N], item[N];
static float label[N], weight[N], p[OLD * K], q[I * K], b[OLD], c[I];
static uint8_t part[N];
static const struct mf_rows ROWS = { user, item, label, weight, part, N, U, I };

/* The loss of user u at x (bias last), on the scale of labels of that deviation. */
static double loss(const double *x, size_t u, const struct foldin_how *how, double deviation)
{
	double sum = 0, n = 0, weights = 0, norm = 0, root = sqrt(deviation), items = 0;

	for (size_t r = 0; r < N; r++) {
		double e = how->positives
				   ? 1
				   : ((double)label[r] - 0.5 - (double)c[item[r]]) / deviation;

		if (user[r] != u || part[r] != 0 || item[r] == 3 ||
			(how->positives && !(label[r] > 0)))
			continue;
		for (size_t k = 0; k < K; k++)
			e -= x[k] * (double)q[item[r] * K + k] / root;
		e -= how->positives ? 0 : x[K];
		sum += (double)weight[r] * e * e;
		weights += (double)weight[r];
		n++;
	}
	for (size_t k = 0; k < (size_t)(K + !how->positives); k++)
		norm += x[k] * x[k];
	if (!how->positives)
		return sum + how->l2 * weights * norm;
	for (size_t i = 0; i < I; i++) {
		double s = 0;

		for (size_t k = 0; k < K; k++)
			s += x[k] * (double)q[i * K + k];
		sum += how->alpha * s * s;
		items += i != 3;
	}
	return sum + how->l2 * pow(n + how->alpha * items, how->nu) * norm;
}

static double deviation(void)
{
	double n = 0, sum = 0, squares = 0;

	for (size_t r = 0; r < N; r++)
		if (part[r] == 0) {
			n += (double)weight[r];
			sum += (double)weight[r] * (double)label[r];
		}
	for (size_t r = 0; r < N; r++)
		if (part[r] == 0)
			squares += (double)weight[r] * pow((double)label[r] - sum / n, 2);
	return sqrt(squares / n);
}

static void optimum(const struct foldin_how *how, const char *what)
{
	const struct mf mf = { OLD, I, K, 0.5F, -9, 9, b, c, p, q };
	double d = how->positives ? 1 : deviation(), worst = 0;
	size_t folded;
	struct mf *to = foldin_users(&folded, &mf, &ROWS, how);

	ok(to->users == U && folded == U - OLD, "users beyond the model, and one of zeros");
	for (size_t u = OLD; u < U - 1; u++) {
		double x[K + 1], step = 1e-4;

		for (size_t k = 0; k < K; k++)
			x[k] = (double)to->user_factors[u * K + k] / sqrt(d);
		x[K] = (double)to->user_bias[u] / d;
		for (size_t k = 0; k < (size_t)(K + !how->positives); k++) {
			double up, down, old = x[k];

			x[k] = old + step;
			up = loss(x, u, how, d);
			x[k] = old - step;
			down = loss(x, u, how, d);
			x[k] = old;
			worst = fmax(worst, fabs(up - down) / (2 * step));
		}
	}
	near(worst, 0, 2e-3, what);
	ok(memcmp(to->user_factors, p, (OLD - 1) * K * sizeof *p) == 0, "the known stay");
	ok(to->user_factors[(U - 1) * K] == 0, "a user with no row of part 0 has none");
	mf_free(to);
}

int main(void)
{
	for (size_t i = 0; i < I * K; i++)
		q[i] = i / K == 3 ? 0 : (float)rng_normal(1, RNG_MAKE, i);
	for (size_t i = 0; i < OLD * K; i++)
		p[i] = i / K == OLD - 1 ? 0 : (float)rng_normal(2, RNG_MAKE, i);
	for (size_t i = 0; i < I; i++)
		c[i] = (float)rng_normal(3, RNG_MAKE, i);
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)(r % U);
		item[r] = (uint32_t)rng_below(I, 4, RNG_MAKE, r);
		label[r] = (float)rng_below(5, 5, RNG_MAKE, r);
		weight[r] = 0.5F + (float)(r % 3);
		part[r] = user[r] == U - 1 || r % 9 == 0 ? 2 : 0;
	}
	optimum(&(struct foldin_how){ false, 0, 0, 0.1 }, "ratings: the loss has no slope");
	optimum(&(struct foldin_how){ true, 0.2, 0.5, 0.3 }, "positives: the loss has no slope");
	return done();
}
