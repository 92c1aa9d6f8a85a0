/* sieve -- products of bytes against bounds. Owns: the inner loop of lib/screen.h.
 *
 * Panels: item j of a panel of 32, factor k: byte [panel][k / 4][j][k % 4]. Items' bytes are 128
 * more than the number they stand for, users' are the number. */
#ifndef SIEVE_H
#define SIEVE_H

#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum { SIEVE_PANEL = 32, SIEVE_USERS = 24 };

struct sieve {
	const uint8_t *panel; /* (panels, quads, 32, 4) */
	const float *scale, *bias; /* (panels, 32) */
	const float *error, *norm; /* (panels) */
	size_t quads, panels; /* quads: factors / 4, rounded up */
};

/* Of user u: four factors a quad, 128 x the sum of its bytes, what a unit of them is, and how much
 * is left to reach: an item may reach it when
 *
 *   scale[u] (sum_k bytes) scale[i] + bias[i]
 *     > room[u] - norm[u] error[panel] - error[u] norm[panel]
 *
 * all in floats; a comparison with NaN holds. */
struct sieve_users {
	const int32_t *bytes; /* (quads, 24): four factors each */
	const int32_t *offset;
	const float *scale, *room, *norm, *error;
	size_t n;
};

/* A user and an item that may reach its room. */
struct sieve_pair {
	uint32_t user, item; /* item: from the first of the panels on */
};

/* Lists the pairs by rising panel, so the items of a user ascend; returns how many there are. pair
 * has room for all. Without AVX-512 VNNI, which the caller asks for, all pairs may. */
SIMD_DECLARE(size_t, sieve_pairs,
	(struct sieve_pair * pair, const struct sieve *items, const struct sieve_users *users));

/* Of SIEVE_SIDE pairs, the chain of lib/gemm.h: c[j], then + p[j][k] q[j][k] for k < dim in order,
 * then + base[j], all fused: the bits that gemm_forward gives. */
enum { SIEVE_SIDE = 8 };
SIMD_DECLARE(void, sieve_scores,
	(float *score, const float *const *p, const float *const *q, const float *c,
		const float *base, size_t dim));

#endif
