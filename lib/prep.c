#include "prep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "group.h"
#include "mem.h"
#include "rng.h"

/* ---- labels ---- */

bool prep_rule_parse(struct prep_rule *rule, const char *text)
{
	static const char *const sign[] = { ">=", ">", "<=", "<", "==" }; /* as prep_compare */
	char *end;

	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++) {
		size_t n = strlen(sign[i]);

		if (strncmp(text, sign[i], n) != 0)
			continue;
		rule->compare = (enum prep_compare)i;
		rule->bound = strtof(text + n, &end);
		return end > text + n && *end == 0 && isfinite(rule->bound);
	}
	return false;
}

static bool obeys(float x, const struct prep_rule *rule)
{
	switch (rule->compare) {
	case PREP_GE:
		return x >= rule->bound;
	case PREP_GT:
		return x > rule->bound;
	case PREP_LE:
		return x <= rule->bound;
	case PREP_LT:
		return x < rule->bound;
	case PREP_EQ:
		break;
	}
	return x == rule->bound;
}

size_t prep_binary(float *label, size_t n, const struct prep_rule *rule)
{
	size_t ones = 0;

#pragma omp parallel for schedule(static) reduction(+ : ones)
	for (size_t i = 0; i < n; i++) {
		bool one = obeys(label[i], rule);

		label[i] = one;
		ones += one;
	}
	return ones;
}

size_t prep_fault(const float *label, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(label[i]))
			return i;
	return n;
}

/* ---- rows ---- */

bool prep_duplicates_parse(enum prep_duplicates *how, const char *text)
{
	static const char *const name[] = { "error", "first", "last", "sum", "mean" };

	for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
		*how = PREP_ERROR + (enum prep_duplicates)i;
		if (strcmp(text, name[i]) == 0)
			return true;
	}
	return false;
}

/* What is known of an item while the rows of one user pass by. */
struct slot {
	size_t user, row, count; /* user is the id + 1; row stays */
	double sum;
};

static void meet(uint8_t *keep, const struct prep_rows *rows, enum prep_duplicates how,
	struct slot *slot, size_t row)
{
	const int64_t *time = rows->time;

	slot->count++;
	switch (how) {
	case PREP_ANY:
	case PREP_ERROR:
		return;
	case PREP_LAST:
		if (!time || time[row] >= time[slot->row]) {
			keep[slot->row] = 0;
			slot->row = row;
			return;
		}
		break;
	case PREP_SUM:
	case PREP_MEAN:
		slot->sum += (double)rows->label[row];
		rows->label[slot->row] =
			(float)(how == PREP_SUM ? slot->sum : slot->sum / (double)slot->count);
		break;
	case PREP_FIRST:
		if (time && time[row] < time[slot->row]) {
			keep[slot->row] = 0;
			slot->row = row;
			return;
		}
		break;
	}
	keep[row] = 0;
}

size_t prep_duplicates(uint8_t *keep, const struct prep_rows *rows, enum prep_duplicates how)
{
	struct slot *slots = mem_new(rows->items, sizeof *slots);
	struct group users;
	size_t found = 0;

	group_new(&users, rows->user, rows->n, rows->users);
	for (size_t k = 0; k < rows->n; k++) {
		size_t row = users.row[k], user = (size_t)rows->user[row] + 1;
		struct slot *slot = &slots[rows->item[row]];

		if (slot->user == user) {
			meet(keep, rows, how, slot, row);
			found++;
			continue;
		}
		*slot = (struct slot){ user, row, 1, rows->label ? (double)rows->label[row] : 0 };
	}
	group_free(&users);
	free(slots);
	return found;
}

bool prep_first_duplicate(const struct prep_rows *rows, size_t *earlier, size_t *later)
{
	struct slot *slots = mem_new(rows->items, sizeof *slots);
	struct group users;

	*later = rows->n;
	group_new(&users, rows->user, rows->n, rows->users);
	for (size_t k = 0; k < rows->n; k++) {
		size_t row = users.row[k], user = (size_t)rows->user[row] + 1;
		struct slot *slot = &slots[rows->item[row]];

		if (slot->user == user && row < *later) {
			*earlier = slot->row;
			*later = row;
		}
		*slot = (struct slot){ user, row, 1, 0 };
	}
	group_free(&users);
	free(slots);
	return *later < rows->n;
}

/* Rows and users are drawn from seeds of their own, so that the draws of row 7 and user 7 are two.
 */
enum { SEED_ROWS, SEED_USERS };

static size_t clear(uint8_t *keep, size_t row, bool stays)
{
	bool gone = keep[row] && !stays;

	keep[row] = keep[row] && stays;
	return gone;
}

size_t prep_sample_rows(uint8_t *keep, size_t n, double fraction, uint64_t seed)
{
	uint64_t own = rng_derive(seed, SEED_ROWS);
	size_t gone = 0;

#pragma omp parallel for schedule(static) reduction(+ : gone)
	for (size_t r = 0; r < n; r++)
		gone += clear(keep, r, rng_unit(own, RNG_SAMPLE, r) < fraction);
	return gone;
}

size_t prep_sample_users(
	uint8_t *keep, const struct prep_rows *rows, double fraction, uint64_t seed)
{
	uint64_t own = rng_derive(seed, SEED_USERS);
	size_t gone = 0;

#pragma omp parallel for schedule(static) reduction(+ : gone)
	for (size_t r = 0; r < rows->n; r++)
		gone += clear(keep, r, rng_unit(own, RNG_SAMPLE, rows->user[r]) < fraction);
	return gone;
}

static size_t *count_kept(const uint8_t *keep, const uint32_t *id, size_t n, size_t ids)
{
	size_t *count = mem_new(ids, sizeof *count);

	for (size_t r = 0; r < n; r++)
		count[id[r]] += keep[r];
	return count;
}

size_t prep_limit(uint8_t *keep, const struct prep_rows *rows, size_t max_user, size_t max_item)
{
	size_t *users = count_kept(keep, rows->user, rows->n, rows->users);
	size_t *items = count_kept(keep, rows->item, rows->n, rows->items);
	size_t gone = 0;

	for (size_t r = 0; r < rows->n; r++)
		gone += clear(keep, r,
			(!max_user || users[rows->user[r]] <= max_user) &&
				(!max_item || items[rows->item[r]] <= max_item));
	free(users);
	free(items);
	return gone;
}

/* Users or items while the core is peeled. */
struct side {
	const uint32_t *id;
	struct group rows;
	size_t *count, min; /* rows kept of each id; how many it needs */
};

/* Ids of both sides that have too few rows, each exactly once: when it is found so at the start,
 * or when it falls from min to min - 1. */
struct doomed {
	struct {
		int side;
		size_t id;
	} * at;
	size_t n;
};

static void doom(struct doomed *list, int side, size_t id)
{
	list->at[list->n].side = side;
	list->at[list->n++].id = id;
}

static void side_new(
	struct side *s, const uint8_t *keep, const uint32_t *id, size_t n, size_t ids, size_t min)
{
	s->id = id;
	s->min = min;
	s->count = count_kept(keep, id, n, ids);
	group_new(&s->rows, id, n, ids);
}

static void side_free(struct side *s)
{
	group_free(&s->rows);
	free(s->count);
}

static size_t peel(uint8_t *keep, struct side side[2], struct doomed *list)
{
	size_t gone = 0;

	while (list->n) {
		int here = list->at[--list->n].side, there = !here;
		size_t id = list->at[list->n].id, *start = side[here].rows.start;

		for (size_t k = start[id]; k < start[id + 1]; k++) {
			size_t row = side[here].rows.row[k], other = side[there].id[row];

			if (!keep[row])
				continue;
			keep[row] = 0;
			gone++;
			if (side[there].count[other]-- == side[there].min)
				doom(list, there, other);
		}
	}
	return gone;
}

size_t prep_core(uint8_t *keep, const struct prep_rows *rows, size_t min_user, size_t min_item)
{
	struct side side[2];
	struct doomed list = { mem_new(rows->users + rows->items, sizeof *list.at), 0 };
	size_t gone;

	side_new(&side[0], keep, rows->user, rows->n, rows->users, min_user);
	side_new(&side[1], keep, rows->item, rows->n, rows->items, min_item);
	for (int s = 0; s < 2; s++)
		for (size_t id = 0; id < side[s].rows.ids; id++)
			if (side[s].count[id] && side[s].count[id] < side[s].min)
				doom(&list, s, id);
	gone = peel(keep, side, &list);
	side_free(&side[0]);
	side_free(&side[1]);
	free(list.at);
	return gone;
}

/* ---- all steps ---- */

bool prep_removes(const struct prep_task *task)
{
	return task->where || task->how > PREP_ERROR || task->sample_rows < 1 ||
	       task->sample_users < 1 || task->min_user || task->min_item || task->max_user ||
	       task->max_item;
}

bool prep_needs_pairs(const struct prep_task *task)
{
	return task->how != PREP_ANY || task->min_user || task->min_item || task->max_user ||
	       task->max_item;
}

bool prep_needs_label(const struct prep_task *task)
{
	return task->binary || task->how >= PREP_SUM;
}

static size_t count_ones(const uint8_t *keep, const struct prep_rows *rows)
{
	size_t ones = 0;

	for (size_t r = 0; r < rows->n; r++)
		ones += keep[r] && rows->label[r] > 0;
	return ones;
}

size_t prep_run(
	uint8_t *keep, const struct prep_rows *rows, const struct prep_task *task, prep_done *done)
{
	size_t left = rows->n, gone;

	memset(keep, 1, rows->n);
	if (task->how > PREP_ERROR) {
		left -= gone = prep_duplicates(keep, rows, task->how);
		done(PREP_DUPLICATES, gone, left);
	}
	if (task->binary) {
		prep_binary(rows->label, rows->n, &task->rule);
		done(PREP_POSITIVE, count_ones(keep, rows), left);
	}
	if (task->sample_users < 1) {
		left -= gone = prep_sample_users(keep, rows, task->sample_users, task->seed);
		done(PREP_USERS, gone, left);
	}
	if (task->sample_rows < 1) {
		left -= gone = prep_sample_rows(keep, rows->n, task->sample_rows, task->seed);
		done(PREP_ROWS, gone, left);
	}
	if (task->max_user || task->max_item) {
		left -= gone = prep_limit(keep, rows, task->max_user, task->max_item);
		done(PREP_LIMIT, gone, left);
	}
	if (task->min_user || task->min_item) {
		left -= gone = prep_core(keep, rows, task->min_user, task->min_item);
		done(PREP_CORE, gone, left);
	}
	return left;
}
