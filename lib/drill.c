#include "drill.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "model_write.h"
#include "progress.h"

enum { MOST_PLACES = 1000 };

static struct judge_goal goal_of(const struct drill *d)
{
	struct judge_goal goal = { 0 };
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

	return factors_memory(rows->users, rows->items, &how) + rows->n * (LIKED_BITS / 8) +
	       batch * (uint64_t)(d->negatives + 1) * pair;
}

struct bpr_training drill_bpr(const struct drill *d)
{
	return (struct bpr_training){ (size_t)d->batch, (size_t)d->negatives, (uint64_t)d->seed };
}

struct liked drill_liked(const struct drill *d, const struct mf_rows *rows)
{
	if (rows->n > UINT32_MAX)
		die("stdin: %zu rows; expected at most %u to draw from", rows->n, UINT32_MAX);
	return liked_new(rows, strcmp(d->sampling, "popularity") == 0, LIKED_BITS);
}

static void check_labels(const struct mf_rows *rows, long part)
{
	for (size_t r = 0; rows->part && r < rows->n; r++)
		if (rows->part[r] == part && !isfinite(rows->label[r]))
			die("stdin: label of row %zu is %g; expected a finite number", r,
				(double)rows->label[r]);
}

void drill_open(struct drill *d, const struct mf_rows *rows, const struct liked *liked)
{
	struct judge_goal goal = goal_of(d);

	goal.part = 1;
	goal.users = rows->users;
	goal.liked = liked;
	d->judge = judge_rankings(rows, &goal);
	if (!d->trace_part)
		return;
	check_labels(rows, d->trace_part);
	goal.part = (uint8_t)d->trace_part;
	if (!(d->other = judge_rankings(rows, &goal)))
		die("stdin: no row of part %ld has a label above 0 and an item that is new to its "
		    "user; --trace-part needs one",
			d->trace_part);
}

struct run {
	struct drill *d;
	struct drill_at *at;
	FILE *trace;
	long lull; /* how many were judged after the best one */
};

static void open_trace(struct run *run)
{
	const struct drill *d = run->d;

	if (!d->trace)
		return;
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
	if (d->judge)
		fprintf(run->trace, "%.9g", quality);
	if (d->other)
		fprintf(run->trace, "\t%.9g", judge_of(d->other, mf));
	fputc('\n', run->trace);
	if (fflush(run->trace))
		die("%s:", d->trace);
}

/* Judges an epoch; whether to go on. */
static bool judged(struct run *run, struct factors *f, double loss)
{
	struct drill_at *at = run->at;
	struct mf *mf = factors_mf(f);
	struct judge *judge = run->d->judge;
	double quality = judge ? judge_of(judge, mf) : 0;
	bool better = !judge || !at->model || quality > at->quality;

	trace(run, mf, at->epochs, loss, quality);
	if (judge)
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

	return (e - 1) % d->every == 0 || (e == d->epochs && (!d->resumable || !d->judge));
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

void drill_run(struct drill *d, struct drill_at *at, struct factors *f,
	const struct objective *objective, const struct vectors_loss *own, size_t owns,
	bool (*prepare)(void *, long epoch), void *arg, struct text *spec)
{
	struct run run = { .d = d, .at = at };

	if (!d->judge)
		warn("no row of part 1 with a label above 0 and an item that is new to its user: "
		     "all %ld epochs are run, and the last is kept",
			d->epochs);
	for (long e = at->best + 1; at->best && e <= at->epochs; e++)
		run.lull += (e - 1) % d->every == 0;
	open_trace(&run);
	progress_start("training", (uint64_t)d->epochs, "epochs");
	run_epochs(&run, f, objective, own, owns, prepare, arg);
	progress_end();
	if (d->judge)
		warn("kept epoch %ld of %ld, valid %s %.5f", at->best, at->epochs, d->metric,
			at->quality);
	if (run.trace && fclose(run.trace))
		die("%s:", d->trace);
	model_note(spec, "epochs", "%ld", at->epochs);
	model_note(spec, "epoch", "%ld", at->best);
	if (d->judge)
		model_note(spec, "valid", "%.9g", at->quality);
	judge_free(d->judge);
	judge_free(d->other);
	d->judge = d->other = NULL;
}
