#include "ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "mem.h"

enum { FIRST_SLOTS = 256, MOST_TENSORS = 65536 };
#define MOST_FRAMES UINT32_MAX

#define FAULT(...) (snprintf(why, FRAME_WHY, __VA_ARGS__), why)

void ledger_start(struct ledger *l)
{
	memset(l, 0, sizeof *l);
	l->section = 1;
	l->slots = FIRST_SLOTS;
	l->slot = mem_new(l->slots, sizeof *l->slot);
}

void ledger_free(struct ledger *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->at[i]->sha256);
		free(l->at[i]);
	}
	free(l->at);
	free(l->slot);
}

/* Where the name is, or the free slot where it belongs. Names are at most 65,536 and the table is
 * at most half full, so hostile names cost time, not correctness. */
static uint32_t *place(const struct ledger *l, const char *name)
{
	size_t i = codec_crc(0, name, strlen(name)) & (l->slots - 1);

	while (l->slot[i] && strcmp(l->at[l->slot[i] - 1]->first.name, name) != 0)
		i = (i + 1) & (l->slots - 1);
	return l->slot + i;
}

struct entry *ledger_find(const struct ledger *l, const char *name)
{
	uint32_t slot = *place(l, name);

	return slot ? l->at[slot - 1] : NULL;
}

static void widen(struct ledger *l)
{
	free(l->slot);
	l->slots *= 2;
	l->slot = mem_new(l->slots, sizeof *l->slot);
	for (size_t i = 0; i < l->n; i++)
		*place(l, l->at[i]->first.name) = (uint32_t)i + 1;
}

struct entry *ledger_entry(struct ledger *l, const char *name)
{
	struct entry *e = ledger_find(l, name);

	if (e)
		return e;
	if (2 * (l->n + 1) > l->slots)
		widen(l);
	if (l->n == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->at = mem_grow(l->at, l->room, sizeof *l->at);
	}
	e = mem_new(1, sizeof *e);
	snprintf(e->first.name, sizeof e->first.name, "%s", name);
	l->at[l->n++] = e;
	*place(l, name) = (uint32_t)l->n;
	return e;
}

static const char *begin(struct ledger *l, struct entry *e, const struct frame *f, char *why)
{
	if (l->n > MOST_TENSORS)
		return FAULT("more than %d tensors", MOST_TENSORS);
	if (f->row_start)
		return FAULT("rows start at %llu; expected 0", (unsigned long long)f->row_start);
	e->first = *f;
	e->first.bytes = NULL;
	e->section = l->section;
	e->total = f->rows_total;
	l->tensors++;
	l->open++;
	return NULL;
}

static const char *go_on(const struct ledger *l, struct entry *e, const struct frame *f, char *why)
{
	bool same = e->first.dtype == f->dtype && e->first.ndim == f->ndim;

	if (e->whole && e->section != l->section)
		return FAULT("'%s' was already in section %u; this is section %u", f->name,
			e->section, l->section);
	if (e->whole)
		return FAULT("'%s' had its last rows already", f->name);
	for (unsigned i = 1; same && i < f->ndim; i++)
		same = e->first.shape[i] == f->shape[i];
	if (!same)
		return FAULT("type or shape differs from this tensor's first frame");
	if (f->row_start != e->rows)
		return FAULT("rows start at %llu; expected %llu", (unsigned long long)f->row_start,
			(unsigned long long)e->rows);
	if (e->total == FRAME_UNKNOWN)
		e->total = f->rows_total;
	if (f->rows_total != FRAME_UNKNOWN && f->rows_total != e->total)
		return FAULT("%llu rows in all; this tensor's other frames say %llu",
			(unsigned long long)f->rows_total, (unsigned long long)e->total);
	return NULL;
}

const char *ledger_take(struct ledger *l, const struct frame *f, char *why)
{
	const char *fault;
	struct entry *e;
	uint8_t crc[4];

	if (f->kind == 'T') {
		e = ledger_entry(l, f->name);
		fault = e->frames ? go_on(l, e, f, why) : begin(l, e, f, why);
		if (fault)
			return fault;
		e->frames++;
		e->rows += f->row_count;
		e->crc = codec_crc_join(e->crc, f->raw_crc, f->raw_len);
		e->bytes += f->raw_len;
		e->stored += f->stored;
		e->whole = f->last;
		l->open -= f->last;
		l->bytes += f->raw_len;
	}
	if (++l->frames > MOST_FRAMES)
		return FAULT("more than 2^32 - 1 frames");
	for (int i = 0; i < 4; i++)
		crc[i] = (uint8_t)(f->header_crc >> 8 * i);
	l->chain = codec_crc(l->chain, crc, sizeof crc);
	return NULL;
}

void ledger_end(const struct ledger *l, char text[LEDGER_END])
{
	snprintf(text, LEDGER_END, "frames %llu\ntensors %llu\nbytes %llu\nchain %08lx\n",
		(unsigned long long)l->frames, (unsigned long long)l->tensors,
		(unsigned long long)l->bytes, (unsigned long)l->chain);
}

/* Which of the four lines differs, in words. */
static const char *difference(const char *want, const char *text, char *why)
{
	int n = 0, m;

	while (text[n] && text[n] == want[n])
		n++;
	while (n && want[n - 1] != '\n')
		n--;
	m = (int)strcspn(text + n, "\n");
	return FAULT("end frame says '%.*s', read '%.*s'", m < 40 ? m : 40, text + n,
		(int)strcspn(want + n, "\n"), want + n);
}

const char *ledger_close(struct ledger *l, const char *text, char *why)
{
	char want[LEDGER_END];

	ledger_end(l, want);
	if (strcmp(text, want) != 0)
		return difference(want, text, why);
	for (size_t i = 0; l->open && i < l->n; i++)
		if (l->at[i]->frames && !l->at[i]->whole)
			return FAULT(
				"section ends before the last rows of '%s'", l->at[i]->first.name);
	l->frames = l->tensors = l->bytes = 0;
	l->chain = 0;
	l->section++;
	return NULL;
}

void ledger_type(const struct entry *e, char line[LEDGER_LINE])
{
	const char *name = dtype_name(e->first.dtype);

	if (name[0] == '?')
		snprintf(line, LEDGER_LINE, "0x%02x", (unsigned)e->first.dtype);
	else
		snprintf(line, LEDGER_LINE, "%s", name);
}

void ledger_shape(const struct entry *e, char line[LEDGER_LINE])
{
	int n;

	if (e->first.ndim == 0) {
		snprintf(line, LEDGER_LINE, "scalar");
		return;
	}
	n = snprintf(line, LEDGER_LINE, "%llu", (unsigned long long)e->rows);
	for (unsigned i = 1; i < e->first.ndim; i++)
		n += snprintf(line + n, LEDGER_LINE - (size_t)n, "x%llu",
			(unsigned long long)e->first.shape[i]);
}

static int by_name(const void *a, const void *b)
{
	const struct entry *const *x = a, *const *y = b;

	return strcmp((*x)->first.name, (*y)->first.name);
}

uint32_t ledger_digest(const struct ledger *l)
{
	struct entry **sorted = mem_new(l->n, sizeof *sorted);
	uint32_t crc = 0;

	for (size_t i = 0; i < l->n; i++)
		sorted[i] = l->at[i];
	qsort(sorted, l->n, sizeof *sorted, by_name);
	for (size_t i = 0; i < l->n; i++) {
		char type[LEDGER_LINE], shape[LEDGER_LINE], line[3 * LEDGER_LINE];
		int n;

		if (!sorted[i]->frames)
			continue;
		ledger_type(sorted[i], type);
		ledger_shape(sorted[i], shape);
		n = snprintf(line, sizeof line, "%s %s %s %08lx\n", sorted[i]->first.name, type,
			shape, (unsigned long)sorted[i]->crc);
		crc = codec_crc(crc, line, (size_t)n);
	}
	free(sorted);
	return crc;
}
