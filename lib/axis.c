#include "axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "die.h"

/* Names that begin so are qualities or costs; what an axis calls them. */
static const struct meaning {
	const char *name, *label;
	bool lower; /* is better */
} meanings[] = {
	{ "auc", "AUC", false },
	{ "gauc", "GAUC", false },
	{ "ndcg", "NDCG", false },
	{ "recall", "recall", false },
	{ "hr", "hit rate", false },
	{ "precision", "precision", false },
	{ "rmse", "RMSE", true },
	{ "mae", "MAE", true },
	{ "logloss", "log loss", true },
	{ "brier", "Brier score", true },
	{ "ece", "calibration error", true },
	{ "train_loss", "training loss", true },
	{ "loss", "training loss", true },
	{ "bytes", "size of the model (bytes)", true },
	{ "parameters", "parameters", true },
	{ "multiply_adds", "multiply-adds a row", true },
	{ "ns_row", "time a row (ns)", true },
	{ "ns_user", "time a user (ns)", true },
	{ "seconds", "time (s)", true },
	{ "predicted", "predicted rate", false },
	{ "observed", "observed rate", false },
};
enum { MEANINGS = sizeof meanings / sizeof *meanings };

/* "ndcg" means "ndcg" and "ndcg@10", not "ndcg_graded@10". */
static bool means(const char *column, const char *name)
{
	size_t n = strlen(name);

	return strncmp(column, name, n) == 0 && (!column[n] || column[n] == '@');
}

static const struct meaning *meaning_of(const char *column)
{
	if (strncmp(column, "valid_", 6) == 0)
		column += 6;
	for (size_t i = 0; i < MEANINGS; i++)
		if (means(column, meanings[i].name))
			return &meanings[i];
	return NULL;
}

void axis_label(char label[AXIS_LABEL], const char *column)
{
	const struct meaning *m = meaning_of(column);
	const char *at = strchr(column, '@');

	if (!m)
		snprintf(label, AXIS_LABEL, "%s", column);
	else
		snprintf(label, AXIS_LABEL, "%s%s%s", m->label, at ? at : "",
			strncmp(column, "valid_", 6) == 0 ? " on part 1" : "");
}

bool axis_is_cost(const char *column)
{
	const struct meaning *m = meaning_of(column);

	return m && m->lower;
}

static bool has_numbers(const struct tsv *t, size_t column)
{
	for (size_t r = 0; r < t->rows; r++)
		if (!isnan(tsv_number(t, r, column)))
			return true;
	return false;
}

size_t axis_choose(const struct tsv *t, const char *asked, const char *const *wish, bool number,
	const char *what, const char *place)
{
	size_t c = asked ? tsv_find(t, asked) : TSV_COLUMNS;

	if (asked && c == TSV_COLUMNS)
		die("%s: no column '%s'; there is '%s' and %zu others", place, asked, t->name[0],
			t->columns - 1);
	if (asked && number && !has_numbers(t, c))
		die("%s: no line has a number in column '%s'", place, asked);
	for (; c == TSV_COLUMNS && *wish; wish++)
		for (size_t i = 0; i < t->columns && c == TSV_COLUMNS; i++) {
			size_t n = strlen(*wish);
			bool open = (*wish)[n - 1] == '*';
			bool match = open ? strncmp(t->name[i], *wish, n - 1) == 0
					  : means(t->name[i], *wish);

			if (match && (!number || has_numbers(t, i)))
				c = i;
		}
	if (c == TSV_COLUMNS)
		die("%s: no column to show as %s; name one with --%s", place, what, what);
	return c;
}
