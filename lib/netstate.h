/* netstate -- what the training of a network goes on from. Owns: its weights, moments and clock as
 * arrays of floats that make a stream's tensors. */
#ifndef NETSTATE_H
#define NETSTATE_H

#include <stdbool.h>

#include "net.h"
#include "resume.h"

enum { NETSTATES = 4 }; /* "weights", "first", "second" (Adam's moments), "clock" */

/* Makes the arrays, as large as the network needs. */
void netstate_list(const struct net *net, struct mf_state list[NETSTATES]);
void netstate_free(struct mf_state list[NETSTATES]);

/* The network's state into the arrays, or from them. The clock's doubles are sums of three floats,
 * so that all bits come back; powers that no float can be are 0, and a step takes 1 less them. */
void netstate_copy(struct net *net, const struct mf_state list[NETSTATES], bool to);

#endif
