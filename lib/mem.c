#include "mem.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"

enum { ALIGN = 64 };

static size_t checked(size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) || bytes > PTRDIFF_MAX - ALIGN)
		die("memory: %zu x %zu bytes are more than can be asked for", n, size);
	return bytes;
}

void *mem_new(size_t n, size_t size)
{
	size_t bytes = checked(n, size);
	void *block = aligned_alloc(ALIGN, (bytes / ALIGN + 1) * ALIGN);

	if (!block)
		die("memory: no room for %zu bytes", bytes);
	return memset(block, 0, bytes);
}

void *mem_grow(void *block, size_t n, size_t size)
{
	size_t bytes = checked(n, size);
	void *moved = realloc(block, bytes ? bytes : 1);

	if (!moved)
		die("memory: no room for %zu bytes", bytes);
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
