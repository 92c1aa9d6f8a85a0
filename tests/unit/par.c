#include "par.h"

#include <omp.h>
#include <stdlib.h>

#include "mem.h"
#include "tap.h"

enum { N = 100003, THREADS = 4, ROUNDS = 300 };

/* Every thread adds one to its count and then looks at all: after the barrier nobody is behind,
 * before the next one nobody is ahead. */
static int barrier_holds(void)
{
	struct par_barrier barrier = { .count = 0 };
	int count[THREADS] = { 0 }, good = 1;

	omp_set_num_threads(THREADS);
#pragma omp parallel shared(barrier, count, good)
	{
		int me = omp_get_thread_num();

#pragma omp single
		barrier.count = omp_get_num_threads();
		for (int round = 1; round <= ROUNDS; round++) {
			__atomic_store_n(&count[me], round, __ATOMIC_RELAXED);
			par_wait(&barrier);
			for (int t = 0; t < barrier.count; t++)
				if (__atomic_load_n(&count[t], __ATOMIC_RELAXED) != round)
					__atomic_store_n(&good, 0, __ATOMIC_RELAXED);
			par_wait(&barrier);
		}
	}
	return good;
}

int main(void)
{
	float *x = mem_new(N, sizeof *x);
	double first, whole = 0;
	int same_bits = 1;

	for (int i = 0; i < N; i++) {
		x[i] = 1.0f / (float)(i + 1);
		whole += (double)x[i];
	}
	omp_set_num_threads(1);
	ok(par_threads() == 1, "one thread when one is asked for");
	first = par_sum(x, N);
	near(first, whole, 1e-11, "the sum of 100003 numbers");
	for (int t = 2; t <= 7; t++) {
		double sum;

		omp_set_num_threads(t);
		sum = par_sum(x, N);
		same_bits &= memcmp(&sum, &first, sizeof sum) == 0;
	}
	ok(same_bits, "the same bits with 1 to 7 threads");
	near(par_sum(x, 0), 0, 0, "nothing adds up to 0");
	near(par_sum(x, 4096), par_sum(x, 4095) + (double)x[4095], 1e-12, "a whole block");
	ok(barrier_holds(), "nobody passes a barrier before all are there");
	free(x);
	return done();
}
