/* memory -- what a training holds of its ratings, counted by malloc. */
#ifndef MEMORY_H
#define MEMORY_H

#include <malloc.h>
#include <stdlib.h>

#include "als.h"
#include "bpr.h"
#include "bprsgd.h"
#include "ease.h"
#include "factors.h"
#include "ials.h"

/* Bytes that malloc has handed out; 0 where it does not say. */
static inline double memory_now(void)
{
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
	struct mallinfo2 m = mallinfo2();

	return (double)m.uordblks + (double)m.hblkhd;
#else
	return 0;
#endif
}

/* Of bpr by Adam. */
static inline double memory_adam(const struct mf_rows *rows, uint32_t dim, bool lazy)
{
	double before = memory_now(), held;
	struct liked liked = liked_new(rows, false, LIKED_BITS);
	struct objective bpr = bpr_objective(&liked, &(struct bpr_training){ 1024, 1, 1 });
	struct factors *f = factors_new(rows->users, rows->items,
		&(struct factors_training){ dim, 0.001, 0.001, lazy, false, 1 });

	factors_epoch(f, &bpr, NULL, 0, 0);
	held = memory_now() - before;
	factors_free(f);
	bpr.end(bpr.self);
	liked_free(&liked);
	return held;
}

/* Of one algorithm with its rows and `dim` factors, the rows not counted. */
static inline double memory_of(const char *algo, const struct mf_rows *rows, uint32_t dim)
{
	double before = memory_now(), held;
	void *fit = NULL;
	struct csr positives;

	switch (algo[0] == 's' ? algo[1] : algo[0]) {
	case 'd': /* dense, lazy: bpr by Adam */
	case 'l':
		return memory_adam(rows, dim, algo[0] == 'l');
	case 'g': /* sgd */
	case 'v': /* svdpp */
		fit = mf_fit_new(rows,
			&(struct mf_training){ dim, 0.05, 0.05, 0.9, 1, algo[1] == 'v' ? 1 : 0 });
		held = memory_now() - before;
		mf_fit_free(fit);
		return held;
	case 'a':
		fit = als_new(rows, &(struct als_training){ dim - 1, 0.08, 0, 1 });
		held = memory_now() - before;
		als_free(fit);
		return held;
	case 'i':
		fit = ials_new(rows, &(struct ials_training){ dim, 0.3, 0.007, 1, 3, 1 });
		held = memory_now() - before;
		ials_free(fit);
		return held;
	case 'b':
		fit = bprsgd_new(
			rows, &(struct bprsgd_training){ dim, 0.05, 1, 0.005, false, false, 1 });
		held = memory_now() - before;
		bprsgd_free(fit);
		return held;
	default:
		positives = ease_positives(rows);
		held = memory_now() - before;
		csr_free(&positives);
		return held;
	}
}

/* Bytes a rating without the model: what is left of it towards 0 factors. */
static inline double memory_rating(const char *algo, const struct mf_rows *rows)
{
	return (2 * memory_of(algo, rows, 16) - memory_of(algo, rows, 32)) / (double)rows->n;
}

#endif
