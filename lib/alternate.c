#include "alternate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "als.h"
#include "die.h"
#include "ials.h"
#include "model_write.h"

enum { STEPS = 3 }; /* of conjugate gradients */

static uint32_t steps_of(const struct solve *call, const char *usual)
{
	return strcmp(call->solver ? call->solver : usual, "cg") == 0 ? STEPS : 0;
}

/* ---- positives ---- */

static bool ials_pass(void *fit, double *train)
{
	(void)train;
	return ials_epoch(fit);
}

static struct mf *ials_copy(const void *fit)
{
	return ials_model(fit);
}

static void ials_from(void *fit, const struct mf *from)
{
	ials_start(fit, from);
}

static size_t ials_arrays(void *fit, struct mf_state list[MF_STATES])
{
	return ials_state(fit, list);
}

void alternate_ials(struct solve *call)
{
	struct ials_training t = { (uint32_t)call->dim, solve_real(call->alpha, 0.3),
		solve_real(call->reg, 0.007), solve_real(call->nu, 1), steps_of(call, "cg"),
		(uint64_t)call->seed };
	char advice[60];
	struct ials *fit;

	call->epochs = solve_count(call->epochs, 16);
	solve_memory(call, ials_memory(&call->rows, t.dim), NULL);
	fit = ials_new(&call->rows, &t);
	if (!ials_positives(fit))
		die("stdin: no training row has a label above 0: nothing to train on");
	model_note(&call->spec, "alpha", "%.9g", t.alpha);
	model_note(&call->spec, "reg", "%.9g", t.l2);
	model_note(&call->spec, "nu", "%.9g", t.nu);
	model_note(&call->spec, "solver", "%s", t.steps ? "cg" : "cholesky");
	model_note(&call->spec, "seed", "%ld", call->seed);
	snprintf(advice, sizeof advice, "try a --reg above %g", t.l2);
	solve_run(call, &(struct solve_fit){ fit, ials_positives(fit), true, "", ials_pass,
				ials_copy, ials_from, ials_arrays, NULL, advice });
	ials_free(fit);
}

/* ---- ratings ---- */

static bool als_pass(void *fit, double *train)
{
	*train = als_epoch(fit);
	return !isnan(*train);
}

static struct mf *als_copy(const void *fit)
{
	return als_model(fit);
}

static void als_from(void *fit, const struct mf *from)
{
	als_start(fit, from);
}

static size_t als_arrays(void *fit, struct mf_state list[MF_STATES])
{
	return als_state(fit, list);
}

void alternate_als(struct solve *call)
{
	struct als_training t = { (uint32_t)call->dim, solve_real(call->reg, 0.08),
		steps_of(call, "cholesky"), (uint64_t)call->seed };
	char advice[60];
	struct als *fit;

	if (call->dim > ALS_DIM)
		die_usage("--dim: %ld is not in 1..%d for als", call->dim, ALS_DIM);
	call->epochs = solve_count(call->epochs, 16);
	solve_memory(call, als_memory(&call->rows, t.dim), NULL);
	fit = als_new(&call->rows, &t);
	model_note(&call->spec, "reg", "%.9g", t.l2);
	model_note(&call->spec, "solver", "%s", t.steps ? "cg" : "cholesky");
	model_note(&call->spec, "seed", "%ld", call->seed);
	snprintf(advice, sizeof advice, "try a --reg above %g", t.l2);
	solve_run(call, &(struct solve_fit){ fit, als_trained(fit), false, "RMSE", als_pass,
				als_copy, als_from, als_arrays, NULL, advice });
	als_free(fit);
}
