#include "mimic.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"

struct mimic_room {
	const struct mimic *how;
	const struct net *net;
	size_t dim, width, n;
	uint32_t *id[2], *at[2]; /* of a batch: who, and its first row */
	uint8_t *met[2];
	float *slope[2]; /* packed, in the order of id; of rows in that of the batch */
	float *hint[2]; /* of each row of the batch */
};

size_t mimic_dim(const struct net *net, bool sides)
{
	const struct net_shape *s = net_shape(net);

	if (net->layers && (!sides || net->towers > 1))
		return s->hidden[s->layers - 1];
	return sides ? net->table.dim : 0;
}

struct mimic_room *mimic_open(const struct mimic *mimic, const struct net *net)
{
	struct mimic_room *m = mem_new(1, sizeof *m);

	m->how = mimic;
	m->net = net;
	m->dim = mimic_dim(net, mimic->sides);
	m->width = mimic->sides && net->towers == 1 ? m->dim : net->layer[net->layers - 1].width;
	for (int side = 0; mimic->sides && side < 2; side++)
		m->met[side] = mem_new(mimic->ids[side], 1);
	return m;
}

static void free_buffers(struct mimic_room *m)
{
	for (int side = 0; side < 2; side++) {
		free(m->id[side]);
		free(m->at[side]);
		free(m->slope[side]);
		free(m->hint[side]);
	}
}

void mimic_close(struct mimic_room *m)
{
	if (!m)
		return;
	free_buffers(m);
	free(m->met[0]);
	free(m->met[1]);
	free(m);
}

void mimic_grow(struct mimic_room *m, size_t n, struct backward_rows *to)
{
	size_t sides = m->how->sides ? 2 : 1;

	if (n > m->n) {
		m->n = n;
		free_buffers(m);
		for (size_t side = 0; side < sides; side++) {
			m->id[side] = mem_new(n, sizeof *m->id[side]);
			m->at[side] = mem_new(n, sizeof *m->at[side]);
			m->slope[side] = mem_new(n * m->dim, sizeof *m->slope[side]);
			m->hint[side] = mem_new(n * m->width, sizeof *m->hint[side]);
		}
	}
	to->hint_width = m->width;
	to->hint_embedded = m->how->sides && m->net->towers == 1;
	for (size_t side = 0; side < sides; side++) {
		to->hint[side] = m->hint[side];
		if (to->hint_embedded)
			to->hint_at[side] = m->net->at[m->how->field[side]];
	}
}

/* The batch's distinct ids of a side that the network knows; how many. */
static size_t meet(struct mimic_room *m, int side, const struct mimic_batch *b)
{
	const uint32_t *key = b->key[side];
	size_t n = 0;

	for (size_t r = 0; r < b->n; r++) {
		uint32_t id = key[b->row[r]];

		if (id >= m->how->ids[side] || m->met[side][id] ||
			(m->net->towers == 1 &&
				ids_hidden(&b->training->draw, m->how->field[side], r)))
			continue;
		m->met[side][id] = 1;
		m->id[side][n] = id;
		m->at[side][n++] = (uint32_t)r;
	}
	for (size_t s = 0; s < n; s++)
		m->met[side][m->id[side][s]] = 0;
	return n;
}

static struct vectors vectors_of(struct mimic_room *m, int side, const struct mimic_batch *b)
{
	const struct net *net = m->net;
	size_t depth = net->shape.layers;
	struct vectors v = { .width = m->dim,
		.dim = m->dim,
		.id = m->id[side],
		.at = m->at[side],
		.slope = m->slope[side] };

	if (m->how->sides) {
		v.n = meet(m, side, b);
	} else {
		v.n = side ? 0 : b->n;
		for (size_t r = 0; r < v.n; r++) {
			m->id[side][r] = m->how->place ? m->how->place[b->row[r]] : b->row[r];
			m->at[side][r] = (uint32_t)r;
		}
	}
	if (m->how->sides && net->towers == 1) {
		v.row = net->table.w + net->base[m->how->field[side]] * m->dim;
		v.pitch = m->dim;
		v.at = NULL;
	} else {
		v.row = b->forward->h[((size_t)side + 1) * depth - 1];
		v.pitch = m->width;
	}
	if (v.n)
		memset(v.slope, 0, v.n * m->dim * sizeof *v.slope);
	return v;
}

/* From the order of ids to that of rows. */
static void spread(struct mimic_room *m, int side, const struct vectors *v, size_t n, double scale)
{
	if (!n || !m->hint[side])
		return;
	memset(m->hint[side], 0, n * m->width * sizeof *m->hint[side]);
	for (size_t s = 0; s < v->n; s++)
		for (size_t j = 0; j < m->dim; j++)
			m->hint[side][m->at[side][s] * m->width + j] =
				(float)scale * v->slope[s * m->dim + j];
}

double mimic_slope(struct mimic_room *m, const struct mimic_batch *b, double scale)
{
	struct vectors users = vectors_of(m, 0, b), items = { 0 };
	double loss = 0;

	if (m->how->sides)
		items = vectors_of(m, 1, b);
	for (size_t i = 0; i < m->how->n; i++) {
		const struct vectors_loss *own = m->how->loss + i;

		if (own->weight > 0)
			loss += own->weight * own->slope(own->self, &users, &items, own->weight);
	}
	spread(m, 0, &users, b->n, scale);
	spread(m, 1, &items, b->n, scale);
	return loss;
}
