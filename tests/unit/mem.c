#include "mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "tap.h"

/* The exit status of a child that asks for n x size bytes; its message goes to text. */
static int ask(void *(*how)(size_t, size_t), size_t n, size_t size, char *text, size_t room)
{
	int end[2], status = -1;
	ssize_t got;
	size_t n_text = 0;
	pid_t child;

	fflush(stdout);
	if (pipe(end))
		return -1;
	child = fork();
	if (child == 0) {
		dup2(end[1], STDERR_FILENO);
		free(how(n, size));
		_exit(0);
	}
	close(end[1]);
	while ((got = read(end[0], text + n_text, room - 1 - n_text)) > 0)
		n_text += (size_t)got;
	text[n_text] = 0;
	close(end[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void *grow(size_t n, size_t size)
{
	return mem_grow(NULL, n, size);
}

int main(void)
{
	unsigned char *block = mem_new(1000, 3), *grown;
	char text[512], *copy;
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
	grown = mem_grow(NULL, 4, 1);
	memcpy(grown, "abc", 4);
	grown = mem_grow(grown, 100000, 1);
	same((char *)grown, "abc", "growing keeps what was there");
	free(grown);
	copy = mem_text("text");
	same(copy, "text", "a copy of a text");
	free(copy);
	ok(mem_physical() > 1 << 20, "the machine has memory");
	ok(ask(mem_new, SIZE_MAX / 2, 4, text, sizeof text) == 1, "n x size that wraps: exit 1");
	same(text, "mem: memory: 9223372036854775807 x 4 bytes are more than can be asked for\n",
		"and says so");
	ok(ask(grow, SIZE_MAX / 2, 4, text, sizeof text) == 1, "the same when growing");
	ok(ask(mem_new, (size_t)1 << 61, 2, text, sizeof text) == 1, "more than there is: exit 1");
	/* the address sanitizer says something of its own before */
	ok(strstr(text, "mem: memory: no room for 4611686018427387904 bytes\n") != NULL,
		"and says how much");
	return done();
}
