#include "stream_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "mem.h"

struct stream *stream_start(uint64_t memory, bool sha256)
{
	struct stream *s = mem_new(1, sizeof *s);

	ledger_start(&s->ledger);
	s->ceiling = memory ? memory : mem_physical() / 4 * 3;
	s->sha256 = sha256;
	return s;
}

_Noreturn void stream_fault(const struct stream *in, const struct frame *f, const char *what)
{
	char where[TENSOR_NAME + 64] = "";

	if (f->stored && f->kind == 'T' && f->row_count)
		snprintf(where, sizeof where, " ('%s' rows %" PRIu64 "-%" PRIu64 ")", f->name,
			f->row_start, f->row_start + f->row_count - 1);
	else if (f->stored && f->kind == 'T')
		snprintf(where, sizeof where, " ('%s' no rows)", f->name);
	die("%s: frame %" PRIu64 "%s at byte %" PRIu64 ": %s", in->in.name, f->number, where,
		f->offset, what);
}

void stream_need_readable(const struct stream *in, const struct frame *f)
{
	char what[128];

	if (frame_readable(f))
		return;
	snprintf(what, sizeof what, "type 0x%02x with filter %u; this version cannot read that",
		(unsigned)f->dtype, f->filter);
	stream_fault(in, f, what);
}

_Noreturn void stream_beyond(const struct stream *in, const char *name)
{
	if (in->ceiling >> 30 << 30 == in->ceiling)
		die("%s: '%s' has grown beyond --memory %" PRIu64 "G", in->in.name, name,
			in->ceiling >> 30);
	die("%s: '%s' has grown beyond --memory %" PRIu64 "M", in->in.name, name,
		in->ceiling >> 20);
}

struct tensor *stream_tensor(const struct frame *f)
{
	struct tensor *t = mem_new(1, sizeof *t);

	memcpy(t->name, f->name, sizeof t->name);
	t->dtype = f->dtype;
	t->ndim = f->ndim;
	memcpy(t->shape, f->shape, sizeof t->shape);
	t->shape[0] = 0;
	t->data = mem_grow(NULL, 1, 1);
	return t;
}

void stream_consumed_stream(struct stream *out, struct stream *in)
{
	uint8_t digest[SHA256_BYTES];
	bool both = in->sha256 && out->sha256;

	if (both)
		sha256_end(&in->digest, digest);
	lineage_beside(&out->lineage, in->in.name, &in->ledger, both ? digest : NULL);
}

void stream_part(struct stream *in, struct stream *out)
{
	lineage_inherit(&out->lineage, &in->lineage);
	stream_consumed_stream(out, in);
	port_unlink(&in->in);
	in->other = NULL;
	out->other = NULL;
}
