/* Architectures by name and number. */
#include "arch.h"

#include "tap.h"

int main(void)
{
	for (int i = 0; i < NET_ARCHS; i++) {
		const struct arch *a = arch_of((enum net_arch)i);

		ok(arch_find(a->name) == (enum net_arch)i && *a->line, a->name);
	}
	ok(arch_find("cnn") == NET_ARCHS, "an unknown name");
	ok(!arch_of(NET_ARCHS), "nothing beyond the last");
	return done();
}
