/* Positives and negatives by hand. */
#include "liked.h"

#include <stdlib.h>

#include "mem.h"
#include "tap.h"

/* Where the order of rows is not kept: the same pairs with the same weights, and negatives of the
 * same chances. */
static void test_tight(struct mf_rows *rows, const struct liked *l)
{
	struct liked tight;
	float *weight = mem_new(rows->n, sizeof *weight);
	int same = 1, drawn = 1;

	for (size_t r = 0; r < rows->n; r++)
		weight[r] = (float)(rows->user[r] * rows->items + rows->item[r]);
	rows->weight = weight;
	tight = liked_new(rows, true, LIKED_BITS / 4);
	for (size_t e = 0; e < l->n; e++) {
		struct liked_pair p = liked_pair(&tight, e);

		same &= liked_has(l, p.user, p.item);
		same &= tight.weight[e] == (float)(p.user * rows->items + p.item);
		drawn &= !liked_has(l, 8, liked_not(&tight, 8, 1, e * LIKED_DRAWS));
	}
	ok(l->place.word && !tight.place.word && tight.n == l->n && same && drawn,
		"without the order of rows: by user and item");
	liked_free(&tight);
	free(weight);
}

/* Rows in no order, pairs twice, users without any. */
static void test_many(void)
{
	enum { N = 2000, U = 90, I = 40 };
	uint32_t *user = mem_new(N, sizeof *user), *item = mem_new(N, sizeof *item);
	float *label = mem_new(N, sizeof *label);
	struct mf_rows rows = { user, item, label, NULL, NULL, N, U, I };
	struct liked l;
	size_t e = 0;
	int same = 1, have = 1, rising = 1;

	for (size_t r = 0; r < N; r++) {
		user[r] = 7 + (uint32_t)rng_below(U / 2, 1, RNG_MAKE, 3 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		label[r] = (float)rng_below(2, 1, RNG_MAKE, 3 * r + 2);
	}
	l = liked_new(&rows, false, LIKED_BITS);
	for (size_t r = 0; r < N; r++) {
		struct liked_pair p = { 0, 0 };

		if (label[r] > 0)
			p = liked_pair(&l, e++);
		same &= label[r] <= 0 || (p.user == user[r] && p.item == item[r]);
		have &= label[r] <= 0 || liked_has(&l, user[r], item[r]);
	}
	for (size_t u = 0; u < U; u++)
		for (uint64_t at = l.have.at[u] + 1; at < l.have.at[u + 1]; at++)
			rising &= packed_get(&l.have.id, at - 1) <= packed_get(&l.have.id, at);
	ok(e == l.n && l.have.at[U] == e && same, "positives are numbered as their rows come");
	ok(have && rising, "each user's items ascend");
	test_tight(&rows, &l);
	liked_free(&l);
	free(user);
	free(item);
	free(label);
}

int main(void)
{
	static const uint32_t user[] = { 0, 0, 1, 1, 1, 2 }, item[] = { 2, 0, 0, 1, 2, 1 };
	static const float label[] = { 1, 1, 1, 1, 1, 1 }, weight[] = { 1, 2, 3, 4, 5, 6 };
	static const uint8_t part[] = { 0, 0, 0, 0, 0, 1 };
	const struct mf_rows rows = { user, item, label, weight, part, 6, 3, 3 };
	struct liked l = liked_new(&rows, false, LIKED_BITS),
		     p = liked_new(&rows, true, LIKED_BITS);
	int only = 1, same = 1, drawn[3] = { 0 };

	ok(l.n == 5 && l.weight[4] == 5, "rows of part 0 above 0, with their weights");
	for (size_t e = 0; e < 5; e++)
		same &= liked_pair(&l, e).user == user[e] && liked_pair(&l, e).item == item[e];
	ok(same && liked_has(&l, 0, 2) && !liked_has(&l, 0, 1) && !liked_has(&l, 2, 1),
		"in the order of the rows");
	for (uint64_t i = 0; i < 300; i++) {
		only &= liked_not(&l, 0, 7, i * LIKED_DRAWS) == 1;
		only &= liked_not(&l, 1, 7, i * LIKED_DRAWS) == LIKED_NONE;
		drawn[liked_not(&p, 2, 7, i * LIKED_DRAWS)]++;
	}
	ok(only, "what is left to a user, or none");
	ok(drawn[0] > 80 && drawn[1] > 20 && drawn[1] < 100 && drawn[2] > 80,
		"popular items are drawn as often as they are liked: 2, 1 and 2 of 5");
	ok(liked_not(&l, 2, 9, 5) == liked_not(&l, 2, 9, 5), "the same for the same numbers");
	liked_free(&l);
	liked_free(&p);
	test_many();
	return done();
}
