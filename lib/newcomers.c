#include "newcomers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "foldin.h"
#include "model_write.h"

/* As given; or, when the model was trained so, as its spec says; or the usual one. */
static double real_of(
	double given, const struct model *model, bool same, const char *key, double usual)
{
	const char *text = same ? model_spec(model, key) : NULL;
	double x = text ? strtod(text, NULL) : NAN;

	if (!isnan(given))
		return given;
	return x > 0 && isfinite(x) ? x : usual;
}

void newcomers_fold(struct solve *call)
{
	struct model *model;
	const struct mf *mf = model_open_factors(&model, &call->set, call->fold_in, "--fold-in");
	const char *algo = model_spec(model, "algo");
	bool ials = algo && strcmp(algo, "ials") == 0, als = algo && strcmp(algo, "als") == 0;
	struct foldin_how how = { .positives = ials || (algo && strcmp(algo, "bpr") == 0) };
	size_t folded;
	struct mf *wide;

	if (!mf->dim || mf->dim > FOLDIN_DIM)
		die("stdin: model '%s' has %u factors; --fold-in needs 1 to %d", call->fold_in,
			mf->dim, FOLDIN_DIM);
	how.l2 = real_of(call->reg, model, ials || als, "reg", how.positives ? 0.007 : 0.08);
	how.alpha = real_of(call->alpha, model, ials, "alpha", 0.3);
	how.nu = real_of(call->nu, model, ials, "nu", 1);
	solve_memory(call, (uint64_t)call->rows.n * 40 + (uint64_t)mf->items * (mf->dim + 16) * 4,
		"the model");
	wide = foldin_users(&folded, mf, &call->rows, &how);
	warn("%zu new users; %s", folded, how.positives ? "positives" : "ratings");
	if (algo)
		model_note(&call->spec, "algo", "%s", algo);
	model_note(&call->spec, "fold_in", "%s", call->fold_in);
	model_note(&call->spec, "reg", "%.9g", how.l2);
	if (how.positives) {
		model_note(&call->spec, "alpha", "%.9g", how.alpha);
		model_note(&call->spec, "nu", "%.9g", how.nu);
	}
	model_free(model);
	solve_answer(call, wide);
}
