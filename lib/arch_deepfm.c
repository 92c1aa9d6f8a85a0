#include "arch_deepfm.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_first_order(&n, s);
	parts_tables(&n, s);
	parts_pairs(&n, s);
	parts_mlp(&n, s);
	return n;
}

const struct arch arch_deepfm = {
	.name = "deepfm",
	.line = "factorization machine and MLP on one set of embeddings",
	.embeddings = true,
	.linear = true,
	.fm = true,
	.mlp = true,
	.towers = 1,
	.spread = 0.05,
	.count = count,
};
