/* cold -- nanoseconds of processor time until somebody new can be scored, nothing being trained: an
 * item of 60 words out of 20,000 as content, and mapped to 64 factors by ridge's weights and by a
 * network of 128 units, which is what rs-fill does; and a user of 5 and of 20 rows folded in. One
 * thread. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "content.h"
#include "fill.h"
#include "foldin.h"
#include "mem.h"
#include "par.h"
#include "rng.h"

enum { ITEMS = 10000, WORDS = 60, COLUMNS = 20000, DIM = 64, ROUNDS = 5 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void say(const char *what, double *spent, size_t each)
{
	qsort(spent, ROUNDS, sizeof *spent, by_value);
	printf("%-44s %8.0f ns of processor time (median of %d rounds, least %.0f)\n", what,
		spent[ROUNDS / 2] / (double)each, ROUNDS, spent[0] / (double)each);
}

static float *drawn(size_t n)
{
	float *x = mem_new(n, sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = (float)(0.1 * rng_normal(2, RNG_MAKE, i));
	return x;
}

/* A table of items whose words are drawn. */
static struct content_field words(void)
{
	uint64_t *at = mem_new(ITEMS + 1, sizeof *at);
	uint32_t *id = mem_new(ITEMS * WORDS, sizeof *id);

	for (size_t r = 0; r < ITEMS; r++)
		at[r + 1] = at[r] + WORDS;
	for (size_t e = 0; e < ITEMS * WORDS; e++)
		id[e] = (uint32_t)rng_below(COLUMNS, 1, RNG_MAKE, e);
	return (struct content_field){
		{ .kind = NET_BAG, .values = COLUMNS, .entries = ITEMS, .at = at, .id = id },
		UINT32_MAX, NULL
	};
}

static struct fill_map map_of(size_t cols, bool net)
{
	struct fill_map map = { cols, DIM, fill_width(DIM), NULL, NULL, NULL };

	map.mean = mem_new(map.width, sizeof *map.mean);
	if (net) {
		struct mapper_parts p;

		map.net = mapper_new(cols, 128, map.width);
		p = mapper_parts(map.net);
		for (size_t i = 0; i < cols * p.hidden; i++)
			p.w1[i] = (float)rng_normal(4, RNG_MAKE, i);
	} else {
		map.weight = drawn(cols * map.width);
	}
	return map;
}

static void map_items(void)
{
	struct content_field field = words();
	struct content_scale scale = content_learn(&field, 1, ITEMS, CONTENT_TFIDF, NULL);
	struct fill_map map[] = { map_of(COLUMNS, false), map_of(COLUMNS, true) };
	const struct mf none = { 0, 0, DIM, 0, -9, 9, NULL, NULL, NULL, NULL };
	double content[ROUNDS], mapped[2][ROUNDS];

	for (size_t k = 0; k < ROUNDS; k++) {
		struct csr x;

		content[k] = -now();
		x = content_rows(&scale, &field, ITEMS);
		content[k] += now();
		for (size_t i = 0; i < 2; i++) {
			mapped[i][k] = -now();
			mf_free(fill_more(&none, map + i, &x, false));
			mapped[i][k] += now();
		}
		csr_free(&x);
	}
	say("a new item, its words weighed", content, ITEMS);
	say("and mapped by ridge", mapped[0], ITEMS);
	say("or by mlp or dropoutnet", mapped[1], ITEMS);
	fill_map_free(map);
	fill_map_free(map + 1);
	content_free(&scale);
	free((void *)(uintptr_t)field.in.at);
	free((void *)(uintptr_t)field.in.id);
}

static void fold_users(size_t rows, bool positives)
{
	enum { USERS = 2000 };
	size_t n = USERS * rows, folded;
	uint32_t *user = mem_new(n, sizeof *user), *item = mem_new(n, sizeof *item);
	float *label = mem_new(n, sizeof *label), *q = drawn(ITEMS * DIM), *c = drawn(ITEMS);
	const struct mf mf = { 0, ITEMS, DIM, 3, 1, 5, NULL, c, NULL, q };
	struct mf_rows r = { user, item, label, NULL, NULL, n, USERS, ITEMS };
	struct foldin_how how = { positives, 0.1, 1, 0.1 };
	double spent[ROUNDS];
	char what[80];

	for (size_t k = 0; k < n; k++) {
		user[k] = (uint32_t)(k / rows);
		item[k] = (uint32_t)rng_below(ITEMS, 3, RNG_MAKE, k);
		label[k] = 1 + (float)(k % 5);
	}
	for (size_t k = 0; k < ROUNDS; k++) {
		spent[k] = -now();
		mf_free(foldin_users(&folded, &mf, &r, &how));
		spent[k] += now();
	}
	snprintf(what, sizeof what, "a new user, %zu %s folded in", rows,
		positives ? "positives" : "ratings");
	say(what, spent, USERS);
	free(user);
	free(item);
	free(label);
	free(q);
	free(c);
}

int main(int argc, char **argv)
{
	(void)argc;
	par_start(argv);
	map_items();
	fold_users(5, false);
	fold_users(20, false);
	fold_users(5, true);
	fold_users(20, true);
	return 0;
}
