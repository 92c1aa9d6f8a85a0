/* overlap -- how alike two ranked lists are. Owns: overlap@k, rank-biased overlap.
 *
 * Of lists S and L, best first, X_d = |S[1..d] & L[1..d]|.
 *
 *   overlap@k  X_k / k
 *   rbo        (X_k / k) p^k + (1 - p) / p sum over d = 1 .. k of (X_d / d) p^d: rank-biased overlap,
 *              extrapolated from the first k places as if they went on like that; p the weight of
 *              going one place deeper. 1 for equal lists, 0 for disjoint ones. Webber, Moffat, Zobel
 *              2010, "A similarity measure for indefinite rankings", eq. 30. */
#ifndef OVERLAP_H
#define OVERLAP_H

#include <stddef.h>
#include <stdint.h>

/* shared[d - 1] = X_d for d = 1 .. k of lists without repeats but OVERLAP_NONE, which is no item. */
#define OVERLAP_NONE UINT32_MAX
void overlap_shared(uint32_t *shared, const uint32_t *a, const uint32_t *b, size_t k);

double overlap_at(const uint32_t *shared, size_t k);
double overlap_rbo(const uint32_t *shared, size_t k, double p);

#endif
