/* emit -- a file is whole or not there; tests/cli has a full disk and a closed pipe. */
#include "emit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

int main(void)
{
	char path[] = "/tmp/rs-emit-XXXXXX", text[16] = "";
	struct stat status;
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
	remove(path);
	ok(mkfifo(path, 0600) == 0, "a pipe with a name");
	fd = open(path, O_RDWR);
	emit_file(path, "pipe", 4);
	ok(read(fd, text, 4) == 4 && memcmp(text, "pipe", 4) == 0, "it is written to");
	ok(stat(path, &status) == 0 && S_ISFIFO(status.st_mode), "and stays what it is");
	close(fd);
	remove(path);
	return done();
}
