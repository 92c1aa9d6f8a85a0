/* emit -- a file is whole or not there; tests/cli has a full disk and a closed pipe. */
#include "emit.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

int main(void)
{
	char path[] = "/tmp/rs-emit-XXXXXX", text[16] = "", beside[64];
	int fd = mkstemp(path);
	FILE *file;

	ok(fd >= 0 && close(fd) == 0, "a place");
	emit_file(path, "longer than next", 16);
	emit_file(path, "a\0b\n", 4);
	file = fopen(path, "r");
	ok(file && fread(text, 1, sizeof text, file) == 4 && memcmp(text, "a\0b\n", 4) == 0,
		"the bytes, instead of what was there");
	if (file)
		fclose(file);
	snprintf(beside, sizeof beside, "%s.part", path);
	ok(access(beside, F_OK) != 0, "nothing is left beside it");
	remove(path);
	return done();
}
