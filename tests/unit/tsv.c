/* tsv -- tables one after the other; tests/cli/rs-plot.t has the damaged ones. */
#include "tsv.h"

#include "tap.h"

static void take(struct tsv *t, const char *text, const char *place)
{
	FILE *file = tmpfile();

	fputs(text, file);
	rewind(file);
	tsv_read(t, file, place);
	fclose(file);
}

int main(void)
{
	struct tsv t = { .rows = 0 };
	size_t auc, rmse, file;

	take(&t, "model\tauc\r\na\t.5\r\nb\t\r\nmodel\trmse\tauc\nc\t1e-1\tx\n", "runs/one_s1.tsv");
	take(&t, "file\tauc\nmine\tinf\n", "two");
	take(&t, "auc\n7\n", "stdin");
	auc = tsv_find(&t, "auc");
	rmse = tsv_find(&t, "rmse");
	file = tsv_find(&t, "file");
	near((double)t.rows, 5, 0, "lines of names are no rows");
	near(tsv_number(&t, 0, auc), 0.5, 0, "a number");
	ok(isnan(tsv_number(&t, 1, auc)), "an empty cell is none");
	near(tsv_number(&t, 2, rmse), 0.1, 1e-16, "a column of the second table");
	ok(isnan(tsv_number(&t, 2, auc)), "found by its name; a word is no number");
	ok(isnan(tsv_number(&t, 0, rmse)), "a cell that the first table has not");
	ok(isnan(tsv_number(&t, 3, auc)), "infinity is no number");
	same(tsv_cell(&t, 0, file), "one_s1", "file: the base name");
	same(tsv_cell(&t, 3, file), "mine", "or its own column");
	same(tsv_cell(&t, 4, file), "", "nothing for stdin");
	ok(tsv_find(&t, "no") == TSV_COLUMNS, "no such column");
	same(tsv_cell(&t, 0, TSV_COLUMNS), "", "which is empty");
	tsv_free(&t);
	return done();
}
