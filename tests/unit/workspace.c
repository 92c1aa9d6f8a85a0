/* Buffers grow, and stay where they need not. */
#include "workspace.h"

#include <stdlib.h>

#include "tap.h"

static const float number[3];
static const struct net_field field[] = { { .kind = NET_NUM, .values = 3, .num = number } };

/* The last row's outputs, deltas and loss can be written, and are read again. */
static int holds(const struct workspace *w, const struct net *net)
{
	size_t last = w->rows - 1;
	struct forward_rows f = forward_window(net, &w->forward, last);
	struct backward_rows b = backward_window(net, &w->backward, last);

	for (size_t j = 0; j < 40; j++)
		f.h[0][j] = b.delta[0][j] = (float)j;
	w->value[last] = f.z[0] = 3;
	w->slope[last] = 4;
	return f.h[0][39] == 39 && b.delta[0][39] == 39 && w->forward.z[last] == 3 &&
	       w->value[last] == 3 && w->slope[last] == 4;
}

int main(void)
{
	struct net_shape shape = {
		.arch = NET_MLP, .layers = 1, .hidden = { 40 }, .fields = 1, .field = field
	};
	struct net *net = net_new(&shape);
	struct workspace w = { 0 };
	const float *z;

	ok(workspace_grow(&w, net, 10) && w.rows == 10 && holds(&w, net), "room for 10 rows");
	z = w.forward.z;
	ok(!workspace_grow(&w, net, 7) && w.rows == 10 && w.forward.z == z && w.value[9] == 3,
		"is room for 7 of them");
	ok(workspace_grow(&w, net, 300) && w.rows == 300 && holds(&w, net), "300 take more");
	workspace_free(net, &w);
	ok(!w.rows && !w.value && !w.slope && !w.forward.z && !w.backward.delta[0],
		"none is left,");
	workspace_free(net, &w);
	ok(workspace_grow(&w, net, 1) && holds(&w, net), "  and one row is room again");
	workspace_free(net, &w);
	net_free(net);
	return done();
}
