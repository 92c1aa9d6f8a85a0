/* intake -- the rows that rs-score reads. Owns: what of a stream a board needs. */
#ifndef INTAKE_H
#define INTAKE_H

#include "board.h"
#include "tensor.h"

/* Reads standard input: all rows of the part onto the board, tables for its models (all, or
 * `only`), which must outlive it. Dies when there is no row or model. */
void intake_read(struct board *board, struct tensors *tables, const char *only);

#endif
