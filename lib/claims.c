#include "claims.h"

size_t claims_next(struct claims *of, size_t threads, size_t me, size_t turn, size_t tasks)
{
	for (size_t k = 0; k < threads; k++) {
		size_t who = me + k < threads ? me + k : me + k - threads;
		size_t *next = of[who].next + turn, i;

		if (k && (1 + __atomic_load_n(next, __ATOMIC_RELAXED)) * threads + who >= tasks)
			continue;
		i = (1 + __atomic_fetch_add(next, 1, __ATOMIC_RELAXED)) * threads + who;
		if (i < tasks)
			return i;
	}
	return tasks;
}
