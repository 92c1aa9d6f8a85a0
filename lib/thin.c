#include "thin.h"

#include <stdint.h>

#include "gemm.h"
#include "par.h"

enum {
	ROWS = 32, /* that are gone through together: their inputs stay in the nearest cache */
	LEAST = 96, /* inputs */
	MOST = VW == 16 ? THIN_INPUTS : 96, /* whose sums have registers */
	PER = GEMM_PANEL / VW, /* vectors of 32 inputs */
	EVERY = 16, /* rows, to see whether it is worth it */
	PITCH = GEMM_PANEL * GEMM_PANEL + 16, /* a power of two would share cache lines */
};

/* Sums of a shard: 32 units of each 32 inputs. */
struct sums {
	_Alignas(64) float of[THIN_INPUTS / GEMM_PANEL][PITCH];
};

/* A bit for each delta of a row that is not 0. */
static inline uint32_t nonzero(const float *d)
{
	uint32_t some = 0;

	for (size_t i = 0; i < GEMM_PANEL; i += VW)
		some |= (uint32_t)vf_nonzero(vf_load(d + i)) << i;
	return some;
}

/* A bit for each of ROWS rows that has one for unit u. */
static inline uint32_t rows_of(const uint32_t *units, size_t u)
{
	uint32_t some = 0;

	for (size_t r = 0; r < ROWS; r += VW)
		some |= (uint32_t)vf_have(units + r, 1U << u) << r;
	return some;
}

/* sum += the rows of h that `some` names, each times its delta. */
SIMD_INLINE void add_unit(float *sum, const float *h, size_t ldh, const float *d, size_t ldd,
	uint32_t some, int vectors)
{
	vf x[14];

#pragma GCC unroll 14
	for (int v = 0; v < vectors; v++)
		x[v] = vf_load(sum + v / PER * PITCH + v % PER * VW);
	for (; some; some &= some - 1) {
		size_t r = (size_t)__builtin_ctz(some);
		const float *row = h + r * ldh;
		vf delta = vf_set(d[r * ldd]);

#pragma GCC unroll 14
		for (int v = 0; v < vectors; v++)
			x[v] = vf_fma(delta, vf_load(row + v * VW), x[v]);
	}
#pragma GCC unroll 14
	for (int v = 0; v < vectors; v++)
		vf_store(sum + v / PER * PITCH + v % PER * VW, x[v]);
}

/* All units of the rows that `units` knows, ks inputs. */
static void add_inputs(float *sums, size_t ks, const float *h, size_t ldh, const float *d,
	size_t ldd, const uint32_t *units, size_t cols)
{
	for (size_t u = 0; u < cols; u++)
		switch (ks / VW) {
#define CASE(vectors)                                                                              \
	case vectors:                                                                              \
		add_unit(sums + u * GEMM_PANEL, h, ldh, d + u, ldd, rows_of(units, u), vectors);   \
		break
			CASE(6);
			CASE(7);
			CASE(8);
			CASE(9);
			CASE(10);
			CASE(11);
			CASE(12);
			CASE(13);
			CASE(14);
#undef CASE
		}
}

/* How many of so many inputs are summed together: 32, 64 .. or the rest, but no less than 48. */
static size_t together(size_t left)
{
	return left <= MOST ? left : left < MOST + 48 ? MOST - GEMM_PANEL : MOST;
}

/* n <= ROWS rows. */
static void add_rows(struct sums *sums, size_t ks, const float *h, size_t ldh, const float *d,
	size_t ldd, size_t n, size_t cols)
{
	uint32_t units[ROWS] = { 0 };

	for (size_t r = 0; r < n; r++)
		units[r] = nonzero(d + r * ldd);
	for (size_t k = 0, some; k < ks; k += some) {
		some = together(ks - k);
		add_inputs(sums->of[k / GEMM_PANEL], some, h + k, ldh, d, ldd, units, cols);
	}
}

/* It is where no more than 55 (96 inputs) to 64 percent (224) of the deltas are not 0. */
static bool worth(const float *d, size_t ldd, size_t rows, size_t cols, size_t ks)
{
	uint32_t mine = cols < GEMM_PANEL ? (1U << cols) - 1 : UINT32_MAX;
	size_t some = 0, all = 0;

	for (size_t r = 0; r < rows; r += EVERY, all += cols)
		some += (size_t)__builtin_popcount(nonzero(d + r * ldd) & mine);
	return some * 100 <= all * (70 - 1440 / ks);
}

static void add_sums(struct sums *to, const struct sums *from)
{
	float *a = to->of[0];
	const float *b = from->of[0];

	for (size_t i = 0; i < sizeof to->of / sizeof *a; i += VW)
		vf_store(a + i, vf_load(b + i) + vf_load(a + i));
}

bool SIMD_NAME(thin_gradient)(float *g, size_t ks, const float *h, size_t ldh, const float *d,
	size_t ldd, size_t rows, size_t cols)
{
	struct sums room[PAR_LEVELS + 1], *level[PAR_LEVELS + 1];

	if (VW < 8 || ks % 16 || ks < LEAST || ks > THIN_INPUTS || rows < THIN_ROWS ||
		!worth(d, ldd, rows, cols, ks))
		return false;
	for (size_t l = 0; l <= PAR_LEVELS; l++)
		level[l] = room + l;
	for (size_t s = 0; s < PAR_SHARDS; s++) {
		struct sums *now = level[PAR_LEVELS];
		size_t r = par_shard(s, rows), end = par_shard(s + 1, rows), l = 0;

		memset(now, 0, sizeof *now);
		for (size_t n; r < end; r += n) {
			n = end - r < ROWS ? end - r : ROWS;
			add_rows(now, ks, h + r * ldh, ldh, d + r * ldd, ldd, n, cols);
		}
		for (; s >> l & 1; l++)
			add_sums(now, level[l]);
		level[PAR_LEVELS] = level[l];
		level[l] = now;
	}
	for (size_t k = 0; k < ks; k += GEMM_PANEL)
		SIMD_NAME(gemm_transpose)(g + k * GEMM_PANEL,
			level[PAR_LEVELS]->of[k / GEMM_PANEL], GEMM_PANEL,
			ks - k < GEMM_PANEL ? ks - k : GEMM_PANEL);
	return true;
}
