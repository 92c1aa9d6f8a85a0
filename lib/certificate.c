#include "certificate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "codec.h"
#include "die.h"
#include "stream_out.h"
#include "text.h"

static const char *const part_name[] = { "train", "valid", "test" };

static void add_cold(struct text *to, const char *what, const struct tally_side *side)
{
	size_t ids, rows;

	if (!side->there)
		return;
	tally_cold(side, &ids, &rows);
	text_add(to, "test.cold_%ss=%zu\ntest.cold_%s_rows=%zu\n", what, ids, what, rows);
}

void certificate_add(struct certificate *c, const struct tally_rows *rows)
{
	c->crc = codec_crc(c->crc, rows->part, rows->n);
	tally_add(&c->tally, rows);
	if (rows->time) {
		c->has_times = true;
		late_add(&c->late, rows->time, rows->part, rows->n);
	}
	if (c->full && rows->user && rows->item) {
		c->has_pairs = true;
		repeats_add(&c->repeats, rows->user, rows->item, rows->part, rows->n);
	}
}

void certificate_free(struct certificate *c)
{
	tally_free(&c->tally);
	late_free(&c->late);
	repeats_free(&c->repeats);
}

static char *text_of(const struct certificate *c)
{
	const struct tally *t = &c->tally;
	struct text to = { 0 };

	text_add(&to, "scheme=%.40s\nrows=%zu\nout.rows=%zu\n", c->scheme,
		t->rows[0] + t->rows[1] + t->rows[2] + t->out, t->out);
	for (int p = 0; p < SPLIT_PARTS; p++) {
		text_add(&to, "%s.rows=%zu\n", part_name[p], t->rows[p]);
		if (t->user.there)
			text_add(&to, "%s.users=%zu\n", part_name[p], tally_ids(&t->user, p));
		if (t->item.there)
			text_add(&to, "%s.items=%zu\n", part_name[p], tally_ids(&t->item, p));
		if (t->labels && t->binary)
			text_add(&to, "%s.positives=%zu\n", part_name[p], t->positives[p]);
	}
	add_cold(&to, "user", &t->user);
	add_cold(&to, "item", &t->item);
	if (c->has_times)
		text_add(&to, "train.late_rows=%zu\n", c->late_rows);
	if (c->has_pairs)
		text_add(&to, "pairs_in_two_parts=%zu\n", c->pairs);
	text_add(&to, "crc32=%08" PRIx32 "\n", c->crc);
	return to.at;
}

static void tell_part(const struct tally *t, int p)
{
	size_t all = t->rows[0] + t->rows[1] + t->rows[2] + t->out;
	struct text line = { 0 };

	text_add(&line, "%s: %zu rows (%.1f %%)", part_name[p], t->rows[p],
		100 * (double)t->rows[p] / (double)all);
	if (t->user.there)
		text_add(&line, ", %zu users", tally_ids(&t->user, p));
	if (t->item.there)
		text_add(&line, ", %zu items", tally_ids(&t->item, p));
	if (t->labels && t->binary)
		text_add(&line, ", %zu positive", t->positives[p]);
	warn("%s", line.at);
	free(line.at);
}

static void tell_cold(const char *what, const struct tally_side *side)
{
	size_t ids, rows;

	tally_cold(side, &ids, &rows);
	if (ids)
		warn("warning: %zu %ss of test (%zu rows) have no row in train", ids, what, rows);
}

static void tell(const struct certificate *c, const bool want[SPLIT_PARTS])
{
	const struct tally *t = &c->tally;

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
	if (c->late_rows)
		warn("warning: %zu rows of train are later than the first of test", c->late_rows);
	warn("crc32 of part: %08" PRIx32, c->crc);
}

static void be_strict(const struct certificate *c)
{
	if (c->pairs || c->late_rows)
		die("strict: %zu pairs of user and item in two parts or more, %zu rows of train "
		    "later than the first of test; expected none",
			c->pairs, c->late_rows);
}

void certificate_put(
	struct certificate *c, struct stream *out, const bool want[SPLIT_PARTS], bool strict)
{
	struct tensor *text;
	char *lines;

	c->late_rows = late_count(&c->late);
	c->pairs = repeats_count(&c->repeats);
	lines = text_of(c);
	text = tensor_text("split.certificate", lines);
	stream_write(out, text);
	tell(c, want);
	if (strict)
		be_strict(c);
	tensor_free(text);
	free(lines);
}
