#include "pool.h"

#include <math.h>
#include <string.h>

void pool_add(struct pool *pool, double x)
{
	double d = x - pool->mean;

	pool->n++;
	pool->mean += d / (double)pool->n;
	pool->squares += d * (x - pool->mean);
}

double pool_deviation(const struct pool *pool)
{
	return pool->n > 1 ? sqrt(pool->squares / (double)(pool->n - 1)) : NAN;
}

size_t pool_stem(const char *name)
{
	size_t n = strlen(name), at = n;

	while (at && name[at - 1] >= '0' && name[at - 1] <= '9')
		at--;
	return at < n && at > 2 && name[at - 1] == 's' && strchr("_-", name[at - 2]) ? at - 2 : n;
}
