#include "gemm.h"

#include "par.h"

#define NAME(f) SIMD_NAME(f)

/* A register tile is TR rows by two vectors: 24 or 12 accumulators of the 32 or 16 registers. */
enum { TR = VW == 16 ? 12 : 6, TN = 2 * VW };

static inline __attribute__((always_inline)) vf finish(
	vf sum, const struct gemm *g, size_t r, size_t n)
{
	switch (g->end) {
	case GEMM_RELU:
		return vf_max(sum, vf_set(0));
	case GEMM_MASKED:
		return vf_where_positive(
			vf_load(g->mask + r * g->ldmask + n), sum * vf_set(g->scale));
	default:
		return sum;
	}
}

/* What is left of the lines to ask for. */
struct ahead {
	const float *const *at, *const *end;
};

/* Rows r .. r + m of columns n .. n + TN. m is a constant where it is inlined. */
static inline __attribute__((always_inline)) void tile(float *c, size_t ldc, const struct gemm *g,
	const float *w, size_t r, size_t n, int m, enum gemm_end end, struct ahead *ahead)
{
	vf sum[TR][2];
	const float *a = g->a + r * g->lda, *bias = w + g->k * GEMM_PANEL;
	bool biased = end == GEMM_BIAS || end == GEMM_RELU;

	for (int i = 0; i < m; i++) {
		sum[i][0] = biased ? vf_load(bias) : vf_set(0);
		sum[i][1] = biased ? vf_load(bias + VW) : vf_set(0);
	}
	for (size_t k = 0; k < g->k; k++) {
		vf w0 = vf_load(w + k * GEMM_PANEL), w1 = vf_load(w + k * GEMM_PANEL + VW);

		if (ahead->at < ahead->end)
			__builtin_prefetch(*ahead->at++, 0, 2);
#pragma GCC unroll 12
		for (int i = 0; i < m; i++) {
			vf x = vf_set(a[(size_t)i * g->lda + k]);

			sum[i][0] = vf_fma(x, w0, sum[i][0]);
			sum[i][1] = vf_fma(x, w1, sum[i][1]);
		}
	}
	for (int i = 0; i < m; i++) {
		size_t row = r + (size_t)i;

		vf_store(c + row * ldc + n, finish(sum[i][0], g, row, n));
		vf_store(c + row * ldc + n + VW, finish(sum[i][1], g, row, n + VW));
	}
}

static inline __attribute__((always_inline)) void columns(
	float *c, size_t ldc, const struct gemm *g, size_t rows, enum gemm_end end)
{
	size_t height = g->k + (end == GEMM_BIAS || end == GEMM_RELU);
	struct ahead ahead = { g->ahead, g->ahead + g->aheads };

	for (size_t n = 0; n < g->panels * GEMM_PANEL; n += TN) {
		const float *w = g->w + n / GEMM_PANEL * height * GEMM_PANEL + n % GEMM_PANEL;
		size_t r = 0;

		for (; r + TR <= rows; r += TR)
			tile(c, ldc, g, w, r, n, TR, end, &ahead);
		for (; r + 4 <= rows; r += 4)
			tile(c, ldc, g, w, r, n, 4, end, &ahead);
		for (; r < rows; r++)
			tile(c, ldc, g, w, r, n, 1, end, &ahead);
	}
}

void NAME(gemm_forward)(float *c, size_t ldc, const struct gemm *g, size_t rows)
{
	switch (g->end) {
	case GEMM_PLAIN:
		columns(c, ldc, g, rows, GEMM_PLAIN);
		break;
	case GEMM_BIAS:
		columns(c, ldc, g, rows, GEMM_BIAS);
		break;
	case GEMM_RELU:
		columns(c, ldc, g, rows, GEMM_RELU);
		break;
	case GEMM_MASKED:
		columns(c, ldc, g, rows, GEMM_MASKED);
		break;
	}
}

/* A sum over rows comes shard by shard, and shards meet in the tree of par.h: sum s is added to
 * those that wait at the levels below it, and waits at the next one. hold[PAR_LEVELS] is the whole.
 */
static inline __attribute__((always_inline)) void meet(
	vf hold[PAR_LEVELS + 1][TR][2], vf sum[TR][2], size_t s, int m)
{
	size_t level = 0;

	for (; s >> level & 1; level++)
		for (int i = 0; i < m; i++)
			for (int j = 0; j < 2; j++)
				sum[i][j] = hold[level][i][j] + sum[i][j];
	for (int i = 0; i < m; i++)
		for (int j = 0; j < 2; j++)
			hold[level][i][j] = sum[i][j];
}

static inline __attribute__((always_inline)) void gradient_tile(
	float *g, const float *h, size_t ldh, const float *d, size_t ldd, size_t rows, int m)
{
	vf sum[TR][2], hold[PAR_LEVELS + 1][TR][2];

	for (size_t s = 0; s < PAR_SHARDS; s++) {
		for (int i = 0; i < m; i++)
			sum[i][0] = sum[i][1] = vf_set(0);
		for (size_t r = par_shard(s, rows); r < par_shard(s + 1, rows); r++) {
			vf d0 = vf_load(d + r * ldd), d1 = vf_load(d + r * ldd + VW);

#pragma GCC unroll 12
			for (int i = 0; i < m; i++) {
				vf x = vf_set(h[r * ldh + (size_t)i]);

				sum[i][0] = vf_fma(x, d0, sum[i][0]);
				sum[i][1] = vf_fma(x, d1, sum[i][1]);
			}
		}
		meet(hold, sum, s, m);
	}
	for (int i = 0; i < m; i++) {
		vf_store(g + i * GEMM_PANEL, hold[PAR_LEVELS][i][0]);
		vf_store(g + i * GEMM_PANEL + VW, hold[PAR_LEVELS][i][1]);
	}
}

void NAME(gemm_gradient)(
	float *g, size_t ks, const float *h, size_t ldh, const float *d, size_t ldd, size_t rows)
{
	for (size_t n = 0; n < GEMM_PANEL; n += TN) {
		size_t k = 0;

		for (; k + TR <= ks; k += TR)
			gradient_tile(g + k * GEMM_PANEL + n, h + k, ldh, d + n, ldd, rows, TR);
		for (; k + 4 <= ks; k += 4)
			gradient_tile(g + k * GEMM_PANEL + n, h + k, ldh, d + n, ldd, rows, 4);
		for (; k < ks; k++)
			gradient_tile(g + k * GEMM_PANEL + n, h + k, ldh, d + n, ldd, rows, 1);
	}
}

/* Columns of m x 2 vectors. */
static inline __attribute__((always_inline)) void column_tile(
	float *g, const float *s, const float *d, size_t ldd, size_t rows, int m)
{
	vf sum[TR][2], hold[PAR_LEVELS + 1][TR][2];

	for (size_t shard = 0; shard < PAR_SHARDS; shard++) {
		for (int i = 0; i < m; i++)
			sum[i][0] = sum[i][1] = vf_set(0);
		for (size_t r = par_shard(shard, rows); r < par_shard(shard + 1, rows); r++) {
			vf x = vf_set(s ? s[r] : 1);

			for (int i = 0; i < m; i++)
				for (int j = 0; j < 2; j++)
					sum[i][j] = vf_fma(x,
						vf_load(d + r * ldd + (i * 2 + j) * VW), sum[i][j]);
		}
		meet(hold, sum, shard, m);
	}
	for (int i = 0; i < m; i++)
		for (int j = 0; j < 2; j++)
			vf_store(g + (i * 2 + j) * VW, hold[PAR_LEVELS][i][j]);
}

static float column_sum(const float *s, const float *d, size_t ldd, size_t rows)
{
	float hold[PAR_LEVELS + 1];

	for (size_t shard = 0; shard < PAR_SHARDS; shard++) {
		size_t level = 0;
		float sum = 0;

		for (size_t r = par_shard(shard, rows); r < par_shard(shard + 1, rows); r++)
			sum = fmaf(s ? s[r] : 1, d[r * ldd], sum);
		for (; shard >> level & 1; level++)
			sum = hold[level] + sum;
		hold[level] = sum;
	}
	return hold[PAR_LEVELS];
}

void NAME(gemm_column_sums)(
	float *g, const float *s, const float *d, size_t ldd, size_t rows, size_t cols)
{
	size_t n = 0;

	for (; n + 4 * VW <= cols; n += 4 * VW)
		column_tile(g + n, s, d + n, ldd, rows, 2);
	for (; n + 2 * VW <= cols; n += 2 * VW)
		column_tile(g + n, s, d + n, ldd, rows, 1);
	for (; n < cols; n++)
		g[n] = column_sum(s, d + n, ldd, rows);
}

float NAME(gemm_dot)(const float *a, const float *b, size_t n)
{
	float lane[16] = { 0 };
	size_t i = 0;
	vf sum[16 / VW];

	for (int v = 0; v < 16 / VW; v++)
		sum[v] = vf_set(0);
	for (; i + 16 <= n; i += 16)
		for (int v = 0; v < 16 / VW; v++)
			sum[v] = vf_fma(vf_load(a + i + v * VW), vf_load(b + i + v * VW), sum[v]);
	for (int v = 0; v < 16 / VW; v++)
		vf_store(lane + v * VW, sum[v]);
	for (size_t l = 0; i < n; i++, l++)
		lane[l] = fmaf(a[i], b[i], lane[l]);
	return vf_sum16(lane);
}
