#include "stream_out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "stream_state.h"

enum { BATCH_BYTES = 32 << 20 };

struct stream *stream_out(
	struct stream *in, const struct stream_options *options, const struct provenance *made_by)
{
	struct stream *out = stream_start(0, options && options->sha256);

	out->level = options ? (int)options->level : 1;
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

void stream_forward(struct stream *out, const struct frame *f)
{
	count(out, f);
	port_pass(&out->out, f->bytes, f->stored);
}

void stream_hold(struct stream *out, const struct frame *f)
{
	if (f->kind == 'T')
		ledger_entry(&out->ledger, f->name)->held = true;
	held_add(&out->held, f);
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

uint64_t stream_cut(const struct tensor *shape)
{
	uint64_t rows = ((uint64_t)1 << 20) / tensor_row_bytes(shape);

	return rows > 65536 ? 65536 : rows ? rows : 1;
}

static void ready(void *arg, const struct frame *f)
{
	struct stream *out = arg;

	if (out->holding)
		stream_hold(out, f);
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

void stream_beside(struct stream *out, struct stream *beside)
{
	stream_consumed_stream(out, beside);
}

void stream_consumed(
	struct stream *out, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256)
{
	lineage_consumed(&out->lineage, name, bytes, crc, sha256);
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

static void release(struct stream *out)
{
	held_sort(&out->held);
	for (size_t i = 0; i < out->held.n; i++)
		emit(out, held_get(&out->held, i));
	held_free(&out->held);
}

void stream_close(struct stream *out)
{
	char end[LEDGER_END];
	struct text text = { 0 };

	release(out);
	if (out->other)
		stream_part(out->other, out);
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
