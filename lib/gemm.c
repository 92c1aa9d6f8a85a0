#include "gemm.h"

#include <stdint.h>

#include "par.h"

#define NAME(f) SIMD_NAME(f)

/* A register tile is TR rows by two vectors: 24 or 12 accumulators of the 32 or 16 registers. Where
 * no more than 16 columns are left and a vector has 16, it is one vector wide. What no tile divides
 * ends in tiles of LOW rows, which still keep the multipliers busy. */
enum { TR = VW == 16 ? 12 : 6, LOW = VW == 16 ? 8 : 4, TN = 2 * VW };

enum { SPELL = 16 }; /* inputs that are summed between two steps ahead */

/* sum += a[0 .. k) w[0 .. k); ahead NULL: nothing beside */
SIMD_INLINE void sum_run(vf sum[TR][2], const float *a, size_t lda, const float *w, size_t k, int m,
	int vectors, struct ahead *ahead)
{
	for (size_t end; k > 0; k = end) {
		end = ahead && k > SPELL ? k - SPELL : 0;
		for (; k > end; k--, a++, w += GEMM_PANEL) {
			vf w0 = vf_load(w), w1 = vectors > 1 ? vf_load(w + VW) : w0;

#pragma GCC unroll 12
			for (int i = 0; i < m; i++) {
				vf x = vf_set(a[(size_t)i * lda]);

				sum[i][0] = vf_fma(x, w0, sum[i][0]);
				if (vectors > 1)
					sum[i][1] = vf_fma(x, w1, sum[i][1]);
			}
		}
		if (ahead)
			ahead_some(ahead);
	}
}

/* From sums to c, rows r .. r + m, columns n .. n + vectors * VW. */
SIMD_INLINE void end_tile(vf sum[TR][2], float *c, size_t ldc, const struct gemm *g, size_t r,
	size_t n, int m, int vectors)
{
	float *to = c + r * ldc + n;
	const float *mask = g->mask + r * g->ldmask + n;
	size_t ldmask = g->ldmask;
	vf scale = vf_set(g->scale);

#define EACH(body)                                                                                 \
	_Pragma("GCC unroll 12") for (int i = 0; i < m; i++) for (int v = 0; v < vectors; v++)     \
		sum[i][v] = body
	if (g->onto)
		EACH(vf_load(to + (size_t)i * ldc + v * VW) + sum[i][v]);
	if (g->end == GEMM_RELU)
		EACH(vf_max(sum[i][v], vf_set(0)));
	if (g->end == GEMM_MASKED)
		EACH(vf_where_positive(
			vf_load(mask + (size_t)i * ldmask + v * VW), sum[i][v] * scale));
#undef EACH
#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		for (int v = 0; v < vectors; v++)
			vf_store(to + (size_t)i * ldc + v * VW, sum[i][v]);
}

/* Rows r .. r + m of columns n .. n + vectors * VW. m and vectors are constants where it is
 * inlined.
 */
SIMD_INLINE void tile(float *c, size_t ldc, const struct gemm *g, const float *w, size_t r,
	size_t n, int m, int vectors, struct ahead *ahead)
{
	vf sum[TR][2];
	const float *a = g->a + r * g->lda, *bias = w + g->k * GEMM_PANEL;
	bool biased = g->end == GEMM_BIAS || g->end == GEMM_RELU;
	vf from[2] = { vf_set(0), vf_set(0) };

	for (int v = 0; v < vectors && biased; v++)
		from[v] = vf_load(bias + v * VW);
#pragma GCC unroll 12
	for (int i = 0; i < m; i++)
		for (int v = 0; v < vectors; v++)
			sum[i][v] = from[v];
	if (!g->run)
		sum_run(sum, a, g->lda, w, g->k, m, vectors, ahead);
	for (size_t i = 0; i < g->runs; i++)
		sum_run(sum, a + g->run[i].from, g->lda, w + g->run[i].from * GEMM_PANEL,
			g->run[i].n, m, vectors, ahead);
	end_tile(sum, c, ldc, g, r, n, m, vectors);
}

SIMD_INLINE void column(float *c, size_t ldc, const struct gemm *g, const float *w, size_t rows,
	size_t n, int vectors, struct ahead *ahead)
{
	size_t r = 0;

	for (; r + TR <= rows; r += TR)
		if (ahead->rows || ahead->lines)
			tile(c, ldc, g, w, r, n, TR, vectors, ahead);
		else
			tile(c, ldc, g, w, r, n, TR, vectors, NULL);
	for (; r + LOW <= rows; r += LOW)
		tile(c, ldc, g, w, r, n, LOW, vectors, NULL);
	for (; r + 4 <= rows; r += 4)
		tile(c, ldc, g, w, r, n, 4, vectors, NULL);
	for (; r < rows; r++)
		tile(c, ldc, g, w, r, n, 1, vectors, NULL);
}

/* How often a tile takes steps ahead. */
static size_t spells(const struct gemm *g)
{
	size_t sum = g->run ? 0 : (g->k + SPELL - 1) / SPELL;

	for (size_t i = 0; i < g->runs; i++)
		sum += (g->run[i].n + SPELL - 1) / SPELL;
	return sum;
}

/* Where half of the inputs are 0, skipping them saves more than a register tile of rows does: a row
 * goes through the weights of a block of inputs, which stay in the nearest cache. */
enum {
	SPARSE_BLOCK = 64, /* inputs, */
	SPARSE_MOST = 12, /* and vectors of outputs that are summed together, */
	SPARSE_LEAST = 8, /* where there are so many */
	SPARSE_ROWS = 48, /* from which on weights are worth their way into the cache, */
	SPARSE_ROOM = 144, /* up to which */
	SPARSE_WIDE = 1024, /* and inputs up to which there is room for what is not 0; */
	SPARSE_SHARE = 65, /* percent of them may be that, else skipping is slower */
};

/* Which inputs of a block are not 0, of each block and row. */
struct nonzeros {
	uint64_t of[SPARSE_WIDE / SPARSE_BLOCK][SPARSE_ROOM];
	size_t all;
};

static void find_nonzeros(struct nonzeros *x, const struct gemm *g, size_t rows)
{
	x->all = 0;
	for (size_t from = 0, block = 0; from < g->k; from += SPARSE_BLOCK, block++)
		for (size_t r = 0; r < rows; r++) {
			const float *a = g->a + r * g->lda + from;
			size_t n = g->k - from < SPARSE_BLOCK ? g->k - from : SPARSE_BLOCK, k = 0;
			uint64_t some = 0;

			for (; k + VW <= n; k += VW)
				some |= (uint64_t)vf_nonzero(vf_load(a + k)) << k;
			for (; k < n; k++)
				some |= (uint64_t)(a[k] != 0) << k;
			x->of[block][r] = some;
			x->all += (size_t)__builtin_popcountll(some);
		}
}

/* The inputs of row r from k on that `some` names, for `vectors` vectors of outputs, whose weights
 * begin at w. */
SIMD_INLINE void sparse_row(float *c, const struct gemm *g, const float *w, size_t height, size_t r,
	size_t k, uint64_t some, const float *mask, int vectors)
{
	const float *a = g->a + r * g->lda + k, *panel[SPARSE_MOST / 2];
	bool biased = g->end == GEMM_BIAS || g->end == GEMM_RELU, last = k + SPARSE_BLOCK >= g->k;
	vf sum[SPARSE_MOST];

#pragma GCC unroll 12
	for (int v = 0; v < vectors; v++) {
		const float *from = w + (size_t)(v / 2) * height * GEMM_PANEL;
		size_t half = (size_t)(v % 2) * VW;

		panel[v / 2] = from + k * GEMM_PANEL;
		if (k)
			sum[v] = vf_load(c + v * VW);
		else
			sum[v] = biased ? vf_load(from + g->k * GEMM_PANEL + half) : vf_set(0);
	}
	for (; some; some &= some - 1) {
		size_t j = (size_t)__builtin_ctzll(some), at = j * GEMM_PANEL;
		vf x = vf_set(a[j]);

#pragma GCC unroll 12
		for (int v = 0; v < vectors; v++)
			sum[v] = vf_fma(x, vf_load(panel[v / 2] + at + v % 2 * VW), sum[v]);
	}
#pragma GCC unroll 12
	for (int v = 0; v < vectors; v++) {
		if (last && g->end == GEMM_RELU)
			sum[v] = vf_max(sum[v], vf_set(0));
		if (last && g->end == GEMM_MASKED)
			sum[v] = vf_where_positive(
				vf_load(mask + v * VW), sum[v] * vf_set(g->scale));
		vf_store(c + v * VW, sum[v]);
	}
}

/* All inputs for the outputs of vectors `from` to `to`. */
static void sparse_columns(float *c, size_t ldc, const struct gemm *g, const struct nonzeros *x,
	size_t height, size_t rows, size_t from, size_t to)
{
	const float *w = g->w + from / 2 * height * GEMM_PANEL, *mask = g->mask + from * VW;

	c += from * VW;
	for (size_t k = 0; k < g->k; k += SPARSE_BLOCK)
		for (size_t r = 0; r < rows; r++)
			switch (to - from) {
#define CASE(vectors)                                                                              \
	case vectors:                                                                              \
		sparse_row(c + r * ldc, g, w, height, r, k, x->of[k / SPARSE_BLOCK][r],            \
			mask + r * g->ldmask, vectors);                                            \
		break
				CASE(6);
				CASE(7);
				CASE(8);
				CASE(9);
				CASE(10);
				CASE(11);
				CASE(12);
#undef CASE
			}
}

/* Whether it is faster, and has been done: in groups of whole panels, of much the same size. */
static bool sparse(
	float *c, size_t ldc, const struct gemm *g, size_t height, size_t rows, size_t vectors)
{
	size_t panels = (vectors + 1) / 2, groups = (2 * panels + SPARSE_MOST - 1) / SPARSE_MOST;
	struct nonzeros x;

	if (VW < 16 || !g->zeros || g->run || g->onto || (g->ahead && g->ahead->steps) ||
		rows < SPARSE_ROWS || rows > SPARSE_ROOM || g->k > SPARSE_WIDE ||
		vectors < SPARSE_LEAST)
		return false;
	find_nonzeros(&x, g, rows);
	if (x.all * 100 > g->k * rows * SPARSE_SHARE)
		return false;
	for (size_t i = 0, from = 0, to; i < groups; i++, from = to) {
		to = i + 1 < groups ? panels * (i + 1) / groups * 2 : vectors;
		sparse_columns(c, ldc, g, &x, height, rows, from, to);
	}
	return true;
}

void NAME(gemm_forward)(float *c, size_t ldc, const struct gemm *g, size_t rows)
{
	size_t height = g->height ? g->height : g->k + (g->end == GEMM_BIAS || g->end == GEMM_RELU);
	size_t cols = g->cols ? g->cols : g->panels * GEMM_PANEL;
	struct ahead ahead = ahead_paced(g->ahead, (cols + TN - 1) / TN * (rows / TR) * spells(g));

	if (sparse(c, ldc, g, height, rows, (cols + VW - 1) / VW))
		return;
	for (size_t n = 0; n < cols; n += TN) {
		const float *w = g->w + n / GEMM_PANEL * height * GEMM_PANEL + n % GEMM_PANEL;

		if (VW == 16 && n + VW >= cols)
			column(c, ldc, g, w, rows, n, 1, &ahead);
		else
			column(c, ldc, g, w, rows, n, 2, &ahead);
	}
	if (ahead.steps)
		*g->ahead = ahead;
}

enum { BLOCK = 48 }; /* inputs whose gradient is summed together */

/* A sum over rows comes shard by shard, and shards meet in the tree of par.h: sum s is added to
 * those that wait at the levels below it, and waits at the next one. The last level is the whole.
 */
struct hold {
	_Alignas(64) float level[PAR_LEVELS][BLOCK * GEMM_PANEL];
	float *whole;
	const float *next[GEMM_NEXT]; /* the first of them is NULL: none */
};

/* Shard s asks for the lines of block s. */
SIMD_INLINE void ask_next(const struct hold *hold, size_t s, size_t at, int m)
{
	if (s >= GEMM_NEXT || !hold->next[0])
		return;
	for (int i = 0; i < m; i++) {
		__builtin_prefetch(hold->next[s] + at + i * GEMM_PANEL, 1);
		__builtin_prefetch(hold->next[s] + at + i * GEMM_PANEL + 16, 1);
	}
}

/* Shard s of m inputs from k on, of `vectors` vectors from column n on. */
SIMD_INLINE void gradient_tile(struct hold *hold, size_t s, size_t k, size_t n, const float *h,
	size_t ldh, const float *d, size_t ldd, size_t rows, int m, int vectors)
{
	vf sum[TR][2];
	size_t level = 0, at = k * GEMM_PANEL + n;
	float *to;

	if (n == 0)
		ask_next(hold, s, at, m);
	for (int i = 0; i < m; i++)
		sum[i][0] = sum[i][1] = vf_set(0);
	for (size_t r = par_shard(s, rows); r < par_shard(s + 1, rows); r++) {
		vf d0 = vf_load(d + r * ldd + n),
		   d1 = vectors > 1 ? vf_load(d + r * ldd + n + VW) : d0;

#pragma GCC unroll 12
		for (int i = 0; i < m; i++) {
			vf x = vf_set(h[r * ldh + k + (size_t)i]);

			sum[i][0] = vf_fma(x, d0, sum[i][0]);
			if (vectors > 1)
				sum[i][1] = vf_fma(x, d1, sum[i][1]);
		}
	}
	for (; s >> level & 1; level++) {
		const float *waits = hold->level[level] + at;

#pragma GCC unroll 12
		for (int i = 0; i < m; i++) {
			sum[i][0] = vf_load(waits + i * GEMM_PANEL) + sum[i][0];
			if (vectors > 1)
				sum[i][1] = vf_load(waits + i * GEMM_PANEL + VW) + sum[i][1];
		}
	}
	to = (level == PAR_LEVELS ? hold->whole : hold->level[level]) + at;
#pragma GCC unroll 12
	for (int i = 0; i < m; i++) {
		vf_store(to + i * GEMM_PANEL, sum[i][0]);
		if (vectors > 1)
			vf_store(to + i * GEMM_PANEL + VW, sum[i][1]);
	}
}

SIMD_INLINE void gradient_column(struct hold *hold, size_t s, size_t ks, size_t n, const float *h,
	size_t ldh, const float *d, size_t ldd, size_t rows, int vectors)
{
	size_t k = 0;

	for (; k + TR <= ks && k + 2 * LOW != ks; k += TR)
		gradient_tile(hold, s, k, n, h, ldh, d, ldd, rows, TR, vectors);
	for (; k + LOW <= ks; k += LOW)
		gradient_tile(hold, s, k, n, h, ldh, d, ldd, rows, LOW, vectors);
	for (; k + 4 <= ks; k += 4)
		gradient_tile(hold, s, k, n, h, ldh, d, ldd, rows, 4, vectors);
	for (; k < ks; k++)
		gradient_tile(hold, s, k, n, h, ldh, d, ldd, rows, 1, vectors);
}

/* A shard of all inputs before the next shard: its rows stay in the cache. */
static void gradient_block(struct hold *hold, size_t ks, const float *h, size_t ldh, const float *d,
	size_t ldd, size_t rows, size_t cols)
{
	if (cols < GEMM_PANEL)
		memset(hold->whole, 0, ks * GEMM_PANEL * sizeof *hold->whole);
	for (size_t s = 0; s < PAR_SHARDS; s++)
		for (size_t n = 0; n < cols; n += TN)
			if (VW == 16 && n + VW >= cols)
				gradient_column(hold, s, ks, n, h, ldh, d, ldd, rows, 1);
			else
				gradient_column(hold, s, ks, n, h, ldh, d, ldd, rows, 2);
}

void NAME(gemm_gradient)(float *g, size_t ks, const float *h, size_t ldh, const float *d,
	size_t ldd, size_t rows, size_t cols, const float *const next[GEMM_NEXT])
{
	struct hold hold;

	for (size_t k = 0; k < ks; k += BLOCK) {
		hold.whole = g + k * GEMM_PANEL;
		for (size_t i = 0; i < GEMM_NEXT; i++)
			hold.next[i] = next ? next[i] + k * GEMM_PANEL : NULL;
		gradient_block(
			&hold, ks - k < BLOCK ? ks - k : BLOCK, h + k, ldh, d, ldd, rows, cols);
	}
}

/* Four by four. */
SIMD_INLINE void turn(float *to, const float *from)
{
	vf_four x[4], low[2], high[2];

	for (int i = 0; i < 4; i++)
		memcpy(x + i, from + i * GEMM_PANEL, sizeof *x);
	for (int i = 0; i < 2; i++) {
		low[i] = __builtin_shufflevector(x[i], x[i + 2], 0, 4, 1, 5);
		high[i] = __builtin_shufflevector(x[i], x[i + 2], 2, 6, 3, 7);
	}
	x[0] = __builtin_shufflevector(low[0], low[1], 0, 4, 1, 5);
	x[1] = __builtin_shufflevector(low[0], low[1], 2, 6, 3, 7);
	x[2] = __builtin_shufflevector(high[0], high[1], 0, 4, 1, 5);
	x[3] = __builtin_shufflevector(high[0], high[1], 2, 6, 3, 7);
	for (int i = 0; i < 4; i++)
		memcpy(to + i * GEMM_PANEL, x + i, sizeof *x);
}

void NAME(gemm_transpose)(float *to, const float *from, size_t ks, size_t n)
{
	size_t whole = ks / 4 * 4, j = 0;

	for (; j + 4 <= n; j += 4)
		for (size_t k = 0; k < whole; k += 4)
			turn(to + j * GEMM_PANEL + k, from + k * GEMM_PANEL + j);
	for (size_t k = 0; k < ks; k++)
		for (size_t i = k < whole ? j : 0; i < n; i++)
			to[i * GEMM_PANEL + k] = from[k * GEMM_PANEL + i];
}

/* The shards side by side, so that their sums do not wait for each other: row i of each while all
 * have one, then the last ones of those that are a row longer. */
#define SHARDS(rows, body)                                                                         \
	do {                                                                                       \
		for (size_t i_ = 0; i_ < (rows) / PAR_SHARDS; i_++)                                \
			for (size_t s = 0; s < PAR_SHARDS; s++) {                                  \
				size_t r = par_shard(s, rows) + i_;                                \
				body;                                                              \
			}                                                                          \
		for (size_t s = 0; s < PAR_SHARDS; s++)                                            \
			for (size_t r = par_shard(s, rows) + (rows) / PAR_SHARDS;                  \
				r < par_shard(s + 1, rows); r++)                                   \
				body;                                                              \
	} while (0)

/* Columns of m vectors. */
SIMD_INLINE void column_tile(
	float *g, const float *s_, const float *d, size_t ldd, size_t rows, int m)
{
	vf sum[PAR_SHARDS][4];

	for (size_t s = 0; s < PAR_SHARDS; s++)
		for (int v = 0; v < m; v++)
			sum[s][v] = vf_set(0);
	SHARDS(rows, {
		vf x = vf_set(s_ ? s_[r] : 1);

		for (int v = 0; v < m; v++)
			sum[s][v] = vf_fma(x, vf_load(d + r * ldd + v * VW), sum[s][v]);
	});
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t s = 0; s < PAR_SHARDS; s += 2 * step)
			for (int v = 0; v < m; v++)
				sum[s][v] = sum[s][v] + sum[s + step][v];
	for (int v = 0; v < m; v++)
		vf_store(g + v * VW, sum[0][v]);
}

static float column_sum(const float *s_, const float *d, size_t ldd, size_t rows)
{
	float sum[PAR_SHARDS] = { 0 };

	SHARDS(rows, { sum[s] = fmaf(s_ ? s_[r] : 1, d[r * ldd], sum[s]); });
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t s = 0; s < PAR_SHARDS; s += 2 * step)
			sum[s] = sum[s] + sum[s + step];
	return sum[0];
}

void NAME(gemm_column_sums)(
	float *g, const float *s, const float *d, size_t ldd, size_t rows, size_t cols)
{
	size_t n = 0;

	for (; n + 4 * VW <= cols; n += 4 * VW)
		column_tile(g + n, s, d + n, ldd, rows, 4);
	for (; n + VW <= cols; n += VW)
		column_tile(g + n, s, d + n, ldd, rows, 1);
	for (; n < cols; n++)
		g[n] = column_sum(s, d + n, ldd, rows);
}

/* Of m rows, the sums by lane. */
SIMD_INLINE void lanes(
	vf sum[4][VF_PER], const float *a, size_t lda, const float *b, size_t n, int m)
{
	for (int i = 0; i < m; i++)
		for (int v = 0; v < VF_PER; v++)
			sum[i][v] = vf_set(0);
	for (size_t k = 0; k + 16 <= n; k += 16)
		for (int i = 0; i < m; i++)
			for (int v = 0; v < VF_PER; v++)
				sum[i][v] = vf_fma(vf_load(a + (size_t)i * lda + k + v * VW),
					vf_load(b + k + v * VW), sum[i][v]);
}

float NAME(gemm_dot)(const float *a, const float *b, size_t n)
{
	float lane[16];
	size_t i = n / 16 * 16;
	vf sum[4][VF_PER];

	lanes(sum, a, 0, b, n, 1);
	for (int v = 0; v < VF_PER; v++)
		vf_store(lane + v * VW, sum[0][v]);
	for (size_t l = 0; i < n; i++, l++)
		lane[l] = fmaf(a[i], b[i], lane[l]);
	return vf_sum16(lane);
}

void NAME(gemm_dots)(float *z, const float *h, size_t ldh, const float *w, size_t n, size_t rows)
{
	size_t r = 0;

	for (; r + 4 <= rows && n % 16 == 0; r += 4) {
		vf sum[4][VF_PER];
		vf_four dot;

		lanes(sum, h + r * ldh, ldh, w, n, 4);
		dot = vf_sum_four(sum);
		for (int i = 0; i < 4; i++)
			z[r + (size_t)i] += dot[i];
	}
	for (; r < rows; r++)
		z[r] += NAME(gemm_dot)(h + r * ldh, w, n);
}
