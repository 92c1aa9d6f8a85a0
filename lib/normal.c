#include "normal.h"

#include <assert.h>
#include <stdbool.h>

enum { GROUP = NORMAL_GROUP, RANK = 8, BLOCK = NORMAL_LANES, ROOM = NORMAL_WIDTH / VW };

/* ---- sums of products, in registers ---- */

/* to[r][v] +- sum over j < n, in order, of c[j][r] q[j][v], R rows, V vectors. */
SIMD_INLINE void tile(float *to, size_t stride, const float *c, size_t c_step, const float *q,
	size_t q_step, size_t n, size_t R, size_t V, bool minus)
{
	vf sum[BLOCK][4];

	SIMD_UNROLL
	for (size_t r = 0; r < R; r++)
		SIMD_UNROLL
	for (size_t v = 0; v < V; v++)
		sum[r][v] = vf_load(to + r * stride + v * VW);
	for (size_t j = 0; j < n; j++, c += c_step, q += q_step) {
		vf x[4];

		SIMD_UNROLL
		for (size_t v = 0; v < V; v++)
			x[v] = vf_load(q + v * VW);
		SIMD_UNROLL
		for (size_t r = 0; r < R; r++) {
			vf f = minus ? -vf_set(c[r]) : vf_set(c[r]);

			SIMD_UNROLL
			for (size_t v = 0; v < V; v++)
				sum[r][v] = vf_fma(f, x[v], sum[r][v]);
		}
	}
	SIMD_UNROLL
	for (size_t r = 0; r < R; r++)
		SIMD_UNROLL
	for (size_t v = 0; v < V; v++)
		vf_store(to + r * stride + v * VW, sum[r][v]);
}

/* The same for `rows` rows, a multiple of 4, and `lanes` lanes, a multiple of NORMAL_LANES, at most
 * one block of both in registers at a time. */
SIMD_INLINE void products(float *to, size_t stride, const float *c, size_t c_step, const float *q,
	size_t q_step, size_t n, size_t rows, size_t lanes, bool minus)
{
	size_t v = 0;

#if defined(__AVX512F__)
	for (; v + 4 * VW <= lanes; v += 4 * VW)
		for (size_t r = 0; r < rows; r += 4)
			tile(to + r * stride + v, stride, c + r, c_step, q + v, q_step, n, 4, 4,
				minus);
	if (lanes - v == 3 * VW) {
		for (size_t r = 0; r < rows; r += 4)
			tile(to + r * stride + v, stride, c + r, c_step, q + v, q_step, n, 4, 3,
				minus);
		return;
	}
	if (lanes - v == 2 * VW && rows % 8 == 0) {
		for (size_t r = 0; r < rows; r += 8)
			tile(to + r * stride + v, stride, c + r, c_step, q + v, q_step, n, 8, 2,
				minus);
		return;
	}
	if (lanes - v == VW && rows % 16 == 0) {
		for (size_t r = 0; r < rows; r += 16)
			tile(to + r * stride + v, stride, c + r, c_step, q + v, q_step, n, 16, 1,
				minus);
		return;
	}
#endif
	for (; v < lanes; v += NORMAL_LANES)
		for (size_t r = 0; r < rows; r += 4)
			tile(to + r * stride + v, stride, c + r, c_step, q + v, q_step, n, 4,
				VF_PER, minus);
}

/* Rows i .. i + BLOCK of a (width, width), from column i on: += sum over j < n of c_j q_j^T. */
static void add_block(float *a, size_t i, const float *c, const float *q, size_t n, size_t width)
{
	products(a + i * width + i, width, c + i, width, q + i, width, n, BLOCK, width - i, false);
}

void SIMD_NAME(normal_gram)(float *g, const float *x, size_t rows, size_t width)
{
	memset(g, 0, width * width * sizeof *g);
	for (size_t r = 0; r < rows; r += NORMAL_PACK)
		for (size_t i = 0; i < width; i += BLOCK)
			add_block(g, i, x + r * width, x + r * width,
				rows - r < NORMAL_PACK ? rows - r : NORMAL_PACK, width);
}

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
	return i / BLOCK * BLOCK;
}

/* b += sum over j < n of w_j t_j q_j, rows of q packed. */
static void add_right(
	float *b, const float *q, const float *weight, const float *target, size_t n, size_t width)
{
	for (size_t at = 0; at < n; at += RANK) {
		const float *row[RANK];
		float c[RANK] = { 0 };

		for (size_t j = 0; j < RANK; j++) {
			size_t e = at + j < n ? at + j : at;

			row[j] = q + e * width;
			if (at + j < n)
				c[j] = (weight ? weight[e] : 1) * (target ? target[e] : 1);
		}
		add_rows(b, c, row, 0, width);
	}
}

/* a and b of the equations a x = b. The h_j are packed, NORMAL_PACK at a time, so that they are
 * read from L1; room: (2, NORMAL_PACK, width). */
static void assemble(float *a, float *b, const struct normal *s, float *room)
{
	size_t width = s->width;
	float *q = room, *c = s->weight ? room + NORMAL_PACK * width : q;

	if (s->gram)
		memcpy(a, s->gram, width * width * sizeof *a);
	else
		memset(a, 0, width * width * sizeof *a);
	memset(b, 0, width * sizeof *b);
	for (size_t i = 0; i < width; i++)
		a[i * width + i] += s->lambda;
	for (size_t at = 0; at < s->n; at += NORMAL_PACK) {
		size_t n = s->n - at < NORMAL_PACK ? s->n - at : NORMAL_PACK;

		for (size_t j = 0; j < n; j++) {
			const float *h = s->fixed + s->id[at + j] * width;

			for (size_t v = 0; v < width; v += VW) {
				vf x = vf_load(h + v);

				vf_store(q + j * width + v, x);
				if (s->weight)
					vf_store(c + j * width + v, vf_set(s->weight[at + j]) * x);
			}
		}
		for (size_t i = 0; i < width; i += BLOCK)
			add_block(a, i, c, q, n, width);
		add_right(b, q, s->weight ? s->weight + at : NULL,
			s->target ? s->target + at : NULL, n, width);
	}
}

/* Row i less the parts of the n <= RANK pivots from `pivot`. */
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

/* Row i of the matrix a, whose first `block` pivots are taken off, becomes one of U. */
SIMD_INLINE void finish(float *a, float *inverse, size_t i, size_t block, size_t width)
{
	float *row = a + i * width;

	for (size_t pivot = block; pivot < i; pivot += RANK)
		reduce(a, i, pivot, i - pivot < RANK ? i - pivot : RANK, width);
	inverse[i] = row[i] > 0 ? 1 / sqrtf(row[i]) : 0;
	for (size_t v = block; v < width; v += VW)
		vf_store(row + v, vf_load(row + v) * vf_set(inverse[i]));
}

/* a = U^T U in place, of n matrices; inverse[i] = 1 / U_ii, or 0. */
SIMD_INLINE void factor(float *const *a, float (*inverse)[NORMAL_WIDTH], size_t n, size_t width)
{
	for (size_t block = 0; block < width; block += BLOCK) {
		for (size_t r = 0; r < n; r++)
			products(a[r] + block * width + block, width, a[r] + block, width,
				a[r] + block, width, block, BLOCK, width - block, true);
		for (size_t i = block; i < block + BLOCK; i++)
			SIMD_UNROLL
		for (size_t r = 0; r < n; r++)
			finish(a[r], inverse[r], i, block, width);
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

SIMD_INLINE void forward(
	float *y, float *b, const float *a, const float *inverse, size_t i, size_t width)
{
	y[i] = b[i] * inverse[i];
	for (size_t v = block_start(i); v < width; v += VW)
		vf_store(b + v, vf_fma(vf_set(-y[i]), vf_load(a + i * width + v), vf_load(b + v)));
}

SIMD_INLINE void solve(float *const *x, const struct normal *s, size_t n, float *room)
{
	float b[NORMAL_PAIR][NORMAL_WIDTH], y[NORMAL_PAIR][NORMAL_WIDTH];
	float inverse[NORMAL_PAIR][NORMAL_WIDTH], *a[NORMAL_PAIR];
	size_t width = s->width;

	for (size_t r = 0; r < n; r++) {
		a[r] = room + r * width * width;
		assemble(a[r], b[r], &s[r], room + NORMAL_PAIR * width * width);
	}
	factor(a, inverse, n, width);
	for (size_t i = 0; i < width; i++)
		SIMD_UNROLL
	for (size_t r = 0; r < n; r++)
		forward(y[r], b[r], a[r], inverse[r], i, width);
	/* what lies left of the diagonal meets zeros of x */
	for (size_t r = 0; r < n; r++)
		memset(x[r], 0, width * sizeof *x[r]);
	for (size_t i = width; i-- > 0;)
		SIMD_UNROLL
	for (size_t r = 0; r < n; r++)
		x[r][i] = (y[r][i] - dot(a[r] + i * width, x[r], block_start(i), width)) *
			  inverse[r][i];
}

void SIMD_NAME(normal_cholesky)(float *const *x, const struct normal *s, size_t n, float *room)
{
	assert(n == 1 || n == NORMAL_PAIR);
	if (n == 1)
		solve(x, s, 1, room);
	else
		solve(x, s, NORMAL_PAIR, room);
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

/* out <- (G + lambda) p of up to GROUP rows; rows of p and out are `width` apart. */
static void apply_gram(float *out, const float *p, const struct normal *s, size_t n, size_t width)
{
	float turned[NORMAL_WIDTH * GROUP];

	for (size_t r = 0; r < n; r++)
		for (size_t v = 0; v < width; v += VW)
			vf_store(out + r * width + v,
				vf_set(s[r].lambda) * vf_load(p + r * width + v));
	if (!s->gram)
		return;
	for (size_t k = 0; k < width; k++)
		for (size_t r = 0; r < GROUP; r++)
			turned[k * GROUP + r] = r < n ? p[r * width + k] : 0;
	products(out, width, turned, GROUP, s->gram, width, width, GROUP, width, false);
}

/* Rows come in no order that the machine could guess, from beyond L1. */
SIMD_INLINE void fetch(const float *h, size_t blocks)
{
	SIMD_UNROLL
	for (size_t v = 0; v < blocks; v++)
		__builtin_prefetch(h + v * NORMAL_LANES);
}

/* out += sum of w h (h . p - right t), in one pass over the h_j. */
SIMD_INLINE void apply_rows(
	float *out, const float *p, const struct normal *s, float right, size_t blocks)
{
	size_t width = blocks * NORMAL_LANES;
	const float *q[GROUP];
	vf sum[ROOM];

	SIMD_UNROLL
	for (size_t v = 0; v < blocks * VF_PER; v++)
		sum[v] = vf_load(out + v * VW);
	for (size_t at = 0; at < s->n; at += GROUP) {
		vf_four w = { 0 }, t = { 0 };

		for (size_t j = 0; at + 3 * GROUP <= s->n && j < GROUP; j++)
			fetch(s->fixed + s->id[at + 2 * GROUP + j] * width, blocks);

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

/* The step of one row, whose curvature along p is a. Returns the new |r|^2; 0 ends it. */
static float step_row(float *x, float *r, float *p, const float *a, float rr, size_t width)
{
	float pap = dot(p, a, 0, width), next;

	if (!(pap > 0))
		return 0;
	combine(x, x, rr / pap, p, width);
	combine(r, r, -(rr / pap), a, width);
	next = dot(r, r, 0, width);
	if (!(next > 0))
		return 0;
	combine(p, r, next / rr, p, width);
	return next;
}

SIMD_INLINE void gradients(
	float *const *x, const struct normal *s, size_t n, size_t steps, size_t blocks)
{
	float r[GROUP * NORMAL_WIDTH], p[GROUP * NORMAL_WIDTH], a[GROUP * NORMAL_WIDTH], rr[GROUP];
	size_t width = blocks * NORMAL_LANES;

	assert(n > 0 && n <= GROUP && width > 0);
	for (size_t i = 0; i < n; i++)
		memcpy(p + i * width, x[i], width * sizeof *p);
	apply_gram(r, p, s, n, width);
	for (size_t i = 0; i < n; i++) {
		apply_rows(r + i * width, p + i * width, &s[i], 1, blocks);
		for (size_t v = i * width; v < (i + 1) * width; v += VW) {
			vf_store(r + v, vf_set(0) - vf_load(r + v));
			vf_store(p + v, vf_load(r + v));
		}
		rr[i] = dot(r + i * width, r + i * width, 0, width);
	}
	for (size_t step = 0; step < steps; step++) {
		apply_gram(a, p, s, n, width);
		for (size_t i = 0; i < n; i++) {
			if (!(rr[i] > 0))
				continue;
			apply_rows(a + i * width, p + i * width, &s[i], 0, blocks);
			rr[i] = step_row(
				x[i], r + i * width, p + i * width, a + i * width, rr[i], width);
		}
	}
}

#define WIDTH(name, blocks)                                                                        \
	static void name(float *const *x, const struct normal *s, size_t n, size_t steps)          \
	{                                                                                          \
		gradients(x, s, n, steps, blocks);                                                 \
	}
#if SIMD_NARROW
WIDTH(gradients_2, 2)
WIDTH(gradients_4, 4)
WIDTH(gradients_8, 8)
#endif
WIDTH(gradients_any, s->width / NORMAL_LANES)

void SIMD_NAME(normal_gradients)(float *const *x, const struct normal *s, size_t n, size_t steps)
{
	switch (s->width / NORMAL_LANES) {
#if SIMD_NARROW
	case 2:
		gradients_2(x, s, n, steps);
		return;
	case 4:
		gradients_4(x, s, n, steps);
		return;
	case 8:
		gradients_8(x, s, n, steps);
		return;
#endif
	default:
		gradients_any(x, s, n, steps);
	}
}
