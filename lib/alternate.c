#include "alternate.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "ials.h"

enum { STEPS = 3 }; /* of conjugate gradients */

static bool epoch(void *fit, double *train)
{
	(void)train;
	return ials_epoch(fit);
}

static struct mf *model(const void *fit)
{
	return ials_model(fit);
}

static void start(void *fit, const struct mf *from)
{
	ials_start(fit, from);
}

static size_t state(void *fit, struct mf_state list[MF_STATES])
{
	return ials_state(fit, list);
}

void alternate_ials(struct solve *call)
{
	struct ials_training t = { (uint32_t)call->dim, solve_real(call->alpha, 0.3),
		solve_real(call->reg, 0.007), solve_real(call->nu, 1),
		strcmp(call->solver, "cg") == 0 ? STEPS : 0, (uint64_t)call->seed };
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
	model_note(&call->spec, "solver", "%s", call->solver);
	model_note(&call->spec, "seed", "%ld", call->seed);
	snprintf(advice, sizeof advice, "try a --reg above %g", t.l2);
	solve_run(call, &(struct solve_fit){ fit, ials_positives(fit), true, epoch, model, start,
				state, NULL, advice });
	ials_free(fit);
}
