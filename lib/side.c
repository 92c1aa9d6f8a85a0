#include "side.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"

size_t side_width(uint32_t dim)
{
	return ((size_t)dim + SGD_LANES - 1) / SGD_LANES * SGD_LANES;
}

struct side side_new(uint32_t ids, uint32_t slots, const uint32_t *slot, uint32_t dim,
	uint64_t seed, double spread)
{
	struct side side = { ids, slots, dim, slot, side_width(dim), 0, NULL };

	side.size = slots * (side.width + 1);
	side.now = mem_new(side.size, sizeof *side.now);
#pragma omp parallel for schedule(static)
	for (size_t id = 0; id < ids; id++)
		for (size_t k = 0; slot[id] != GRID_NONE && k < dim; k++)
			side.now[slot[id] * side.width + k] =
				(float)(spread * (rng_unit(seed, RNG_INIT, id * dim + k) - 0.5));
	return side;
}

void side_free(struct side *side)
{
	free(side->now);
	side->now = NULL;
}

void side_from(struct side *side, uint32_t ids, uint32_t dim, const float *factors,
	const float *bias, double scale, double shift)
{
	float unit = (float)(1 / scale), root = (float)(1 / sqrt(scale));
	size_t common = dim < side->dim ? dim : side->dim;

	for (size_t id = 0; id < side->ids && id < ids; id++) {
		size_t slot = side->slot[id];

		if (slot == GRID_NONE)
			continue;
		side->now[side->slots * side->width + slot] = (bias[id] + (float)shift) * unit;
		for (size_t k = 0; k < common; k++)
			side->now[slot * side->width + k] = factors[id * dim + k] * root;
	}
}

void side_out(
	float **factors, float **bias, const struct side *side, double scale, const float *pull)
{
	float unit = (float)scale, root = (float)sqrt(scale);
	size_t dim = side->dim, width = side->width;

	*factors = mem_new((size_t)side->ids * dim, sizeof **factors);
	*bias = mem_new(side->ids, sizeof **bias);
	for (size_t id = 0; id < side->ids; id++) {
		size_t slot = side->slot[id];

		if (slot == GRID_NONE)
			continue;
		(*bias)[id] = side->now[side->slots * width + slot] * unit;
		for (size_t k = 0; k < dim; k++)
			(*factors)[id * dim + k] = (side->now[slot * width + k] +
							   (pull ? pull[slot * width + k] : 0)) *
						   root;
	}
}

struct sgd_side side_at(const struct side *side, size_t slot, const float *pull)
{
	return (struct sgd_side){ side->now + slot * side->width,
		side->now + side->slots * side->width + slot,
		pull ? pull + slot * side->width : NULL };
}

bool side_finite(const struct side *side)
{
	for (size_t i = 0; i < side->size; i++)
		if (!isfinite(side->now[i]))
			return false;
	return true;
}
