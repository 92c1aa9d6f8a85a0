/* advice -- lists for people and programs. Owns: the CSV and JSON lines of rs-recommend. */
#ifndef ADVICE_H
#define ADVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ranking.h"
#include "reason.h"
#include "tensor.h"

struct advice {
	const struct tensors *set; /* has vocab.user and vocab.item; else ids are numbers */
	bool json;
	size_t why; /* at most so many reasons an item; 0: none are written */
	struct reason *reason;
	char *word; /* being written */
	size_t room;
};

/* To standard output. CSV begins with a line of names. */
void advice_start(struct advice *advice, const struct tensors *set, bool json, size_t why);

/* Where reasons come from, and what the user has; reasons NULL: there are none. */
struct advice_why {
	const struct reasons *reasons;
	const uint32_t *had;
	size_t n;
};

/* List number `slot` as that of a user: by id, or by a name that the stream has not (else NULL).
 * Dies when it cannot be written. */
void advice_put(struct advice *advice, const struct ranking_lists *lists, size_t slot,
	uint32_t user, const char *name, const char *source, const struct advice_why *why);

void advice_end(struct advice *advice);

#endif
