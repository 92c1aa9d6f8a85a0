/* cuts -- a board in slices. Owns: which slice each row is of, a board of one slice's rows. */
#ifndef CUTS_H
#define CUTS_H

#include "board.h"

struct cuts {
	uint32_t *of; /* (rows), the slice of each */
	size_t n;
	char **name; /* what each is called */
};

/* As board->by says. */
void cuts_open(struct cuts *cuts, const struct board *board, const struct tensors *tables);
void cuts_free(struct cuts *cuts);

/* The rows of slice s alone as a board that is computed (verdict.h). False when it has no rows. The
 * models stay the board's; free it with cuts_board_free. */
bool cuts_board(struct board *part, const struct board *board, const struct cuts *cuts, size_t s);
void cuts_board_free(struct board *part);

#endif
