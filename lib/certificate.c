#include "certificate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "die.h"
#include "mem.h"

static const char *const part_name[] = { "train", "valid", "test" };

struct lines {
	char *at;
	size_t n, room;
};

__attribute__((format(printf, 2, 3))) static void add(struct lines *to, const char *format, ...)
{
	va_list args;

	if (to->room - to->n < 128)
		to->at = mem_grow(to->at, to->room = 2 * to->room + 1024, 1);
	va_start(args, format);
	to->n += (size_t)vsnprintf(to->at + to->n, to->room - to->n, format, args);
	va_end(args);
}

static void add_cold(struct lines *to, const char *what, const struct tally_side *side)
{
	size_t ids, rows;

	if (!side->there)
		return;
	tally_cold(side, &ids, &rows);
	add(to, "test.cold_%ss=%zu\ntest.cold_%s_rows=%zu\n", what, ids, what, rows);
}

char *certificate_text(const struct certificate *c)
{
	const struct tally *t = c->tally;
	struct lines to = { 0 };

	add(&to, "scheme=%.40s\nrows=%zu\nout.rows=%zu\n", c->scheme,
		t->rows[0] + t->rows[1] + t->rows[2] + t->out, t->out);
	for (int p = 0; p < SPLIT_PARTS; p++) {
		add(&to, "%s.rows=%zu\n", part_name[p], t->rows[p]);
		if (t->user.there)
			add(&to, "%s.users=%zu\n", part_name[p], tally_ids(&t->user, p));
		if (t->item.there)
			add(&to, "%s.items=%zu\n", part_name[p], tally_ids(&t->item, p));
		if (t->labels && t->binary)
			add(&to, "%s.positives=%zu\n", part_name[p], t->positives[p]);
	}
	add_cold(&to, "user", &t->user);
	add_cold(&to, "item", &t->item);
	if (t->times)
		add(&to, "train.late_rows=%zu\n", tally_late(c->tally));
	if (c->has_pairs)
		add(&to, "pairs_in_two_parts=%zu\n", c->pairs);
	add(&to, "crc32=%08" PRIx32 "\n", c->crc);
	return to.at;
}

static void tell_part(const struct tally *t, int p)
{
	size_t all = t->rows[0] + t->rows[1] + t->rows[2] + t->out;
	char ones[48] = "";

	if (t->labels && t->binary)
		snprintf(ones, sizeof ones, ", %zu positive", t->positives[p]);
	warn("%s: %zu rows (%.1f %%), %zu users, %zu items%s", part_name[p], t->rows[p],
		100 * (double)t->rows[p] / (double)all, tally_ids(&t->user, p),
		tally_ids(&t->item, p), ones);
}

static void tell_cold(const char *what, const struct tally_side *side)
{
	size_t ids, rows;

	tally_cold(side, &ids, &rows);
	if (ids)
		warn("warning: %zu %ss of test (%zu rows) have no row in train", ids, what, rows);
}

void certificate_tell(const struct certificate *c, const bool want[SPLIT_PARTS])
{
	struct tally *t = c->tally;
	size_t late = tally_late(t);

	for (int p = 0; p < SPLIT_PARTS; p++)
		tell_part(t, p);
	if (t->out)
		warn("out: %zu rows are in no part", t->out);
	for (int p = 0; p < SPLIT_PARTS; p++)
		if (want[p] && !t->rows[p])
			warn("warning: no row is %s", part_name[p]);
	if (c->pairs)
		warn("warning: %zu pairs of user and item are in two parts or more", c->pairs);
	tell_cold("user", &t->user);
	tell_cold("item", &t->item);
	if (late)
		warn("warning: %zu rows of train are later than the first of test", late);
	warn("crc32 of part: %08" PRIx32, c->crc);
}

void certificate_strict(const struct certificate *c)
{
	size_t late = tally_late(c->tally);

	if (c->pairs || late)
		die("strict: %zu pairs of user and item in two parts or more, %zu rows of train "
		    "later than the first of test; expected none",
			c->pairs, late);
}
