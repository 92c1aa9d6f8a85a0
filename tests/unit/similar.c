/* Three rows worked by hand, for each measure; who may be a neighbour; equal likeness. */
#include "similar.h"

#include "tap.h"

/* x = (1 2 . 3), y = (2 1 4 .), z = (. . 1 1) */
static uint64_t at[] = { 0, 3, 6, 8 };
static uint32_t id[] = { 0, 1, 3, 0, 1, 2, 2, 3 };
static float value[] = { 1, 2, 3, 2, 1, 4, 1, 1 };
static const struct csr M = { 3, at, id, value };

static double like(const struct csr *near, size_t row, uint32_t other)
{
	for (uint64_t e = near->at[row]; e < near->at[row + 1]; e++)
		if (near->id[e] == other)
			return (double)near->value[e];
	return 0;
}

static struct csr lists(enum similar_measure measure, double shrink, size_t k, const uint8_t *who)
{
	return similar_lists(&M, 4, &(struct similar_how){ measure, shrink, k, who });
}

int main(void)
{
	static const uint8_t not_y[] = { 1, 0, 1 };
	static uint64_t ones_at[] = { 0, 1, 2, 3, 4 };
	static uint32_t ones_id[] = { 0, 0, 0, 0 };
	static const struct csr ones = { 4, ones_at, ones_id, NULL };
	struct csr got = lists(SIMILAR_COSINE, 0, 9, NULL);

	near(like(&got, 0, 1), 4 / sqrt(14 * 21), 1e-7, "cosine: 4 over the lengths of whole rows");
	near(like(&got, 0, 2), 3 / sqrt(14 * 2), 1e-7, "and of z");
	near(like(&got, 2, 0), like(&got, 0, 2), 0, "as like as the other is");
	ok(got.at[3] == 6 && got.id[0] == 1 && got.id[1] == 2, "ids rise, nobody is his own");
	csr_free(&got);
	got = lists(SIMILAR_COMMON, 2, 9, NULL);
	near(like(&got, 0, 1), 4.0 / 5 * 2 / 4, 1e-7, "common: over two columns, shrunk by 2 / 4");
	near(like(&got, 1, 2), 1.0 / 3, 1e-7, "one column alone is wholly like, shrunk by 1 / 3");
	csr_free(&got);
	got = lists(SIMILAR_MSD, 0, 9, NULL);
	near(like(&got, 0, 1), 1 / 2.0, 1e-7, "msd: differences of 1 and 1");
	near(like(&got, 1, 2), 1 / 10.0, 1e-7, "a difference of 3");
	csr_free(&got);
	got = lists(SIMILAR_COSINE, 0, 9, not_y);
	ok(got.at[1] == 1 && got.id[0] == 2, "who may not be a neighbour is none");
	near(like(&got, 1, 0), 4 / sqrt(14 * 21), 1e-7, "but has neighbours");
	csr_free(&got);
	got = similar_lists(&ones, 1, &(struct similar_how){ SIMILAR_COSINE, 0, 2, NULL });
	ok(got.at[4] == 8 && got.id[0] == 1 && got.id[1] == 2 && got.id[6] == 0 && got.id[7] == 1,
		"of equal ones the lower");
	csr_free(&got);
	return done();
}
