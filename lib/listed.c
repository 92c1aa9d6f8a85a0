#include "listed.h"

#include <stdlib.h>

#include "mem.h"
#include "par.h"

struct listed listed_new(const struct net *net, size_t batch)
{
	const struct net_shape *shape = &net->shape;
	struct listed s = { .each = shape->fields + shape->wides };

	s.ids = mem_new(2 * s.each, sizeof *s.ids);
	s.order = mem_new(s.each, sizeof *s.order);
	for (size_t i = 0; i < s.each; i++)
		if (i >= shape->fields || shape->field[i].kind == NET_BAG)
			s.order[s.n++] = i;
	s.slow = s.n;
	for (size_t i = 0; i < shape->fields; i++) {
		if (shape->field[i].kind != NET_CAT)
			continue;
		s.order[s.n++] = i;
		ids_room(listed_at(&s, 0) + i, batch);
		ids_room(listed_at(&s, 1) + i, batch);
	}
	return s;
}

void listed_free(struct listed *s)
{
	for (size_t i = 0; i < 2 * s->each; i++)
		ids_free(s->ids + i);
	free(s->ids);
	free(s->order);
}

void listed_look(const struct listed *s, const struct net *net, const struct listed_batch *b,
	size_t first, size_t n)
{
	for (size_t i = 0; i < net->shape.fields && n; i++)
		if (net->shape.field[i].kind == NET_CAT)
			ids_look(listed_at(s, b->step) + i, net, i, b->field + i, b->row, first, n,
				&b->draw);
}

void listed_make(const struct listed *s, size_t i, const struct net *net,
	const struct listed_batch *b, bool looked, struct ids_spare *spare)
{
	size_t fields = net->shape.fields;
	struct ids *list = listed_at(s, b->step) + i;

	if (i >= fields)
		ids_list_wide(list, net, i - fields, b->field, b->row, b->n, spare);
	else if (looked && net->shape.field[i].kind == NET_CAT)
		ids_sort(list, net, i, b->n, spare);
	else if (net->shape.field[i].kind != NET_NUM)
		ids_list(list, net, i, b->field + i, b->row, b->n, &b->draw, spare);
}

void listed_all(const struct listed *s, const struct net *net, const struct listed_batch *b)
{
	if (!net->slots && !net->shape.wides)
		return;
#pragma omp parallel num_threads(par_threads())
	{
		struct ids_spare spare = { 0 };

#pragma omp for schedule(dynamic)
		for (size_t i = 0; i < s->each; i++)
			listed_make(s, i, net, b, false, &spare);
		ids_spare_free(&spare);
	}
}
