/* optim -- optimisers. Owns: Adam's formula and its schedule of bias corrections. */
#ifndef OPTIM_H
#define OPTIM_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

/* Adam (Kingma, Ba 2015, "Adam: a method for stochastic optimization", algorithm 1), with L2 added
 * to the gradient:
 *
 *   g <- g + l2 w      m <- b1 m + (1 - b1) g      v <- b2 v + (1 - b2) g^2
 *   w <- w - rate / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps)
 *
 * b1 = 0.9, b2 = 0.999, eps = 1e-8. */
struct optim_adam {
	float step; /* rate / (1 - b1^t) */
	float scale; /* 1 / sqrt(1 - b2^t) */
	float l2;
};

/* Running powers, so that no pow() is needed. */
struct optim_clock {
	double b1, b2; /* b1^t, b2^t; both 1 before the first step */
};

static inline struct optim_adam optim_tick(struct optim_clock *clock, double rate, double l2)
{
	struct optim_adam a;

	clock->b1 *= 0.9;
	clock->b2 *= 0.999;
	a.step = (float)(rate / (1 - clock->b1));
	a.scale = (float)(1 / sqrt(1 - clock->b2));
	a.l2 = (float)l2;
	return a;
}

/* One step of n weights with gradient g; g = NULL: zero. */
SIMD_DECLARE(void, optim_adam_step,
	(float *w, float *m, float *v, const float *g, size_t n, const struct optim_adam *a));

#endif
