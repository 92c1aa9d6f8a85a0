/* teachers -- whose answers a student learns. Owns: which soft labels of a stream those are, several
 * as one column, how far a row's is trusted.
 *
 * Of M teachers with weights w_m, sum of w_m = 1, and answers t_m to a row, the student learns the
 * one answer t whose loss has the slope of the sum of theirs (loss.h):
 *   cross entropy at T   sum_m w_m soft(z; t_m) has the target p = sum_m w_m sigma(t_m / T), so
 *                        t = T ln(p / (1 - p)); Zhu et al. 2020, "Ensembled CTR prediction via
 *                        knowledge distillation", eq. 4, with weights that are given
 *   squared error        t = sum_m w_m t_m
 * A mean in logit space instead is one soft label that rs-softlabel makes.
 *
 * trust of a row = 1 / (1 + v / mean v), v = var.TEACHER, its mean over the rows that train: 1 where
 * all teachers agree, 1/2 where they differ as they do on average. */
#ifndef TEACHERS_H
#define TEACHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

enum { TEACHERS_MOST = 64 };

struct teachers {
	/* as given */
	const char *list; /* names between commas; NULL: the only soft labels there are */
	const char *weights; /* numbers between commas; NULL: equal */
	bool uncertainty; /* rows are trusted by var.TEACHER */
	/* as found */
	size_t n;
	char name[TEACHERS_MOST][TENSOR_NAME + 1];
	double weight[TEACHERS_MOST];
	const float *answer; /* (rows) */
	float *trust; /* (rows), or NULL */
	float *blend; /* owned: answer, when it is not a column of the stream */
};

/* What the options alone say; dies by usage. */
void teachers_check(struct teachers *t);

/* Whether a tensor may be needed. */
bool teachers_want(const struct teachers *t, const char *tensor);

/* Finds their soft labels, and with uncertainty the variance, in set; dies when they are not there
 * or have not as many rows. temperature: of cross entropy, 0 for a squared error. row[0 .. n) are
 * the rows that train; their soft labels and variances are checked to be finite. */
void teachers_open(struct teachers *t, const struct tensors *set, uint64_t rows,
	double temperature, const uint32_t *row, size_t n);

void teachers_free(struct teachers *t);

#endif
