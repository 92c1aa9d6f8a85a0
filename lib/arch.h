/* arch -- the architectures. Owns: their list, by number and by name. */
#ifndef ARCH_H
#define ARCH_H

#include "parts.h"

enum net_arch {
	NET_LR,
	NET_FM,
	NET_MLP,
	NET_WIDE_DEEP,
	NET_DEEPFM,
	NET_DCN,
	NET_TWO_TOWER,
	NET_ARCHS
};

const struct arch *arch_of(enum net_arch arch); /* NULL beyond the last */
enum net_arch arch_find(const char *name); /* NET_ARCHS when there is none */

#endif
