/* ids -- which ids a batch has. Owns: those of a field, or buckets of a cross, listed and sorted by
 * id, then row. */
#ifndef IDS_H
#define IDS_H

#include "forward.h"

struct ids {
	uint32_t *id, *row; /* n entries */
	float *weight; /* of each; NULL but for bags and crosses */
	uint32_t *spare_id, *spare_row;
	float *spare_weight;
	size_t n, room;
};

/* Makes `s` (zeroed before its first use) those of field f in the n rows row[0 .. n), which are at
 * how->first of the epoch. Ids are rows of the embedding table; unknown ones are left out unless
 * they have an embedding. */
void ids_list(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n, const struct forward_training *how);

/* The same of a cross of the wide part: ids are places in table.linear. */
void ids_list_wide(struct ids *s, const struct net *net, size_t wide, const struct net_field *field,
	const uint32_t *row, size_t n);

void ids_free(struct ids *s);

#endif
