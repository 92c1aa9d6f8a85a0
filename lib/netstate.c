#include "netstate.h"

#include <stdlib.h>

#include "mem.h"

/* A double as three floats that add up to it. */
static void split_number(float part[3], double x)
{
	for (int i = 0; i < 3; i++) {
		volatile float rounded = (float)x; /* gcc 12 takes (double)(float)x for x here */

		part[i] = rounded;
		x -= (double)rounded;
	}
}

static struct optim_clock join_clock(const float part[6])
{
	struct optim_clock clock;

	clock.b1 = (double)part[0] + (double)part[1] + (double)part[2];
	clock.b2 = (double)part[3] + (double)part[4] + (double)part[5];
	return clock;
}

void netstate_copy(struct net *net, const struct mf_state list[NETSTATES], bool to)
{
	for (int k = 0; k < 3; k++) {
		float *at = list[k].at;

		for (size_t i = 0, n = net_tensors(net); i < n; i++) {
			struct net_tensor x = net_tensor(net, i);

			if (k && !net_trained(x))
				continue;
			if (to)
				net_get(net, i, (enum net_state)k, at);
			else
				net_set(net, i, (enum net_state)k, at);
			at += x.rows * (x.cols ? x.cols : 1);
		}
	}
	if (!to) {
		net->clock = join_clock(list[3].at);
		return;
	}
	split_number(list[3].at, net->clock.b1);
	split_number(list[3].at + 3, net->clock.b2);
}

void netstate_list(const struct net *net, struct mf_state list[NETSTATES])
{
	const char *const name[] = { "weights", "first", "second", "clock" };
	size_t size[NETSTATES] = { 0, 0, 0, 6 };

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor x = net_tensor(net, i);
		size_t all = x.rows * (x.cols ? x.cols : 1);

		size[0] += all;
		size[1] += net_trained(x) ? all : 0;
	}
	size[2] = size[1];
	for (int k = 0; k < NETSTATES; k++)
		list[k] = (struct mf_state){ name[k], mem_new(size[k], sizeof(float)), size[k] };
}

void netstate_free(struct mf_state list[NETSTATES])
{
	for (int k = 0; k < NETSTATES; k++)
		free(list[k].at);
}
