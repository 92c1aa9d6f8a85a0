#include "pedigree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cells.h"
#include "group.h"
#include "kin.h"
#include "mem.h"
#include "metrics.h"
#include "overlap.h"
#include "stats.h"

enum { CAPTION = 512 };

/* A value of every model by where it lies in struct heir. */
#define HEIR(field) offsetof(struct heir, field)
#define RBO_P 0.9

static double value_of(const struct heirs *h, size_t model, size_t field)
{
	return *(const double *)((const char *)&h->heir[model] + field);
}

static double mean_of(const struct heirs *h, const struct kin *kin, size_t field)
{
	double sum = 0;

	for (size_t i = 0; i < kin->n; i++)
		sum += value_of(h, kin->member[i], field);
	return sum / (double)kin->n;
}

static double deviation_of(const struct heirs *h, const struct kin *kin, size_t field)
{
	double mean = mean_of(h, kin, field), sum = 0;

	for (size_t i = 0; i < kin->n; i++) {
		double d = value_of(h, kin->member[i], field) - mean;

		sum += d * d;
	}
	return kin->n > 1 ? sqrt(sum / (double)(kin->n - 1)) : NAN;
}

/* ---- tests ---- */

static double p_of(const double *a, const double *b, size_t n)
{
	const struct stats_how how = { 1, 1 };
	struct stats_test test;

	stats_paired(&test, a, b, n, 1, &how);
	return test.student;
}

/* Of the models of two groups side by side, in their order: seeds in common. */
static double p_seeds(
	const struct heirs *h, const struct kin *a, const struct kin *b, size_t field)
{
	double *x = mem_new(2 * a->n, sizeof *x), p = NAN;

	for (size_t i = 0; i < a->n && a->n == b->n; i++) {
		x[i] = value_of(h, a->member[i], field);
		x[a->n + i] = value_of(h, b->member[i], field);
	}
	if (a->n == b->n)
		p = p_of(x, x + a->n, a->n);
	free(x);
	return p;
}

/* What a unit (a row, a user) has on the mean over a group's models. */
static double *unit_means(const struct heirs *h, const struct kin *kin, bool rows)
{
	size_t n = rows ? h->board.rows : h->users;
	double *mean = mem_new(n, sizeof *mean);

	for (size_t i = 0; i < kin->n; i++) {
		const struct heir *heir = &h->heir[kin->member[i]];
		const double *x = rows ? heir->loss : heir->user_ndcg;

		for (size_t u = 0; u < n; u++)
			mean[u] += x[u] / (double)kin->n;
	}
	return mean;
}

static double p_units(const struct heirs *h, const struct kin *a, const struct kin *b, bool rows)
{
	double *x = unit_means(h, a, rows), *y = unit_means(h, b, rows);
	double p = p_of(x, y, rows ? h->board.rows : h->users);

	free(x);
	free(y);
	return p;
}

/* Over users, of the mean loss of a user's rows, since rows of a user are not independent. */
static double p_users(const struct heirs *h, const struct kin *a, const struct kin *b)
{
	const struct kin *both[] = { a, b };
	struct group users;
	double *mean, p;
	size_t n = 0;

	if (!h->row_user)
		return NAN;
	group_new(&users, h->row_user, h->board.rows, group_ids(h->row_user, h->board.rows));
	mean = mem_new(2 * users.ids, sizeof *mean);
	for (size_t k = 0; k < 2; k++) {
		double *x = unit_means(h, both[k], true);

		n = 0;
		for (size_t u = 0; u < users.ids; u++) {
			size_t from = users.start[u], end = users.start[u + 1];
			double sum = 0;

			for (size_t r = from; r < end; r++)
				sum += x[users.row[r]];
			if (end > from)
				mean[k * users.ids + n++] = sum / (double)(end - from);
		}
		free(x);
	}
	p = p_of(mean, mean + users.ids, n);
	free(mean);
	group_free(&users);
	return p;
}

/* ---- lists ---- */

/* Overlap at k, or rank-biased overlap for k 0: mean over users and over pairs of a student and a
 * teacher, of equal number if there are as many, else of all pairs. */
static double alike(const struct heirs *h, const struct kin *a, const struct kin *b, size_t k)
{
	uint32_t *shared = mem_new(h->k, sizeof *shared);
	double sum = 0;
	size_t pairs = 0;

	for (size_t i = 0; i < a->n; i++)
		for (size_t j = 0; j < b->n; j++) {
			const uint32_t *x = h->heir[a->member[i]].list;
			const uint32_t *y = h->heir[b->member[j]].list;

			if (a->n == b->n && i != j)
				continue;
			pairs++;
			for (size_t u = 0; u < h->users; u++) {
				overlap_shared(shared, x + u * h->k, y + u * h->k, h->k);
				sum += k ? overlap_at(shared, k)
					 : overlap_rbo(shared, h->k, RBO_P);
			}
		}
	free(shared);
	return sum / (double)pairs / (double)h->users;
}

/* ---- columns ---- */

static void row_headings(struct report *t, bool binary)
{
	const char *quality = binary ? "auc" : "rmse";

	report_heading(t, 1, 5, "%s", quality);
	report_heading(t, 1, 5, "%s_sd", quality);
	report_heading(t, 1, 5, binary ? "logloss" : "mae");
	report_heading(t, 1, 3, "recovered");
	report_heading(t, 2, 5, "%s_gain", quality);
	report_heading(t, 2, 5, "gain_sd");
	report_heading(t, 2, 4, "p_seeds");
	report_heading(t, 2, 4, "p_rows");
	report_heading(t, 2, 4, "p_users");
	report_heading(t, 3, 5, "%s_popular", quality);
	report_heading(t, 3, 5, "gain_popular");
	report_heading(t, 3, 5, "%s_unpopular", quality);
	report_heading(t, 3, 5, "gain_unpopular");
	report_heading(t, 4, 4, "calibration");
	report_heading(t, 4, 4, "ece");
	report_heading(t, 4, 4, "ece_gain");
}

static void list_headings(struct report *t, const struct heirs *h)
{
	report_heading(t, 5, 5, "ndcg@%zu", h->k);
	report_heading(t, 5, 5, "ndcg_sd");
	report_heading(t, 5, 3, "ndcg_recovered");
	report_heading(t, 5, 5, "ndcg_gain");
	report_heading(t, 5, 4, "p_ndcg_seeds");
	report_heading(t, 5, 4, "p_ndcg_users");
	report_heading(t, 6, 4, "recall_popular");
	report_heading(t, 6, 4, "popular_gain");
	report_heading(t, 6, 4, "recall_unpopular");
	report_heading(t, 6, 4, "unpopular_gain");
	for (size_t c = 0; c < h->cutoffs; c++)
		report_heading(t, 7, 4, "overlap@%zu", h->cutoff[c]);
	report_heading(t, 7, 4, "rbo");
}

/* The gain over `alone` (positive: better), or nothing. */
static void gain(struct report *t, const struct heirs *h, const struct kin *kin,
	const struct kin *alone, size_t field, bool lower)
{
	double d = alone ? mean_of(h, kin, field) - mean_of(h, alone, field) : NAN;

	report_real(t, lower ? -d : d);
}

static void recovered(struct report *t, const struct heirs *h, const struct kin *kin,
	const struct kin *alone, const struct kin *teacher, size_t field, bool lower)
{
	report_real(t, alone && teacher ? metrics_recovered(mean_of(h, kin, field),
						  mean_of(h, alone, field),
						  mean_of(h, teacher, field), lower)
					: NAN);
}

/* Deviation over seeds of the gain, where seeds can be paired. */
static double gain_deviation(const struct heirs *h, const struct kin *kin, const struct kin *alone)
{
	double mean, sum = 0;

	if (!alone || alone->n != kin->n || kin->n < 2)
		return NAN;
	mean = mean_of(h, kin, HEIR(quality)) - mean_of(h, alone, HEIR(quality));
	for (size_t i = 0; i < kin->n; i++) {
		double d = value_of(h, kin->member[i], HEIR(quality)) -
			   value_of(h, alone->member[i], HEIR(quality)) - mean;

		sum += d * d;
	}
	return sqrt(sum / (double)(kin->n - 1));
}

static void row_cells(struct report *t, const struct heirs *h, const struct kin *kin,
	const struct kin *alone, const struct kin *teacher)
{
	bool lower = !h->board.binary;

	report_real(t, mean_of(h, kin, HEIR(quality)));
	report_real(t, deviation_of(h, kin, HEIR(quality)));
	report_real(t, mean_of(h, kin, HEIR(other)));
	recovered(t, h, kin, alone, teacher, HEIR(quality), lower);
	gain(t, h, kin, alone, HEIR(quality), lower);
	report_real(t, gain_deviation(h, kin, alone));
	report_real(t, alone ? p_seeds(h, kin, alone, HEIR(quality)) : NAN);
	report_real(t, alone ? p_units(h, kin, alone, true) : NAN);
	report_real(t, alone ? p_users(h, kin, alone) : NAN);
	report_real(t, mean_of(h, kin, HEIR(popular)));
	gain(t, h, kin, alone, HEIR(popular), lower);
	report_real(t, mean_of(h, kin, HEIR(unpopular)));
	gain(t, h, kin, alone, HEIR(unpopular), lower);
	report_real(t, mean_of(h, kin, HEIR(calibration)));
	report_real(t, mean_of(h, kin, HEIR(ece)));
	gain(t, h, kin, alone, HEIR(ece), true);
}

static void list_cells(struct report *t, const struct heirs *h, const struct kin *kin,
	const struct kin *alone, const struct kin *teacher)
{
	report_real(t, mean_of(h, kin, HEIR(ndcg)));
	report_real(t, deviation_of(h, kin, HEIR(ndcg)));
	recovered(t, h, kin, alone, teacher, HEIR(ndcg), false);
	gain(t, h, kin, alone, HEIR(ndcg), false);
	report_real(t, alone ? p_seeds(h, kin, alone, HEIR(ndcg)) : NAN);
	report_real(t, alone ? p_units(h, kin, alone, false) : NAN);
	report_real(t, mean_of(h, kin, HEIR(recall_popular)));
	gain(t, h, kin, alone, HEIR(recall_popular), false);
	report_real(t, mean_of(h, kin, HEIR(recall_unpopular)));
	gain(t, h, kin, alone, HEIR(recall_unpopular), false);
	for (size_t c = 0; c < h->cutoffs; c++)
		report_real(t, teacher && h->cutoff[c] <= h->k
				       ? alike(h, kin, teacher, h->cutoff[c])
				       : NAN);
	report_real(t, teacher ? alike(h, kin, teacher, 0) : NAN);
}

static double nanoseconds(const struct heirs *h, const struct kin *kin)
{
	double sum = 0;

	for (size_t i = 0; i < kin->n; i++)
		sum += h->board.entry[kin->member[i]].ns_row / (double)kin->n;
	return sum;
}

/* The teacher is not its own kin: who is alone has overlaps with the teacher of its students, too. */
static const struct kin *teacher_of(const struct kin *kin, size_t groups, size_t g)
{
	for (size_t s = 0; s < groups; s++)
		if (kin[s].alone == g && kin[s].teacher != KIN_NONE)
			return &kin[kin[s].teacher];
	return kin[g].teacher == KIN_NONE ? NULL : &kin[kin[g].teacher];
}

void pedigree_report(const struct heirs *h, const char *teacher, enum report_form form)
{
	static const struct report_column first[] = { { "model", 1, 0 }, { "seeds", 1, 0 } };
	struct report *t = report_new(first, 2);
	struct model **model = mem_new(h->n, sizeof(struct model *));
	char caption[CAPTION];
	struct kin *kin;
	size_t groups;

	for (size_t i = 0; i < h->n; i++)
		model[i] = h->board.entry[i].model;
	groups = kin_groups(&kin, model, h->n, teacher);
	if (h->has_rows)
		row_headings(t, h->board.binary);
	if (h->has_lists)
		list_headings(t, h);
	cells_cost_headings(t, 8, h->timed && h->has_rows, "ns_row");
	for (size_t g = 0; g < groups; g++) {
		const struct kin *alone = kin[g].alone == KIN_NONE ? NULL : &kin[kin[g].alone];
		const struct kin *by = teacher_of(kin, groups, g);

		report_text(t, kin[g].name);
		report_count(t, kin[g].n);
		if (h->has_rows)
			row_cells(t, h, &kin[g], alone, by);
		if (h->has_lists)
			list_cells(t, h, &kin[g], alone, by);
		cells_cost(t, model[kin[g].member[0]], h->timed && h->has_rows,
			nanoseconds(h, &kin[g]));
	}
	snprintf(caption, sizeof caption,
		"%zu rows, part %s, lists of %zu users; gains and p are against the same model alone",
		h->board.rows, cells_part(h->part), h->users);
	report_write(t, form, caption);
	report_free(t);
	kin_free(kin, groups);
	free(model);
}
