/* rs-mf -- factor a matrix of ratings, or of what was taken.
 *
 * Reads   user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating; for --algo ials, bpr and ease, above 0 is a positive
 *         part        u8 (N)    0 trains, 1 chooses the epoch; without it all rows train
 *         weight      f32 (N)   optional
 * Writes  model.NAME.spec, .bias, .user.bias, .item.bias, .user.factors, .item.factors,
 *         or for --algo ease .spec, .seen.at, .seen.id, .weights; with --resumable .resume.*
 * ahead of the rows, and passes every other tensor on unchanged. */
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
#include "stream_out.h"

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

static bool differs(const char *a, const char *b)
{
	return strcmp(a, b) != 0;
}

#define FOLD_IN "--fold-in"

/* Options that the algorithm does not have, or --fold-in. */
static void check_only(const struct solve *call)
{
	static const struct solve usual = { SOLVE_DEFAULTS };
	const struct drill *d = &call->drill;
	const struct opt_only only[] = {
		{ "dim", call->dim != usual.dim, "sgd svdpp als ials bpr" },
		{ "epochs", call->epochs != 0, "sgd svdpp als ials bpr bias" },
		{ "rate", !isnan(call->rate), "sgd svdpp bpr" },
		{ "decay", !isnan(call->decay), "sgd svdpp bpr" },
		{ "l2", !isnan(call->l2), "sgd svdpp bpr" },
		{ "patience", call->patience != usual.patience, "sgd svdpp als ials bpr" },
		{ "alpha", !isnan(call->alpha), "ials " FOLD_IN },
		{ "reg", !isnan(call->reg), "svdpp als ials ease bias " FOLD_IN },
		{ "nu", !isnan(call->nu), "ials " FOLD_IN },
		{ "solver", call->solver != NULL, "als ials" },
		{ "optimizer", differs(call->optimizer, usual.optimizer), "bpr" },
		{ "batch", d->batch != usual.drill.batch, "bpr" },
		{ "negatives", d->negatives != usual.drill.negatives, "bpr" },
		{ "negative-sampling", differs(d->sampling, usual.drill.sampling), "bpr" },
		{ "item-bias", d->bias, "bpr" },
		{ "metric", differs(d->metric, usual.drill.metric), "bpr" },
		{ "every", d->every != usual.drill.every, "bpr" },
		{ "trace-part", d->trace_part != 0, "bpr" },
		{ "trace", d->trace != NULL, "bpr" },
	};
	size_t n = sizeof only / sizeof *only;

	for (size_t i = 0; i < n && call->fold_in; i++)
		if (only[i].given && !strstr(only[i].choices, FOLD_IN))
			die_usage("--%s: has no effect with " FOLD_IN, only[i].name);
	if (!call->fold_in)
		opt_check_only("algo", call->algo, only, n);
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
	check_only(call);
}

/* The model, or the one whose users became more. */
static void compute(struct solve *call, const struct algo *algo)
{
	if (call->fold_in) {
		newcomers_fold(call);
		return;
	}
	model_note(&call->spec, "algo", "%s", algo->name);
	algo->run(call);
}

static void write_model(struct solve *call, struct stream *out)
{
	for (size_t i = 0; i < call->model.n; i++)
		stream_write(out, call->model.at[i]);
	tensors_free(&call->model);
	tensors_free(&call->set);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct solve call = { SOLVE_DEFAULTS };
	const struct opt opts[] = {
		SOLVE_OPTIONS(&call),
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
	compute(&call, algo);
	write_model(&call, out);
	stream_close(out);
	stream_free(in);
	return 0;
}
