/* imitate -- losses that make a student's factors or activations like a teacher's. Owns: hint, DE,
 * FTD and HTD as losses of the users and items, or of the rows, of a batch.
 *
 *   hint  sum over users and items of |t - E(e)|^2           one expert: experts.h
 *   de    users' + 1/2 items' loss of distillation experts   as the authors' code has it
 *   ftd   topology.h, users and items together
 *   htd   gamma topology.h with groups + (1 - gamma) experts' loss; the groups of users, and those
 *         of items, are the experts that fit them best
 *
 * T of the experts falls from 1 in the first epoch by the power of ten - 10 epoch / anneal, to
 * 1e-10. Hwang, Kweon, Yu, Kang 2021 (topology.h): gamma 1/2, and 30 experts, on CiteULike. */
#ifndef IMITATE_H
#define IMITATE_H

#include "objective.h"

enum imitate_kind { IMITATE_HINT, IMITATE_DE, IMITATE_FTD, IMITATE_HTD };

struct imitate_training {
	enum imitate_kind kind;
	/* (users, teacher_dim), (items, teacher_dim); or (rows, teacher_dim) and NULL; the caller's */
	const float *teacher[2];
	size_t teacher_dim, dim;
	size_t experts; /* of users, and as many of items */
	double gamma, anneal; /* epochs */
	double rate, l2; /* of the experts */
	uint64_t seed;
};

struct vectors_loss imitate_loss(const struct imitate_training *training, double weight);

#endif
