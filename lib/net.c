/* A step has two phases with a barrier after each. In the first, threads take chunks of the batch's
 * rows (forward, loss, backward to every layer's deltas) and the sorting of each field's ids. In
 * the second they take pieces of the weights: a piece's gradient is summed over the whole batch by
 * one thread, which takes Adam's step at once. So no gradient is ever stored or reduced. */
#include "net.h"

#include <assert.h>
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "embed.h"
#include "gemm.h"
#include "mem.h"
#include "optim.h"
#include "par.h"
#include "rng.h"

enum {
	CHUNK = 48, /* rows that go through all layers together; a multiple of 12 */
	TILE = 48, /* inputs whose weights are one task */
	NUMBERS_TASK = 64, /* numbers whose first-order weights or vectors are one task */
	SHARDS = EMBED_SHARDS,
	LANES = 16,
};

/* A trained weight: Adam's m and v lie at the same place in their own blocks. */
struct param {
	float *w, *m, *v;
	size_t n;
};

struct layer {
	size_t in, out, panels;
	size_t width; /* floats between rows of its outputs */
	size_t back; /* inputs that want a gradient */
	struct param weights; /* panels of in + 1 rows, the last one is the bias */
	float *transposed; /* panels over the inputs, (out, 32) each */
};

struct net {
	struct net_shape shape;
	bool has_linear, has_fm, has_mlp;
	size_t slots; /* fields with embeddings */
	size_t numbers; /* all numeric fields together */
	size_t inputs, ldx, lddx;
	uint32_t *base; /* field -> first row of its embeddings */
	size_t *place; /* field -> its slot, or its first number */
	float *mean, *scale; /* of numbers */
	float *block; /* all w, then all m, then all v */
	size_t size; /* floats of one of the three */
	struct embed_table table;
	struct param bias, output, number_linear, number_vector;
	struct layer layer[NET_LAYERS];
	struct optim_clock clock;
};

const char *net_arch_name(enum net_arch arch)
{
	static const char *const name[NET_ARCHS] = { "lr", "fm", "mlp", "wide-deep", "deepfm" };

	return arch < NET_ARCHS ? name[arch] : NULL;
}

const struct net_shape *net_shape(const struct net *net)
{
	return &net->shape;
}

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

static void measure(struct net *net)
{
	const struct net_shape *s = &net->shape;
	size_t rows = 0;

	for (size_t f = 0; f < s->fields; f++) {
		if (s->field[f].kind == NET_NUM) {
			net->place[f] = net->numbers;
			net->numbers += s->field[f].values;
		} else {
			net->place[f] = net->slots++;
			net->base[f] = (uint32_t)rows;
			rows += s->field[f].values;
		}
	}
	assert(rows < UINT32_MAX);
	net->table.rows = rows;
	net->table.dim = s->arch == NET_LR ? 0 : s->dim;
	net->inputs = net->slots * net->table.dim + net->numbers;
	net->ldx = round_up(net->inputs, LANES);
	net->lddx = round_up(net->slots * net->table.dim, GEMM_PANEL);
}

/* Called twice: with block NULL it only adds up the sizes. */
static struct param take(struct net *net, size_t *used, size_t n)
{
	struct param p = { NULL, NULL, NULL, n };

	if (net->block) {
		p.w = net->block + *used;
		p.m = p.w + net->size;
		p.v = p.m + net->size;
	}
	*used += round_up(n, LANES);
	return p;
}

static size_t place_weights(struct net *net)
{
	size_t used = 0, rows = net->table.rows + 1;
	struct param p;

	net->bias = take(net, &used, 1);
	p = take(net, &used, rows * net->table.dim);
	net->table.w = p.w;
	net->table.m = p.m;
	net->table.v = p.v;
	p = take(net, &used, net->has_linear ? rows : 0);
	net->table.linear = net->has_linear ? p.w : NULL;
	net->table.linear_m = p.m;
	net->table.linear_v = p.v;
	net->number_linear = take(net, &used, net->has_linear ? net->numbers : 0);
	net->number_vector = take(net, &used, net->has_fm ? net->numbers * net->table.dim : 0);
	for (size_t l = 0; l < net->shape.layers; l++) {
		struct layer *y = net->layer + l;

		y->weights = take(net, &used, y->panels * (y->in + 1) * GEMM_PANEL);
	}
	net->output =
		take(net, &used, net->shape.layers ? net->layer[net->shape.layers - 1].width : 0);
	return used;
}

struct net *net_new(const struct net_shape *shape)
{
	struct net *net = mem_new(1, sizeof *net);
	struct net_field *field = mem_new(shape->fields, sizeof *field);
	size_t in;

	memcpy(field, shape->field, shape->fields * sizeof *field);
	net->shape = *shape;
	net->shape.field = field;
	net->has_linear = shape->arch != NET_MLP;
	net->has_fm = shape->arch == NET_FM || shape->arch == NET_DEEPFM;
	net->has_mlp = shape->arch >= NET_MLP;
	if (!net->has_mlp)
		net->shape.layers = 0;
	net->base = mem_new(shape->fields, sizeof *net->base);
	net->place = mem_new(shape->fields, sizeof *net->place);
	measure(net);
	net->mean = mem_new(net->numbers, sizeof *net->mean);
	net->scale = mem_new(net->numbers, sizeof *net->scale);
	in = net->inputs;
	for (size_t l = 0; l < net->shape.layers; l++) {
		struct layer *y = net->layer + l;

		y->in = in;
		y->out = shape->hidden[l];
		y->panels = (y->out + GEMM_PANEL - 1) / GEMM_PANEL;
		y->width = y->panels * GEMM_PANEL;
		y->back = l ? in : net->slots * net->table.dim;
		y->transposed = mem_new(round_up(y->back, GEMM_PANEL) * y->out, sizeof(float));
		in = y->out;
	}
	net->size = place_weights(net);
	net->block = mem_new(3 * net->size, sizeof *net->block);
	place_weights(net);
	net->clock = (struct optim_clock){ 1, 1 };
	return net;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	for (size_t l = 0; l < net->shape.layers; l++)
		free(net->layer[l].transposed);
	free((void *)(uintptr_t)net->shape.field);
	free(net->base);
	free(net->place);
	free(net->mean);
	free(net->scale);
	free(net->block);
	free(net);
}

/* ---- weights one by one ---- */

/* The i-th weight: what it is, and where its first element lies. */
static struct net_tensor find(const struct net *net, size_t i, float **at)
{
	size_t dim = net->table.dim;

	*at = net->bias.w;
	if (i-- == 0)
		return (struct net_tensor){ "bias", -1, -1, 1, 0 };
	for (size_t f = 0; f < net->shape.fields; f++) {
		bool number = net->shape.field[f].kind == NET_NUM;
		uint64_t n = net->shape.field[f].values;
		size_t first = number ? net->place[f] : net->base[f];

		if (number) {
			*at = net->mean + first;
			if (i-- == 0)
				return (struct net_tensor){ "mean", (int)f, -1, n, 0 };
			*at = net->scale + first;
			if (i-- == 0)
				return (struct net_tensor){ "scale", (int)f, -1, n, 0 };
		}
		if (net->has_linear) {
			*at = (number ? net->number_linear.w : net->table.linear) + first;
			if (i-- == 0)
				return (struct net_tensor){ "linear", (int)f, -1, n, 0 };
		}
		if (dim && (!number || net->has_fm)) {
			*at = (number ? net->number_vector.w : net->table.w) + first * dim;
			if (i-- == 0)
				return (struct net_tensor){ "embedding", (int)f, -1, n, dim };
		}
	}
	for (size_t l = 0; l < net->shape.layers; l++) {
		const struct layer *y = net->layer + l;

		*at = y->weights.w;
		if (i-- == 0)
			return (struct net_tensor){ "weight", -1, (int)l, y->in, y->out };
		if (i-- == 0)
			return (struct net_tensor){ "bias", -1, (int)l, y->out, 0 };
	}
	*at = net->output.w;
	if (net->shape.layers && i == 0)
		return (struct net_tensor){ "output", -1, -1, net->layer[net->shape.layers - 1].out,
			0 };
	return (struct net_tensor){ NULL, -1, -1, 0, 0 };
}

size_t net_tensors(const struct net *net)
{
	size_t n = 0;
	float *at;

	while (find(net, n, &at).part)
		n++;
	return n;
}

struct net_tensor net_tensor(const struct net *net, size_t i)
{
	float *at;

	return find(net, i, &at);
}

/* Copies element by element between the block's layout and a row-major tensor. */
static void copy(const struct net *net, size_t i, enum net_state state, float *out, const float *in)
{
	float *at;
	struct net_tensor t = find(net, i, &at);
	uint64_t cols = t.cols ? t.cols : 1;

	at += (size_t)state * net->size;
	for (uint64_t r = 0; r < t.rows; r++)
		for (uint64_t c = 0; c < cols; c++) {
			float *mine = at + r * cols + c;

			if (t.layer >= 0) {
				const struct layer *y = net->layer + t.layer;
				size_t k = t.cols ? r : y->in, n = t.cols ? c : r;

				mine = at + (n / GEMM_PANEL * (y->in + 1) + k) * GEMM_PANEL +
				       n % GEMM_PANEL;
			}
			if (out)
				out[r * cols + c] = *mine;
			else
				*mine = in[r * cols + c];
		}
}

void net_get(const struct net *net, size_t i, enum net_state state, float *out)
{
	assert(state == NET_WEIGHT || net_trained(net_tensor(net, i)));
	copy(net, i, state, out, NULL);
}

void net_set(struct net *net, size_t i, enum net_state state, const float *in)
{
	assert(state == NET_WEIGHT || net_trained(net_tensor(net, i)));
	copy(net, i, state, NULL, in);
}

bool net_trained(struct net_tensor t)
{
	return strcmp(t.part, "mean") != 0 && strcmp(t.part, "scale") != 0;
}

uint64_t net_parameters(const struct net *net)
{
	uint64_t sum = 0;

	for (size_t i = 0, n = net_tensors(net); i < n; i++) {
		struct net_tensor t = net_tensor(net, i);

		sum += net_trained(t) ? t.rows * (t.cols ? t.cols : 1) : 0;
	}
	return sum;
}

uint64_t net_multiply_adds(const struct net *net)
{
	uint64_t sum = 0, width = net->slots * net->table.dim;

	if (net->has_linear)
		sum += net->slots + net->numbers;
	if (net->has_fm)
		sum += 2 * (width + net->numbers * net->table.dim) + net->table.dim;
	for (size_t l = 0; l < net->shape.layers; l++)
		sum += (uint64_t)net->layer[l].in * net->layer[l].out;
	if (net->shape.layers)
		sum += net->layer[net->shape.layers - 1].out;
	return sum;
}

size_t net_size(const struct net *net)
{
	return net->size;
}

void net_save(const struct net *net, float *block)
{
	memcpy(block, net->block, net->size * sizeof *block);
}

void net_restore(struct net *net, const float *block)
{
	memcpy(net->block, block, net->size * sizeof *block);
}

/* ---- forward ---- */

/* Buffers for some rows; in training they are windows of the batch's. */
struct rows {
	float *x, *h[NET_LAYERS], *s, *z;
};

static struct rows rows_new(const struct net *net, size_t n)
{
	struct rows b = { .x = mem_new(n * net->ldx, sizeof(float)) };

	for (size_t l = 0; l < net->shape.layers; l++)
		b.h[l] = mem_new(n * net->layer[l].width, sizeof(float));
	b.s = mem_new(n * net->table.dim, sizeof(float));
	b.z = mem_new(n, sizeof(float));
	return b;
}

static void rows_free(const struct net *net, struct rows *b)
{
	free(b->x);
	for (size_t l = 0; l < net->shape.layers; l++)
		free(b->h[l]);
	free(b->s);
	free(b->z);
}

static struct rows rows_window(const struct net *net, const struct rows *b, size_t first)
{
	struct rows w = { .x = b->x + first * net->ldx };

	for (size_t l = 0; l < net->shape.layers; l++)
		w.h[l] = b->h[l] + first * net->layer[l].width;
	w.s = b->s + first * net->table.dim;
	w.z = b->z + first;
	return w;
}

/* The entry of a column that a row reads, or UINT64_MAX for an unknown user or item. */
static uint64_t entry(const struct net_field *f, uint64_t row)
{
	uint64_t e = f->key ? f->key[row] : row;

	return f->key && e >= f->entries ? UINT64_MAX : e;
}

/* Rows of the embedding table for a categorical field of n rows: row[i], or first + i. */
static void categories(const struct net *net, size_t field, const struct net_field *f,
	const uint32_t *row, uint64_t first, size_t n, uint32_t *id)
{
	uint32_t unknown = (uint32_t)net->table.rows, base = net->base[field];
	uint64_t values = net->shape.field[field].values;

	for (size_t i = 0; i < n; i++) {
		uint64_t at = row ? row[i] : first + i;

		if (f->key && (at = f->key[at]) >= f->entries) {
			id[i] = unknown;
			continue;
		}
		if (f->cat)
			at = f->cat[at];
		id[i] = at < values ? base + (uint32_t)at : unknown;
	}
}

static void gather_numbers(
	const struct net *net, size_t field, const struct net_field *f, uint64_t row, float *x)
{
	uint64_t e = entry(f, row), width = net->shape.field[field].values;
	const float *mean = net->mean + net->place[field], *scale = net->scale + net->place[field];

	if (e == UINT64_MAX)
		memset(x, 0, width * sizeof *x);
	else
		SIMD_CALL(embed_numbers)(x, f->num + e * width, mean, scale, width);
}

/* Fills x and starts z with bias and first order. row NULL: rows first, first + 1, ... */
static void gather(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct rows *b)
{
	size_t dim = net->table.dim;
	uint32_t id[CHUNK];

	for (size_t r = 0; r < n; r++)
		b->z[r] = *net->bias.w;
	for (size_t f = 0; f < net->shape.fields; f++) {
		const struct net_field *in = field + f;
		float *x = b->x + net->place[f] * dim;

		if (net->shape.field[f].kind == NET_CAT) {
			categories(net, f, in, row, first, n, id);
			SIMD_CALL(embed_gather)(x, net->ldx, b->z, &net->table, id, n);
			continue;
		}
		for (size_t r = 0; r < n; r++) {
			uint64_t at = row ? row[r] : first + r, e = entry(in, at);
			uint64_t from = 0, to = 0;

			if (net->shape.field[f].kind == NET_NUM) {
				gather_numbers(net, f, in, at,
					b->x + r * net->ldx + net->slots * dim + net->place[f]);
				continue;
			}
			if (e != UINT64_MAX) {
				from = in->at[e];
				to = in->at[e + 1];
			}
			SIMD_CALL(embed_mean)
			(x + r * net->ldx, b->z + r, &net->table, net->base[f],
				net->shape.field[f].values, in->id + from, to - from);
		}
	}
	if (net->has_linear && net->numbers)
		for (size_t r = 0; r < n; r++)
			b->z[r] += SIMD_CALL(gemm_dot)(b->x + r * net->ldx + net->slots * dim,
				net->number_linear.w, net->numbers);
}

struct dropout {
	uint64_t seed; /* of this epoch */
	double share;
	size_t first; /* position in the epoch of the first row */
};

/* Sixteen bits a unit: shares are met to 1/65536. */
static void drop(
	float *h, size_t width, size_t out, size_t n, size_t layer, const struct dropout *how)
{
	uint64_t seed = rng_derive(how->seed, layer), words = (out + 3) / 4;
	uint64_t limit = (uint64_t)(how->share * 65536);
	float scale = (float)(1 / (1 - how->share));

	for (size_t r = 0; r < n; r++)
		for (size_t j = 0; j < out; j += 4) {
			uint64_t bits =
				rng_bits(seed, RNG_DROPOUT, (how->first + r) * words + j / 4);

			for (size_t i = j; i < j + 4 && i < out; i++, bits >>= 16)
				h[r * width + i] =
					(bits & 65535) < limit ? 0 : h[r * width + i] * scale;
		}
}

/* z of n <= CHUNK rows. */
static void forward(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t first, size_t n, struct rows *b, const struct dropout *how)
{
	size_t dim = net->table.dim, last = net->shape.layers - 1;
	const float *in = b->x;
	size_t ld = net->ldx;

	gather(net, field, row, first, n, b);
	if (net->has_fm)
		for (size_t r = 0; r < n; r++) {
			const float *x = b->x + r * net->ldx;

			b->z[r] += SIMD_CALL(embed_fm)(b->s + r * dim, x, net->slots, dim,
				x + net->slots * dim, net->numbers, net->number_vector.w);
		}
	for (size_t l = 0; l < net->shape.layers; l++) {
		const struct layer *y = net->layer + l;
		const struct gemm g = { .a = in,
			.lda = ld,
			.w = y->weights.w,
			.k = y->in,
			.panels = y->panels,
			.end = GEMM_RELU };

		SIMD_CALL(gemm_forward)(b->h[l], y->width, &g, n);
		if (how && how->share > 0)
			drop(b->h[l], y->width, y->out, n, l, how);
		in = b->h[l];
		ld = y->width;
	}
	if (net->shape.layers)
		for (size_t r = 0; r < n; r++)
			b->z[r] += SIMD_CALL(gemm_dot)(
				b->h[last] + r * ld, net->output.w, net->layer[last].out);
}

void net_predict(const struct net *net, const struct net_field *field, const uint32_t *row,
	size_t n, float *score)
{
	size_t chunks = (n + CHUNK - 1) / CHUNK;

#pragma omp parallel if (chunks > 1)
	{
		struct rows b = rows_new(net, CHUNK);

#pragma omp for schedule(dynamic, 16)
		for (size_t c = 0; c < chunks; c++) {
			size_t first = c * CHUNK, m = n - first < CHUNK ? n - first : CHUNK;

			forward(net, field, row ? row + first : NULL, first, m, &b, NULL);
			memcpy(score + first, b.z, m * sizeof *score);
		}
		rows_free(net, &b);
	}
}

/* ---- training ---- */

/* The ids of one field in a batch, sorted by id, then row. */
struct sorted {
	uint32_t *id, *row, *spare_id, *spare_row;
	float *weight, *spare_weight; /* bags only */
	size_t n, room;
};

enum task_kind { TASK_TILE, TASK_OUTPUT, TASK_LINEAR, TASK_VECTOR, TASK_EMBED };

struct task {
	enum task_kind kind;
	size_t which; /* layer or field */
	size_t panel; /* or the number of the piece */
	size_t from, to;
};

struct trainer {
	struct net *net;
	const struct net_training *how;
	const struct net_field *field;
	struct dropout dropout;
	struct rows batch;
	float *delta[NET_LAYERS], *dx, *value, *slope;
	struct sorted *sorted; /* a field */
	struct task *task;
	size_t tasks, room, pieces, chunk;
	/* the step at hand */
	const uint32_t *row; /* n of them */
	size_t n;
	struct optim_adam dense, sparse;
};

static void entry_add(struct sorted *s, uint32_t id, uint32_t row, float weight, bool weighted)
{
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 1024;
		s->id = mem_grow(s->id, s->room, sizeof *s->id);
		s->row = mem_grow(s->row, s->room, sizeof *s->row);
		s->spare_id = mem_grow(s->spare_id, s->room, sizeof *s->id);
		s->spare_row = mem_grow(s->spare_row, s->room, sizeof *s->row);
		if (weighted) {
			s->weight = mem_grow(s->weight, s->room, sizeof *s->weight);
			s->spare_weight = mem_grow(s->spare_weight, s->room, sizeof *s->weight);
		}
	}
	s->id[s->n] = id;
	s->row[s->n] = row;
	if (weighted)
		s->weight[s->n] = weight;
	s->n++;
}

/* One stable pass of a radix sort over `bits` bits at `shift`. */
static void radix_pass(struct sorted *s, unsigned shift, unsigned bits)
{
	uint32_t count[2049] = { 0 }, mask = (1u << bits) - 1;
	uint32_t *id = s->spare_id, *row = s->spare_row;
	float *weight = s->spare_weight;

	for (size_t i = 0; i < s->n; i++)
		count[(s->id[i] >> shift & mask) + 1]++;
	for (uint32_t i = 0; i < mask; i++)
		count[i + 1] += count[i];
	for (size_t i = 0; i < s->n; i++) {
		uint32_t to = count[s->id[i] >> shift & mask]++;

		id[to] = s->id[i];
		row[to] = s->row[i];
		if (weight)
			weight[to] = s->weight[i];
	}
	s->spare_id = s->id;
	s->spare_row = s->row;
	s->spare_weight = s->weight;
	s->id = id;
	s->row = row;
	s->weight = weight;
}

static void list_categories(struct trainer *t, size_t f)
{
	const struct net *net = t->net;
	uint32_t id[CHUNK], base = net->base[f];

	for (size_t first = 0; first < t->n; first += CHUNK) {
		size_t n = t->n - first < CHUNK ? t->n - first : CHUNK;

		categories(net, f, t->field + f, t->row + first, 0, n, id);
		for (size_t i = 0; i < n; i++)
			if (id[i] != net->table.rows)
				entry_add(t->sorted + f, id[i] - base, (uint32_t)(first + i), 1,
					false);
	}
}

static void list_bags(struct trainer *t, size_t f)
{
	const struct net_field *in = t->field + f;
	uint32_t values = t->net->shape.field[f].values;

	for (size_t r = 0; r < t->n; r++) {
		uint64_t e = entry(in, t->row[r]);

		if (e == UINT64_MAX)
			continue;
		for (uint64_t i = in->at[e]; i < in->at[e + 1]; i++)
			if (in->id[i] < values)
				entry_add(t->sorted + f, in->id[i], (uint32_t)r,
					1 / (float)(in->at[e + 1] - in->at[e]), true);
	}
}

/* Ids relative to the field's base while sorting, so that small fields take one pass. */
static void sort_field(struct trainer *t, size_t f)
{
	const struct net *net = t->net;
	struct sorted *s = t->sorted + f;
	uint32_t values = net->shape.field[f].values, base = net->base[f];
	unsigned bits = 1;

	s->n = 0;
	if (net->shape.field[f].kind == NET_CAT)
		list_categories(t, f);
	else
		list_bags(t, f);
	while (bits < 32 && values > 1u << bits)
		bits++;
	for (unsigned shift = 0; shift < bits; shift += 11)
		radix_pass(s, shift, bits - shift < 11 ? bits - shift : 11);
	for (size_t i = 0; i < s->n; i++)
		s->id[i] += base;
}

/* The loss of a chunk, its slope by z, then deltas of every layer and dx. */
static void backward(struct trainer *t, size_t first, size_t n, const struct rows *b)
{
	const struct net *net = t->net;
	const struct net_training *how = t->how;
	size_t dim = net->table.dim, layers = net->shape.layers;
	float label[CHUNK], teacher[CHUNK], scale = 1 / (float)t->n;
	float *value = t->value + first, *slope = t->slope + first;
	float *dx = t->dx + first * net->lddx;
	float keep = (float)(1 / (1 - how->dropout));

	for (size_t r = 0; r < n; r++) {
		label[r] = how->label ? how->label[t->row[first + r]] : 0;
		teacher[r] = how->teacher ? how->teacher[t->row[first + r]] : 0;
	}
	SIMD_CALL(loss_rows)(value, slope, b->z, label, teacher, n, &how->loss);
	for (size_t r = 0; r < n; r++) {
		float weight = how->weight ? how->weight[t->row[first + r]] : 1;

		value[r] *= weight;
		slope[r] *= weight * scale;
	}
	for (size_t l = layers; l-- > 0;) {
		const struct layer *y = net->layer + l;
		float *d = t->delta[l] + first * y->width;
		struct gemm g = { .mask = b->h[l],
			.ldmask = y->width,
			.scale = keep,
			.end = GEMM_MASKED,
			.panels = y->panels };

		if (l + 1 < layers) {
			g.a = t->delta[l + 1] + first * net->layer[l + 1].width;
			g.lda = net->layer[l + 1].width;
			g.k = net->layer[l + 1].out;
			g.w = net->layer[l + 1].transposed;
		} else { /* the output layer has one column: delta = slope x weight */
			g.a = slope;
			g.lda = 1;
			g.k = 1;
			g.w = net->output.w; /* `panels` panels of one row each */
		}
		SIMD_CALL(gemm_forward)(d, y->width, &g, n);
	}
	if (!net->lddx)
		return;
	if (layers) {
		const struct layer *y = net->layer;
		struct gemm g = { .a = t->delta[0] + first * y->width,
			.lda = y->width,
			.k = y->out,
			.w = y->transposed,
			.panels = net->lddx / GEMM_PANEL,
			.end = GEMM_PLAIN };

		SIMD_CALL(gemm_forward)(dx, net->lddx, &g, n);
	} else {
		memset(dx, 0, n * net->lddx * sizeof *dx);
	}
	if (net->has_fm)
		for (size_t r = 0; r < n; r++)
			SIMD_CALL(embed_fm_backward)
	(dx + r * net->lddx, b->x + r * net->ldx, b->s + r * dim, slope[r], net->slots, dim);
}

static void run_chunk(struct trainer *t, size_t chunk)
{
	size_t first = chunk * t->chunk, n = t->n - first < t->chunk ? t->n - first : t->chunk;
	struct rows b = rows_window(t->net, &t->batch, first);
	struct dropout how = t->dropout;

	how.first += first;
	forward(t->net, t->field, t->row + first, 0, n, &b, &how);
	backward(t, first, n, &b);
}

/* First row of shard s of a batch of n rows. */
static size_t shard(size_t s, size_t n)
{
	return (s * n + SHARDS - 1) / SHARDS;
}

/* part[0] += the other shards, in the tree ((0 + 1) + (2 + 3)). Each is n floats. */
static void add_shards(float *part, size_t n)
{
	for (size_t step = 1; step < SHARDS; step *= 2)
		for (size_t s = 0; s < SHARDS; s += 2 * step) {
			float *restrict a = part + s * n;
			const float *restrict b = part + (s + step) * n;

			for (size_t i = 0; i < n; i++)
				a[i] += b[i];
		}
}

static void transpose(struct layer *y, size_t panel, size_t from, size_t to)
{
	const float *w = y->weights.w + panel * (y->in + 1) * GEMM_PANEL;
	size_t first = panel * GEMM_PANEL, n = y->out - first;

	if (n > GEMM_PANEL)
		n = GEMM_PANEL;
	for (size_t k = from; k < to && k < y->back; k++) {
		float *t = y->transposed + (k / GEMM_PANEL * y->out + first) * GEMM_PANEL +
			   k % GEMM_PANEL;

		for (size_t j = 0; j < n; j++)
			t[j * GEMM_PANEL] = w[k * GEMM_PANEL + j];
	}
}

/* Weights [from, to) x 32 of a layer; the task that ends at `in` takes the bias too. */
static void run_tile(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	struct layer *y = net->layer + k->which;
	const float *h = k->which ? t->batch.h[k->which - 1] : t->batch.x;
	size_t ldh = k->which ? net->layer[k->which - 1].width : net->ldx;
	const float *d = t->delta[k->which] + k->panel * GEMM_PANEL;
	size_t rows = k->to - k->from, at = k->panel * (y->in + 1) + k->from;
	bool bias = k->to == y->in;
	size_t size = (rows + bias) * GEMM_PANEL;

	for (size_t s = 0; s < SHARDS; s++) {
		size_t r = shard(s, t->n), n = shard(s + 1, t->n) - r;

		SIMD_CALL(gemm_gradient)
		(part + s * size, rows, h + r * ldh + k->from, ldh, d + r * y->width, y->width, n);
		if (bias)
			SIMD_CALL(gemm_column_sums)
		(part + s * size + rows * GEMM_PANEL, NULL, d + r * y->width, y->width, n,
			GEMM_PANEL);
	}
	add_shards(part, size);
	at *= GEMM_PANEL;
	SIMD_CALL(optim_adam_step)
	(y->weights.w + at, y->weights.m + at, y->weights.v + at, part, size, &t->dense);
	transpose(y, k->panel, k->from, k->to);
}

/* p[from .. to) with gradients sum_r slope[r] in[r][j]; in NULL: sum_r slope[r]. */
static void run_columns(struct trainer *t, struct param *p, const float *in, size_t ld, size_t from,
	size_t to, const struct optim_adam *how, float *part)
{
	size_t size = to - from;

	for (size_t s = 0; s < SHARDS; s++) {
		size_t r = shard(s, t->n), n = shard(s + 1, t->n) - r;

		SIMD_CALL(gemm_column_sums)
		(part + s * size, in ? t->slope + r : NULL, in ? in + r * ld + from : t->slope + r,
			in ? ld : 1, n, size);
	}
	add_shards(part, size);
	SIMD_CALL(optim_adam_step)(p->w + from, p->m + from, p->v + from, part, size, how);
}

static void run_vectors(struct trainer *t, size_t from, size_t to, float *part)
{
	struct net *net = t->net;
	size_t dim = net->table.dim, size = (to - from) * dim;

	for (size_t s = 0; s < SHARDS; s++) {
		size_t r = shard(s, t->n), n = shard(s + 1, t->n) - r;

		for (size_t j = from; j < to; j++)
			SIMD_CALL(embed_fm_number)
		(part + s * size + (j - from) * dim, net->number_vector.w + j * dim,
			t->batch.x + r * net->ldx + net->slots * dim + j, net->ldx,
			t->batch.s + r * dim, t->slope + r, n, dim);
	}
	add_shards(part, size);
	SIMD_CALL(optim_adam_step)
	(net->number_vector.w + from * dim, net->number_vector.m + from * dim,
		net->number_vector.v + from * dim, part, size, &t->sparse);
}

/* Piece number `panel` of a field's sorted ids, cut between ids. */
static void run_embed(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	const struct sorted *s = t->sorted + k->which;
	uint32_t base = net->base[k->which], end = base + net->shape.field[k->which].values;
	size_t cut[2];
	struct embed_piece p = { .first = base,
		.last = end,
		.lazy = t->how->lazy,
		.batch = t->n,
		.dx = t->dx + net->place[k->which] * net->table.dim,
		.lddx = net->lddx,
		.slope = t->slope };

	for (size_t i = 0; i < 2; i++) {
		cut[i] = (k->panel + i) * s->n / t->pieces;
		while (cut[i] > 0 && cut[i] < s->n && s->id[cut[i]] == s->id[cut[i] - 1])
			cut[i]++;
	}
	if (k->panel > 0)
		p.first = cut[0] < s->n ? s->id[cut[0]] : end;
	if (k->panel + 1 < t->pieces)
		p.last = cut[1] < s->n ? s->id[cut[1]] : end;
	p.id = s->id + cut[0];
	p.row = s->row + cut[0];
	p.weight = s->weight ? s->weight + cut[0] : NULL;
	p.n = cut[1] - cut[0];
	SIMD_CALL(embed_step)(&net->table, &p, &t->sparse, part);
}

static void run_task(struct trainer *t, const struct task *k, float *part)
{
	struct net *net = t->net;
	size_t layers = net->shape.layers;

	switch (k->kind) {
	case TASK_TILE:
		run_tile(t, k, part);
		break;
	case TASK_OUTPUT:
		run_columns(t, &net->bias, NULL, 1, 0, 1, &t->dense, part);
		if (layers)
			run_columns(t, &net->output, t->batch.h[layers - 1],
				net->layer[layers - 1].width, 0, net->layer[layers - 1].out,
				&t->dense, part);
		break;
	case TASK_LINEAR:
		run_columns(t, &net->number_linear, t->batch.x + net->slots * net->table.dim,
			net->ldx, k->from, k->to, &t->sparse, part);
		break;
	case TASK_VECTOR:
		run_vectors(t, k->from, k->to, part);
		break;
	case TASK_EMBED:
		run_embed(t, k, part);
		break;
	}
}

static void task_add(struct trainer *t, struct task task)
{
	if (t->tasks == t->room) {
		t->room = t->room ? 2 * t->room : 64;
		t->task = mem_grow(t->task, t->room, sizeof *t->task);
	}
	t->task[t->tasks++] = task;
}

/* The largest pieces first, so that the last ones level the threads out. */
static void plan(struct trainer *t)
{
	const struct net *net = t->net;

	for (size_t l = 0; l < net->shape.layers; l++)
		for (size_t p = 0; p < net->layer[l].panels; p++)
			for (size_t k = 0, in = net->layer[l].in; k < in; k += TILE)
				task_add(t, (struct task){ TASK_TILE, l, p, k,
						    k + TILE < in ? k + TILE : in });
	for (size_t f = 0; f < net->shape.fields; f++)
		for (size_t p = 0; p < t->pieces && net->shape.field[f].kind != NET_NUM; p++)
			task_add(t, (struct task){ TASK_EMBED, f, p, 0, 0 });
	for (size_t j = 0; j < net->numbers; j += NUMBERS_TASK) {
		size_t to = j + NUMBERS_TASK < net->numbers ? j + NUMBERS_TASK : net->numbers;

		if (net->has_fm)
			task_add(t, (struct task){ TASK_VECTOR, 0, 0, j, to });
		if (net->has_linear)
			task_add(t, (struct task){ TASK_LINEAR, 0, 0, j, to });
	}
	task_add(t, (struct task){ TASK_OUTPUT, 0, 0, 0, 0 });
}

/* Floats of scratch that the largest task needs. */
static size_t scratch(const struct net *net)
{
	size_t most = (TILE + 1) * GEMM_PANEL, vectors = NUMBERS_TASK * (net->table.dim + 1);
	size_t output = net->shape.layers ? net->layer[net->shape.layers - 1].width : 1;

	most = vectors > most ? vectors : most;
	return SHARDS * (output > most ? output : most);
}

static void trainer_open(struct trainer *t, size_t batch)
{
	const struct net *net = t->net;
	size_t threads = (size_t)par_threads(), share;

	t->batch = rows_new(net, batch);
	for (size_t l = 0; l < net->shape.layers; l++)
		t->delta[l] = mem_new(batch * net->layer[l].width, sizeof(float));
	t->dx = mem_new(batch * net->lddx, sizeof(float));
	t->value = mem_new(batch, sizeof(float));
	t->slope = mem_new(batch, sizeof(float));
	t->sorted = mem_new(net->shape.fields, sizeof *t->sorted);
	t->pieces = threads > 2 ? 2 * threads : 4;
	share = round_up((batch + 2 * threads - 1) / (2 * threads), 12);
	t->chunk = share < CHUNK ? share : CHUNK;
	plan(t);
	for (size_t l = 0; l < net->shape.layers; l++)
		for (size_t p = 0; p < net->layer[l].panels; p++)
			transpose(t->net->layer + l, p, 0, net->layer[l].in);
}

static void trainer_close(struct trainer *t)
{
	rows_free(t->net, &t->batch);
	for (size_t l = 0; l < t->net->shape.layers; l++)
		free(t->delta[l]);
	for (size_t f = 0; f < t->net->shape.fields; f++) {
		struct sorted *s = t->sorted + f;

		free(s->id);
		free(s->row);
		free(s->spare_id);
		free(s->spare_row);
		free(s->weight);
		free(s->spare_weight);
	}
	free(t->sorted);
	free(t->dx);
	free(t->value);
	free(t->slope);
	free(t->task);
}

/* What the threads of an epoch share: who does what next. */
struct share {
	_Alignas(128) size_t next[2];
	struct par_barrier barrier;
	double loss;
	size_t bad;
};

static void run_phase(struct trainer *t, struct share *share, int phase, float *part)
{
	size_t fields = t->net->shape.fields, chunks = (t->n + t->chunk - 1) / t->chunk;
	size_t all = phase ? t->tasks : fields + chunks, i;

	while ((i = __atomic_fetch_add(&share->next[phase], 1, __ATOMIC_RELAXED)) < all) {
		if (phase)
			run_task(t, t->task + i, part);
		else if (i >= fields)
			run_chunk(t, i - fields);
		else if (t->net->shape.field[i].kind != NET_NUM)
			sort_field(t, i);
	}
	par_wait(&share->barrier);
}

/* Thread 0 between barriers: the loss of the step, and the counter of the phase that is over. */
static void end_phase(const struct trainer *t, struct share *share, size_t step)
{
	double sum = 0;

	share->next[0] = 0;
	for (size_t r = 0; r < t->n; r++)
		sum += (double)t->value[r];
	share->loss += sum;
	if (!isfinite(sum) && !share->bad)
		share->bad = step + 1;
}

double net_epoch(struct net *net, const struct net_training *how, const struct net_field *field,
	const uint32_t *row, size_t n, uint64_t epoch, size_t *bad)
{
	size_t batch = how->batch < n ? how->batch : n, steps = (n + batch - 1) / batch;
	struct trainer all = { .net = net,
		.how = how,
		.field = field,
		.dropout = { rng_derive(how->seed, epoch), how->dropout, 0 } };
	struct share share = { .barrier = { .count = par_threads() } };
	uint32_t *order = mem_new(n, sizeof *order);

	rng_permute(order, n, rng_derive(how->seed, epoch), RNG_SHUFFLE);
	for (size_t i = 0; i < n; i++)
		order[i] = row[order[i]];
	trainer_open(&all, batch);
#pragma omp parallel num_threads(share.barrier.count)
	{
		struct trainer t = all;
		struct optim_clock clock = net->clock;
		float *part = mem_new(scratch(net), sizeof *part);

#pragma omp single
		share.barrier.count = omp_get_num_threads();
		for (size_t s = 0; s < steps && !share.bad; s++) {
			t.row = order + s * batch;
			t.n = n - s * batch < batch ? n - s * batch : batch;
			t.dropout.first = s * batch;
			t.dense = optim_tick(&clock, how->rate, 0);
			t.sparse = t.dense;
			t.sparse.l2 = (float)how->l2;
			run_phase(&t, &share, 0, part);
			if (omp_get_thread_num() == 0)
				end_phase(&t, &share, s);
			run_phase(&t, &share, 1, part);
			if (omp_get_thread_num() == 0)
				share.next[1] = 0;
		}
#pragma omp barrier
#pragma omp single
		net->clock = clock;
		free(part);
	}
	trainer_close(&all);
	free(order);
	*bad = share.bad;
	return share.bad ? NAN : share.loss / (double)n;
}

/* ---- starting ---- */

/* Mean and 1 / deviation of numbers; a constant number gets scale 0 and so is left out. */
static void standardise(
	struct net *net, const struct net_field *field, const uint32_t *row, size_t n)
{
#pragma omp parallel for schedule(dynamic, 1)
	for (size_t f = 0; f < net->shape.fields; f++) {
		size_t width = net->shape.field[f].values;
		double *sum, *square;

		if (net->shape.field[f].kind != NET_NUM)
			continue;
		sum = mem_new(2 * width, sizeof *sum);
		square = sum + width;
		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < n; i++) {
				uint64_t e = entry(field + f, row[i]);

				for (size_t j = 0; j < width && e != UINT64_MAX; j++) {
					double x = (double)field[f].num[e * width + j];

					if (pass)
						square[j] += (x - sum[j] / (double)n) *
							     (x - sum[j] / (double)n);
					else
						sum[j] += x;
				}
			}
		for (size_t j = 0; j < width; j++) {
			double mean = sum[j] / (double)n, deviation = sqrt(square[j] / (double)n);
			bool constant = !(deviation > 1e-6 * (1 + fabs(mean)));

			net->mean[net->place[f] + j] = (float)mean;
			net->scale[net->place[f] + j] = constant ? 0 : (float)(1 / deviation);
		}
		free(sum);
	}
}

static void fill(float *w, size_t n, double width, uint64_t seed, uint64_t part)
{
	seed = rng_derive(seed, part);
	for (size_t i = 0; i < n; i++)
		w[i] = (float)(width * (2 * rng_unit(seed, RNG_INIT, i) - 1));
}

void net_start(struct net *net, uint64_t seed, const struct net_field *field, const uint32_t *row,
	size_t n, double bias)
{
	double spread = (net->shape.arch == NET_FM ? 0.01 : 0.05) * sqrt(3);
	size_t last = net->shape.layers - 1;

	memset(net->block, 0, 3 * net->size * sizeof *net->block);
	net->clock = (struct optim_clock){ 1, 1 };
	standardise(net, field, row, n);
	*net->bias.w = (float)bias;
	fill(net->table.w, net->table.rows * net->table.dim, spread, seed, 0);
	if (net->has_fm)
		fill(net->number_vector.w, net->number_vector.n, spread, seed, 1);
	for (size_t l = 0; l < net->shape.layers; l++) {
		const struct layer *y = net->layer + l;
		float *w = mem_new((y->in + 1) * y->out, sizeof *w);

		fill(w, (y->in + 1) * y->out, 1 / sqrt((double)(y->in ? y->in : 1)), seed, 2 + l);
		for (size_t k = 0; k <= y->in; k++)
			for (size_t j = 0; j < y->out; j++)
				y->weights.w[(j / GEMM_PANEL * (y->in + 1) + k) * GEMM_PANEL +
					     j % GEMM_PANEL] = w[k * y->out + j];
		free(w);
	}
	if (net->shape.layers)
		fill(net->output.w, net->layer[last].out, 1 / sqrt((double)net->layer[last].out),
			seed, 2 + NET_LAYERS);
}
