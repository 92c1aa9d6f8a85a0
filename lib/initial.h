/* initial -- where training starts. Owns: random weights, mean and scale of numbers. */
#ifndef INITIAL_H
#define INITIAL_H

#include "net.h"

/* Random weights (embeddings uniform with deviation 0.05, or 0.01 for fm; layers uniform within
 * +-1/sqrt(inputs), LeCun 1998; the rest 0), and the mean and scale of numbers over `row`. The bias
 * starts at `bias`. */
void initial_weights(struct net *net, uint64_t seed, const struct net_field *field,
	const uint32_t *row, size_t n, double bias);

#endif
