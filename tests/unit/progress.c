/* progress: the status line on a terminal, which is made here, and lines for a log elsewhere. */
#define _XOPEN_SOURCE 600 /* posix_openpt */
#include "progress.h"

#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "die.h"
#include "tap.h"

static void work(void *quiet)
{
	const struct timespec pause = { 0, 150000000 };

	if (quiet)
		die_quiet();
	progress_start("reading", 200, "rows");
	progress_at(1); /* too early to be drawn */
	nanosleep(&pause, NULL);
	progress_at(50);
	progress_line("epoch %d", 1);
	progress_end();
	progress_line("epoch %d", 2);
}

/* The same with stderr a terminal; what it shows goes where stderr was. */
static void on_terminal(void *quiet)
{
	int log = dup(STDERR_FILENO), master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char shown[1000];
	ssize_t n = 0, got = 1;

	if (master < 0 || grantpt(master) || unlockpt(master))
		_exit(77);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave < 0 || dup2(slave, STDERR_FILENO) < 0)
		_exit(77);
	work(quiet);
	if (write(STDERR_FILENO, "!", 1) != 1)
		_exit(77);
	while (got > 0 && (n == 0 || shown[n - 1] != '!')) { /* it may come in pieces */
		got = read(master, shown + n, sizeof shown - (size_t)n);
		n += got > 0 ? got : 0;
	}
	_exit(n > 0 && write(log, shown, (size_t)n) == n ? 0 : 77);
}

int main(void)
{
	int status;

	die_name("unit");
	run(work, NULL);
	same(said, "unit: epoch 1\nunit: epoch 2\n", "no terminal: lines for a log");
	run(work, "quiet");
	same(said, "", "nothing when quiet");
	status = run(on_terminal, NULL);
	if (status == 77) {
		ok(1, "# skip: no pseudoterminal");
		return done();
	}
	ok(strncmp(said, "\runit: reading:  25 %, ", 22) == 0 && strstr(said, " s left, ") &&
			strstr(said, " rows/s\033[K\r\033[K"),
		"a terminal: a quarter done, and then the line is wiped");
	ok(!strstr(said, "epoch 1") && strstr(said, "unit: epoch 2"),
		"lines for a log do not mix with it");
	ok(!strstr(strstr(said, "reading") + 1, "reading"), "drawn once in a tenth of a second");
	run(on_terminal, "quiet");
	same(said, "!", "nothing when quiet");
	return done();
}
