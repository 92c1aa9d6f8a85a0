/* newcomers -- rs-mf --fold-in. Owns: what of a model's spec says how its new users are folded in.
 */
#ifndef NEWCOMERS_H
#define NEWCOMERS_H

#include "solve.h"

/* The answer is the model call->fold_in with its new users. Positives when its spec says algo=ials
 * or bpr, else ratings; reg, alpha and nu as given, else of the spec, else as for als or ials. */
void newcomers_fold(struct solve *call);

#endif
