#include "notes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "die.h"

/* Whether a tensor is something to learn, and then its teacher's name: n bytes at name[at]. */
static bool left_by(const char *name, bool rows, size_t *at, size_t *n)
{
	bool row = tensor_match("hint.*", name) && !strchr(name + 5, '.');

	if (!tensor_match("top.*.item", name) && !tensor_match("hint.*.user", name) &&
		!(row && rows))
		return false;
	*at = strcspn(name, ".") + 1;
	*n = strcspn(name + *at, ".");
	return true;
}

const char *notes_teacher(const struct tensors *set, const char *asked, bool rows)
{
	static char found[TENSOR_NAME + 1];
	const char *other = NULL;
	size_t at, n;

	*found = 0;
	for (size_t i = 0; i < set->n; i++) {
		const char *name = set->at[i]->name;

		if (!left_by(name, rows, &at, &n))
			continue;
		if (*found && (strncmp(found, name + at, n) != 0 || found[n]))
			other = name + at;
		else
			snprintf(found, sizeof found, "%.*s", (int)n, name + at);
	}
	if (other && !asked)
		die_usage("--teacher: there are '%s' and '%.*s'; say which", found,
			(int)strcspn(other, "."), other);
	if (!asked && !*found)
		die("stdin: needs a teacher's lists 'top.NAME.item' or factors 'hint.NAME.user'%s; "
		    "rs-softlabel --top, --hint make them",
			!rows ? "" : ", or activations 'hint.NAME'");
	return asked ? asked : found;
}

/* part NULL: of rows. */
static const struct tensor *need(const struct notes *notes, const char *kind, const char *part,
	enum dtype dtype, size_t rows)
{
	char name[2 * TENSOR_NAME];
	const struct tensor *t;

	snprintf(name, sizeof name, "%s.%s%s%s", kind, notes->teacher, part ? "." : "",
		part ? part : "");
	t = tensors_need(notes->set, name, dtype, 2);
	if (tensor_rows(t) < rows)
		die("stdin: '%s' has %llu rows, expected at least %zu", name,
			(unsigned long long)tensor_rows(t), rows);
	if (!tensor_cols(t))
		die("stdin: '%s' has no columns", name);
	return t;
}

static void check_list(
	const struct tensor *ids, const struct tensor *scores, size_t rows, size_t below)
{
	size_t k = tensor_cols(ids);
	const uint32_t *id = ids->data;
	const float *score = scores->data;

	if (tensor_rows(scores) != tensor_rows(ids) || tensor_cols(scores) != k)
		die("stdin: '%s' is not as large as '%s'", scores->name, ids->name);
	for (size_t e = 0; e < rows * k; e++) {
		bool end = id[e] == TAUGHT_END;

		if ((!end && id[e] >= below) || (e % k && !end && id[e - 1] == TAUGHT_END))
			die("stdin: '%s' of row %zu, place %zu is %u; expected ids below %zu, then "
			    "4294967295",
				ids->name, e / k, e % k, id[e], below);
		if (!end && !isfinite(score[e]))
			die("stdin: '%s' of row %zu, place %zu is %g; expected a finite number",
				scores->name, e / k, e % k, (double)score[e]);
	}
}

struct taught notes_lists(const struct notes *notes, bool reverse)
{
	size_t rows = reverse ? notes->rows->items : notes->rows->users;
	const char *kind = reverse ? "rev" : "top";
	const struct tensor *id = need(notes, kind, reverse ? "user" : "item", U32, rows);
	const struct tensor *score = need(notes, kind, "score", F32, rows);
	struct taught t;

	check_list(id, score, rows, reverse ? notes->rows->users : notes->rows->items);
	taught_open(&t, notes->rows, reverse, id->data, score->data, tensor_cols(id),
		notes->seed + reverse);
	return t;
}

/* place: as in notes, or NULL. */
static const float *check_hint(const struct tensor *t, const uint32_t *place)
{
	const float *x = t->data;

	for (size_t e = 0; e < tensor_rows(t) * tensor_cols(t); e++) {
		size_t row = e / tensor_cols(t), r = place ? 0 : row;

		if (isfinite(x[e]))
			continue;
		while (place && place[r] != row)
			r++;
		die("stdin: '%s' of row %zu is %g; expected finite numbers", t->name, r,
			(double)x[e]);
	}
	return x;
}

size_t notes_factors(const struct notes *notes, const float *factor[2])
{
	const struct tensor *user = need(notes, "hint", "user", F32, notes->rows->users);
	const struct tensor *item = need(notes, "hint", "item", F32, notes->rows->items);

	if (tensor_cols(user) != tensor_cols(item))
		die("stdin: '%s' is %llu wide, '%s' %llu", user->name,
			(unsigned long long)tensor_cols(user), item->name,
			(unsigned long long)tensor_cols(item));
	factor[0] = check_hint(user, NULL);
	factor[1] = check_hint(item, NULL);
	return tensor_cols(user);
}

size_t notes_hints(const struct notes *notes, const float **hint)
{
	size_t n = notes->place ? notes->placed : notes->rows->n;
	const struct tensor *rows = need(notes, "hint", NULL, F32, n);

	*hint = check_hint(rows, notes->place);
	return tensor_cols(rows);
}

struct tensor *notes_of_rows(const struct tensors *set, const char *teacher)
{
	char name[2 * TENSOR_NAME];

	snprintf(name, sizeof name, "hint.%s", teacher);
	return tensors_find(set, name);
}
