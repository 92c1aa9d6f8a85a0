#include "source.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "codec.h"
#include "mem.h"
#include "sha256.h"

enum { BLOCK = 65536 };
enum { READ = 262144, READS = 64 }; /* bytes that a thread reads at once, and how often */

struct source {
	int fd;
	uint64_t bytes;
	uint32_t crc; /* of these bytes */
	bool sha256;
	struct sha256 digest;
	bool begun, ended; /* first block, last block */
	bool latin_1, seekable;
	bool gzip, member_open;
	z_stream z;
	char fault[160];
	uint8_t raw[BLOCK];
};

static void fault(struct source *s, const char *why)
{
	if (!s->fault[0])
		snprintf(s->fault, sizeof s->fault, "%s", why);
}

struct source *source_open(int fd, bool latin_1, bool sha256)
{
	struct source *s = mem_new(1, sizeof *s);

	s->latin_1 = latin_1;
	s->sha256 = sha256;
	sha256_start(&s->digest);
	s->fd = fd;
	s->seekable = source_size(s) > 0 && lseek(fd, 0, SEEK_CUR) >= 0;
	return s;
}

void source_close(struct source *s)
{
	if (s->gzip)
		inflateEnd(&s->z);
	close(s->fd);
	free(s);
}

bool source_ended(const struct source *s)
{
	return s->ended;
}

const char *source_fault(const struct source *s)
{
	return s->fault[0] ? s->fault : NULL;
}

uint64_t source_size(const struct source *s)
{
	struct stat status;

	return fstat(s->fd, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

uint32_t source_crc(const struct source *s)
{
	return s->crc;
}

bool source_sha256(const struct source *s, uint8_t digest[SHA256_BYTES])
{
	struct sha256 whole = s->digest;

	if (s->sha256)
		sha256_end(&whole, digest);
	return s->sha256;
}

uint64_t source_bytes(const struct source *s)
{
	return s->bytes;
}

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

/* A large part of a regular file, read by all threads; s->seekable says that it can be. */
static size_t read_file(struct source *s, uint8_t *to, size_t room, int *error)
{
	size_t parts = (room + READ - 1) / READ, n = 0, got[READS];
	off_t at = lseek(s->fd, 0, SEEK_CUR);
	uint32_t crc[READS];
	int errors[READS];

#pragma omp parallel for schedule(dynamic, 1)
	for (size_t i = 0; i < parts; i++) {
		size_t want = i + 1 < parts ? READ : room - i * READ;

		got[i] = read_fully(s->fd, to + i * READ, want, at + (off_t)(i * READ), errors + i);
		crc[i] = codec_crc(0, to + i * READ, got[i]);
	}
	for (size_t i = 0; i < parts && n == i * READ; i++) {
		n += got[i];
		s->crc = codec_crc_join(s->crc, crc[i], got[i]);
		*error = errors[i];
	}
	lseek(s->fd, at + (off_t)n, SEEK_SET);
	return n;
}

/* Fills room bytes unless the input ends before. */
static size_t read_block(struct source *s, uint8_t *to, size_t room)
{
	int error = 0;
	char why[128];
	size_t n;

	if (s->seekable && room > READ && room <= READ * (size_t)READS) {
		n = read_file(s, to, room, &error);
	} else {
		n = read_fully(s->fd, to, room, -1, &error);
		s->crc = codec_crc(s->crc, to, n);
	}
	if (error) {
		snprintf(why, sizeof why, "cannot be read: %s", strerror(error));
		fault(s, why);
	}
	s->bytes += n;
	if (s->sha256)
		sha256_add(&s->digest, to, n);
	return n;
}

/* gzread() takes a stream that lost its trailer, or has junk behind it, for whole; inflate() tells
 * when a member really ended. */
static size_t inflate_block(struct source *s, uint8_t *to, size_t room)
{
	s->z.next_out = to;
	s->z.avail_out = (uInt)room;
	while (s->z.avail_out && !s->fault[0]) {
		int result;

		if (!s->z.avail_in) {
			s->z.next_in = s->raw;
			s->z.avail_in = (uInt)read_block(s, s->raw, BLOCK);
			if (!s->z.avail_in)
				break;
		}
		if (!s->member_open)
			inflateReset(&s->z);
		s->member_open = true;
		result = inflate(&s->z, Z_NO_FLUSH);
		if (result == Z_STREAM_END)
			s->member_open = false;
		else if (result != Z_OK && result != Z_BUF_ERROR)
			fault(s, "damaged gzip data, or something else after it");
	}
	if (s->z.avail_out && s->member_open)
		fault(s, "gzip data ends early; the file was cut");
	return room - s->z.avail_out;
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

/* Bytes as they are, until room is full or the input ends; what `begin` looked at comes first. */
static size_t more_bytes(struct source *s, uint8_t *to, size_t room)
{
	size_t n = s->z.avail_in < room ? s->z.avail_in : room;

	if (s->gzip)
		return inflate_block(s, to, room);
	memcpy(to, s->z.next_in, n);
	s->z.next_in += n;
	s->z.avail_in -= (uInt)n;
	return n < room ? n + read_block(s, to + n, room - n) : n;
}

/* The same as UTF-8. Bytes of ISO-8859-1 are read to the end of the room, since they may double. */
static size_t more_text(struct source *s, uint8_t *to, size_t room)
{
	size_t take = s->latin_1 ? room / 2 : room, n = more_bytes(s, to + room - take, take);
	const uint8_t *from = to + room - take;
	size_t out = 0;

	s->ended = n < take;
	for (size_t i = 0; s->latin_1 && i < n; i++) {
		uint8_t byte = from[i];

		if (byte >= 0x80)
			to[out++] = 0xC0 | byte >> 6;
		to[out++] = byte < 0x80 ? byte : 0x80 | (byte & 0x3F);
	}
	return s->latin_1 ? out : n;
}

/* The first block tells whether it is gzip. */
static void begin(struct source *s)
{
	size_t n = read_block(s, s->raw, BLOCK);

	s->begun = true;
	s->z.zalloc = inflate_new;
	s->z.zfree = inflate_free;
	s->z.next_in = s->raw;
	s->z.avail_in = (uInt)n;
	if (n >= 2 && s->raw[0] == 0x1F && s->raw[1] == 0x8B) {
		s->gzip = inflateInit2(&s->z, 15 + 16) == Z_OK;
		if (!s->gzip)
			fault(s, "zlib would not start");
	}
}

/* The first text without its byte order mark; returns what is left of n bytes. */
static size_t take_mark(struct source *s, uint8_t *text, size_t n)
{
	if (n >= 2 && ((text[0] == 0xFF && text[1] == 0xFE) ||
			      (text[0] == 0xFE && text[1] == 0xFF)))
		fault(s, "looks like UTF-16; expected UTF-8 (try iconv -f UTF-16 -t UTF-8)");
	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		memmove(text, text + 3, n -= 3);
	return n;
}

size_t source_read(struct source *s, uint8_t *to, size_t room)
{
	bool first = !s->begun;
	size_t n;

	if (first)
		begin(s);
	n = s->fault[0] ? 0 : more_text(s, to, room);
	return first ? take_mark(s, to, n) : n;
}
