#include "halves.h"

enum { GROUP = 12 }; /* rows that are summed while the next ones are made */

/* The group that begins with row `first`; returns how many rows it has. */
static size_t list_group(const struct trainer *t, struct worker *w, size_t half, size_t first)
{
	size_t left = w->n - first, n = left < GROUP ? left : GROUP;
	struct fetch_next next = { .row = w->row,
		.first = first,
		.n = n,
		.then = first + n,
		.end = w->n + w->next,
		.from = half ? t->split : 0,
		.numbers = half ? t->net->inputs - t->split : t->split,
		.products = 1,
		.x = t->work->forward.x + first * t->net->ldx };

	fetch_list(&w->fetch, t->net, t->field, &next);
	return n;
}

void halves_sum(const struct trainer *t, struct worker *w, size_t half)
{
	size_t ldx = t->net->ldx, width = t->net->layer->width, n = list_group(t, w, half, 0);
	float *sums = t->half[w->step % 2][half];

	for (size_t first = 0, then; first < w->n; first += n, n = then) {
		const float *x = t->work->forward.x + first * ldx;

		fetch_done(&w->fetch, x);
		then = list_group(t, w, half, first + n);
		forward_half(t->net, t->split, half, n, x, sums + first * width, &w->fetch.forward);
	}
}
