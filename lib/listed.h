/* listed -- which ids a batch has, and the next one. Owns: their lists, which take turns, and the
 * order in which the next one's are made.
 *
 * While a batch is worked on the ids of the next one are looked up, chunk by chunk, and then
 * sorted. Those of bags and crosses of the wide part are looked up and sorted at once, which takes
 * long. */
#ifndef LISTED_H
#define LISTED_H

#include "ids.h"

struct listed {
	struct ids *ids; /* of each field, then of each cross: those of even steps, then of odd */
	size_t each; /* how many a step has */
	size_t *order, n; /* which are made beside other work, */
	size_t slow; /* so many first, which take long; then what is only sorted */
};

/* With room for `batch` rows; 0: it grows. */
struct listed listed_new(const struct net *net, size_t batch);
void listed_free(struct listed *s);

/* The lists of a step: `each` of them. */
static inline struct ids *listed_at(const struct listed *s, size_t step)
{
	return s->ids + step % 2 * s->each;
}

/* The rows row[0 .. n) of a step; draw.first is the place of the first one in the epoch. */
struct listed_batch {
	const struct net_field *field;
	const uint32_t *row;
	size_t n, step;
	struct ids_draw draw;
};

/* Looks up the categories of n <= IDS_CHUNK of the batch's rows, from `first` on. */
void listed_look(const struct listed *s, const struct net *net, const struct listed_batch *b,
	size_t first, size_t n);

/* Makes list i of the batch; looked: whether all its rows' categories have been looked up. */
void listed_make(const struct listed *s, size_t i, const struct net *net,
	const struct listed_batch *b, bool looked, struct ids_spare *spare);

/* All lists of a batch, on all threads. */
void listed_all(const struct listed *s, const struct net *net, const struct listed_batch *b);

#endif
