/* alternate -- factor models by alternating least squares, as rs-mf runs them. Owns: the epochs of
 * --algo als and ials and what is said of them. */
#ifndef ALTERNATE_H
#define ALTERNATE_H

#include "solve.h"

void alternate_als(struct solve *call);
void alternate_ials(struct solve *call);

#endif
