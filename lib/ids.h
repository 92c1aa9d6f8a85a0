/* ids -- which ids a batch has. Owns: a field's ids listed and sorted by id, then row. */
#ifndef IDS_H
#define IDS_H

#include "net.h"

struct ids {
	uint32_t *id, *row; /* n entries */
	float *weight; /* of each; NULL but for bags */
	uint32_t *spare_id, *spare_row;
	float *spare_weight;
	size_t n, room;
};

/* Makes `s` (zeroed before its first use) those of field f in the n rows row[0 .. n); ids are rows
 * of the embedding table, unknown ones are left out. */
void ids_list(struct ids *s, const struct net *net, size_t f, const struct net_field *in,
	const uint32_t *row, size_t n);
void ids_free(struct ids *s);

#endif
