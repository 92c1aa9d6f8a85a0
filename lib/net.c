#include "net.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gemm.h"
#include "mem.h"

enum { LANES = 16 };

const struct net_shape *net_shape(const struct net *net)
{
	return &net->shape;
}

/* Where everything begins: rows of the table, and places in x. Of one tower, x is the slots, then
 * the numbers; of two, that for each tower, the second at a multiple of a panel. */
static void measure(struct net *net)
{
	const struct net_shape *s = &net->shape;
	size_t rows = 0, end = 0;

	net->table.dim = net->has->embeddings ? s->dim : 0;
	for (size_t f = 0; f < s->fields; f++) {
		bool number = s->field[f].kind == NET_NUM;

		net->rows[f] = number ? 0 : s->field[f].values + s->unknown;
		net->place[f] = number ? net->numbers : net->slots++;
		net->base[f] = (uint32_t)rows;
		net->numbers += number ? s->field[f].values : 0;
		rows += net->rows[f];
	}
	assert(rows < UINT32_MAX);
	net->table.rows = rows;
	for (size_t t = 0; t < net->towers; t++) {
		struct net_layer *first = net->layer + t * s->layers;
		size_t from = net_round(end, GEMM_PANEL);

		end = from;
		for (int number = 0; number < 2; number++) {
			for (size_t f = 0; f < s->fields; f++) {
				if ((s->field[f].kind == NET_NUM) != number ||
					(net->towers > 1 && s->field[f].item != t))
					continue;
				net->at[f] = end;
				end += number ? s->field[f].values : net->table.dim;
			}
			if (!number)
				net->lddx = from + net_round(end - from, GEMM_PANEL);
			if (!number)
				first->back = end - from;
		}
		first->from = from;
		first->in = end - from;
	}
	net->inputs = end;
	net->ldx = net_round(end, LANES);
}

/* n weights with so many first and second moments. Called twice: with block NULL it only adds up the
 * sizes. */
static struct net_param take_apart(
	struct net *net, size_t used[3], size_t n, size_t first, size_t second)
{
	struct net_param p = { .n = n };

	if (net->block) {
		p.w = net->block + used[0];
		p.m = first ? net->block + net->size[0] + used[1] : NULL;
		p.v = net->block + net->size[0] + net->size[1] + used[2];
	}
	used[0] += net_round(n, LANES);
	used[1] += net_round(first, LANES);
	used[2] += net_round(second, LANES);
	return p;
}

static struct net_param take(struct net *net, size_t used[3], size_t n)
{
	return take_apart(net, used, n, n, n);
}

static void place_layer(struct net *net, struct net_layer *y, size_t used[3])
{
	size_t batch = y->norm == NET_BATCH_NORM ? y->width : 0;

	y->weights = take(net, used, y->panels * (y->in + 1) * GEMM_PANEL);
	y->gain = take(net, used, y->norm ? y->width : 0);
	y->shift = take(net, used, y->norm ? y->width : 0);
	y->mean = take(net, used, batch);
	y->variance = take(net, used, batch);
}

static void place_table(struct net *net, size_t used[3])
{
	const struct net_shape *s = &net->shape;
	struct embed_table *t = &net->table;
	size_t rows = t->rows + 1, all = rows * t->dim;
	size_t firsts = net->has->linear ? rows + (s->wides << s->wide_bits) : 0;
	struct net_param p = s->rowwise ? take_apart(net, used, all, 0, t->dim ? rows : 0)
					: take(net, used, all);

	t->w = p.w;
	t->m = p.m;
	t->v = p.v;
	p = take_apart(net, used, firsts, s->rowwise ? 0 : firsts, firsts);
	t->linear = firsts ? p.w : NULL;
	t->linear_m = p.m;
	t->linear_v = p.v;
}

static void place_weights(struct net *net, size_t used[3])
{
	const struct net_shape *s = &net->shape;

	net->bias = take(net, used, 1);
	place_table(net, used);
	net->number_linear = take(net, used, net->has->linear ? net->numbers : 0);
	net->number_vector = take(net, used, net->has->fm ? net->numbers * net->table.dim : 0);
	for (size_t l = 0; l < net->layers; l++)
		place_layer(net, net->layer + l, used);
	for (size_t l = 0; l < s->crosses; l++)
		place_layer(net, net->cross + l, used);
	net->cross_output = take(net, used, s->crosses ? net->cross[0].width : 0);
	net->output = take(
		net, used, s->layers && net->towers == 1 ? net->layer[s->layers - 1].width : 0);
}

static void shape_layer(struct net_layer *y, size_t in, size_t out, size_t back)
{
	y->in = in;
	y->out = out;
	y->panels = (out + GEMM_PANEL - 1) / GEMM_PANEL;
	y->width = y->panels * GEMM_PANEL;
	y->back = back;
	y->transposed = mem_new(net_round(back, GEMM_PANEL) * out, sizeof(float));
}

/* Hidden layers of the towers; the last one of two towers is linear. */
static void shape_layers(struct net *net)
{
	const struct net_shape *s = &net->shape;

	for (size_t i = 0; i < net->layers; i++) {
		struct net_layer *y = net->layer + i;
		size_t l = i % s->layers, in = l ? s->hidden[l - 1] : y->in;
		bool last = net->towers > 1 && l + 1 == s->layers;

		shape_layer(y, in, s->hidden[l], l ? in : y->back);
		y->active = last ? ACTIVE_LINEAR : s->active;
		y->norm = last ? NET_PLAIN : s->norm;
	}
	for (size_t l = 0; l < s->crosses; l++)
		shape_layer(net->cross + l, net->inputs, net->inputs, net->inputs);
}

/* The same sizes as measure() finds, before there is a network. */
static struct parts_count count(const struct net_shape *s)
{
	const struct arch *has = arch_of(s->arch);
	struct parts_size size = { .dim = has->embeddings ? s->dim : 0,
		.crosses = (double)s->wides,
		.hashed = (double)s->wides * (double)((size_t)1 << s->wide_bits),
		.cross_layers = s->crosses,
		.layers = s->layers,
		.hidden = s->hidden,
		.statistics = s->norm == NET_PLAIN ? 0 : 2 };

	for (size_t f = 0; f < s->fields; f++) {
		const struct net_field *field = s->field + f;
		bool number = field->kind == NET_NUM;

		size.rows += number ? 0 : (double)field->values + s->unknown;
		size.slots += !number;
		size.numbers += number ? field->values : 0;
		size.inputs[field->item] += number ? field->values : size.dim;
	}
	return has->count(&size);
}

double net_weights(const struct net_shape *shape)
{
	return count(shape).weights;
}

struct net *net_new(const struct net_shape *shape)
{
	struct net *net = mem_new(1, sizeof *net);
	struct net_field *field = mem_new(shape->fields, sizeof *field);

	memcpy(field, shape->field, shape->fields * sizeof *field);
	net->shape = *shape;
	net->shape.field = field;
	net->has = arch_of(shape->arch);
	if (!net->has->mlp)
		net->shape.layers = 0;
	if (!net->has->crosses)
		net->shape.crosses = 0;
	if (!net->has->linear)
		net->shape.wides = 0;
	net->towers = net->has->towers;
	net->layers = net->towers * net->shape.layers;
	net->base = mem_new(shape->fields, sizeof *net->base);
	net->rows = mem_new(shape->fields, sizeof *net->rows);
	net->place = mem_new(shape->fields, sizeof *net->place);
	net->at = mem_new(shape->fields, sizeof *net->at);
	net->embedding_pace = mem_new(shape->fields, sizeof *net->embedding_pace);
	net->linear_pace = mem_new(shape->fields, sizeof *net->linear_pace);
	measure(net);
	net->mean = mem_new(net->numbers, sizeof *net->mean);
	net->scale = mem_new(net->numbers, sizeof *net->scale);
	shape_layers(net);
	place_weights(net, net->size);
	net->block = mem_new(net->size[0] + net->size[1] + net->size[2], sizeof *net->block);
	place_weights(net, (size_t[3]){ 0 });
	net->clock = (struct optim_clock){ 1, 1 };
	for (size_t i = 0, n = net_tensors(net); i < n; i++)
		net_pace(net, i, 1);
	return net;
}

void net_free(struct net *net)
{
	if (!net)
		return;
	for (size_t l = 0; l < net->layers; l++)
		free(net->layer[l].transposed);
	for (size_t l = 0; l < net->shape.crosses; l++)
		free(net->cross[l].transposed);
	free((void *)(uintptr_t)net->shape.field);
	free(net->base);
	free(net->rows);
	free(net->place);
	free(net->at);
	free(net->embedding_pace);
	free(net->linear_pace);
	free(net->mean);
	free(net->scale);
	free(net->block);
	free(net);
}

/* ---- weights one by one ---- */

/* A weight: what it is, where its first element lies and how fast it is trained. */
struct found {
	struct net_tensor tensor;
	struct net_param at;
	float *pace; /* or NULL: it is not trained */
	const struct net_layer *panels; /* or NULL: it lies row by row */
};

static struct net_param from(const struct net_param *p, size_t first)
{
	return (struct net_param){ .w = p->w + first, .m = p->m + first, .v = p->v + first };
}

static struct net_param vectors(const struct embed_table *t, size_t row)
{
	size_t at = row * t->dim;

	return (struct net_param){
		.w = t->w + at, .m = t->m ? t->m + at : NULL, .v = t->v + (t->m ? at : row)
	};
}

static struct net_param firsts(const struct embed_table *t, size_t row)
{
	return (struct net_param){ .w = t->linear + row,
		.m = t->linear_m ? t->linear_m + row : NULL,
		.v = t->linear_v + row };
}

/* Each of these makes *x the i-th of its weights and returns true, or takes their number off i. */
static bool find_field(struct net *net, size_t f, size_t *i, struct found *x)
{
	size_t dim = net->table.dim;
	bool number = net->shape.field[f].kind == NET_NUM;
	uint64_t n = number ? net->shape.field[f].values : net->rows[f];
	size_t first = number ? net->place[f] : net->base[f];

	if (number && (*i)-- == 0) {
		*x = (struct found){ { "mean", (int)f, NULL, -1, n, 0 }, { .w = net->mean + first },
			NULL, NULL };
		return true;
	}
	if (number && (*i)-- == 0) {
		*x = (struct found){ { "scale", (int)f, NULL, -1, n, 0 },
			{ .w = net->scale + first }, NULL, NULL };
		return true;
	}
	if (net->has->linear && (*i)-- == 0) {
		*x = (struct found){ { "linear", (int)f, NULL, -1, n, 0 },
			number ? from(&net->number_linear, first) : firsts(&net->table, first),
			net->linear_pace + f, NULL };
		return true;
	}
	if (dim && (!number || net->has->fm) && (*i)-- == 0) {
		*x = (struct found){ { "embedding", (int)f, NULL, -1, n, dim },
			number ? from(&net->number_vector, first * dim)
			       : vectors(&net->table, first),
			net->embedding_pace + f, NULL };
		return true;
	}
	return false;
}

static bool find_layer(struct net_layer *y, const char *stack, int l, size_t *i, struct found *x)
{
	const char *const name[] = { "gain", "shift", "mean", "variance" };
	struct net_param *const norm[] = { &y->gain, &y->shift, &y->mean, &y->variance };

	if ((*i)-- == 0) {
		*x = (struct found){ { "weight", -1, stack, l, y->in, y->out }, y->weights,
			&y->weights.pace, y };
		return true;
	}
	if ((*i)-- == 0) {
		*x = (struct found){ { "bias", -1, stack, l, y->out, 0 }, y->weights, &y->bias_pace,
			y };
		return true;
	}
	for (int k = 0; k < 4; k++)
		if (norm[k]->n && (*i)-- == 0) {
			*x = (struct found){ { name[k], -1, stack, l, y->out, 0 }, *norm[k],
				&norm[k]->pace, NULL };
			return true;
		}
	return false;
}

/* Whether there is an i-th weight; *x becomes it. */
static bool find(struct net *net, size_t i, struct found *x)
{
	const struct net_shape *s = &net->shape;

	*x = (struct found){ { "bias", -1, NULL, -1, 1, 0 }, net->bias, &net->bias.pace, NULL };
	if (i-- == 0)
		return true;
	for (size_t f = 0; f < s->fields; f++)
		if (find_field(net, f, &i, x))
			return true;
	for (size_t k = 0; k < s->wides; k++)
		if (i-- == 0) {
			*x = (struct found){
				{ "wide", -1, NULL, (int)k, (uint64_t)1 << s->wide_bits, 0 },
				firsts(&net->table, net_wide_base(net, k)), net->wide_pace + k, NULL
			};
			return true;
		}
	for (size_t l = 0; l < s->crosses; l++)
		if (find_layer(net->cross + l, "cross", (int)l, &i, x))
			return true;
	for (size_t l = 0; l < net->layers; l++)
		if (find_layer(net->layer + l,
			    net->towers == 1 ? "mlp"
			    : l < s->layers  ? "user"
					     : "item",
			    (int)(l % s->layers), &i, x))
			return true;
	*x = (struct found){ { "cross.output", -1, NULL, -1, net->inputs, 0 }, net->cross_output,
		&net->cross_output.pace, NULL };
	if (s->crosses && i-- == 0)
		return true;
	if (!net->output.n || i)
		return false;
	*x = (struct found){ { "output", -1, NULL, -1, net->layer[s->layers - 1].out, 0 },
		net->output, &net->output.pace, NULL };
	return true;
}

/* The same, of a network that is not to be changed. */
static bool look(const struct net *net, size_t i, struct found *x)
{
	return find((struct net *)(uintptr_t)net, i, x);
}

size_t net_tensors(const struct net *net)
{
	struct found x;
	size_t n = 0;

	while (look(net, n, &x))
		n++;
	return n;
}

struct net_tensor net_tensor(const struct net *net, size_t i)
{
	struct found x;
	bool there = look(net, i, &x);

	assert(there);
	return x.tensor;
}

/* Floats of each of its rows: a table without first moments has one second moment for a row. */
static uint64_t width(const struct found *x, enum net_state state)
{
	uint64_t cols = x->tensor.cols ? x->tensor.cols : 1;

	if (state != NET_WEIGHT && !net_trained(x->tensor))
		return 0;
	return state == NET_WEIGHT || x->at.m ? cols : state == NET_SECOND_MOMENT;
}

uint64_t net_state_size(const struct net *net, size_t i, enum net_state state)
{
	struct found x;
	bool there = look(net, i, &x);

	assert(there);
	return x.tensor.rows * width(&x, state);
}

static float *at(const struct found *x, enum net_state state)
{
	return state == NET_WEIGHT ? x->at.w : state == NET_FIRST_MOMENT ? x->at.m : x->at.v;
}

/* Copies element by element between the block's layout and a row-major tensor. */
static void copy(const struct net *net, size_t i, enum net_state state, float *out, const float *in)
{
	struct found x;
	bool there = look(net, i, &x);
	struct net_tensor t = x.tensor;
	uint64_t cols = width(&x, state);
	float *from = at(&x, state);

	assert(there && cols);
	for (uint64_t r = 0; r < t.rows; r++)
		for (uint64_t c = 0; c < cols; c++) {
			float *mine = from + r * cols + c;

			if (x.panels) {
				const struct net_layer *y = x.panels;
				size_t k = t.cols ? r : y->in, n = t.cols ? c : r;

				mine = from + (n / GEMM_PANEL * (y->in + 1) + k) * GEMM_PANEL +
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
	copy(net, i, state, out, NULL);
}

void net_set(struct net *net, size_t i, enum net_state state, const float *in)
{
	copy(net, i, state, NULL, in);
}

const float *net_view(const struct net *net, size_t i, enum net_state state)
{
	struct found x;
	bool there = look(net, i, &x);

	assert(there && width(&x, state));
	return x.panels ? NULL : at(&x, state);
}

bool net_trained(struct net_tensor t)
{
	return strcmp(t.part, "mean") != 0 && strcmp(t.part, "scale") != 0 &&
	       strcmp(t.part, "variance") != 0;
}

void net_pace(struct net *net, size_t i, float pace)
{
	struct found x;

	if (find(net, i, &x) && x.pace)
		*x.pace = pace;
}

struct net *net_copy(const struct net *net)
{
	struct net *to = net_new(&net->shape);
	size_t floats = net->size[0] + net->size[1] + net->size[2];
	struct found x;

	memcpy(to->block, net->block, floats * sizeof *net->block);
	memcpy(to->mean, net->mean, net->numbers * sizeof *net->mean);
	memcpy(to->scale, net->scale, net->numbers * sizeof *net->scale);
	for (size_t i = 0; look(net, i, &x); i++)
		if (x.pace)
			net_pace(to, i, *x.pace);
	to->clock = net->clock;
	return to;
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
	return (uint64_t)count(&net->shape).multiply_adds;
}

size_t net_size(const struct net *net)
{
	return net->size[0];
}

void net_save(const struct net *net, float *block)
{
	memcpy(block, net->block, net->size[0] * sizeof *block);
}

void net_swap(struct net *net, float *block)
{
	for (size_t i = 0; i < net->size[0]; i++) {
		float w = net->block[i];

		net->block[i] = block[i];
		block[i] = w;
	}
}
