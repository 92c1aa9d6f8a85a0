#include "fm.h"

#include "par.h"

#define NAME(f) SIMD_NAME(f)

/* What a row has: `fields` embeddings of dim at x, and `numbers` numbers with vectors v. */
struct row {
	const float *x, *number, *v;
	size_t fields, numbers, dim;
};

/* VW dimensions of `many` rows, ldx apart, from x and v on: s, and to each lane of square[r] what
 * its dimension adds to the term. A row's sums wait for each other; those of some rows do not. */
SIMD_INLINE void term_block(
	float *s, vf *square, size_t step, const struct row *row, size_t ldx, int many)
{
	vf sum[4], all[4];

	for (int r = 0; r < many; r++)
		sum[r] = vf_set(0);
	for (size_t f = 0; f < row->fields; f++)
		for (int r = 0; r < many; r++)
			sum[r] = sum[r] + vf_load(row->x + (size_t)r * ldx + f * row->dim);
	for (size_t j = 0; j < row->numbers; j++)
		for (int r = 0; r < many; r++)
			sum[r] = vf_fma(vf_set(row->number[(size_t)r * ldx + j]),
				vf_load(row->v + j * row->dim), sum[r]);
	for (int r = 0; r < many; r++) {
		vf_store(s + (size_t)r * row->dim, sum[r]);
		all[r] = vf_fma(sum[r], sum[r], square[(size_t)r * step]);
	}
	for (size_t f = 0; f < row->fields; f++)
		for (int r = 0; r < many; r++) {
			vf one = vf_load(row->x + (size_t)r * ldx + f * row->dim);

			all[r] = vf_fma(vf_set(0) - one, one, all[r]);
		}
	for (size_t j = 0; j < row->numbers; j++)
		for (int r = 0; r < many; r++) {
			vf one = vf_set(row->number[(size_t)r * ldx + j]) *
				 vf_load(row->v + j * row->dim);

			all[r] = vf_fma(vf_set(0) - one, one, all[r]);
		}
	for (int r = 0; r < many; r++)
		square[(size_t)r * step] = all[r];
}

/* One dimension of a row. */
static float term_one(float *s, float square, const struct row *row)
{
	float sum = 0;

	for (size_t f = 0; f < row->fields; f++)
		sum += row->x[f * row->dim];
	for (size_t j = 0; j < row->numbers; j++)
		sum = fmaf(row->number[j], row->v[j * row->dim], sum);
	*s = sum;
	square = fmaf(sum, sum, square);
	for (size_t f = 0; f < row->fields; f++)
		square = fmaf(-row->x[f * row->dim], row->x[f * row->dim], square);
	for (size_t j = 0; j < row->numbers; j++) {
		float one = row->number[j] * row->v[j * row->dim];

		square = fmaf(-one, one, square);
	}
	return square;
}

/* Sixteen dimensions at a time stay in registers; what is left goes one by one, into lane 0, 1, ...
 */
SIMD_INLINE void terms(float *z, float *s, const struct row *row, size_t ldx, int many)
{
	struct row at = *row;
	float lane[16];
	vf square[4][VF_PER];
	size_t d = 0;

	for (int r = 0; r < many; r++)
		for (int i = 0; i < VF_PER; i++)
			square[r][i] = vf_set(0);
	for (; d + 16 <= row->dim; d += 16)
		for (int i = 0; i < VF_PER; i++) {
			at.x = row->x + d + i * VW;
			at.v = row->v + d + i * VW;
			term_block(s + d + i * VW, *square + i, VF_PER, &at, ldx, many);
		}
	for (int r = 0; r < many; r++) {
		for (int i = 0; i < VF_PER; i++)
			vf_store(lane + i * VW, square[r][i]);
		at.number = row->number + (size_t)r * ldx;
		for (size_t j = d; j < row->dim; j++) {
			at.x = row->x + (size_t)r * ldx + j;
			at.v = row->v + j;
			lane[j - d] = term_one(s + (size_t)r * row->dim + j, lane[j - d], &at);
		}
		z[r] += 0.5f * vf_sum16(lane);
	}
}

void NAME(fm_terms)(float *z, float *s, const float *x, size_t ldx, size_t rows, size_t fields,
	size_t dim, const float *v, size_t numbers)
{
	struct row row = { x, x + fields * dim, v, fields, numbers, dim };
	size_t r = 0;

	for (; r + 4 <= rows; r += 4, row.x += 4 * ldx, row.number += 4 * ldx)
		terms(z + r, s + r * dim, &row, ldx, 4);
	for (; r < rows; r++, row.x += ldx, row.number += ldx)
		terms(z + r, s + r * dim, &row, ldx, 1);
}

/* One field of one row. */
SIMD_INLINE void field_backward(float *dx, const float *x, const float *s, float slope, size_t dim)
{
	VF_EACH(d, dim,
		vf_store(dx + d,
			vf_fma(vf_set(slope), vf_load(s + d) - vf_load(x + d), vf_load(dx + d))),
		dx[d] = fmaf(slope, s[d] - x[d], dx[d]));
}

void NAME(fm_backward)(float *dx, size_t lddx, const float *x, size_t ldx, const float *s,
	const float *slope, size_t rows, size_t fields, size_t dim)
{
	for (size_t r = 0; r < rows; r++, dx += lddx, x += ldx, s += dim)
		for (size_t f = 0; f < fields; f++)
			field_backward(dx + f * dim, x + f * dim, s, slope[r], dim);
}

void NAME(fm_backward_rows)(float *dx, const float *x, size_t ldx, const float *s,
	const float *slope, const uint32_t *row, size_t n, size_t dim)
{
	for (size_t i = 0; i < n; i++, dx += dim) {
		size_t r = row[i];

		field_backward(dx, x + r * ldx, s + r * dim, slope[r], dim);
	}
}

/* The gradients of `many` numbers in VW dimensions; the shards of all of them in registers. */
SIMD_INLINE void number_vectors(float *g, const float *v, const float *x, size_t ldx,
	const float *s, const float *slope, size_t rows, size_t dim, int many)
{
	vf sum[PAR_SHARDS][4];

	for (size_t shard = 0; shard < PAR_SHARDS; shard++) {
		for (int j = 0; j < many; j++)
			sum[shard][j] = vf_set(0);
		for (size_t r = par_shard(shard, rows); r < par_shard(shard + 1, rows); r++) {
			vf all = vf_load(s + r * dim);

			for (int j = 0; j < many; j++) {
				float value = x[r * ldx + (size_t)j];
				vf rest = vf_fma(vf_set(-value), vf_load(v + (size_t)j * dim), all);

				sum[shard][j] =
					vf_fma(vf_set(slope[r] * value), rest, sum[shard][j]);
			}
		}
	}
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t i = 0; i < PAR_SHARDS; i += 2 * step)
			for (int j = 0; j < many; j++)
				sum[i][j] = sum[i][j] + sum[i + step][j];
	for (int j = 0; j < many; j++)
		vf_store(g + (size_t)j * dim, sum[0][j]);
}

/* That of one number in one dimension. */
static float number_one(float v, const float *x, size_t ldx, const float *s, const float *slope,
	size_t rows, size_t dim)
{
	float sum[PAR_SHARDS] = { 0 };

	for (size_t shard = 0; shard < PAR_SHARDS; shard++)
		for (size_t r = par_shard(shard, rows); r < par_shard(shard + 1, rows); r++) {
			float value = x[r * ldx];

			sum[shard] =
				fmaf(slope[r] * value, fmaf(-value, v, s[r * dim]), sum[shard]);
		}
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t i = 0; i < PAR_SHARDS; i += 2 * step)
			sum[i] = sum[i] + sum[i + step];
	return sum[0];
}

SIMD_INLINE void numbers_together(float *g, const float *v, const float *x, size_t ldx,
	const float *s, const float *slope, size_t rows, size_t dim, int many)
{
	size_t d = 0;

	for (; d + VW <= dim; d += VW)
		number_vectors(g + d, v + d, x, ldx, s + d, slope, rows, dim, many);
	for (; d < dim; d++)
		for (size_t j = 0; j < (size_t)many; j++)
			g[j * dim + d] =
				number_one(v[j * dim + d], x + j, ldx, s + d, slope, rows, dim);
}

void NAME(fm_numbers)(float *g, const float *v, size_t n, const float *x, size_t ldx,
	const float *s, const float *slope, size_t rows, size_t dim)
{
	size_t j = 0;

	for (; j + 4 <= n; j += 4)
		numbers_together(g + j * dim, v + j * dim, x + j, ldx, s, slope, rows, dim, 4);
	for (; j < n; j++)
		numbers_together(g + j * dim, v + j * dim, x + j, ldx, s, slope, rows, dim, 1);
}
