/* arch -- what a network is made of. Owns: the architectures, their papers and formulas.
 *
 *   logit(x) = bias + [first order] + [FM second order] + [cross layers] + [MLP]
 *
 *   lr         first order                     w . x
 *   fm         + pairs of embeddings           Rendle 2010, "Factorization machines", eq. 1 and
 *                                              lemma 3.1: embed.h
 *   mlp        an MLP over the embeddings of all fields, concatenated, and the numbers
 *   wide-deep  first order + MLP               Cheng et al. 2016, "Wide & deep learning for
 *                                              recommender systems", eq. 3
 *   deepfm     first order + FM + MLP, one set of embeddings
 *                                              Guo et al. 2017, "DeepFM", eq. 1 to 4
 *   dcn        cross layers beside an MLP, both on the same input, no first order
 *                                              Wang et al. 2021, "DCN V2", eq. 1: cross.h
 *   two-tower  u(user's features) . v(item's features), an MLP each, of which the last layer is
 *              linear; no first order
 *                                              Huang et al. 2013, "Learning deep structured
 *                                              semantic models", without its cosine; Yi et al.
 *                                              2019, "Sampling-bias-corrected neural modeling",
 *                                              section 3 */
#ifndef ARCH_H
#define ARCH_H

#include <stdbool.h>

enum net_arch { NET_LR, NET_FM, NET_MLP, NET_WIDE_DEEP, NET_DEEPFM, NET_DCN, NET_TWO_TOWER, NET_ARCHS };

/* Which parts there are, and a line for help. */
struct arch {
	const char *name, *line;
	bool linear, fm, mlp, crosses, towers;
};

const struct arch *arch_of(enum net_arch arch); /* NULL beyond the last */
enum net_arch arch_find(const char *name); /* NET_ARCHS when there is none */

#endif
