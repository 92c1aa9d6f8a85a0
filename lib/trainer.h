/* trainer -- what the threads of an epoch of training share. Owns: its rows' order, the cut into
 * chunks, the buffers and lists of its batches, the pairs of one. */
#ifndef TRAINER_H
#define TRAINER_H

#include "fit.h"
#include "gradient.h"
#include "listed.h"
#include "program.h"

struct trainer {
	struct net *net;
	const struct fit *how;
	const struct net_field *field;
	uint64_t epoch, seed; /* of what is drawn in it */
	uint32_t *order; /* its n rows; NULL: pairs */
	size_t n, batch, steps; /* batch: rows a step, at most */
	size_t threads, chunk; /* chunk: rows that go through the passes together */
	struct program program; /* of a step */
	struct workspace *work, own; /* work: how->room, or own */
	struct forward_moments moments[NET_TOWERS * NET_LAYERS];
	struct listed listed;
	struct tabled tabled;
	struct common common;
	/* Where the first layer's inputs are cut into halves, halves.h; 0: nowhere. And the sums over
	 * each, (batch, width of the layer): those of even steps, then of odd ones. */
	size_t split;
	float *half[2][2];
	struct gradient_piece *piece; /* of the weights */
	size_t pieces, shares;
	double *squares; /* of each piece's gradients; NULL: not clipped by norm */
	struct mimic_room *mimic; /* or NULL */
	/* pairs at hand: keys of own_field are theirs, own_row counts from 0 */
	struct pairs pairs;
	struct net_field *own_field;
	uint32_t *own_row;
	/* Written in every step, so not beside what all threads read. */
	_Alignas(64) double loss; /* so far, over so many rows; */
	size_t rows, bad; /* at which step, from 1 on, it was not finite */
};

/* Of an epoch over the rows row[0 .. n), or over the objective's batches. It points into itself. */
void trainer_open(struct trainer *t, struct net *net, const struct fit *how,
	const struct net_field *field, const uint32_t *row, size_t n, uint64_t epoch);
void trainer_close(struct trainer *t);

/* With halves, what the thread of the second one goes by: all is its own, but what it only reads,
 * the halves' sums and the first layer's weights. */
void trainer_second(struct trainer *t, const struct trainer *first);
void trainer_second_close(struct trainer *t);

/* Pairs: the batch of that step becomes the one at hand. */
void trainer_draw(struct trainer *t, size_t step);

/* By how many the losses of a batch of n rows are divided. */
static inline size_t trainer_parts(const struct trainer *t, size_t n)
{
	return t->how->objective && t->pairs.joined ? t->pairs.joined : n;
}

#endif
