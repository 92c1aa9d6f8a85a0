/* rs-mf -- factor a matrix of ratings, or of what was taken.
 *
 * Reads   user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating; for --algo ials, bpr and ease, above 0 is a positive
 *         part        u8 (N)    0 trains, 1 chooses the epoch; without it all rows train
 *         weight      f32 (N)   optional
 * Writes  model.NAME.spec, .bias, .user.bias, .item.bias, .user.factors, .item.factors,
 *         or for --algo ease .spec, .seen.at, .seen.id, .weights; with --resumable .resume.*
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <math.h>
#include <string.h>

#include "alternate.h"
#include "descend.h"
#include "die.h"
#include "direct.h"
#include "model_write.h"
#include "newcomers.h"
#include "opt.h"
#include "pairwise.h"
#include "ratings.h"

static const struct algo {
	const char *name;
	/* fills model and spec from rows */
	void (*run)(struct solve *);
	bool epochs; /* so that it can be started from factors, and resumed */
} ALGO[] = {
	{ "sgd", descend_sgd, true },
	{ "svdpp", descend_svdpp, true },
	{ "als", alternate_als, true },
	{ "ials", alternate_ials, true },
	{ "bpr", pairwise_bpr, true },
	{ "ease", direct_ease, false },
	{ "bias", direct_bias, false },
	{ "mean", direct_mean, false },
	{ "popularity", direct_popularity, false },
};

static const struct algo *find_algo(const char *name)
{
	for (size_t i = 0; i < sizeof ALGO / sizeof *ALGO; i++)
		if (strcmp(ALGO[i].name, name) == 0)
			return ALGO + i;
	die_usage("--algo: '%s' is not sgd, svdpp, als, ials, bpr, ease, bias, mean or popularity",
		name);
}

/* Wrong use that the table of options cannot see. */
static void check(const struct solve *call, const struct algo *algo)
{
	if (model_name_fault(call->name))
		die_usage("--as: '%s': %s", call->name, model_name_fault(call->name));
	if (call->solver && strcmp(call->solver, "cg") != 0 &&
		strcmp(call->solver, "cholesky") != 0)
		die_usage("--solver: '%s' is not cg or cholesky", call->solver);
	if (!algo->epochs && (call->init || call->resume || call->resumable))
		die_usage("--%s: %s has no epochs to go on from",
			call->init     ? "init"
			: call->resume ? "resume"
				       : "resumable",
			algo->name);
	if (call->fold_in && (call->init || call->resume || call->resumable || algo != ALGO))
		die_usage(
			"--fold-in: trains nothing; without --init, --resume, --resumable, --algo");
	if (call->init && call->resume)
		die_usage("--init: --resume starts where the model was");
	pairwise_check(call);
}

static void run(struct solve *call, const struct algo *algo)
{
	model_note(&call->spec, "algo", "%s", algo->name);
	algo->run(call);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct solve call = { .name = "mf",
		.algo = "sgd",
		.optimizer = "adam",
		.drill = { DRILL_DEFAULTS, .batch = 1024 },
		.dim = 32,
		.patience = 4,
		.seed = 1,
		.rate = NAN,
		.decay = NAN,
		.l2 = NAN,
		.alpha = NAN,
		.reg = NAN,
		.nu = NAN };
	const struct opt opts[] = {
		OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &call.replace, "replace a model of that name"),
		OPT_TEXT(0, "init", &call.init, "NAME", "start from that model's factors"),
		OPT_TEXT(0, "fold-in", &call.fold_in, "NAME",
			"train nothing: add users whom that model does not know"),
		OPT_FLAG(0, "resumable", &call.resumable, "add what --resume needs"),
		OPT_FLAG(0, "resume", &call.resume,
			"go on with the model of that name, up to --epochs in all"),
		OPT_TEXT('a', "algo", &call.algo, "ALGO",
			"sgd, svdpp, als, ials, bpr, ease, bias, mean or popularity"),
		OPT_INT('k', "dim", &call.dim, 1, MF_DIM, "factors of a user or item"),
		OPT_INT('e', "epochs", &call.epochs, 0, 1e6,
			"passes over the training rows; 0: 30 of sgd, svdpp, 16 of als, ials, 100 "
			"of bpr, 10 of bias"),
		OPT_REAL('l', "rate", &call.rate, 1e-9, 1e3,
			"learning rate at first; 0.05, of bpr 0.001"),
		OPT_REAL(0, "decay", &call.decay, 1e-3, 1, "the rate's factor an epoch; 0.9, bpr: 1"),
		OPT_REAL(0, "l2", &call.l2, 0, 1e3,
			"penalty on biases and factors; 0.05 of sgd, 0.06 of svdpp, 0.001 of bpr"),
		OPT_INT(0, "patience", &call.patience, 0, 1e6,
			"stop after N epochs (bpr: judged) without a better part 1; 0: never"),
		OPT_REAL(
			0, "alpha", &call.alpha, 1e-9, 1e3, "ials: weight of all other pairs; 0.3"),
		OPT_REAL(0, "reg", &call.reg, 1e-12, 1e9,
			"penalty; 1 of svdpp's y, 0.08 of als, 0.007 of ials, 300 of ease, 5 of "
			"bias"),
		OPT_REAL(0, "nu", &call.nu, 0, 1, "ials: how the penalty grows with frequency; 1"),
		OPT_TEXT(0, "solver", &call.solver, "SOLVER",
			"cg or cholesky; cholesky of als, cg of ials"),
		PAIRWISE_OPTIONS(&call),
		OPT_SEED(&call.seed),
		OPT_STREAM(&options),
		OPT_END,
	};
	const struct algo *algo;
	struct stream *in, *out;

	opt_parse(argc, argv, "factor a matrix of ratings", NULL,
		"Example:\n  rs-import ratings.csv | rs-split | rs-mf --dim 32 | rs-score", opts);
	algo = find_algo(call.algo);
	check(&call, algo);
	call.memory = options.memory;
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	call.rows = ratings_read(&call.set, in, out,
		&(struct ratings_wish){ .name = call.name,
			.replace = call.replace,
			.resume = call.resume,
			.init = call.fold_in ? call.fold_in : call.init });
	if (call.fold_in)
		newcomers_fold(&call);
	else
		run(&call, algo);
	for (size_t i = 0; i < call.model.n; i++)
		stream_write(out, call.model.at[i]);
	tensors_free(&call.model);
	tensors_free(&call.set);
	stream_close(out);
	stream_free(in);
	return 0;
}
