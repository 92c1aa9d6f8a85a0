#include "guard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fmath.h"
#include "mem.h"
#include "mixture.h"
#include "model_write.h"
#include "rank.h"

enum { BLOCK = 4096, SPREAD = 512 };

bool guard_metric_parse(enum guard_metric *metric, const char *text)
{
	static const char *const name[] = { "ndcg", "rmse", "logloss" }; /* as guard_metric */

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		*metric = (enum guard_metric)i;
		if (strcmp(text, name[i]) == 0)
			return true;
	}
	return false;
}

bool guard_groups_parse(struct guard *g, const char *text)
{
	char *end;

	for (g->groups = 0; g->groups < GUARD_GROUPS; text = end + 1) {
		unsigned long from = strtoul(text, &end, 10);

		if (end == text || text[0] < '0' || text[0] > '9' ||
			(g->groups ? from <= g->group[g->groups - 1].from : from != 0))
			return false;
		g->group[g->groups++].from = from;
		if (*end != ',')
			return *end == 0;
	}
	return false;
}

/* ---- judging ---- */

struct trialled { /* users of part 1, and their values */
	struct ranking_rows rows;
	struct ranking_sets seen, truth; /* truth: positives for ndcg */
	uint32_t *user;
	size_t n, steps;
	double *value; /* (n, steps) */
};

static void open_trialled(struct trialled *t, const struct guard *g)
{
	const struct ranking_rows *rows = &t->rows;
	uint8_t *keep;

	ranking_open(&t->rows, g->set);
	if (!rows->part)
		die("stdin: no 'part' in the stream: the guard judges by rows of part 1");
	keep = mem_new(rows->n, 1);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] = rows->part[r] == 0;
	ranking_sets_new(&t->seen, rows, keep);
	for (size_t r = 0; r < rows->n; r++)
		keep[r] =
			rows->part[r] == 1 &&
			(g->metric != GUARD_NDCG || ((!rows->label || rows->label[r] > 0) &&
							    !ranking_sets_have(&t->seen,
								    rows->user[r], rows->item[r])));
	ranking_sets_new(&t->truth, rows, keep);
	free(keep);
	t->user = mem_new(rows->users, sizeof *t->user);
	for (size_t u = 0; u < rows->users; u++)
		if (t->truth.at[u] < t->truth.at[u + 1])
			t->user[t->n++] = (uint32_t)u;
	if (!t->n)
		die("stdin: no user has %s in part 1, which the guard judges by",
			g->metric == GUARD_NDCG ? "a positive" : "a row");
}

static void judge_lists(struct trialled *t, const struct guard *g, struct model *model, size_t step)
{
	struct model_items *ready = model_items_new(model, t->rows.items);
	struct ranking_lists lists = { .seen = &t->seen, .items = t->rows.items, .k = g->cutoff };
	double *discount = mem_new(lists.k, sizeof *discount);
	double *surprise = mem_new(lists.items, sizeof *surprise);
	struct rank_how how = { RANK_OWN, lists.k, discount, surprise, NULL };

	rank_discounts(discount, lists.k);
	ranking_lists_new(&lists, t->n < BLOCK ? t->n : BLOCK);
	for (size_t from = 0; from < t->n; from += BLOCK) {
		size_t n = t->n - from < BLOCK ? t->n - from : BLOCK;

		ranking_lists_make(&lists, ready, t->user + from, n);
#pragma omp parallel for schedule(static)
		for (size_t v = 0; v < n; v++) {
			size_t first = t->truth.at[t->user[from + v]];
			struct rank_truth truth = { t->truth.item + first, t->truth.label + first,
				t->truth.at[t->user[from + v] + 1] - first, 0 };
			float *gains = mem_new(truth.n, sizeof *gains);
			double value[RANK_VALUES];

			rank_user(value, lists.item + v * lists.k, lists.n[v], &truth, &how, gains);
			t->value[(from + v) * t->steps + step] = value[RANK_NDCG];
			free(gains);
		}
	}
	ranking_lists_free(&lists);
	model_items_free(ready);
	free(discount);
	free(surprise);
}

/* Minus what each row of part 1 costs, the mean of a user. */
static void judge_rows(struct trialled *t, const struct guard *g, struct model *model, size_t step)
{
	const struct ranking_rows *rows = &t->rows;
	float *score = mem_new(rows->n, sizeof *score);
	double *sum = mem_new(rows->users, sizeof *sum);
	size_t *count = mem_new(rows->users, sizeof *count);

	model_predict(model, g->set, rows->n, score);
	for (size_t r = 0; r < rows->n; r++) {
		double y = rows->label ? (double)rows->label[r] : 1, s = (double)score[r];

		if (rows->part[r] != 1)
			continue;
		sum[rows->user[r]] +=
			g->metric == GUARD_RMSE ? (s - y) * (s - y) : fmath_softplus(s) - y * s;
		count[rows->user[r]]++;
	}
	for (size_t v = 0; v < t->n; v++)
		t->value[v * t->steps + step] = -sum[t->user[v]] / (double)count[t->user[v]];
	free(score);
	free(sum);
	free(count);
}

static void judge(struct trialled *t, const struct guard *g, struct model *model, size_t step)
{
	if (g->metric == GUARD_NDCG)
		judge_lists(t, g, model, step);
	else
		judge_rows(t, g, model, step);
}

static void free_mf(struct mf *mf)
{
	if (mf)
		mf_free(mf);
}

/* ---- the models' scales ---- */

struct spread {
	size_t items;
	double *variance; /* of each user's scores of candidates */
};

static void measure(void *arg, size_t u, const float *score)
{
	const struct spread *s = arg;
	double sum = 0, square = 0, n = 0;

	for (size_t i = 0; i < s->items; i++) {
		if (!(score[i] > -INFINITY))
			continue;
		n++;
		sum += (double)score[i];
		square += (double)score[i] * (double)score[i];
	}
	s->variance[u] = n > 0 ? fmax(0, square / n - sum / n * (sum / n)) : 0;
}

/* Root of the mean variance of a user's scores, over SPREAD judged users at most. */
static double spread_of(const struct trialled *t, struct model *model)
{
	struct model_items *ready = model_items_new(model, t->rows.items);
	struct ranking_lists lists = { .seen = &t->seen, .items = t->rows.items };
	size_t n = t->n < SPREAD ? t->n : SPREAD;
	struct spread s = { t->rows.items, mem_new(n, sizeof(double)) };
	double sum = 0;

	ranking_scores(&lists, ready, t->user, n, measure, &s);
	for (size_t v = 0; v < n; v++)
		sum += s.variance[v];
	model_items_free(ready);
	free(s.variance);
	return sqrt(sum / (double)n);
}

/* Rankings have no unit, so the models' scores are made to spread alike; ratings and logits have.
 */
static void find_scale(struct guard *g, const struct trialled *t)
{
	double a, b;

	g->scale = 1;
	if (g->metric != GUARD_NDCG || !model_mf(g->base) || !model_mf(g->other) ||
		mixture_same_items(model_mf(g->base), model_mf(g->other)))
		return;
	a = spread_of(t, g->base);
	b = spread_of(t, g->other);
	if (a > 0 && b > 0)
		g->scale = (float)(a / b);
}

static void judge_all(struct trialled *t, const struct guard *g)
{
	const struct mf *a = model_mf(g->base), *b = model_mf(g->other);
	float *weight = mem_new(t->rows.users, sizeof *weight);

	t->steps = a && b ? GUARD_STEPS : 2;
	t->value = mem_new(t->n * t->steps, sizeof *t->value);
	for (size_t s = 0; s < t->steps; s++) {
		bool whole = s == 0 || s + 1 == t->steps;
		struct mf *mf;
		struct model *model;

		for (size_t u = 0; u < t->rows.users; u++)
			weight[u] = (float)s / (float)(t->steps - 1);
		mf = whole ? NULL : mixture_mf(a, b, weight, t->rows.users, g->scale);
		model = mf ? model_around(mf, "mixture") : NULL;
		judge(t, g, model ? model : s ? g->other : g->base, s);
		model_free(model);
		free_mf(mf);
	}
	free(weight);
}

/* ---- choosing ---- */

static size_t group_of(const struct guard *g, const struct trialled *t, size_t user)
{
	size_t had = t->seen.at[user + 1] - t->seen.at[user], k = 0;

	while (k + 1 < g->groups && had >= g->group[k + 1].from)
		k++;
	return k;
}

/* The best step of the judged users of group k (k = groups: of all). */
static void choose(struct guard *g, const struct trialled *t, size_t k)
{
	double sum[GUARD_STEPS] = { 0 }, square[GUARD_STEPS] = { 0 }, n = 0, gain, error;
	struct guard_group *to = &g->group[k];
	size_t best = 0;

	for (size_t v = 0; v < t->n; v++) {
		const double *value = t->value + v * t->steps;

		if (k < g->groups && group_of(g, t, t->user[v]) != k)
			continue;
		n++;
		for (size_t s = 0; s < t->steps; s++) {
			double d = value[s] - value[0];

			sum[s] += value[s];
			square[s] += d * d;
		}
	}
	to->judged = (size_t)n;
	for (size_t s = 1; s < t->steps; s++)
		if (sum[s] > sum[best])
			best = s;
	gain = (sum[best] - sum[0]) / n;
	error = n > 1 ? sqrt(fmax(0, square[best] / n - gain * gain) / (n - 1)) : INFINITY;
	if (!(gain > error))
		best = 0;
	to->base = n > 0 ? sum[0] / n : 0;
	to->mixed = n > 0 ? sum[best] / n : 0;
	to->weight = (double)best / (double)(t->steps - 1);
}

void guard_run(struct guard *g)
{
	struct trialled t = { 0 };
	struct guard_group *all = &g->group[g->groups];

	open_trialled(&t, g);
	find_scale(g, &t);
	judge_all(&t, g);
	if (t.steps == 2)
		g->groups = 0; /* one of them is taken whole */
	all = &g->group[g->groups];
	*all = (struct guard_group){ .users = t.rows.users };
	choose(g, &t, g->groups);
	for (size_t k = 0; k < g->groups; k++) {
		choose(g, &t, k);
		g->group[k].follows = g->group[k].judged < GUARD_LEAST;
		if (g->group[k].follows)
			g->group[k].weight = all->weight;
	}
	g->users = t.rows.users;
	g->weight = mem_new(g->users, sizeof *g->weight);
	for (size_t u = 0; u < g->users; u++) {
		struct guard_group *mine = g->groups ? &g->group[group_of(g, &t, u)] : all;

		mine->users += g->groups > 0;
		g->weight[u] = (float)mine->weight;
	}
	ranking_sets_free(&t.seen);
	ranking_sets_free(&t.truth);
	free(t.user);
	free(t.value);
}

struct mf *guard_mf(const struct guard *g)
{
	const struct mf *a = model_mf(g->base), *b = model_mf(g->other);

	return a && b ? mixture_mf(a, b, g->weight, g->users, g->scale) : NULL;
}

const struct model *guard_taken(const struct guard *g)
{
	return g->group[g->groups].weight > 0 ? g->other : g->base;
}

static void say_group(const struct guard *g, const struct guard_group *k, const char *who)
{
	static const char *const name[] = { "NDCG", "minus MSE", "minus log loss" };
	const char *metric = name[g->metric];

	if (k->follows)
		warn("guard: %s: %zu users, %zu judged, too few: weight %.1f as all", who, k->users,
			k->judged, k->weight);
	else if (k->weight > 0)
		warn("guard: %s: %zu users, %zu judged: weight %.1f, %s %.4f -> %.4f", who,
			k->users, k->judged, k->weight, metric, k->base, k->mixed);
	else
		warn("guard: %s: %zu users, %zu judged: weight 0, the source is refused, %s %.4f",
			who, k->users, k->judged, metric, k->base);
}

void guard_say(const struct guard *g)
{
	char who[64];

	for (size_t k = 0; k < g->groups; k++) {
		snprintf(who, sizeof who,
			k + 1 < g->groups ? "%zu to %zu rows" : "%zu rows or more",
			g->group[k].from, k + 1 < g->groups ? g->group[k + 1].from - 1 : 0);
		say_group(g, &g->group[k], who);
	}
	if (!g->groups)
		say_group(g, &g->group[0], "all");
}

void guard_note(const struct guard *g, struct text *spec)
{
	model_note(spec, "transfer", "guard");
	model_note(spec, "base", "%s", model_name(g->base));
	model_note(spec, "source", "%s", model_name(g->other));
	model_note(spec, "scale", "%.9g", (double)g->scale);
	for (size_t k = 0; k < (g->groups ? g->groups : 1); k++)
		model_note(spec, "weight", "%zu:%.1f", g->group[k].from, g->group[k].weight);
}

void guard_free(struct guard *g)
{
	free(g->weight);
}
