/* resume -- a training that goes on another day. Owns: model.NAME.resume and model.NAME.resume.*.
 *
 * model.NAME.resume is text, a line key=value each: epochs (how many were run), best (the one whose
 * model is model.NAME), least (its quality on part 1, to the last digit; without part 1 0) and rows
 * (CRC of the columns that it was trained on). model.NAME.resume.ARRAY (f32, 1-D) are the arrays
 * that the next epoch depends on (mf_state). */
#ifndef RESUME_H
#define RESUME_H

#include "model.h"

struct resume {
	long epochs, best;
	double least;
	uint32_t rows;
};

/* CRC of user, item, label and, where they are there, weight and part. */
uint32_t resume_digest(const struct mf_rows *rows);

/* crc goes on with what bound features say of so many rows. */
uint32_t resume_features(uint32_t crc, const struct features *f, uint64_t rows);

/* Appends them to set, ready to be written. */
void resume_write(struct tensors *set, const char *name, const struct resume *at,
	const struct mf_state *list, size_t n);

/* One array as a tensor, which takes array->at. */
struct tensor *resume_array(const char *name, const struct mf_state *array);

/* Dies unless the model's spec has the lines of `spec` and no other, but for what a training leaves
 * in it: says the line and both values. spec is text with a NUL behind it. */
void resume_compare(const struct tensors *set, const char *name, const struct text *spec);

/* What resume_write wrote, back into the arrays. Dies when set has no such model, when its spec
 * lacks a line of `spec` (options differ), and when its rows were others. */
struct resume resume_read(const struct tensors *set, const char *name, const struct text *spec,
	uint32_t rows, const struct mf_state *list, size_t n);

/* One array, which leaves the set; the caller frees it. Dies when it is not that large. */
float *resume_take(struct tensors *set, const char *name, const struct mf_state *array);

#endif
