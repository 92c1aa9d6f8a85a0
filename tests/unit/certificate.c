/* certificate: its lines, of rows told in pieces, read back from a stream. crc32 is zlib's. */
#include "certificate.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "die.h"
#include "stream_out.h"
#include "stream_rows.h"
#include "tap.h"

static const uint8_t part[] = { 0, 0, 0, 1, 2, 2, SPLIT_OUT };
static const uint32_t user[] = { 0, 1, 1, 0, 2, 0, 5 };
static const uint32_t item[] = { 0, 0, 1, 2, 3, 0, 4 };
static const float label[] = { 1, 0, 1, 0, 1, 1, 0 };
static const int64_t time[] = { 5, 9, 4, 9, 8, 6, 1 };
enum { N = sizeof part };

static void put(const char *path, const struct certificate *like, bool alone, bool strict)
{
	static const bool want[SPLIT_PARTS];
	struct stream_options o = { .level = 1, .output = path };
	struct stream *out = stream_out(NULL, &o, NULL);
	struct certificate c = *like;

	for (size_t at = 0; at < N; at += 3) {
		size_t n = at + 3 < N ? 3 : N - at;
		struct tally_rows rows = { n, part + at, user + at, item + at, label + at,
			time + at };

		if (alone)
			rows.user = rows.item = NULL;
		if (alone)
			rows.label = NULL;
		if (alone)
			rows.time = NULL;
		certificate_add(&c, &rows);
	}
	certificate_put(&c, out, want, strict);
	stream_close(out);
	certificate_free(&c);
}

static int keep(const char *name, const struct frame *first, void *arg)
{
	(void)name;
	(void)first;
	(void)arg;
	return STREAM_KEEP;
}

static const char *lines(const char *path)
{
	static char text[1024];
	struct stream *in = stream_file(path, NULL);
	struct tensors set = { 0 };
	const struct tensor *t;

	stream_load(in, NULL, keep, NULL, &set);
	t = tensors_need(&set, "split.certificate", U8, 1);
	snprintf(text, sizeof text, "%.*s", (int)tensor_rows(t), (const char *)t->data);
	stream_free(in);
	tensors_free(&set);
	return text;
}

static int refuses(const char *path, const struct certificate *like)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		put(path, like, false, true);
		_exit(0);
	}
	wait(&status);
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

int main(void)
{
	struct certificate c = CERTIFICATE_NEW;
	char path[] = "/tmp/certificate-XXXXXX";

	close(mkstemp(path));
	die_name("certificate");
	die_quiet();
	c.scheme = "given";
	c.full = true;
	/* first: a child cannot use the threads that its parent had */
	ok(refuses(path, &c), "strict: refused");
	c.full = false;
	put(path, &c, true, false);
	same(lines(path),
		"scheme=given\nrows=7\nout.rows=1\ntrain.rows=3\nvalid.rows=1\ntest.rows=2\n"
		"crc32=3960e17a\n",
		"of parts alone");
	c.full = true;
	put(path, &c, false, false);
	/* user 2, item 3 are in test only; 9 in train is later than 6; (0, 0) is in train and test
	 */
	same(lines(path),
		"scheme=given\nrows=7\nout.rows=1\n"
		"train.rows=3\ntrain.users=2\ntrain.items=2\ntrain.positives=2\n"
		"valid.rows=1\nvalid.users=1\nvalid.items=1\nvalid.positives=0\n"
		"test.rows=2\ntest.users=2\ntest.items=2\ntest.positives=2\n"
		"test.cold_users=1\ntest.cold_user_rows=1\ntest.cold_items=1\n"
		"test.cold_item_rows=1\ntrain.late_rows=1\npairs_in_two_parts=1\n"
		"crc32=3960e17a\n",
		"of all there is");
	unlink(path);
	return done();
}
