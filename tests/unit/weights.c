/* weights: f32 as they are, f16 and i8 as the f32 that they stand for; what is refused. */
#include "weights.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct tensors set;
static struct weights w = { .model = "a", .set = &set };

static void matrix(
	const char *name, enum dtype dtype, uint64_t rows, uint64_t cols, const void *data)
{
	struct tensor *t = tensor_new(name, dtype, rows, cols);

	memcpy(t->data, data, tensor_bytes(t));
	tensors_add(&set, t);
}

struct ask {
	const char *suffix;
	uint64_t rows, cols;
};

static void need(void *arg)
{
	const struct ask *a = arg;

	weights_need(&w, a->suffix, a->rows, a->cols);
}

static void lists(void *arg)
{
	weights_lists(&w, arg, 5);
}

static void refused(const char *suffix, uint64_t rows, uint64_t cols, const char *want)
{
	ok(run(need, &(struct ask){ suffix, rows, cols }) == 1 && strstr(said, want), want);
}

static void types(void)
{
	static const float x[] = { 1, 2, 3, 4, 5, 6 }, scale[] = { 0.5F, 2 }, bad[] = { 1, NAN };
	static const uint16_t half[] = { 0x3C00, 0xC000, 0x3555 }; /* 1, -2, 0.333251953125 */
	static const int8_t byte[] = { 1, -127, 0, 3, 4, 5 };
	const float *y;

	matrix("model.a.m", F32, 2, 3, x);
	made_column(&set, "model.a.half", F16, 3, half);
	matrix("model.a.byte", I8, 2, 3, byte);
	matrix("model.a.lost", I8, 2, 3, byte);
	made_column(&set, "model.a.rowscale.byte", F32, 2, scale);
	made_column(&set, "model.a.bad", F32, 2, bad);
	made_column(&set, "model.ab.other", F32, 2, x);
	ok(weights_need(&w, "m", 2, 3)->data == set.at[0]->data, "f32 is what it is");
	ok(weights_need(&w, "m", 0, 0) == set.at[0], "of any shape, when none is asked for");
	y = weights_need(&w, "half", 3, 0)->data;
	ok(y[0] == 1 && y[1] == -2 && y[2] == 0.333251953125F, "f16");
	ok(weights_need(&w, "half", 3, 0)->data == y, "made once");
	y = weights_need(&w, "byte", 2, 3)->data;
	ok(y[0] == 0.5F && y[1] == -63.5F && y[3] == 6 && y[5] == 10, "i8 times its row's scale");
	refused("absent", 1, 0, "unit: model 'a': lacks 'model.a.absent'");
	refused("m", 3, 2, "model 'a': 'model.a.m' is f32 2x3, expected f32 3x2");
	refused("m", 2, 0, "expected f32 2x1");
	refused("lost", 2, 3,
		"'model.a.lost' is i8, but 'model.a.rowscale.lost' is not its 2 scales");
	refused("bad", 2, 0, "'model.a.bad' holds a value that is not finite");
	near(weights_there(&w), 6 + 3 + 6 + 6 + 2 + 2, 0, "all numbers of that model");
}

static void list(const char *name, const uint64_t *at, const uint32_t *id)
{
	static const float value[] = { 1, 2, 3, 4 };
	char full[64];

	snprintf(full, sizeof full, "model.a.%s.at", name);
	made_column(&set, full, U64, 3, at);
	snprintf(full, sizeof full, "model.a.%s.id", name);
	made_column(&set, full, U32, 4, id);
	snprintf(full, sizeof full, "model.a.%s.value", name);
	made_column(&set, full, F32, 4, value);
}

static void ids(void)
{
	static const uint64_t at[] = { 0, 1, 4 }, falls[] = { 0, 5, 4 }, few[] = { 0, 1, 3 };
	static const uint32_t id[] = { 4, 0, 2, 3 }, high[] = { 4, 0, 2, 5 },
			      twice[] = { 4, 0, 2, 2 };
	struct csr good;

	list("good", at, id);
	list("falls", falls, id);
	list("few", few, id);
	list("high", at, high);
	list("twice", at, twice);
	good = weights_lists(&w, "good", 5);
	ok(good.rows == 2 && good.at[1] == 1 && good.id[3] == 3 && good.value[3] == 4, "two lists");
	ok(run(lists, "falls") == 1 && strstr(said, "'model.a.falls.at' falls at 0"),
		"offsets fall");
	ok(run(lists, "few") == 1 && strstr(said, "'model.a.few.at' does not span 'few.id'"),
		"ids beyond the last list");
	ok(run(lists, "high") == 1 &&
			strstr(said, "5 in list 1 of 'model.a.high.id'; expected rising "
				     "ids below 5"),
		"an id too high");
	ok(run(lists, "twice") == 1 && strstr(said, "2 in list 1 of"), "an id twice");
}

int main(void)
{
	die_name("unit");
	types();
	ids();
	weights_free(&w);
	tensors_free(&set);
	return done();
}
