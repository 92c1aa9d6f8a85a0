/* lesson: which tensors are made and so dropped; what is written of a model without factors. */
#include "lesson.h"

#include <stdlib.h>

#include "made.h"
#include "stream_out.h"
#include "streams.h"

static struct lesson lesson;

struct ask {
	const char *tensor;
	bool replace;
};

static void makes(void *arg)
{
	const struct ask *a = arg;

	_exit(lesson_makes(&lesson, a->tensor, a->replace) ? 77 : 78);
}

/* 77: dropped, 78: passed on, 1: dies, 2: wrong use */
static int asked(const char *tensor, bool replace)
{
	return run(makes, &(struct ask){ tensor, replace });
}

static void name(void *arg)
{
	lesson_name(&lesson, arg);
}

static void drops(void)
{
	lesson = (struct lesson){ .rows = true, .hint = true, .top = 5 };
	ok(run(name, "a.b") == 2 && run(name, "") == 2, "names have no dots");
	lesson_name(&lesson, "t");
	ok(asked("soft.t", true) == 77 && asked("top.t.item", true) == 77 &&
			asked("hint.t.user", true) == 77 && asked("hint.t", true) == 77,
		"what is made is dropped");
	ok(asked("soft.t2", true) == 78 && asked("var.t", true) == 78 &&
			asked("rev.t.user", true) == 78 && asked("label", true) == 78,
		"what is not, is not");
	ok(asked("soft.t", false) == 1 && strstr(said, "'soft.t' is already in the stream"),
		"it may not be there unless it may be replaced");
	*lesson.name = 0;
	ok(asked("soft.t", false) == 78, "without a name nothing can be told yet");
	ok(asked("soft.t", true) == 2 && strstr(said, "'soft.t' comes ahead of the models"),
		"and nothing replaced");
}

/* A model of popularity: item i is worth i. Users 0 and 1 have items 3 and 2. */
static void fill(struct tensors *set)
{
	static const uint32_t user[] = { 0, 1, 1 }, item[] = { 3, 2, 0 };
	static const uint8_t part[] = { 0, 0, 2 };
	static const uint64_t words[] = { 0, 1, 2, 3, 4 };

	made_popularity(set, 2, 4);
	made_column(set, "user", U32, 3, user);
	made_column(set, "item", U32, 3, item);
	made_column(set, "part", U8, 3, part);
	made_column(set, "vocab.item.at", U64, 5, words);
	made_column(set, "vocab.item.text", U8, 4, "wxyz");
}

static void write_all(void *arg)
{
	struct stream_options o = { .level = 1, .output = file("lesson") };
	struct council c = { 0 };
	struct tensors set = { 0 };
	struct stream *out = stream_out(NULL, &o, NULL);

	(void)arg;
	fill(&set);
	council_open(&c, &set, "p", NULL);
	lesson = (struct lesson){ .rows = true, .top = 4, .reverse = 2 };
	lesson_name(&lesson, "p");
	lesson_open(&lesson, &c);
	lesson_put_lists(&lesson, out, &set);
	lesson_ask(&lesson, &set, 3);
	lesson_put_rows(&lesson, out);
	stream_close(out);
	lesson_free(&lesson);
	council_free(&c);
	tensors_free(&set);
}

static bool holds(const struct tensors *set, const char *tensor, const void *want, size_t bytes)
{
	const struct tensor *t = tensors_find(set, tensor);

	return t && tensor_bytes(t) == bytes && memcmp(t->data, want, bytes) == 0;
}

static void written(void)
{
	static const uint32_t top[] = { 2, 1, 0, RANKING_NONE, 3, 1, 0, RANKING_NONE };
	/* of items 0 and 1 both users, of equal scores the lower id first; 2 is had by user 1 */
	static const uint32_t rev[] = { 0, 1, 0, 1, 0, RANKING_NONE, 1, RANKING_NONE };
	static const float soft[] = { 3, 2, 0 };
	struct tensors set = { 0 };

	if (!ok(run(write_all, NULL) == 0, "a lesson")) {
		printf("# %s", said);
		return;
	}
	load("lesson", &set);
	ok(set.n == 5, "lists both ways and answers to rows");
	ok(holds(&set, "top.p.item", top, sizeof top), "the best of what a user has not in part 0");
	ok(holds(&set, "rev.p.user", rev, sizeof rev), "and users of an item, filled up");
	ok(holds(&set, "soft.p", soft, sizeof soft), "the model's scores of rows");
	tensors_free(&set);
}

static void hints(void *arg)
{
	struct council c = { 0 };
	struct tensors set = { 0 };

	(void)arg;
	fill(&set);
	council_open(&c, &set, "p", NULL);
	lesson = (struct lesson){ .hint = true };
	lesson_open(&lesson, &c);
}

int main(void)
{
	streams_begin();
	drops();
	written();
	ok(run(hints, NULL) == 1 && strstr(said, "model 'p' has no factors and no hidden layer"),
		"what has nothing inside has no hints");
	return streams_end();
}
