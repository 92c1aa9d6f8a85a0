/* advice -- lists for people and programs. Owns: the CSV and JSON lines of rs-recommend. */
#ifndef ADVICE_H
#define ADVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ranking.h"
#include "tensor.h"

struct advice {
	const struct tensors *set; /* has vocab.user and vocab.item; else ids are numbers */
	bool json;
	char *word; /* being written */
	size_t room;
};

/* To standard output. CSV begins with a line of names. */
void advice_start(struct advice *advice, const struct tensors *set, bool json);

/* List number `slot` as that of a user: by id, or by a name that the stream has not (else NULL).
 * Dies when it cannot be written. */
void advice_put(struct advice *advice, const struct ranking_lists *lists, size_t slot,
	uint32_t user, const char *name, const char *source);

void advice_end(struct advice *advice);

#endif
