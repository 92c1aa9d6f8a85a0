/* Worked by hand: a mean with weights, counts, and the biases of four ratings. */
#include "bias.h"

#include "tap.h"

int main(void)
{
	static const uint32_t user[] = { 0, 0, 1, 1, 0 }, item[] = { 0, 1, 0, 1, 2 };
	static const float label[] = { 5, 4, 2, 0, 1 }, weight[] = { 1, 2, 1, 1, 9 };
	static const uint8_t part[] = { 0, 0, 0, 0, 2 };
	struct mf_rows rows = { user, item, label, NULL, part, 5, 2, 3 };
	struct mf *mf = bias_mean(&rows);

	near(mf->mean, 11.0 / 4, 1e-6, "mean of part 0");
	near(mf->user_bias[0], 0, 0, "and nothing else");
	mf_free(mf);
	/* one turn: c = (1.5, -1.5) / (2 + 2); b = (3.5 - 0, -3.5 - 0) / 4 */
	mf = bias_fit(&rows, 2, 1);
	near(mf->item_bias[0], 0.375, 1e-6, "item bias");
	near(mf->item_bias[1], -0.375, 1e-6, "the other's");
	near(mf->item_bias[2], 0, 0, "of an item that has no training row");
	near(mf->user_bias[0], 0.875, 1e-6, "user bias");
	near(mf->user_bias[1], -0.875, 1e-6, "the other's");
	ok(mf->low == 0 && mf->high == 5, "range of the training labels");
	mf_free(mf);
	rows.weight = weight;
	mf = bias_mean(&rows);
	near(mf->mean, 15.0 / 5, 1e-6, "weighted mean");
	mf_free(mf);
	mf = bias_popularity(&rows);
	ok(mf->item_bias[0] == 2 && mf->item_bias[1] == 2 && mf->item_bias[2] == 0,
		"popularity: weights of rows above 0");
	mf_free(mf);
	/* w (r - 3): c = (2 - 1, 2 - 3) / (reg + w) = (1 / 3, -1 / 4) */
	mf = bias_fit(&rows, 1, 1);
	near(mf->item_bias[0], 1.0 / 3, 1e-6, "weights count");
	near(mf->item_bias[1], -0.25, 1e-6, "in the divisor, too");
	mf_free(mf);
	return done();
}
