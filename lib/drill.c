#include "drill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "model.h"
#include "progress.h"
#include "trial.h"

enum { MOST_PLACES = 1000 };

struct goal {
	enum rank_value value;
	size_t k;
};

static struct goal goal_of(const struct drill *d)
{
	struct goal goal = { 0, 0 };
	size_t name = strcspn(d->metric, "@");
	char *end = NULL;

	while (goal.value < RANK_GRADED &&
		!(strlen(rank_name(goal.value)) == name &&
			!strncmp(rank_name(goal.value), d->metric, name)))
		goal.value++;
	if (d->metric[name])
		goal.k = strtoul(d->metric + name + 1, &end, 10);
	if (goal.value == RANK_GRADED || !end || *end || goal.k < 1 || goal.k > MOST_PLACES)
		die_usage("--metric: '%s' is not recall@K, ndcg@K, hr@K, mrr@K, map@K, precision@K "
			  "or f1@K, K in 1..%d",
			d->metric, MOST_PLACES);
	return goal;
}

void drill_check(const struct drill *d)
{
	goal_of(d);
	if (strcmp(d->negatives, "uniform") != 0 && strcmp(d->negatives, "popularity") != 0)
		die_usage("--negatives: '%s' is not uniform or popularity", d->negatives);
	if (d->trace_part && !d->trace)
		die_usage("--trace-part: needs --trace FILE to write to");
}

struct factors_training drill_training(const struct drill *d)
{
	return (struct factors_training){ (uint32_t)d->dim, d->rate, d->l2, d->lazy, d->bias,
		(uint64_t)d->seed };
}

/* Whether a part has a row with a label above 0, and so somebody to rank for. */
static bool has_part(const struct drill *d, long part)
{
	const struct tensor *parts = tensors_find(d->set, "part");
	const float *label = tensors_need(d->set, "label", F32, 1)->data;

	for (uint64_t r = 0; parts && r < tensor_rows(parts); r++)
		if (((const uint8_t *)parts->data)[r] == part && label[r] > 0)
			return true;
	return false;
}

/* The metric's mean over the users of a part. */
static double judge(const struct drill *d, const struct mf *mf, long part)
{
	struct goal goal = goal_of(d);
	struct trial trial = {
		.part = (uint8_t)part, .cutoff = { goal.k }, .cutoffs = 1, .relevant = NAN
	};
	struct tensors model = { 0 }, all = { 0 };
	struct text spec = { 0 };
	double sum = 0;

	model_from_mf(&model, "judged", &spec, mf);
	for (size_t i = 0; i < d->set->n; i++)
		tensors_add(&all, d->set->at[i]);
	for (size_t i = 0; i < model.n; i++)
		tensors_add(&all, model.at[i]);
	trial_run(&trial, &all, "judged");
	for (size_t u = 0; u < trial.users; u++)
		sum += trial.entry[0].value[u * RANK_VALUES + goal.value];
	sum /= (double)trial.users;
	trial_free(&trial);
	free(all.at); /* the tensors are others' */
	tensors_free(&model);
	return sum;
}

struct run {
	const struct drill *d;
	bool valid; /* there is a part 1 to judge on */
	FILE *trace;
	struct mf *best;
	double quality;
	long epoch, judged; /* of the best; how many were judged after it */
};

static void open_trace(struct run *run)
{
	const struct drill *d = run->d;

	if (!d->trace)
		return;
	if (d->trace_part && !has_part(d, d->trace_part))
		die("stdin: no row of part %ld has a label above 0; --trace-part needs one",
			d->trace_part);
	if (!(run->trace = fopen(d->trace, "w")))
		die("%s:", d->trace);
	fprintf(run->trace, "epoch\tloss\tvalid_%s", d->metric);
	if (d->trace_part)
		fprintf(run->trace, "\tpart_%ld_%s", d->trace_part, d->metric);
	fputc('\n', run->trace);
}

static void trace(struct run *run, const struct mf *mf, long epoch, double loss, double quality)
{
	const struct drill *d = run->d;

	if (!run->trace)
		return;
	fprintf(run->trace, "%ld\t%.9g\t", epoch, loss);
	if (run->valid)
		fprintf(run->trace, "%.9g", quality);
	if (d->trace_part)
		fprintf(run->trace, "\t%.9g", judge(d, mf, d->trace_part));
	fputc('\n', run->trace);
	if (fflush(run->trace))
		die("%s:", d->trace);
}

/* Judges an epoch; whether to go on. */
static bool judged(struct run *run, struct factors *f, long epoch, double loss)
{
	struct mf *mf = factors_mf(f);
	double quality = run->valid ? judge(run->d, mf, 1) : 0;
	bool better = !run->valid || !run->best || quality > run->quality;

	trace(run, mf, epoch, loss, quality);
	if (run->valid)
		progress_line("epoch %ld: loss %.5g, valid %s %.5f%s", epoch, loss, run->d->metric,
			quality, better ? " *" : "");
	else
		progress_line("epoch %ld: loss %.5g", epoch, loss);
	run->judged = better ? 0 : run->judged + 1;
	if (!better) {
		mf_free(mf);
		return !run->d->patience || run->judged < run->d->patience;
	}
	if (run->best)
		mf_free(run->best);
	run->best = mf;
	run->quality = quality;
	run->epoch = epoch;
	return true;
}

static void note(const struct run *run, long epochs, struct text *spec)
{
	const struct drill *d = run->d;

	model_note(spec, "adam", d->lazy ? "lazy" : "dense");
	model_note(spec, "rate", "%.9g", d->rate);
	model_note(spec, "l2", "%.9g", d->l2);
	model_note(spec, "batch", "%ld", d->batch);
	model_note(spec, "negatives", "%s", d->negatives);
	model_note(spec, "seed", "%ld", d->seed);
	model_note(spec, "epochs", "%ld", epochs);
	model_note(spec, "epoch", "%ld", run->epoch);
	if (run->valid) {
		model_note(spec, "metric", "%s", d->metric);
		model_note(spec, "valid", "%.9g", run->quality);
	}
}

struct mf *drill_run(const struct drill *d, struct factors *f, const struct objective *objective,
	const struct factors_loss *own, size_t owns, bool (*prepare)(void *, long epoch), void *arg,
	struct text *spec)
{
	struct run run = { .d = d, .valid = has_part(d, 1) };
	double most = INFINITY; /* ten times what knowing nothing costs */
	bool more = true;
	long e = 0;

	if (!run.valid)
		warn("no row of part 1 with a label above 0: all %ld epochs are run, and the last "
		     "is kept",
			d->epochs);
	open_trace(&run);
	progress_start("training", (uint64_t)d->epochs, "epochs");
	while (more && e < d->epochs) {
		bool another = prepare && prepare(arg, e);
		struct factors_losses loss = factors_epoch(f, objective, own, owns, (uint64_t)e);

		most = e++ == 0 || another ? 10 * loss.first : most;
		if (!(loss.sum <= most) || !isfinite(loss.own))
			die("epoch %ld: training diverges (loss %g); try a --rate lower than %g", e,
				loss.sum + loss.own, d->rate);
		progress_at((uint64_t)e);
		if ((e - 1) % d->every == 0 || e == d->epochs)
			more = judged(&run, f, e, loss.sum + loss.own);
	}
	progress_end();
	if (run.valid)
		warn("kept epoch %ld of %ld, valid %s %.5f", run.epoch, e, d->metric, run.quality);
	if (run.trace && fclose(run.trace))
		die("%s:", d->trace);
	factors_free(f);
	note(&run, e, spec);
	return run.best;
}
