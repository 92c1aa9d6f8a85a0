#include "pairwise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bprsgd.h"
#include "die.h"
#include "model_write.h"
#include "resume.h"

void pairwise_check(const struct solve *call)
{
	const struct drill drill = { DRILL_DEFAULTS };
	bool sgd = strcmp(call->optimizer, "sgd") == 0;

	if (!sgd && strcmp(call->optimizer, "adam") != 0 && strcmp(call->optimizer, "lazy") != 0)
		die_usage("--optimizer: '%s' is not adam, lazy or sgd", call->optimizer);
	if (sgd && (call->drill.trace || call->drill.every != drill.every ||
			   strcmp(call->drill.metric, drill.metric) != 0))
		die_usage("--metric, --every, --trace: --optimizer sgd is judged by NDCG@20 after "
			  "every epoch");
	if (sgd && call->drill.negatives != 1)
		die_usage("--negatives: --optimizer sgd draws one for each positive");
	drill_check(&call->drill);
}

/* ---- plain SGD on the grid ---- */

static bool pass(void *fit, double *train)
{
	*train = bprsgd_epoch(fit);
	return !isnan(*train);
}

static struct mf *model(const void *fit)
{
	return bprsgd_model(fit);
}

static void start(void *fit, const struct mf *from)
{
	bprsgd_start(fit, from);
}

static size_t state(void *fit, struct mf_state list[MF_STATES])
{
	return bprsgd_state(fit, list);
}

static void skip(void *fit, size_t epochs)
{
	bprsgd_skip(fit, epochs);
}

static void by_sgd(struct solve *call)
{
	struct bprsgd_training t = { (uint32_t)call->dim, solve_real(call->rate, 0.05),
		solve_real(call->decay, 1), solve_real(call->l2, 0.005),
		strcmp(call->drill.sampling, "popularity") == 0, call->drill.bias,
		(uint64_t)call->seed };
	char advice[60];
	struct bprsgd *fit;

	call->epochs = solve_count(call->epochs, 100);
	solve_memory(call, bprsgd_memory(&call->rows, t.dim), NULL);
	fit = bprsgd_new(&call->rows, &t);
	if (!bprsgd_positives(fit))
		die("stdin: no training row has a label above 0: nothing to train on");
	model_note(&call->spec, "optimizer", "sgd");
	model_note(&call->spec, "rate", "%.9g", t.rate);
	model_note(&call->spec, "decay", "%.9g", t.decay);
	model_note(&call->spec, "l2", "%.9g", t.l2);
	model_note(&call->spec, "negative-sampling", "%s", call->drill.sampling);
	model_note(&call->spec, "item-bias", "%s", t.bias ? "yes" : "no");
	model_note(&call->spec, "seed", "%ld", call->seed);
	snprintf(advice, sizeof advice, "try a --rate lower than %g", t.rate);
	solve_run(call, &(struct solve_fit){ fit, bprsgd_positives(fit), true, "AUC", pass, model,
				start, state, skip, advice });
	bprsgd_free(fit);
}

/* ---- batches and Adam ---- */

/* Where an earlier session had got to. */
static void resume_adam(struct solve *call, struct factors *f, struct drill_at *at, uint32_t rows)
{
	struct mf_state list[MF_STATES];
	const struct mf *from;
	struct model *model;
	struct resume old;

	from = solve_factors(call, &model, call->name, "--resume");
	if (from->dim != call->dim)
		die("--resume: model '%s' was trained with dim=%u, not dim=%ld", call->name,
			from->dim, call->dim);
	old = resume_read(&call->set, call->name, &call->spec, rows, list, factors_state(f, list));
	if (!factors_resume(f, (uint64_t)old.epochs * call->rows.n))
		die("stdin: 'model.%s.resume.steps' is damaged", call->name);
	*at = (struct drill_at){ old.epochs, old.best, old.least, mf_copy(from) };
	model_free(model);
}

static void by_adam(struct solve *call, const struct objective *objective, struct factors *f)
{
	uint32_t rows = call->resume || call->resumable ? resume_digest(&call->rows) : 0;
	struct mf_state list[MF_STATES];
	struct drill_at at = { 0 };
	struct model *model;

	drill_note(&call->drill, &call->spec);
	if (call->init) {
		factors_start(f, solve_factors(call, &model, call->init, "--init"));
		model_free(model);
	}
	if (call->resume)
		resume_adam(call, f, &at, rows);
	solve_taken(call);
	drill_run(&call->drill, &at, f, objective, NULL, 0, NULL, NULL, &call->spec);
	solve_answer(call, at.model);
	if (call->resumable)
		resume_write(&call->model, call->name,
			&(struct resume){ at.epochs, at.best, at.quality, rows }, list,
			factors_state(f, list));
}

void pairwise_bpr(struct solve *call)
{
	struct drill *d = &call->drill;
	struct objective objective;
	struct factors_training how;
	struct bpr_training bpr;
	struct factors *f;
	struct liked liked;

	if (strcmp(call->optimizer, "sgd") == 0) {
		by_sgd(call);
		return;
	}
	d->dim = call->dim;
	d->epochs = solve_count(call->epochs, 100);
	d->patience = call->patience;
	d->rate = solve_real(call->rate, 0.001);
	d->decay = solve_real(call->decay, 1);
	d->l2 = solve_real(call->l2, 0.001);
	d->seed = call->seed;
	d->lazy = strcmp(call->optimizer, "lazy") == 0;
	d->resumable = call->resumable;
	how = drill_training(d);
	solve_memory(call, drill_memory(d, &call->rows), NULL);
	bpr = drill_bpr(d);
	liked = drill_liked(d, &call->rows);
	if (!liked.n)
		die("stdin: no training row has a label above 0: nothing to train on");
	drill_open(d, &call->rows, &liked);
	objective = bpr_objective(&liked, &bpr);
	f = factors_new(call->rows.users, call->rows.items, &how);
	by_adam(call, &objective, f);
	factors_free(f);
	objective.end(objective.self);
	liked_free(&liked);
}
