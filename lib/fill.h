/* fill -- factors for those that no rating reached. Owns: the ways from content to factors.
 *
 * A model's users or items that are known have factors q and a bias. For all others they are worked
 * out from content x:
 *
 *   neighbours  sum of s_ij q_j / sum of s_ij over the likest known j, s the cosine of contents
 *   ridge       mean + x W (ridge.h)
 *   mlp         a network of content (mapper.h)
 *   dropoutnet  a network of content and factors, by the errors of scores; known rows become its
 *               output, too
 *
 * The bias goes along as one factor more. Without content: the mean of the known (of the network:
 * what it makes of nothing). Gantner, Drumond, Freudenthaler, Rendle, Schmidt-Thieme 2010,
 * "Learning attribute-to-feature mappings for cold-start recommendations", section IV. */
#ifndef FILL_H
#define FILL_H

#include <stdbool.h>

#include "csr.h"
#include "mapper.h"
#include "mf.h"

enum fill_method { FILL_NEIGHBOURS, FILL_RIDGE, FILL_MLP, FILL_DROPOUTNET };

struct fill_how {
	enum fill_method method;
	bool of_users;
	size_t neighbours;
	double l2; /* of ridge */
	struct mapper_how net;
};

struct fill_report {
	size_t known, filled; /* rows */
	size_t steps; /* of ridge's solver, or the epoch that is kept */
	double loss; /* of the network on judged rows; NAN: not finite */
};

/* A model with as many users (items) as content has rows, or the model had. known[r] for each row
 * of x; at least one is. Scores are not bounded by low and high where the model's are not. */
struct mf *fill_factors(struct fill_report *report, const struct mf *from, const struct csr *x,
	size_t cols, const uint8_t *known, const struct fill_how *how);

#endif
