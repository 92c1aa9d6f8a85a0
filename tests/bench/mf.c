/* Speed of what rs-mf trains with, on made rows with the shape of MovieLens-1M (6,040 x 3,706,
 * 1,000,209, both sides skewed), or with that of goodbooks-10k (53,424 x 10,000, 5,976,479).
 *
 * mf [--large] [--thin N] KIND DIM EPOCHS   trains; prints seconds an epoch by the wall and of CPU,
 *                   the building of what it needs left out, and the multiply-adds of one epoch.
 *                   KIND: sgd, svdpp, als, ials, cholesky (ials by it), bpr. --thin: 1 / N of rows
 * mf [--large] [--thin N] --held ALGO   prints the bytes that it holds of a row while it trains,
 *                   the model left out. ALGO: sgd, svdpp, als, ials, bpr, dense, lazy (bpr by
 * Adam), ease mf --limit        prints the billion multiply-adds and gigabytes a second that this
 * core can do: in registers, and read and written again within half of 1 MiB mf [--large] --text
 * prints the rows, for a peer */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "../memory.h"
#include "mem.h"
#include "rng.h"

struct shape {
	uint32_t users, items, rows;
};

static const struct shape SMALL = { 6040, 3706, 1000209 }, LARGE = { 53424, 10000, 5976479 };

struct clock {
	double wall, cpu;
};

static struct clock now(void)
{
	struct timespec t;
	struct rusage u;

	clock_gettime(CLOCK_MONOTONIC, &t);
	getrusage(RUSAGE_SELF, &u);
	return (struct clock){ (double)t.tv_sec + 1e-9 * (double)t.tv_nsec,
		(double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
			1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) };
}

/* ---- kinds ---- */

struct task {
	struct mf_rows rows;
	uint32_t dim;
	void *fit;
};

static void open_sgd(struct task *t)
{
	t->fit = mf_fit_new(&t->rows, &(struct mf_training){ t->dim, 0.05, 0.05, 0.9, 1, 0 });
}

static void open_svdpp(struct task *t)
{
	t->fit = mf_fit_new(&t->rows, &(struct mf_training){ t->dim, 0.05, 0.05, 0.9, 1, 1 });
}

static void pass_sgd(struct task *t)
{
	mf_fit_epoch(t->fit);
}

static void open_als(struct task *t)
{
	t->fit = als_new(&t->rows, &(struct als_training){ t->dim, 0.08, 0, 1 });
}

static void pass_als(struct task *t)
{
	als_epoch(t->fit);
}

static void open_ials(struct task *t)
{
	t->fit = ials_new(&t->rows, &(struct ials_training){ t->dim, 0.3, 0.007, 1, 3, 1 });
}

static void open_cholesky(struct task *t)
{
	t->fit = ials_new(&t->rows, &(struct ials_training){ t->dim, 0.3, 0.007, 1, 0, 1 });
}

static void pass_ials(struct task *t)
{
	ials_epoch(t->fit);
}

static void open_bpr(struct task *t)
{
	t->fit = bprsgd_new(
		&t->rows, &(struct bprsgd_training){ t->dim, 0.05, 1, 0.005, false, false, 1 });
}

static void pass_bpr(struct task *t)
{
	bprsgd_epoch(t->fit);
}

/* Multiply-adds of an epoch: n rows of `ids` users and items together, k factors. */
static double work_sgd(double n, double ids, double k)
{
	(void)ids;
	return 5 * n * k; /* a product, two scalings, two additions */
}

static double work_svdpp(double n, double ids, double k)
{
	return 5 * n * k + 8 * n * k +
	       8 * ids * k; /* two sums of y, three of rows, three products */
}

static double work_bpr(double n, double ids, double k)
{
	(void)ids;
	return 9 * n *
	       k; /* two differences, a product, its step; two products, scalings, additions */
}

static double work_cg(double n, double ids, double k)
{
	return 2 * 4 * 2 * n * k + 4 * ids * k * k; /* four products of each side */
}

static double work_cholesky(double n, double ids, double k)
{
	return n * k * (k + 1) + ids * (k * k * k / 6 + k * k);
}

static const struct kind {
	const char *name;
	void (*open)(struct task *);
	void (*pass)(struct task *);
	double (*work)(double n, double ids, double k);
} KIND[] = {
	{ "sgd", open_sgd, pass_sgd, work_sgd },
	{ "svdpp", open_svdpp, pass_sgd, work_svdpp },
	{ "als", open_als, pass_als, work_cholesky },
	{ "ials", open_ials, pass_ials, work_cg },
	{ "cholesky", open_cholesky, pass_ials, work_cholesky },
	{ "bpr", open_bpr, pass_bpr, work_bpr },
};

static void train(struct task *t, const char *name, int epochs)
{
	const struct kind *kind = KIND;
	double ids = (double)t->rows.users + t->rows.items;
	struct clock start, end;

	while (strcmp(kind->name, name) != 0)
		if (++kind == KIND + sizeof KIND / sizeof *KIND)
			exit(2);
	kind->open(t);
	start = now();
	for (int e = 0; e < epochs; e++)
		kind->pass(t);
	end = now();
	printf("%.6f %.6f %.4g\n", (end.wall - start.wall) / epochs, (end.cpu - start.cpu) / epochs,
		kind->work((double)t->rows.n, ids, t->dim));
}

/* ---- what the machine allows ---- */

typedef float lanes __attribute__((vector_size(64)));

#if defined(__x86_64__)
#define WIDEST __attribute__((target_clones("avx512f", "arch=haswell", "default"), noinline))
#else
#define WIDEST __attribute__((noinline))
#endif

enum { CHAINS = 12, KEPT = 512 << 10 };

WIDEST static float multiply_adds(size_t times)
{
	lanes sum[CHAINS], x, all = { 0 };

	for (int l = 0; l < 16; l++)
		x[l] = 1 + 1e-7F * (float)l;
	for (int c = 0; c < CHAINS; c++)
		sum[c] = x * (float)c;
	for (size_t t = 0; t < times; t++)
#pragma GCC unroll 12
		for (int c = 0; c < CHAINS; c++)
			for (int l = 0; l < 16; l++)
				sum[c][l] = __builtin_fmaf(sum[c][l], x[l], x[l]);
	for (int c = 0; c < CHAINS; c++)
		all += sum[c];
	return all[0] + all[7];
}

WIDEST static void again(lanes *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x[i] = x[i] * 0.999F;
}

static void limit(void)
{
	enum { TIMES = 20 << 20, PASSES = 4000 };
	lanes *x = aligned_alloc(64, KEPT);
	struct clock start = now(), middle, end;
	float sum;

	memset(x, 0, KEPT);
	sum = multiply_adds(TIMES);
	middle = now();
	for (int p = 0; p < PASSES; p++)
		again(x, KEPT / sizeof *x);
	end = now();
	printf("%.4g %.4g\n", 1e-9 * TIMES * CHAINS * 16 / (middle.cpu - start.cpu),
		2e-9 * PASSES * KEPT / (end.cpu - middle.cpu) + 1e-30 * (double)sum);
	free(x);
}

/* ---- rows ---- */

static uint32_t skewed(uint32_t n, uint64_t index)
{
	double x = rng_unit(1, RNG_MAKE, index);

	return (uint32_t)(x * x * n);
}

static struct mf_rows make(const struct shape *s, uint32_t thin)
{
	uint32_t *user = mem_new(s->rows, sizeof *user), *item = mem_new(s->rows, sizeof *item);
	float *label = mem_new(s->rows, sizeof *label);
	uint32_t n = s->rows / thin;

	for (uint32_t i = 0; i < n; i++) {
		user[i] = i < s->users ? i : skewed(s->users, 3 * (uint64_t)i);
		item[i] = i < s->items ? i : skewed(s->items, 3 * (uint64_t)i + 1);
		label[i] = (float)(1 + rng_below(5, 1, RNG_MAKE, 3 * (uint64_t)i + 2));
	}
	return (struct mf_rows){ user, item, label, NULL, NULL, n, s->users, s->items };
}

int main(int argc, char **argv)
{
	const struct shape *shape = &SMALL;
	struct task task = { 0 };
	int at = 1, thin = 1;

	if (at < argc && strcmp(argv[at], "--large") == 0) {
		shape = &LARGE;
		at++;
	}
	if (at + 1 < argc && strcmp(argv[at], "--thin") == 0) {
		thin = atoi(argv[at + 1]);
		at += 2;
	}
	if (at < argc && strcmp(argv[at], "--limit") == 0) {
		limit();
		return 0;
	}
	task.rows = make(shape, (uint32_t)thin);
	if (at + 1 < argc && strcmp(argv[at], "--held") == 0) {
		printf("%.2f\n", memory_rating(argv[at + 1], &task.rows));
		return 0;
	}
	if (at < argc && strcmp(argv[at], "--text") == 0) {
		for (size_t i = 0; i < task.rows.n; i++)
			printf("%u %u %.0f\n", task.rows.user[i], task.rows.item[i],
				(double)task.rows.label[i]);
		return 0;
	}
	if (argc != at + 3)
		return 2;
	task.dim = (uint32_t)atoi(argv[at + 1]);
	train(&task, argv[at], atoi(argv[at + 2]));
	return 0;
}
