#include "plan.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "mem.h"
#include "peak.h"
#include "rng.h"
#include "stream_out.h"
#include "tap.h"

static void needs(void)
{
	struct plan p = PLAN_NEW;

	plan_check(&p);
	ok(!plan_whole(&p) && !plan_needs(&p, "user") && !plan_needs(&p, "time") && plan_writes(&p),
		"random: a row at a time, of which nothing is needed");
	p.scheme_name = "leave-one-out";
	p.last = true;
	plan_check(&p);
	ok(plan_whole(&p) && plan_needs(&p, "user") && plan_needs(&p, "time") &&
			!plan_needs(&p, "item"),
		"leave one out, the last: all users and times");
	p = (struct plan)PLAN_NEW;
	p.scheme_name = "time";
	plan_check(&p);
	ok(plan_whole(&p) && plan_needs(&p, "time"), "time by shares: all times");
	p.test_from = "2020-02-01";
	plan_check(&p);
	ok(!plan_whole(&p) && p.test_from_time == 1580515200, "by dates: a row at a time");
	p = (struct plan)PLAN_NEW;
	p.scheme_name = "given";
	p.column = "set";
	plan_check(&p);
	ok(plan_writes(&p) && plan_is_column(&p, "row.cat.set") &&
			plan_is_column(&p, "vocab.row.cat.set.at") &&
			!plan_is_column(&p, "vocab.row.cat.sets.at"),
		"given: a column and its vocabulary");
}

/* ---- memory ---- */

static char program[PEAK_PATH], folder[] = "/tmp/plan-XXXXXX";

static const char *file(const char *name)
{
	static char path[64];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

/* Times are milliseconds over eight years, which take 8 bytes each; nothing is deflated. */
static void make(const char *name, size_t rows)
{
	struct stream_options o = { .level = 0, .output = file(name) };
	struct tensor *column[] = { tensor_new("user", U32, rows, 0),
		tensor_new("item", U32, rows, 0), tensor_new("label", F32, rows, 0),
		tensor_new("time", I64, rows, 0) };
	struct stream *out;

	for (size_t i = 0; i < rows; i++) {
		((uint32_t *)column[0]->data)[i] = (uint32_t)rng_below(20000, 1, RNG_MAKE, i);
		((uint32_t *)column[1]->data)[i] = (uint32_t)rng_below(5000, 2, RNG_MAKE, i);
		((float *)column[2]->data)[i] = (float)(i % 2);
		((int64_t *)column[3]->data)[i] =
			1000000000000 + (int64_t)rng_below(250000000000, 3, RNG_MAKE, i);
	}
	out = stream_out(NULL, &o, NULL);
	stream_write_rows(out, column, 4);
	stream_close(out);
	_exit(0);
}

static double peak(const char *name, const char *options)
{
	char all[256];

	snprintf(all, sizeof all, "-q -o /dev/null --scheme %s", options);
	return peak_of(program, file(name), all);
}

/* What a row more takes: the rest is there for any number of rows. */
static void takes(const char *options, double least, double most)
{
	enum { FEW = 800000, MANY = 2400000 };
	double few = peak("few", options), many = peak("many", options);
	double each = (many - few) / (MANY - FEW);

	if (!ok(few > 0 && each >= least && each <= most, options))
		printf("# %.1f bytes a row: %.0f, %.0f\n", each, few, many);
}

static void memory(void)
{
	int status;

	/* the peak of a child is not less than what it was forked with */
	if (fork() == 0)
		make("few", 800000);
	wait(&status);
	if (fork() == 0)
		make("many", 2400000);
	wait(&status);
	takes("random", -3, 4);
	takes("random --certificate none", -3, 1);
	takes("cold-items --certificate counts", -3, 1);
	takes("time --test-from 2007-01-01", -3, 4);
	takes("user", 2, 16);
	takes("user --last", 2, 16);
	takes("leave-one-out --last --certificate none", 2, 16);
	takes("time", 2, 16);
	takes("time --certificate none", 2, 16);
	unlink(file("few"));
	unlink(file("many"));
	rmdir(folder);
}

int main(int argc, char **argv)
{
	(void)argc;
	die_name("plan");
	needs();
	if (peak_find(program, argv[0], "rs-split") && mkdtemp(folder))
		memory();
	return done();
}
