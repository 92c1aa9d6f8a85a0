#include "descend.h"
#include "model_write.h"

#include <stdio.h>

static bool epoch(void *fit, double *train)
{
	struct mf_epoch e = mf_fit_epoch(fit);

	*train = e.train;
	return !e.diverged;
}

static struct mf *model(const void *fit)
{
	return mf_fit_model(fit);
}

static void start(void *fit, const struct mf *from)
{
	mf_fit_start(fit, from);
}

static size_t state(void *fit, struct mf_state list[MF_STATES])
{
	return mf_fit_state(fit, list);
}

static void skip(void *fit, size_t epochs)
{
	mf_fit_skip(fit, epochs);
}

static void descend(struct solve *call, struct mf_training t)
{
	char advice[60];
	struct mf_fit *fit;

	call->epochs = solve_count(call->epochs, 30);
	solve_memory(call, mf_memory(&call->rows, t.dim, t.l2_set > 0), NULL);
	fit = mf_fit_new(&call->rows, &t);
	model_note(&call->spec, "rate", "%.9g", t.rate);
	model_note(&call->spec, "decay", "%.9g", t.decay);
	model_note(&call->spec, "l2", "%.9g", t.l2);
	if (t.l2_set > 0)
		model_note(&call->spec, "reg", "%.9g", t.l2_set);
	model_note(&call->spec, "seed", "%ld", call->seed);
	snprintf(advice, sizeof advice, "try a --rate lower than %g", t.rate);
	solve_run(call, &(struct solve_fit){ fit, mf_fit_trained(fit), false, "RMSE", epoch, model,
				start, state, skip, advice });
	mf_fit_free(fit);
}

void descend_sgd(struct solve *call)
{
	descend(call, (struct mf_training){ (uint32_t)call->dim, solve_real(call->rate, 0.05),
			      solve_real(call->l2, 0.05), solve_real(call->decay, 0.9),
			      (uint64_t)call->seed, 0 });
}

void descend_svdpp(struct solve *call)
{
	descend(call, (struct mf_training){ (uint32_t)call->dim, solve_real(call->rate, 0.05),
			      solve_real(call->l2, 0.06), solve_real(call->decay, 0.9),
			      (uint64_t)call->seed, solve_real(call->reg, 1) });
}
