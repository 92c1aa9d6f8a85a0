#include "solve.h"

#include <math.h>
#include <stdio.h>

#include "die.h"
#include "judge.h"
#include "model_write.h"
#include "progress.h"
#include "ratings.h"
#include "resume.h"

double solve_real(double given, double usual)
{
	return isnan(given) ? usual : given;
}

long solve_count(long given, long usual)
{
	return given ? given : usual;
}

void solve_memory(const struct solve *call, uint64_t need, const char *why)
{
	char dim[40];

	snprintf(dim, sizeof dim, "--dim %ld", call->dim);
	ratings_fit(&call->rows, need, call->memory, why ? why : dim);
}

void solve_taken(struct solve *call)
{
	tensors_free(&call->set);
}

void solve_answer(struct solve *call, struct mf *mf)
{
	model_from_mf(&call->model, call->name, &call->spec, mf);
}

/* ---- epochs ---- */

/* What is known of a training between two epochs. */
struct run {
	struct judge *judge; /* NULL without part 1 */
	struct resume at;
	struct mf *best; /* NULL without part 1 */
};

const struct mf *solve_factors(
	const struct solve *call, struct model **model, const char *name, const char *option)
{
	return model_open_factors(model, &call->set, name, option);
}

static void open_run(struct run *run, struct solve *call, const struct solve_fit *fit)
{
	struct mf_state list[MF_STATES];
	struct model *model = NULL;
	const struct mf *from;

	run->judge = judge_new(&call->rows, fit->positives);
	if (call->resume || call->resumable)
		run->at.rows = resume_digest(&call->rows);
	if (call->init)
		fit->start(fit->fit, solve_factors(call, &model, call->init, "--init"));
	model_free(model);
	if (call->resume) {
		from = solve_factors(call, &model, call->name, "--resume");
		if (from->dim != call->dim)
			die("--resume: model '%s' was trained with dim=%u, not dim=%ld", call->name,
				from->dim, call->dim);
		run->at = resume_read(&call->set, call->name, &call->spec, run->at.rows, list,
			fit->state(fit->fit, list));
		run->best = run->judge ? mf_copy(from) : NULL;
		model_free(model);
		if (fit->skip)
			fit->skip(fit->fit, (size_t)run->at.epochs);
	}
	solve_taken(call);
}

/* The model after an epoch: whether it is the best so far; it is kept then. */
static bool better(struct run *run, const struct solve_fit *fit, double *valid)
{
	struct mf *mf;

	if (!run->judge)
		return true;
	mf = fit->model(fit->fit);
	*valid = judge_of(run->judge, mf);
	if (run->best && !judge_better(run->judge, *valid, run->at.least)) {
		mf_free(mf);
		return false;
	}
	if (run->best)
		mf_free(run->best);
	run->best = mf;
	run->at.least = *valid;
	return true;
}

static void say_epoch(
	const struct run *run, const char *what, double train, double valid, bool best)
{
	char met[40] = "", judged[60] = "";

	if (!isnan(train))
		snprintf(met, sizeof met, " train %s %.4f%s", what, train, run->judge ? "," : "");
	if (run->judge)
		snprintf(judged, sizeof judged, " valid %s %.4f%s", judge_measure(run->judge),
			valid, best ? "" : ", no better");
	if (*met || *judged)
		progress_line("epoch %ld:%s%s", run->at.epochs, met, judged);
}

static void run_epochs(struct run *run, const struct solve *call, const struct solve_fit *fit)
{
	long end = run->judge && call->patience ? call->patience : call->epochs;

	progress_start("training", (uint64_t)call->epochs, "epochs");
	while (run->at.epochs < call->epochs && run->at.epochs - run->at.best < end) {
		double train = NAN, valid = NAN;
		bool best;

		run->at.epochs++;
		if (!fit->epoch(fit->fit, &train)) {
			progress_end();
			die("epoch %ld: training diverges; %s", run->at.epochs, fit->advice);
		}
		best = better(run, fit, &valid);
		if (best)
			run->at.best = run->at.epochs;
		say_epoch(run, fit->met, train, valid, best);
		progress_at((uint64_t)run->at.epochs);
	}
	progress_end();
}

void solve_run(struct solve *call, const struct solve_fit *fit)
{
	struct mf_state list[MF_STATES];
	struct run run = { 0 };

	open_run(&run, call, fit);
	if (!run.judge)
		warn("no %s of part 1: all %ld epochs are run, and the last is kept",
			fit->positives ? "positives" : "rows", call->epochs);
	run_epochs(&run, call, fit);
	if (run.judge)
		warn("%zu training rows; epoch %ld is kept: valid %s %.4f", fit->rows, run.at.best,
			judge_measure(run.judge), run.at.least);
	model_note(&call->spec, "epoch", "%ld", run.at.best);
	solve_answer(call, run.judge ? run.best : fit->model(fit->fit));
	if (call->resumable)
		resume_write(&call->model, call->name, &run.at, list, fit->state(fit->fit, list));
	judge_free(run.judge);
}
