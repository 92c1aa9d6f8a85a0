/* bridge -- users of the source in the target's factor model. Owns: who teaches the map of EMCDR,
 * whom it is asked for. */
#ifndef BRIDGE_H
#define BRIDGE_H

#include "align.h"
#include "emcdr.h"
#include "mf.h"

struct bridge {
	const struct mf *source, *target;
	const struct align *user;
	const uint32_t *rows; /* (target users) rows of part 0 */
	size_t least; /* rows that a user needs to teach, >= 1 */
	bool mlp; /* else linear */
	double l2;
	struct emcdr_training training; /* of the mlp; its l2 is not looked at */
};

/* The target's model, where every user whom the source knows has the factors and bias that the map
 * says; items and other users are as they were. x and y of a user are its factors and then its
 * bias. Teachers are users with at least `least` rows in the target whom both models know; a user
 * of the source whose factors and bias are all 0 is not known. Says how many taught and were
 * mapped. Dies without a teacher. */
struct mf *bridge_mf(const struct bridge *bridge);

#endif
