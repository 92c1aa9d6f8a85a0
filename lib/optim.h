/* optim -- optimisers. Owns: the step of each, Adam's bias corrections.
 *
 * g is the mean gradient of a batch by w, times `shrink` and clipped to +-clip by value first (so a
 * step needs nothing but its own weights); L2 then joins it, g <- g + l2 w, but for adamw. r is the
 * rate of the step. shrink is how all gradients are clipped by their common norm:
 *
 *   shrink = min(1, most / (|g| + 1e-6)), |g| over the gradients of all weights of a network;
 *            Pascanu, Mikolov, Bengio 2013, "On the difficulty of training recurrent neural
 *            networks", algorithm 1, as torch.nn.utils.clip_grad_norm_ has it
 *
 *   adam     m <- b1 m + (1 - b1) g      v <- b2 v + (1 - b2) g^2
 *            w <- w - r / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + 1e-8)
 *            b1 = 0.9, b2 = 0.999        Kingma, Ba 2015, "Adam: a method for stochastic
 *                                        optimization", algorithm 1
 *   adamw    the same, but w <- (1 - r l2) w first
 *                                        Loshchilov, Hutter 2019, "Decoupled weight decay
 *                                        regularization", algorithm 2
 *   adagrad  v <- v + g^2                w <- w - r g / (sqrt(v) + 1e-10)
 *                                        Duchi, Hazan, Singer 2011, "Adaptive subgradient methods"
 *   sgd      m <- momentum m + g         w <- w - r m
 *                                        Polyak 1964; as Sutskever et al. 2013, eq. 1, r outside
 *   rowwise  of rows of d weights: v <- v + (1 - b2) / d sum_k g_k^2, one v for a row
 *            w_k <- w_k - r g_k / (sqrt(v) + 1e-8)
 *                                        Mudigere et al. 2022, "Software-hardware co-design for fast
 *                                        and scalable training of deep learning recommendation
 *                                        models": AdaGrad with one moment a row. Its rate is
 *                                        r / sqrt(1 - b2), as if Adam's v forgot nothing and had no
 *                                        correction: so one r does for embeddings and layers */
#ifndef OPTIM_H
#define OPTIM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum optim_kind { OPTIM_ADAM, OPTIM_ADAMW, OPTIM_ADAGRAD, OPTIM_SGD, OPTIM_ROWWISE, OPTIM_MEASURE };

struct optim {
	enum optim_kind kind;
	bool lazy; /* embeddings: step only for those that a batch has */
	double momentum;
	double clip; /* > 0; INFINITY: none */
};

/* What one step needs. */
struct optim_step {
	enum optim_kind kind;
	float rate; /* adam: r / (1 - b1^t) */
	float scale; /* adam: 1 / sqrt(1 - b2^t) */
	float l2, keep; /* adamw: l2 0, keep 1 - r l2 */
	float momentum, clip;
	float shrink; /* of a gradient, ahead of all else */
	double *squares; /* OPTIM_MEASURE: g^2 is added to it */
};

/* Those of a network. */
struct optim_steps {
	struct optim_step layers, biases;
	struct optim_step numbers; /* first-order weights and vectors of numbers */
	struct optim_step embeddings; /* and first-order weights of ids */
};

/* Running powers, so that no pow() is needed. */
struct optim_clock {
	double b1, b2; /* b1^t, b2^t; both 1 before the first step */
};

static inline void optim_tick(struct optim_clock *clock)
{
	clock->b1 *= 0.9;
	clock->b2 *= 0.999;
}

/* The step that the clock has come to, at that rate. */
static inline struct optim_step optim_at(
	const struct optim_clock *clock, const struct optim *how, double rate, double l2)
{
	struct optim_step s = { how->kind, (float)rate, 1, (float)l2, 1, (float)how->momentum,
		(float)how->clip, 1, NULL };

	if (how->kind == OPTIM_ADAM || how->kind == OPTIM_ADAMW) {
		s.rate = (float)(rate / (1 - clock->b1));
		s.scale = (float)(1 / sqrt(1 - clock->b2));
	}
	if (how->kind == OPTIM_ADAMW) {
		s.keep = (float)(1 - rate * l2);
		s.l2 = 0;
	}
	return s;
}

/* Those of a network: l2 is for embeddings, numbers and first-order weights, l2_layers for layers. To
 * rowwise only tables have rows: the rest, which every batch has, is by Adam. */
static inline struct optim_steps optim_all(const struct optim_clock *clock, const struct optim *how,
	double rate, double l2, double l2_layers)
{
	struct optim dense = *how;

	dense.kind = how->kind == OPTIM_ROWWISE ? OPTIM_ADAM : how->kind;
	return (struct optim_steps){ optim_at(clock, &dense, rate, l2_layers),
		optim_at(clock, &dense, rate, 0), optim_at(clock, &dense, rate, l2),
		optim_at(clock, how, rate, l2) };
}

/* The same step at so many times its rate. */
static inline struct optim_step optim_paced(const struct optim_step *how, float pace)
{
	struct optim_step s = *how;

	s.rate *= pace;
	s.keep = 1 - (1 - how->keep) * pace;
	return s;
}

/* Not a step: weights and moments stay, the squares of the gradients are added up. */
static inline struct optim_step optim_measure(double *squares)
{
	return (struct optim_step){ .kind = OPTIM_MEASURE, .squares = squares };
}

/* By what gradients are multiplied whose squares have that sum, for a norm of at most `most`. */
static inline float optim_shrink(double squares, double most)
{
	double share = most / (sqrt(squares) + 1e-6);

	return share > 1 ? 1 : (float)share;
}

/* Whether a step with gradient 0 changes nothing, so that it may be left out. */
static inline bool optim_idle(const struct optim_step *how)
{
	switch (how->kind) {
	case OPTIM_MEASURE:
		return true;
	case OPTIM_ADAGRAD:
	case OPTIM_ROWWISE:
		return how->l2 == 0;
	case OPTIM_SGD:
		return how->l2 == 0 && how->momentum == 0;
	default:
		return false;
	}
}

/* One step of n weights with gradient g; g = NULL: zero. To rowwise each is a row. */
SIMD_DECLARE(void, optim_step,
	(float *w, float *m, float *v, const float *g, size_t n, const struct optim_step *how));

/* The same of n rows of a table, width floats each: those that begin at w + row[i] * width (m, v
 * likewise; to rowwise v[row[i]], and m may be NULL), with gradients g (n, width). No row comes
 * twice. */
SIMD_DECLARE(void, optim_step_rows,
	(float *w, float *m, float *v, const uint32_t *row, size_t n, size_t width, const float *g,
		const struct optim_step *how));

/* `steps` steps how[0], how[1], ... of Adam for n weights with a gradient of zero, the same bits as
 * one by one: what rows that no batch has had have missed. n is a multiple of 16. */
SIMD_DECLARE(void, optim_adam_rest,
	(float *w, float *m, float *v, size_t n, const struct optim_step *how, size_t steps));

#endif
