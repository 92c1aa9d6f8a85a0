#include "pack.h"

#include <omp.h>
#include <stdint.h>
#include <stdlib.h>

#include "codec.h"
#include "mem.h"
#include "par.h"

struct buffer {
	uint8_t *bytes;
	size_t room;
};

/* Of one thread; each its own block, so that they lie in different cache lines. */
struct worker {
	struct codec *codec;
	struct buffer scratch, other;
};

struct pack {
	int level, workers;
	struct worker **worker;
	struct buffer out[PACK_MOST];
};

struct pack *pack_new(int level)
{
	struct pack *p = mem_new(1, sizeof *p);

	p->level = level;
	p->workers = par_threads();
	p->worker = mem_new((size_t)p->workers, sizeof(struct worker *));
	for (int i = 0; i < p->workers; i++) {
		p->worker[i] = mem_new(2, sizeof(struct worker) + 64);
		p->worker[i]->codec = codec_new();
	}
	return p;
}

void pack_free(struct pack *p)
{
	for (int i = 0; i < p->workers; i++) {
		codec_free(p->worker[i]->codec);
		free(p->worker[i]->scratch.bytes);
		free(p->worker[i]->other.bytes);
		free(p->worker[i]);
	}
	for (size_t i = 0; i < PACK_MOST; i++)
		free(p->out[i].bytes);
	free(p->worker);
	free(p);
}

static uint8_t *room(struct buffer *b, size_t n)
{
	if (b->room < n) {
		b->room = n;
		b->bytes = mem_grow(b->bytes, n, 1);
	}
	return b->bytes;
}

static void encode(const struct pack *p, struct frame *f, struct buffer *out, const void *raw,
	struct worker *w)
{
	uint8_t *scratch = room(&w->scratch, frame_scratch(f, p->level));

	frame_pack(f, room(out, frame_room(f)), raw, w->codec, scratch, p->level);
}

/* Both integer filters, the smaller one kept; delta when equal. */
static void try_both(const struct pack *p, struct pack_job *j, struct buffer *out, struct worker *w)
{
	struct frame plain = j->f;
	struct buffer swap;

	j->f.filter = CODEC_DELTA;
	encode(p, &j->f, out, j->raw, w);
	plain.filter = CODEC_SHUFFLE;
	encode(p, &plain, &w->other, j->raw, w);
	j->found = CODEC_DELTA;
	if (plain.stored >= j->f.stored)
		return;
	j->found = CODEC_SHUFFLE;
	j->f = plain;
	swap = *out;
	*out = w->other;
	w->other = swap;
}

static unsigned filter_of(const struct pack *p, const struct pack_job *j)
{
	if (p->level == 0 || dtype_size(j->f.dtype) < 2)
		return CODEC_NONE;
	return frame_is_integer(&j->f) ? *j->choice : CODEC_SHUFFLE;
}

void pack_run(struct pack *p, struct pack_job *job, size_t n,
	void (*ready)(void *arg, const struct frame *f), void *arg)
{
	size_t trials[PACK_MOST], t = 0;

	for (size_t i = 0; i < n; i++) {
		job[i].trial = job[i].trial && p->level && frame_is_integer(&job[i].f);
		if (job[i].trial)
			trials[t++] = i;
	}
#pragma omp parallel for schedule(dynamic, 1) num_threads(p->workers) if (t > 1)
	for (size_t i = 0; i < t; i++)
		try_both(p, job + trials[i], p->out + trials[i], p->worker[omp_get_thread_num()]);
	for (size_t i = 0; i < n; i++) {
		if (job[i].trial)
			*job[i].choice = job[i].found;
		else
			job[i].f.filter = (uint8_t)filter_of(p, job + i);
	}
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(p->workers) if (n > 1)
	for (size_t i = 0; i < n; i++) {
		if (!job[i].trial)
			encode(p, &job[i].f, p->out + i, job[i].raw,
				p->worker[omp_get_thread_num()]);
#pragma omp ordered
		ready(arg, &job[i].f);
	}
}
