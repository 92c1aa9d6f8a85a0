#include "solve.h"

#include <math.h>
#include <stdio.h>

#include "ratings.h"

double solve_real(double given, double usual)
{
	return isnan(given) ? usual : given;
}

long solve_count(long given, long usual)
{
	return given ? given : usual;
}

void solve_memory(const struct solve *call, uint64_t need, const char *why)
{
	char dim[40];

	snprintf(dim, sizeof dim, "--dim %ld", call->dim);
	ratings_fit(&call->rows, need, call->memory, why ? why : dim);
}

void solve_taken(struct solve *call)
{
	tensors_free(&call->set);
}

void solve_answer(struct solve *call, struct mf *mf)
{
	model_from_mf(&call->model, call->name, &call->spec, mf);
	mf_free(mf);
}
