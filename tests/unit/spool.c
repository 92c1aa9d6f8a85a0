#include "spool.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "child.h"
#include "die.h"
#include "mem.h"
#include "tap.h"

enum { PIECE = 1 << 20 };

static uint8_t byte(uint64_t at)
{
	return (uint8_t)(at * 2654435761u >> 13);
}

/* Bytes in pieces of all lengths come back, in memory or from a file. */
static void fill(struct spool *s, uint64_t upto, uint8_t *piece)
{
	for (size_t n = 0; s->size < upto; n = (n * 7 + 1) % PIECE) {
		for (size_t i = 0; i < n; i++)
			piece[i] = byte(s->size + i);
		spool_add(s, piece, n);
	}
}

static int comes_back(const struct spool *s, uint8_t *piece)
{
	size_t wrong = 0;

	for (uint64_t at = 0; at < s->size; at += 99991) {
		size_t n = s->size - at < 5000 ? (size_t)(s->size - at) : 5000;

		spool_read(s, piece, at, n);
		for (size_t i = 0; i < n; i++)
			wrong += piece[i] != byte(at + i);
	}
	return wrong == 0;
}

static void no_folder(void *arg)
{
	struct spool s = { 0 };

	(void)arg;
	setenv("TMPDIR", "/no/such/folder", 1);
	fill(&s, SPOOL_MEMORY + 1, mem_new(PIECE, 1));
}

static void full_disk(void *arg)
{
	struct spool s = { 0 };

	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ SPOOL_MEMORY + 100, SPOOL_MEMORY + 100 });
	fill(&s, SPOOL_MEMORY + PIECE, mem_new(PIECE, 1));
}

int main(void)
{
	uint8_t *piece = mem_new(PIECE, 1);
	struct spool s = { 0 };

	die_name("spool");
	fill(&s, 3 << 20, piece);
	ok(!s.filed && comes_back(&s, piece), "few bytes stay in memory");
	fill(&s, 3 * (uint64_t)SPOOL_MEMORY, piece);
	ok(s.filed && !s.bytes && comes_back(&s, piece), "many are in a file");
	spool_free(&s);
	ok(s.size == 0 && !s.filed, "and gone");
	fill(&s, 100, piece);
	ok(!s.filed && comes_back(&s, piece), "it can be used again");
	spool_free(&s);
	ok(run(no_folder, NULL) == 1 &&
			strstr(said, "spool: temporary file in /no/such/folder (TMPDIR): "
				     "No such file or directory\n") == said,
		"a folder that is not there");
	unsetenv("TMPDIR");
	ok(run(full_disk, NULL) == 1 &&
			strstr(said, "spool: temporary file in /tmp: File too large\n") == said,
		"a disk that is full");
	free(piece);
	return done();
}
