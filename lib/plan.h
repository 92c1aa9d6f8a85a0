/* plan -- which split is asked for. Owns: the options of rs-split, what a scheme needs. */
#ifndef PLAN_H
#define PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"
#include "split.h"
#include "tally.h"
#include "tensor.h"

enum plan_certificate { PLAN_NONE, PLAN_COUNTS, PLAN_FULL };

struct plan {
	/* as given */
	const char *scheme_name, *fold, *valid_from, *test_from, *column, *certificate_name;
	struct opt_each map;
	double valid, test, thin;
	long seed;
	bool last, replace, strict;
	/* as understood */
	enum split_scheme scheme;
	enum plan_certificate certificate;
	struct split_draw draw;
	bool dates, want[SPLIT_PARTS];
	int64_t valid_from_time, test_from_time;
	char column_name[TENSOR_NAME + 1]; /* row.cat.NAME, or "" */
	uint8_t *part_of_word;
	size_t words;
};

#define PLAN_NEW                                                                                   \
	{                                                                                          \
		.scheme_name = "random", .certificate_name = "full", .valid = 0.1, .test = 0.1,    \
		.thin = 1, .seed = 1                                                               \
	}

void plan_check(struct plan *plan); /* understands, or dies by usage */

bool plan_whole(const struct plan *plan); /* whether the scheme needs all rows */
/* Whether part is written, not just read. */
bool plan_writes(const struct plan *plan);
bool plan_needs(const struct plan *plan, const char *name); /* the scheme, of the column */

/* Whether the tensor is the column of --column or its vocabulary, all of which go. */
bool plan_is_column(const struct plan *plan, const char *name);

/* With --column: what each word of its vocabulary means, once the tables are there. */
void plan_words(struct plan *plan, const struct tensors *tables);

/* The parts of rows start .. start + rows->n, for a scheme that takes a row at a time. given: the
 * column part or --column's, for --scheme given. */
void plan_part(uint8_t *part, const struct plan *plan, uint64_t start,
	const struct tally_rows *rows, const struct tensors *columns);

/* The parts of all n rows, for one that needs them; users may be NULL when the scheme takes none.
 */
void plan_part_whole(uint8_t *part, size_t n, const struct plan *plan, struct group *users,
	const struct when *time);

#endif
