/* piece: made files read by libcsv alone and by pieces of every kind of size, on 1, 2 and 7
 * threads, give the same tensors. */
#include "piece.h"

#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"
#include "rng.h"
#include "table.h"
#include "tap.h"

enum { FILES = 40, ROOM = 1 << 16 };

static uint64_t below(uint64_t n, uint64_t *state)
{
	return rng_below(n, 7, RNG_MAKE, (*state)++);
}

/* A field of a kind that column `c` can hold; kind of file f: which oddities there are. */
static size_t put_field(char *to, unsigned f, size_t c, uint64_t *s)
{
	static const char *const number[] = { "4", "4.5", "-1", "1e3", "0.1", "", "16777217",
		"123456789012", ".5", "5.", "+2", "1e-42" };
	static const char *const time[] = { "978300760", "2001-01-01", "-5",
		"1999-12-31 23:59:59" };
	bool quoted = f & 1 && below(9, s) == 0;
	size_t n = 0;

	if (f & 2 && below(5, s) == 0)
		to[n++] = ' ';
	if (quoted)
		to[n++] = '"';
	if (c == 0)
		n += (size_t)sprintf(to + n, "u%d", (int)below(60, s));
	else if (c == 1)
		n += (size_t)sprintf(
			to + n, "%s%d", below(3, s) ? "item-number-" : "i", (int)below(900, s));
	else if (c == 2)
		n += (size_t)sprintf(to + n, "%s", number[below(12, s)]);
	else if (c == 3)
		n += (size_t)sprintf(to + n, "%s", time[below(4, s)]);
	else
		n += (size_t)sprintf(to + n, "%s",
			!quoted	      ? "p|q | r\t"
			: below(2, s) ? "x\"\"y|\n,\r\nz"
				      : "\n");
	if (quoted)
		to[n++] = '"';
	if (f & 2 && below(5, s) == 0)
		to[n++] = '\t';
	return n;
}

static size_t make_file(char *to, unsigned f)
{
	uint64_t s = (uint64_t)f << 32;
	size_t n = 0, rows = f % 5 == 4 ? 3 : 300;

	for (size_t r = 0; r < rows; r++) {
		for (size_t c = 0; c < 5; c++) {
			n += put_field(to + n, f, c, &s);
			to[n++] = c < 4 ? ',' : '\n';
		}
		if (f & 4)
			n += (size_t)sprintf(to + n - 1, "\r\n") - 1;
		if (f & 8 && below(50, &s) == 0)
			to[n++] = '\n';
		else if (f & 8 && below(20, &s) == 0)
			to[n - 1] = '\r'; /* two rows in a line */
	}
	return f & 16 ? n - (f & 4 ? 2 : 1) : n; /* no last line end */
}

static void read_file(const char *path, size_t piece, struct tensors *set)
{
	static const struct {
		enum column_kind kind;
		const char *name, *spec;
	} columns[] = { { COLUMN_KEY, "user", "1" }, { COLUMN_ID, "item", "2" },
		{ COLUMN_NUMBER, "row.num.x", "3" }, { COLUMN_TIME, "time", "4" },
		{ COLUMN_ID, "row.cat.c", "5" }, { COLUMN_BAG, "row.bag.b", "5" },
		{ COLUMN_TRUTH, "label", "1" }, { COLUMN_ID, "row.cat.hashed", "2" },
		{ COLUMN_NUMBER, "row.num.y", "3" }, { COLUMN_ID, "row.cat.rare", "2" } };
	static const char *const times[] = { "4" }, *const nothing[] = { "i7", "-1" };
	static const char *const yes[] = { "u7", "u11" };
	struct table_format format = { .csv = { .separator = ",", .piece = piece },
		.no_header = true };
	struct table *t = table_open(path, &format);
	struct selection *s = table_selection(t);

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		table_set(t, columns[i].kind, columns[i].name, columns[i].spec, NULL);
	selection_words(s, "label", yes, 2);
	selection_dates(&s, 1, "row.cat.", times, 1);
	if (!selection_hash(s, "hashed", 6) || !selection_log(s, "y") ||
		!selection_gaps(s, "row.num.y", 7))
		exit(2);
	selection_nothing(s, nothing, 2);
	while (table_read(t))
		;
	table_fold(t, 3);
	table_tensors(t, set);
	table_free(t);
}

static bool equal(const struct tensors *a, const struct tensors *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++) {
		const struct tensor *s = a->at[i], *t = b->at[i];

		same = strcmp(s->name, t->name) == 0 && tensor_bytes(s) == tensor_bytes(t) &&
		       memcmp(s->data, t->data, tensor_bytes(s)) == 0;
	}
	return same;
}

static bool all_paths(unsigned f)
{
	static const size_t piece[] = { 33, 250, 999, 999, 999, 0 };
	static const int threads[] = { 1, 2, 1, 2, 7, 2 };
	char path[] = "/tmp/piece-test-XXXXXX", *text = mem_new(ROOM, 1);
	size_t n = make_file(text, f);
	struct tensors want = { 0 };
	bool same = true;
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, n) != (ssize_t)n)
		exit(2);
	close(fd);
	read_file(path, CSV_UNCUT, &want);
	for (size_t i = 0; i < sizeof piece / sizeof *piece; i++) {
		struct tensors got = { 0 };

		omp_set_num_threads(threads[i]);
		read_file(path, piece[i], &got);
		same &= equal(&want, &got);
		tensors_free(&got);
	}
	unlink(path);
	tensors_free(&want);
	free(text);
	return same;
}

/* A quoted line end at every place of a small file, read in pieces of every size. */
static bool every_boundary(void)
{
	char path[] = "/tmp/piece-test-XXXXXX";
	bool same = true;

	omp_set_num_threads(1);
	close(mkstemp(path));
	for (size_t at = 0; at < 10; at++) {
		struct tensors want = { 0 };
		FILE *file = fopen(path, "w");

		for (size_t r = 0; file && r < 10; r++)
			fprintf(file,
				r == at ? "u%zu,\"i\n1,2,3,4,5\n\",1,2,c\n" : "u%zu,i,1,2,c\n", r);
		if (!file || fclose(file) != 0)
			exit(2);
		read_file(path, CSV_UNCUT, &want);
		same &= tensor_rows(tensors_find(&want, "user")) == 10;
		for (size_t piece = 1; piece < 60; piece++) {
			struct tensors got = { 0 };

			read_file(path, piece, &got);
			same &= equal(&want, &got);
			tensors_free(&got);
		}
		tensors_free(&want);
	}
	unlink(path);
	return same;
}

int main(void)
{
	char what[80];

	for (unsigned f = 0; f < FILES; f++) {
		snprintf(what, sizeof what, "file %u:%s%s%s%s%s", f, f & 1 ? " quotes," : "",
			f & 2 ? " blanks," : "", f & 4 ? " CRLF," : "",
			f & 8 ? " blank lines, lone CR," : "", f & 16 ? " no last line end" : "");
		ok(all_paths(f), what);
	}
	ok(every_boundary(), "a quoted line end in every row, pieces of 1 to 59 bytes");
	return done();
}
