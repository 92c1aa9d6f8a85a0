#include "normal.h"

enum { GROUP = 4, RANK = 8, ROOM = NORMAL_WIDTH / VW };

/* ---- Cholesky: upper triangles, by rows ---- */

/* to[v] += sum_j c[j] q[j][v] for vectors v of from .. width. */
SIMD_INLINE void add_rows(
	float *to, const float *c, const float *const *q, size_t from, size_t width)
{
	vf factor[RANK];

	SIMD_UNROLL
	for (size_t j = 0; j < RANK; j++)
		factor[j] = vf_set(c[j]);
	for (size_t v = from; v < width; v += VW) {
		vf x = vf_load(to + v);

		SIMD_UNROLL
		for (size_t j = 0; j < RANK; j++)
			x = vf_fma(factor[j], vf_load(q[j] + v), x);
		vf_store(to + v, x);
	}
}

static size_t block_start(size_t i)
{
	return i / NORMAL_LANES * NORMAL_LANES;
}

/* a += sum_j w[j] q[j] q[j]^T */
SIMD_INLINE void add_products(float *a, const float *w, const float *const *q, size_t width)
{
	for (size_t i = 0; i < width; i++) {
		float c[RANK];

		for (size_t j = 0; j < RANK; j++)
			c[j] = w[j] * q[j][i];
		add_rows(a + i * width, c, q, block_start(i), width);
	}
}

void SIMD_NAME(normal_gram)(float *g, const float *x, size_t rows, size_t width)
{
	memset(g, 0, width * width * sizeof *g);
	for (size_t r = 0; r < rows; r += RANK) {
		const float *q[RANK];
		float w[RANK] = { 0 };

		for (size_t j = 0; j < RANK; j++) {
			q[j] = x + (r + j < rows ? r + j : r) * width;
			w[j] = r + j < rows ? 1 : 0;
		}
		add_products(g, w, q, width);
	}
}

/* a and b of the equations a x = b. */
static void assemble(float *a, float *b, const struct normal *s)
{
	size_t width = s->width;

	if (s->gram)
		memcpy(a, s->gram, width * width * sizeof *a);
	else
		memset(a, 0, width * width * sizeof *a);
	memset(b, 0, width * sizeof *b);
	for (size_t i = 0; i < width; i++)
		a[i * width + i] += s->lambda;
	for (size_t at = 0; at < s->n; at += RANK) {
		const float *q[RANK];
		float w[RANK] = { 0 };

		for (size_t j = 0; j < RANK; j++) {
			size_t e = at + j < s->n ? at + j : at;

			q[j] = s->fixed + s->id[e] * width;
			w[j] = at + j >= s->n ? 0 : s->weight ? s->weight[e] : 1;
		}
		add_products(a, w, q, width);
		for (size_t j = 0; s->target && j < RANK && at + j < s->n; j++)
			w[j] *= s->target[at + j];
		add_rows(b, w, q, 0, width);
	}
}

/* Row i less the parts of the RANK pivots from `pivot`, of which `n` count. */
SIMD_INLINE void reduce(float *a, size_t i, size_t pivot, size_t n, size_t width)
{
	const float *q[RANK];
	float c[RANK];

	for (size_t j = 0; j < RANK; j++) {
		q[j] = a + (pivot + (j < n ? j : 0)) * width;
		c[j] = j < n ? -q[j][i] : 0;
	}
	add_rows(a + i * width, c, q, block_start(i), width);
}

/* a = U^T U in place; inverse[i] = 1 / U_ii, or 0. */
static void factor(float *a, float *inverse, size_t width)
{
	for (size_t pivot = 0; pivot < width; pivot += RANK) {
		for (size_t j = 0; j < RANK; j++) {
			size_t i = pivot + j;
			float *row = a + i * width;

			reduce(a, i, pivot, j, width);
			inverse[i] = row[i] > 0 ? 1 / sqrtf(row[i]) : 0;
			for (size_t v = block_start(i); v < width; v += VW)
				vf_store(row + v, vf_load(row + v) * vf_set(inverse[i]));
		}
		for (size_t i = pivot + RANK; i < width; i++)
			reduce(a, i, pivot, RANK, width);
	}
}

static float dot(const float *a, const float *b, size_t from, size_t to)
{
	float lane[NORMAL_LANES];
	vf sum[VF_PER];

	for (size_t h = 0; h < VF_PER; h++)
		sum[h] = vf_set(0);
	for (size_t v = from; v < to; v += NORMAL_LANES)
		for (size_t h = 0; h < VF_PER; h++)
			sum[h] = vf_fma(vf_load(a + v + h * VW), vf_load(b + v + h * VW), sum[h]);
	for (size_t h = 0; h < VF_PER; h++)
		vf_store(lane + h * VW, sum[h]);
	return vf_sum16(lane);
}

void SIMD_NAME(normal_cholesky)(float *x, const struct normal *s, float *room)
{
	float b[NORMAL_WIDTH], y[NORMAL_WIDTH], inverse[NORMAL_WIDTH];
	size_t width = s->width;

	assemble(room, b, s);
	factor(room, inverse, width);
	for (size_t i = 0; i < width; i++) {
		y[i] = b[i] * inverse[i];
		for (size_t v = block_start(i); v < width; v += VW)
			vf_store(b + v, vf_fma(vf_set(-y[i]), vf_load(room + i * width + v),
						vf_load(b + v)));
	}
	/* what lies left of the diagonal meets zeros of x */
	memset(x, 0, width * sizeof *x);
	for (size_t i = width; i-- > 0;)
		x[i] = (y[i] - dot(room + i * width, x, block_start(i), width)) * inverse[i];
}

/* ---- conjugate gradients ---- */

/* sum += sum_j g[j] q[j] */
SIMD_INLINE void add_four(vf *sum, const float *const *q, vf_four g, size_t blocks)
{
	vf gain[GROUP];

	SIMD_UNROLL
	for (size_t j = 0; j < GROUP; j++)
		gain[j] = vf_set(g[j]);
	SIMD_UNROLL
	for (size_t v = 0; v < blocks * VF_PER; v++)
		SIMD_UNROLL
	for (size_t j = 0; j < GROUP; j++)
		sum[v] = vf_fma(gain[j], vf_load(q[j] + v * VW), sum[v]);
}

SIMD_INLINE vf_four dot_four(const float *p, const float *const *q, size_t blocks)
{
	vf sum[GROUP][VF_PER];

	SIMD_UNROLL
	for (size_t j = 0; j < GROUP; j++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++)
		sum[j][h] = vf_set(0);
	SIMD_UNROLL
	for (size_t v = 0; v < blocks; v++)
		SIMD_UNROLL
	for (size_t h = 0; h < VF_PER; h++) {
		vf x = vf_load(p + v * NORMAL_LANES + h * VW);

		SIMD_UNROLL
		for (size_t j = 0; j < GROUP; j++)
			sum[j][h] = vf_fma(x, vf_load(q[j] + v * NORMAL_LANES + h * VW), sum[j][h]);
	}
	return vf_sum_four(sum);
}

/* out <- (the matrix) p - right * (the right side), in one pass over the h_j. */
SIMD_INLINE void apply(
	float *out, const float *p, const struct normal *s, float right, size_t blocks)
{
	size_t width = blocks * NORMAL_LANES;
	const float *q[GROUP];
	vf sum[ROOM];

	SIMD_UNROLL
	for (size_t v = 0; v < blocks * VF_PER; v++)
		sum[v] = vf_set(s->lambda) * vf_load(p + v * VW);
	for (size_t i = 0; s->gram && i < width; i += GROUP) {
		for (size_t j = 0; j < GROUP; j++)
			q[j] = s->gram + (i + j) * width;
		add_four(sum, q, (vf_four){ p[i], p[i + 1], p[i + 2], p[i + 3] }, blocks);
	}
	for (size_t at = 0; at < s->n; at += GROUP) {
		vf_four w = { 0 }, t = { 0 };

		for (size_t j = 0; j < GROUP; j++) {
			size_t e = at + j < s->n ? at + j : at;

			q[j] = s->fixed + s->id[e] * width;
			w[j] = at + j >= s->n ? 0 : s->weight ? s->weight[e] : 1;
			t[j] = s->target ? right * s->target[e] : right;
		}
		add_four(sum, q, w * (dot_four(p, q, blocks) - t), blocks);
	}
	SIMD_UNROLL
	for (size_t v = 0; v < blocks * VF_PER; v++)
		vf_store(out + v * VW, sum[v]);
}

/* to <- a + c b */
static void combine(float *to, const float *a, float c, const float *b, size_t width)
{
	for (size_t v = 0; v < width; v += VW)
		vf_store(to + v, vf_fma(vf_set(c), vf_load(b + v), vf_load(a + v)));
}

SIMD_INLINE void gradients(float *x, const struct normal *s, size_t steps, size_t blocks)
{
	float r[NORMAL_WIDTH], p[NORMAL_WIDTH], a[NORMAL_WIDTH];
	size_t width = blocks * NORMAL_LANES;
	float rr;

	apply(r, x, s, 1, blocks);
	for (size_t v = 0; v < width; v += VW) {
		vf_store(r + v, vf_set(0) - vf_load(r + v));
		vf_store(p + v, vf_load(r + v));
	}
	rr = dot(r, r, 0, width);
	for (size_t step = 0; step < steps; step++) {
		float pap, rate, next;

		apply(a, p, s, 0, blocks);
		pap = dot(p, a, 0, width);
		if (!(pap > 0))
			break;
		rate = rr / pap;
		combine(x, x, rate, p, width);
		combine(r, r, -rate, a, width);
		next = dot(r, r, 0, width);
		if (!(next > 0))
			break;
		combine(p, r, next / rr, p, width);
		rr = next;
	}
}

#define WIDTH(name, blocks)                                                                        \
	static void name(float *x, const struct normal *s, size_t steps)                           \
	{                                                                                          \
		gradients(x, s, steps, blocks);                                                    \
	}
#if SIMD_NARROW
WIDTH(gradients_2, 2)
WIDTH(gradients_4, 4)
WIDTH(gradients_8, 8)
#endif
WIDTH(gradients_any, s->width / NORMAL_LANES)

void SIMD_NAME(normal_gradients)(float *x, const struct normal *s, size_t steps)
{
	switch (s->width / NORMAL_LANES) {
#if SIMD_NARROW
	case 2:
		gradients_2(x, s, steps);
		return;
	case 4:
		gradients_4(x, s, steps);
		return;
	case 8:
		gradients_8(x, s, steps);
		return;
#endif
	default:
		gradients_any(x, s, steps);
	}
}
