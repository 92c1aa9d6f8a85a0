/* worker -- one thread of an epoch of training. Owns: the rows and the rates of the step that it is
 * at, what it writes alone. */
#ifndef WORKER_H
#define WORKER_H

#include "trainer.h"

struct worker {
	size_t me; /* its number */
	bool half; /* of the first layer's weights it steps those of half `me` only (halves.h) */
	/* the batch at hand, and how many rows the next one has, which lie behind */
	size_t step;
	const uint32_t *row; /* n of them */
	size_t n, next;
	struct forward_training training;
	struct optim_clock clock;
	struct optim_steps steps;
	/* work space */
	struct fetch fetch;
	struct ids_spare spare;
	float *table, *scratch;
	float *near[2]; /* inputs of its chunk and of the next one; NULL: they are the batch's */
};

struct worker worker_new(const struct trainer *t, size_t me);
void worker_free(struct worker *w);

/* Goes to a step. With pairs its rows come with worker_drawn, after trainer_draw. */
void worker_step(struct worker *w, const struct trainer *t, size_t step);
void worker_drawn(struct worker *w, const struct trainer *t);

/* The batch at hand, or the next one. */
struct listed_batch worker_batch(const struct worker *w, const struct trainer *t, bool next);

#endif
