/* netstate -- what the training of a network goes on from. Owns: its weights, moments and clock as
 * arrays of floats that make a stream's tensors. */
#ifndef NETSTATE_H
#define NETSTATE_H

#include "net.h"
#include "resume.h"

enum { NETSTATES = 4 }; /* "weights", "first", "second" (Adam's moments), "clock" */

/* What array k is called and how large the network makes it; no memory. */
struct mf_state netstate_of(const struct net *net, size_t k);

/* The network's state into array k, or from it. The clock's doubles are sums of three floats, so
 * that all bits come back; powers that no float can be are 0, and a step takes 1 less them. */
void netstate_get(const struct net *net, size_t k, float *array);
void netstate_set(struct net *net, size_t k, const float *array);

#endif
