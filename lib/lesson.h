/* lesson -- what teachers leave behind for a student. Owns: names and shapes of soft labels,
 * variances, hints and lists, and where in the stream they go.
 *
 *   soft.NAME       f32 (N)     the council's answer to every row
 *   var.NAME        f32 (N)     how far the teachers differ
 *   hint.NAME       f32 (N, D)  activations of a network's last hidden layer
 *   hint.NAME.user  f32 (U, D), hint.NAME.item f32 (I, D): of a model that has vectors of users and
 *                               items (model_vectors), in its place
 *   top.NAME.item   u32 (U, K), top.NAME.score f32 (U, K): the best K items of every user
 *   rev.NAME.user   u32 (I, K), rev.NAME.score f32 (I, K): the best K users of every item
 *
 * Lists are best first, of equal scores the lower id; short ones are padded (ranking_pad). */
#ifndef LESSON_H
#define LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "council.h"
#include "stream.h"
#include "tensor.h"

struct lesson {
	/* Set by the caller: what is wanted; lists of 0 are not. */
	bool rows, variance, hint, keep_seen;
	size_t top, reverse;
	uint64_t memory; /* lists may not be larger; 0: 3/4 of RAM */

	char name[TENSOR_NAME + 1]; /* "" while it is not known */
	struct council *council;
	size_t width; /* D of hint.NAME; 0: none */
	struct tensor *made[3]; /* soft, var, hint of some rows; or NULL */
	size_t room;
};

/* Calls it so; NULL: not known yet. Dies by usage when the name is not allowed. */
void lesson_name(struct lesson *lesson, const char *name);

/* Whether `tensor` is one that will be made, and so is to be dropped. Dies when it may not be
 * replaced, or must be but the name is not known in time. */
bool lesson_makes(const struct lesson *lesson, const char *tensor, bool replace);

/* Once the name is known and the council is open: dies when a hint or a variance cannot be had. */
void lesson_open(struct lesson *lesson, struct council *council);

bool lesson_of_rows(const struct lesson *lesson); /* whether soft, var or hint of rows is made */
/* Asks about n rows, and writes the answers: of rows start .. start + n as one group, or of all
 * rows that are held. */
void lesson_ask(struct lesson *lesson, const struct tensors *columns, size_t n);
void lesson_put_group(struct lesson *lesson, struct stream *out, uint64_t start, bool last);
void lesson_put_rows(struct lesson *lesson, struct stream *out);

/* Tables, which go ahead of the rows: factors, and lists for the users and items of set, of whose
 * rows those of part 0 (without `part` all) are what a user has seen. */
void lesson_put_factors(const struct lesson *lesson, struct stream *out);
void lesson_put_lists(const struct lesson *lesson, struct stream *out, const struct tensors *set);

void lesson_free(struct lesson *lesson);

#endif
