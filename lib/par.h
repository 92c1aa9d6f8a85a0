/* par -- work cut into pieces. Owns: the number of threads, ordered sums, the shards of a sum over
 * rows, the barrier. */
#ifndef PAR_H
#define PAR_H

#include <stddef.h>

/* Once, at the start of main, before anything else: clamps OMP_NUM_THREADS to 1 .. 1024, and
 * runs the program again with OMP_WAIT_POLICY=passive when nothing says how threads wait or where they
 * are bound, since libgomp reads that before main and its spinning would steal the neighbouring
 * stage's core. */
void par_start(char **argv);

int par_threads(void); /* how many threads a parallel region gets, >= 1 */

/* Sum of x[0 .. n): blocks of fixed size in parallel, then in order: the same on any number of
 * threads. */
double par_sum(const float *x, size_t n);

/* A sum over n rows is cut into shards s = 0, 1, ...: rows par_shard(s, n) up to par_shard(s + 1, n),
 * each summed in row order; shards meet in a binary tree, (0 + 1) + (2 + 3). */
enum { PAR_LEVELS = 2, PAR_SHARDS = 1 << PAR_LEVELS };

static inline size_t par_shard(size_t s, size_t n)
{
	return (s * n + PAR_SHARDS - 1) / PAR_SHARDS;
}

/* A barrier for the threads of one parallel region that spins briefly and then sleeps, so that
 * a loaded machine does not pay for waiting. Zeroed, then count = number of threads. */
struct par_barrier {
	_Alignas(128) int arrived;
	_Alignas(128) int round;
	int count;
	int asleep;
};

void par_wait(struct par_barrier *barrier);

#endif
