/* rs-show -- look at a stream.
 *
 * Reads   any stream; with --tsv the tensors named, and vocab.* to decode ids
 * Writes  text: the tensors' list, the history, the digest, or values as TSV */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "history.h"
#include "ledger.h"
#include "opt.h"
#include "stream_rows.h"
#include "values.h"

enum { COLUMNS = 6 };

static void flush(void)
{
	if (fflush(stdout) != 0 || ferror(stdout))
		die("stdout:");
}

/* Every frame counted once more: the list's numbers. */
static void read_all(struct stream *in, struct ledger *seen, bool check)
{
	const struct frame *f;
	char why[FRAME_WHY];

	while ((f = stream_next(in))) {
		if (check && !stream_check(in, f))
			warn("'%s' uses filter %u, which this version cannot check", f->name,
				f->filter);
		ledger_take(seen, f, why);
	}
}

static void cells(const struct entry *e, char cell[COLUMNS][LEDGER_LINE])
{
	static const char *const filters[] = { "none", "shuffle", "delta" };

	snprintf(cell[0], LEDGER_LINE, "%s", e->first.name);
	ledger_type(e, cell[1]);
	ledger_shape(e, cell[2]);
	snprintf(cell[3], LEDGER_LINE, "%llu", (unsigned long long)e->bytes);
	snprintf(cell[4], LEDGER_LINE, "%llu", (unsigned long long)e->stored);
	if (e->first.filter < sizeof filters / sizeof *filters)
		snprintf(cell[5], LEDGER_LINE, "%s", filters[e->first.filter]);
	else
		snprintf(cell[5], LEDGER_LINE, "%u", e->first.filter);
}

/* Aligned for people, numbers to the right; TSV for programs. */
static void print_row(char cell[COLUMNS][LEDGER_LINE], const int width[COLUMNS], bool aligned)
{
	for (int c = 0; c < COLUMNS; c++) {
		bool right = c == 3 || c == 4, end = c + 1 == COLUMNS;

		if (aligned && !end)
			printf("%*s  ", right ? width[c] : -width[c], cell[c]);
		else
			printf("%s%s", cell[c], end ? "\n" : "\t");
	}
}

static void list(struct stream *in)
{
	char head[COLUMNS][LEDGER_LINE] = { "name", "type", "shape", "bytes", "stored", "filter" };
	char cell[COLUMNS][LEDGER_LINE];
	int width[COLUMNS] = { 4, 4, 5, 5, 6, 6 };
	bool aligned = isatty(STDOUT_FILENO);
	struct ledger seen;

	ledger_start(&seen);
	read_all(in, &seen, false);
	for (size_t i = 0; i < seen.n; i++) {
		cells(seen.at[i], cell);
		for (int c = 0; c < COLUMNS; c++)
			width[c] =
				(int)strlen(cell[c]) > width[c] ? (int)strlen(cell[c]) : width[c];
	}
	print_row(head, width, aligned);
	for (size_t i = 0; i < seen.n; i++) {
		cells(seen.at[i], cell);
		print_row(cell, width, aligned);
	}
	ledger_free(&seen);
}

static void check(struct stream *in)
{
	struct ledger seen;
	unsigned long long bytes = 0;

	ledger_start(&seen);
	read_all(in, &seen, true);
	for (size_t i = 0; i < seen.n; i++)
		bytes += seen.at[i]->bytes;
	printf("whole: %zu tensors, %llu bytes\n", seen.n, bytes);
	ledger_free(&seen);
}

static void show_history(struct stream *in)
{
	const char *const *entries;
	size_t n;

	while (stream_next(in))
		continue;
	n = stream_history(in, &entries);
	history_print(stdout, entries, n);
}

static void digest(struct stream *in)
{
	while (stream_next(in))
		continue;
	printf("%08lx\n", (unsigned long)stream_digest(in));
}

static int wanted(const char *name, const struct frame *first, void *arg)
{
	(void)first;
	return values_want(arg, name) ? STREAM_KEEP : STREAM_PASS;
}

static void print_rows(struct values *values, const struct tensors *tables,
	const struct tensors *columns, uint64_t start)
{
	const char *at;
	size_t n;

	values_bind(values, tables, columns, start);
	while ((n = values_next(values, &at)))
		if (fwrite(at, 1, n, stdout) != n)
			die("stdout:");
}

static void tsv(struct stream *in, char **names, int n)
{
	struct values *values = values_new(names, (size_t)n);
	struct tensors tables = { 0 };
	struct stream_rows rows = { .start = 0 };

	if (values_are_rows(values)) {
		bool more = stream_rows(in, NULL, wanted, values, &tables, &rows);

		do {
			print_rows(values, &tables, &rows.columns, rows.start);
			more = more && stream_rows(in, NULL, wanted, values, &tables, &rows);
		} while (more);
	} else {
		stream_load(in, NULL, wanted, values, &tables);
		print_rows(values, &tables, &tables, 0);
	}
	tensors_free(&rows.columns);
	tensors_free(&tables);
	values_free(values);
}

int main(int argc, char **argv)
{
	bool by_history = false, by_digest = false, by_check = false, by_tsv = false;
	struct stream_options options = { .level = 1 };
	const struct opt opts[] = {
		OPT_FLAG('H', "history", &by_history, "the pipeline that made this, to be pasted"),
		OPT_FLAG('d', "digest", &by_digest, "a CRC of all names, shapes and values"),
		OPT_FLAG('c', "check", &by_check, "read everything and verify every checksum"),
		OPT_FLAG('t', "tsv", &by_tsv, "the values of the tensors NAME, side by side"),
		{ 0, "memory", OPT_KIND_SIZE, &options.memory, 0, 0, "SIZE",
			"refuse to hold more than SIZE (12G, 500M) of tensors", true },
		OPT_QUIET,
		OPT_END,
	};
	int first = opt_parse(argc, argv, "look at a stream", "[NAME...]",
		"  rs-show < model.rts\n"
		"  rs-show --tsv user item label < data.rts | head\n",
		opts);
	struct stream *in;

	if (by_history + by_digest + by_check + by_tsv > 1)
		die_usage("one of --history, --digest, --check, --tsv at a time");
	if (by_tsv && first == argc)
		die_usage("--tsv: which tensors? give their names");
	if (!by_tsv && first < argc)
		die_usage("%s: names go with --tsv; a stream comes on stdin: rs-show < FILE",
			argv[first]);
	in = stream_in(&options);
	if (by_history)
		show_history(in);
	else if (by_digest)
		digest(in);
	else if (by_check)
		check(in);
	else if (by_tsv)
		tsv(in, argv + first, argc - first);
	else
		list(in);
	flush();
	stream_free(in);
	return 0;
}
