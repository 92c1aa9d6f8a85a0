/* Sizes of parts, worked by hand: 2 fields with 12 rows of 4, 3 numbers, layers of 5 and 2. */
#include "parts.h"

#include "tap.h"

static const uint32_t hidden[] = { 5, 2 };
static const struct parts_size size = { .rows = 12,
	.slots = 2,
	.numbers = 3,
	.dim = 4,
	.crosses = 2,
	.hashed = 16,
	.inputs = { 7, 4 },
	.cross_layers = 3,
	.layers = 2,
	.hidden = hidden,
	.statistics = 2 };

static void expect(struct parts_count n, double weights, double multiply_adds, const char *what)
{
	near(n.weights, weights, 0, what);
	near(n.multiply_adds, multiply_adds, 0, "  and what a row costs");
}

int main(void)
{
	struct parts_count n[6] = { { 0 } };
	struct parts_size huge = size;

	parts_first_order(n, &size);
	expect(n[0], 12 + 3 + 16, 2 + 3 + 2, "first order");
	parts_tables(n + 1, &size);
	expect(n[1], 48, 0, "tables of embeddings");
	parts_pairs(n + 2, &size);
	expect(n[2], 12, 2 * 5 * 4 + 4, "pairs");
	parts_cross_layers(n + 3, &size);
	expect(n[3], 3 * (11 * 11 + 11) + 11, 3 * (11 * 11 + 11) + 11, "cross layers");
	parts_mlp(n + 4, &size); /* a normalised unit has a gain and a shift, and costs one more */
	expect(n[4], 11 * 5 + 5 * 3 + 5 * 2 + 2 * 3 + 2, 12 * 5 + 6 * 2 + 2, "MLP");
	parts_hidden(n + 5, &size, 7, 1);
	expect(n[5], 7 * 5 + 5 * 3 + 5 * 2 + 2, 8 * 5 + 5 * 2,
		"a tower, its last layer not normalised");
	huge.rows = huge.dim = 4294967295.0;
	*n = (struct parts_count){ 0 };
	parts_tables(n, &huge);
	ok(n->weights > 1e19, "a size beyond 64 bits does not wrap around");
	return done();
}
