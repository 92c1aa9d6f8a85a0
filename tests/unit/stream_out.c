/* stream_out: the same bytes on any number of threads, what waits and what goes ahead, full disks.
 */
#include "stream_out.h"

#include <signal.h>
#include <sys/resource.h>

#include "streams.h"

static void threads(void)
{
	static int count[] = { 1, 2, 7 };
	uint8_t *first, *other;
	size_t n, m;

	for (int i = 0; i < 3; i++)
		run(with_threads, count + i);
	first = slurp("threads1", &n);
	other = slurp("threads2", &m);
	ok(n > 1000000 && n == m && memcmp(first, other, n) == 0,
		"1 and 2 threads: the same bytes");
	free(other);
	other = slurp("threads7", &m);
	ok(n == m && memcmp(first, other, n) == 0, "1 and 7 threads: the same bytes");
	free(first);
	free(other);
}

/* ---- writing: faults of the machine ---- */

struct limit {
	const char *path;
	rlim_t bytes;
};

static void write_limited(void *arg)
{
	const struct limit *l = arg;
	struct stream_options o = { .level = 1, .output = l->path };
	struct tensor *t = made("user", U32, 200, 0);
	struct rlimit limit = { l->bytes, l->bytes };
	struct stream *out;

	if (l->bytes) {
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
	}
	out = stream_out(NULL, &o, NULL);
	stream_write(out, t);
	tensor_free(t);
	stream_close(out);
}

/* The disk fills at every byte of the output: no file, one line. */
static void full_disk(void)
{
	struct limit l = { .path = file("whole") };
	size_t n, wrong = 0;

	run(write_limited, &l);
	free(slurp("whole", &n));
	l.path = file("cut");
	for (rlim_t i = 1; i < n; i += 7) {
		l.bytes = i;
		wrong += run(write_limited, &l) != 1 || !strstr(said, "cut: File too large") ||
			 access(l.path, F_OK) == 0;
	}
	ok(n > 300 && wrong == 0, "a file that cannot be written whole does not appear");
	l.bytes = n;
	ok(run(write_limited, &l) == 0 && access(l.path, F_OK) == 0, "one that can, does");
	l = (struct limit){ .path = "/dev/full" };
	ok(run(write_limited, &l) == 1 && strstr(said, "full: No space left on device"),
		"/dev/full");
}

static void hold_and_write(void *arg)
{
	struct stream *in = stream_file(file("threads1"), NULL), *out;
	struct stream_options o = { .level = 1, .output = file("held") };
	struct tensors set = { 0 };
	struct tensor *part, *model;

	(void)arg;
	out = stream_out(in, &o, NULL);
	stream_load(in, out, keep_all, NULL, &set);
	part = made("part", U8, 300001, 0);
	model = made("model.a.w", F32, 10, 10);
	stream_write(out, part);
	stream_write(out, model);
	stream_close(out);
	stream_free(in);
	tensors_free(&set);
	tensor_free(part);
	tensor_free(model);
}

static int drop_user(const char *name, const struct frame *f, void *arg)
{
	(void)f;
	(void)arg;
	return strcmp(name, "user") == 0 ? STREAM_DROP : STREAM_KEEP;
}

static void write_again(void *arg)
{
	struct stream *in = stream_file(file("threads1"), NULL), *out;
	struct stream_options o = { .level = 1, .output = file("again") };
	struct tensor *t = made("user", U8, 300001, 0);
	struct tensors set = { 0 };

	out = stream_out(in, &o, NULL);
	stream_load(in, out, arg ? drop_user : keep_all, NULL, &set);
	stream_write(out, t);
	stream_close(out);
	tensors_free(&set);
	load("again", &set);
	_exit(set.n == 3 && equal(tensors_find(&set, "user"), t) ? 0 : 77);
}

static void writing(void)
{
	char order[256];

	ok(run(hold_and_write, NULL) == 0, "rows are held while a model is made");
	names("held", order, sizeof order);
	same(order,
		"model.a.w user time label part user time label part user time label part "
		"user time label part user time label part ",
		"the model goes ahead, the new column between the held ones");
	ok(run(write_again, NULL) == 1 && strstr(said, "'user' is already in the stream"),
		"a name that is taken");
	ok(run(write_again, "drop") == 0, "unless it is dropped");
}

int main(void)
{
	streams_begin();
	threads();
	full_disk();
	writing();
	return streams_end();
}
