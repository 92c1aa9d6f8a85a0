#include "initial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "gemm.h"
#include "mem.h"
#include "rng.h"

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
				uint64_t e = ids_entry(field + f, row[i]);

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
#pragma omp parallel for schedule(static) if (n > 1 << 16)
	for (size_t i = 0; i < n; i++)
		w[i] = (float)(width * (2 * rng_unit(seed, RNG_INIT, i) - 1));
}

static void fill_layer(struct net_layer *y, uint64_t seed, uint64_t part)
{
	float *w = mem_new((y->in + 1) * y->out, sizeof *w);

	fill(w, (y->in + 1) * y->out, 1 / sqrt((double)(y->in ? y->in : 1)), seed, part);
	for (size_t k = 0; k <= y->in; k++)
		for (size_t j = 0; j < y->out; j++)
			y->weights.w[(j / GEMM_PANEL * (y->in + 1) + k) * GEMM_PANEL +
				     j % GEMM_PANEL] = w[k * y->out + j];
	for (size_t j = 0; j < y->out && y->norm; j++)
		y->gain.w[j] = 1;
	for (size_t j = 0; j < y->out && y->norm == NET_BATCH_NORM; j++)
		y->variance.w[j] = 1;
	free(w);
}

void initial_weights(struct net *net, uint64_t seed, const struct net_field *field,
	const uint32_t *row, size_t n, double bias)
{
	double spread = net->has->spread * sqrt(3);
	size_t last = net->layers - 1;

	memset(net->block, 0, (net->size[0] + net->size[1] + net->size[2]) * sizeof *net->block);
	net->clock = (struct optim_clock){ 1, 1 };
	standardise(net, field, row, n);
	*net->bias.w = (float)bias;
	fill(net->table.w, net->table.rows * net->table.dim, spread, seed, 0);
	if (net->has->fm)
		fill(net->number_vector.w, net->number_vector.n, spread, seed, 1);
	for (size_t l = 0; l < net->layers; l++)
		fill_layer(net->layer + l, seed, 2 + l);
	for (size_t l = 0; l < net->shape.crosses; l++)
		fill_layer(net->cross + l, seed, 3 + NET_LAYERS + l);
	if (net->shape.crosses)
		fill(net->cross_output.w, net->inputs, 1 / sqrt((double)net->inputs), seed,
			3 + NET_LAYERS + NET_CROSSES);
	if (net->output.n)
		fill(net->output.w, net->layer[last].out, 1 / sqrt((double)net->layer[last].out),
			seed, 2 + NET_LAYERS);
}
