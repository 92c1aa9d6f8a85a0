/* Draws without replacement follow their weights; others are none of what is marked; batches take
 * the rows of the pairs that they join. */
#include "teach.h"

/* Of two draws from weights 4, 2, 1, 0: each ordered pair's chance is worked out by hand. */
static void test_draw(void)
{
	const double weight[] = { 4, 2, 1, 0 };
	double both[4][4] = { { 0 } }, first[4] = { 0 };
	uint32_t place[4];
	size_t n = 40000, bad = 0;

	for (size_t row = 0; row < n; row++) {
		bad += taught_draw(place, 2, weight, 4, 9, row) != 2 || place[0] >= place[1];
		both[place[0]][place[1]] += 1 / (double)n;
		bad += taught_draw(place, 1, weight, 4, 10, row) != 1;
		first[place[0]] += 1 / (double)n;
	}
	ok(!bad, "as many as asked for, ascending");
	near(first[0], 4.0 / 7, 0.01, "one: in proportion to its weight");
	near(first[2], 1.0 / 7, 0.01, "also the least");
	near(both[0][1], 4.0 / 7 * 2 / 3 + 2.0 / 7 * 4 / 5, 0.01, "two: the second of those left");
	near(both[1][2], 2.0 / 7 * 1 / 5 + 1.0 / 7 * 2 / 6, 0.01, "the least two");
	ok(taught_draw(place, 4, weight, 4, 9, 0) == 3 && place[2] == 2,
		"weights of 0 are not drawn");
	ok(taught_draw(place, 0, weight, 4, 9, 0) == 0, "nothing is nothing");
}

static void test_others(void)
{
	struct taught t = teach_open();
	uint32_t mark[TEACH_I] = { 0 }, id[TEACH_I], with = 1;
	size_t bad = 0, got, marked, left = 0;
	double count[TEACH_I] = { 0 }, worst = 0;

	for (size_t row = 0; row < 4000; row++, with++) {
		marked = taught_mark(&t, 3, mark, with);
		got = taught_others(id, 5, mark, with, TEACH_I, marked, 7, row);
		bad += got != 5;
		for (size_t i = 0; i < got; i++) {
			bad += teach_have[3][id[i]] || teach_place(3, id[i]);
			count[id[i]]++;
		}
	}
	ok(!bad, "others are neither in the list nor positives");
	for (size_t i = 0; i < TEACH_I; i++)
		left += !teach_have[3][i] && !teach_place(3, (uint32_t)i);
	for (size_t i = 0; i < TEACH_I; i++)
		if (!teach_have[3][i] && !teach_place(3, (uint32_t)i))
			worst = fmax(worst, fabs(count[i] * (double)left / 20000 - 1));
	ok(worst < 0.15, "all of them equally often");
	marked = taught_mark(&t, 3, mark, with);
	ok(marked == TEACH_I - left, "what is marked is counted");
	got = taught_others(id, TEACH_I, mark, with, TEACH_I, marked, 7, 0);
	for (size_t i = 0; i < got; i++)
		for (size_t j = 0; j < i; j++)
			bad += id[i] == id[j];
	ok(got == left && !bad, "where too few are left, all of them, each once");
	taught_free(&t);
}

static size_t two(struct taught *t, size_t row, uint32_t *id, uint32_t *mark, uint64_t seed)
{
	(void)t;
	(void)mark;
	(void)seed;
	id[0] = (uint32_t)row;
	id[1] = (uint32_t)row + 1;
	return row == 4 ? 0 : 2;
}

static double sum(const struct taught *t, size_t row, const float *score, float *slope, size_t n)
{
	(void)t;
	for (size_t i = 0; i < n; i++)
		slope[i] = (float)row;
	return (double)(score[0] + score[1]);
}

static void test_batch(void)
{
	struct taught t = teach_open();
	struct pairs pairs = { 0 };
	float score[6] = { 1, 2, 3, 4 }, slope[6];

	taught_room(&t, 2);
	taught_fill(&t, 0, two);
	pairs_add(&pairs, 7, 1);
	pairs_add(&pairs, 4, 1);
	pairs_add(&pairs, 7, 2);
	pairs_add(&pairs, 9, 0);
	pairs.joined = 3; /* the last one is another loss's */
	taught_join(&t, 0, &pairs);
	ok(pairs.n == 6 && pairs.user[4] == 7 && pairs.item[4] == 7 && pairs.item[5] == 8,
		"rows that the joined pairs have, each once, with what is drawn for them");
	pairs.n = 2;
	near(taught_slope(&t, &pairs, score, slope, sum), 3, 0, "their losses are summed");
	ok(slope[0] == 7 && slope[1] == 7, "each has its own slopes");
	pairs_free(&pairs);
	taught_free(&t);
	taught_open(&t, &TEACH_ROWS, true, teach_list, teach_score, TEACH_K, 5);
	ok(t.rows == TEACH_I && t.ids == TEACH_U, "reverse lists are of items");
	taught_room(&t, 2);
	taught_fill(&t, 0, two);
	pairs_add(&pairs, 9, 6);
	pairs.joined = 1;
	taught_join(&t, 0, &pairs);
	ok(pairs.n == 3 && pairs.item[2] == 6 && pairs.user[2] == 7, "whose ids are users");
	pairs_free(&pairs);
	taught_free(&t);
}

int main(void)
{
	teach_make();
	test_draw();
	test_others();
	test_batch();
	return done();
}
