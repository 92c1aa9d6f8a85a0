/* heir: popular items, losses of rows and lists of a data set small enough to check by eye. */
#include "heir.h"

#include <stdlib.h>

#include "made.h"
#include "tap.h"

enum { N = 10 };

static struct tensors set;

/* Train rows: item 2 three times, item 0 twice, item 1 once: half of six is had with item 2 alone.
 * Test: (0, 2) 1, (0, 1) 0, (1, 0) 1, (1, 2) 0. The model scores items 2 0 1 by ln 9, 0, -ln 3. */
static void fill(void)
{
	static const uint32_t user[N] = { 0, 1, 2, 2, 2, 1, 0, 0, 1, 3 };
	static const uint32_t item[N] = { 0, 2, 2, 0, 1, 2, 2, 1, 0, 2 };
	static const uint8_t part[N] = { 0, 0, 0, 0, 0, 0, 2, 2, 2, 2 };
	static const float label[N] = { 1, 1, 1, 1, 1, 1, 1, 0, 1, 0 };
	static const float zeros[4] = { 0 };
	const float score[3] = { 0, -logf(3), logf(9) };

	tensors_add(
		&set, tensor_text("model.a.spec", "arch=lr\ntask=binary\nfeatures=item\ndim=0\n"));
	made_column(&set, "model.a.bias", F32, 1, zeros);
	made_column(&set, "model.a.linear.item", F32, 3, score);
	made_rows(&set, N, user, item, label, part);
}

int main(void)
{
	struct heirs h = { .part = 2, .cutoff = { 1, 2 }, .cutoffs = 2, .relevant = NAN };
	const struct heir *a;

	fill();
	heirs_run(&h, &set, NULL);
	a = &h.heir[0];
	ok(h.n == 1 && h.has_rows && h.has_lists && h.board.rows == 4, "four rows of one model");
	/* scores ln9 -ln3 0 ln9, labels 1 0 1 0: pairs 9>-3, 9=9, 0>-3, 0<9 */
	near(a->quality, 2.5 / 4, 1e-9, "AUC");
	near(a->loss[0], -log(0.9), 1e-6, "-ln of 9 / 10");
	near(a->loss[1], -log(0.75), 1e-6, "of 3 / 4");
	near(a->loss[2], -log(0.5), 1e-6, "of 1 / 2");
	near(a->loss[3], -log(0.1), 1e-6, "of 1 / 10");
	near(a->other, (-log(0.9) - log(0.75) - log(0.5) - log(0.1)) / 4, 1e-6, "their mean");
	near(a->popular, 0.5, 1e-9, "item 2 is popular; its two rows are a tie");
	near(a->unpopular, 1, 1e-9, "items 0 and 1 are not; theirs are in order");
	ok(h.users == 2 && h.k == 2, "lists of users with something relevant");
	/* user 0 has 0: list 2 1, relevant 2; user 1 has 2: list 0 1, relevant 0 */
	ok(a->list[0] == 2 && a->list[1] == 1 && a->list[2] == 0 && a->list[3] == 1, "the lists");
	ok(a->user_ndcg[0] == 1 && a->user_ndcg[1] == 1 && a->ndcg == 1,
		"which are as they should be");
	ok(a->recall_popular == 1 && a->recall_unpopular == 1, "for either kind of item");
	ok(h.row_user && h.row_user[3] == 3, "whose the rows are");
	heirs_free(&h);
	tensors_free(&set);
	return done();
}
