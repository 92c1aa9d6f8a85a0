#include "csv.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "source.h"

enum { BLOCK = 65536, SEPARATOR = 8, SLACK = 16, STAND_IN = 0x1F };

/* libcsv's states in which no byte of a field has been seen (csv.h keeps them to itself). */
enum { ROW_NOT_BEGUN = 0, FIELD_NOT_BEGUN = 1 };

struct span {
	size_t at, n; /* in text */
};

struct mark {
	uint64_t line;
	size_t fields; /* of the row */
};

struct csv {
	struct csv_parser parser;
	struct source *source;
	bool finished; /* last row done */
	bool uncut;
	bool line_begins; /* data[at] is the first byte of a line */

	char separator[SEPARATOR + 1]; /* when it is longer than a byte */
	uint8_t cut[SEPARATOR]; /* its beginning at a block's end */
	size_t held; /* bytes of it */

	/* Rows that libcsv has given and nobody has taken, then the row in the making. */
	char *text;
	size_t text_n, text_room;
	struct span *field;
	size_t fields, field_room, making; /* making: fields of the row in the making */
	struct mark *row;
	size_t rows, row_room, taken, taken_fields;
	struct csv_field *view;
	size_t view_room;

	uint64_t line, field_line, row_line, fault_line;
	size_t row_bytes;
	char fault[160];

	uint64_t base; /* offset of data[0] in the text */
	size_t piece, room, at, have; /* of data */
	size_t most; /* pieces given out last: few at first, while most words are new */
	uint8_t *data; /* room bytes, and SLACK that can be read */
};

static void fault(struct csv *c, uint64_t line, const char *why)
{
	if (c->fault[0])
		return;
	snprintf(c->fault, sizeof c->fault, "%s", why);
	c->fault_line = line;
}

static const char *separator_bytes(const char *name)
{
	return strcmp(name, "tab") == 0 ? "\t" : strcmp(name, "space") == 0 ? " " : name;
}

const char *csv_format_fault(const struct csv_format *format)
{
	const char *separator = separator_bytes(format->separator);
	size_t n = strlen(separator);

	if (n < 1 || n > SEPARATOR)
		return "a separator has 1 to 8 bytes, or is 'tab' or 'space'";
	if (strpbrk(separator, "\r\n\"\x1F"))
		return "a separator holds no quote, end of line or byte 0x1F";
	return NULL;
}

static void *grow_bytes(void *block, size_t n)
{
	return mem_grow(block, n, 1);
}

struct csv *csv_open(int fd, const struct csv_format *format)
{
	struct csv *c = mem_new(1, sizeof *c);
	const char *separator = separator_bytes(format->separator);
	bool longer = strlen(separator) > 1;

	csv_init(&c->parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_realloc_func(&c->parser, grow_bytes);
	csv_set_blk_size(&c->parser, BLOCK);
	csv_set_delim(&c->parser, longer ? STAND_IN : (unsigned char)*separator);
	if (longer || format->no_quotes)
		csv_set_quote(&c->parser, 0); /* a byte that never comes */
	if (longer)
		snprintf(c->separator, sizeof c->separator, "%s", separator);
	c->source = source_open(fd, format->latin_1, format->sha256);
	c->uncut = format->piece == CSV_UNCUT;
	c->piece = format->piece && !c->uncut ? format->piece : CSV_PIECE;
	c->room = CSV_PIECES * c->piece;
	c->data = mem_grow(NULL, c->room + SLACK, 1);
	memset(c->data + c->room, 0, SLACK);
	c->line_begins = true;
	c->line = c->field_line = c->row_line = 1;
	return c;
}

void csv_close(struct csv *c)
{
	csv_free(&c->parser);
	source_close(c->source);
	free(c->data);
	free(c->text);
	free(c->field);
	free(c->row);
	free(c->view);
	free(c);
}

uint64_t csv_size(const struct csv *c)
{
	return source_size(c->source);
}

uint32_t csv_crc(const struct csv *c)
{
	return source_crc(c->source);
}

bool csv_sha256(const struct csv *c, uint8_t digest[32])
{
	return source_sha256(c->source, digest);
}

uint64_t csv_bytes(const struct csv *c)
{
	return source_bytes(c->source);
}

const char *csv_fault(const struct csv *c, uint64_t *line)
{
	*line = c->fault_line;
	return c->fault[0] ? c->fault : NULL;
}

/* ---- text ---- */

static uint64_t line_ends(const uint8_t *text, size_t n)
{
	uint64_t found = 0;

	for (size_t i = 0; i < n; i++)
		found += text[i] == '\n';
	return found;
}

/* data[i .. n) with every long separator replaced by its stand-in; returns the new end. The
 * beginning of a separator at the very end is held back for the next text. */
static size_t map_separators(struct csv *c, size_t i, size_t n)
{
	size_t length = strlen(c->separator), out = i;

	while (i < n) {
		size_t left = n - i, check = left < length ? left : length;

		if (c->data[i] == STAND_IN)
			fault(c, c->line + line_ends(c->data, out),
				"byte 0x1F, which a separator of several bytes does not allow");
		if (memcmp(c->data + i, c->separator, check) != 0) {
			c->data[out++] = c->data[i++];
		} else if (check == length) {
			c->data[out++] = STAND_IN;
			i += length;
		} else if (source_ended(c->source)) {
			c->data[out++] = c->data[i++];
		} else {
			memcpy(c->cut, c->data + i, left);
			c->held = left;
			break;
		}
	}
	return out;
}

/* Moves what is left to the front and reads more after it. */
static bool fill(struct csv *c)
{
	size_t left = c->have - c->at, n = left + c->held;

	if (source_ended(c->source) || n >= c->room)
		return false;
	memmove(c->data, c->data + c->at, left);
	memcpy(c->data + left, c->cut, c->held);
	c->held = 0;
	c->base += c->at;
	c->at = 0;
	n += source_read(c->source, c->data + n, c->room - n);
	if (source_fault(c->source))
		fault(c, c->line, source_fault(c->source));
	c->have = c->separator[0] ? map_separators(c, left, n) : n;
	return c->have > left || !source_ended(c->source);
}

/* ---- pieces ---- */

uint64_t csv_where(const struct csv *c, bool *between)
{
	*between = c->taken == c->rows && c->line_begins && c->parser.pstate == ROW_NOT_BEGUN &&
		   !c->fault[0] && !c->finished;
	return c->base + c->at;
}

/* The end of the piece that begins at `from`: after a line end, the first beyond the size of a
 * piece or else the last there is. The text's own end is as good. */
static size_t piece_end(struct csv *c, size_t from)
{
	size_t end = c->have;
	const uint8_t *line_end = NULL;

	if (end - from > c->piece)
		line_end = memchr(c->data + from + c->piece, '\n', end - from - c->piece);
	if (line_end)
		return (size_t)(line_end - c->data) + 1;
	while (end > from && c->data[end - 1] != '\n' && !source_ended(c->source))
		end--;
	if (end > from && c->data[end - 1] != '\n')
		c->data[end++] = '\n'; /* in the slack, where libcsv does not see it */
	return end;
}

size_t csv_pieces(struct csv *c, struct csv_piece piece[CSV_PIECES])
{
	size_t n = 0, from, end;
	bool between;

	csv_where(c, &between);
	if (between && !c->uncut)
		fill(c);
	if (!between || c->uncut || c->fault[0])
		return 0;
	c->most = c->most == 0 ? 1 : c->most < CSV_PIECES ? 2 * c->most : CSV_PIECES;
	for (from = c->at; n < c->most && from < c->have; from = end, n++) {
		end = piece_end(c, from);
		if (end == from)
			break;
		piece[n] = (struct csv_piece){ (char *)c->data + from, end - from, c->base + from };
	}
	return n;
}

void csv_skip(struct csv *c, const struct csv_piece *piece, uint64_t lines)
{
	c->at += piece->n;
	if (c->at > c->have)
		c->at = c->have; /* a line end that is not in the text */
	c->line += lines;
}

char csv_separator(const struct csv *c)
{
	return (char)c->parser.delim_char;
}

bool csv_quotes(const struct csv *c)
{
	return c->parser.quote_char != 0;
}

/* ---- rows ---- */

static void got_field(void *text, size_t n, void *arg)
{
	struct csv *c = arg;

	if (n > CSV_FIELD)
		fault(c, c->field_line, "a field of more than 65536 bytes; is a quote not closed?");
	if (c->making == CSV_COLUMNS)
		fault(c, c->line, "more than 4096 columns");
	if (c->fault[0])
		return;
	if (c->making == 0)
		c->row_line = c->field_line;
	c->field_line = c->line;
	if (c->text_n + n + 1 > c->text_room) {
		c->text_room = 2 * (c->text_n + n + 1) + BLOCK;
		c->text = mem_grow(c->text, c->text_room, 1);
	}
	if (c->fields == c->field_room) {
		c->field_room = 2 * c->field_room + 64;
		c->field = mem_grow(c->field, c->field_room, sizeof *c->field);
	}
	if (n)
		memcpy(c->text + c->text_n, text, n);
	c->text[c->text_n + n] = 0;
	c->field[c->fields++] = (struct span){ c->text_n, n };
	c->text_n += n + 1;
	c->making++;
}

static void got_row(int end, void *arg)
{
	struct csv *c = arg;

	(void)end;
	if (c->fault[0])
		return;
	if (c->rows == c->row_room) {
		c->row_room = 2 * c->row_room + 64;
		c->row = mem_grow(c->row, c->row_room, sizeof *c->row);
	}
	c->row[c->rows++] = (struct mark){ c->row_line, c->making };
	c->making = 0;
	c->row_bytes = 0;
}

/* Forgets the rows that were taken; a row in the making moves to the front. */
static void forget_rows(struct csv *c)
{
	size_t from = c->taken_fields, start = from < c->fields ? c->field[from].at : c->text_n;

	if (c->making)
		memmove(c->text, c->text + start, c->text_n - start);
	for (size_t i = 0; i < c->making; i++)
		c->field[i] = (struct span){ c->field[from + i].at - start, c->field[from + i].n };
	c->text_n -= start;
	c->fields = c->making;
	c->rows = c->taken = c->taken_fields = 0;
}

static void last_row(struct csv *c)
{
	c->finished = true;
	if (csv_fini(&c->parser, got_field, got_row, c) != 0)
		fault(c, c->field_line, "a quote that opens here is never closed");
}

/* Gives libcsv one line (or as much of it as a block holds), so that rows know their lines. */
static void parse_line(struct csv *c)
{
	const uint8_t *from = c->data + c->at, *end;
	size_t left = c->have - c->at, n = left < BLOCK ? left : BLOCK;

	end = memchr(from, '\n', n);
	n = end ? (size_t)(end - from) + 1 : n;
	if (memchr(from, 0, n))
		fault(c, c->line, "a NUL byte; expected text");
	if (c->parser.pstate == ROW_NOT_BEGUN || c->parser.pstate == FIELD_NOT_BEGUN)
		c->field_line = c->line;
	c->row_bytes += n;
	if (!c->fault[0] && csv_parse(&c->parser, from, n, got_field, got_row, c) != n)
		fault(c, c->line, "a quote inside a field; expected it doubled, in a quoted field");
	if (c->parser.entry_pos > CSV_FIELD)
		fault(c, c->field_line, "a field of more than 65536 bytes; is a quote not closed?");
	if (c->row_bytes > CSV_LINE)
		fault(c, c->making ? c->row_line : c->field_line, "a line of more than 1 MiB");
	c->at += n;
	c->line_begins = n ? end != NULL : c->line_begins;
	c->line += end != NULL;
}

bool csv_next(struct csv *c, struct csv_row *row)
{
	const struct mark *mark;

	if (c->taken == c->rows)
		forget_rows(c);
	while (c->taken == c->rows && !c->fault[0] && !c->finished) {
		if (c->at < c->have || fill(c))
			parse_line(c);
		else
			last_row(c);
	}
	if (c->taken == c->rows)
		return false;
	mark = c->row + c->taken++;
	if (mark->fields > c->view_room) {
		c->view_room = mark->fields;
		c->view = mem_grow(c->view, c->view_room, sizeof *c->view);
	}
	for (size_t i = 0; i < mark->fields; i++) {
		const struct span *s = c->field + c->taken_fields + i;

		c->view[i] = (struct csv_field){ c->text + s->at, s->n };
	}
	c->taken_fields += mark->fields;
	*row = (struct csv_row){ mark->line, mark->fields, c->view };
	return true;
}
