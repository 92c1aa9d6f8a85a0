#include "frame.h"

#include <stdio.h>
#include <string.h>

#include "codec.h"

enum {
	SIGNATURE = 16, /* constant bytes of a member */
	HEADER_AT = 29, /* of the frame's header in a member */
	TRAILER = 8,
	NAME_AT = 48, /* after dims */
	SMALLEST = 56,
	LAST = 1,
};
#define MAX_DIM ((uint64_t)1 << 40)
#define MAX_ROWS ((uint64_t)1 << 48)

static const uint8_t signature[SIGNATURE] = { 0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 12, 0, 'R',
	'S', 8, 0 };
static const uint8_t magic[4] = { 0x8A, 'R', 'S', 'F' };

static uint64_t get(const uint8_t *p, unsigned n)
{
	uint64_t x = 0;

	for (unsigned i = 0; i < n; i++)
		x |= (uint64_t)p[i] << 8 * i;
	return x;
}

static void put(uint8_t *p, uint64_t x, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(x >> 8 * i);
}

#define FAULT(...) (snprintf(why, FRAME_WHY, __VA_ARGS__), why)

/* ---- reading ---- */

static const char *foreign(const uint8_t *p, size_t n, char *why)
{
	if (n >= 2 && p[0] == 0x1F && p[1] == 0x8B)
		return FAULT("not a stream (gzip with foreign header); try: zcat FILE | ...");
	if (n >= 4)
		return FAULT(
			"not a stream (starts with %02x %02x %02x %02x)", p[0], p[1], p[2], p[3]);
	return FAULT("not a stream (starts with %02x)", p[0]);
}

bool frame_is_integer(const struct frame *f)
{
	return f->dtype == U16 || f->dtype == U32 || f->dtype == U64 || f->dtype == I16 ||
	       f->dtype == I32 || f->dtype == I64;
}

bool frame_readable(const struct frame *f)
{
	if (dtype_name(f->dtype)[0] == '?' || f->filter > CODEC_DELTA)
		return false;
	if (f->filter == CODEC_DELTA)
		return frame_is_integer(f);
	return f->filter == CODEC_NONE || dtype_size(f->dtype) > 1;
}

static const char *check_shape(const struct frame *f, char *why)
{
	uint64_t rows = f->rows_total, bytes, row = dtype_size(f->dtype), end;

	for (unsigned i = 1; i < f->ndim; i++) {
		if (f->shape[i] < 1 || f->shape[i] > MAX_DIM)
			return FAULT("an axis of %llu; expected 1 to 2^40",
				(unsigned long long)f->shape[i]);
		if (__builtin_mul_overflow(row, f->shape[i], &row))
			return FAULT("shape is too large; at most 2^63 bytes");
	}
	if (__builtin_add_overflow(f->row_start, f->row_count, &end) || end > MAX_ROWS ||
		(rows != FRAME_UNKNOWN && rows > MAX_ROWS))
		return FAULT("more than 2^48 rows");
	if (rows == FRAME_UNKNOWN)
		rows = end;
	if (__builtin_mul_overflow(row, rows, &bytes) || bytes >> 63)
		return FAULT("shape is too large; at most 2^63 bytes");
	if (end > rows)
		return FAULT("rows end at %llu, past the total of %llu", (unsigned long long)end,
			(unsigned long long)rows);
	if (f->last && f->rows_total != end)
		return FAULT(
			"the last rows end at %llu; expected the total", (unsigned long long)end);
	if (f->ndim == 0 && !(f->row_start == 0 && f->row_count == 1 && f->last))
		return FAULT("a scalar in parts; expected one row");
	if (__builtin_mul_overflow(row, f->row_count, &bytes) || bytes != f->raw_len)
		return FAULT("%llu rows of %llu bytes do not make %lu bytes",
			(unsigned long long)f->row_count, (unsigned long long)row,
			(unsigned long)f->raw_len);
	return NULL;
}

static const char *check_tensor(struct frame *f, const uint8_t *h, char *why)
{
	size_t at = NAME_AT, length;
	const char *fault;

	f->dtype = h[20];
	f->filter = h[21];
	f->ndim = h[22];
	f->last = h[23] & LAST;
	f->row_start = get(h + 24, 8);
	f->row_count = get(h + 32, 8);
	f->rows_total = get(h + 40, 8);
	if (h[23] & ~LAST)
		return FAULT("flags %02x; this version knows 01", h[23]);
	if (f->ndim > TENSOR_DIMS)
		return FAULT("%u axes; at most %d", f->ndim, TENSOR_DIMS);
	f->shape[0] = f->rows_total;
	for (unsigned i = 1; i < f->ndim; i++, at += 8) {
		if (at + 8 > f->header_len - 4)
			return FAULT(
				"header of %lu bytes is too short", (unsigned long)f->header_len);
		f->shape[i] = get(h + at, 8);
	}
	length = at < f->header_len - 4 ? h[at] : 0;
	if (length < 1 || length > TENSOR_NAME || at + 1 + length > f->header_len - 4)
		return FAULT("name of %zu bytes; expected 1 to %d within the header", length,
			TENSOR_NAME);
	memcpy(f->name, h + at + 1, length);
	f->name[length] = 0;
	fault = strlen(f->name) < length ? "a name has no NUL" : tensor_name_fault(f->name);
	if (fault) {
		f->name[0] = 0;
		return FAULT("not a name; %s", fault);
	}
	if (f->filter <= CODEC_DELTA && f->raw_len != f->body_len)
		return FAULT("body of %lu bytes for %lu raw ones; expected the same",
			(unsigned long)f->body_len, (unsigned long)f->raw_len);
	return check_shape(f, why);
}

static const char *check_other(const struct frame *f, const uint8_t *h, char *why)
{
	for (int i = 20; i <= NAME_AT; i++)
		if (h[i])
			return FAULT("byte %d of the header is %02x; expected 00", i, h[i]);
	if (f->raw_len != f->body_len)
		return FAULT("body of %lu bytes for %lu raw ones; expected the same",
			(unsigned long)f->body_len, (unsigned long)f->raw_len);
	return NULL;
}

/* The plain header at h, n bytes of it here. Before all of it is, *need says how many it takes. */
static const char *parse_header(
	struct frame *f, const uint8_t *h, size_t n, size_t *need, char *why)
{
	uint32_t crc;

	*need = 8;
	if (n < 8)
		return NULL;
	if (memcmp(h, magic, sizeof magic) != 0)
		return FAULT("frame starts with %02x %02x %02x %02x; expected 8a 52 53 46", h[0],
			h[1], h[2], h[3]);
	if (h[4] != 1)
		return FAULT("version %u stream; this is rs-tools %s, which reads version 1", h[4],
			VERSION);
	f->kind = (char)h[5];
	f->header_len = (uint32_t)get(h + 6, 2);
	if (f->header_len < SMALLEST || f->header_len > FRAME_HEADER || f->header_len % 8)
		return FAULT("header of %lu bytes; expected 56 to 4096 by 8",
			(unsigned long)f->header_len);
	*need = f->header_len;
	if (n < f->header_len)
		return NULL;
	f->header_crc = (uint32_t)get(h + f->header_len - 4, 4);
	crc = codec_crc(0, h, f->header_len - 4);
	if (crc != f->header_crc)
		return FAULT("header CRC %08lx, computed %08lx", (unsigned long)f->header_crc,
			(unsigned long)crc);
	f->body_len = (uint32_t)get(h + 8, 4);
	f->raw_len = (uint32_t)get(h + 12, 4);
	f->raw_crc = (uint32_t)get(h + 16, 4);
	if (f->body_len > FRAME_BODY || f->raw_len > FRAME_BODY)
		return FAULT("%s of %lu bytes; at most %zu",
			f->body_len > FRAME_BODY ? "body" : "rows",
			(unsigned long)(f->body_len > FRAME_BODY ? f->body_len : f->raw_len),
			FRAME_BODY);
	if (f->kind == 'T')
		return check_tensor(f, h, why);
	if ((f->kind < 'a' || f->kind > 'z') && f->kind != 'P' && f->kind != 'E')
		return FAULT("kind %02x of frame; this version knows T, P and E", (uint8_t)f->kind);
	return check_other(f, h, why);
}

static const char *parse_member(
	struct frame *f, const uint8_t *p, size_t n, size_t *need, char *why)
{
	const char *fault;
	uint64_t member, plain, most;

	*need = HEADER_AT;
	if (n < HEADER_AT)
		return NULL;
	fault = parse_header(f, p + HEADER_AT, n - HEADER_AT, need, why);
	*need += HEADER_AT;
	if (fault || *need > n)
		return fault;
	if (p[24] != 0 || get(p + 25, 2) != f->header_len ||
		get(p + 27, 2) != (~f->header_len & 0xFFFF))
		return FAULT("the header's deflate block has other lengths than the header");
	member = get(p + 16, 4);
	plain = get(p + 20, 4);
	if (plain != (uint64_t)f->header_len + f->body_len)
		return FAULT("plain length %llu; expected %llu", (unsigned long long)plain,
			(unsigned long long)f->header_len + f->body_len);
	most = f->body_len + 5 * (((uint64_t)f->body_len + 65534) / 65535) + f->header_len + 256;
	if (member > most || member < HEADER_AT + f->header_len + 2 + TRAILER)
		return FAULT("member of %llu bytes; at most %llu", (unsigned long long)member,
			(unsigned long long)most);
	f->member = true;
	*need = f->stored = (size_t)member;
	return NULL;
}

const char *frame_parse(struct frame *f, const uint8_t *bytes, size_t n, size_t *need, char *why)
{
	const char *fault;

	memset(f, 0, sizeof *f);
	f->bytes = bytes;
	*need = n + 1;
	if (n == 0)
		return NULL;
	if (bytes[0] != magic[0]) {
		if (memcmp(bytes, signature, n < SIGNATURE ? n : SIGNATURE) != 0)
			return foreign(bytes, n, why);
		return parse_member(f, bytes, n, need, why);
	}
	if (memcmp(bytes, magic, n < sizeof magic ? n : sizeof magic) != 0)
		return foreign(bytes, n, why);
	fault = parse_header(f, bytes, n, need, why);
	if (fault || *need > n)
		return fault;
	*need = f->stored = (size_t)f->header_len + f->body_len;
	return NULL;
}

const char *frame_unpack(
	const struct frame *f, struct codec *codec, uint8_t *raw, uint8_t *scratch, char *why)
{
	const uint8_t *header = f->bytes + (f->member ? HEADER_AT : 0),
		      *body = header + f->header_len;
	const uint8_t *trailer = f->bytes + f->stored - TRAILER;
	uint8_t *plain = f->filter ? scratch : raw;
	const char *fault;
	uint32_t crc;

	if (f->member) {
		fault = codec_inflate(codec, plain, f->body_len, body, (size_t)(trailer - body));
		if (fault)
			return fault;
		if (get(trailer + 4, 4) != (uint64_t)f->header_len + f->body_len)
			return FAULT("the member's end says another length than its start");
		body = plain;
	} else if (!f->filter && f->body_len) {
		memcpy(raw, body, f->body_len);
	}
	if (f->filter)
		codec_unfilter(raw, body, f->raw_len, f->filter, dtype_size(f->dtype));
	crc = codec_crc(0, raw, f->raw_len);
	if (crc != f->raw_crc)
		return FAULT("data CRC %08lx, computed %08lx", (unsigned long)f->raw_crc,
			(unsigned long)crc);
	if (!f->member)
		return NULL;
	if (f->filter)
		crc = codec_crc(0, plain, f->body_len);
	crc = codec_crc_join(codec_crc(0, header, f->header_len), crc, f->body_len);
	if (crc != get(trailer, 4))
		return FAULT("gzip CRC %08llx, computed %08lx", (unsigned long long)get(trailer, 4),
			(unsigned long)crc);
	return NULL;
}

/* ---- writing ---- */

static uint32_t header_size(const struct frame *f)
{
	size_t n = NAME_AT + 8 * (f->ndim > 1 ? f->ndim - 1 : 0) + 1 + strlen(f->name);

	return (uint32_t)((n + 4 + 7) / 8 * 8);
}

static void write_header(struct frame *f, uint8_t *h)
{
	size_t at = NAME_AT;

	memset(h, 0, f->header_len);
	memcpy(h, magic, sizeof magic);
	h[4] = 1;
	h[5] = (uint8_t)f->kind;
	put(h + 6, f->header_len, 2);
	put(h + 8, f->body_len, 4);
	put(h + 12, f->raw_len, 4);
	put(h + 16, f->raw_crc, 4);
	if (f->kind == 'T') {
		h[20] = f->dtype;
		h[21] = f->filter;
		h[22] = f->ndim;
		h[23] = f->last ? LAST : 0;
		put(h + 24, f->row_start, 8);
		put(h + 32, f->row_count, 8);
		put(h + 40, f->rows_total, 8);
		for (unsigned i = 1; i < f->ndim; i++, at += 8)
			put(h + at, f->shape[i], 8);
		h[at] = (uint8_t)strlen(f->name);
		memcpy(h + at + 1, f->name, strlen(f->name));
	}
	f->header_crc = codec_crc(0, h, f->header_len - 4);
	put(h + f->header_len - 4, f->header_crc, 4);
}

size_t frame_room(const struct frame *f)
{
	return HEADER_AT + FRAME_HEADER + codec_bound(f->raw_len) + TRAILER;
}

size_t frame_scratch(const struct frame *f, int level)
{
	return f->raw_len + (level == 9 ? codec_bound(f->raw_len) : 0) + 1;
}

/* Level 9: the smallest of both zlib strategies, each with and without the filter. */
static size_t smallest(struct frame *f, uint8_t *body, const uint8_t *raw, struct codec *codec,
	uint8_t *scratch, size_t planes)
{
	uint8_t *other = scratch + f->raw_len;
	size_t best = codec_deflate(codec, body, f->filter ? scratch : raw, f->raw_len, planes, 6),
	       n;
	static const int strategy[] = { 9, 6, 9 };
	unsigned filter = f->filter;

	for (unsigned i = 0; i < (filter ? 3 : 1); i++) {
		n = codec_deflate(
			codec, other, i || !filter ? raw : scratch, f->raw_len, 1, strategy[i]);
		if (n >= best)
			continue;
		best = n;
		f->filter = i ? CODEC_NONE : (uint8_t)filter;
		memcpy(body, other, n);
	}
	return best;
}

/* The gzip member round a header and n bytes of deflate data that lie in their places. */
static void wrap(struct frame *f, uint8_t *out, size_t n, uint32_t crc)
{
	uint8_t *trailer = out + HEADER_AT + f->header_len + n;

	f->bytes = out;
	f->member = true;
	f->stored = (size_t)(trailer + TRAILER - out);
	memcpy(out, signature, SIGNATURE);
	put(out + 16, f->stored, 4);
	put(out + 20, f->header_len + f->body_len, 4);
	out[24] = 0;
	put(out + 25, f->header_len, 2);
	put(out + 27, ~f->header_len & 0xFFFF, 2);
	put(trailer, crc, 4);
	put(trailer + 4, f->header_len + f->body_len, 4);
}

void frame_pack(struct frame *f, uint8_t *out, const void *raw, struct codec *codec,
	uint8_t *scratch, int level)
{
	uint8_t *header = out + HEADER_AT, *body;
	size_t n, width = dtype_size(f->dtype);
	uint32_t crc;

	if (level == 0)
		f->filter = CODEC_NONE;
	f->header_len = header_size(f);
	f->body_len = f->raw_len;
	f->raw_crc = codec_crc(0, raw, f->raw_len);
	body = header + f->header_len;
	if (f->filter)
		codec_filter(scratch, raw, f->raw_len, f->filter, width);
	if (level == 9)
		n = smallest(f, body, raw, codec, scratch, f->filter ? width : 1);
	else
		n = codec_deflate(codec, body, f->filter ? scratch : raw, f->raw_len,
			f->filter ? width : 1, level);
	write_header(f, header);
	crc = f->filter ? codec_crc(0, scratch, f->body_len) : f->raw_crc;
	crc = codec_crc_join(codec_crc(0, header, f->header_len), crc, f->body_len);
	wrap(f, out, n, crc);
}

size_t frame_rename_room(const struct frame *f)
{
	return f->stored + FRAME_HEADER;
}

void frame_rename(struct frame *to, uint8_t *out, const struct frame *f, const char *name)
{
	const uint8_t *header = f->bytes + (f->member ? HEADER_AT : 0),
		      *body = header + f->header_len;
	size_t at = NAME_AT + 8 * (f->ndim > 1 ? f->ndim - 1 : 0), length = strlen(name);
	size_t rest = at + 1 + header[at], after = f->header_len - 4 - rest;
	size_t n = (size_t)(f->bytes + f->stored - body) - (f->member ? TRAILER : 0);
	uint8_t *h = out + (f->member ? HEADER_AT : 0);
	uint32_t crc;

	*to = *f;
	to->bytes = out;
	snprintf(to->name, sizeof to->name, "%s", name);
	to->header_len = (uint32_t)((at + 1 + length + after + 4 + 7) / 8 * 8);
	memset(h, 0, to->header_len);
	memcpy(h, header, at);
	put(h + 6, to->header_len, 2);
	h[at] = (uint8_t)length;
	memcpy(h + at + 1, name, length);
	memcpy(h + at + 1 + length, header + rest, after); /* fields of a later revision */
	to->header_crc = codec_crc(0, h, to->header_len - 4);
	put(h + to->header_len - 4, to->header_crc, 4);
	memcpy(h + to->header_len, body, n);
	to->stored = to->header_len + n;
	if (!f->member)
		return;
	/* CRCs are linear: what the old header contributed comes off, the new one goes on */
	crc = (uint32_t)get(body + n, 4) ^
	      codec_crc_join(codec_crc(0, header, f->header_len), 0, f->body_len);
	wrap(to, out, n, codec_crc_join(codec_crc(0, h, to->header_len), crc, f->body_len));
}
