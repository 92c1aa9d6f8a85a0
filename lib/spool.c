#include "spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"

static const char *folder(void)
{
	const char *name = getenv("TMPDIR");

	return name && *name ? name : "/tmp";
}

static void write_file(struct spool *s, const void *bytes, size_t n)
{
	const uint8_t *at = bytes;

	while (n) {
		ssize_t wrote = write(s->fd, at, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			die("temporary file in %s:", folder());
		at += wrote;
		n -= (size_t)wrote;
	}
}

static void to_file(struct spool *s)
{
	char *name = mem_new(strlen(folder()) + 16, 1);

	sprintf(name, "%s/rs-XXXXXX", folder());
	s->fd = mkstemp(name);
	if (s->fd < 0 || unlink(name) < 0 || fcntl(s->fd, F_SETFD, FD_CLOEXEC) < 0)
		die("temporary file in %s (TMPDIR):", folder());
	free(name);
	s->filed = true;
	write_file(s, s->bytes, (size_t)s->size);
	free(s->bytes);
	s->bytes = NULL;
}

uint64_t spool_add(struct spool *s, const void *bytes, size_t n)
{
	uint64_t at = s->size;

	if (!s->filed && s->size + n > SPOOL_MEMORY)
		to_file(s);
	if (s->filed) {
		write_file(s, bytes, n);
	} else if (n) {
		if (s->size + n > s->room) {
			s->room = 2 * s->room > s->size + n ? 2 * s->room : (size_t)s->size + n;
			s->bytes = mem_grow(s->bytes, s->room, 1);
		}
		memcpy(s->bytes + s->size, bytes, n);
	}
	s->size += n;
	return at;
}

void spool_read(const struct spool *s, void *to, uint64_t at, size_t n)
{
	uint8_t *next = to;

	assert(at <= s->size && n <= s->size - at);
	if (!s->filed && n)
		memcpy(to, s->bytes + at, n);
	while (s->filed && n) {
		ssize_t got = pread(s->fd, next, n, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			die("temporary file in %s:", folder());
		if (got == 0)
			die("temporary file in %s: has become shorter", folder());
		next += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
}

void spool_free(struct spool *s)
{
	if (s->filed)
		close(s->fd);
	free(s->bytes);
	memset(s, 0, sizeof *s);
}
