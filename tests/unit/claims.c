/* Every task is somebody's, once: by hand, and with threads that come as they like. */
#include "claims.h"

#include <omp.h>

#include "tap.h"

enum { THREADS = 3, MANY = 10000 };

static void by_hand(void)
{
	struct claims of[THREADS] = { { { 0 }, { 0 } } };

	/* 11 tasks: 0, 3, 6, 9 are thread 0's, 1, 4, 7, 10 thread 1's, 2, 5, 8 thread 2's */
	ok(claims_next(of, THREADS, 1, 0, 11) == 4 && claims_next(of, THREADS, 1, 0, 11) == 7 &&
			claims_next(of, THREADS, 1, 0, 11) == 10,
		"a thread's own tasks, after its first one");
	ok(claims_next(of, THREADS, 1, 0, 11) == 5 && claims_next(of, THREADS, 1, 0, 11) == 8,
		"then the next thread's");
	ok(claims_next(of, THREADS, 0, 0, 11) == 3 && claims_next(of, THREADS, 1, 0, 11) == 6,
		"then those of the one after it");
	ok(claims_next(of, THREADS, 2, 0, 11) == 9 && claims_next(of, THREADS, 2, 0, 11) == 11 &&
			claims_next(of, THREADS, 0, 0, 11) == 11,
		"until none is left");
	ok(claims_next(of, THREADS, 2, 1, 11) == 5, "the other phase's are still there");
	ok(claims_next(of, THREADS, 0, 1, 3) == 3, "no more than each thread's first one");
}

static void together(void)
{
	static unsigned char times[MANY];
	struct claims of[THREADS] = { { { 0 }, { 0 } } };
	int once = 1;

#pragma omp parallel num_threads(THREADS)
	{
		size_t threads = (size_t)omp_get_num_threads(), me = (size_t)omp_get_thread_num();

		for (size_t i = me; i < MANY; i = claims_next(of, threads, me, 0, MANY))
			times[i]++;
	}
	for (size_t i = 0; i < MANY; i++)
		once &= times[i] == 1;
	ok(once, "each task is done once");
}

int main(void)
{
	by_hand();
	together();
	return done();
}
