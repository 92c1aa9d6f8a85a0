/* workspace -- what the passes over a batch's rows leave. Owns: the buffers for it. */
#ifndef WORKSPACE_H
#define WORKSPACE_H

#include "backward.h"

/* For so many rows; {0} at first. An epoch may leave its own to the next one of the same network,
 * which would else touch memory anew. */
struct workspace {
	size_t rows;
	struct forward_rows forward;
	struct backward_rows backward;
	float *value, *slope; /* each row's loss, its derivative by the output */
};

/* Has room for that many rows afterwards. Where that takes new buffers the old ones' contents are
 * lost, and true is returned. */
bool workspace_grow(struct workspace *w, const struct net *net, size_t rows);
/* Leaves {0}. */
void workspace_free(const struct net *net, struct workspace *w);

#endif
