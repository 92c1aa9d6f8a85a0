/* direct -- models that need no search, as rs-mf runs them. Owns: --algo ease, bias, mean and
 * popularity. */
#ifndef DIRECT_H
#define DIRECT_H

#include "solve.h"

void direct_ease(struct solve *call);
void direct_bias(struct solve *call);
void direct_mean(struct solve *call);
void direct_popularity(struct solve *call);

#endif
