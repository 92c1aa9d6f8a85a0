/* pack -- rows encoded into frames in parallel. Owns: the choice of filters (FORMAT.md section 5),
 * buffers of encoded frames. */
#ifndef PACK_H
#define PACK_H

#include <stdbool.h>
#include <stddef.h>

#include "frame.h"

struct pack;

struct pack *pack_new(int level);
void pack_free(struct pack *p);

enum { PACK_MOST = 64, PACK_TRIAL = 32 };

/* One frame to make: f as frame_pack wants it. choice is where the tensor's filter is kept from
 * one trial to the next. */
struct pack_job {
	struct frame f;
	const void *raw;
	unsigned *choice;
	bool trial;
	unsigned found; /* by the trial */
};

/* Encodes n <= PACK_MOST jobs and gives them to `ready` in order; a frame's bytes are valid in
 * that call only. */
void pack_run(struct pack *p, struct pack_job *job, size_t n,
	void (*ready)(void *arg, const struct frame *f), void *arg);

#endif
