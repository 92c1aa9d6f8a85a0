/* What an epoch opens, by its settings: the order of rows, the cut into chunks, the program, whose
 * buffers, the pairs that are drawn. */
#include "trainer.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { ROWS = 1000, FIELDS = 2 };

static uint32_t row[ROWS], user[2 * ROWS];
static float number[ROWS];
static const struct net_field field[FIELDS] = {
	{ .kind = NET_CAT, .values = 5, .key = user, .entries = 5 },
	{ .kind = NET_NUM, .values = 1, .key = user, .entries = 5, .num = number, .item = true },
};

static struct net *network(const struct net_field *of, size_t fields)
{
	struct net_shape shape = { .arch = NET_MLP,
		.dim = 4,
		.layers = 1,
		.hidden = { 64 },
		.fields = fields,
		.field = of };

	return net_new(&shape);
}

static void check_order(struct net *net)
{
	struct fit how = { .seed = 1, .batch = 400 };
	unsigned char times[2 * ROWS] = { 0 };
	struct trainer a, b;
	int once = 1;

	trainer_open(&a, net, &how, field, row, ROWS, 3);
	trainer_open(&b, net, &how, field, row, ROWS, 3);
	for (size_t i = 0; i < ROWS; i++)
		times[a.order[i]]++;
	for (size_t i = 0; i < ROWS; i++)
		once &= times[row[i]] == 1;
	ok(once && memcmp(a.order, row, sizeof row) != 0, "all rows, in another order,");
	ok(memcmp(a.order, b.order, sizeof row) == 0, "  which an epoch has always");
	ok(a.steps == 3 && a.batch == 400, "1000 rows by 400 are 3 steps");
	trainer_close(&b);
	trainer_open(&b, net, &how, field, row, ROWS, 4);
	ok(memcmp(a.order, b.order, sizeof row) != 0, "another epoch has another one");
	trainer_close(&b);
	how.seed = 2;
	trainer_open(&b, net, &how, field, row, ROWS, 3);
	ok(memcmp(a.order, b.order, sizeof row) != 0, "and another seed");
	trainer_close(&b);
	trainer_open(&b, net, &how, field, row, 150, 3);
	ok(b.steps == 1 && b.batch == 150, "a batch is no larger than all rows");
	trainer_close(&b);
	trainer_close(&a);
}

static bool has(const struct trainer *t, enum phase_kind kind)
{
	for (size_t p = 0; p < t->program.phases; p++)
		if (t->program.phase[p].kind == kind)
			return true;
	return false;
}

/* Rows of a chunk of some batch. */
static size_t chunk(struct net *net, size_t batch, int threads)
{
	struct fit how = { .seed = 1, .batch = batch };
	struct trainer t;

	omp_set_num_threads(threads);
	trainer_open(&t, net, &how, field, row, ROWS, 0);
	trainer_close(&t);
	return t.chunk;
}

static void check_cut(struct net *net)
{
	ok(forward_chunk(net) == 144, "at most 144 rows:");
	ok(chunk(net, 1000, 1) == 144, "1000 in 7 chunks, of a multiple of 12 rows");
	ok(chunk(net, 1000, 2) == 132, "of two threads in 8");
	ok(chunk(net, 30, 1) == 16, "30 in two, of a multiple of 4");
	ok(chunk(net, 20, 1) == 20 && chunk(net, 40, 2) == 20, "20 of a thread in one");
}

static void check_program(struct net *net)
{
	struct fit how = { .seed = 1, .batch = 20 };
	struct net *plain = network(field + 1, 1);
	struct trainer t;

	omp_set_num_threads(2);
	trainer_open(&t, plain, &how, field + 1, row, ROWS, 0);
	ok(has(&t, PHASE_UNITS) && !has(&t, PHASE_SQUARES) && !t.squares,
		"two threads sum 64 units by panels");
	trainer_close(&t);
	how.batch = ROWS;
	how.clip_norm = 1;
	trainer_open(&t, net, &how, field, row, ROWS, 0);
	ok(!has(&t, PHASE_UNITS) && has(&t, PHASE_SQUARES) && t.squares && t.shares == 16,
		"clipped by norm, a field's ids are cut alike on any number of threads");
	trainer_close(&t);
	omp_set_num_threads(1);
	how = (struct fit){ .seed = 1, .batch = 20 };
	trainer_open(&t, plain, &how, field + 1, row, ROWS, 0);
	ok(!has(&t, PHASE_UNITS), "one thread sums by rows");
	trainer_close(&t);
	net_free(plain);
}

/* Where the inputs of a network over `numbers` numbers, some units and `more` ones are cut. */
static size_t split_of(uint32_t numbers, uint32_t units, uint32_t more, struct fit how, int threads)
{
	const struct net_field many = { .kind = NET_NUM, .values = numbers };
	struct net_shape shape = {
		.arch = NET_MLP, .layers = 2, .hidden = { units, more }, .fields = 1, .field = &many
	};
	struct net *net = net_new(&shape);
	struct trainer t;
	size_t at;

	omp_set_num_threads(threads);
	trainer_open(&t, net, &how, &many, row, ROWS, 0);
	at = t.split;
	ok(has(&t, PHASE_HALVES) == (at > 0) &&
			t.threads == (size_t)(at && threads > 2 ? 2 : threads),
		"halves are of two threads at most,");
	for (size_t i = 0; i < t.pieces && at; i++)
		if (t.piece[i].kind == GRADIENT_TILE && t.piece[i].which == 0 &&
			t.piece[i].from < at && t.piece[i].to > at)
			at = SIZE_MAX;
	trainer_close(&t);
	net_free(net);
	return at;
}

static size_t split(uint32_t numbers, uint32_t more, struct fit how, int threads)
{
	return split_of(numbers, 32, more, how, threads);
}

static void check_halves(void)
{
	struct fit how = { .seed = 1, .batch = 32 };

	for (int threads = 1; threads < 4; threads++)
		ok(split(784, 16, how, threads) == 392,
			"  784 numbers are cut on any number of them");
	ok(split(301, 16, how, 2) == 0, "not where other layers have a sixteenth of the work");
	ok(split(301, 4, how, 2) == 0, "  a panel at least");
	ok(split(255, 1, how, 2) == 0, "nor few numbers");
	how.batch = 334;
	ok(split(784, 16, how, 2) == 392, "up to 2^18 numbers a batch");
	how.batch = 335;
	ok(split(784, 16, how, 2) == 0, "  no more");
	how.batch = 32;
	ok(split_of(784, 320, 16, how, 2) == 392 && split_of(784, 352, 16, how, 2) == 0,
		"nor of more weights than that, of which a thread has a copy");
	how.clip_norm = 1;
	ok(split(784, 16, how, 2) == 0, "nor clipped by norm");
}

/* The second thread's own. */
static void check_second(void)
{
	const struct net_field many = { .kind = NET_NUM, .values = 784 };
	struct net_shape shape = { .arch = NET_MLP,
		.layers = 2,
		.hidden = { 32, 16 },
		.norm = NET_BATCH_NORM,
		.fields = 1,
		.field = &many };
	struct net *net = net_new(&shape);
	struct fit how = { .seed = 1, .batch = 32 };
	struct trainer first, second;

	omp_set_num_threads(2);
	trainer_open(&first, net, &how, &many, row, ROWS, 0);
	trainer_second(&second, &first);
	ok(second.order == first.order && second.half[1][1] == first.half[1][1] &&
			second.net->layer[0].weights.w == net->layer[0].weights.w,
		"the second thread shares rows, sums and the first layer's weights");
	ok(second.net->layer[1].weights.w != net->layer[1].weights.w &&
			second.net->layer[0].gain.w != net->layer[0].gain.w &&
			second.work->forward.x != first.work->forward.x &&
			second.moments[0].mean != first.moments[0].mean,
		"  all that it writes else is its own");
	trainer_second_close(&second);
	trainer_close(&first);
	net_free(net);
}

/* ---- pairs: batch b has 10 (b + 1), of user b ---- */

static size_t start(void *self, uint64_t epoch)
{
	(void)self;
	return (size_t)epoch + 2;
}

static void draw(void *self, size_t batch, struct pairs *pairs)
{
	(void)self;
	for (size_t k = 0; k < 10 * (batch + 1); k++)
		pairs_add(pairs, (uint32_t)batch, (uint32_t)k % 5);
	pairs->joined = batch ? 7 : 0;
}

static void check_pairs(struct net *net)
{
	struct objective objective = { NULL, start, draw, NULL, NULL };
	struct workspace room = { 0 };
	struct fit how = { .seed = 1, .batch = 4, .objective = &objective, .room = &room };
	struct trainer t;

	trainer_open(&t, net, &how, field, row, ROWS, 5);
	ok(t.steps == 7 && !t.order && has(&t, PHASE_DRAW) && has(&t, PHASE_SLOPES),
		"pairs: as many steps as the loss has batches");
	ok(t.work == &t.own && !room.rows, "which have buffers of their own,");
	trainer_draw(&t, 0);
	ok(t.pairs.n == 10 && trainer_parts(&t, 10) == 10 && t.work->rows == 10,
		"  as many as are drawn");
	trainer_draw(&t, 2);
	ok(t.pairs.n == 30 && t.pairs.user[29] == 2 && t.own_row[29] == 29 && t.work->rows == 30,
		"again");
	ok(trainer_parts(&t, 30) == 7, "of a sum those that are joined count");
	ok(t.field[0].key == t.pairs.user && t.field[1].key == t.pairs.item &&
			t.field[0].values == 5,
		"fields read the pairs' users and items");
	ok(field[0].key == user, "  and their own ones stay");
	trainer_close(&t);
}

static void check_room(struct net *net)
{
	struct workspace room = { 0 };
	struct fit how = { .seed = 1, .batch = 50, .room = &room };
	struct trainer t;
	const float *z;

	trainer_open(&t, net, &how, field, row, ROWS, 0);
	ok(t.work == &room && room.rows == 50, "an epoch takes what it is given,");
	z = room.forward.z;
	trainer_close(&t);
	trainer_open(&t, net, &how, field, row, ROWS, 1);
	ok(t.work == &room && room.forward.z == z, "  and leaves it to the next one");
	trainer_close(&t);
	workspace_free(net, &room);
}

int main(void)
{
	struct net *net = network(field, FIELDS);

	for (uint32_t i = 0; i < 2 * ROWS; i++)
		user[i] = i % 5;
	for (uint32_t i = 0; i < ROWS; i++)
		row[i] = 2 * i;
	check_order(net);
	for (uint32_t i = 0; i < ROWS; i++)
		row[i] = i;
	check_cut(net);
	check_program(net);
	check_halves();
	check_second();
	check_pairs(net);
	check_room(net);
	net_free(net);
	return done();
}
