#include "alternate.h"

#include <string.h>

#include "die.h"
#include "ials.h"
#include "progress.h"

enum { STEPS = 3 }; /* of conjugate gradients */

void alternate_ials(struct solve *call)
{
	struct ials_training t = { (uint32_t)call->dim, 0, 0, 0, 0, (uint64_t)call->seed };
	struct ials *fit;

	call->epochs = solve_count(call->epochs, 16);
	call->alpha = t.alpha = solve_real(call->alpha, 0.3);
	call->reg = t.l2 = solve_real(call->reg, 0.007);
	call->nu = t.nu = solve_real(call->nu, 1);
	t.steps = strcmp(call->solver, "cg") == 0 ? STEPS : 0;
	solve_memory(call, ials_memory(&call->rows, t.dim), NULL);
	fit = ials_new(&call->rows, &t);
	solve_taken(call);
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
	solve_answer(call, ials_end(fit));
}
