/* sift -- a data set with fewer rows. Owns: the steps of prep on tensors, what they say.
 *
 * Faults of the data die. */
#ifndef SIFT_H
#define SIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "prep.h"
#include "tensor.h"

/* The columns that the task needs, checked. */
void sift_rows(struct prep_rows *rows, const struct tensors *set, const struct prep_task *task);

void sift_refuse_duplicates(const struct prep_rows *rows);

/* label[0 .. n), which belongs to row start, must be finite. */
void sift_check_label(const float *label, size_t start, size_t n);

/* Makes labels 0 or 1 and says so. */
void sift_label(const struct prep_rows *rows, const struct prep_task *task);

/* What was learned from the rows is in the way when some go, or answers for them when some come. */
void sift_refuse_answers(const char *name, bool rows_come);

/* What a step did, by warn(). */
void sift_tell(enum prep_step step, size_t count, size_t left);

/* Takes the steps. If rows may go, what is left of columns and tables is cut and numbered anew. */
void sift_remove(struct tensors *set, const struct prep_task *task);

#endif
