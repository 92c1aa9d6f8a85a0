#include "mem.h"

#include <stdint.h>
#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "tap.h"

/* n elements of size bytes: of new memory, or of grown. */
static void ask(void *n)
{
	free(mem_new(((size_t *)n)[0], ((size_t *)n)[1]));
}

static void grow(void *n)
{
	free(mem_grow(NULL, ((size_t *)n)[0], ((size_t *)n)[1]));
}

int main(void)
{
	unsigned char *block = mem_new(1000, 3), *grown;
	const size_t wraps[] = { SIZE_MAX / 2, 4 }, vast[] = { (size_t)1 << 61, 2 };
	char *copy;
	float *rows;
	int zero = 1;

	die_name("dir/mem");
	for (int i = 0; i < 3000; i++)
		zero &= block[i] == 0;
	ok(zero, "new memory is zeroed");
	ok((uintptr_t)block % 64 == 0, "new memory is aligned to 64");
	free(block);
	block = mem_new(0, 8);
	ok(block != NULL, "no elements give a pointer");
	free(block);
	rows = mem_rows(5, 3, 16);
	zero = (uintptr_t)rows % 64 == 0;
	for (size_t i = 0; i < 5 * 16; i++)
		zero &= i % 16 < 3 || rows[i] == 0;
	ok(zero, "rows are aligned, and 0 beyond what is used");
	free(rows);
	grown = mem_grow(NULL, 4, 1);
	memcpy(grown, "abc", 4);
	grown = mem_grow(grown, 100000, 1);
	same((char *)grown, "abc", "growing keeps what was there");
	free(grown);
	copy = mem_text("text");
	same(copy, "text", "a copy of a text");
	free(copy);
	ok(mem_physical() > 1 << 20, "the machine has memory");
	ok(run(ask, wraps) == 1, "n x size that wraps: exit 1");
	same(said, "mem: memory: 9223372036854775807 x 4 bytes are more than can be asked for\n",
		"and says so");
	ok(run(grow, wraps) == 1, "the same when growing");
	ok(run(ask, vast) == 1, "more than there is: exit 1");
	/* the address sanitizer says something of its own before */
	ok(strstr(said, "mem: memory: no room for 4611686018427387904 bytes\n") != NULL,
		"and says how much");
	return done();
}
