/* What of a network is held up to a teacher, and to which rows the slopes go. */
#include "mimic.h"

#include <math.h>
#include <stdlib.h>

#include "initial.h"
#include "mem.h"
#include "tap.h"

enum { ROWS = 5, DIM = 4, USERS = 3, ITEMS = 2 };

static const uint32_t user[ROWS] = { 2, 0, 2, 7, 1 }, item[ROWS] = { 1, 1, 0, 1, 1 };
static const uint32_t row[ROWS] = { 4, 0, 2, 3, 1 };

/* What a loss was shown: L = sum of the first number of every vector, times 1 + its place. */
static struct vectors seen[2];
static uint32_t id[2][ROWS];
static float first[2][ROWS];

static double shown(void *self, const struct vectors *users, const struct vectors *items,
	double weight)
{
	const struct vectors *both[2] = { users, items };

	(void)self;
	for (int side = 0; side < 2; side++) {
		seen[side] = *both[side];
		for (size_t s = 0; s < both[side]->n; s++) {
			const struct vectors *v = both[side];

			id[side][s] = v->id[s];
			first[side][s] = v->row[(v->at ? v->at[s] : v->id[s]) * v->pitch];
			v->slope[s * v->width] += (float)(weight * (double)(1 + s));
		}
	}
	return 7;
}

static struct net *network(enum net_arch arch, const struct net_field field[2])
{
	struct net_shape shape = { .arch = arch,
		.dim = DIM,
		.layers = 1,
		.hidden = { 6 },
		.fields = 2,
		.field = field };
	struct net *net = net_new(&shape);

	initial_weights(net, 1, field, row, ROWS, 0.3);
	return net;
}

/* One batch: rows 4 0 2 3 1, whose users are 1 2 2 7 0, whose items are 1 1 0 1 1. */
static void ask(enum net_arch arch, bool sides, struct backward_rows *to, struct mimic_room **room)
{
	const struct net_field field[2] = {
		{ .kind = NET_CAT, .values = USERS, .key = user, .entries = USERS },
		{ .kind = NET_CAT, .values = ITEMS, .key = item, .entries = ITEMS, .item = true },
	};
	static const struct vectors_loss loss = { .slope = shown, .weight = 2 };
	static struct mimic how;
	struct forward_training plain = { 0 };
	struct net *net = network(arch, field);
	struct forward_rows f = forward_new(net, ROWS);
	struct mimic_batch batch = { row, { user, item }, ROWS, &f, &plain };

	how = (struct mimic){ &loss, 1, sides, { user, item }, { USERS, ITEMS }, { 0, 1 }, NULL };
	forward_input(net, field, row, 0, ROWS, &f, NULL);
	for (size_t l = 0; l < net->layers; l++) {
		forward_sums(net, l, ROWS, &f, NULL);
		forward_end(net, l, ROWS, &f, NULL);
	}
	*room = mimic_open(&how, net);
	mimic_grow(*room, ROWS, to);
	near(mimic_slope(*room, &batch, 0.5), 14, 0, "the loss, weighted");
	if (sides && arch == NET_MLP)
		near((double)first[0][1], (double)net->table.w[2 * DIM], 0,
			"a user's vector is its embedding");
	else
		near((double)first[0][1], (double)f.h[0][net->layer[0].width], 0,
			"a vector is what the layer has made");
	forward_free(net, &f);
	net_free(net);
}

int main(void)
{
	struct backward_rows to = { 0 };
	struct mimic_room *room;

	ask(NET_MLP, false, &to, &room);
	ok(seen[0].n == ROWS && seen[1].n == 0 && seen[0].dim == 6, "rows: as many as the batch");
	ok(id[0][0] == 4 && id[0][4] == 1, "known by their number in the data");
	near((double)to.hint[0][2 * to.hint_width], 3, 0, "the third's slope, weighted and scaled");
	mimic_close(room);

	ask(NET_MLP, true, &to, &room);
	ok(seen[0].n == 3 && id[0][0] == 1 && id[0][1] == 2 && id[0][2] == 0,
		"users: each once, none that is unknown");
	ok(seen[1].n == 2 && id[1][0] == 1 && id[1][1] == 0, "and items");
	ok(to.hint_embedded && to.hint_at[1] == DIM, "at the places of their embeddings");
	near((double)to.hint[0][4 * DIM], 3, 0, "a user's slope is its first row's");
	near((double)to.hint[0][2 * DIM], 0, 0, "the second row with it has none");
	near((double)to.hint[1][2 * DIM], 2, 0, "an item's likewise");
	mimic_close(room);

	ask(NET_TWO_TOWER, true, &to, &room);
	ok(seen[0].n == 3 && seen[0].dim == 6 && !to.hint_embedded, "towers: of what they made");
	mimic_close(room);
	return done();
}
