/* epoch -- a pass of training over all rows. Owns: the phases of a step, which thread does what of
 * one, the mean loss. */
#ifndef EPOCH_H
#define EPOCH_H

#include "fit.h"

/* Trains a network on the rows row[0 .. n) in an order drawn from (seed, epoch), or on the
 * objective's batches. Returns the mean loss (each batch before its step). When it is not finite:
 * NaN, *bad is the number of the batch (from 1) and the weights are of no use.
 * The bits do not depend on the threads. */
double epoch_run(struct net *net, const struct fit *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad);

#endif
