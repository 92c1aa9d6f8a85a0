/* Scores of many rows, with tables by user and item, against those of each row alone: the same
 * bits, and hidden vectors too. */
#include "infer.h"

#include <stdlib.h>

#include "initial.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 500, USERS = 7, ITEMS = 5, UNITS = 20 };

static uint32_t user[ROWS], item[ROWS], category[ITEMS] = { 0, 2, 1, 2, 9 }, row[ROWS];
static uint64_t at[USERS + 1] = { 0, 2, 2, 3, 6, 7, 8, 10 };
static uint32_t id[10] = { 0, 1, 2, 0, 1, 3, 3, 2, 9, 1 };
static float number[ROWS * 3], age[USERS] = { 3, 1, 4, 1, 5, 9, 2 };

static const struct net_field all[] = {
	{ .kind = NET_CAT, .values = USERS, .key = user, .entries = UINT64_MAX },
	{ .kind = NET_CAT, .values = ITEMS, .key = item, .entries = UINT64_MAX, .item = true },
	{ .kind = NET_NUM, .values = 3, .entries = ROWS, .num = number },
	{ .kind = NET_BAG, .values = 4, .key = user, .entries = USERS, .at = at, .id = id },
	{ .kind = NET_CAT,
		.values = 3,
		.key = item,
		.entries = ITEMS,
		.cat = category,
		.item = true },
	{ .kind = NET_NUM, .values = 1, .key = user, .entries = USERS, .num = age },
};

static void make(void)
{
	for (uint32_t r = 0; r < ROWS; r++) {
		row[r] = (r * 7 + 3) % ROWS;
		user[r] = (uint32_t)rng_below(USERS + 2, 1, RNG_MAKE, r); /* 7 and 8 are unknown */
		item[r] = (uint32_t)rng_below(ITEMS + 1, 2, RNG_MAKE, r);
		for (uint32_t j = 0; j < 3; j++)
			number[3 * r + j] = (float)rng_normal(3, RNG_MAKE, 3 * r + j);
	}
}

static void check(enum net_arch arch, enum active active, enum net_norm norm, bool unknown,
	size_t first, size_t fields, const char *what)
{
	struct net_shape shape = { .arch = arch,
		.dim = 6,
		.layers = 2,
		.hidden = { 40, UNITS },
		.crosses = 1,
		.active = active,
		.norm = norm,
		.unknown = unknown,
		.fields = fields,
		.field = all + first };
	struct net *net = net_new(&shape);
	float *many = mem_new(ROWS, sizeof *many), *hidden = mem_new(ROWS * UNITS, sizeof *hidden);
	float one, vector[UNITS], plain;
	bool equal = true, same = true, differ = false;

	initial_weights(net, 1, all + first, row, ROWS, 0.3);
	infer_hidden(net, all + first, row, ROWS, many, hidden);
	for (size_t r = 0; r < ROWS; r++) {
		infer_hidden(net, all + first, row + r, 1, &one, vector);
		infer_scores(net, all + first, row + r, 1, &plain);
		equal &= memcmp(&one, many + r, sizeof one) == 0 && plain == one;
		same &= memcmp(vector, hidden + r * UNITS, sizeof vector) == 0;
		differ |= many[r] != many[0];
	}
	ok(equal && differ, what);
	ok(same, "  hidden vectors too");
	infer_scores(net, all + first, NULL, ROWS, many);
	for (size_t r = 0; r < ROWS; r++) {
		infer_scores(net, all + first, &(uint32_t){ (uint32_t)r }, 1, &one);
		equal &= one == many[r];
	}
	ok(equal, "  and rows in their own order");
	net_free(net);
	free(many);
	free(hidden);
}

int main(void)
{
	make();
	check(NET_MLP, ACTIVE_RELU, NET_PLAIN, false, 0, 6, "mlp: rows together as one by one");
	check(NET_MLP, ACTIVE_RELU, NET_PLAIN, true, 0, 2, "users and items only");
	check(NET_MLP, ACTIVE_TANH, NET_LAYER_NORM, true, 0, 6, "with layer norm, and unknowns");
	check(NET_MLP, ACTIVE_SIGMOID, NET_BATCH_NORM, false, 0, 6, "with batch norm");
	check(NET_MLP, ACTIVE_RELU, NET_PLAIN, false, 1, 2, "items and numbers of rows");
	check(NET_MLP, ACTIVE_RELU, NET_PLAIN, false, 2, 2, "users and numbers of rows");
	check(NET_MLP, ACTIVE_RELU, NET_PLAIN, false, 2, 1, "numbers only");
	check(NET_DEEPFM, ACTIVE_RELU, NET_PLAIN, true, 0, 6, "deepfm");
	check(NET_WIDE_DEEP, ACTIVE_RELU, NET_PLAIN, false, 0, 5, "wide-deep");
	check(NET_DCN, ACTIVE_RELU, NET_PLAIN, false, 0, 6, "dcn");
	check(NET_TWO_TOWER, ACTIVE_RELU, NET_PLAIN, false, 0, 6, "towers");
	return done();
}
