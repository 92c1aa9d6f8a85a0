#include "par.h"

#include <limits.h>
#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#else
#include <sched.h>
#endif

#include "mem.h"

enum { MAX_THREADS = 1024, BLOCK = 4096, SPINS = 2000 };

void par_start(char **argv)
{
	/* a thread that is bound by now would leave its one core to all threads of the next */
	if (!getenv("OMP_WAIT_POLICY") && !getenv("GOMP_SPINCOUNT") && !getenv("OMP_PROC_BIND")) {
		setenv("OMP_WAIT_POLICY", "passive", 1);
		execv("/proc/self/exe", argv);
		/* where /proc is missing, threads spin: slower beside others, never wrong */
	}
	if (omp_get_max_threads() > MAX_THREADS)
		omp_set_num_threads(MAX_THREADS);
}

int par_threads(void)
{
	return omp_get_max_threads();
}

double par_sum(const float *x, size_t n)
{
	size_t blocks = (n + BLOCK - 1) / BLOCK;
	double *part = mem_new(blocks, sizeof *part), sum = 0;

#pragma omp parallel for schedule(static)
	for (size_t b = 0; b < blocks; b++) {
		size_t end = b + 1 < blocks ? (b + 1) * BLOCK : n;

		for (size_t i = b * BLOCK; i < end; i++)
			part[b] += (double)x[i];
	}
	for (size_t b = 0; b < blocks; b++)
		sum += part[b];
	free(part);
	return sum;
}

/* Sleeps while *word is `value`; may wake early. Elsewhere than on Linux it only yields. */
static void sleep_on(int *word, int value)
{
#if defined(__linux__)
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
#else
	(void)word;
	(void)value;
	sched_yield();
#endif
}

static void wake_all(int *word)
{
#if defined(__linux__)
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
#else
	(void)word;
#endif
}

void par_wait(struct par_barrier *barrier)
{
	int round = __atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&barrier->arrived, 1, __ATOMIC_ACQ_REL) == barrier->count) {
		__atomic_store_n(&barrier->arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&barrier->round, round + 1, __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&barrier->asleep, __ATOMIC_SEQ_CST))
			wake_all(&barrier->round);
		return;
	}
	for (int spin = 0; spin < SPINS; spin++) {
		if (__atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE) != round)
			return;
#if defined(__x86_64__)
		__builtin_ia32_pause();
#endif
	}
	__atomic_add_fetch(&barrier->asleep, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&barrier->round, __ATOMIC_ACQUIRE) == round)
		sleep_on(&barrier->round, round);
	__atomic_sub_fetch(&barrier->asleep, 1, __ATOMIC_SEQ_CST);
}
