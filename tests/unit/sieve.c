/* sieve: which pairs may reach their room, by the formula item by item; chains of scores. */
#include "sieve.h"

#include <stdbool.h>
#include <stdlib.h>

#include "rng.h"
#include "tap.h"

enum { QUADS = 3, PANELS = 2, USERS = 15, MOST = PANELS * SIEVE_PANEL * USERS };

static int8_t item[PANELS * SIEVE_PANEL][4 * QUADS], user[USERS][4 * QUADS];
static uint8_t panel[PANELS][QUADS][SIEVE_PANEL][4];
static int32_t bytes[QUADS][SIEVE_USERS], offset[SIEVE_USERS];
static float scale[PANELS * SIEVE_PANEL], bias[PANELS * SIEVE_PANEL], error[PANELS], norm[PANELS],
	user_scale[SIEVE_USERS], room[SIEVE_USERS], user_norm[SIEVE_USERS], user_error[SIEVE_USERS];

static float drawn(uint64_t i)
{
	return (float)rng_normal(5, RNG_MAKE, i);
}

static void fill(void)
{
	uint64_t n = 0;

	for (size_t i = 0; i < PANELS * SIEVE_PANEL; i++) {
		scale[i] = 0.01F + 0.001F * (float)(i % 7);
		bias[i] = drawn(n++);
		for (size_t k = 0; k < 4 * QUADS; k++) {
			item[i][k] = (int8_t)rng_below(255, 6, RNG_MAKE, n++) - 127;
			panel[i / SIEVE_PANEL][k / 4][i % SIEVE_PANEL][k % 4] =
				(uint8_t)(item[i][k] + 128);
		}
	}
	for (size_t u = 0; u < USERS; u++) {
		int32_t sum = 0;

		for (size_t k = 0; k < 4 * QUADS; k++) {
			user[u][k] = (int8_t)rng_below(255, 7, RNG_MAKE, n++) - 127;
			sum += user[u][k];
		}
		for (size_t q = 0; q < QUADS; q++)
			memcpy(&bytes[q][u], &user[u][4 * q], 4);
		offset[u] = 128 * sum;
		user_scale[u] = 0.02F;
		room[u] = u == 3 ? NAN : 2 * drawn(n++);
		user_norm[u] = 0.3F;
		user_error[u] = 0.1F;
	}
	error[0] = 0.5F;
	error[1] = 2;
	norm[0] = 1;
	norm[1] = 3;
}

/* By the header's formula; how far the two sides are apart. */
static double left(size_t u, size_t i)
{
	size_t p = i / SIEVE_PANEL;
	double sum = 0;

	for (size_t k = 0; k < 4 * QUADS; k++)
		sum += (double)item[i][k] * user[u][k];
	return (double)user_scale[u] * sum * (double)scale[i] + (double)bias[i] -
	       ((double)room[u] - (double)user_norm[u] * (double)error[p] -
		       (double)user_error[u] * (double)norm[p]);
}

static void check(enum simd level, const char *what)
{
	static struct sieve_pair pair[MOST];
	const struct sieve items = { panel[0][0][0], scale, bias, error, norm, QUADS, PANELS };
	const struct sieve_users users = { bytes[0], offset, user_scale, room, user_norm,
		user_error, USERS };
	static bool found[USERS][PANELS * SIEVE_PANEL];
	size_t n = level == SIMD_V4 ? SIMD_PICK(sieve_pairs)(pair, &items, &users)
				    : sieve_pairs_base(pair, &items, &users);
	size_t wrong = 0, before[USERS] = { 0 };

	memset(found, 0, sizeof found);
	for (size_t i = 0; i < n; i++) {
		wrong += pair[i].item < before[pair[i].user];
		before[pair[i].user] = pair[i].item;
		found[pair[i].user][pair[i].item] = true;
	}
	for (size_t u = 0; u < USERS; u++)
		for (size_t i = 0; i < PANELS * SIEVE_PANEL; i++)
			if (level != SIMD_V4)
				wrong += !found[u][i];
			else if (u == 3) /* NaN */
				wrong += !found[u][i];
			else if (fabs(left(u, i)) > 1e-4)
				wrong += found[u][i] != (left(u, i) > 0);
	ok(wrong == 0 && (level != SIMD_V4 || (n > 100 && n < MOST - 100)), what);
}

static void scores(void)
{
	float x[SIEVE_SIDE][5], y[SIEVE_SIDE][5], c[SIEVE_SIDE], base[SIEVE_SIDE], got[SIEVE_SIDE];
	const float *p[SIEVE_SIDE], *q[SIEVE_SIDE];
	int same_bits = 1;

	for (size_t j = 0; j < SIEVE_SIDE; j++) {
		for (size_t k = 0; k < 5; k++) {
			x[j][k] = drawn(1000 + 10 * j + k);
			y[j][k] = drawn(2000 + 10 * j + k);
		}
		p[j] = x[j];
		q[j] = y[j];
		c[j] = drawn(3000 + j);
		base[j] = drawn(4000 + j);
	}
	SIMD_CALL(sieve_scores, got, p, q, c, base, 5);
	for (size_t j = 0; j < SIEVE_SIDE; j++) {
		float want = c[j];

		for (size_t k = 0; k < 5; k++)
			want = fmaf(x[j][k], y[j][k], want);
		same_bits &= got[j] == want + base[j];
	}
	ok(same_bits, "chains of fused products, then the base");
}

int main(void)
{
	fill();
	check(SIMD_BASE, "without the instructions all pairs may");
	if (simd_level() == SIMD_V4 && __builtin_cpu_supports("avx512vnni"))
		check(SIMD_V4, "those that the formula names, items of a user in order");
	else
		ok(1, "# skip: no AVX-512 VNNI");
	scores();
	return done();
}
