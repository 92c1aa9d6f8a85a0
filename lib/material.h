/* material -- what a network is trained on. Owns: which rows train and which judge, their labels,
 * weights and classes, whether they are clicks or ratings. */
#ifndef MATERIAL_H
#define MATERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

struct material {
	uint64_t rows; /* of the stream */
	uint32_t *row[2]; /* rows of part 0, and of part 1 */
	size_t n[2];
	const float *label, *weight; /* (rows); weight NULL when there is none */
	float *judged[3]; /* of part 1: room for scores, labels, weights or NULL */
	bool logistic; /* labels are 0 and 1, else ratings */
	uint32_t *place; /* material_places: (rows) */
	float *class_weight; /* (rows) weights of the loss, with class weights; or NULL */
};

/* The rows of the set, which must outlive it. Dies when none trains or a value is not finite. */
void material_find(struct material *m, const struct tensors *set);

/* The loss by the labels ("auto"), or as told: "logistic", "squared". Dies when a part lacks one of
 * two classes, but for losses over pairs. */
void material_choose(struct material *m, const char *loss, bool pairs);

/* Weights of the loss: those of the rows times those of the classes, "balanced" or "W0,W1". Part 1
 * is judged without. */
void material_weigh(struct material *m, const char *class_weights);

/* Where each row of parts 0 and 1 is among them, UINT32_MAX for other rows; kept in the material.
 * NULL when leaving those others out saves less of columns of `bytes` a row than the places take. */
const uint32_t *material_places(struct material *m, uint64_t bytes);

void material_free(struct material *m);

#endif
