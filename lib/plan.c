#include "plan.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "numeral.h"

enum { NO_PART = 254 }; /* of a word that nothing maps */

static int64_t date(const char *option, const char *text)
{
	int64_t time;

	if (numeral_time(&time, text, strlen(text)))
		die_usage("--%s: '%s' is not an integer or a date YYYY-MM-DD", option, text);
	return time;
}

static void check_fold(struct plan *plan)
{
	if (!split_fold_parse(&plan->draw.fold, &plan->draw.folds, plan->fold))
		die_usage(
			"--fold: '%s' is not I/K with 1 <= I <= K and 2 <= K <= 10000", plan->fold);
	if (plan->scheme != SPLIT_RANDOM && plan->scheme != SPLIT_COLD_USERS &&
		plan->scheme != SPLIT_COLD_ITEMS)
		die_usage("--fold: only --scheme random, cold-users and cold-items have folds");
	plan->test = 1 / (double)plan->draw.folds;
}

static void check_dates(struct plan *plan)
{
	if (plan->scheme != SPLIT_TIME || !plan->test_from)
		die_usage("--valid-from: expected --scheme time and --test-from");
	plan->dates = true;
	plan->test_from_time = date("test-from", plan->test_from);
	plan->valid_from_time =
		plan->valid_from ? date("valid-from", plan->valid_from) : plan->test_from_time;
	if (plan->valid_from_time > plan->test_from_time)
		die_usage("--valid-from: %s is later than --test-from %s", plan->valid_from,
			plan->test_from);
}

static void check_column(struct plan *plan)
{
	if (plan->scheme != SPLIT_GIVEN || !plan->column)
		die_usage("--column and --map: expected --scheme given and a --column");
	if (strlen(plan->column) > TENSOR_NAME - 20)
		die_usage("--column: the name is too long");
	snprintf(plan->column_name, sizeof plan->column_name, "row.cat.%s", plan->column);
	for (size_t i = 0; i < plan->map.n; i++) {
		const char *sign = strrchr(plan->map.at[i], '=');
		uint8_t part;

		if (!sign || !split_part_parse(&part, sign + 1, strlen(sign + 1)))
			die_usage("--map: '%s' is not WORD=PART with train, valid, test or out",
				plan->map.at[i]);
	}
}

static void check_certificate(struct plan *plan)
{
	static const char *const name[] = { "none", "counts", "full" }; /* as plan_certificate */

	while (strcmp(plan->certificate_name, name[plan->certificate]) != 0)
		if (plan->certificate++ == PLAN_FULL)
			die_usage("--certificate: '%s' is not full, counts or none",
				plan->certificate_name);
	if (plan->strict && plan->certificate != PLAN_FULL)
		die_usage("--strict: needs --certificate full");
}

void plan_check(struct plan *plan)
{
	if (!split_scheme_parse(&plan->scheme, plan->scheme_name))
		die_usage("--scheme: '%s' is not random, user, leave-one-out, time, cold-users, "
			  "cold-items or given",
			plan->scheme_name);
	if (plan->fold)
		check_fold(plan);
	if (plan->valid_from || plan->test_from)
		check_dates(plan);
	if (plan->column || plan->map.n)
		check_column(plan);
	if (plan->valid + plan->test >= 1)
		die_usage("--valid and --test: %g and %g leave nothing to train", plan->valid,
			plan->test);
	if (plan->last && plan->scheme != SPLIT_USER && plan->scheme != SPLIT_LEAVE_ONE_OUT)
		die_usage("--last: only --scheme user and leave-one-out take rows of each user");
	check_certificate(plan);
	plan->draw.seed = (uint64_t)plan->seed;
	plan->draw.valid = plan->valid;
	plan->draw.test = plan->test;
	plan->want[SPLIT_VALID] = plan->dates ? plan->valid_from != NULL : plan->valid > 0;
	plan->want[SPLIT_TEST] = plan->dates || plan->test > 0;
	if (plan->scheme == SPLIT_GIVEN)
		plan->want[SPLIT_VALID] = plan->want[SPLIT_TEST] = false;
}

bool plan_whole(const struct plan *plan)
{
	return plan->scheme == SPLIT_USER || plan->scheme == SPLIT_LEAVE_ONE_OUT ||
	       (plan->scheme == SPLIT_TIME && !plan->dates);
}

bool plan_writes(const struct plan *plan)
{
	return plan->scheme != SPLIT_GIVEN || *plan->column_name || plan->thin < 1;
}

bool plan_needs(const struct plan *plan, const char *name)
{
	enum split_scheme scheme = plan->scheme;

	if (strcmp(name, "user") == 0)
		return scheme == SPLIT_USER || scheme == SPLIT_LEAVE_ONE_OUT ||
		       scheme == SPLIT_COLD_USERS;
	if (strcmp(name, "item") == 0)
		return scheme == SPLIT_COLD_ITEMS;
	return strcmp(name, "time") == 0 && (scheme == SPLIT_TIME || plan->last);
}

bool plan_is_column(const struct plan *plan, const char *name)
{
	const char *column = plan->column_name;
	size_t n = strlen(column);

	if (n && strncmp(name, "vocab.", 6) == 0)
		return strncmp(name + 6, column, n) == 0 &&
		       (strcmp(name + 6 + n, ".at") == 0 || strcmp(name + 6 + n, ".text") == 0);
	return n && strcmp(name, column) == 0;
}

/* The id of a word, or `words` when there is none. */
static size_t id_of(
	const struct plan *plan, const struct tensors *tables, const char *word, size_t length)
{
	for (size_t i = 0; i < plan->words; i++) {
		size_t n;
		const char *known = tensors_word(tables, plan->column_name, i, &n);

		if (known && n == length && memcmp(known, word, n) == 0)
			return i;
	}
	return plan->words;
}

/* Names of parts mean themselves unless --map says otherwise. */
void plan_words(struct plan *plan, const struct tensors *tables)
{
	char at[TENSOR_NAME + 16];

	snprintf(at, sizeof at, "vocab.%s.at", plan->column_name);
	plan->words = tensor_rows(tensors_need(tables, at, U64, 1));
	plan->words -= plan->words > 0;
	plan->part_of_word = mem_new(plan->words, 1);
	for (size_t i = 0; i < plan->words; i++) {
		size_t n;
		const char *word = tensors_word(tables, plan->column_name, i, &n);

		if (!word || !split_part_parse(&plan->part_of_word[i], word, n))
			plan->part_of_word[i] = NO_PART;
	}
	for (size_t i = 0; i < plan->map.n; i++) {
		const char *pair = plan->map.at[i], *sign = strrchr(pair, '=');
		size_t id = id_of(plan, tables, pair, (size_t)(sign - pair));

		if (id == plan->words)
			die("stdin: '%s' has no word '%.*s'; expected those of --map",
				plan->column_name, (int)(sign - pair), pair);
		split_part_parse(&plan->part_of_word[id], sign + 1, strlen(sign + 1));
	}
}

static void map_words(
	uint8_t *part, const struct plan *plan, uint64_t start, const uint32_t *id, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		part[i] = id[i] < plan->words ? plan->part_of_word[id[i]] : NO_PART;
		if (part[i] == NO_PART)
			die("stdin: '%s' of row %ju (word %u) is not mapped; expected train, "
			    "valid, test or out, or --map WORD=PART",
				plan->column_name, (uintmax_t)(start + i + 1), id[i]);
	}
}

static void take_given(uint8_t *part, uint64_t start, const uint8_t *given, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		part[i] = given[i];
		if (part[i] >= SPLIT_PARTS && part[i] != SPLIT_OUT)
			die("stdin: 'part' of row %ju is %u; expected 0, 1, 2 or 255",
				(uintmax_t)(start + i + 1), part[i]);
	}
}

static void draw_part(uint8_t *part, const struct plan *plan, uint64_t start,
	const struct tally_rows *rows, const struct tensors *columns)
{
	switch (plan->scheme) {
	case SPLIT_COLD_USERS:
		split_cold(part, rows->user, rows->n, SPLIT_BY_USER, &plan->draw);
		return;
	case SPLIT_COLD_ITEMS:
		split_cold(part, rows->item, rows->n, SPLIT_BY_ITEM, &plan->draw);
		return;
	case SPLIT_TIME:
		split_dates(part, rows->time, rows->n, plan->valid_from_time, plan->test_from_time);
		return;
	case SPLIT_GIVEN:
		if (*plan->column_name)
			map_words(part, plan, start,
				tensors_need(columns, plan->column_name, U32, 1)->data, rows->n);
		else
			take_given(
				part, start, tensors_need(columns, "part", U8, 1)->data, rows->n);
		return;
	case SPLIT_RANDOM:
	case SPLIT_USER:
	case SPLIT_LEAVE_ONE_OUT:
		break;
	}
	split_random(part, start, rows->n, &plan->draw);
}

void plan_part(uint8_t *part, const struct plan *plan, uint64_t start,
	const struct tally_rows *rows, const struct tensors *columns)
{
	draw_part(part, plan, start, rows, columns);
	if (plan->thin < 1)
		split_thin(part, start, rows->n, plan->thin, plan->draw.seed);
}

void plan_part_whole(uint8_t *part, size_t n, const struct plan *plan, struct group *users,
	const struct when *time)
{
	uint64_t seed = plan->draw.seed;

	if (plan->scheme == SPLIT_USER)
		split_user(part, users, plan->last ? time : NULL, seed, plan->valid, plan->test);
	else if (plan->scheme == SPLIT_LEAVE_ONE_OUT)
		split_leave_one_out(
			part, users, plan->last ? time : NULL, seed, plan->valid, plan->test);
	else
		split_time(part, time, plan->valid, plan->test);
	if (plan->thin < 1)
		split_thin(part, 0, n, plan->thin, seed);
}
