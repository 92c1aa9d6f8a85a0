/* What rs-teach holds of rows of part 2, which it does not train on: not their numbers. */
#include "train.h"

#include "peak.h"
#include "streams.h"

enum { WIDTH = 200, FEW = 16000, MORE = 20000 };

static char program[PEAK_PATH];

struct rows {
	const char *name;
	size_t train, others;
};

/* Rows of parts 0 and 1, and among them others of part 2; the streams are beyond what waits in memory
 * (spool.h). */
static void make(void *arg)
{
	const struct rows *r = arg;
	struct stream_options o = { .level = 0, .output = file(r->name) };
	size_t n = r->train + r->others;
	struct tensor *column[] = { tensor_new("label", F32, n, 0), tensor_new("part", U8, n, 0),
		tensor_new("row.num.x", F32, n, WIDTH) };
	struct stream *out = stream_out(NULL, &o, NULL);

	for (size_t i = 0; i < n; i++) {
		bool other = i * r->train / n == (i + 1) * r->train / n;

		((float *)column[0]->data)[i] = (float)(i / 13 % 2);
		((uint8_t *)column[1]->data)[i] = other ? 2 : i % 11 == 0;
	}
	for (size_t i = 0; i < n * WIDTH; i++)
		((float *)column[2]->data)[i] = (float)rng_unit(1, RNG_MAKE, i);
	stream_write_rows(out, column, 3);
	stream_close(out);
}

static double peak(const char *name)
{
	return peak_of(program, file(name), "-q -o /dev/null --arch mlp --hidden 8 --epochs 1");
}

/* What a row more takes: the rest is there for any number of rows. */
static void takes(const char *name, double most, const char *what)
{
	double few = peak("few"), more = peak(name), each = (more - few) / MORE;

	if (!ok(few > 0 && more > 0 && each < most, what))
		printf("# %.1f bytes a row: %.0f, %.0f\n", each, few, more);
}

int main(int argc, char **argv)
{
	static const struct rows made[] = { { "few", FEW, FEW }, { "others", FEW, FEW + MORE },
		{ "many", FEW + MORE, FEW } };

	(void)argc;
	streams_begin();
	if (!peak_find(program, argv[0], "rs-teach"))
		return streams_end();
	for (size_t i = 0; i < 3; i++)
		ok(run(make, made + i) == 0, made[i].name);
	takes("others", 40, "a row of part 2 takes less than 40 bytes, its numbers have 800");
	takes("many", 840, "a row to train on takes at most 40 more than its numbers");
	return streams_end();
}
