/* piece -- columns of a piece of plain text. Owns: how rows are stored by many threads at once,
 * with the same ids as if one had read them in order.
 *
 * A leaf. */
#ifndef PIECE_H
#define PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "dict.h"
#include "plain.h"

/* Stores the rows of a plain piece from row `to` on, in three steps. First each piece by any
 * thread: words that the column does not have yet go to the piece's own dictionary. Then, when it
 * is good, column by column, the pieces in order. Then again each piece by any. */
struct piece {
	const struct plain *plain;
	uint64_t to;
	struct dict *fresh; /* made when needed */
	uint32_t *id; /* of the words in fresh */
	size_t id_room;
	bool gaps; /* something is missing */
	bool good; /* false: some value is wrong, and column_store will say why */
};
void piece_store(const struct column *c, struct piece *p);
void piece_merge(struct column *c, struct piece *p);
void piece_finish(const struct column *c, struct piece *p);
void piece_free(struct piece *p);

#endif
