/* fill -- factors for those that no rating reached. Owns: the ways from content to factors, and
 * the map that ridge and the networks learn.
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

/* What was learned, to be applied to others: mean + x W, or mean + what the network makes of x. */
struct fill_map {
	size_t cols, dim, width; /* width: dim and the bias, rounded up to 16 */
	float *mean; /* (width) */
	float *weight; /* (cols, width), or NULL */
	struct mapper *net; /* or NULL */
};

/* A model with as many users (items) as content has rows, or the model had. known[r] for each row
 * of x; at least one is. Scores are not bounded by low and high where the model's are not. map:
 * what was learned, which is the caller's; empty of neighbours. */
struct mf *fill_factors(struct fill_report *report, const struct mf *from, const struct csr *x,
	size_t cols, const uint8_t *known, const struct fill_how *how, struct fill_map *map);

/* The width of a map to `dim` factors. */
size_t fill_width(size_t dim);

/* The model with the rows of x that are beyond its users (items), mapped; the same bits as if
 * fill_factors had had them among the unknown. */
struct mf *fill_more(
	const struct mf *from, const struct fill_map *map, const struct csr *x, bool of_users);
void fill_map_free(struct fill_map *map);

#endif
