#include "stream_rows.h"

#include <inttypes.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "stream_out.h"
#include "stream_state.h"

/* What the filter wants of f; asked at the tensor's first frame. */
static int decide(struct stream *in, const struct frame *f, stream_choice *want, void *arg)
{
	struct entry *e = ledger_find(&in->ledger, f->name);

	if (!e->asked)
		e->choice = want(f->name, f, arg);
	e->asked = true;
	return e->choice;
}

/* A column that stays packed: its shape only. */
static void leave(struct stream *in, const struct frame *f, struct tensors *set)
{
	struct entry *e = ledger_find(&in->ledger, f->name);

	if (!e->tensor) {
		e->tensor = stream_tensor(f);
		tensors_add(set, e->tensor);
	}
	e->tensor->shape[0] += f->row_count;
	if (f->last)
		e->tensor = NULL;
}

void stream_load(
	struct stream *in, struct stream *out, stream_choice *want, void *arg, struct tensors *set)
{
	const struct frame *f;

	while ((f = stream_next(in))) {
		int choice = f->kind == 'T' ? decide(in, f, want, arg) : STREAM_PASS;

		if (choice & STREAM_KEEP)
			stream_keep(in, f, set);
		if (choice & STREAM_LATER)
			leave(in, f, set);
		if (choice & STREAM_DROP || !out)
			continue;
		if (f->kind == 'T' && tensor_is_row(f->name))
			stream_hold(out, f);
		else
			stream_forward(out, f);
	}
}

static void read_table(struct stream *in, struct stream *out, const struct frame *f, int choice,
	struct tensors *tables)
{
	if (choice & STREAM_KEEP && in->rows->begun)
		stream_fault(in, f,
			"a table or model after the rows; put it before them: cat MODEL DATA");
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
		stream_need_readable(in, f);
		e->tensor = stream_tensor(f);
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
		stream_fault(in, f,
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
