#include "csv.h"

#include <csv.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "codec.h"
#include "digits.h"
#include "mem.h"
#include "sha256.h"

enum { BLOCK = 65536, SEPARATOR = 8, SLACK = 16, STAND_IN = 0x1F };
enum { READ = 262144, READS = 64 }; /* bytes that a thread reads at once, and how often */

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
	int fd;
	uint64_t bytes;
	uint32_t crc; /* of these bytes */
	bool sha256;
	struct sha256 digest;
	bool begun, ended, finished; /* first block, last block, last row done */
	bool uncut, latin_1, seekable;
	bool line_begins; /* data[at] is the first byte of a line */

	bool gzip, member_open;
	z_stream z;

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
	uint8_t raw[BLOCK];
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
	c->latin_1 = format->latin_1;
	c->sha256 = format->sha256;
	sha256_start(&c->digest);
	c->uncut = format->piece == CSV_UNCUT;
	c->piece = format->piece && !c->uncut ? format->piece : CSV_PIECE;
	c->room = CSV_PIECES * c->piece;
	c->data = mem_grow(NULL, c->room + SLACK, 1);
	memset(c->data + c->room, 0, SLACK);
	c->line_begins = true;
	c->fd = fd;
	c->seekable = csv_size(c) > 0 && lseek(fd, 0, SEEK_CUR) >= 0;
	c->line = c->field_line = c->row_line = 1;
	return c;
}

void csv_close(struct csv *c)
{
	csv_free(&c->parser);
	if (c->gzip)
		inflateEnd(&c->z);
	close(c->fd);
	free(c->data);
	free(c->text);
	free(c->field);
	free(c->row);
	free(c->view);
	free(c);
}

uint64_t csv_size(const struct csv *c)
{
	struct stat s;

	return fstat(c->fd, &s) == 0 && S_ISREG(s.st_mode) ? (uint64_t)s.st_size : 0;
}

uint32_t csv_crc(const struct csv *c)
{
	return c->crc;
}

bool csv_sha256(const struct csv *c, uint8_t digest[SHA256_BYTES])
{
	struct sha256 whole = c->digest;

	if (c->sha256)
		sha256_end(&whole, digest);
	return c->sha256;
}

uint64_t csv_bytes(const struct csv *c)
{
	return c->bytes;
}

const char *csv_fault(const struct csv *c, uint64_t *line)
{
	*line = c->fault_line;
	return c->fault[0] ? c->fault : NULL;
}

/* ---- bytes ---- */

/* What read or, from offset at >= 0 on, pread give; less than room bytes at the end of the input or
 * when there is an error. */
static size_t read_fully(int fd, uint8_t *to, size_t room, off_t at, int *error)
{
	size_t n = 0;

	while (n < room) {
		ssize_t got = at < 0 ? read(fd, to + n, room - n)
				     : pread(fd, to + n, room - n, at + (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		*error = got < 0 ? errno : 0;
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	return n;
}

/* A large part of a regular file, read by all threads; c->seekable says that it can be. */
static size_t read_file(struct csv *c, uint8_t *to, size_t room, int *error)
{
	size_t parts = (room + READ - 1) / READ, n = 0, got[READS];
	off_t at = lseek(c->fd, 0, SEEK_CUR);
	uint32_t crc[READS];
	int errors[READS];

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < parts; i++) {
		size_t want = i + 1 < parts ? READ : room - i * READ;

		got[i] = read_fully(c->fd, to + i * READ, want, at + (off_t)(i * READ), errors + i);
		crc[i] = codec_crc(0, to + i * READ, got[i]);
	}
	for (size_t i = 0; i < parts && n == i * READ; i++) {
		n += got[i];
		c->crc = codec_crc_join(c->crc, crc[i], got[i]);
		*error = errors[i];
	}
	lseek(c->fd, at + (off_t)n, SEEK_SET);
	return n;
}

/* Fills room bytes unless the input ends before. */
static size_t read_block(struct csv *c, uint8_t *to, size_t room)
{
	int error = 0;
	char why[128];
	size_t n;

	if (c->seekable && room > READ && room <= READ * (size_t)READS) {
		n = read_file(c, to, room, &error);
	} else {
		n = read_fully(c->fd, to, room, -1, &error);
		c->crc = codec_crc(c->crc, to, n);
	}
	if (error) {
		snprintf(why, sizeof why, "cannot be read: %s", strerror(error));
		fault(c, c->line, why);
	}
	c->bytes += n;
	if (c->sha256)
		sha256_add(&c->digest, to, n);
	return n;
}

/* gzread() takes a stream that lost its trailer, or has junk behind it, for whole; inflate() tells
 * when a member really ended. */
static size_t inflate_block(struct csv *c, uint8_t *to, size_t room)
{
	c->z.next_out = to;
	c->z.avail_out = (uInt)room;
	while (c->z.avail_out && !c->fault[0]) {
		int result;

		if (!c->z.avail_in) {
			c->z.next_in = c->raw;
			c->z.avail_in = (uInt)read_block(c, c->raw, BLOCK);
			if (!c->z.avail_in)
				break;
		}
		if (!c->member_open)
			inflateReset(&c->z);
		c->member_open = true;
		result = inflate(&c->z, Z_NO_FLUSH);
		if (result == Z_STREAM_END)
			c->member_open = false;
		else if (result != Z_OK && result != Z_BUF_ERROR)
			fault(c, c->line, "damaged gzip data, or something else after it");
	}
	if (c->z.avail_out && c->member_open)
		fault(c, c->line, "gzip data ends early; the file was cut");
	return room - c->z.avail_out;
}

static void *inflate_new(void *opaque, uInt n, uInt size)
{
	(void)opaque;
	return mem_new(n, size);
}

static void inflate_free(void *opaque, void *block)
{
	(void)opaque;
	free(block);
}

/* Bytes as they are, until room is full or the input ends; what first_text looked at comes first.
 */
static size_t more_bytes(struct csv *c, uint8_t *to, size_t room)
{
	size_t n = c->z.avail_in < room ? c->z.avail_in : room;

	if (c->gzip)
		return inflate_block(c, to, room);
	memcpy(to, c->z.next_in, n);
	c->z.next_in += n;
	c->z.avail_in -= (uInt)n;
	return n < room ? n + read_block(c, to + n, room - n) : n;
}

/* The same as UTF-8. Bytes of ISO-8859-1 are read to the end of the room, since they may double. */
static size_t more_text(struct csv *c, uint8_t *to, size_t room)
{
	size_t take = c->latin_1 ? room / 2 : room, n = more_bytes(c, to + room - take, take);
	const uint8_t *from = to + room - take;
	size_t out = 0;

	c->ended = n < take;
	for (size_t i = 0; c->latin_1 && i < n; i++) {
		uint8_t byte = from[i];

		if (byte >= 0x80)
			to[out++] = 0xC0 | byte >> 6;
		to[out++] = byte < 0x80 ? byte : 0x80 | (byte & 0x3F);
	}
	return c->latin_1 ? out : n;
}

/* The first text: gzip or not, byte order marks. */
static size_t first_text(struct csv *c)
{
	size_t n = read_block(c, c->raw, BLOCK);

	c->begun = true;
	c->z.zalloc = inflate_new;
	c->z.zfree = inflate_free;
	c->z.next_in = c->raw;
	c->z.avail_in = (uInt)n;
	if (n >= 2 && c->raw[0] == 0x1F && c->raw[1] == 0x8B) {
		c->gzip = inflateInit2(&c->z, 15 + 16) == Z_OK;
		if (!c->gzip)
			fault(c, 1, "zlib would not start");
	}
	n = c->fault[0] ? 0 : more_text(c, c->data, c->room);
	if (n >= 2 && ((c->data[0] == 0xFF && c->data[1] == 0xFE) ||
			      (c->data[0] == 0xFE && c->data[1] == 0xFF)))
		fault(c, 1, "looks like UTF-16; expected UTF-8 (try iconv -f UTF-16 -t UTF-8)");
	if (n >= 3 && memcmp(c->data, "\xEF\xBB\xBF", 3) == 0)
		memmove(c->data, c->data + 3, n -= 3);
	return n;
}

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
		} else if (c->ended) {
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

	if (c->ended || n >= c->room)
		return false;
	memmove(c->data, c->data + c->at, left);
	memcpy(c->data + left, c->cut, c->held);
	c->held = 0;
	c->base += c->at;
	c->at = 0;
	n += c->begun ? more_text(c, c->data + n, c->room - n) : first_text(c);
	c->have = c->separator[0] ? map_separators(c, left, n) : n;
	return c->have > left || !c->ended;
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
	while (end > from && c->data[end - 1] != '\n' && !c->ended)
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

/* ---- numbers ---- */

struct decimal {
	uint64_t digits; /* value = digits x 10^exponent, if exact */
	long exponent;
	bool negative, exact;
};

/* [+-]? (digits [. digits*] | . digits) ([eE] [+-]? digits)?, the whole text. */
static bool read_decimal(struct decimal *d, const char *text, size_t n)
{
	const char *s = text, *end = text + n;
	size_t seen = 0, kept = 0;
	bool point = false;

	*d = (struct decimal){ .exact = true };
	d->negative = s < end && *s == '-';
	s += s < end && (*s == '-' || *s == '+');
	for (; s < end && ((*s >= '0' && *s <= '9') || (*s == '.' && !point)); s++) {
		if (*s == '.') {
			point = true;
			continue;
		}
		seen++;
		d->exponent -= point;
		d->exact = kept < 19;
		kept += kept || *s != '0';
		if (d->exact)
			d->digits = 10 * d->digits + (uint64_t)(*s - '0');
	}
	if (s < end && seen && (*s == 'e' || *s == 'E')) {
		long sign = s + 1 < end && s[1] == '-' ? -1 : 1, power = 0;

		s += 1 + (s + 1 < end && (s[1] == '-' || s[1] == '+'));
		if (s == end)
			return false;
		for (; s < end && *s >= '0' && *s <= '9'; s++)
			power = power < 100000 ? 10 * power + (*s - '0') : power;
		d->exponent += sign * power;
	}
	return seen && s == end;
}

/* The decimal point of strtod() is '.', because no program of ours calls setlocale(). */
static bool real_value(double *x, const char *text, size_t n)
{
	static const double power[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
		1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	struct decimal d;

	if (!read_decimal(&d, text, n))
		return false;
	/* Both numbers are exact doubles, so one division or product rounds once. */
	if (d.exact && d.digits >> 53 == 0 && d.exponent >= -22 && d.exponent <= 22) {
		*x = d.exponent < 0 ? (double)d.digits / power[-d.exponent]
				    : (double)d.digits * power[d.exponent];
		*x = d.negative ? -*x : *x;
	} else {
		*x = strtod(text, NULL);
	}
	return true;
}

const char *csv_real(double *x, const char *text, size_t n)
{
	if (!real_value(x, text, n))
		return "expected a decimal number";
	return isfinite(*x) ? NULL : "expected a number of at most 1.7e308";
}

const char *csv_float(float *x, const char *text, size_t n)
{
	const char *why;
	char few[16] = "";
	double wide;
	uint64_t bits;

	if (n < sizeof few && digits_float(x, memcpy(few, text, n), n))
		return NULL;
	why = csv_real(&wide, text, n);
	if (why)
		return why;
	memcpy(&bits, &wide, sizeof bits);
	/* A double that lies half-way between two floats may be there by rounding: do not round
	 * twice. Below FLT_MIN half-way is elsewhere. */
	if ((bits & 0x1FFFFFFF) == 0x10000000 || (wide != 0 && fabs(wide) < (double)FLT_MIN))
		*x = strtof(text, NULL);
	else
		*x = (float)wide;
	return isfinite(*x) ? NULL : "expected a number of at most 3.4e38";
}

const char *csv_integer(int64_t *x, const char *text, size_t n)
{
	bool negative = n && *text == '-';
	size_t i = negative || (n && *text == '+');
	int64_t value = 0;

	if (i == n)
		return "expected an integer";
	for (; i < n; i++) {
		int digit = text[i] - '0';

		if (digit < 0 || digit > 9)
			return "expected an integer";
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, negative ? -digit : digit, &value))
			return "expected an integer of 64 bits";
	}
	*x = value;
	return NULL;
}

/* Reads as many digits as the picture has; other bytes of it must be there as they are, but ' '
 * stands for ' ' or 'T'. */
static const char *read_picture(const char *text, const char *picture, int64_t *number)
{
	for (; *picture; picture++, text++) {
		if (*picture >= '0' && *picture <= '9') {
			if (*text < '0' || *text > '9')
				return NULL;
			number[*picture - '0'] = 10 * number[*picture - '0'] + (*text - '0');
		} else if (*text != *picture && !(*picture == ' ' && *text == 'T')) {
			return NULL;
		}
	}
	return text;
}

/* Days since 1970-01-01 of the Gregorian calendar, counting years from March (Hinnant 2013,
 * "chrono-Compatible Low-Level Date Algorithms"). */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	int64_t y = year - (month <= 2), of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;

	return 365 * y + y / 4 - y / 100 + y / 400 + of_year - 719468;
}

const char *csv_time(int64_t *x, const char *text, size_t n)
{
	static const int8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t t[6] = { 0 };
	const char *rest = read_picture(text, "0000-11-22", t), *more;
	bool leap = (t[0] % 4 == 0 && t[0] % 100 != 0) || t[0] % 400 == 0;

	if (csv_integer(x, text, n) == NULL)
		return NULL;
	if (rest && *rest) {
		rest = read_picture(rest, " 33:44", t);
		if (rest && (more = read_picture(rest, ":55", t)))
			rest = more;
		if (rest && *rest == 'Z')
			rest++;
	}
	if (!rest || rest != text + n || t[0] < 1 || t[1] < 1 || t[1] > 12 || t[2] < 1 ||
		t[2] > days[t[1] - 1] + (t[1] == 2 && leap) || t[3] > 23 || t[4] > 59 || t[5] > 59)
		return "expected an integer or a date YYYY-MM-DD[ HH:MM[:SS]]";
	*x = 86400 * days_of(t[0], t[1], t[2]) + 3600 * t[3] + 60 * t[4] + t[5];
	return NULL;
}

int64_t csv_month(int64_t day)
{
	int64_t of_era = ((day + 719468) % 146097 + 146097) % 146097; /* from a 1st of March */
	int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t month = (5 * (of_era - (365 * year + year / 4 - year / 100)) + 2) / 153;

	return month < 10 ? month + 3 : month - 9;
}
