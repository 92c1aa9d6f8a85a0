#include "course.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "die.h"
#include "epoch.h"
#include "infer.h"
#include "mem.h"
#include "metrics.h"
#include "progress.h"

/* Weights that the last step of an epoch has spoilt are seen in scores only. */
static void check_scores(const struct train *t, const float *score, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(score[i]))
			die("epoch %zu, last batch: scores are not numbers after it; try --rate %g",
				t->epoch, t->options->rate / 10);
}

/* AUC, NDCG@20, or minus the RMSE, on part 1. */
static double judge(struct train *t)
{
	struct metrics_rows rows = { t->material.judged[0], t->material.judged[1],
		t->material.judged[2], t->material.n[1] };
	struct metrics_how how = { METRICS_LOGIT, 0.5, 0.1 };
	struct metrics_binary binary;
	struct metrics_rating rating;

	if (t->judge) {
		struct model *model = model_around_net(t->net, &t->features, t->name);
		double ndcg = judge_model(t->judge, model);

		model_free(model);
		return ndcg;
	}
	infer_scores(t->net, t->features.field, t->material.row[1], t->material.n[1],
		t->material.judged[0]);
	check_scores(t, t->material.judged[0], t->material.n[1]);
	if (t->material.logistic)
		metrics_binary(&binary, &rows, &how);
	else
		metrics_rating(&rating, &rows);
	return t->material.logistic ? binary.auc : -rating.rmse;
}

/* Whether this epoch is the best so far. */
static bool better(struct train *t, double quality)
{
	if (train_best(t) && !(quality > t->best))
		return false;
	t->best = quality;
	t->best_epoch = t->epoch;
	t->best_here = true;
	return true;
}

/* Before an epoch, which may be a worse one: keeps the best one's weights. */
static void keep_best(struct train *t)
{
	if (!t->best_here)
		return;
	if (!t->best_weights)
		t->best_weights = mem_new(net_size(t->net), sizeof *t->best_weights);
	net_save(t->net, t->best_weights);
	t->best_here = false;
}

/* A line of --trace: epoch, share of the soft loss, train loss, quality on part 1 (empty without),
 * of an ensemble also whose it is. */
static void trace(struct train *t, double alpha, double loss, double quality)
{
	if (!t->trace)
		return;
	fprintf(t->trace, "%zu\t%g\t%.9g\t", t->epoch, alpha, loss);
	if (train_judged(t))
		fprintf(t->trace, "%.9g", fabs(quality));
	if (t->options->ensemble > 1)
		fprintf(t->trace, "\t%s", t->name);
	fputc('\n', t->trace);
	if (fflush(t->trace))
		die("%s:", t->options->trace);
}

/* What part 1 has not looked at: the scores of part 0 must be numbers. */
static void look_once(struct train *t)
{
	float *score = mem_new(t->material.n[0], sizeof *score);

	infer_scores(t->net, t->features.field, t->material.row[0], t->material.n[0], score);
	check_scores(t, score, t->material.n[0]);
	free(score);
}

static double share_of(double first, double last, size_t epoch, size_t epochs)
{
	if (epochs < 2)
		return first;
	return first + (last - first) * (double)epoch / (double)(epochs - 1);
}

/* One epoch; returns its loss, with the soft loss's share alpha. */
static double run_epoch(
	struct train *t, const struct train_mix *mix, size_t e, size_t epochs, double alpha)
{
	struct fit *how = &t->fit;
	double loss;
	size_t bad;

	keep_best(t);
	tutor_begin(&t->tutor, mix->base, share_of(mix->taught, mix->taught_last, e, epochs));
	how->loss = (struct loss){ t->material.logistic, (float)alpha, (float)mix->temperature,
		mix->mse };
	loss = epoch_run(t->net, how, t->features.field, t->material.row[0], t->material.n[0],
		t->epoch++, &bad);
	tutor_end(&t->tutor);
	unseen_adopt(t->net, &t->unseen);
	if (bad)
		die("epoch %zu, batch %zu: the loss is not a number; try --rate %g", t->epoch, bad,
			t->options->rate / 10);
	return loss;
}

/* The last epoch's weights are kept to go on from, the best one's are the model. */
static void settle(struct train *t)
{
	if (train_best(t) && !t->best_here) {
		net_swap(t->net, t->best_weights);
		t->best_here = true;
		t->last_weights = t->best_weights;
		t->best_weights = NULL;
	}
	free(t->best_weights);
	t->best_weights = NULL;
	if (!t->options->resumable) {
		free(t->last_weights);
		t->last_weights = NULL;
	}
	if (t->judge || !train_judged(t))
		look_once(t);
}

void course_run(struct train *t, const struct train_mix *mix, size_t epochs)
{
	const struct train_options *o = t->options;
	struct fit *how = &t->fit;
	struct workspace room = { 0 };
	size_t first = o->resume ? t->epoch : 0;
	size_t worse = o->resume && train_judged(t) ? t->epoch - t->best_epoch : 0;

	how->label = t->material.label;
	how->teacher = t->teachers ? t->teachers->answer : NULL;
	how->trust = t->teachers ? t->teachers->trust : NULL;
	how->weight = t->material.class_weight ? t->material.class_weight : t->material.weight;
	how->room = &room;
	progress_start("training", epochs * t->material.n[0], "rows");
	for (size_t e = first; e < epochs && (!o->patience || worse < (size_t)o->patience); e++) {
		double alpha = share_of(mix->alpha, mix->last, e, epochs);
		double loss = run_epoch(t, mix, e, epochs, alpha);
		double quality = train_judged(t) ? judge(t) : 0;

		trace(t, alpha, loss, quality);
		progress_at((e + 1) * t->material.n[0]);
		if (!train_judged(t)) {
			progress_line("epoch %zu: train loss %.5f", t->epoch, loss);
			continue;
		}
		worse = better(t, quality) ? 0 : worse + 1;
		progress_line("epoch %zu: train loss %.5f, valid %s %.5f%s", t->epoch, loss,
			t->measure, fabs(quality), worse ? "" : " *");
	}
	progress_end();
	how->room = NULL;
	workspace_free(t->net, &room);
	settle(t);
}
