#include "embed.h"

#include "par.h"

#define NAME(f) SIMD_NAME(f)
/* Rows of a large table are far from each other, and so are those of a batch that have one id: they
 * are asked for some entries before they are needed. */
enum { AHEAD = 16 };

#define STEP SIMD_NAME(optim_step)

/* Loops over an embedding by whole vectors: left to themselves, compilers take 16 floats one by
 * one.
 */
#define EACH(d, dim, vector, scalar)                                                               \
	do {                                                                                       \
		size_t d = 0;                                                                      \
                                                                                                   \
		for (; d + VW <= (dim); d += VW)                                                   \
			vector;                                                                    \
		for (; d < (dim); d++)                                                             \
			scalar;                                                                    \
	} while (0)

static inline void copy(float *y, const float *x, size_t dim)
{
	EACH(d, dim, vf_store(y + d, vf_load(x + d)), y[d] = x[d]);
}

/* y <- a x */
static inline void scaled(float *y, const float *x, float a, size_t dim)
{
	EACH(d, dim, vf_store(y + d, vf_set(a) * vf_load(x + d)), y[d] = a * x[d]);
}

/* y <- y + a x */
static inline void add(float *y, const float *x, float a, size_t dim)
{
	EACH(d, dim, vf_store(y + d, vf_fma(vf_set(a), vf_load(x + d), vf_load(y + d))),
		y[d] = fmaf(a, x[d], y[d]));
}

/* y <- y + a (s - b x) */
static inline void add_rest(float *y, const float *s, const float *x, float a, float b, size_t dim)
{
	EACH(d, dim,
		vf_store(
			y + d, vf_fma(vf_set(a), vf_fma(vf_set(-b), vf_load(x + d), vf_load(s + d)),
				       vf_load(y + d))),
		y[d] = fmaf(a, fmaf(-b, x[d], s[d]), y[d]));
}

void NAME(embed_gather)(float *x, size_t ldx, float *linear, const struct embed_table *t,
	const uint32_t *id, size_t n)
{
	size_t dim = t->dim;

	for (size_t r = 0; r < n; r++)
		copy(x + r * ldx, t->w + id[r] * dim, dim);
	if (t->linear)
		for (size_t r = 0; r < n; r++)
			linear[r] += t->linear[id[r]];
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

void NAME(embed_numbers)(float *restrict x, const float *restrict number,
	const float *restrict mean, const float *restrict scale, size_t n)
{
	for (size_t j = 0; j < n; j++)
		x[j] = (number[j] - mean[j]) * scale[j];
}

/* Sixteen dimensions at a time stay in registers; what is left goes one by one, into lane 0, 1, ...
 */
float NAME(embed_fm)(float *s, const float *x, size_t fields, size_t dim, const float *number,
	size_t numbers, const float *v)
{
	float lane[16] = { 0 };
	vf square[VF_PER];
	size_t d = 0;

	for (int i = 0; i < VF_PER; i++)
		square[i] = vf_set(0);
	for (; d + 16 <= dim; d += 16)
		for (int i = 0; i < VF_PER; i++) {
			const float *e = x + d + i * VW, *u = v + d + i * VW;
			vf sum = vf_set(0), one;

			for (size_t f = 0; f < fields; f++)
				sum = sum + vf_load(e + f * dim);
			for (size_t j = 0; j < numbers; j++)
				sum = vf_fma(vf_set(number[j]), vf_load(u + j * dim), sum);
			vf_store(s + d + i * VW, sum);
			square[i] = vf_fma(sum, sum, square[i]);
			for (size_t f = 0; f < fields; f++) {
				one = vf_load(e + f * dim);
				square[i] = vf_fma(vf_set(0) - one, one, square[i]);
			}
			for (size_t j = 0; j < numbers; j++) {
				one = vf_set(number[j]) * vf_load(u + j * dim);
				square[i] = vf_fma(vf_set(0) - one, one, square[i]);
			}
		}
	for (int i = 0; i < VF_PER; i++)
		vf_store(lane + i * VW, square[i]);
	for (size_t l = 0; d < dim; d++, l++) {
		float sum = 0;

		for (size_t f = 0; f < fields; f++)
			sum += x[f * dim + d];
		for (size_t j = 0; j < numbers; j++)
			sum = fmaf(number[j], v[j * dim + d], sum);
		s[d] = sum;
		lane[l] = fmaf(sum, sum, lane[l]);
		for (size_t f = 0; f < fields; f++)
			lane[l] = fmaf(-x[f * dim + d], x[f * dim + d], lane[l]);
		for (size_t j = 0; j < numbers; j++) {
			float one = number[j] * v[j * dim + d];

			lane[l] = fmaf(-one, one, lane[l]);
		}
	}
	return 0.5f * vf_sum16(lane);
}

void NAME(embed_fm_backward)(
	float *dx, const float *x, const float *s, float slope, size_t fields, size_t dim)
{
	for (size_t f = 0; f < fields; f++)
		add_rest(dx + f * dim, s, x + f * dim, slope, 1, dim);
}

void NAME(embed_fm_number)(float *g, float *part, const float *v, const float *x, size_t ldx,
	const float *s, const float *slope, size_t rows, size_t dim)
{
	memset(part, 0, PAR_SHARDS * dim * sizeof *part);
	for (size_t shard = 0; shard < PAR_SHARDS; shard++)
		for (size_t r = par_shard(shard, rows); r < par_shard(shard + 1, rows); r++) {
			float value = x[r * ldx], share = slope[r] * value;

			add_rest(part + shard * dim, s + r * dim, v, share, value, dim);
		}
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t i = 0; i < PAR_SHARDS; i += 2 * step)
			add(part + i * dim, part + (i + step) * dim, 1, dim);
	memcpy(g, part, dim * sizeof *g);
}

/* The entries [from, to) of one id, cut where the shards of the batch are. */
struct entries {
	const struct embed_piece *p;
	size_t from, to, cut[PAR_SHARDS + 1];
};

SIMD_INLINE void cut_entries(struct entries *e, const size_t *end)
{
	size_t i = e->from;

	e->cut[0] = i;
	for (size_t s = 0; s < PAR_SHARDS; s++) {
		while (i < e->to && e->p->row[i] < end[s])
			i++;
		e->cut[s + 1] = i;
	}
}

/* y[0 .. 16 blocks) = sum of weight dx over the entries, in registers. */
SIMD_INLINE void sum_blocks(float *y, const struct entries *e, const float *dx, int blocks)
{
	const struct embed_piece *p = e->p;
	vf sum[PAR_SHARDS][4];

	SIMD_UNROLL
	for (int s = 0; s < PAR_SHARDS; s++) {
		for (int v = 0; v < blocks * VF_PER; v++)
			sum[s][v] = vf_set(0);
		for (size_t i = e->cut[s]; i < e->cut[s + 1]; i++) {
			const float *row = dx + p->row[i] * p->lddx;
			vf weight = vf_set(p->weight ? p->weight[i] : 1);

			for (int v = 0; v < blocks * VF_PER; v++)
				sum[s][v] = vf_fma(weight, vf_load(row + v * VW), sum[s][v]);
		}
	}
	for (int step = 1; step < PAR_SHARDS; step *= 2)
		for (int s = 0; s < PAR_SHARDS; s += 2 * step)
			for (int v = 0; v < blocks * VF_PER; v++)
				sum[s][v] = sum[s][v] + sum[s + step][v];
	for (int v = 0; v < blocks * VF_PER; v++)
		vf_store(y + v * VW, sum[0][v]);
}

static float sum_column(const struct entries *e, const float *x, size_t ldx)
{
	const struct embed_piece *p = e->p;
	float sum[PAR_SHARDS] = { 0 };

	if (e->to - e->from == 1)
		return (p->weight ? p->weight[e->from] : 1) * x[p->row[e->from] * ldx];
	for (size_t s = 0; s < PAR_SHARDS; s++)
		for (size_t i = e->cut[s]; i < e->cut[s + 1]; i++)
			sum[s] = fmaf(p->weight ? p->weight[i] : 1, x[p->row[i] * ldx], sum[s]);
	for (size_t step = 1; step < PAR_SHARDS; step *= 2)
		for (size_t s = 0; s < PAR_SHARDS; s += 2 * step)
			sum[s] = sum[s] + sum[s + step];
	return sum[0];
}

/* y[0 .. dim) = sum of weight dx over the entries. */
static void sum_id(float *y, const struct entries *e, size_t dim)
{
	enum { MOST = VW == 16 ? 4 : VW == 8 ? 2 : 1 };
	const struct embed_piece *p = e->p;
	size_t d = 0;

	if (e->to - e->from == 1) {
		scaled(y, p->dx + p->row[e->from] * p->lddx, p->weight ? p->weight[e->from] : 1,
			dim);
		return;
	}
	for (; d + 16 * MOST <= dim; d += 16 * MOST)
		sum_blocks(y + d, e, p->dx + d, MOST);
	for (; d + 16 <= dim; d += 16)
		sum_blocks(y + d, e, p->dx + d, 1);
	for (; d < dim; d++)
		y[d] = sum_column(e, p->dx + d, p->lddx);
}

/* *e is the id's entries from `from` on; what comes some entries later is asked for. Most ids of
 * large fields have one entry, which needs no cuts. */
SIMD_INLINE void entries_of(
	struct entries *e, const struct embed_piece *p, size_t from, const size_t *end, size_t dim)
{
	size_t to = from + 1;

	while (to < p->n && p->id[to] == p->id[from])
		to++;
	e->p = p;
	e->from = from;
	e->to = to;
	if (to > from + 1)
		cut_entries(e, end);
	for (size_t i = from + AHEAD; i < to + AHEAD && i < p->n; i++)
		for (size_t d = 0; d < dim; d += 16)
			__builtin_prefetch(p->dx + p->row[i] * p->lddx + d);
}

static void shard_ends(size_t end[PAR_SHARDS], size_t batch)
{
	for (size_t s = 0; s < PAR_SHARDS; s++)
		end[s] = par_shard(s + 1, batch);
}

void NAME(embed_sums)(float *sum, float *linear, const struct embed_piece *p, size_t width)
{
	size_t end[PAR_SHARDS];
	struct entries e;

	shard_ends(end, p->batch);
	for (size_t i = 0; i < p->n; i = e.to) {
		size_t at = p->id[i] - p->first;

		entries_of(&e, p, i, end, width);
		sum_id(sum + at * width, &e, width);
		if (linear)
			linear[at] = sum_column(&e, p->slope, 1);
	}
}

static void step(struct embed_table *t, uint32_t id, size_t rows, const float *g,
	const float *linear, const struct optim_step *a)
{
	size_t at = id * t->dim;

	if (t->dim)
		STEP(t->w + at, t->m + at, t->v + at, g, rows * t->dim, a);
	if (t->linear)
		STEP(t->linear + id, t->linear_m + id, t->linear_v + id, linear, rows, a);
}

static void ask(const struct embed_table *t, uint32_t id)
{
	for (size_t d = 0; d < t->dim; d += 16) {
		__builtin_prefetch(t->w + id * t->dim + d, 1);
		__builtin_prefetch(t->m + id * t->dim + d, 1);
		__builtin_prefetch(t->v + id * t->dim + d, 1);
	}
	if (t->linear) {
		__builtin_prefetch(t->linear + id, 1);
		__builtin_prefetch(t->linear_m + id, 1);
		__builtin_prefetch(t->linear_v + id, 1);
	}
}

/* Ids one by one, those that occur only. */
static void step_lazily(struct embed_table *t, const struct embed_piece *p,
	const struct optim_step *a, const size_t *end, float *g)
{
	struct entries e;

	for (size_t i = 0; i < p->n; i = e.to) {
		float linear = 0;

		entries_of(&e, p, i, end, t->dim);
		if (e.to + AHEAD < p->n)
			ask(t, p->id[e.to + AHEAD]);
		sum_id(g, &e, t->dim);
		if (t->linear)
			linear = sum_column(&e, p->slope, 1);
		step(t, p->id[i], 1, g, &linear, a);
	}
}

/* All ids, EMBED_TOGETHER at a time. */
static void step_all(struct embed_table *t, const struct embed_piece *p, const struct optim_step *a,
	const size_t *end, float *g)
{
	float linear[EMBED_TOGETHER];
	size_t i = 0;

	for (uint64_t first = p->first; first < p->last; first += EMBED_TOGETHER) {
		size_t n = p->last - first < EMBED_TOGETHER ? p->last - first : EMBED_TOGETHER;
		struct entries e;

		memset(g, 0, n * t->dim * sizeof *g);
		memset(linear, 0, sizeof linear);
		for (; i < p->n && p->id[i] < first + n; i = e.to) {
			size_t at = p->id[i] - first;

			entries_of(&e, p, i, end, t->dim);
			sum_id(g + at * t->dim, &e, t->dim);
			if (t->linear)
				linear[at] = sum_column(&e, p->slope, 1);
		}
		step(t, (uint32_t)first, n, g, linear, a);
	}
}

void NAME(embed_step)(struct embed_table *t, const struct embed_piece *p,
	const struct optim_step *a, float *scratch)
{
	size_t end[PAR_SHARDS];

	shard_ends(end, p->batch);
	if (p->lazy || optim_idle(a))
		step_lazily(t, p, a, end, scratch);
	else
		step_all(t, p, a, end, scratch);
}
