#include "arch.h"

#include <string.h>

#include "arch_dcn.h"
#include "arch_deepfm.h"
#include "arch_fm.h"
#include "arch_lr.h"
#include "arch_mlp.h"
#include "arch_two_tower.h"
#include "arch_wide_deep.h"

static const struct arch *const all[NET_ARCHS] = {
	[NET_LR] = &arch_lr,
	[NET_FM] = &arch_fm,
	[NET_MLP] = &arch_mlp,
	[NET_WIDE_DEEP] = &arch_wide_deep,
	[NET_DEEPFM] = &arch_deepfm,
	[NET_DCN] = &arch_dcn,
	[NET_TWO_TOWER] = &arch_two_tower,
};

const struct arch *arch_of(enum net_arch arch)
{
	return arch < NET_ARCHS ? all[arch] : NULL;
}

enum net_arch arch_find(const char *name)
{
	int i = 0;

	while (i < NET_ARCHS && strcmp(all[i]->name, name) != 0)
		i++;
	return (enum net_arch)i;
}
