#include "arch_lr.h"

static struct parts_count count(const struct parts_size *s)
{
	struct parts_count n = { .weights = 1 };

	parts_first_order(&n, s);
	return n;
}

const struct arch arch_lr = {
	.name = "lr",
	.line = "logistic (or linear) regression: one weight a value",
	.linear = true,
	.towers = 1,
	.spread = 0.05,
	.count = count,
};
