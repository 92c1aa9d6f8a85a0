#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "die.h"

enum { ALIGN = 64, LARGE = 1 << 22, HUGE_PAGE = 1 << 21 };

static size_t checked(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - ALIGN)
		die("memory: %zu x %zu bytes are more than can be asked for", n, size);
	return bytes;
}

/* Asks for huge pages: a block is touched in a tenth of the time. */
static void spread(void *block, size_t bytes)
{
#if defined(MADV_HUGEPAGE)
	uintptr_t from = ((uintptr_t)block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
	uintptr_t end = ((uintptr_t)block + bytes) & ~(uintptr_t)(HUGE_PAGE - 1);

	madvise((void *)from, end - from, MADV_HUGEPAGE); /* a wish; may fail */
#else
	(void)block;
	(void)bytes;
#endif
}

static void *aligned(size_t bytes, size_t to)
{
	void *block = aligned_alloc(to, (bytes / to + 1) * to);

	if (!block)
		die("memory: no room for %zu bytes", bytes);
	return block;
}

void *mem_new(size_t n, size_t size)
{
	size_t bytes = checked(n, size);

	void *block = aligned(bytes, ALIGN);

	if (bytes >= LARGE)
		spread(block, bytes);
	return memset(block, 0, bytes);
}

float *mem_rows(size_t n, size_t used, size_t ld)
{
	size_t bytes = checked(n, checked(ld, sizeof(float)));
	/* They are gone through by columns, too, from page to page: on huge ones, the last one too where
	 * it is filled by half. */
	size_t huge = (bytes + HUGE_PAGE / 2) / HUGE_PAGE * HUGE_PAGE;
	float *block = aligned(bytes, huge ? HUGE_PAGE : ALIGN);

	if (huge)
		spread(block, huge);
	for (size_t r = 0; r < n && used < ld; r++)
		memset(block + r * ld + used, 0, (ld - used) * sizeof *block);
	return block;
}

void *mem_grow(void *block, size_t n, size_t size)
{
	size_t bytes = checked(n, size);
	void *moved = realloc(block, bytes ? bytes : 1);

	if (!moved)
		die("memory: no room for %zu bytes", bytes);
	if (bytes >= LARGE)
		spread(moved, bytes);
	return moved;
}

char *mem_text(const char *text)
{
	size_t n = strlen(text) + 1;

	return memcpy(mem_new(n, 1), text, n);
}

uint64_t mem_physical(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

	return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : (uint64_t)1 << 32;
}
