/* rs-fold -- cut train into folds, and leave one of them out.
 *
 * Reads   part   u8 (N)   0 train; without it all rows are train
 *         fold   u8 (N)   if an rs-fold before this one made it
 * Writes  fold   u8 (N)   0 .. K - 1, 255 for rows that are not train, unless it is there
 *         part   u8 (N)   in its place: 255 (left out) for train rows of the fold that is left out,
 *                         0 for those of the others
 * and passes everything else on unchanged. Memory: one group of rows. */
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "opt.h"
#include "split.h"
#include "stream_out.h"
#include "stream_rows.h"

enum { NO_FOLD = 255 };

struct folds {
	long of, without, seed; /* as given; without 0: none */
	bool made; /* `fold` is made here, else it is in the stream */
	bool asked; /* of some row column */
	uint64_t train; /* rows of train before this group */
};

static int want(const char *name, const struct frame *first, void *arg)
{
	struct folds *f = arg;
	bool lead = tensor_is_row(name) && !f->asked;

	(void)first;
	f->asked |= tensor_is_row(name);
	if (strcmp(name, "part") == 0)
		return STREAM_KEEP | STREAM_DROP;
	if (strcmp(name, "fold") == 0)
		f->made = false;
	return lead || strcmp(name, "fold") == 0 ? STREAM_KEEP : STREAM_PASS;
}

/* The folds of a group's rows: drawn for those of train, in their order, or as they are there. */
static void find_folds(
	struct folds *f, uint8_t *fold, const struct stream_rows *group, const uint8_t *part)
{
	const uint8_t *there = members_column(&group->columns, "fold", U8, !f->made);

	for (size_t r = 0; r < group->count; r++) {
		if (f->made)
			fold[r] = part && part[r] ? NO_FOLD
						  : (uint8_t)split_fold_of((uint64_t)f->seed,
							    f->train++, (size_t)f->of);
		else
			fold[r] = there[r];
		if (fold[r] != NO_FOLD && fold[r] >= f->of)
			die("stdin: fold %u of row %llu; --of %ld has the folds 0 to %ld", fold[r],
				(unsigned long long)group->start + r, f->of, f->of - 1);
	}
}

static void leave_out(const struct folds *f, uint8_t *part, const uint8_t *fold, size_t n)
{
	for (size_t r = 0; r < n; r++)
		if (fold[r] != NO_FOLD)
			part[r] = fold[r] + 1 == f->without ? SPLIT_OUT : SPLIT_TRAIN;
}

static void run(struct folds *f, struct stream *in, struct stream *out)
{
	struct stream_rows group = { 0 };
	struct tensors tables = { 0 };
	uint64_t rows = 0;

	while (stream_rows(in, out, want, f, &tables, &group)) {
		const uint8_t *part = members_column(&group.columns, "part", U8, false);
		uint8_t *both = mem_new(2 * group.count, 1), *fold = both + group.count;

		find_folds(f, fold, &group, part);
		if (part)
			memcpy(both, part, group.count);
		leave_out(f, both, fold, group.count);
		stream_put_rows(out, &group, "part", U8, both);
		if (f->made)
			stream_put_rows(out, &group, "fold", U8, fold);
		rows += group.count;
		free(both);
	}
	if (!rows)
		die("stdin: no rows; expected a data set");
	if (f->made && f->train < (uint64_t)f->of)
		die("stdin: %llu rows of train; fewer than the %ld folds", (unsigned long long)f->train,
			f->of);
	tensors_free(&group.columns);
	tensors_free(&tables);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct folds f = { .of = 5, .seed = 1, .made = true };
	const struct opt opts[] = {
		OPT_INT('n', "of", &f.of, 2, 254, "folds"),
		OPT_INT(0, "without", &f.without, 0, 254, "fold to leave out of train; 0: none"),
		OPT_SEED(&f.seed),
		OPT_STREAM(&so),
		OPT_END,
	};
	struct stream *in, *out;

	opt_parse(argc, argv, "cut train into folds, and leave one of them out", NULL,
		"Soft labels by teachers that have not seen the row's label:\n"
		"  rs-fold --of 2 --without 1 <data.rts | rs-teach --as a |\n"
		"    rs-fold --of 2 --without 2 | rs-teach --as b | rs-fold --of 2 |\n"
		"    rs-softlabel --from a,b --out-of-fold --as oof | rs-distill",
		opts);
	if (f.without > f.of)
		die_usage("--without: %ld is not one of %ld folds", f.without, f.of);
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	run(&f, in, out);
	stream_close(out);
	stream_free(in);
	return 0;
}
