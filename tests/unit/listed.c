/* Lists of two batches by hand: which are made, in what order, and that they take turns. */
#include "listed.h"

#include "tap.h"

enum { ROWS = 5 };

static const uint32_t user[] = { 2, 0, 2, 9, 1 }, item[] = { 1, 1, 0, 0, 1 }, id[] = { 3, 0, 3 };
static const uint64_t at[] = { 0, 2, 2, 3 };
static const float number[ROWS];

static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = 3, .key = user, .entries = 3 },
	{ .kind = NET_NUM, .values = 1, .entries = ROWS, .num = number },
	{ .kind = NET_BAG, .values = 4, .key = user, .entries = 3, .at = at, .id = id },
	{ .kind = NET_CAT, .values = 2, .key = item, .entries = 2, .item = true },
};

/* Of an epoch in the order 4 2 0 3 1 the first three rows, then the last two. */
static const uint32_t order[ROWS] = { 4, 2, 0, 3, 1 };

static int has(const struct ids *s, size_t n, const uint32_t *ids, const uint32_t *rows)
{
	return s->n == n && memcmp(s->id, ids, n * sizeof *ids) == 0 &&
	       memcmp(s->row, rows, n * sizeof *rows) == 0;
}

/* Users are rows 0 .. 2 of the table, then come the bag's 3 .. 6 and the items 7 and 8. */
static int first_users(const struct ids *s)
{
	return has(s, 3, (const uint32_t[]){ 1, 2, 2 }, (const uint32_t[]){ 0, 1, 2 });
}

static void turns(const struct listed *s, const struct net *net, struct ids_spare *spare)
{
	struct listed_batch now = { field, order, 3, 6, { 0 } },
			    next = { field, order + 3, 2, 7, { 0 } };
	struct ids *even = listed_at(s, 6), *odd = listed_at(s, 7);

	ok(even == listed_at(s, 0) && odd == even + 5, "steps 0 and 6 have the same lists");
	for (size_t i = 0; i < s->each; i++)
		listed_make(s, i, net, &now, false, spare);
	ok(first_users(even), "users 1 2 2 of the first rows");
	ok(even[1].n == 0, "numbers have no list");
	ok(has(even + 2, 2, (const uint32_t[]){ 6, 6 }, (const uint32_t[]){ 1, 2 }),
		"user 1's bag is empty, user 2's is 3");
	ok(has(even + 3, 3, (const uint32_t[]){ 7, 8, 8 }, (const uint32_t[]){ 1, 0, 2 }),
		"items 1 0 1, sorted");
	ok(even[4].n == 3, "a user and an item are one bucket");
	listed_look(s, net, &next, 1, 1);
	listed_look(s, net, &next, 0, 1);
	ok(odd[0].of[1] == 0 && odd[3].of[0] == 7, "the next rows are looked up in any order,");
	for (size_t i = 0; i < s->n; i++)
		listed_make(s, s->order[i], net, &next, true, spare);
	ok(has(odd, 1, (const uint32_t[]){ 0 }, (const uint32_t[]){ 1 }),
		"  then sorted: user 9 is nobody");
	ok(has(odd + 2, 2, (const uint32_t[]){ 3, 6 }, (const uint32_t[]){ 1, 1 }) &&
			has(odd + 3, 2, (const uint32_t[]){ 7, 8 }, (const uint32_t[]){ 0, 1 }) &&
			odd[4].n == 1,
		"  and so bags, items and crosses");
	ok(first_users(even), "those of the batch at hand are left alone");
}

/* Half of the users are hidden, by their place in the epoch and not in the batch. */
static void hidden(const struct listed *s, const struct net *net, struct ids_spare *spare)
{
	uint32_t row[64];
	struct listed_batch b = { field, row, 64, 0, { .seed = 1, .unknown = 0.5 } };
	const struct ids *all = listed_at(s, 0), *half = listed_at(s, 1);

	memset(row, 0, sizeof row);
	listed_make(s, 0, net, &b, false, spare);
	b = (struct listed_batch){ field, row + 32, 32, 1, { 1, 32, 0.5 } };
	listed_look(s, net, &b, 20, 12);
	listed_look(s, net, &b, 0, 20);
	ok(all->n > 20 && all->n < 44 && memcmp(all->of + 32, half->of, 32 * sizeof *half->of) == 0,
		"what is hidden depends on a row's place in the epoch");
}

int main(void)
{
	struct net_shape shape = { .arch = NET_LR,
		.fields = 4,
		.field = field,
		.wides = 1,
		.wide = { { 2, { 0, 3 } } },
		.wide_bits = 4 };
	struct net *net = net_new(&shape);
	struct ids_spare spare = { 0 };
	struct listed s = listed_new(net, 64);

	ok(s.each == 5 && s.n == 4 && s.slow == 2, "four fields and a cross; numbers have no ids");
	ok(s.order[0] == 2 && s.order[1] == 4 && s.order[2] == 0 && s.order[3] == 3,
		"the bag and the cross first");
	turns(&s, net, &spare);
	hidden(&s, net, &spare);
	listed_free(&s);
	s = listed_new(net, 0);
	listed_make(&s, 0, net, &(struct listed_batch){ field, order, 3, 0, { 0 } }, false, &spare);
	ok(first_users(s.ids), "without room at first the lists grow");
	listed_free(&s);
	ids_spare_free(&spare);
	net_free(net);
	return done();
}
