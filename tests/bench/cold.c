/* cold -- nanoseconds of processor time until somebody new can be scored, nothing being trained: an
 * item of 60 words out of 20,000 mapped to 64 factors by ridge's weights and by a network of 128
 * units, and a user of 5 and of 20 rows folded in. One thread. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "foldin.h"
#include "mapper.h"
#include "mem.h"
#include "par.h"
#include "ridge.h"
#include "rng.h"

enum { ITEMS = 10000, WORDS = 60, COLUMNS = 20000, DIM = 64, WIDTH = 64, ROUNDS = 5 };

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

static struct csr content(void)
{
	uint32_t *row = mem_new(ITEMS * WORDS, sizeof *row),
		 *col = mem_new(ITEMS * WORDS, sizeof *col);
	float *value = mem_new(ITEMS * WORDS, sizeof *value);
	struct csr x;

	for (size_t e = 0; e < ITEMS * WORDS; e++) {
		row[e] = (uint32_t)(e / WORDS);
		col[e] = (uint32_t)rng_below(COLUMNS, 1, RNG_MAKE, e);
		value[e] = 0.13F;
	}
	x = csr_new(row, col, value, NULL, ITEMS * WORDS, ITEMS);
	csr_unite(&x, false);
	free(row);
	free(col);
	free(value);
	return x;
}

static float *drawn(size_t n)
{
	float *x = mem_new(n, sizeof *x);

	for (size_t i = 0; i < n; i++)
		x[i] = (float)(0.1 * rng_normal(2, RNG_MAKE, i));
	return x;
}

static void map_items(void)
{
	struct csr x = content();
	float *q = drawn(ITEMS * WIDTH), *weight = drawn((size_t)COLUMNS * WIDTH);
	float *out = mem_new(ITEMS * WIDTH, sizeof *out);
	uint32_t *row = mem_new(ITEMS, sizeof *row);
	struct mapper_how how = { 128, 1, 128, 1e-3, 0, 1, 0.1, 1 };
	double ridge[ROUNDS], network[ROUNDS], loss;
	struct mapper *m;
	size_t best;

	for (uint32_t r = 0; r < ITEMS; r++)
		row[r] = r;
	m = mapper_fit(&x, COLUMNS, q, WIDTH, NULL, row, ITEMS, &how, &best, &loss);
	for (size_t k = 0; k < ROUNDS; k++) {
		ridge[k] = -now();
		for (size_t r = 0; r < ITEMS; r++)
			ridge_apply(out + r * WIDTH, &x, r, weight, WIDTH);
		ridge[k] += now();
		network[k] = -now();
		mapper_apply(out, m, &x, NULL, row, ITEMS);
		network[k] += now();
	}
	say("a new item, ridge", ridge, ITEMS);
	say("a new item, mlp and dropoutnet", network, ITEMS);
	mapper_free(m);
	csr_free(&x);
	free(q);
	free(weight);
	free(out);
	free(row);
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
