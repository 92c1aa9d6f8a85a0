#include "sift.h"

#include <stdlib.h>

#include "die.h"
#include "mem.h"
#include "members.h"

void sift_rows(struct prep_rows *rows, const struct tensors *set, const struct prep_task *task)
{
	rows->user =
		members_column(set, "user", U32, prep_needs_pairs(task) || task->sample_users < 1);
	rows->item = members_column(set, "item", U32, prep_needs_pairs(task));
	rows->label = members_column(set, "label", F32, prep_needs_label(task));
	rows->time = task->how == PREP_FIRST || task->how == PREP_LAST
			     ? members_column(set, "time", I64, false)
			     : NULL;
	rows->n = members_rows(set);
	rows->users = members_ids(set, "user", rows->n);
	rows->items = members_ids(set, "item", rows->n);
}

void sift_refuse_duplicates(const struct prep_rows *rows)
{
	size_t earlier, later;

	if (prep_first_duplicate(rows, &earlier, &later))
		die("stdin: row %zu has the user and item of row %zu; expected each pair once",
			later + 1, earlier + 1);
	warn("duplicates: none of %zu rows", rows->n);
}

void sift_check_label(const float *label, size_t start, size_t n)
{
	size_t fault = prep_fault(label, n);

	if (fault < n)
		die("stdin: 'label' of row %zu is not finite; expected a number",
			start + fault + 1);
}

void sift_tell(enum prep_step step, size_t count, size_t left)
{
	static const char *const name[] = { "duplicates", "positive", "sample-users", "sample-rows",
		"limit", "core" };

	if (step == PREP_POSITIVE)
		warn("positive: %zu of %zu rows", count, left);
	else
		warn("%s: %zu rows gone, %zu left", name[step], count, left);
}

/* The steps; a sum of labels may be beyond f32. Returns how many rows are left. */
static size_t choose_rows(uint8_t *keep, const struct prep_rows *rows, const struct prep_task *task)
{
	size_t left;

	if (task->how == PREP_ERROR)
		sift_refuse_duplicates(rows);
	if (prep_needs_label(task))
		sift_check_label(rows->label, 0, rows->n);
	left = prep_run(keep, rows, task, sift_tell);
	if (prep_needs_label(task))
		sift_check_label(rows->label, 0, rows->n);
	if (left == 0)
		die("nothing left of %zu rows", rows->n);
	return left;
}

static void renumber(struct tensors *set, const char *kind, size_t ids)
{
	size_t left;

	if (!tensors_find(set, kind))
		return;
	left = members_renumber(set, kind, ids);
	warn("%ss: %zu gone, %zu left", kind, ids - left, left);
}

void sift_remove(struct tensors *set, const struct prep_task *task)
{
	struct prep_rows rows;
	uint64_t *from;
	uint8_t *keep;
	size_t left;

	sift_rows(&rows, set, task);
	keep = mem_new(rows.n, 1);
	left = choose_rows(keep, &rows, task);
	from = mem_new(left, sizeof *from);
	if (prep_removes(task)) {
		members_list(from, keep, rows.n);
		members_cut(set, "row", rows.n, from, left);
		renumber(set, "user", rows.users);
		renumber(set, "item", rows.items);
	}
	free(keep);
	free(from);
}

void sift_label(const struct prep_rows *rows, const struct prep_task *task)
{
	sift_check_label(rows->label, 0, rows->n);
	sift_tell(PREP_POSITIVE, prep_binary(rows->label, rows->n, &task->rule), rows->n);
}

void sift_refuse_answers(const char *name, bool rows_come)
{
	if (tensor_match("model.*", name) || tensor_match("top.*", name))
		die("stdin: '%s' knows users and items by the ids of all rows; expected no model "
		    "before rows are chosen",
			name);
	if (rows_come && (tensor_match("soft.*", name) || tensor_match("hint.*", name)))
		die("stdin: '%s' is an answer for a row's own item; expected none before "
		    "--negatives",
			name);
}
