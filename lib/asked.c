#include "asked.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cells.h"
#include "die.h"

/* Dies when an option that only other tasks have was given. */
static void check_task(const struct asked *c, enum asked_task task)
{
	const struct {
		bool given;
		const char *name;
		unsigned tasks;
	} only[] = {
		{ c->curve, "curve", 1 << ASKED_ROWS },
		{ c->conversion, "conversion", 1 << ASKED_ROWS },
		{ c->by_user, "by-user", 1 << ASKED_ROWS },
		{ c->treatment, "treatment", 1 << ASKED_UPLIFT },
		{ c->control, "control", 1 << ASKED_UPLIFT },
		{ c->relevant, "relevant",
			1 << ASKED_RANKING | 1 << ASKED_SAMPLED | 1 << ASKED_DISTILLATION },
		{ c->of, "of", 1 << ASKED_SAMPLED },
		{ c->gamma != 0.1, "gamma", 1 << ASKED_SAMPLED },
		{ c->teacher, "teacher", 1 << ASKED_DISTILLATION },
		{ c->bootstrap, "bootstrap", 1 << ASKED_RANKING | 1 << ASKED_ROWS },
		{ c->against, "against", 1 << ASKED_RANKING | 1 << ASKED_ROWS },
		{ c->by, "by", 1 << ASKED_RANKING | 1 << ASKED_ROWS },
		{ c->groups != 4, "groups", 1 << ASKED_RANKING | 1 << ASKED_ROWS },
		{ c->diversity, "diversity", 1 << ASKED_RANKING },
		{ c->per_user, "per-user", 1 << ASKED_RANKING },
		{ c->sampled, "sampled", 1 << ASKED_RANKING },
		{ c->repeats, "repeats", 1 << ASKED_RANKING },
		{ c->where.n > 0, "items-where", 1 << ASKED_RANKING },
		{ c->keep_seen, "keep-seen", 1 << ASKED_RANKING },
		{ strcmp(c->ties, "id") != 0, "ties", 1 << ASKED_RANKING },
		{ strcmp(c->as, "own") != 0, "as", 1 << ASKED_RANKING },
	};

	for (size_t i = 0; i < sizeof only / sizeof *only; i++)
		if (only[i].given && !(only[i].tasks >> task & 1))
			die_usage("--%s: not with --task %s", only[i].name, c->task);
	if (c->against && !c->bootstrap)
		die_usage("--against: names the other side of tests: only with --bootstrap");
	if (c->groups != 4 && !c->by)
		die_usage("--groups: only with --by");
}

enum asked_task asked_task(const struct asked *c)
{
	static const char *const name[ASKED_TASKS] = { "rows", "uplift", "sampled", "ranking",
		"distillation" };
	int task = 0;

	while (task < ASKED_TASKS && strcmp(c->task, name[task]) != 0)
		task++;
	if (task == ASKED_TASKS)
		die_usage("--task: '%s' is none of rows, uplift, sampled, ranking, distillation",
			c->task);
	check_task(c, (enum asked_task)task);
	if (c->seeds && task == ASKED_DISTILLATION)
		die_usage("--seeds: --task distillation has them in one line anyway");
	if (c->seeds && (c->bootstrap || c->curve))
		die_usage("--seeds: not with --bootstrap or --curve");
	return (enum asked_task)task;
}

static uint8_t part_of(const struct asked *c)
{
	uint8_t part;

	if (!cells_part_parse(&part, c->part))
		die_usage("--part: '%s' is none of train, valid, test, 0, 1, 2", c->part);
	return part;
}

static bool is_timed(const struct asked *c)
{
	if (c->cost && c->no_cost)
		die_usage("--cost, --no-cost: one of them at most");
	return c->cost || (!c->no_cost && isatty(STDOUT_FILENO));
}

static size_t cutoffs_of(const char *text, size_t *cutoff, size_t room)
{
	size_t n = opt_list("k", text, 1, 10000, cutoff, room);

	if (!n)
		die_usage("--k: '%s' is not a list like 5,10", text);
	for (size_t i = 1; i < n; i++)
		if (cutoff[i] <= cutoff[i - 1])
			die_usage("--k: the cutoffs of '%s' do not ascend", text);
	return n;
}

/* NaN: not given. */
static double relevant_of(const char *text)
{
	char *end;
	double relevant = text ? strtod(text, &end) : NAN;

	if (text && (end == text || *end || !isfinite((float)relevant)))
		die_usage("--relevant: '%s' is not a number", text);
	return relevant;
}

/* ---- rows ---- */

static void set_threshold(struct board *board, const char *text)
{
	char *end;

	board->goal = strcmp(text, "best-accuracy") == 0 ? CURVE_ACCURACY : CURVE_F1;
	board->choose = board->goal == CURVE_ACCURACY || strcmp(text, "best-f1") == 0;
	board->threshold = board->choose ? 0.5 : strtod(text, &end);
	if (!board->choose &&
		(end == text || *end || !(board->threshold >= 0 && board->threshold <= 1)))
		die_usage(
			"--threshold: '%s' is neither in 0..1 nor best-f1 or best-accuracy", text);
}

/* "row.cat.arm=VALUE", or "row.num.treated". */
static void set_treatment(struct board *board, const struct asked *c)
{
	const char *value = c->treatment ? strchr(c->treatment, '=') : NULL;
	char *column = board->treatment;

	if (!c->treatment)
		die_usage("--task uplift: --treatment is needed: who was treated?");
	snprintf(column, sizeof board->treatment, "%.*s",
		(int)(value ? (size_t)(value - c->treatment) : strlen(c->treatment)), c->treatment);
	if (!tensor_match(value ? "row.cat.*" : "row.num.*", column))
		die_usage("--treatment: '%s' is neither row.cat.NAME=VALUE nor row.num.NAME",
			c->treatment);
	if (c->control && !value)
		die_usage("--control: '%s' has no values", c->treatment);
	board->extra[BOARD_TREATMENT] = column;
	board->treated = value ? value + 1 : NULL;
	board->control = c->control;
}

static void set_slices(struct board *board, const struct asked *c)
{
	bool of_items;

	board->by = c->by;
	board->groups = (size_t)c->groups;
	if (!c->by)
		return;
	if (c->curve)
		die_usage("--by: not with --curve");
	if (tensor_match("row.cat.*", c->by))
		board->extra[BOARD_SLICE] = c->by;
	else if (!slices_parse(&of_items, c->by))
		die_usage("--by: '%s' is none of row.cat.NAME, user.cat.NAME, item.cat.NAME, "
			  "user.activity, item.popularity",
			c->by);
	else
		board->extra[of_items ? BOARD_ITEM : BOARD_USER] = of_items ? "item" : "user";
}

bool asked_curve(enum score_curve *curve, const struct asked *c)
{
	*curve = c->curve && strcmp(c->curve, "pr") == 0 ? SCORE_PR : SCORE_CALIBRATION;
	if (c->curve && *curve != SCORE_PR && strcmp(c->curve, "calibration") != 0)
		die_usage("--curve: '%s' is neither pr nor calibration", c->curve);
	return c->curve != NULL;
}

void asked_board(struct board *board, const struct asked *c)
{
	board->part = part_of(c);
	board->timed = is_timed(c) && !c->curve;
	board->by_user = c->by_user;
	board->seeds = c->seeds;
	board->top = c->top;
	board->cutoffs = cutoffs_of(c->k, board->cutoff, WITHIN_CUTOFFS);
	board->extra[BOARD_USER] = c->by_user || c->bootstrap ? "user" : NULL;
	board->replicates = (size_t)c->bootstrap;
	board->seed = (uint64_t)c->seed;
	board->against = c->against;
	set_slices(board, c);
	board->extra[BOARD_CONVERSION] = c->conversion;
	board->sampled = asked_task(c) == ASKED_SAMPLED;
	board->items = (size_t)c->of;
	board->gamma = c->gamma;
	if (board->sampled) {
		double relevant = relevant_of(c->relevant);

		board->extra[BOARD_USER] = "user";
		board->relevant = isnan(relevant) ? nextafterf(0, 1) : (float)relevant;
	}
	set_threshold(board, c->threshold);
	if (asked_task(c) == ASKED_UPLIFT)
		set_treatment(board, c);
	if (c->conversion && !tensor_match("row.num.*", c->conversion))
		die_usage("--conversion: '%s' is not row.num.NAME", c->conversion);
}

/* ---- rankings ---- */

static void check_slices(const struct trial *trial, const struct asked *c)
{
	bool of_items = false;

	if (c->by && !slices_parse(&of_items, c->by))
		die_usage("--by: '%s' is none of user.cat.NAME, item.cat.NAME, user.activity, "
			  "item.popularity",
			c->by);
	if (of_items && (trial->negatives || trial->ties != PLACE_ID))
		die_usage("--by %s: not with --sampled or --ties", c->by);
	if (c->diversity && !tensor_match("item.cat.*", c->diversity) &&
		!tensor_match("item.bag.*", c->diversity))
		die_usage("--diversity: '%s' is neither item.cat.NAME nor item.bag.NAME",
			c->diversity);
	if (c->diversity && trial->negatives)
		die_usage("--diversity: not with --sampled");
}

void asked_trial(struct trial *trial, const struct asked *c)
{
	trial->part = part_of(c);
	trial->keep_seen = c->keep_seen;
	trial->timed = is_timed(c);
	trial->cutoffs = cutoffs_of(c->k, trial->cutoff, TRIAL_CUTOFFS);
	trial->relevant = relevant_of(c->relevant);
	if (!rank_as_parse(&trial->as, c->as))
		die_usage("--as: '%s' is none of own, recbole, trec_eval, ranx, lenskit, "
			  "sklearn",
			c->as);
	if (!place_ties_parse(&trial->ties, c->ties))
		die_usage("--ties: '%s' is none of id, optimistic, pessimistic, mean", c->ties);
	if (trial->as == RANK_SKLEARN && trial->ties == PLACE_ID)
		trial->ties = PLACE_MEAN;
	trial->negatives = (size_t)c->sampled;
	trial->repeats = c->repeats;
	check_slices(trial, c);
	if (trial->negatives && trial->ties == PLACE_MEAN)
		die_usage("--sampled, --ties mean: not together");
	if (trial->repeats && !trial->negatives)
		die_usage("--repeats: only with --sampled");
}

void asked_heirs(struct heirs *heirs, const struct asked *c)
{
	heirs->part = part_of(c);
	heirs->timed = is_timed(c);
	heirs->cutoffs = cutoffs_of(c->k, heirs->cutoff, HEIR_CUTOFFS);
	heirs->relevant = relevant_of(c->relevant);
}

void asked_how(struct contest_how *how, const struct asked *c)
{
	*how = (struct contest_how){ report_form(&c->forms), is_timed(c), (size_t)c->bootstrap,
		(uint64_t)c->seed, c->against, NULL, c->per_user, c->seeds };
}
