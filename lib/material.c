#include "material.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

static const float *column(const struct tensors *set, const char *name, uint64_t rows)
{
	const struct tensor *c = tensors_find(set, name);

	if (!c)
		return NULL;
	if (tensors_need(set, name, F32, 1)->shape[0] != rows)
		die("stdin: '%s' has %llu rows, 'label' has %llu", name,
			(unsigned long long)c->shape[0], (unsigned long long)rows);
	return c->data;
}

/* Rows of parts 0 and 1, in the order of the stream. */
static void find_rows(struct material *m, const struct tensors *set, uint64_t n)
{
	const struct tensor *part = tensors_find(set, "part");
	const uint8_t *p = NULL;

	if (n > UINT32_MAX)
		die("stdin: %llu rows; at most 4294967295", (unsigned long long)n);
	if (part) {
		p = tensors_need(set, "part", U8, 1)->data;
		if (tensor_rows(part) != n)
			die("stdin: 'part' has %llu rows, 'label' has %llu",
				(unsigned long long)tensor_rows(part), (unsigned long long)n);
	} else {
		warn("no 'part' in the stream: training on every row, the last epoch is kept");
	}
	for (size_t k = 0; k < 2; k++) {
		for (uint64_t r = 0; r < n; r++)
			m->n[k] += (p ? p[r] : 0) == k;
		m->row[k] = mem_new(m->n[k], sizeof **m->row);
		m->n[k] = 0;
		for (uint64_t r = 0; r < n; r++)
			if ((p ? p[r] : 0) == k)
				m->row[k][m->n[k]++] = (uint32_t)r;
	}
	if (!m->n[0])
		die("stdin: no row in part 0, so there is nothing to train on");
	if (part && !m->n[1])
		warn("no row in part 1: no early stopping, the last epoch is kept");
}

static void check_values(const struct material *m, const char *name, const float *x, float least)
{
	for (size_t k = 0; k < 2 && x; k++)
		for (size_t i = 0; i < m->n[k]; i++)
			if (!isfinite(x[m->row[k][i]]) || x[m->row[k][i]] < least)
				die("stdin: '%s' of row %u is %g; expected a finite number%s", name,
					m->row[k][i], (double)x[m->row[k][i]],
					least == 0 ? ", none negative" : "");
}

/* Rows that weigh nothing neither train nor judge. */
static void check_weights(const struct material *m)
{
	for (size_t k = 0; k < 2 && m->weight; k++) {
		size_t i = 0;

		while (i < m->n[k] && m->weight[m->row[k][i]] == 0)
			i++;
		if (m->n[k] && i == m->n[k])
			die("stdin: 'weight' is 0 in all %zu rows of part %zu", m->n[k], k);
	}
}

/* Labels and weights of part 1 side by side, as the metrics want them at every epoch. */
static void gather_judged(struct material *m)
{
	m->judged[0] = mem_new(m->n[1], sizeof(float));
	m->judged[1] = mem_new(m->n[1], sizeof(float));
	m->judged[2] = m->weight ? mem_new(m->n[1], sizeof(float)) : NULL;
	for (size_t i = 0; i < m->n[1]; i++) {
		m->judged[1][i] = m->label[m->row[1][i]];
		if (m->weight)
			m->judged[2][i] = m->weight[m->row[1][i]];
	}
}

void material_choose(struct material *m, const char *wish, bool pairs)
{
	size_t positive[2] = { 0 }, odd = SIZE_MAX;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->n[k]; i++) {
			float y = m->label[m->row[k][i]];

			positive[k] += y == 1;
			if (y != 0 && y != 1 && odd == SIZE_MAX)
				odd = m->row[k][i];
		}
	m->logistic =
		strcmp(wish, "logistic") == 0 || (strcmp(wish, "squared") != 0 && odd == SIZE_MAX);
	if (!m->logistic || pairs)
		return;
	if (odd != SIZE_MAX)
		die("stdin: label %g of row %zu; logistic loss needs 0 or 1: rs-prep --positive "
		    "'>=4', or "
		    "--loss squared",
			(double)m->label[odd], odd);
	for (size_t k = 0; k < 2; k++)
		if (m->n[k] && (positive[k] == 0 || positive[k] == m->n[k]))
			die("stdin: part %zu has %s; both classes are needed", k,
				positive[k] ? "no negative" : "no positive");
}

void material_weigh(struct material *m, const char *how)
{
	double class[2] = { 1, 1 };
	size_t positive = 0;

	if (!m->logistic)
		die("stdin: --class-weights needs labels 0 and 1");
	for (size_t i = 0; i < m->n[0]; i++)
		positive += m->label[m->row[0][i]] == 1;
	if (strcmp(how, "balanced") == 0) { /* both classes weigh n / 2 */
		class[0] = (double)m->n[0] / 2 / (double)(m->n[0] - positive);
		class[1] = (double)m->n[0] / 2 / (double)positive;
	} else {
		sscanf(how, "%lf,%lf", class, class + 1);
	}
	m->class_weight = mem_new(m->rows, sizeof *m->class_weight);
	for (size_t i = 0; i < m->n[0]; i++) {
		uint32_t r = m->row[0][i];

		m->class_weight[r] =
			(float)class[m->label[r] == 1] * (m->weight ? m->weight[r] : 1);
	}
}

void material_find(struct material *m, const struct tensors *set)
{
	*m = (struct material){ .rows = tensor_rows(tensors_need(set, "label", F32, 1)) };
	m->label = column(set, "label", m->rows);
	m->weight = column(set, "weight", m->rows);
	find_rows(m, set, m->rows);
	check_values(m, "label", m->label, -INFINITY);
	check_values(m, "weight", m->weight, 0);
	check_weights(m);
	gather_judged(m);
}

const uint32_t *material_places(struct material *m, uint64_t bytes)
{
	uint64_t others = m->rows - m->n[0] - m->n[1];
	uint32_t n = 0;

	if (others * bytes <= m->rows * sizeof *m->place)
		return NULL;
	m->place = mem_new(m->rows, sizeof *m->place);
	memset(m->place, 0xFF, m->rows * sizeof *m->place);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->n[k]; i++)
			m->place[m->row[k][i]] = 0;
	for (uint64_t r = 0; r < m->rows; r++)
		if (m->place[r] == 0)
			m->place[r] = n++;
	return m->place;
}

void material_free(struct material *m)
{
	free(m->place);
	free(m->row[0]);
	free(m->row[1]);
	for (size_t i = 0; i < 3; i++)
		free(m->judged[i]);
	free(m->class_weight);
}
