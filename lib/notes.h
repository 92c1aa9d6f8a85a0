/* notes -- what a teacher left in a stream, as a student reads it. Owns: whose lists, factors and
 * activations those are, what they have to be.
 *
 * lesson.h has the names and shapes. What is wrong dies with the tensor's name. */
#ifndef NOTES_H
#define NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mf.h"
#include "taught.h"
#include "tensor.h"

/* The teacher asked for, or if NULL the only one that left lists, factors or, if `rows`,
 * activations of rows; dies when there are several, or none. */
const char *notes_teacher(const struct tensors *set, const char *asked, bool rows);
struct tensor *notes_of_rows(const struct tensors *set, const char *teacher); /* activations; or NULL */

/* What is in them belongs to the set. */
struct notes {
	const struct tensors *set;
	const char *teacher;
	const struct mf_rows *rows; /* users, items and rows that the student has */
	const uint32_t *place; /* of a row its activations' among `placed`; NULL: its own number */
	size_t placed;
	uint64_t seed; /* of what is drawn from lists */
};

struct taught notes_lists(const struct notes *notes, bool reverse); /* of users; or of items */
size_t notes_factors(const struct notes *notes, const float *factor[2]); /* returns their width */
size_t notes_hints(const struct notes *notes, const float **hint); /* of rows; returns the width */

#endif
