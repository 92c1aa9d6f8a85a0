#include "teachers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "council.h"
#include "die.h"
#include "fmath.h"
#include "mem.h"

/* ---- options ---- */

static void parse_names(struct teachers *t)
{
	for (const char *at = t->list; at && *at;) {
		size_t n = strcspn(at, ",");

		if (t->n == TEACHERS_MOST)
			die_usage("--teacher: more than %d names", TEACHERS_MOST);
		snprintf(t->name[t->n], sizeof *t->name, "%.*s",
			(int)(n < TENSOR_NAME ? n : TENSOR_NAME), at);
		if (!n || n > TENSOR_NAME - 8)
			die_usage("--teacher: '%s' is not a list of names", t->list);
		t->n++;
		at += n + (at[n] == ',');
	}
}

void teachers_check(struct teachers *t)
{
	parse_names(t);
	council_weights(t->weight, t->n, "teacher-weights", t->weights);
	if (t->uncertainty && t->n > 1)
		die_usage("--uncertainty: of one soft label, which rs-softlabel --variance made of "
			  "several teachers");
}

bool teachers_want(const struct teachers *t, const char *tensor)
{
	bool soft = strncmp(tensor, "soft.", 5) == 0;

	if (!soft && !(t->uncertainty && strncmp(tensor, "var.", 4) == 0))
		return false;
	for (size_t m = 0; m < t->n; m++)
		if (strcmp(t->name[m], tensor + (soft ? 5 : 4)) == 0)
			return true;
	return !t->n;
}

/* ---- columns ---- */

static const float *column(const struct tensors *set, const char *prefix, const char *name,
	uint64_t rows, const uint32_t *row, size_t n)
{
	char full[TENSOR_NAME + 8];
	const struct tensor *c;
	const float *x;

	snprintf(full, sizeof full, "%s.%s", prefix, name);
	c = tensors_need(set, full, F32, 1);
	if (tensor_rows(c) != rows)
		die("stdin: '%s' has %llu rows, 'label' has %llu", full,
			(unsigned long long)tensor_rows(c), (unsigned long long)rows);
	x = c->data;
	for (size_t i = 0; i < n; i++)
		if (!isfinite(x[row[i]]) || (*prefix == 'v' && x[row[i]] < 0))
			die("stdin: '%s' of row %u is %g; expected a finite number%s", full, row[i],
				(double)x[row[i]], *prefix == 'v' ? ", none negative" : "");
	return x;
}

static void find_only(struct teachers *t, const struct tensors *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const char *name = set->at[i]->name;

		if (strncmp(name, "soft.", 5) != 0)
			continue;
		if (t->n)
			die_usage("--teacher: there are '%s' and '%s'; say which", t->name[0],
				name + 5);
		snprintf(t->name[t->n++], sizeof *t->name, "%.*s", TENSOR_NAME, name + 5);
	}
	if (!t->n)
		die("stdin: needs a teacher's soft labels 'soft.NAME'; rs-softlabel makes them");
	t->weight[0] = 1;
}

/* ln sum_m w_m sigma(sign t_m / T), from logarithms, so that sure teachers do not overflow. */
static double log_blend(const struct teachers *t, const float *const *of, size_t r, double scale)
{
	double most = -INFINITY, sum = 0, x[TEACHERS_MOST];

	for (size_t m = 0; m < t->n; m++) {
		x[m] = fmath_log(t->weight[m]) - fmath_softplus(-(double)of[m][r] * scale);
		most = x[m] > most ? x[m] : most;
	}
	for (size_t m = 0; m < t->n; m++)
		sum += fmath_exp(x[m] - most);
	return most + fmath_log(sum);
}

static void blend(struct teachers *t, const float *const *of, uint64_t rows, double temperature)
{
	t->blend = mem_new(rows, sizeof *t->blend);
#pragma omp parallel for schedule(static)
	for (size_t r = 0; r < rows; r++) {
		double sum = 0;

		for (size_t m = 0; m < t->n; m++)
			sum += t->weight[m] * (double)of[m][r];
		if (temperature > 0)
			sum = temperature * (log_blend(t, of, r, 1 / temperature) -
						    log_blend(t, of, r, -1 / temperature));
		t->blend[r] = (float)sum;
	}
	t->answer = t->blend;
}

static void trust(struct teachers *t, const float *variance, uint64_t rows, const uint32_t *row,
	size_t n)
{
	double mean = 0;

	for (size_t i = 0; i < n; i++)
		mean += (double)variance[row[i]];
	mean /= (double)n;
	t->trust = mem_new(rows, sizeof *t->trust);
	for (size_t i = 0; i < n; i++)
		t->trust[row[i]] =
			mean > 0 ? (float)(1 / (1 + (double)variance[row[i]] / mean)) : 1;
}

void teachers_open(struct teachers *t, const struct tensors *set, uint64_t rows,
	double temperature, const uint32_t *row, size_t n)
{
	const float *of[TEACHERS_MOST];

	if (!t->n)
		find_only(t, set);
	for (size_t m = 0; m < t->n; m++)
		of[m] = column(set, "soft", t->name[m], rows, row, n);
	t->answer = of[0];
	if (t->n > 1)
		blend(t, of, rows, temperature);
	if (t->uncertainty)
		trust(t, column(set, "var", t->name[0], rows, row, n), rows, row, n);
}

void teachers_free(struct teachers *t)
{
	free(t->blend);
	free(t->trust);
	t->blend = t->trust = NULL;
}
