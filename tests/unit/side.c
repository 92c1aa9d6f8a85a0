/* By slot in training, by id in a model, and back. */
#include "side.h"

#include <stdlib.h>

#include "tap.h"

int main(void)
{
	const uint32_t slot[4] = { 1, GRID_NONE, 0, 2 };
	struct side side = side_new(4, 3, slot, 5, 7, 2), other = side_new(4, 3, slot, 5, 8, 2);
	float *factors, *bias, pull[3 * 16] = { 0 };
	int in = 1;

	ok(side.width == 16 && side.size == 3 * 17, "width in lanes of 16");
	for (size_t i = 0; i < 3 * 16; i++)
		in &= fabsf(side.now[i]) <= 1 && (i % 16 < 5 ? side.now[i] != 0 : side.now[i] == 0);
	ok(in, "factors within half the spread, padding 0");
	side.now[3 * 16 + 1] = 0.5F; /* the bias of slot 1 */
	pull[16] = 10;
	side_out(&factors, &bias, &side, 4, pull);
	ok(bias[0] == 2 && bias[2] == 0, "biases times the scale");
	near((double)factors[0], 2 * ((double)side.now[16] + 10), 1e-6,
		"factors times its root, with the pull");
	near((double)factors[2 * 5 + 4], 2 * (double)side.now[4], 1e-6, "by id");
	ok(factors[5] == 0 && bias[1] == 0, "an id without slot: 0");
	side_from(&other, 4, 5, factors, bias, 4, 1);
	near((double)other.now[4], (double)side.now[4], 1e-6, "and back");
	near((double)other.now[3 * 16 + 1], 0.75, 1e-6, "with a shift of the biases");
	ok(side_at(&side, 1, pull).factors == side.now + 16 &&
			side_at(&side, 1, pull).bias == side.now + 3 * 16 + 1 &&
			side_at(&side, 1, pull).pull == pull + 16 && !side_at(&side, 1, NULL).pull,
		"what a block sees");
	ok(side_finite(&side), "finite");
	side.now[20] = NAN;
	ok(!side_finite(&side), "not finite");
	free(factors);
	free(bias);
	side_free(&side);
	side_free(&other);
	return done();
}
