#include "halves.h"

#include <string.h>

enum { GROUP = 12 }; /* rows that are summed while the next ones are made */

/* The inputs of a half: `n` from `from` on. */
struct half {
	size_t from, n;
};

/* Rows to be made, and those that are asked for. */
struct group {
	struct ahead_row row[GROUP + AHEAD_SOON];
	struct ahead ahead;
};

/* Adds row i of the batch, or of the next one behind it, unless it has no numbers. */
static bool list_row(const struct trainer *t, const struct worker *w, const struct half *h,
	size_t i, struct ahead_row *row)
{
	const struct net *net = t->net;
	uint64_t e = ids_entry(t->field, w->row[i]);
	float *x = t->work->forward.x + i * net->ldx + h->from;

	if (e == UINT64_MAX && i < w->n)
		memset(x, 0, h->n * sizeof *x);
	if (e == UINT64_MAX)
		return false;
	*row = (struct ahead_row){ t->field->num + e * net->inputs + h->from, net->mean + h->from,
		net->scale + h->from, x, h->n };
	return true;
}

static void list_group(const struct trainer *t, const struct worker *w, const struct half *h,
	size_t first, struct group *g)
{
	size_t end = first + GROUP < w->n ? first + GROUP : w->n, n = 0;

	memset(g->row, 0, sizeof g->row);
	for (size_t i = first; i < end; i++)
		n += list_row(t, w, h, i, g->row + n);
	g->ahead = (struct ahead){
		.row = g->row, .rows = n, .steps = n * ((h->n + AHEAD_LINE - 1) / AHEAD_LINE)
	};
	for (size_t i = end; i < end + AHEAD_SOON && i < w->n + w->next; i++)
		n += list_row(t, w, h, i, g->row + n);
}

void halves_sum(const struct trainer *t, const struct worker *w, size_t half)
{
	const struct net *net = t->net;
	size_t width = net->layer->width;
	struct half h = { half ? t->split : 0, half ? net->inputs - t->split : t->split };
	const float *x = t->work->forward.x;
	float *sums = t->half[w->step % 2][half];
	struct group group;

	list_group(t, w, &h, 0, &group);
	for (size_t first = 0, n; first < w->n; first += n) {
		n = w->n - first < GROUP ? w->n - first : GROUP;
		SIMD_CALL(ahead_rest, &group.ahead);
		list_group(t, w, &h, first + n, &group);
		forward_half(net, t->split, half, n, x + first * net->ldx, sums + first * width,
			&group.ahead);
	}
}
