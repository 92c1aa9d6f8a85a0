#include "direct.h"

#include <math.h>
#include <stdlib.h>

#include "bias.h"
#include "die.h"
#include "model_write.h"

void direct_ease(struct solve *call)
{
	struct csr positives;
	struct ease fitted = { call->rows.users, call->rows.items, NULL, NULL, NULL };
	float *weight;

	call->reg = solve_real(call->reg, 300);
	solve_memory(call, ease_memory(&call->rows), "--algo ease");
	positives = ease_positives(&call->rows);
	solve_taken(call);
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

void direct_bias(struct solve *call)
{
	struct mf *mf;

	call->epochs = solve_count(call->epochs, 10);
	call->reg = solve_real(call->reg, 5);
	mf = bias_fit(&call->rows, call->reg, call->epochs);
	solve_taken(call);
	model_note(&call->spec, "epochs", "%ld", call->epochs);
	model_note(&call->spec, "reg", "%.9g", call->reg);
	solve_answer(call, mf);
}

void direct_mean(struct solve *call)
{
	struct mf *mf = bias_mean(&call->rows);

	solve_taken(call);
	solve_answer(call, mf);
}

void direct_popularity(struct solve *call)
{
	struct mf *mf = bias_popularity(&call->rows);

	solve_taken(call);
	solve_answer(call, mf);
}
