#include "lineage.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "sha256.h"

enum { MOST = 4096 };

const char *lineage_take(struct lineage *l, const struct frame *f, char *text)
{
	if (l->frames.n == MOST)
		return "more than 4096 history entries";
	if (!text)
		return NULL;
	for (const char *c = text; *c; c++)
		if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7F) {
			free(text);
			return "history with control characters";
		}
	held_add(&l->frames, f);
	l->entry = mem_grow(l->entry, l->n + 1, sizeof *l->entry);
	l->entry[l->n++] = text;
	return NULL;
}

void lineage_section(struct lineage *l)
{
	size_t n = l->frames.n;

	if (!n || l->last == l->entry[n - 1])
		return;
	l->last = l->entry[n - 1];
	text_add(&l->from, "from %08" PRIx32 "\n", l->frames.list[n - 1].f.raw_crc);
}

static void add_name(struct text *to, const char *name)
{
	name = strrchr(name, '/') ? strrchr(name, '/') + 1 : name;
	text_add(to, "in ");
	for (const unsigned char *c = (const unsigned char *)name; *c; c++)
		text_add(to, *c <= 0x20 || *c == 0x7F || *c == '%' ? "%%%02X" : "%c", *c);
}

static void add_sha256(struct text *to, const uint8_t *sha256)
{
	char hex[2 * SHA256_BYTES + 1];

	if (sha256) {
		sha256_text(sha256, hex);
		text_add(to, " sha256:%s", hex);
	}
	text_add(to, "\n");
}

void lineage_consumed(
	struct lineage *l, const char *name, uint64_t bytes, uint32_t crc, const uint8_t *sha256)
{
	add_name(&l->consumed, name);
	text_add(&l->consumed, " crc32:%08" PRIx32 " bytes:%" PRIu64, crc, bytes);
	add_sha256(&l->consumed, sha256);
}

void lineage_beside(
	struct lineage *l, const char *name, const struct ledger *ledger, const uint8_t *sha256)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ledger->n; i++)
		bytes += ledger->at[i]->bytes;
	add_name(&l->consumed, name);
	text_add(&l->consumed, " tensors:%zu bytes:%" PRIu64 " crc32:%08" PRIx32, ledger->n, bytes,
		ledger_digest(ledger));
	add_sha256(&l->consumed, sha256);
}

void lineage_inherit(struct lineage *to, struct lineage *from)
{
	to->frames = from->frames;
	memset(&from->frames, 0, sizeof from->frames);
	to->from = from->from;
	memset(&from->from, 0, sizeof from->from);
}

static void add_made(const struct entry *e, struct text *line)
{
	char type[LEDGER_LINE], shape[LEDGER_LINE];
	uint8_t digest[SHA256_BYTES];

	ledger_type(e, type);
	ledger_shape(e, shape);
	line->n = 0;
	text_add(line, "made %s %s %s crc32:%08" PRIx32, e->first.name, type, shape, e->crc);
	if (e->sha256)
		sha256_end(e->sha256, digest);
	add_sha256(line, e->sha256 ? digest : NULL);
}

void lineage_entry(struct text *text, const struct lineage *l, const struct provenance *by,
	const struct ledger *made, const char *where)
{
	struct text line = { 0 };
	size_t left = 0;

	text_add(text, "tool %s\n%s", by->tool, l->from.at ? l->from.at : "");
	for (size_t i = 0; i < by->args; i++)
		text_add(text, "arg %s\n", by->arg[i]);
	if (by->has_seed)
		text_add(text, "seed %" PRIu64 "\n", by->seed);
	text_add(text, "%s", l->consumed.at ? l->consumed.at : "");
	if (text->n > LINEAGE_BYTES - 64)
		die("%s: options and operands are too long for a history entry; at most 64 KiB",
			where);
	for (size_t i = 0; i < made->n; i++) {
		if (!made->at[i]->made)
			continue;
		add_made(made->at[i], &line);
		if (left || text->n + line.n > LINEAGE_BYTES - 64)
			left++;
		else
			text_add(text, "%s", line.at);
	}
	if (left)
		text_add(text, "more %zu\n", left);
	free(line.at);
}

void lineage_free(struct lineage *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->entry[i]);
	free(l->entry);
	held_free(&l->frames);
	free(l->from.at);
	free(l->consumed.at);
}
