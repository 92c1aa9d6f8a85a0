/* calibrate -- the scores of one model on the scale of another. Owns: scale and shift, what they
 * are learned from.
 *
 * Warm are pairs whose user and item both have rows of part 0; the rest is cold. On each kind of
 * pairs of part 1 the labels are drawn as a line over the scores of the model that answers there,
 * by least squares:
 *
 *   label = a_w s_w + b_w (warm),  label = a_c s_c + b_c (cold)
 *
 * so that a cold score means the same label as the warm score  scale s_c + shift:
 *
 *   scale = a_c / a_w,  shift = (b_c - b_w) / a_w
 *
 * When all labels of part 1 are equal (positives), each row gets a companion with label 0: the same
 * user with an item drawn from those that make a pair of the same kind.
 * Without LEAST rows of both kinds, or without a rising line over both, moments have to do: over
 * DRAWN pairs of known users and items scale and shift give the cold scores the mean and deviation
 * of the warm ones. (Models that agree there, as one with factors filled in does, stay as they
 * are.) */
#ifndef CALIBRATE_H
#define CALIBRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mf.h"
#include "model.h"

enum { CALIBRATE_LEAST = 30, CALIBRATE_DRAWN = 20000 };

struct calibrate {
	/* set by the caller: who is known */
	const uint8_t *user, *item;
	size_t users, items;
	uint64_t seed;
	/* made */
	double scale, shift;
	bool by_labels;
	size_t warm, cold; /* rows of part 1 */
};

/* Neither model may need columns of the rows. */
void calibrate_scores(
	struct calibrate *c, struct model *warm, struct model *cold, const struct mf_rows *rows);

#endif
