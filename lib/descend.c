#include "descend.h"

#include <unistd.h>

#include "die.h"
#include "progress.h"

static void say_epoch(const struct mf_epoch *epoch, long number, bool valid)
{
	if (valid)
		warn("epoch %ld: train RMSE %.4f, valid RMSE %.4f%s", number, epoch->train,
			epoch->valid, epoch->best ? "" : ", no better");
	else
		warn("epoch %ld: train RMSE %.4f", number, epoch->train);
}

/* Runs the epochs; *best is the number of the one whose model is kept. */
static struct mf *run(const struct solve *call, struct mf_fit *fit, long *best)
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

void descend_sgd(struct solve *call)
{
	struct mf_fit *fit;
	struct mf *mf;
	long best = 0;

	call->epochs = solve_count(call->epochs, 30);
	call->rate = solve_real(call->rate, 0.05);
	call->decay = solve_real(call->decay, 0.9);
	call->l2 = solve_real(call->l2, 0.05);
	solve_memory(call, mf_memory(&call->rows, (uint32_t)call->dim), NULL);
	fit = mf_fit_new(&call->rows, &(struct mf_training){ (uint32_t)call->dim, call->rate,
					      call->l2, call->decay, (uint64_t)call->seed });
	solve_taken(call);
	mf = run(call, fit, &best);
	model_note(&call->spec, "epoch", "%ld", best);
	model_note(&call->spec, "rate", "%.9g", call->rate);
	model_note(&call->spec, "decay", "%.9g", call->decay);
	model_note(&call->spec, "l2", "%.9g", call->l2);
	model_note(&call->spec, "seed", "%ld", call->seed);
	solve_answer(call, mf);
}
