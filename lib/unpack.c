#include "unpack.h"

#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "mem.h"
#include "par.h"

enum { DEPTH = 16, MOST_BYTES = 32 << 20 };

struct job {
	struct frame f;
	uint8_t *bytes;
	size_t room;
	struct tensor *t;
	uint64_t at;
	const char *fault;
	char why[FRAME_WHY];
};

struct buffer {
	uint8_t *bytes;
	size_t room;
};

/* Of one thread; each its own block, so that they lie in different cache lines. */
struct worker {
	struct codec *codec;
	struct buffer scratch, raw;
};

struct unpack {
	struct job *job;
	size_t n, depth, bytes;
	struct worker **worker;
	int workers;
};

struct unpack *unpack_new(void)
{
	struct unpack *u = mem_new(1, sizeof *u);

	u->workers = par_threads();
	u->depth = u->workers > DEPTH / 4 ? 4 * (size_t)u->workers : DEPTH;
	u->job = mem_new(u->depth, sizeof *u->job);
	u->worker = mem_new((size_t)u->workers, sizeof(struct worker *));
	for (int i = 0; i < u->workers; i++) {
		u->worker[i] = mem_new(2, sizeof(struct worker) + 64);
		u->worker[i]->codec = codec_new();
	}
	return u;
}

void unpack_free(struct unpack *u)
{
	if (!u)
		return;
	for (int i = 0; i < u->workers; i++) {
		codec_free(u->worker[i]->codec);
		free(u->worker[i]->scratch.bytes);
		free(u->worker[i]->raw.bytes);
		free(u->worker[i]);
	}
	for (size_t i = 0; i < u->depth; i++)
		free(u->job[i].bytes);
	free(u->worker);
	free(u->job);
	free(u);
}

void unpack_add(struct unpack *u, const struct frame *f, struct tensor *t, uint64_t at)
{
	struct job *j = u->job + u->n++;

	if (j->room < f->stored) {
		j->room = f->stored;
		j->bytes = mem_grow(j->bytes, j->room, 1);
	}
	memcpy(j->bytes, f->bytes, f->stored);
	j->f = *f;
	j->f.bytes = j->bytes;
	j->t = t;
	j->at = at;
	u->bytes += f->stored;
}

bool unpack_full(const struct unpack *u)
{
	return u->n == u->depth || u->bytes > MOST_BYTES;
}

static uint8_t *room(struct buffer *b, size_t n)
{
	if (b->room < n) {
		b->room = n;
		b->bytes = mem_grow(b->bytes, n, 1);
	}
	return b->bytes;
}

static void decode(struct job *j, struct worker *w)
{
	uint8_t *scratch = room(&w->scratch, j->f.filter ? j->f.body_len : 0);
	uint8_t *raw =
		j->t ? (uint8_t *)j->t->data + j->at : room(&w->raw, (size_t)j->f.raw_len + 1);

	j->fault = frame_unpack(&j->f, w->codec, raw, scratch, j->why);
}

const struct frame *unpack_run(struct unpack *u, const char **why)
{
	size_t n = u->n;

#pragma omp parallel for schedule(dynamic, 1) num_threads(u->workers) if (n > 1)
	for (size_t i = 0; i < n; i++)
		decode(u->job + i, u->worker[omp_get_thread_num()]);
	u->n = u->bytes = 0;
	for (size_t i = 0; i < n; i++)
		if (u->job[i].fault) {
			*why = u->job[i].fault;
			return &u->job[i].f;
		}
	return NULL;
}
