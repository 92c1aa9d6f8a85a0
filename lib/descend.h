/* descend -- factor models by stochastic gradient descent, as rs-mf runs them. Owns: the epochs of
 * --algo sgd and svdpp. */
#ifndef DESCEND_H
#define DESCEND_H

#include "solve.h"

void descend_sgd(struct solve *call);
void descend_svdpp(struct solve *call);

#endif
