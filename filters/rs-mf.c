/* rs-mf -- factor a matrix of ratings, or of what was taken.
 *
 * Reads   user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating; for --algo ials and ease, above 0 is a positive
 *         part        u8 (N)    0 trains, 1 chooses the epoch of sgd; without it all rows train
 *         weight      f32 (N)   optional
 * Writes  model.NAME.spec, .bias, .user.bias, .item.bias, .user.factors, .item.factors,
 *         or for --algo ease .spec, .seen.at, .seen.id, .weights
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bias.h"
#include "die.h"
#include "ease.h"
#include "ials.h"
#include "mf.h"
#include "model.h"
#include "opt.h"
#include "progress.h"
#include "ratings.h"

enum { STEPS = 3 }; /* of conjugate gradients */

struct call {
	const char *name; /* of the model */
	const char *algo, *solver;
	bool replace;
	long dim, epochs, patience, seed;
	double rate, l2, decay, alpha, reg, nu;
	uint64_t memory;
	/* the work */
	struct tensors set, model;
	struct mf_rows rows;
	struct text spec;
};

/* ---- training ---- */

static void say_epoch(const struct mf_epoch *epoch, long number, bool valid)
{
	if (valid)
		warn("epoch %ld: train RMSE %.4f, valid RMSE %.4f%s", number, epoch->train,
			epoch->valid, epoch->best ? "" : ", no better");
	else
		warn("epoch %ld: train RMSE %.4f", number, epoch->train);
}

/* Runs the epochs; *best is the number of the one whose model is kept. */
static struct mf *descend(const struct call *call, struct mf_fit *fit, long *best)
{
	bool valid = mf_fit_valid(fit) > 0, terminal = isatty(STDERR_FILENO);
	struct mf_epoch epoch, kept = { 0 };

	if (!valid)
		warn("no rows of part 1: all %ld epochs are run, and the last is kept",
			call->epochs);
	progress_start("training", (uint64_t)call->epochs, "epochs");
	for (long e = 1; e <= call->epochs; e++) {
		epoch = mf_fit_epoch(fit);
		if (epoch.diverged) {
			progress_end();
			die("epoch %ld: training diverges (train RMSE %g); try a --rate lower "
			    "than %g",
				e, epoch.train, call->rate);
		}
		if (!terminal)
			say_epoch(&epoch, e, valid);
		progress_at((uint64_t)e);
		if (epoch.best) {
			kept = epoch;
			*best = e;
		} else if (call->patience && e - *best >= call->patience) {
			break;
		}
	}
	progress_end();
	if (valid)
		warn("%zu training rows; epoch %ld is kept: train RMSE %.4f, valid RMSE %.4f",
			mf_fit_trained(fit), *best, kept.train, kept.valid);
	else if (terminal)
		say_epoch(&kept, *best, valid);
	return mf_fit_end(fit);
}

/* Biases and factors become the model. */
static void finish(struct call *call, struct mf *mf)
{
	model_from_mf(&call->model, call->name, &call->spec, mf);
	mf_free(mf);
}

static void sgd(struct call *call)
{
	struct mf_fit *fit;
	struct mf *mf;
	char why[40];
	long best = 0;

	snprintf(why, sizeof why, "--dim %ld", call->dim);
	ratings_fit(&call->rows, mf_memory(&call->rows, (uint32_t)call->dim), call->memory, why);
	fit = mf_fit_new(&call->rows, &(struct mf_training){ (uint32_t)call->dim, call->rate,
					      call->l2, call->decay, (uint64_t)call->seed });
	tensors_free(&call->set);
	mf = descend(call, fit, &best);
	model_note(&call->spec, "epoch", "%ld", best);
	model_note(&call->spec, "rate", "%.9g", call->rate);
	model_note(&call->spec, "decay", "%.9g", call->decay);
	model_note(&call->spec, "l2", "%.9g", call->l2);
	model_note(&call->spec, "seed", "%ld", call->seed);
	finish(call, mf);
}

static void ials(struct call *call)
{
	struct ials_training t = { (uint32_t)call->dim, call->alpha, call->reg, call->nu, 0,
		(uint64_t)call->seed };
	struct ials *fit;
	char why[40];

	t.steps = strcmp(call->solver, "cg") == 0 ? STEPS : 0;
	if (t.steps == 0 && strcmp(call->solver, "cholesky") != 0)
		die_usage("--solver: '%s' is not cg or cholesky", call->solver);
	snprintf(why, sizeof why, "--dim %ld", call->dim);
	ratings_fit(&call->rows, ials_memory(&call->rows, t.dim), call->memory, why);
	fit = ials_new(&call->rows, &t);
	tensors_free(&call->set);
	if (!ials_positives(fit))
		die("stdin: no training row has a label above 0: nothing to train on");
	progress_start("training", (uint64_t)call->epochs, "epochs");
	for (long e = 1; e <= call->epochs; e++) {
		if (!ials_epoch(fit))
			die("epoch %ld: factors are not finite; try a --reg above %g", e,
				call->reg);
		progress_at((uint64_t)e);
	}
	progress_end();
	warn("%zu positives; %ld epochs", ials_positives(fit), call->epochs);
	model_note(&call->spec, "epochs", "%ld", call->epochs);
	model_note(&call->spec, "alpha", "%.9g", call->alpha);
	model_note(&call->spec, "reg", "%.9g", call->reg);
	model_note(&call->spec, "nu", "%.9g", call->nu);
	model_note(&call->spec, "solver", "%s", call->solver);
	model_note(&call->spec, "seed", "%ld", call->seed);
	finish(call, ials_end(fit));
}

static void baseline(struct call *call)
{
	struct mf *mf;

	if (strcmp(call->algo, "bias") == 0) {
		mf = bias_fit(&call->rows, call->reg, call->epochs);
		model_note(&call->spec, "epochs", "%ld", call->epochs);
		model_note(&call->spec, "reg", "%.9g", call->reg);
	} else {
		mf = strcmp(call->algo, "mean") == 0 ? bias_mean(&call->rows)
						     : bias_popularity(&call->rows);
	}
	tensors_free(&call->set);
	finish(call, mf);
}

static void ease(struct call *call)
{
	struct csr positives;
	struct ease fitted = { call->rows.users, call->rows.items, NULL, NULL, NULL };
	float *weight;

	ratings_fit(&call->rows, ease_memory(&call->rows), call->memory, "--algo ease");
	positives = ease_positives(&call->rows);
	tensors_free(&call->set);
	if (!positives.at[positives.rows])
		die("stdin: no training row has a label above 0: nothing to train on");
	weight = ease_fit(&positives, fitted.items, call->reg);
	for (size_t i = 0; i < fitted.items * fitted.items; i++)
		if (!isfinite(weight[i]))
			die("stdin: weights are not finite; try a --reg above %g", call->reg);
	fitted.at = positives.at;
	fitted.id = positives.id;
	fitted.weight = weight;
	model_note(&call->spec, "reg", "%.9g", call->reg);
	model_from_ease(&call->model, call->name, &call->spec, &fitted);
	csr_free(&positives);
	free(weight);
}

static const struct algo {
	const char *name;
	/* makes the model; frees the tensors, which rows points into, when it has taken them */
	void (*run)(struct call *);
	long epochs; /* where the caller has no wish */
	double reg;
} ALGO[] = {
	{ "sgd", sgd, 30, 0 },
	{ "ials", ials, 16, 0.007 },
	{ "ease", ease, 1, 300 },
	{ "bias", baseline, 10, 5 },
	{ "mean", baseline, 1, 0 },
	{ "popularity", baseline, 1, 0 },
};

static const struct algo *find_algo(const char *name)
{
	for (size_t i = 0; i < sizeof ALGO / sizeof *ALGO; i++)
		if (strcmp(ALGO[i].name, name) == 0)
			return ALGO + i;
	die_usage("--algo: '%s' is not sgd, ials, ease, bias, mean or popularity", name);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct call call = { "mf", "sgd", "cg", false, 32, 0, 4, 1, 0.05, 0.05, 0.9, 0.3, 0, 1, 0,
		{ 0 }, { 0 }, { 0 }, { 0 } };
	const struct opt opts[] = {
		OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &call.replace, "replace a model of that name"),
		OPT_TEXT('a', "algo", &call.algo, "ALGO",
			"sgd, ials, ease, bias, mean or popularity"),
		OPT_INT('k', "dim", &call.dim, 1, MF_DIM, "factors of a user or item"),
		OPT_INT('e', "epochs", &call.epochs, 0, 1e6,
			"passes over the training rows; 0: 30 of sgd, 16 of ials, 10 of bias"),
		OPT_REAL('l', "rate", &call.rate, 1e-9, 1e3, "sgd: learning rate at first"),
		OPT_REAL(0, "decay", &call.decay, 1e-3, 1, "sgd: the rate's factor an epoch"),
		OPT_REAL(0, "l2", &call.l2, 0, 1e3, "sgd: penalty on biases and factors"),
		OPT_INT(0, "patience", &call.patience, 0, 1e6,
			"sgd: stop after N epochs without a better part 1; 0: never"),
		OPT_REAL(0, "alpha", &call.alpha, 1e-9, 1e3, "ials: weight of all other pairs"),
		OPT_REAL(0, "reg", &call.reg, 0, 1e9,
			"penalty; 0: 0.007 of ials, 300 of ease, 5 of bias"),
		OPT_REAL(0, "nu", &call.nu, 0, 1, "ials: how the penalty grows with frequency"),
		OPT_TEXT(0, "solver", &call.solver, "SOLVER", "ials: cg or cholesky"),
		OPT_SEED(&call.seed),
		OPT_STREAM(&options),
		OPT_END,
	};
	const struct algo *algo;
	struct stream *in, *out;

	opt_parse(argc, argv, "factor a matrix of ratings", NULL,
		"Example:\n  rs-import ratings.csv | rs-split | rs-mf --dim 32 | rs-score", opts);
	if (model_name_fault(call.name))
		die_usage("--as: '%s': %s", call.name, model_name_fault(call.name));
	algo = find_algo(call.algo);
	call.epochs = call.epochs ? call.epochs : algo->epochs;
	call.reg = call.reg > 0 ? call.reg : algo->reg;
	call.memory = options.memory;
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	call.rows = ratings_read(&call.set, in, out, call.name, call.replace);
	model_note(&call.spec, "algo", "%s", algo->name);
	algo->run(&call);
	for (size_t i = 0; i < call.model.n; i++)
		stream_write(out, call.model.at[i]);
	tensors_free(&call.model);
	stream_close(out);
	stream_free(in);
	return 0;
}
