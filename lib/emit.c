#include "emit.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "die.h"
#include "port.h"

void emit_stdout(const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n) {
		ssize_t done = write(STDOUT_FILENO, at, n);

		if (done < 0 && errno == EPIPE) {
			signal(SIGPIPE, SIG_DFL);
			raise(SIGPIPE);
		}
		if (done < 0 && errno != EINTR)
			die("stdout:");
		at += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
	if (close(STDOUT_FILENO) < 0)
		die("stdout:");
}

void emit_file(const char *path, const void *bytes, size_t n)
{
	struct port_out port;

	port_open_out(&port, path);
	port_write(&port, bytes, n);
	port_close_out(&port);
}
