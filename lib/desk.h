/* desk -- who answers whom. Owns: which model a user's list comes from, what is popular, blocks of
 * users. */
#ifndef DESK_H
#define DESK_H

#include <stdbool.h>

#include "choice.h"
#include "opt.h"

/* The options of rs-recommend. */
struct desk_call {
	const char *model, *fallback, *users, *users_file;
	struct opt_each where;
	long top, why;
	bool keep_seen, json;
};

/* Reads standard input. Users without rows of part 0 get the list of the model `fallback`, or what
 * is popular; those that the stream has not what is popular. */
struct desk;
struct desk *desk_open(const struct desk_call *call);
void desk_answer(struct desk *desk, const struct desk_call *call); /* to standard output */
void desk_close(struct desk *desk);

#endif
