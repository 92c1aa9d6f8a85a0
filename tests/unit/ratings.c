/* ratings: rows of a stream as ratings, and each thing that a rating may not be. */
#include "ratings.h"

#include <stdlib.h>

#include "made.h"
#include "stream_out.h"
#include "streams.h"

static const uint32_t user[] = { 0, 2, 1 }, item[] = { 4, 0, 1 };
static const float label[] = { 5, 3, 1 }, weight[] = { 1, 0, 2 };
static const uint8_t part[] = { 0, 1, 2 };

/* A stream of these columns, one of them other than above. */
static void write_file(void (*spoil)(struct tensors *))
{
	struct stream_options o = { .level = 1, .output = file("ratings") };
	struct stream *out = stream_out(NULL, &o, NULL);
	static const uint64_t words[] = { 0, 1, 2, 3 };
	struct tensors set = { 0 };

	made_column(&set, "vocab.user.at", U64, 4, words);
	tensors_add(&set, tensor_text("model.m.spec", "arch=mf\n"));
	made_rows(&set, 3, user, item, label, part);
	made_column(&set, "weight", F32, 3, weight);
	if (spoil)
		spoil(&set);
	stream_write_set(out, &set, 0);
	stream_close(out);
	tensors_free(&set);
}

static struct mf_rows read_file(struct tensors *set, bool replace)
{
	struct stream_options o = { .level = 1, .output = file("trained") };
	struct stream *in = stream_file(file("ratings"), NULL), *out = stream_out(in, &o, NULL);
	struct ratings_wish wish = { .name = "m", .replace = replace };
	struct mf_rows rows = ratings_read(set, in, out, &wish);

	stream_close(out);
	stream_free(in);
	return rows;
}

static void reads(void *spoil)
{
	struct tensors set = { 0 };
	struct mf_rows rows;

	write_file((void (*)(struct tensors *))(uintptr_t)spoil);
	rows = read_file(&set, true);
	if (rows.n != 3 || rows.users != 3 || rows.items != 5 || rows.user[1] != 2 ||
		rows.label[0] != 5 || rows.weight[2] != 2 || rows.part[1] != 1)
		_exit(77);
	ratings_taken(&set);
	if (set.n)
		_exit(78);
}

static void reads_twice(void *arg)
{
	struct tensors set = { 0 };

	(void)arg;
	read_file(&set, false);
}

static float *labels(struct tensors *set)
{
	return tensors_find(set, "label")->data;
}

static void infinite(struct tensors *set)
{
	labels(set)[0] = INFINITY;
}

static void infinite_test(struct tensors *set)
{
	labels(set)[2] = INFINITY; /* nobody trains on it */
}

static void below(struct tensors *set)
{
	((float *)tensors_find(set, "weight")->data)[1] = -1;
}

static void nothing(struct tensors *set)
{
	((float *)tensors_find(set, "weight")->data)[0] = 0;
}

static void untrained(struct tensors *set)
{
	((uint8_t *)tensors_find(set, "part")->data)[0] = 2;
}

static void wild(struct tensors *set)
{
	((uint32_t *)tensors_find(set, "user")->data)[0] = 3;
}

static void largest(struct tensors *set)
{
	((uint32_t *)tensors_find(set, "item")->data)[0] = UINT32_MAX;
}

static void refuses(void (*spoil)(struct tensors *), const char *want)
{
	ok(run(reads, (const void *)(uintptr_t)spoil) == 1 && strstr(said, want), want);
}

static void fits(void *ceiling)
{
	struct mf_rows rows = { .users = 3, .items = 4 };

	ratings_fit(&rows, 5 << 20, *(uint64_t *)ceiling, "--dim 32");
}

int main(void)
{
	const uint64_t enough = 5 << 20, few = (5 << 20) - 1;
	struct tensors set = { 0 };

	streams_begin();
	ok(run(reads, NULL) == 0, "three rows");
	load("trained", &set);
	ok(set.n == 6 && !tensors_find(&set, "model.m.spec"), "all goes on but the older model");
	tensors_free(&set);
	ok(run(reads_twice, NULL) == 1 && strstr(said, "'model.m.spec' is already in the stream"),
		"which has to be said");
	refuses(infinite, "label of row 0 is inf; expected a number within +-1e+30");
	refuses(below, "weight of row 1 is -1; expected 0 to 1e+30");
	refuses(nothing, "the weights of all 1 training rows are 0");
	refuses(untrained, "none of 3 rows is of part 0: nothing to train on");
	refuses(wild, "'user' has id 3, but 'vocab.user' knows 3");
	refuses(largest, "'item': 4294967295 is too large an id");
	ok(run(reads, (const void *)(uintptr_t)infinite_test) == 0,
		"what is not trained on may be");
	ok(run(fits, &enough) == 0, "memory as much as the ceiling");
	ok(run(fits, &few) == 1 &&
			strstr(said, "3 users, 4 items and --dim 32 need 5 MiB; raise --memory"),
		"a byte less");
	return streams_end();
}
