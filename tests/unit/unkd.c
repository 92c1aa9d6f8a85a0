/* UnKD's pairs: of one group of popularity each, the better one first, groups in turn. */
#include "unkd.h"

#include "teach.h"

enum { PAIRS = 6, GROUPS = 3 };

static size_t popular[TEACH_I];

/* Whether some cut of the items by popularity has both on one side of all cuts; here: the group by
 * the formula of the header. */
static size_t group_of(uint32_t item)
{
	size_t before = 0;

	for (uint32_t i = 0; i < TEACH_I; i++)
		before += popular[i] > popular[item] || (popular[i] == popular[item] && i < item)
				  ? popular[i]
				  : 0;
	return before * GROUPS / TEACH_N < GROUPS ? before * GROUPS / TEACH_N : GROUPS - 1;
}

int main(void)
{
	struct taught t;
	struct objective o;
	struct pairs p;
	float score[64] = { 0 }, slope[64];
	size_t bad = 0, in[GROUPS] = { 0 };

	teach_make();
	for (size_t r = 0; r < TEACH_N; r++)
		popular[teach_item[r]]++;
	t = teach_open();
	o = unkd_objective(&t, &(struct unkd_training){ PAIRS, GROUPS, 4 });
	p = teach_pairs(&o, 1);
	for (size_t k = 0; k < PAIRS; k++) {
		uint32_t i = p.item[k], j = p.item[PAIRS + k];

		bad += group_of(i) != group_of(j) || teach_place(3, i) >= teach_place(3, j) ||
		       !teach_place(3, i) || p.user[k] != 3 || p.user[PAIRS + k] != 3;
		in[group_of(i)]++;
	}
	ok(!bad, "both of one group, the better one first");
	ok(in[0] + in[1] + in[2] == PAIRS, "so many pairs a user");
	near(o.slope(o.self, &p, score, slope) / log(2), (double)p.n / (2 * PAIRS), 1e-6,
		"the mean over a user's pairs");
	pairs_free(&p);
	teach_check(&o, "unkd");
	o.end(o.self);
	return done();
}
