#include "drill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "model_write.h"
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

void drill_only(const struct drill *d, const char *arch)
{
	static const struct drill usual = { DRILL_DEFAULTS };
	const struct opt_only only[] = {
		{ "metric", strcmp(d->metric, usual.metric) != 0, "mf" },
		{ "every", d->every != usual.every, "mf" },
		{ "trace-part", d->trace_part != 0, "mf" },
	};

	opt_check_only("arch", arch, only, sizeof only / sizeof *only);
}

void drill_check(const struct drill *d)
{
	goal_of(d);
	if (strcmp(d->sampling, "uniform") != 0 && strcmp(d->sampling, "popularity") != 0)
		die_usage("--negative-sampling: '%s' is not uniform or popularity", d->sampling);
	if (d->trace_part && !d->trace)
		die_usage("--trace-part: needs --trace FILE to write to");
}

struct factors_training drill_training(const struct drill *d)
{
	return (struct factors_training){ (uint32_t)d->dim, d->rate, d->l2, d->lazy, d->bias,
		(uint64_t)d->seed };
}

uint64_t drill_memory(const struct drill *d, const struct mf_rows *rows)
{
	const uint64_t pair = 32; /* ids, score, slope, loss, places by user and by item */
	struct factors_training how = drill_training(d);
	uint64_t batch = (uint64_t)d->batch < rows->n ? (uint64_t)d->batch : rows->n;

	return factors_memory(rows->users, rows->items, &how) +
	       batch * (uint64_t)(d->negatives + 1) * pair;
}

struct bpr_training drill_bpr(const struct drill *d)
{
	return (struct bpr_training){ (size_t)d->batch, (size_t)d->negatives,
		strcmp(d->sampling, "popularity") == 0, (uint64_t)d->seed };
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
	struct drill_at *at;
	bool valid; /* there is a part 1 to judge on */
	FILE *trace;
	long lull; /* how many were judged after the best one */
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
static bool judged(struct run *run, struct factors *f, double loss)
{
	struct drill_at *at = run->at;
	struct mf *mf = factors_mf(f);
	double quality = run->valid ? judge(run->d, mf, 1) : 0;
	bool better = !run->valid || !at->model || quality > at->quality;

	trace(run, mf, at->epochs, loss, quality);
	if (run->valid)
		progress_line("epoch %ld: loss %.5g, valid %s %.5f%s", at->epochs, loss,
			run->d->metric, quality, better ? " *" : "");
	else
		progress_line("epoch %ld: loss %.5g", at->epochs, loss);
	run->lull = better ? 0 : run->lull + 1;
	if (better) {
		struct mf *old = at->model;

		at->model = mf;
		at->quality = quality;
		at->best = at->epochs;
		mf = old;
	}
	if (mf)
		mf_free(mf);
	return !run->d->patience || run->lull < run->d->patience;
}

void drill_note(const struct drill *d, struct text *spec)
{
	model_note(spec, "adam", d->lazy ? "lazy" : "dense");
	model_note(spec, "rate", "%.9g", d->rate);
	model_note(spec, "decay", "%.9g", d->decay);
	model_note(spec, "l2", "%.9g", d->l2);
	model_note(spec, "batch", "%ld", d->batch);
	model_note(spec, "negatives", "%ld", d->negatives);
	model_note(spec, "negative-sampling", "%s", d->sampling);
	model_note(spec, "item-bias", "%s", d->bias ? "yes" : "no");
	model_note(spec, "metric", "%s", d->metric);
	model_note(spec, "every", "%ld", d->every);
	model_note(spec, "seed", "%ld", d->seed);
}

/* Whether the epoch's turn to be judged has come. */
static bool due(const struct run *run)
{
	const struct drill *d = run->d;
	long e = run->at->epochs;

	return (e - 1) % d->every == 0 || (e == d->epochs && (!d->resumable || !run->valid));
}

static void run_epochs(struct run *run, struct factors *f, const struct objective *objective,
	const struct vectors_loss *own, size_t owns, bool (*prepare)(void *, long epoch), void *arg)
{
	const struct drill *d = run->d;
	double rate = d->rate, most = INFINITY; /* ten times what the first batch costs */
	bool more = !d->patience || run->lull < d->patience, first = true;

	for (long e = 0; e < run->at->epochs; e++)
		rate *= d->decay;
	for (long e = run->at->epochs; more && e < d->epochs; e++, rate *= d->decay) {
		bool another = prepare && prepare(arg, e);
		struct factors_losses loss;

		factors_rate(f, rate);
		loss = factors_epoch(f, objective, own, owns, (uint64_t)e);
		most = first || another ? 10 * loss.first : most;
		first = false;
		if (!(loss.sum <= most) || !isfinite(loss.own))
			die("epoch %ld: training diverges (loss %g); try a --rate lower than %g",
				e + 1, loss.sum + loss.own, d->rate);
		progress_at((uint64_t)++run->at->epochs);
		if (due(run))
			more = judged(run, f, loss.sum + loss.own);
	}
}

void drill_run(const struct drill *d, struct drill_at *at, struct factors *f,
	const struct objective *objective, const struct vectors_loss *own, size_t owns,
	bool (*prepare)(void *, long epoch), void *arg, struct text *spec)
{
	struct run run = { .d = d, .at = at, .valid = has_part(d, 1) };

	if (!run.valid)
		warn("no row of part 1 with a label above 0: all %ld epochs are run, and the last "
		     "is kept",
			d->epochs);
	for (long e = at->best + 1; at->best && e <= at->epochs; e++)
		run.lull += (e - 1) % d->every == 0;
	open_trace(&run);
	progress_start("training", (uint64_t)d->epochs, "epochs");
	run_epochs(&run, f, objective, own, owns, prepare, arg);
	progress_end();
	if (run.valid)
		warn("kept epoch %ld of %ld, valid %s %.5f", at->best, at->epochs, d->metric,
			at->quality);
	if (run.trace && fclose(run.trace))
		die("%s:", d->trace);
	model_note(spec, "epochs", "%ld", at->epochs);
	model_note(spec, "epoch", "%ld", at->best);
	if (run.valid)
		model_note(spec, "valid", "%.9g", at->quality);
}
