/* unseen -- ids that no row of the training has. Owns: which they are, and that they are scored as
 * the unknown. */
#ifndef UNSEEN_H
#define UNSEEN_H

#include "net.h"

struct unseen {
	uint32_t *id, *unknown; /* (n): rows of the table, and what stands for each */
	size_t n;
};

/* Those of a network with embeddings of the unknown; none of any other. */
struct unseen unseen_find(
	const struct net *net, const struct net_field *field, const uint32_t *row, size_t n);
void unseen_free(struct unseen *u);

/* Copies the unknown's embedding and first-order weight to each. */
void unseen_adopt(struct net *net, const struct unseen *u);

#endif
