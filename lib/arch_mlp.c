#include "arch_mlp.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_tables(&n, s);
	parts_mlp(&n, s);
	return n;
}

const struct arch arch_mlp = {
	.name = "mlp",
	.line = "multi-layer perceptron over embeddings and numbers",
	.embeddings = true,
	.mlp = true,
	.towers = 1,
	.spread = 0.05,
	.count = count,
};
