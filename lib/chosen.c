#include "chosen.h"

#define NAME(f) SIMD_NAME(f)

/* Register tiles as in gemm.c. What no tile divides is made with the last row more than once: the
 * same sums are stored to the same place. */
enum { TR = VW == 16 ? 12 : 6, LOW = VW == 16 ? 8 : 4, TN = 2 * VW };

enum { SPELL = 16 }; /* inputs that are summed between two steps ahead */

/* m rows of which `left` are chosen, columns n .. n + vectors * VW. */
SIMD_INLINE void product_tile(float *c, size_t ldc, const struct gemm *g, const uint32_t *row,
	size_t left, size_t n, int m, int vectors, struct ahead *ahead)
{
	const float *w = g->w + n / GEMM_PANEL * g->height * GEMM_PANEL + n % GEMM_PANEL, *a[TR];
	float *to[TR];
	vf sum[TR][2];

#pragma GCC unroll 12
	for (int i = 0; i < m; i++) {
		size_t at = (size_t)i < left ? (size_t)i : left - 1;

		a[i] = g->a + row[at] * g->lda;
		to[i] = c + at * ldc + n;
		for (int v = 0; v < vectors; v++)
			sum[i][v] = vf_set(0);
	}
	for (size_t k = 0; k < g->k;) {
		size_t end = k + SPELL < g->k ? k + SPELL : g->k;

		for (; k < end; k++, w += GEMM_PANEL) {
			vf w0 = vf_load(w), w1 = vectors > 1 ? vf_load(w + VW) : w0;

#pragma GCC unroll 12
			for (int i = 0; i < m; i++) {
				vf x = vf_set(a[i][k]);

				sum[i][0] = vf_fma(x, w0, sum[i][0]);
				if (vectors > 1)
					sum[i][1] = vf_fma(x, w1, sum[i][1]);
			}
		}
		ahead_some(ahead);
	}
#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		for (int v = 0; v < vectors; v++)
			vf_store(to[i] + v * VW, sum[i][v]);
}

SIMD_INLINE void product_rows(float *c, size_t ldc, const struct gemm *g, const uint32_t *row,
	size_t left, int m, struct ahead *ahead)
{
	for (size_t n = 0; n < g->cols; n += TN)
		if (VW == 16 && n + VW >= g->cols)
			product_tile(c, ldc, g, row, left, n, m, 1, ahead);
		else
			product_tile(c, ldc, g, row, left, n, m, 2, ahead);
}

void NAME(chosen_product)(float *c, size_t ldc, const struct gemm *g, const uint32_t *row, size_t n)
{
	size_t spells =
		(n + TR - 1) / TR * ((g->cols + TN - 1) / TN) * ((g->k + SPELL - 1) / SPELL);
	struct ahead ahead = ahead_paced(g->ahead, spells);

	while (n > LOW) {
		size_t m = n < TR ? n : TR;

		product_rows(c, ldc, g, row, m, TR, &ahead);
		c += m * ldc;
		row += m;
		n -= m;
	}
	if (n > 4)
		product_rows(c, ldc, g, row, n, LOW, &ahead);
	else if (n)
		product_rows(c, ldc, g, row, n, 4, &ahead);
	if (ahead.steps)
		*g->ahead = ahead;
}

void NAME(chosen_copy)(
	float *c, const float *a, size_t lda, size_t width, const uint32_t *row, size_t n)
{
	for (size_t i = 0; i < n; i++, c += width) {
		const float *from = a + row[i] * lda;

		VF_EACH(j, width, vf_store(c + j, vf_load(from + j)), c[j] = from[j]);
	}
}

/* m inputs from k on, `vectors` vectors from column n on. */
SIMD_INLINE void gradient_tile(float *g, size_t ks, size_t k, size_t n, const float *h,
	const float *d, size_t ldd, const uint32_t *row, size_t rows, int m, int vectors)
{
	float *to = g + k * GEMM_PANEL + n;
	vf sum[TR][2];

#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		for (int v = 0; v < vectors; v++)
			sum[i][v] = vf_load(to + i * GEMM_PANEL + v * VW);
	for (size_t j = 0; j < rows; j++) {
		const float *from = d + (row ? row[j] : j) * ldd + n, *in = h + j * ks + k;
		vf d0 = vf_load(from), d1 = vectors > 1 ? vf_load(from + VW) : d0;

#pragma GCC unroll 12
		for (int i = 0; i < m; i++) {
			vf x = vf_set(in[i]);

			sum[i][0] = vf_fma(x, d0, sum[i][0]);
			if (vectors > 1)
				sum[i][1] = vf_fma(x, d1, sum[i][1]);
		}
	}
#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		for (int v = 0; v < vectors; v++)
			vf_store(to + i * GEMM_PANEL + v * VW, sum[i][v]);
}

SIMD_INLINE void gradient_column(float *g, size_t ks, size_t n, const float *h, const float *d,
	size_t ldd, const uint32_t *row, size_t rows, int vectors)
{
	size_t k = 0;

	for (; k + LOW <= ks; k += LOW)
		gradient_tile(g, ks, k, n, h, d, ldd, row, rows, LOW, vectors);
	for (; k < ks; k++)
		gradient_tile(g, ks, k, n, h, d, ldd, row, rows, 1, vectors);
}

void NAME(chosen_gradient)(float *g, size_t ks, const float *h, const float *d, size_t ldd,
	const uint32_t *row, size_t n, size_t cols)
{
	for (size_t j = 0; j < cols; j += TN)
		if (VW == 16 && j + VW >= cols)
			gradient_column(g, ks, j, h, d, ldd, row, n, 1);
		else
			gradient_column(g, ks, j, h, d, ldd, row, n, 2);
}
