/* What DCD draws: items that the student ranks too low above such that he ranks too high. */
#include "dcd.h"

#include "teach.h"

static size_t rank_of(uint32_t user, uint32_t item)
{
	float score[TEACH_I];
	size_t rank = 1;

	teach_opposite(NULL, score, &user, 1);
	for (size_t i = 0; i < TEACH_I; i++)
		rank += !teach_have[user][i] && score[i] > score[item];
	return rank;
}

int main(void)
{
	const struct regard regard = { NULL, teach_opposite, 2 };
	struct taught t;
	struct objective o;
	struct pairs p;
	size_t bad = 0, k = 0, last = 0;

	teach_make();
	t = teach_open();
	o = dcd_objective(&t, &(struct dcd_training){ 4, 5, 10 }, &regard);
	for (uint64_t e = 0; e < 20; e++) {
		size_t n = 0;

		p = teach_pairs(&o, e);
		for (k = 0, last = 0; p.user[k] == 3; k++) {
			size_t place = teach_place(3, p.item[k]), rank = rank_of(3, p.item[k]);
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
	return done();
}
