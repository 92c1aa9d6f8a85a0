/* taught -- ranked lists that a teacher leaves behind. Owns: how losses of ranking draw from them,
 * and for which rows of a batch.
 *
 * A row is a user and a list his items, or the other way round (`reverse`). Lists are best first
 * and end at an id of UINT32_MAX. */
#ifndef TAUGHT_H
#define TAUGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csr.h"
#include "mf.h"
#include "objective.h"

enum { TAUGHT_END = UINT32_MAX };

/* Begins every loss's own struct, so that a pointer to one is a pointer to the other. */
struct taught {
	bool reverse;
	size_t rows, ids, k; /* ids in lists are below `ids` */
	const uint32_t *list; /* (rows, k); the caller's */
	const float *score; /* (rows, k), what the teacher thinks; the caller's */
	struct csr have; /* ids that a row is positive with, ascending */
	uint64_t seed;
	/* of the epoch at hand: count[row] ids at drawn[row * width] */
	size_t width;
	uint32_t *drawn, *count;
	/* of the batch at hand: its rows, and where their pairs begin */
	uint32_t *row, *stamp;
	size_t *at, n, room;
	double *loss; /* of each of them */
};

/* Positives as bpr.h has them. list and score must outlive it. */
void taught_open(struct taught *t, const struct mf_rows *rows, bool reverse, const uint32_t *list,
	const float *score, size_t k, uint64_t seed);
void taught_free(struct taught *t);

/* ---- what an objective is made of ---- */

/* Room for so many ids a row. */
void taught_room(struct taught *t, size_t width);

/* Lets fill choose the ids of every row, t->drawn[row * width ..]; it returns how many. mark (ids)
 * is its own, and has no row + 1 at first. seed is the epoch's. */
typedef size_t taught_filler(
	struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed);
void taught_fill(struct taught *t, uint64_t epoch, taught_filler *fill);

/* An objective's draw: the pairs of each row that the joined pairs have. */
void taught_join(void *t, size_t batch, struct pairs *pairs);

/* The rows' losses, summed in order. one: of the ids of one row, count[row] > 0 of them. */
typedef double taught_loss(
	const struct taught *t, size_t row, const float *score, float *slope, size_t n);
double taught_slope(struct taught *t, const struct pairs *pairs, const float *score, float *slope,
	taught_loss *one);

/* ---- what filling needs ---- */

/* How many ids a row's list has. */
size_t taught_length(const struct taught *t, size_t row);

/* place[0 .. m) of n >= m places, without repeats, ascending, each next one in proportion to its
 * weight among those left (Efraimidis, Spirakis 2006, "Weighted random sampling with a reservoir").
 * Places of weight 0 are not drawn; how many were. `seed` and `row` say which numbers are used. */
size_t taught_draw(
	uint32_t *place, size_t m, const double *weight, size_t n, uint64_t seed, size_t row);

/* weight[r] = e^(-(r + 1) / spread), r < n. */
void taught_weights(double *weight, size_t n, double spread);

/* id[0 .. m) of the ids that are not in `mark`, without repeats, all with equal chances, in the
 * order drawn; fewer when there are no more. mark (ids) has `with` where an id may not be drawn;
 * those drawn are marked, too. marked: how many are. */
size_t taught_others(uint32_t *id, size_t m, uint32_t *mark, uint32_t with, size_t ids,
	size_t marked, uint64_t seed, size_t row);
/* Marks the positives and the list of a row; how many ids that are. */
size_t taught_mark(const struct taught *t, size_t row, uint32_t *mark, uint32_t with);

#endif
