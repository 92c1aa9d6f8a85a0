/* What DCD draws: items that the student ranks too low above such that he ranks too high. */
#include "dcd.h"

#include "teach.h"

static const struct regard REGARD = { NULL, teach_opposite, 2 };

/* Item 4, whose list is users 0 .. 7: those that the student ranks lower than the list does come
 * first, in its order, then those that he ranks higher, or that are not there at all. */
static void test_items(void)
{
	enum { K = 8 };
	uint32_t list[TEACH_I * K], item = 4;
	float score[TEACH_U];
	struct taught t;
	struct objective o;
	struct pairs p;
	size_t bad = 0, n = 0;

	for (size_t e = 0; e < TEACH_I * K; e++)
		list[e] = (uint32_t)(e % K);
	teach_opposite(NULL, true, score, &item, 1);
	taught_open(&t, &TEACH_ROWS, true, list, NULL, K, 5);
	o = dcd_objective(&t, &(struct dcd_training){ 3, 4, 10 }, &REGARD);
	p = teach_pairs(&o, 0); /* items 0, 2, 4, 6, 8 */
	for (size_t k = 0; k < p.n; k++) {
		size_t rank = 1, place = p.user[k] < K ? p.user[k] + 1 : 0;

		if (p.item[k] != item)
			continue;
		for (size_t u = 0; u < TEACH_U; u++)
			rank += !teach_have[u][item] && score[u] > score[p.user[k]];
		bad += teach_have[p.user[k]][item] != 0;
		bad += n < 3 ? !place || rank <= place : place && rank >= place;
		n++;
	}
	ok(n == 7 && !bad, "of items: users ranked too low, then such ranked too high");
	pairs_free(&p);
	teach_check(&o, "dcd of items");
	o.end(o.self);
}

int main(void)
{
	struct taught t;
	struct objective o;
	struct pairs p;
	size_t bad = 0, k = 0, last = 0;

	teach_make();
	t = teach_open();
	o = dcd_objective(&t, &(struct dcd_training){ 4, 5, 10 }, &REGARD);
	for (uint64_t e = 0; e < 20; e++) {
		size_t n = 0;

		p = teach_pairs(&o, e);
		for (k = 0, last = 0; p.user[k] == 3; k++) {
			size_t place = teach_place(3, p.item[k]), rank = teach_rank(3, p.item[k]);
			bool under = place && rank > place;

			bad += teach_have[3][p.item[k]] != 0;
			bad += under ? place <= last || n > 0 : place && rank >= place;
			n += !under;
			last = place;
		}
		bad += k != 9 || n != 5;
		pairs_free(&p);
	}
	ok(!bad, "too low in the teacher's order, then too high");
	teach_check(&o, "dcd");
	o.end(o.self);
	test_items();
	return done();
}
