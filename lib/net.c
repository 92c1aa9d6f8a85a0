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
	net->ldx = net_round(net->inputs, LANES);
	net->lddx = net_round(net->slots * net->table.dim, GEMM_PANEL);
}

/* Called twice: with block NULL it only adds up the sizes. */
static struct net_param take(struct net *net, size_t *used, size_t n)
{
	struct net_param p = { NULL, NULL, NULL, n };

	if (net->block) {
		p.w = net->block + *used;
		p.m = p.w + net->size;
		p.v = p.m + net->size;
	}
	*used += net_round(n, LANES);
	return p;
}

static size_t place_weights(struct net *net)
{
	size_t used = 0, rows = net->table.rows + 1;
	struct net_param p;

	net->bias = take(net, &used, 1);
	p = take(net, &used, rows * net->table.dim);
	net->table.w = p.w;
	net->table.m = p.m;
	net->table.v = p.v;
	p = take(net, &used, net->has->linear ? rows : 0);
	net->table.linear = net->has->linear ? p.w : NULL;
	net->table.linear_m = p.m;
	net->table.linear_v = p.v;
	net->number_linear = take(net, &used, net->has->linear ? net->numbers : 0);
	net->number_vector = take(net, &used, net->has->fm ? net->numbers * net->table.dim : 0);
	for (size_t l = 0; l < net->shape.layers; l++) {
		struct net_layer *y = net->layer + l;

		y->weights = take(net, &used, y->panels * (y->in + 1) * GEMM_PANEL);
	}
	for (size_t l = 0; l < net->shape.crosses; l++) {
		struct net_layer *y = net->cross + l;

		y->weights = take(net, &used, y->panels * (y->in + 1) * GEMM_PANEL);
	}
	net->cross_output = take(net, &used, net->shape.crosses ? net->cross[0].width : 0);
	net->output =
		take(net, &used, net->shape.layers ? net->layer[net->shape.layers - 1].width : 0);
	return used;
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

struct net *net_new(const struct net_shape *shape)
{
	struct net *net = mem_new(1, sizeof *net);
	struct net_field *field = mem_new(shape->fields, sizeof *field);
	size_t in;

	memcpy(field, shape->field, shape->fields * sizeof *field);
	net->shape = *shape;
	net->shape.field = field;
	net->has = arch_of(shape->arch);
	if (!net->has->mlp)
		net->shape.layers = 0;
	if (!net->has->crosses)
		net->shape.crosses = 0;
	net->base = mem_new(shape->fields, sizeof *net->base);
	net->place = mem_new(shape->fields, sizeof *net->place);
	measure(net);
	net->mean = mem_new(net->numbers, sizeof *net->mean);
	net->scale = mem_new(net->numbers, sizeof *net->scale);
	in = net->inputs;
	for (size_t l = 0; l < net->shape.layers; l++) {
		shape_layer(
			net->layer + l, in, shape->hidden[l], l ? in : net->slots * net->table.dim);
		in = shape->hidden[l];
	}
	for (size_t l = 0; l < net->shape.crosses; l++)
		shape_layer(net->cross + l, net->inputs, net->inputs, net->inputs);
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
	for (size_t l = 0; l < net->shape.crosses; l++)
		free(net->cross[l].transposed);
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
		return (struct net_tensor){ "bias", -1, -1, false, 1, 0 };
	for (size_t f = 0; f < net->shape.fields; f++) {
		bool number = net->shape.field[f].kind == NET_NUM;
		uint64_t n = net->shape.field[f].values;
		size_t first = number ? net->place[f] : net->base[f];

		if (number) {
			*at = net->mean + first;
			if (i-- == 0)
				return (struct net_tensor){ "mean", (int)f, -1, false, n, 0 };
			*at = net->scale + first;
			if (i-- == 0)
				return (struct net_tensor){ "scale", (int)f, -1, false, n, 0 };
		}
		if (net->has->linear) {
			*at = (number ? net->number_linear.w : net->table.linear) + first;
			if (i-- == 0)
				return (struct net_tensor){ "linear", (int)f, -1, false, n, 0 };
		}
		if (dim && (!number || net->has->fm)) {
			*at = (number ? net->number_vector.w : net->table.w) + first * dim;
			if (i-- == 0)
				return (struct net_tensor){ "embedding", (int)f, -1, false, n,
					dim };
		}
	}
	for (size_t l = 0; l < net->shape.crosses + net->shape.layers; l++) {
		bool cross = l < net->shape.crosses;
		int at_layer = (int)(cross ? l : l - net->shape.crosses);
		const struct net_layer *y = (cross ? net->cross : net->layer) + at_layer;

		*at = y->weights.w;
		if (i-- == 0)
			return (struct net_tensor){ "weight", -1, at_layer, cross, y->in, y->out };
		if (i-- == 0)
			return (struct net_tensor){ "bias", -1, at_layer, cross, y->out, 0 };
	}
	*at = net->cross_output.w;
	if (net->shape.crosses && i-- == 0)
		return (struct net_tensor){ "cross.output", -1, -1, false, net->inputs, 0 };
	*at = net->output.w;
	if (net->shape.layers && i == 0)
		return (struct net_tensor){ "output", -1, -1, false,
			net->layer[net->shape.layers - 1].out, 0 };
	return (struct net_tensor){ NULL, -1, -1, false, 0, 0 };
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
				const struct net_layer *y =
					(t.cross ? net->cross : net->layer) + t.layer;
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

	if (net->has->linear)
		sum += net->slots + net->numbers;
	if (net->has->fm)
		sum += 2 * (width + net->numbers * net->table.dim) + net->table.dim;
	for (size_t l = 0; l < net->shape.layers; l++)
		sum += (uint64_t)net->layer[l].in * net->layer[l].out;
	sum += net->shape.crosses * ((uint64_t)net->inputs + 1) * net->inputs;
	if (net->shape.crosses)
		sum += net->inputs;
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
