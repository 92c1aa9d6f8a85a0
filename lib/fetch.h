/* fetch -- what the rows that come next read, while these are worked on. Owns: which memory that
 * is. */
#ifndef FETCH_H
#define FETCH_H

#include "ahead.h"
#include "ids.h"

/* A thread's own. */
struct fetch {
	struct ahead forward; /* while the first layer is summed: numbers, what is looked up, and
				 moments of ids that these rows will step */
	struct ahead back; /* while gradients go back to it, just ahead of their use: embeddings,
			      and where they will be */
	const float *x; /* the rows' x, whose numbers `forward` makes; NULL: nobody's */
	bool any, makes; /* whether there is anything to list at all; whether numbers are made */
	struct ahead_row *row;
	const float **line, **vector;
};
struct fetch fetch_new(const struct net *net, bool training);
void fetch_free(struct fetch *fetch);

/* n <= IDS_CHUNK rows from `first` on, and most likely after those some from `then` on, below
 * `end`.
 */
struct fetch_next {
	const uint32_t *row; /* row[first] ..; NULL: first .. */
	size_t first, n, then, end;
	size_t now, nows; /* rows that are worked on: so many from `now` on */
	const struct ids *ids; /* of each field, which begin with row 0; NULL: not known */
	const uint32_t *later; /* rows whose ids are looked up next, `laters` <= IDS_CHUNK */
	size_t laters;
	size_t products; /* back to the embeddings, where a table is large */
	const bool *unread; /* fields that nobody reads; NULL: none */
	size_t from, numbers; /* of a row's numbers so many from there on; 0: all */
	float *x; /* where their inputs will be, */
	bool near; /* which is in the cache */
};

/* Lists it: numbers; in training also what is looked up, and embeddings of a large table. */
void fetch_list(struct fetch *fetch, const struct net *net, const struct net_field *field,
	const struct fetch_next *next);

/* Whether field f's numbers are made from the list; a few are not worth it. */
static inline bool fetch_makes(const struct net *net, size_t f)
{
	const struct net_field *in = net->shape.field + f;

	return in->kind == NET_NUM && in->values >= AHEAD_LINE;
}

/* Whether the list was made for the rows at x: then it is done to its end, and forgotten. */
bool fetch_done(struct fetch *fetch, const float *x);

#endif
