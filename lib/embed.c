#include "embed.h"

#define NAME(f) SIMD_NAME(f)

static inline void copy(float *y, const float *x, size_t dim)
{
	VF_EACH(d, dim, vf_store(y + d, vf_load(x + d)), y[d] = x[d]);
}

/* y <- y + a x */
static inline void add(float *y, const float *x, float a, size_t dim)
{
	VF_EACH(d, dim, vf_store(y + d, vf_fma(vf_set(a), vf_load(x + d), vf_load(y + d))),
		y[d] = fmaf(a, x[d], y[d]));
}

SIMD_INLINE void gather(
	float *x, size_t ldx, const float *w, const uint32_t *id, size_t n, size_t dim)
{
	for (size_t r = 0; r < n; r++)
		copy(x + r * ldx, w + id[r] * dim, dim);
}

void NAME(embed_gather)(float *x, size_t ldx, float *restrict linear, const struct embed_table *t,
	const uint32_t *id, size_t n)
{
	const float *first = t->linear;

	if (t->dim == 16)
		gather(x, ldx, t->w, id, n, 16);
	else
		gather(x, ldx, t->w, id, n, t->dim);
	for (size_t r = 0; first && r < n; r++)
		linear[r] += first[id[r]];
}

void NAME(embed_bag)(
	float *x, float *linear, const struct embed_table *t, const struct embed_bag *bag)
{
	float unit = embed_unit(bag->weight, bag->n, bag->sum), sum = 0;

	memset(x, 0, t->dim * sizeof *x);
	for (size_t i = 0; i < bag->n; i++) {
		size_t at = bag->id[i] < bag->values ? bag->base + bag->id[i] : bag->unknown;
		float share = bag->weight ? bag->weight[i] * unit : unit;

		add(x, t->w + at * t->dim, share, t->dim);
		if (t->linear)
			sum = fmaf(share, t->linear[at], sum);
	}
	*linear += sum;
}

/* `vectors` of them stay in registers. */
SIMD_INLINE void sum_vectors(float *y, const float *table, size_t width, const uint32_t *id,
	const float *share, size_t n, bool onto, int vectors)
{
	vf sum[8];

	SIMD_UNROLL
	for (int v = 0; v < vectors; v++)
		sum[v] = onto ? vf_load(y + v * VW) : vf_set(0);
	for (size_t i = 0; i < n; i++) {
		const float *row = table + id[i] * width;
		vf a = vf_set(share[i]);

		SIMD_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[v] = vf_fma(a, vf_load(row + v * VW), sum[v]);
	}
	SIMD_UNROLL
	for (int v = 0; v < vectors; v++)
		vf_store(y + v * VW, sum[v]);
}

void NAME(embed_sum)(float *y, const float *table, size_t width, const uint32_t *id,
	const float *share, size_t n, bool onto)
{
	size_t d = 0;

	for (; d + 8 * VW <= width; d += 8 * VW)
		sum_vectors(y + d, table + d, width, id, share, n, onto, 8);
	for (; d + 2 * VW <= width; d += 2 * VW)
		sum_vectors(y + d, table + d, width, id, share, n, onto, 2);
	for (; d + VW <= width; d += VW)
		sum_vectors(y + d, table + d, width, id, share, n, onto, 1);
	for (; d < width; d++) {
		float sum = onto ? y[d] : 0;

		for (size_t i = 0; i < n; i++)
			sum = fmaf(share[i], table[id[i] * width + d], sum);
		y[d] = sum;
	}
}

enum { SUMS = 4 };

/* 16 columns of the entries row[0 .. n), from c on. */
SIMD_INLINE void collect(
	float *t, const float *c, size_t ldc, const float *weight, const uint32_t *row, size_t n)
{
	vf sum[SUMS][VF_PER];
	size_t i = 0;

	for (int s = 0; s < SUMS; s++)
		for (int v = 0; v < VF_PER; v++)
			sum[s][v] = vf_set(0);
#define TAKE(s)                                                                                    \
	for (int v = 0; v < VF_PER; v++)                                                           \
	sum[s][v] = vf_fma(vf_set(weight ? weight[row[i + (s)]] : 1),                              \
		vf_load(c + row[i + (s)] * ldc + v * VW), sum[s][v])
	for (; i + SUMS <= n; i += SUMS) {
		TAKE(0);
		TAKE(1);
		TAKE(2);
		TAKE(3);
	}
	if (i < n)
		TAKE(0);
	if (i + 1 < n)
		TAKE(1);
	if (i + 2 < n)
		TAKE(2);
#undef TAKE
	for (int v = 0; v < VF_PER; v++)
		vf_store(t + v * VW, (sum[0][v] + sum[1][v]) + (sum[2][v] + sum[3][v]));
}

void NAME(embed_collect)(float *t, size_t width, const float *c, size_t ldc, const float *weight,
	const struct embed_entries *e)
{
	for (size_t k = 0; k < e->n; k++, t += width)
		for (size_t d = 0; d < width; d += 16)
			if (weight)
				collect(t + d, c + d, ldc, weight, e->row + e->at[k],
					e->at[k + 1] - e->at[k]);
			else
				collect(t + d, c + d, ldc, NULL, e->row + e->at[k],
					e->at[k + 1] - e->at[k]);
}

SIMD_INLINE void join(float *c, size_t width, const struct embed_lookup from[2], size_t n,
	bool onto, bool two, bool relu)
{
	for (size_t r = 0; r < n; r++, c += width) {
		const float *first = from[0].table + from[0].row[r] * width;
		const float *second = two ? from[1].table + from[1].row[r] * width : first;

		for (size_t d = 0; d < width; d += VW) {
			vf x = vf_load(first + d);

			if (onto)
				x = vf_load(c + d) + x;
			if (two)
				x = x + vf_load(second + d);
			if (relu)
				x = vf_max(x, vf_set(0));
			vf_store(c + d, x);
		}
	}
}

void NAME(embed_join)(
	float *c, size_t width, const struct embed_lookup from[2], size_t n, bool onto, bool relu)
{
	if (from[1].table && !onto && relu)
		join(c, width, from, n, false, true, true);
	else
		join(c, width, from, n, onto, from[1].table != NULL, relu);
}
