#include "imitate.h"

#include <stdlib.h>
#include <string.h>

#include "experts.h"
#include "fmath.h"
#include "mem.h"
#include "rng.h"
#include "topology.h"

struct imitate {
	struct imitate_training how;
	struct experts *experts[2]; /* of users, of items; NULL: none */
	double temperature;
	/* the batch: users, then items, packed */
	float *student, *teacher, *slope;
	uint32_t *group;
	size_t room;
};

static void start(void *self, uint64_t epoch)
{
	struct imitate *m = self;
	double tens = 10 * (double)epoch / m->how.anneal;

	m->temperature = fmath_exp(-(tens < 10 ? tens : 10) * 2.302585092994046);
}

static void make_room(struct imitate *m, size_t n)
{
	if (n <= m->room)
		return;
	m->room = n + n / 4;
	free(m->student);
	free(m->teacher);
	free(m->slope);
	free(m->group);
	m->student = mem_new(m->room * m->how.dim, sizeof *m->student);
	m->teacher = mem_new(m->room * m->how.teacher_dim, sizeof *m->teacher);
	m->slope = mem_new(m->room * m->how.dim, sizeof *m->slope);
	m->group = mem_new(m->room, sizeof *m->group);
}

static void gather(struct imitate *m, int side, const struct vectors *rows, size_t from)
{
	size_t d = m->how.dim, t = m->how.teacher_dim;

#pragma omp parallel for schedule(static)
	for (size_t s = 0; s < rows->n; s++) {
		size_t at = rows->at ? rows->at[s] : rows->id[s];

		memcpy(m->student + (from + s) * d, rows->row + at * rows->pitch,
			d * sizeof *m->student);
		memcpy(m->teacher + (from + s) * t, m->how.teacher[side] + rows->id[s] * t,
			t * sizeof *m->teacher);
	}
}

static void scatter(const struct imitate *m, const struct vectors *rows, size_t from)
{
	size_t d = m->how.dim;

	for (size_t s = 0; s < rows->n; s++)
		for (size_t k = 0; k < d; k++)
			rows->slope[s * rows->width + k] += m->slope[(from + s) * d + k];
}

static double ask_experts(struct imitate *m, int side, size_t from, size_t n, double weight)
{
	struct experts_rows rows = { m->student + from * m->how.dim,
		m->teacher + from * m->how.teacher_dim, n };

	return experts_slope(
		m->experts[side], m->slope + from * m->how.dim, &rows, m->temperature, weight);
}

static double compare(struct imitate *m, size_t users, size_t n, double weight)
{
	struct topology_rows rows = { m->student, m->teacher, n, m->how.dim, m->how.dim,
		m->how.teacher_dim, m->how.teacher_dim, NULL, 0 };

	if (m->how.kind == IMITATE_HTD) {
		experts_groups(m->experts[0], m->group, m->teacher, users);
		experts_groups(m->experts[1], m->group + users,
			m->teacher + users * m->how.teacher_dim, n - users);
		for (size_t i = users; i < n; i++)
			m->group[i] += (uint32_t)m->how.experts;
		rows.group = m->group;
		rows.groups = 2 * m->how.experts;
	}
	return topology_slope(m->slope, m->how.dim, &rows, weight);
}

static double slope(void *self, const struct vectors *users, const struct vectors *items,
	double weight)
{
	struct imitate *m = self;
	size_t n = users->n + items->n;
	double item = m->how.kind == IMITATE_DE ? 0.5 : 1, share = 1, loss = 0;

	make_room(m, n);
	gather(m, 0, users, 0);
	gather(m, 1, items, users->n);
	memset(m->slope, 0, n * m->how.dim * sizeof *m->slope);
	if (m->how.kind == IMITATE_FTD || m->how.kind == IMITATE_HTD) {
		share = m->how.kind == IMITATE_HTD ? m->how.gamma : 1;
		loss += share * compare(m, users->n, n, share * weight);
		share = 1 - share;
	}
	if (m->experts[0])
		loss += share * ask_experts(m, 0, 0, users->n, share * weight);
	if (m->experts[1] && items->n)
		loss += share * item * ask_experts(m, 1, users->n, items->n, share * item * weight);
	scatter(m, users, 0);
	scatter(m, items, users->n);
	return loss;
}

static void end(void *self)
{
	struct imitate *m = self;

	for (int side = 0; side < 2; side++)
		if (m->experts[side])
			experts_free(m->experts[side]);
	free(m->student);
	free(m->teacher);
	free(m->slope);
	free(m->group);
	free(m);
}

struct vectors_loss imitate_loss(const struct imitate_training *training, double weight)
{
	struct imitate *m = mem_new(1, sizeof *m);
	struct experts_training e = { training->dim, training->teacher_dim, training->experts,
		training->rate, training->l2, 0 };

	m->how = *training;
	for (size_t side = 0; training->kind != IMITATE_FTD && side < 2; side++) {
		e.seed = rng_derive(training->seed, side);
		e.count = training->kind == IMITATE_HINT ? 1 : training->experts;
		m->experts[side] = experts_new(&e);
	}
	return (struct vectors_loss){ m, start, slope, end, weight };
}
