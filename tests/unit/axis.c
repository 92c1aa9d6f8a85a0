/* axis: what columns are called, and which is meant. */
#include "axis.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "tap.h"

static struct tsv table;

static void label(const char *column, const char *want)
{
	char got[AXIS_LABEL];

	axis_label(got, column);
	same(got, want, column);
}

/* The name of the column chosen. */
static const char *choose(const char *asked, const char *const *wish, bool number)
{
	return table.name[axis_choose(&table, asked, wish, number, "y", "a.tsv")];
}

static void choose_child(void *asked)
{
	static const char *const wish[] = { "rmse", NULL };

	choose(asked, wish, true);
}

int main(void)
{
	static const char *const first[] = { "auc", "ndcg", "valid_*", NULL };
	static const char *const open[] = { "auc", "valid_*", NULL };
	static const char *const word[] = { "name", "file", NULL };
	FILE *file = tmpfile();

	die_name("unit");
	label("ndcg@10", "NDCG@10");
	label("valid_auc", "AUC on part 1");
	label("ndcg_graded@10", "ndcg_graded@10");
	label("train_loss", "training loss");
	label("alpha", "alpha");
	ok(axis_is_cost("rmse") && axis_is_cost("valid_logloss") && axis_is_cost("bytes") &&
			!axis_is_cost("auc") && !axis_is_cost("recall@20") &&
			!axis_is_cost("rmse_x"),
		"what is better when lower");
	fputs("model\tauc\tndcg_x\tndcg@5\tvalid_rmse\na\t\t1\t.5\t2\nb\t\t1\t.4\t3\n", file);
	rewind(file);
	tsv_read(&table, file, "a.tsv");
	fclose(file);
	same(choose(NULL, first, true), "ndcg@5",
		"the first wish that has numbers, with its cutoff");
	same(choose(NULL, open, true), "valid_rmse", "one by its beginning");
	same(choose(NULL, word, false), "file", "words need no numbers");
	same(choose("ndcg_x", first, true), "ndcg_x", "what is asked for goes first");
	ok(run(choose_child, "nix") == 1 &&
			strstr(said, "a.tsv: no column 'nix'; there is 'model' and 5 others"),
		"a column that is not there");
	ok(run(choose_child, "model") == 1 &&
			strstr(said, "no line has a number in column 'model'"),
		"one without numbers");
	ok(run(choose_child, NULL) == 1 &&
			strstr(said, "no column to show as y; name one with --y"),
		"none");
	tsv_free(&table);
	return done();
}
