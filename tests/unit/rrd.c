/* What RRD draws, of users and of items; the loss itself is relaxed's. */
#include "rrd.h"

#include "relaxed.h"
#include "teach.h"

/* How many of the first k of user 3's pairs are in his list, in order; and of the rest, others. */
static size_t right(const struct pairs *p, size_t k, size_t n)
{
	size_t good = 0, last = 0;

	for (size_t i = 0; i < n; i++) {
		size_t place = teach_place(3, p->item[i]);

		good += p->user[i] == 3 &&
			(i < k ? place > last : !place && !teach_have[3][p->item[i]]);
		last = place;
	}
	return good;
}

static void test_users(void)
{
	struct taught t = teach_open(), u = teach_open();
	struct objective sampled = rrd_objective(&t, &(struct rrd_training){ 5, 6, 3 });
	struct objective whole = rrd_objective(&u, &(struct rrd_training){ 5, 6, 0 });
	struct pairs p = teach_pairs(&sampled, 1), q = teach_pairs(&sampled, 2), w;
	float score[32] = { 0 }, slope[32], own[11];

	teach_check(&sampled, "sampled");
	teach_check(&whole, "not sampled");
	ok(p.n == 11 + 11 + 3 + 6, "k and l items of those with a list, each once");
	ok(right(&p, 5, 11) == 11,
		"first of the list in its order, then of neither list nor train");
	ok(!teach_same(&p, &q), "epochs differ");
	w = teach_pairs(&whole, 1);
	ok(w.item[0] == teach_list[3 * TEACH_K] && w.item[4] == teach_list[3 * TEACH_K + 4],
		"without sampling the best are taken");
	for (size_t i = 0; i < w.n; i++)
		score[i] = (float)rng_normal(5, RNG_MAKE, i);
	near(whole.slope(whole.self, &w, score, slope),
		relaxed_loss(own, score, 5, 6) + relaxed_loss(own, score + 11, 5, 6) +
			relaxed_loss(own, score + 22, 3, 6),
		1e-9, "the loss is relaxed's, user by user");
	pairs_free(&p);
	pairs_free(&q);
	pairs_free(&w);
	sampled.end(sampled.self);
	whole.end(whole.self);
}

static void test_items(void)
{
	uint32_t list[TEACH_I * 4];
	struct taught t;
	struct objective o;
	struct pairs p;
	size_t wrong = 0;

	for (size_t i = 0; i < TEACH_I * 4; i++)
		list[i] = (uint32_t)(i / 4 + i % 4) % TEACH_U;
	taught_open(&t, &TEACH_ROWS, true, list, NULL, 4, 5);
	o = rrd_objective(&t, &(struct rrd_training){ 2, 3, 0 });
	p = teach_pairs(&o, 1); /* items 0, 2, 4, 6, 8 */
	ok(p.n == 5 * 5 && p.item[5] == 2 && p.user[5] == 2 && p.user[6] == 3,
		"of items: users of their lists");
	for (size_t i = 0; i < p.n; i++)
		wrong += i % 5 > 1 && teach_have[p.user[i]][p.item[i]];
	ok(!wrong, "and users that do not have them");
	pairs_free(&p);
	teach_check(&o, "items");
	o.end(o.self);
}

int main(void)
{
	teach_make();
	test_users();
	test_items();
	return done();
}
