#include "arch_two_tower.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_tables(&n, s);
	for (size_t t = 0; t < 2; t++)
		parts_hidden(&n, s, s->inputs[t], 1);
	n.multiply_adds += s->layers ? s->hidden[s->layers - 1] : 0; /* p . q */
	return n;
}

const struct arch arch_two_tower = {
	.name = "two-tower",
	.line = "an MLP of the user times an MLP of the item",
	.embeddings = true,
	.mlp = true,
	.towers = 2,
	.spread = 0.05,
	.count = count,
};
