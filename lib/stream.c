#include "stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "die.h"
#include "held.h"
#include "ledger.h"
#include "lineage.h"
#include "mem.h"
#include "pack.h"
#include "port.h"
#include "sha256.h"
#include "text.h"
#include "unpack.h"

enum { BATCH_BYTES = 32 << 20 };

struct stream {
	struct stream *other; /* of an output its input, of an input its output */
	struct ledger ledger;
	uint64_t ceiling, memory; /* bytes that may be, and are, kept */
	bool sha256;
	struct lineage lineage;

	/* an input */
	struct port_in in;
	struct frame frame;
	uint64_t count;
	bool finished;
	struct unpack *unpack;
	struct codec *codec;
	struct sha256 digest;
	struct rows_reader *rows;

	/* an output */
	struct port_out out;
	int level;
	const struct provenance *made_by;
	struct pack *pack;
	struct held held;
	bool holding; /* what is written now goes between held rows */
};

/* ---- common ---- */

static struct stream *start(const struct stream_options *options)
{
	struct stream *s = mem_new(1, sizeof *s);

	ledger_start(&s->ledger);
	s->ceiling = options && options->memory ? options->memory : mem_physical() / 4 * 3;
	s->sha256 = options && options->sha256;
	s->level = options ? (int)options->level : 1;
	return s;
}

static noreturn void beyond_memory(const struct stream *s, const char *where, const char *name)
{
	if (s->ceiling >> 30 << 30 == s->ceiling)
		die("%s: '%s' has grown beyond --memory %" PRIu64 "G", where, name,
			s->ceiling >> 30);
	die("%s: '%s' has grown beyond --memory %" PRIu64 "M", where, name, s->ceiling >> 20);
}

/* ---- input ---- */

/* Dies of a fault in frame f, whose header has been understood or not (f->stored = 0). */
static noreturn void fault(const struct stream *in, const struct frame *f, const char *what)
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

struct stream *stream_file(const char *path, const struct stream_options *options)
{
	struct stream *in = start(options);

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
			fault(in, &next, wrong ? wrong : "stream ends inside this frame");
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
		fault(in, f, wrong);
	if (strlen(text) != f->raw_len)
		fault(in, f, "text with a NUL byte");
	return text;
}

static void history(struct stream *in)
{
	const char *wrong = lineage_take(&in->lineage, &in->frame, NULL);

	if (!wrong)
		wrong = lineage_take(&in->lineage, &in->frame, body_text(in));
	if (wrong)
		fault(in, &in->frame, wrong);
}

static void section_ends(struct stream *in)
{
	char *text = body_text(in), why[FRAME_WHY];
	const char *wrong = ledger_close(&in->ledger, text, why);

	if (wrong)
		fault(in, &in->frame, wrong);
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
			fault(in, &in->frame, wrong);
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
		fault(in, f, why);
}

static struct tensor *begin_tensor(const struct frame *f)
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

static void need_readable(const struct stream *in, const struct frame *f)
{
	char what[128];

	if (frame_readable(f))
		return;
	snprintf(what, sizeof what, "type 0x%02x with filter %u; this version cannot read that",
		(unsigned)f->dtype, f->filter);
	fault(in, f, what);
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
			beyond_memory(in, in->in.name, f->name);
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

	need_readable(in, f);
	if (!e->tensor) {
		e->tensor = begin_tensor(f);
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

/* ---- output ---- */

struct stream *stream_out(
	struct stream *in, const struct stream_options *options, const struct provenance *made_by)
{
	struct stream *out = start(options);

	if (out->level != 0 && out->level != 1 && out->level != 6 && out->level != 9)
		die_usage("--level: %d is not 0, 1, 6 or 9", out->level);
	port_open_out(&out->out, options ? options->output : NULL);
	out->made_by = made_by;
	out->pack = pack_new(out->level);
	out->other = in;
	if (in) {
		in->other = out;
		port_link(&in->in, &out->out);
	}
	return out;
}

/* Every frame but the end frame passes here on its way out. */
static void count(struct stream *out, const struct frame *f)
{
	char why[FRAME_WHY];
	const char *wrong = ledger_take(&out->ledger, f, why);
	const struct entry *e = f->kind == 'T' ? ledger_find(&out->ledger, f->name) : NULL;

	if (wrong && e && (e->made || f->row_start == 0))
		die("'%s' is already in the stream; --as another name, or --replace", f->name);
	if (wrong)
		die("%s: '%s': %s", out->out.name, f->name, wrong);
}

static void emit(struct stream *out, const struct frame *f)
{
	count(out, f);
	port_write(&out->out, f->bytes, f->stored);
}

static bool is_dropped(const struct stream *out, const struct frame *f)
{
	const struct entry *e = f->kind == 'T' ? ledger_find(&out->ledger, f->name) : NULL;

	return e && e->dropped;
}

void stream_forward(struct stream *out, const struct frame *f)
{
	if (is_dropped(out, f))
		return;
	count(out, f);
	port_pass(&out->out, f->bytes, f->stored);
}

static void hold_frame(struct stream *out, const struct frame *f)
{
	if (f->kind == 'T')
		ledger_entry(&out->ledger, f->name)->held = true;
	held_add(&out->held, f);
}

void stream_hold(struct stream *out, const struct frame *f)
{
	if (!is_dropped(out, f))
		hold_frame(out, f);
}

void stream_release(struct stream *out)
{
	held_sort(&out->held);
	for (size_t i = 0; i < out->held.n; i++)
		emit(out, held_get(&out->held, i));
	held_free(&out->held);
}

void stream_write_set(struct stream *out, const struct tensors *set, size_t first)
{
	struct tensor **column = mem_new(set->n, sizeof(struct tensor *));
	size_t n = 0;

	for (size_t i = first; i < set->n; i++) {
		if (tensor_is_row(set->at[i]->name))
			column[n++] = set->at[i];
		else
			stream_write(out, set->at[i]);
	}
	stream_write_rows(out, column, n);
	free(column);
}

void stream_drop(struct stream *out, const char *name)
{
	struct entry *e = ledger_entry(&out->ledger, name);

	if (e->frames)
		die("'%s' has already gone out and cannot be replaced", name);
	e->dropped = true;
	e->held = false;
	held_drop(&out->held, name);
}

uint64_t stream_cut(const struct tensor *shape)
{
	uint64_t rows = ((uint64_t)1 << 20) / tensor_row_bytes(shape);

	return rows > 65536 ? 65536 : rows ? rows : 1;
}

static void ready(void *arg, const struct frame *f)
{
	struct stream *out = arg;

	if (out->holding)
		hold_frame(out, f);
	else
		emit(out, f);
}

static void make_job(struct stream *out, struct pack_job *j, const struct stream_piece *piece)
{
	const struct tensor *t = piece->shape;
	struct entry *e = ledger_entry(&out->ledger, t->name);
	uint64_t bytes;

	if (piece->start == 0 && e->pieces == 0 && (e->frames || e->held))
		die("'%s' is already in the stream; --as another name, or --replace", t->name);
	if (__builtin_mul_overflow(tensor_row_bytes(t), piece->count, &bytes) || bytes > FRAME_BODY)
		die("'%s': a frame of more than %zu bytes", t->name, FRAME_BODY);
	e->made = true;
	memset(j, 0, sizeof *j);
	memcpy(j->f.name, t->name, sizeof j->f.name);
	j->f.kind = 'T';
	j->f.dtype = (uint8_t)t->dtype;
	j->f.ndim = (uint8_t)t->ndim;
	j->f.last = piece->last;
	j->f.row_start = piece->start;
	j->f.row_count = piece->count;
	j->f.rows_total = piece->last ? piece->start + piece->count : piece->total;
	memcpy(j->f.shape, t->shape, sizeof j->f.shape);
	j->f.shape[0] = j->f.rows_total;
	j->f.raw_len = (uint32_t)bytes;
	j->raw = piece->data;
	j->choice = &e->filter;
	j->trial = e->pieces++ % PACK_TRIAL == 0;
	if (out->sha256 && !e->sha256) {
		e->sha256 = mem_new(1, sizeof *e->sha256);
		sha256_start(e->sha256);
	}
	if (out->sha256)
		sha256_add(e->sha256, piece->data, bytes);
}

void stream_put(struct stream *out, const struct stream_piece *piece, size_t n)
{
	struct pack_job *job = mem_new(PACK_MOST, sizeof *job);

	while (n) {
		size_t m = 0, bytes = 0;

		while (m < n && m < PACK_MOST && (m == 0 || bytes < BATCH_BYTES)) {
			make_job(out, job + m, piece + m);
			bytes += job[m++].f.raw_len;
		}
		pack_run(out->pack, job, m, ready, out);
		piece += m;
		n -= m;
	}
	free(job);
}

void stream_put_rows(struct stream *out, const struct stream_rows *group, const char *name,
	enum dtype dtype, const void *data)
{
	struct tensor *shape = tensor_new(name, dtype, 0, 0);
	struct stream_piece piece = { .shape = shape,
		.start = group->start,
		.count = group->count,
		.total = group->last ? group->start + group->count : FRAME_UNKNOWN,
		.last = group->last,
		.data = data };

	stream_put(out, &piece, 1);
	tensor_free(shape);
}

/* The columns' rows in groups that end at stop[0], stop[1], ..., the last at the end. */
static void put_groups(struct stream *out, struct tensor *const *columns, size_t n,
	const uint64_t *stop, size_t groups)
{
	struct stream_piece *piece = mem_new(groups * n, sizeof *piece);
	uint64_t rows = tensor_rows(columns[0]), start = 0;

	for (size_t g = 0; g < groups; start = stop[g++])
		for (size_t c = 0; c < n; c++) {
			const struct tensor *t = columns[c];

			piece[g * n + c] = (struct stream_piece){ .shape = t,
				.start = start,
				.count = stop[g] - start,
				.total = rows,
				.last = g + 1 == groups,
				.data = (const char *)t->data + start * tensor_row_bytes(t) };
		}
	stream_put(out, piece, groups * n);
	free(piece);
}

/* Where the held rows are cut: ends of the frames of the first column among them. */
static size_t held_stops(const struct stream *out, const struct tensor *t, uint64_t **stops)
{
	const char *name = NULL;
	size_t n = 0;
	uint64_t rows = 0;

	*stops = mem_new(out->held.n + 1, sizeof **stops);
	for (size_t i = 0; i < out->held.n; i++) {
		const struct frame *f = &out->held.list[i].f;

		if (!tensor_is_row(f->name) || (name && strcmp(f->name, name) != 0))
			continue;
		name = f->name;
		rows = (*stops)[n++] = f->row_start + f->row_count;
	}
	if (n && rows != tensor_rows(t))
		die("'%s' has %" PRIu64 " rows; the stream's '%s' has %" PRIu64, t->name,
			tensor_rows(t), name, rows);
	return n;
}

static void write_cut(struct stream *out, struct tensor *const *columns, size_t n)
{
	uint64_t rows = tensor_rows(columns[0]), cut = stream_cut(columns[0]), *stop;
	size_t groups;

	for (size_t c = 1; c < n; c++) {
		uint64_t other = stream_cut(columns[c]);

		if (tensor_rows(columns[c]) != rows)
			die("'%s' has %" PRIu64 " rows; '%s' has %" PRIu64, columns[c]->name,
				tensor_rows(columns[c]), columns[0]->name, rows);
		cut = other < cut ? other : cut;
	}
	groups = rows ? (rows + cut - 1) / cut : 1;
	stop = mem_new(groups, sizeof *stop);
	for (size_t g = 0; g < groups; g++)
		stop[g] = g + 1 < groups ? (g + 1) * cut : rows;
	put_groups(out, columns, n, stop, groups);
	free(stop);
}

void stream_write_rows(struct stream *out, struct tensor *const *columns, size_t n)
{
	uint64_t *stop = NULL;
	size_t groups = 0;

	if (n == 0)
		return;
	if (tensor_is_row(columns[0]->name))
		groups = held_stops(out, columns[0], &stop);
	if (!groups) {
		free(stop);
		write_cut(out, columns, n);
		return;
	}
	out->holding = true;
	for (size_t c = 0; c < n; c++)
		put_groups(out, columns + c, 1, stop, groups);
	out->holding = false;
	free(stop);
}

void stream_write(struct stream *out, const struct tensor *t)
{
	struct tensor shape = *t, *column = &shape;

	stream_write_rows(out, &column, 1);
}

void stream_consumed(
	struct stream *out, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256)
{
	lineage_consumed(&out->lineage, name, bytes, crc, sha256);
}

void stream_beside(struct stream *out, struct stream *in)
{
	uint8_t digest[SHA256_BYTES];
	bool both = in->sha256 && out->sha256;

	if (both)
		sha256_end(&in->digest, digest);
	lineage_beside(&out->lineage, in->in.name, &in->ledger, both ? digest : NULL);
}

/* The input's part of the history entry, and the entries that are carried on. */
static void part(struct stream *in, struct stream *out)
{
	lineage_inherit(&out->lineage, &in->lineage);
	stream_beside(out, in);
	port_unlink(&in->in);
	in->other = NULL;
	out->other = NULL;
}

static void emit_end(void *arg, const struct frame *f)
{
	struct stream *out = arg;

	port_write(&out->out, f->bytes, f->stored);
}

static void emit_text(struct stream *out, char kind, const char *text, size_t n)
{
	struct pack_job job = { .f = { .kind = kind, .raw_len = (uint32_t)n }, .raw = text };

	pack_run(out->pack, &job, 1, kind == 'E' ? emit_end : ready, out);
}

void stream_close(struct stream *out)
{
	char end[LEDGER_END];
	struct text text = { 0 };

	stream_release(out);
	if (out->other)
		part(out->other, out);
	for (size_t i = 0; i < out->lineage.frames.n; i++)
		emit(out, held_get(&out->lineage.frames, i));
	if (out->made_by) {
		lineage_entry(&text, &out->lineage, out->made_by, &out->ledger, out->out.name);
		emit_text(out, 'P', text.at, text.n);
	}
	ledger_end(&out->ledger, end);
	emit_text(out, 'E', end, strlen(end));
	port_close_out(&out->out);
	pack_free(out->pack);
	ledger_free(&out->ledger);
	lineage_free(&out->lineage);
	free(text.at);
	free(out);
}

/* ---- the two ways filters read ---- */

/* What the filter wants of f; asked at the tensor's first frame. */
static int decide(struct stream *in, const struct frame *f, stream_choice *want, void *arg)
{
	struct entry *e = ledger_find(&in->ledger, f->name);

	if (!e->asked)
		e->choice = want(f->name, f, arg);
	e->asked = true;
	return e->choice;
}

void stream_load(
	struct stream *in, struct stream *out, stream_choice *want, void *arg, struct tensors *set)
{
	const struct frame *f;

	while ((f = stream_next(in))) {
		int choice = f->kind == 'T' ? decide(in, f, want, arg) : STREAM_PASS;

		if (choice & STREAM_KEEP)
			stream_keep(in, f, set);
		if (choice & STREAM_DROP || !out)
			continue;
		if (f->kind == 'T' && tensor_is_row(f->name))
			stream_hold(out, f);
		else
			stream_forward(out, f);
	}
}

/* Columns that were written one after the other are buffered, sorted, and replayed. */
struct rows_reader {
	struct held own;
	struct held *from; /* what is replayed: own, or what waits in an output; NULL: the input */
	size_t next;
	const struct frame *waiting; /* first of the next group */
	bool begun;
	char previous[TENSOR_NAME + 1]; /* name of the row frame before */
	bool open; /* a group is being gathered: */
	uint64_t start, count;
};

static void read_table(struct stream *in, struct stream *out, const struct frame *f, int choice,
	struct tensors *tables)
{
	if (choice & STREAM_KEEP && in->rows->begun)
		fault(in, f, "a table or model after the rows; put it before them: cat MODEL DATA");
	if (choice & STREAM_KEEP)
		stream_keep(in, f, tables);
	if (out && !(choice & STREAM_DROP))
		stream_forward(out, f);
}

/* Reads the rest, to be replayed in order of rows. */
static void buffer_rest(struct stream *in, struct stream *out, stream_choice *want, void *arg,
	const struct frame *f, struct tensors *tables)
{
	struct rows_reader *r = in->rows;

	for (; f; f = stream_next(in)) {
		int choice = f->kind == 'T' ? decide(in, f, want, arg) : STREAM_PASS;

		if (f->kind != 'T' || !tensor_is_row(f->name)) {
			read_table(in, out, f, choice, tables);
			continue;
		}
		held_add(&r->own, f);
	}
	held_sort(&r->own);
	r->from = &r->own;
}

static const struct frame *next_of_rows(struct stream *in)
{
	struct rows_reader *r = in->rows;
	const struct frame *f = r->waiting;

	r->waiting = NULL;
	if (f || !r->from)
		return f ? f : stream_next(in);
	return r->next < r->from->n ? held_get(r->from, r->next++) : NULL;
}

/* Queues f's rows for its column of the group. */
static void gather(struct stream *in, const struct frame *f, struct stream_rows *rows)
{
	struct rows_reader *r = in->rows;
	struct entry *e = ledger_find(&in->ledger, f->name);

	if (!e->tensor) {
		need_readable(in, f);
		e->tensor = begin_tensor(f);
		tensors_add(&rows->columns, e->tensor);
	}
	if (f->row_count == 0)
		return;
	if (!r->open) {
		r->open = r->begun = true;
		r->start = f->row_start;
		r->count = f->row_count;
	}
	if (f->row_start != r->start || f->row_count != r->count)
		fault(in, f,
			"cut at other rows than the columns before it; rs-pick --repack mends "
			"that");
	if (e->room < f->raw_len) {
		e->room = f->raw_len;
		e->tensor->data = mem_grow(e->tensor->data, e->room, 1);
	}
	e->tensor->shape[0] = f->row_count;
	e->pieces = r->start + 1; /* the group that it has */
	unpack_add(in->unpack, f, e->tensor, 0);
	if (unpack_full(in->unpack))
		stream_settle(in);
}

/* Whether f belongs to rows after the group at hand. */
static bool beyond(const struct rows_reader *r, const struct frame *f)
{
	return r->open && f->row_count && f->row_start > r->start;
}

/* In the first group, two frames of one column side by side: the others come after it. */
static bool one_column_goes_on(const struct rows_reader *r, const struct frame *f)
{
	return r->start == 0 && !r->from && strcmp(r->previous, f->name) == 0;
}

static bool deliver(struct stream *in, struct stream_rows *rows)
{
	struct rows_reader *r = in->rows;

	stream_settle(in);
	for (size_t i = 0; i < rows->columns.n; i++) {
		const char *name = rows->columns.at[i]->name;

		if (!r->open)
			rows->columns.at[i]->shape[0] = 0;
		else if (ledger_find(&in->ledger, name)->pieces != r->start + 1)
			die("%s: '%s' lacks rows %" PRIu64 "-%" PRIu64
			    " where other columns have them; "
			    "rs-pick --repack mends columns that are not side by side",
				in->in.name, name, r->start, r->start + r->count - 1);
	}
	rows->start = r->start;
	rows->count = r->open ? r->count : 0;
	rows->last = !r->waiting;
	return r->open;
}

bool stream_rows(struct stream *in, struct stream *out, stream_choice *want, void *arg,
	struct tensors *tables, struct stream_rows *rows)
{
	struct rows_reader *r = in->rows;
	const struct frame *f;

	if (!r)
		r = in->rows = mem_new(1, sizeof *r);
	r->open = false;
	while ((f = next_of_rows(in))) {
		bool row = f->kind == 'T' && tensor_is_row(f->name);
		int choice = f->kind == 'T' ? decide(in, f, want, arg) : STREAM_PASS;

		if (!row) {
			read_table(in, out, f, choice, tables);
			continue;
		}
		if (beyond(r, f) && one_column_goes_on(r, f)) {
			buffer_rest(in, out, want, arg, f, tables);
			continue;
		}
		if (beyond(r, f)) {
			r->waiting = f;
			break;
		}
		memcpy(r->previous, f->name, sizeof r->previous);
		if (choice & STREAM_KEEP)
			gather(in, f, rows);
		if (!out || choice & STREAM_DROP)
			continue;
		if (rows->hold)
			stream_hold(out, f);
		else
			stream_forward(out, f);
	}
	return deliver(in, rows);
}

void stream_again(struct stream *in, struct stream *out)
{
	held_sort(&out->held);
	in->rows->from = &out->held;
	in->rows->next = 0;
	for (size_t i = 0; i < in->ledger.n; i++)
		in->ledger.at[i]->asked = false;
}

void stream_free(struct stream *in)
{
	if (!in)
		return;
	if (in->other)
		part(in, in->other);
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
