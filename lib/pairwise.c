#include "pairwise.h"

#include <string.h>

#include "bpr.h"
#include "die.h"

void pairwise_check(const struct solve *call)
{
	if (strcmp(call->optimizer, "adam") != 0 && strcmp(call->optimizer, "lazy") != 0)
		die_usage("--optimizer: '%s' is not adam or lazy", call->optimizer);
	drill_check(&call->drill);
}

void pairwise_bpr(struct solve *call)
{
	struct drill *d = &call->drill;
	struct objective objective;
	struct factors_training how;
	size_t positives;

	d->dim = call->dim;
	d->epochs = solve_count(call->epochs, 100);
	d->patience = call->patience;
	d->rate = solve_real(call->rate, 0.001);
	d->l2 = solve_real(call->l2, 0.001);
	d->seed = call->seed;
	d->lazy = strcmp(call->optimizer, "lazy") == 0;
	d->set = &call->set;
	how = drill_training(d);
	solve_memory(call, factors_memory(call->rows.users, call->rows.items, &how), NULL);
	objective = bpr_objective(&call->rows,
		&(struct bpr_training){ (size_t)d->batch, strcmp(d->negatives, "popularity") == 0,
			(uint64_t)d->seed },
		&positives);
	if (!positives)
		die("stdin: no training row has a label above 0: nothing to train on");
	solve_answer(call, drill_run(d, factors_new(call->rows.users, call->rows.items, &how),
				   &objective, NULL, NULL, NULL, &call->spec));
	objective.end(objective.self);
}
