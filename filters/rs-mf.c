/* rs-mf -- factor a matrix of ratings.
 *
 * Reads   user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating
 *         part        u8 (N)    0 trains, 1 chooses the epoch; without it all rows train
 *         weight      f32 (N)   optional
 * Writes  model.NAME.spec, .bias, .user.bias, .item.bias, .user.factors, .item.factors
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"
#include "mf.h"
#include "model.h"
#include "opt.h"
#include "progress.h"
#include "stream.h"

#define LABEL_MOST 1e30F /* so that no product of labels leaves the range of a float */

struct call {
	const char *name; /* of the model */
	bool replace;
	long dim, epochs, patience, seed;
	double rate, l2, decay;
};

static int want(const char *name, const struct frame *first, void *arg)
{
	static const char *const column[] = { "user", "item", "label", "weight", "part" };
	const struct call *call = arg;
	char mine[TENSOR_NAME + 16];

	(void)first;
	snprintf(mine, sizeof mine, "model.%s.*", call->name);
	if (tensor_match(mine, name)) {
		if (!call->replace)
			die("stdin: '%s' is already in the stream; --as another name, or --replace",
				name);
		return STREAM_DROP;
	}
	for (size_t i = 0; i < sizeof column / sizeof *column; i++)
		if (strcmp(name, column[i]) == 0)
			return STREAM_KEEP;
	return STREAM_PASS;
}

/* ---- reading ---- */

static const void *column(const struct tensors *set, const char *name, enum dtype dtype, size_t n)
{
	const struct tensor *t = tensors_need(set, name, dtype, 1);

	if (tensor_rows(t) != n)
		die("stdin: '%s' has %llu rows, 'user' %zu", name,
			(unsigned long long)tensor_rows(t), n);
	return t->data;
}

static uint32_t extent(const uint32_t *id, size_t n, const char *name)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = id[i] > most ? id[i] : most;
	if (most == UINT32_MAX)
		die("stdin: '%s': %u is too large an id", name, most);
	return n ? most + 1 : 0;
}

static void check_rows(const struct mf_rows *rows)
{
	size_t trained = 0;
	double weights = 0;

	for (size_t i = 0; i < rows->n; i++) {
		float x = rows->label[i], w = rows->weight ? rows->weight[i] : 1;

		if (rows->part && rows->part[i] > 1)
			continue;
		if (!(fabsf(x) <= LABEL_MOST))
			die("stdin: label of row %zu is %g; expected a number within +-%g", i,
				(double)x, (double)LABEL_MOST);
		if (!(w >= 0 && w <= LABEL_MOST))
			die("stdin: weight of row %zu is %g; expected 0 to %g", i, (double)w,
				(double)LABEL_MOST);
		if (rows->part && rows->part[i] != 0)
			continue;
		trained++;
		weights += (double)w;
	}
	if (!trained)
		die("stdin: none of %zu rows is of part 0: nothing to train on", rows->n);
	if (!(weights > 0))
		die("stdin: the weights of all %zu training rows are 0", trained);
}

static struct mf_rows read_rows(const struct tensors *set)
{
	struct mf_rows rows = { .user = tensors_need(set, "user", U32, 1)->data };

	rows.n = tensor_rows(tensors_find(set, "user"));
	rows.item = column(set, "item", U32, rows.n);
	rows.label = column(set, "label", F32, rows.n);
	rows.weight = tensors_find(set, "weight") ? column(set, "weight", F32, rows.n) : NULL;
	rows.part = tensors_find(set, "part") ? column(set, "part", U8, rows.n) : NULL;
	rows.users = extent(rows.user, rows.n, "user");
	rows.items = extent(rows.item, rows.n, "item");
	check_rows(&rows);
	return rows;
}

static void check_memory(const struct mf_rows *rows, long dim, uint64_t ceiling)
{
	uint64_t need = mf_memory(rows, (uint32_t)dim);

	if (need > (ceiling ? ceiling : mem_physical() / 4 * 3))
		die("memory: %u users, %u items and --dim %ld need %llu MiB; lower --dim or raise "
		    "--memory",
			rows->users, rows->items, dim, (unsigned long long)(need >> 20));
}

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
static struct mf *train(const struct call *call, struct mf_fit *fit, long *best)
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

/* ---- writing ---- */

static void write_model(
	struct stream *out, const struct call *call, const struct mf *mf, long epoch)
{
	struct tensors model = { 0 };
	struct model_spec spec = { 0 };

	model_note(&spec, "epoch", "%ld", epoch);
	model_note(&spec, "rate", "%.9g", call->rate);
	model_note(&spec, "decay", "%.9g", call->decay);
	model_note(&spec, "l2", "%.9g", call->l2);
	model_note(&spec, "seed", "%ld", call->seed);
	model_from_mf(&model, call->name, &spec, mf);
	for (size_t i = 0; i < model.n; i++)
		stream_write(out, model.at[i]);
	tensors_free(&model);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct call call = { "mf", false, 32, 30, 4, 1, 0.05, 0.05, 0.9 };
	const struct opt opts[] = {
		OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &call.replace, "replace a model of that name"),
		OPT_INT('k', "dim", &call.dim, 1, MF_DIM, "factors of a user or item"),
		OPT_INT('e', "epochs", &call.epochs, 1, 1e6, "passes over the training rows"),
		OPT_REAL('l', "rate", &call.rate, 1e-9, 1e3, "learning rate of the first epoch"),
		OPT_REAL(0, "decay", &call.decay, 1e-3, 1, "the rate's factor after each epoch"),
		OPT_REAL(0, "l2", &call.l2, 0, 1e3, "penalty on biases and factors"),
		OPT_INT(0, "patience", &call.patience, 0, 1e6,
			"stop after N epochs without a better part 1; 0: never"),
		OPT_SEED(&call.seed),
		OPT_STREAM(&options),
		OPT_END,
	};
	struct tensors set = { 0 };
	struct mf_rows rows;
	struct mf_fit *fit;
	struct stream *in, *out;
	struct mf *mf;
	long best = 0;

	opt_parse(argc, argv, "factor a matrix of ratings: SGD with biases", NULL,
		"Example:\n  rs-import ratings.csv | rs-split | rs-mf --dim 32 | rs-score", opts);
	if (model_name_fault(call.name))
		die_usage("--as: '%s': %s", call.name, model_name_fault(call.name));
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	stream_load(in, out, want, &call, &set);
	rows = read_rows(&set);
	check_memory(&rows, call.dim, options.memory);
	fit = mf_fit_new(&rows, &(struct mf_training){ (uint32_t)call.dim, call.rate, call.l2,
					call.decay, (uint64_t)call.seed });
	tensors_free(&set);
	mf = train(&call, fit, &best);
	write_model(out, &call, mf, best);
	mf_free(mf);
	stream_close(out);
	stream_free(in);
	return 0;
}
