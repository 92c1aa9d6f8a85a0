#include "arch_wide_deep.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_first_order(&n, s);
	parts_tables(&n, s);
	parts_mlp(&n, s);
	return n;
}

const struct arch arch_wide_deep = {
	.name = "wide-deep",
	.line = "first order, with --cross if wished, beside an MLP",
	.embeddings = true,
	.linear = true,
	.mlp = true,
	.towers = 1,
	.spread = 0.05,
	.count = count,
};
