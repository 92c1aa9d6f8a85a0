/* model_net -- a network from a stream. Owns: which line of a spec says what of its shape. */
#ifndef MODEL_NET_H
#define MODEL_NET_H

#include <stdbool.h>

#include "feature.h"
#include "net.h"
#include "spec.h"
#include "weights.h"

/* The network of that architecture with its weights, and in *features what it takes, bound to the
 * user and item tables of the set. Dies when spec, weights and tables do not go together. */
struct net *model_net(struct features *features, const struct spec *spec, struct weights *weights,
	enum net_arch arch, bool logistic);

/* What the spec calls activations and normalisations, by their number; NULL at the end. */
extern const char *const model_actives[], *const model_norms[];

#endif
