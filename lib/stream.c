#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "stream_state.h"

struct stream *stream_file(const char *path, const struct stream_options *options)
{
	struct stream *in = stream_start(options ? options->memory : 0, options && options->sha256);

	port_open_in(&in->in, path);
	in->codec = codec_new();
	in->unpack = unpack_new();
	if (in->sha256)
		sha256_start(&in->digest);
	return in;
}

struct stream *stream_in(const struct stream_options *options)
{
	return stream_file(NULL, options);
}

static void finish(struct stream *in)
{
	char what[128];

	port_flush(in->in.to);
	in->finished = true;
	if (in->count == 0)
		die("%s: empty input; expected a stream", in->in.name);
	if (in->frame.kind == 'E')
		return;
	snprintf(what, sizeof what,
		"no end frame after %" PRIu64 " frames: the program before this "
		"one failed?",
		in->count);
	die("%s: %s", in->in.name, what);
}

/* The next frame of any kind into in->frame; false at the end of the input. */
static bool read_frame(struct stream *in)
{
	char why[FRAME_WHY];
	struct frame *f = &in->frame, next = { .stored = 0 };
	const char *wrong = NULL;
	size_t need = 1;

	if (f->stored) {
		if (in->sha256)
			sha256_add(&in->digest, f->bytes, f->stored);
		port_skip(&in->in, f->stored);
	}
	if (!port_fill(&in->in, 1)) {
		finish(in);
		return false;
	}
	next.number = ++in->count;
	next.offset = in->in.offset;
	for (;;) {
		bool here = port_fill(&in->in, need);
		size_t n = in->in.end - in->in.begin;
		struct frame seen;

		wrong = frame_parse(&seen, in->in.bytes + in->in.begin, n, &need, why);
		seen.number = next.number;
		seen.offset = next.offset;
		next = seen;
		if (!wrong && next.stored && next.stored <= n)
			break;
		if (wrong || !here || in->in.ended)
			stream_fault(in, &next, wrong ? wrong : "stream ends inside this frame");
	}
	*f = next;
	return true;
}

/* The body of a history or end frame as text. */
static char *body_text(struct stream *in)
{
	const struct frame *f = &in->frame;
	char *text = mem_new((size_t)f->raw_len + 1, 1), why[FRAME_WHY];
	const char *wrong = f->raw_len > LINEAGE_BYTES
				    ? "text of more than 65536 bytes"
				    : frame_unpack(f, in->codec, (uint8_t *)text, NULL, why);

	if (wrong)
		stream_fault(in, f, wrong);
	if (strlen(text) != f->raw_len)
		stream_fault(in, f, "text with a NUL byte");
	return text;
}

static void history(struct stream *in)
{
	const char *wrong = lineage_take(&in->lineage, &in->frame, NULL);

	if (!wrong)
		wrong = lineage_take(&in->lineage, &in->frame, body_text(in));
	if (wrong)
		stream_fault(in, &in->frame, wrong);
}

static void section_ends(struct stream *in)
{
	char *text = body_text(in), why[FRAME_WHY];
	const char *wrong = ledger_close(&in->ledger, text, why);

	if (wrong)
		stream_fault(in, &in->frame, wrong);
	free(text);
	lineage_section(&in->lineage);
}

const struct frame *stream_next(struct stream *in)
{
	char why[FRAME_WHY];

	if (in->finished)
		return NULL;
	while (read_frame(in)) {
		const char *wrong;

		if (in->frame.kind == 'E') {
			section_ends(in);
			continue;
		}
		wrong = ledger_take(&in->ledger, &in->frame, why);
		if (wrong)
			stream_fault(in, &in->frame, wrong);
		if (in->frame.kind != 'P')
			return &in->frame;
		history(in);
	}
	stream_settle(in);
	return NULL;
}

void stream_settle(struct stream *in)
{
	const char *why;
	const struct frame *f = unpack_run(in->unpack, &why);

	if (f)
		stream_fault(in, f, why);
}

/* Room for f's rows after those before: twice what was received, never what is promised. */
static void grow(struct stream *in, struct entry *e, const struct frame *f)
{
	uint64_t need = e->bytes, room = e->room;

	if (need > room)
		room = f->last ? need : 2 * need;
	if (f->last)
		room = need;
	if (room - e->room + in->memory > in->ceiling && room > e->room) {
		if (need - e->room + in->memory > in->ceiling)
			stream_beyond(in, f->name);
		room = need;
	}
	if (room == e->room)
		return;
	e->tensor->data = mem_grow(e->tensor->data, room, 1);
	in->memory += room - e->room;
	e->room = room;
}

void stream_keep(struct stream *in, const struct frame *f, struct tensors *set)
{
	struct entry *e = ledger_find(&in->ledger, f->name);

	stream_need_readable(in, f);
	if (!e->tensor) {
		e->tensor = stream_tensor(f);
		tensors_add(set, e->tensor);
	}
	grow(in, e, f);
	e->tensor->shape[0] += f->ndim ? f->row_count : 0;
	unpack_add(in->unpack, f, e->tensor, e->bytes - f->raw_len);
	if (unpack_full(in->unpack))
		stream_settle(in);
	if (f->last)
		e->tensor = NULL;
}

bool stream_check(struct stream *in, const struct frame *f)
{
	if (f->filter && !frame_readable(f))
		return false;
	unpack_add(in->unpack, f, NULL, 0);
	if (unpack_full(in->unpack))
		stream_settle(in);
	return true;
}

uint32_t stream_digest(const struct stream *in)
{
	return ledger_digest(&in->ledger);
}

size_t stream_history(const struct stream *in, const char *const **entries)
{
	*entries = (const char *const *)in->lineage.entry;
	return in->lineage.n;
}

void stream_free(struct stream *in)
{
	if (!in)
		return;
	if (in->other)
		stream_part(in, in->other);
	lineage_free(&in->lineage);
	unpack_free(in->unpack);
	codec_free(in->codec);
	if (in->rows)
		held_free(&in->rows->own);
	free(in->rows);
	ledger_free(&in->ledger);
	port_close_in(&in->in);
	free(in);
}
