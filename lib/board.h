/* board -- models side by side. Owns: the labels, scores and other columns of the rows of one part,
 * those of part 1 that thresholds are chosen on, timed predictions. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "curve.h"
#include "metrics.h"
#include "model.h"
#include "resample.h"
#include "samples.h"
#include "tensor.h"
#include "uplift.h"
#include "within.h"

enum { BOARD_REPEATS = 5, BOARD_TIMED = 3 * BOARD_REPEATS };

/* A repeated prediction: nanoseconds a row, and how many rows it had. */
struct board_timing {
	double ns;
	size_t rows;
};

struct board_entry {
	struct model *model;
	float *score; /* (rows) */
	struct board_timing timing[BOARD_TIMED];
	size_t timed;
	/* Made by verdict_compute: one of the first two by the labels. */
	struct metrics_rating rating;
	struct metrics_binary binary;
	double threshold; /* from which on a row is called positive */
	struct within within; /* if board->by_user, of binary labels */
	/* If BOARD_CONVERSION is kept: of rows with label 1, is it a conversion; of all, is it
	 * both. */
	struct metrics_binary conversion, both;
	struct uplift uplift; /* if BOARD_TREATMENT is kept */
	struct samples samples; /* if board->sampled */
	struct resample sure[RESAMPLE_VALUES]; /* if board->replicates */
	double recovered; /* of AUC or RMSE; NaN when there is nothing to compare */
	double ns_row; /* median of the timings, each weighing as its rows; NaN if not timed */
};

/* More columns that are kept of the rows: 4 bytes a row, when they have a name. */
enum board_extra {
	BOARD_USER, /* "user" */
	BOARD_ITEM, /* "item" */
	BOARD_CONVERSION, /* f32 column: 1 when a click became a conversion */
	BOARD_TREATMENT, /* u32 or f32 column: who was treated */
	BOARD_SLICE, /* u32 column: what rows are told apart by */
	BOARD_EXTRAS
};

struct board {
	/* Set by the caller before rows come; the rest zeroed. */
	uint8_t part; /* rows of this part count; all when there is no `part` */
	bool timed; /* time predictions: repeats on the first three groups with rows */
	double threshold, top; /* struct metrics_how */
	bool choose; /* every model's own threshold is the best of part 1 by `goal` */
	enum curve_goal goal;
	const char *extra[BOARD_EXTRAS]; /* names of columns, NULL: not kept */
	bool seeds; /* for who prints: models that differ in their seed only are one line */
	size_t replicates; /* of intervals, lib/resample.h; needs BOARD_USER; 0: none */
	uint64_t seed;
	const char *against; /* the model that others are compared with; NULL: the first */
	/* Rows are told apart by row.cat.X (needs BOARD_SLICE) or as slices.h says (needs
	 * BOARD_USER or BOARD_ITEM), by whose rows of train are counted. */
	const char *by;
	size_t groups;
	uint64_t *count; /* made on the way, `counts` of them */
	size_t counts;
	bool by_user; /* values within each user, see within.h; needs BOARD_USER */
	bool sampled; /* ranks among the rows of each user, see samples.h; needs BOARD_USER */
	float relevant; /* label from which on a row is, for that */
	size_t items; /* for that: of the full ranking; 0: as many as the stream has */
	double gamma; /* of corrected.h */
	size_t cutoff[WITHIN_CUTOFFS], cutoffs; /* of by_user and sampled */

	struct board_entry *entry;
	size_t entries;
	const struct tensors *tables; /* not owned */
	float *label, *weight; /* (rows); weight NULL when there is none */
	uint32_t *kept[BOARD_EXTRAS]; /* (rows), the bits of extra columns */
	enum dtype dtype[BOARD_EXTRAS]; /* U32 or F32 */
	size_t rows, room;
	size_t all, users; /* rows of the stream so far, users that its tables have */
	/* The values of BOARD_TREATMENT that mean treated and not, as words of a u32 column;
	 * control NULL: all others. Both NULL with an f32 column: not 0, and 0. */
	const char *treated, *control;
	char treatment[TENSOR_NAME + 1]; /* room for the column's name */
	uint32_t arm[2]; /* their ids: control, treated */
	size_t clicks; /* made by verdict_compute: rows with label 1, if BOARD_CONVERSION */
	/* Rows of part 1 come along until board_rows_end, which puts them behind the others. */
	uint8_t *tuning;
	size_t tunings;
	bool cut; /* a slice of another board: thresholds are those of that */
	bool whole; /* no `part` tensor: every row counts */
	bool binary; /* made by verdict_compute: all labels are 0 or 1 */
};

/* Opens all models of tables, or those of `only` (names between commas) in that order; dies when
 * one, or any, is missing. tables must outlive the board. */
void board_open(struct board *board, const struct tensors *tables, const char *only);

/* Whether a model, or the board itself, needs this row column. */
bool board_needs(const struct board *board, const char *column);

/* Takes the rows of the part among rows start .. start + count of the stream, which `columns` has,
 * and scores them. The data of columns is moved. Dies, with the number of the row, on a label,
 * weight or score that is not finite or a negative weight. */
void board_rows(struct board *board, struct tensors *columns, uint64_t start, size_t count);

/* No more rows come; there may be none of the part. Dies when thresholds are to be chosen and part
 * 1 has none. */
void board_rows_end(struct board *board);

/* The rows of the part, or those of part 1, as model i scores them; and what its scores mean. */
struct metrics_rows board_view(const struct board *board, size_t i, bool tuning);
enum metrics_scale board_scale(const struct board *board, size_t i);

void board_free(struct board *board);

#endif
