/* unpack -- frames decoded in parallel. Owns: the queue of frames that wait for it. */
#ifndef UNPACK_H
#define UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "frame.h"
#include "tensor.h"

struct unpack;

struct unpack *unpack_new(void);
void unpack_free(struct unpack *u);

/* Copies f; its rows will go to t->data + at, wherever that lies by then; nowhere if t is NULL,
 * when they are only checked. */
void unpack_add(struct unpack *u, const struct frame *f, struct tensor *t, uint64_t at);
bool unpack_full(const struct unpack *u);

/* Decodes what is queued. NULL, or the first frame that is damaged and, in *why, how. */
const struct frame *unpack_run(struct unpack *u, const char **why);

#endif
