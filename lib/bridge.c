#include "bridge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

/* Whether row u of a side says anything. */
static bool known(const struct mf *mf, size_t u)
{
	bool some;

	if (u >= mf->users)
		return false;
	some = mf->user_bias[u] != 0;
	for (size_t k = 0; k < mf->dim && !some; k++)
		some = mf->user_factors[u * mf->dim + k] != 0;
	return some;
}

/* Factors, then the bias, of the n users id[]. */
static float *gather(const struct mf *mf, const uint32_t *id, size_t n)
{
	size_t dim = mf->dim, width = dim + 1;
	float *x = mem_new(n * width, sizeof *x);

	for (size_t i = 0; i < n; i++) {
		memcpy(x + i * width, mf->user_factors + id[i] * dim, dim * sizeof *x);
		x[i * width + dim] = mf->user_bias[id[i]];
	}
	return x;
}

/* Ids of both models of the users that are shared and known, and have at least `least` rows. */
static size_t choose(uint32_t *from, uint32_t *to, const struct bridge *b, size_t least)
{
	size_t n = 0;

	for (size_t u = 0; u < b->user->target; u++) {
		uint32_t s = b->user->of[u];

		if (s == ALIGN_NONE || b->rows[u] < least || !known(b->source, s) ||
			(least && !known(b->target, u)))
			continue;
		from[n] = s;
		to[n++] = (uint32_t)u;
	}
	return n;
}

static float *mapped(const struct bridge *b, const float *x, const float *y, size_t n,
	const float *ask, size_t asked)
{
	size_t in = b->source->dim + 1, out = b->target->dim + 1;
	float *f = mem_new(asked * out, sizeof *f), *m;
	struct emcdr_training training = b->training;
	struct emcdr_mlp *mlp;

	training.l2 = b->l2;
	if (b->mlp) {
		mlp = emcdr_mlp_new(x, y, n, in, out, &training);
		emcdr_mlp_map(f, mlp, ask, asked);
		emcdr_mlp_free(mlp);
	} else {
		m = mem_new((in + 1) * out, sizeof *m);
		if (!emcdr_ridge(m, x, y, n, in, out, b->l2))
			die("%zu users do not determine a map of %zu factors; try --l2 above %g", n,
				in, b->l2);
		emcdr_linear(f, m, ask, asked, in, out);
		free(m);
	}
	for (size_t i = 0; i < asked * out; i++)
		if (!isfinite(f[i]))
			die("the map's factors are not finite; try --l2 above %g", b->l2);
	return f;
}

struct mf *bridge_mf(const struct bridge *b)
{
	struct mf *mf = mf_enlarged(b->target, b->user->target, 0);
	size_t dim = mf->dim, users = b->user->target, taught, asked;
	uint32_t *from = mem_new(users, sizeof *from), *to = mem_new(users, sizeof *to);
	float *x, *y, *ask, *f;

	if (!dim || !b->source->dim)
		die("the %s's model has no factors, only biases", dim ? "source" : "target");
	taught = choose(from, to, b, b->least);
	if (!taught)
		die("no user has %zu rows or more in the target and is known to the source (%zu "
		    "share a name): there is nothing to learn the map from",
			b->least, b->user->shared);
	x = gather(b->source, from, taught);
	y = gather(b->target, to, taught);
	asked = choose(from, to, b, 0);
	ask = gather(b->source, from, asked);
	f = mapped(b, x, y, taught, ask, asked);
	for (size_t i = 0; i < asked; i++) {
		memcpy(mf->user_factors + to[i] * dim, f + i * (dim + 1), dim * sizeof *f);
		mf->user_bias[to[i]] = f[i * (dim + 1) + dim];
	}
	warn("%zu users taught the map, %zu of %zu have their factors by it", taught, asked, users);
	free(x);
	free(y);
	free(ask);
	free(f);
	free(from);
	free(to);
	return mf;
}
