#include "arch.h"

#include <stddef.h>
#include <string.h>

static const struct arch all[NET_ARCHS] = {
	[NET_LR] = { "lr", "logistic (or linear) regression: one weight a value", .linear = true },
	[NET_FM] = { "fm", "factorization machine: first order and pairs of embeddings",
		.linear = true, .fm = true },
	[NET_MLP] = { "mlp", "multi-layer perceptron over embeddings and numbers", .mlp = true },
	[NET_WIDE_DEEP] = { "wide-deep", "first order, with --cross if wished, beside an MLP",
		.linear = true, .mlp = true },
	[NET_DEEPFM] = { "deepfm", "factorization machine and MLP on one set of embeddings",
		.linear = true, .fm = true, .mlp = true },
	[NET_DCN] = { "dcn", "cross layers (DCN V2) beside an MLP", .mlp = true, .crosses = true },
	[NET_TWO_TOWER] = { "two-tower", "an MLP of the user times an MLP of the item",
		.mlp = true,
		.towers = true },
};

const struct arch *arch_of(enum net_arch arch)
{
	return arch < NET_ARCHS ? all + arch : NULL;
}

enum net_arch arch_find(const char *name)
{
	int i = 0;

	while (i < NET_ARCHS && strcmp(all[i].name, name) != 0)
		i++;
	return (enum net_arch)i;
}
