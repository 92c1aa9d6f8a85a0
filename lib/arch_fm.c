#include "arch_fm.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_first_order(&n, s);
	parts_tables(&n, s);
	parts_pairs(&n, s);
	return n;
}

const struct arch arch_fm = {
	.name = "fm",
	.line = "factorization machine: first order and pairs of embeddings",
	.embeddings = true,
	.linear = true,
	.fm = true,
	.towers = 1,
	.spread = 0.01,
	.count = count,
};
