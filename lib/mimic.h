/* mimic -- what of a network is held up to a teacher. Owns: the vectors of a batch that losses of
 * representations see, and where their slopes go.
 *
 * Either each row's last hidden layer, or a vector of every user and item of the batch: what its
 * tower makes of it, or of a network without towers its embedding. A user's slope goes to the first
 * row that has it, since all rows with it share its weights. */
#ifndef MIMIC_H
#define MIMIC_H

#include "backward.h"
#include "objective.h"

struct mimic {
	const struct vectors_loss *loss; /* n of them; n 0: nothing is held up */
	size_t n;
	bool sides; /* users and items, else rows */
	/* Of sides: the columns, and how many ids there are (others are passed over); without
	 * towers also which fields of the network are the ids themselves. */
	const uint32_t *key[2];
	size_t ids[2], field[2];
	const uint32_t *place; /* of rows: their ids; NULL: their numbers */
};

/* How wide those vectors are: of rows the last hidden layer; 0 when the network has none. */
size_t mimic_dim(const struct net *net, bool sides);

struct mimic_room;
struct mimic_room *mimic_open(const struct mimic *mimic, const struct net *net);
void mimic_close(struct mimic_room *room);
/* Buffers for batches of up to n rows, of which `to` will have the slopes. */
void mimic_grow(struct mimic_room *room, size_t n, struct backward_rows *to);

/* A batch: rows row[0 .. n) of the columns key[], or of those that training has in their place. */
struct mimic_batch {
	const uint32_t *row, *key[2];
	size_t n;
	const struct forward_rows *forward;
	const struct forward_training *training;
};

/* Leaves the slopes, each times scale, where mimic_grow said; returns the weighted losses. */
double mimic_slope(struct mimic_room *room, const struct mimic_batch *batch, double scale);

#endif
