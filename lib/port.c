#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"

enum { MEGA = 1 << 20, ROOM = 2 * MEGA };

static char *half_written; /* removed when the program dies */

static void remove_half(void)
{
	if (half_written)
		unlink(half_written);
}

/* Told to end: what is half written goes, and the program ends as if it knew nothing of signals. */
static void on_signal(int number)
{
	remove_half();
	signal(number, SIG_DFL);
	raise(number);
}

/* What is ignored (nohup) stays ignored. */
static void watch_signals(void (*action)(int))
{
	static const int ends[] = { SIGHUP, SIGINT, SIGTERM };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct sigaction now;

		sigaction(ends[i], NULL, &now);
		if (now.sa_handler != SIG_IGN)
			signal(ends[i], action);
	}
}

static char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return mem_text(slash && slash[1] ? slash + 1 : path);
}

#if defined(__linux__) && !defined(F_SETPIPE_SZ)
#error "the pipe would stay at 64 KiB and forwarding take three times as long"
#endif

static void enlarge(int fd)
{
#ifdef F_SETPIPE_SZ
	fcntl(fd, F_SETPIPE_SZ, MEGA); /* a smaller pipe is slower, not wrong */
#else
	(void)fd;
#endif
}

void port_open_in(struct port_in *port, const char *path)
{
	memset(port, 0, sizeof *port);
	if (path) {
		port->name = base_name(path);
		port->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (port->fd < 0)
			die("%s:", path);
	} else {
		port->name = mem_text("stdin");
		if (isatty(STDIN_FILENO))
			die_usage("stdin is a terminal; expected a stream from a pipe or file");
	}
	enlarge(port->fd);
	port->room = ROOM;
	port->bytes = mem_grow(NULL, port->room, 1);
}

/* A regular file is written under another name first; a device or FIFO, and what a link points
 * at, are what they are. */
static void open_file(struct port_out *port, const char *path)
{
	struct stat status;
	char *real = NULL;
	mode_t mask = umask(0);

	umask(mask);
	port->name = base_name(path);
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		port->fd = open(path, O_WRONLY | O_CLOEXEC);
		if (port->fd < 0)
			die("%s:", path);
		return;
	}
	real = realpath(path, NULL);
	port->path = mem_text(real ? real : path);
	free(real);
	half_written = mem_new(strlen(port->path) + 8, 1);
	sprintf(half_written, "%s.XXXXXX", port->path);
	port->fd = mkstemp(half_written);
	if (port->fd < 0) {
		free(half_written);
		half_written = NULL;
		die("%s:", path);
	}
	die_at_exit(remove_half);
	watch_signals(on_signal);
	if (fchmod(port->fd, 0666 & ~mask) < 0 || fcntl(port->fd, F_SETFD, FD_CLOEXEC) < 0)
		die("%s:", port->name);
}

void port_open_out(struct port_out *port, const char *path)
{
	memset(port, 0, sizeof *port);
	if (path) {
		open_file(port, path);
	} else {
		port->fd = STDOUT_FILENO;
		port->name = mem_text("stdout");
		if (isatty(port->fd))
			die_usage(
				"stdout is a terminal; a stream goes to a pipe or file (-o FILE)");
	}
	enlarge(port->fd);
}

/* The buffer doubles at most with what has been read, whatever n says. */
static void make_room(struct port_in *port)
{
	size_t here = port->end - port->begin;

	if (port->room - port->end >= MEGA)
		return;
	memmove(port->bytes, port->bytes + port->begin, here);
	port->begin = 0;
	port->end = here;
	if (port->room - here < MEGA) {
		port->room *= 2;
		port->bytes = mem_grow(port->bytes, port->room, 1);
	}
}

bool port_fill(struct port_in *port, size_t n)
{
	while (port->end - port->begin < n && !port->ended) {
		ssize_t got;

		port_flush(port->to);
		make_room(port);
		got = read(port->fd, port->bytes + port->end, port->room - port->end);
		if (got < 0 && errno != EINTR)
			die("%s:", port->name);
		port->ended = got == 0;
		port->end += got > 0 ? (size_t)got : 0;
	}
	return port->end - port->begin >= n;
}

void port_skip(struct port_in *port, size_t n)
{
	port->begin += n;
	port->offset += n;
	if (port->begin == port->end)
		port->begin = port->end = 0;
}

/* The reader is gone: end as a program does that knows nothing of signals. */
static void broken_pipe(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	remove_half();
	raise(SIGPIPE);
}

static void write_all(struct port_out *port, const uint8_t *at, size_t n)
{
	port->bytes += n;
	while (n) {
		ssize_t wrote = write(port->fd, at, n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0 && errno == EPIPE)
			broken_pipe();
		if (wrote < 0)
			die("%s:", port->name);
		at += wrote;
		n -= (size_t)wrote;
	}
}

void port_flush(struct port_out *port)
{
	if (port && port->lent_bytes)
		write_all(port, port->lent, port->lent_bytes);
	if (port)
		port->lent_bytes = 0;
}

void port_write(struct port_out *port, const void *bytes, size_t n)
{
	port_flush(port);
	write_all(port, bytes, n);
}

void port_link(struct port_in *in, struct port_out *out)
{
	in->to = out;
	out->from = in;
}

void port_unlink(struct port_in *in)
{
	port_flush(in->to);
	in->to->from = NULL;
	in->to = NULL;
}

void port_pass(struct port_out *port, const uint8_t *bytes, size_t n)
{
	const struct port_in *from = port->from;

	if (!from || (uintptr_t)bytes - (uintptr_t)from->bytes >= from->room) {
		port_write(port, bytes, n);
		return;
	}
	if (port->lent_bytes && port->lent + port->lent_bytes != bytes)
		port_flush(port);
	if (!port->lent_bytes)
		port->lent = bytes;
	port->lent_bytes += n;
}

void port_close_in(struct port_in *port)
{
	if (port->fd != STDIN_FILENO)
		close(port->fd);
	free(port->name);
	free(port->bytes);
	memset(port, 0, sizeof *port);
}

void port_close_out(struct port_out *port)
{
	if (close(port->fd) < 0)
		die("%s:", port->name);
	if (port->path) {
		if (rename(half_written, port->path) < 0)
			die("%s:", port->path);
		watch_signals(SIG_DFL);
		free(half_written);
		half_written = NULL;
	}
	free(port->path);
	free(port->name);
	memset(port, 0, sizeof *port);
}
