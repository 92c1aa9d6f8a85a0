#include "touched.h"

#include "par.h"

#define NAME(f) SIMD_NAME(f)
#define STEP SIMD_NAME(optim_step)
#define STEP_ROWS SIMD_NAME(optim_step_rows)

enum {
	AHEAD = 24, /* entries: their rows of dx are far apart, and asked for so early */
	FEW = 12, /* entries whose shards are not worth a loop each */
	MOST = VW == 16	 ? 4
	       : VW == 8 ? 2
			 : 1, /* blocks of 16 that stay in registers */
};

/* The entries [from, to) of one id; end: where the shards of the batch are. */
struct entries {
	const struct touched_piece *p;
	const size_t *end;
	size_t from, to;
};

SIMD_INLINE float weight_of(const struct entries *e, size_t i)
{
	return e->p->weight ? e->p->weight[i] : 1;
}

static inline float meet(float x[PAR_SHARDS])
{
	for (int step = 1; step < PAR_SHARDS; step *= 2)
		for (int s = 0; s < PAR_SHARDS; s += 2 * step)
			x[s] += x[s + step];
	return x[0];
}

/* One shard's entries, from i on; returns where the next one's begin. */
#define SHARD(i, s, e, body)                                                                       \
	for (; i < (e)->to && (s + 1 == PAR_SHARDS || (e)->p->row[i] < (e)->end[s]); i++)          \
	body

/* y[0 .. 16 blocks) <- sum of weight dx, and *linear (or NULL) of weight slope. Of few entries the
 * shards' sums lie in memory: branches on where shards end would be guessed wrong. */
SIMD_INLINE void sum_few(
	float *y, float *linear, const struct entries *e, const float *dx, int blocks)
{
	const struct touched_piece *p = e->p;
	float sum[PAR_SHARDS][16 * MOST], slope[PAR_SHARDS] = { 0 };

	for (int s = 0; s < PAR_SHARDS; s++)
		for (int v = 0; v < blocks * VF_PER; v++)
			vf_store(sum[s] + v * VW, vf_set(0));
	for (size_t i = e->from; i < e->to; i++) {
		size_t row = p->row[i], s = 0;
		float weight = weight_of(e, i);

		for (int k = 0; k + 1 < PAR_SHARDS; k++)
			s += row >= e->end[k];
		for (int v = 0; v < blocks * VF_PER; v++)
			vf_store(sum[s] + v * VW,
				vf_fma(vf_set(weight), vf_load(dx + row * p->lddx + v * VW),
					vf_load(sum[s] + v * VW)));
		if (linear)
			slope[s] = fmaf(weight, p->slope[row], slope[s]);
	}
	for (int step = 1; step < PAR_SHARDS; step *= 2)
		for (int s = 0; s < PAR_SHARDS; s += 2 * step)
			for (int v = 0; v < blocks * VF_PER; v++)
				vf_store(sum[s] + v * VW,
					vf_load(sum[s] + v * VW) + vf_load(sum[s + step] + v * VW));
	for (int v = 0; v < blocks * VF_PER; v++)
		vf_store(y + v * VW, vf_load(sum[0] + v * VW));
	if (linear)
		*linear = meet(slope);
}

/* The same in registers. */
SIMD_INLINE void sum_many(
	float *y, float *linear, const struct entries *e, const float *dx, int blocks)
{
	const struct touched_piece *p = e->p;
	vf sum[PAR_SHARDS][4];
	float slope[PAR_SHARDS] = { 0 };
	size_t i = e->from;

	SIMD_UNROLL
	for (int s = 0; s < PAR_SHARDS; s++) {
		for (int v = 0; v < blocks * VF_PER; v++)
			sum[s][v] = vf_set(0);
		SHARD(i, s, e, {
			size_t row = p->row[i];
			float weight = weight_of(e, i);

			for (int v = 0; v < blocks * VF_PER; v++)
				sum[s][v] = vf_fma(vf_set(weight),
					vf_load(dx + row * p->lddx + v * VW), sum[s][v]);
			if (linear)
				slope[s] = fmaf(weight, p->slope[row], slope[s]);
		})
	}
	for (int step = 1; step < PAR_SHARDS; step *= 2)
		for (int s = 0; s < PAR_SHARDS; s += 2 * step)
			for (int v = 0; v < blocks * VF_PER; v++)
				sum[s][v] = sum[s][v] + sum[s + step][v];
	for (int v = 0; v < blocks * VF_PER; v++)
		vf_store(y + v * VW, sum[0][v]);
	if (linear)
		*linear = meet(slope);
}

SIMD_INLINE void sum_blocks(
	float *y, float *linear, const struct entries *e, const float *dx, int blocks)
{
	if (e->to - e->from <= FEW)
		sum_few(y, linear, e, dx, blocks);
	else
		sum_many(y, linear, e, dx, blocks);
}

static float sum_column(const struct entries *e, const float *x, size_t ldx)
{
	float sum[PAR_SHARDS] = { 0 };
	size_t i = e->from;

	for (size_t s = 0; s < PAR_SHARDS; s++)
		SHARD(i, s, e, { sum[s] = fmaf(weight_of(e, i), x[e->p->row[i] * ldx], sum[s]); })
	return meet(sum);
}

/* y[0 .. dim) and *linear (or NULL) of an id. Most ids of large fields have one entry. */
static inline void sum_id(float *y, float *linear, const struct entries *e, size_t dim)
{
	const struct touched_piece *p = e->p;
	size_t d = 0;

	if (e->to - e->from == 1) {
		const float *x = p->dx + p->row[e->from] * p->lddx;
		float weight = weight_of(e, e->from);

		VF_EACH(j, dim, vf_store(y + j, vf_set(weight) * vf_load(x + j)),
			y[j] = weight * x[j]);
		if (linear)
			*linear = weight * p->slope[p->row[e->from]];
		return;
	}
	for (; d + 16 * MOST <= dim; d += 16 * MOST, linear = NULL)
		sum_blocks(y + d, linear, e, p->dx + d, MOST);
	for (; d + 16 <= dim; d += 16, linear = NULL)
		sum_blocks(y + d, linear, e, p->dx + d, 1);
	for (; d < dim; d++)
		y[d] = sum_column(e, p->dx + d, p->lddx);
	if (linear)
		*linear = sum_column(e, p->slope, 1);
}

/* The next ids, and where the entries of each end. */
struct next {
	size_t n, end[TOUCHED_TOGETHER];
	uint32_t id[TOUCHED_TOGETHER];
};

/* Those of entries from `from` on that are below `limit`. No branch waits for an id. */
static inline void find(
	struct next *x, const struct touched_piece *p, size_t from, uint64_t limit, size_t most)
{
	x->n = 0;
	for (size_t i = from; i < p->n && p->id[i] < limit && x->n < most; i++) {
		x->id[x->n] = p->id[i];
		x->end[x->n] = i + 1;
		x->n += i + 1 == p->n || p->id[i + 1] != p->id[i];
	}
}

/* Entries `from` to `to` of what comes AHEAD. */
static inline void ask(const struct touched_piece *p, size_t from, size_t to, size_t dim)
{
	for (size_t i = from + AHEAD; i < to + AHEAD && i < p->n; i++)
		for (size_t d = 0; d < dim; d += 16)
			__builtin_prefetch(p->dx + p->row[i] * p->lddx + d);
}

static void shard_ends(size_t end[PAR_SHARDS], size_t batch)
{
	for (size_t s = 0; s < PAR_SHARDS; s++)
		end[s] = par_shard(s + 1, batch);
}

void NAME(touched_sums)(float *sum, float *linear, const struct touched_piece *p, size_t width)
{
	size_t end[PAR_SHARDS];
	struct entries e = { p, end, 0, 0 };
	struct next x;

	shard_ends(end, p->batch);
	while (e.to < p->n) {
		find(&x, p, e.to, UINT64_MAX, TOUCHED_TOGETHER);
		for (size_t k = 0; k < x.n; k++) {
			size_t at = x.id[k] - p->first;

			e.from = e.to;
			e.to = x.end[k];
			ask(p, e.from, e.to, width);
			sum_id(sum + at * width, linear ? linear + at : NULL, &e, width);
		}
	}
}

/* Some ids with their gradients. */
struct block {
	struct next x;
	float *g, linear[TOUCHED_TOGETHER / 2];
};

static inline void sum_block(struct block *b, const struct embed_table *t,
	const struct touched_piece *p, struct entries *e)
{
	find(&b->x, p, e->to, UINT64_MAX, TOUCHED_TOGETHER / 2);
	for (size_t k = 0; k < b->x.n; k++) {
		e->from = e->to;
		e->to = b->x.end[k];
		embed_ask(t, b->x.id[k]);
		ask(p, e->from, e->to, t->dim);
		sum_id(b->g + k * t->dim, t->linear ? b->linear + k : NULL, e, t->dim);
	}
}

static inline void step_block(
	const struct block *b, struct embed_table *t, const struct optim_step *a)
{
	if (t->dim)
		STEP_ROWS(t->w, t->m, t->v, b->x.id, b->x.n, t->dim, b->g, a);
	if (t->linear)
		STEP_ROWS(t->linear, t->linear_m, t->linear_v, b->x.id, b->x.n, 1, b->linear, a);
}

/* Those that occur only. A block's rows come while its gradients are summed and the block before
 * takes its steps. */
static void step_lazily(struct embed_table *t, const struct touched_piece *p,
	const struct optim_step *a, struct entries e, float *g)
{
	struct block two[2];
	int turn = 0;

	two[0].g = g;
	two[1].g = g + TOUCHED_TOGETHER / 2 * t->dim;
	two[1].x.n = 0;
	for (; e.to < p->n; turn = !turn) {
		sum_block(two + turn, t, p, &e);
		step_block(two + !turn, t, a);
	}
	step_block(two + !turn, t, a);
}

/* All ids, some at a time. */
static void step_all(struct embed_table *t, const struct touched_piece *p,
	const struct optim_step *a, struct entries e, float *g)
{
	float linear[TOUCHED_TOGETHER];
	struct next x;

	for (uint64_t first = p->first; first < p->last; first += TOUCHED_TOGETHER) {
		size_t n = p->last - first < TOUCHED_TOGETHER ? p->last - first : TOUCHED_TOGETHER;
		size_t from = first * t->dim;

		memset(g, 0, n * t->dim * sizeof *g);
		memset(linear, 0, sizeof linear);
		find(&x, p, e.to, first + n, n);
		for (size_t k = 0; k < x.n; k++) {
			size_t at = x.id[k] - first;

			e.from = e.to;
			e.to = x.end[k];
			ask(p, e.from, e.to, t->dim);
			sum_id(g + at * t->dim, t->linear ? linear + at : NULL, &e, t->dim);
		}
		if (t->dim)
			STEP(t->w + from, t->m + from, t->v + from, g, n * t->dim, a);
		if (t->linear)
			STEP(t->linear + first, t->linear_m + first, t->linear_v + first, linear, n,
				a);
	}
}

void NAME(touched_step)(struct embed_table *t, const struct touched_piece *p,
	const struct optim_step *a, float *scratch)
{
	size_t end[PAR_SHARDS];
	struct entries e = { p, end, 0, 0 };

	shard_ends(end, p->batch);
	if (p->lazy || optim_idle(a))
		step_lazily(t, p, a, e, scratch);
	else
		step_all(t, p, a, e, scratch);
}
