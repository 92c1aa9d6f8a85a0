#include "workspace.h"

#include <stdlib.h>

#include "mem.h"

bool workspace_grow(struct workspace *w, const struct net *net, size_t rows)
{
	if (rows <= w->rows)
		return false;
	if (w->rows) {
		forward_free(net, &w->forward);
		backward_free(net, &w->backward);
	}
	w->rows = rows;
	w->forward = forward_new(net, rows);
	w->backward = backward_new(net, rows);
	w->value = mem_grow(w->value, rows, sizeof *w->value);
	w->slope = mem_grow(w->slope, rows, sizeof *w->slope);
	return true;
}

void workspace_free(const struct net *net, struct workspace *w)
{
	forward_free(net, &w->forward);
	backward_free(net, &w->backward);
	free(w->value);
	free(w->slope);
	*w = (struct workspace){ 0 };
}
