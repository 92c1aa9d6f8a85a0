/* Rows per second of training and scoring on made data.
 *
 * usage: net dense|ctr|student|large|rowwise ROWS HIDDEN[,HIDDEN...] BATCH EPOCHS [DIM]
 *   dense   784 numbers, MLP
 *   ctr     6,040 users, 3,706 items, three small categories, genres: DeepFM, embeddings of 16
 *   student the same fields, MLP
 *   large   26 fields of 38,461 ids each by Zipf's law, 13 numbers: DeepFM, lazy Adam
 *   rowwise the same, --optimizer rowwise
 * DIM: width of the embeddings, else 16
 * prints: best training rows/s, best scoring rows/s, by CPU time with one thread, by the clock with
 * more; then which share of the machine's peak each is: the floating-point operations of the
 * layers' products (2 a multiply-add; in training thrice, but for the gradients by inputs that are
 * numbers) against fused multiply-adds in registers, both on as many threads; and that peak, in
 * GFLOP/s. */
#include "epoch.h"
#include "infer.h"
#include "initial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mem.h"
#include "opt.h"
#include "par.h"
#include "rng.h"
#include "simd.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(par_threads() == 1 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- the peak of a core ---- */

enum { SUMS = 24, TURNS = 200000 };

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static float turn_v4(void)
{
	__m512 sum[SUMS], a = _mm512_set1_ps(0.5f), b = _mm512_set1_ps(0.25f);

	for (int i = 0; i < SUMS; i++)
		sum[i] = _mm512_set1_ps((float)i);
	for (int t = 0; t < TURNS; t++)
#pragma GCC unroll 24
		for (int i = 0; i < SUMS; i++)
			sum[i] = _mm512_fmadd_ps(sum[i], a, b);
	for (int i = 1; i < SUMS; i++)
		sum[0] = _mm512_add_ps(sum[0], sum[i]);
	return _mm512_cvtss_f32(sum[0]);
}

__attribute__((target("avx2,fma"))) static float turn_v3(void)
{
	__m256 sum[SUMS / 2], a = _mm256_set1_ps(0.5f), b = _mm256_set1_ps(0.25f);

	for (int i = 0; i < SUMS / 2; i++)
		sum[i] = _mm256_set1_ps((float)i);
	for (int t = 0; t < TURNS; t++)
#pragma GCC unroll 12
		for (int i = 0; i < SUMS / 2; i++)
			sum[i] = _mm256_fmadd_ps(sum[i], a, b);
	for (int i = 1; i < SUMS / 2; i++)
		sum[0] = _mm256_add_ps(sum[0], sum[i]);
	return _mm256_cvtss_f32(sum[0]);
}

/* FLOP/s; the best of some turns. */
static double peak(void)
{
	bool wide = simd_level() == SIMD_V4;
	double best = 1e9, flops = 2.0 * TURNS * (wide ? SUMS * 16 : SUMS / 2 * 8);
	volatile float sink;

	if (simd_level() == SIMD_BASE)
		return INFINITY;
	for (int i = 0; i < 9; i++) {
		struct timespec from, to;
		double t;

		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		sink = wide ? turn_v4() : turn_v3();
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		t = (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
		best = t < best ? t : best;
	}
	(void)sink;
	return flops / best;
}
#else
static double peak(void)
{
	return INFINITY;
}
#endif

/* Floating-point operations of the layers for a row, in training or scoring. */
static double flops(const struct net_shape *s, bool training)
{
	double embedded = 0, numbers = 0, in, sum;

	for (size_t f = 0; f < s->fields; f++)
		if (s->field[f].kind == NET_NUM)
			numbers += s->field[f].values;
		else
			embedded += s->dim;
	in = embedded + numbers;
	sum = training ? -numbers * s->hidden[0] : 0;
	for (size_t l = 0; l < s->layers; l++) {
		sum += (training ? 3 : 1) * in * s->hidden[l];
		in = s->hidden[l];
	}
	return 2 * (sum + (training ? 3 : 1) * in);
}

static uint32_t *ids(size_t n, uint32_t values, uint64_t seed)
{
	uint32_t *id = mem_new(n, sizeof *id);

	for (size_t i = 0; i < n; i++) { /* squared: small ids are popular */
		double u = rng_unit(seed, RNG_MAKE, i);

		id[i] = (uint32_t)(u * u * values);
	}
	return id;
}

static struct net_field numbers(size_t n, uint32_t width)
{
	float *x = mem_new(n * width, sizeof *x);

	for (size_t i = 0; i < n * width; i++)
		x[i] = (float)rng_unit(1, RNG_MAKE, i);
	return (struct net_field){ .kind = NET_NUM, .values = width, .entries = n, .num = x };
}

static struct net_field category(
	uint32_t values, const uint32_t *key, uint64_t entries, const uint32_t *cat)
{
	return (struct net_field){
		.kind = NET_CAT, .values = values, .key = key, .entries = entries, .cat = cat
	};
}

/* By a Pareto law of exponent 1.2, wrapped: the shape of Criteo's ids. */
static uint32_t *zipf(size_t n, uint32_t values, uint64_t seed)
{
	uint32_t *id = mem_new(n, sizeof *id);

	for (size_t i = 0; i < n; i++)
		id[i] = (uint32_t)fmod(
			fmin(pow(1 - rng_unit(seed, RNG_MAKE, i), -5) - 1, 1e12), values);
	return id;
}

static bool large(const char *what)
{
	return strcmp(what, "large") == 0 || strcmp(what, "rowwise") == 0;
}

static size_t make(struct net_field *f, const char *what, size_t n)
{
	static uint64_t at[3707];

	if (strcmp(what, "dense") == 0) {
		f[0] = numbers(n, 784);
		return 1;
	}
	if (large(what)) {
		for (size_t k = 0; k < 26; k++)
			f[k] = category(38461, NULL, n, zipf(n, 38461, k + 1));
		f[26] = numbers(n, 13);
		return 27;
	}
	for (uint64_t i = 0; i <= 3706; i++)
		at[i] = 2 * i;
	f[0] = category(6040, ids(n, 6040, 1), 6040, NULL);
	f[1] = category(3706, ids(n, 3706, 2), 3706, NULL);
	f[1].item = true;
	f[2] = category(2, f[0].key, 6040, ids(6040, 2, 3));
	f[3] = category(7, f[0].key, 6040, ids(6040, 7, 4));
	f[4] = category(21, f[0].key, 6040, ids(6040, 21, 5));
	f[5] = (struct net_field){ .kind = NET_BAG,
		.values = 18,
		.key = f[1].key,
		.entries = 3706,
		.at = at,
		.id = ids(7412, 18, 6),
		.item = true };
	return 6;
}

int main(int argc, char **argv)
{
	const struct opt opts[] = { OPT_END };
	size_t hidden[NET_LAYERS], n, bad, epochs;
	struct net_field field[27];
	struct net_shape shape = { .logistic = true, .dim = 16, .field = field };
	struct workspace room = { 0 };
	struct fit how = { .seed = 1,
		.room = &room,
		.optim = { .clip = INFINITY },
		.rate = 1e-3,
		.l2 = 1e-5,
		.loss = { true, 0, 1, false } };
	uint32_t *row;
	float *label, *score;
	struct net *net;
	double train = 1e9, serve = 1e9, most;

	opt_parse(argc, argv, "times the training engine", "KIND ROWS HIDDEN BATCH EPOCHS [DIM]",
		NULL, opts);
	if (argc != 6 && argc != 7)
		return 2;
	if (argc == 7)
		shape.dim = (uint32_t)strtoul(argv[6], NULL, 10);
	most = peak();
	n = strtoul(argv[2], NULL, 10);
	shape.fields = make(field, argv[1], n);
	if (strcmp(argv[1], "ctr") == 0 || large(argv[1]))
		shape.arch = NET_DEEPFM;
	else
		shape.arch = NET_MLP;
	how.optim.lazy = large(argv[1]);
	shape.rowwise = strcmp(argv[1], "rowwise") == 0;
	how.optim.kind = shape.rowwise ? OPTIM_ROWWISE : OPTIM_ADAM;
	shape.layers = opt_list("hidden", argv[3], 1, 4096, hidden, NET_LAYERS);
	for (size_t l = 0; l < shape.layers; l++)
		shape.hidden[l] = (uint32_t)hidden[l];
	how.batch = strtoul(argv[4], NULL, 10);
	epochs = strtoul(argv[5], NULL, 10);
	row = mem_new(n, sizeof *row);
	label = mem_new(n, sizeof *label);
	score = mem_new(n, sizeof *score);
	for (size_t i = 0; i < n; i++) {
		row[i] = (uint32_t)i;
		label[i] = rng_unit(9, RNG_MAKE, i) < 0.5;
	}
	how.label = label;
	net = net_new(&shape);
	initial_weights(net, 1, field, row, n, 0);
	for (size_t e = 0; e < epochs; e++) {
		double t = now(), u;

		epoch_run(net, &how, field, row, n, e, &bad);
		u = now();
		infer_scores(net, field, NULL, n, score);
		train = u - t < train ? u - t : train;
		serve = now() - u < serve ? now() - u : serve;
	}
	printf("%.0f %.0f %.2f %.2f %.0f\n", (double)n / train, (double)n / serve,
		flops(&shape, true) * (double)n / train / most / par_threads(),
		flops(&shape, false) * (double)n / serve / most / par_threads(), most * 1e-9);
	return 0;
}
