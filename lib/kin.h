/* kin -- which models are one but for their seed, and who taught whom. Owns: names with seeds,
 * teacher and alone of a student.
 *
 * Models whose names differ in a last -N or _N or -sN or _sN only (student-1, student-2), and whose
 * specs have equal arch, features, dim, hidden and quantised, are one group: its seeds. */
#ifndef KIN_H
#define KIN_H

#include <stddef.h>

#include "model.h"

#define KIN_NONE SIZE_MAX

struct kin {
	char name[TENSOR_NAME + 1]; /* without the seed; the model's if it is alone in the group */
	size_t *member, n; /* indices of its models, in their order */
	/* Groups: the one whose name, or a member's, its spec has as teacher; and the first other
	 * one of the same arch, features, dim and hidden that has no teacher; or KIN_NONE. */
	size_t teacher, alone;
};

/* The groups of n models in order of their first member. teacher: the name of a group or model that
 * is the teacher of all that have one, NULL: as their specs say, and if that is no model of these,
 * the teacher of the first group whose is. Dies by usage when it is not there. */
size_t kin_groups(
	struct kin **kin, struct model *const *model, size_t n, const char *teacher);
void kin_free(struct kin *kin, size_t groups);

#endif
