#include "arch_dcn.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_tables(&n, s);
	parts_cross_layers(&n, s);
	parts_mlp(&n, s);
	return n;
}

const struct arch arch_dcn = {
	.name = "dcn",
	.line = "cross layers (DCN V2) beside an MLP",
	.embeddings = true,
	.crosses = true,
	.mlp = true,
	.towers = 1,
	.spread = 0.05,
	.count = count,
};
