/* die: one line, its exit status, what it says of errno and of bytes that a terminal would obey. */
#include "die.h"

#include <errno.h>

#include "child.h"
#include "tap.h"

static void bad_data(void *arg)
{
	die("stdin: %s", (const char *)arg);
}

static void wrong_use(void *arg)
{
	(void)arg;
	die_usage("--dim: %d is not in 1..4096", 0);
}

static void with_error(void *arg)
{
	errno = ENOENT;
	die("%s:", (const char *)arg);
}

static void undo(void)
{
	warn("undone");
}

static void undone(void *arg)
{
	die_at_exit(undo);
	die("%s", (const char *)arg);
}

static void silent(void *arg)
{
	warn("heard");
	die_quiet();
	warn("not heard");
	die("%s", (const char *)arg);
}

int main(void)
{
	char longer[6000];

	die_name("/usr/bin/rs-mf");
	same(prog, "rs-mf", "the base name");
	die_name("rs-mf");
	ok(run(bad_data, "x") == 1, "bad data: 1");
	same(said, "rs-mf: stdin: x\n", "one line");
	ok(run(bad_data, "a\nb\x1b[1m\x7F\xC3\xA9") == 1, "hostile bytes");
	same(said, "rs-mf: stdin: a?b?[1m?\xC3\xA9\n", "control characters are shown as '?'");
	ok(run(wrong_use, NULL) == 2, "wrong use: 2");
	same(said, "rs-mf: --dim: 0 is not in 1..4096\ntry 'rs-mf --help'\n", "and where help is");
	run(with_error, "a.csv");
	same(said, "rs-mf: a.csv: No such file or directory\n", "a colon at the end gets errno");
	ok(run(undone, "last") == 1, "before the end");
	same(said, "rs-mf: last\nrs-mf: undone\n", "what is half written is removed");
	ok(run(silent, "loud") == 1 && !die_is_quiet(), "quiet");
	same(said, "rs-mf: heard\nrs-mf: loud\n", "silences warnings, not errors");
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = 0;
	run(bad_data, longer);
	ok(strlen(said) == 4095 && said[4094] == '\n' && said[4093] == 'x',
		"a line too long is cut, and still a line");
	return done();
}
