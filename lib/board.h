/* board -- models side by side. Owns: the labels and scores of the rows of one part, timed
 * predictions, which model is whose teacher and who is the student alone. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "metrics.h"
#include "model.h"
#include "tensor.h"

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
	/* Made by board_compute: one of the first two by the labels. */
	struct metrics_rating rating;
	struct metrics_binary binary;
	double recovered; /* of AUC or RMSE; NaN when there is nothing to compare */
	double ns_row; /* median of the timings, each weighing as its rows; NaN if not timed */
};

struct board {
	/* Set by the caller before rows come; the rest zeroed. */
	uint8_t part; /* rows of this part count; all when there is no `part` */
	bool timed; /* time predictions: repeats on the first three groups with rows */
	double threshold, top; /* struct metrics_how */

	struct board_entry *entry;
	size_t entries;
	float *label, *weight; /* (rows); weight NULL when there is none */
	size_t rows, room;
	bool whole; /* no `part` tensor: every row counts */
	bool binary; /* made by board_compute: all labels are 0 or 1 */
};

/* Opens all models of tables, or those of `only` (names between commas) in that order; dies when
 * one, or any, is missing. tables must outlive the board. */
void board_open(struct board *board, const struct tensors *tables, const char *only);

/* Whether a model needs this row column. */
bool board_needs(const struct board *board, const char *column);

/* Takes the rows of the part among rows start .. start + count of the stream, which `columns` has,
 * and scores them. The data of columns is moved. Dies, with the number of the row, on a label,
 * weight or score that is not finite or a negative weight. */
void board_rows(struct board *board, struct tensors *columns, uint64_t start, size_t count);

/* Fills the entries. Needs a row; dies when a model of clicks meets labels that are ratings.
 *
 * recovered is that of a model whose spec has teacher=NAME, NAME on the board; alone is the first
 * other model of equal arch, features, dim and hidden without the key teacher. */
void board_compute(struct board *board);

void board_free(struct board *board);

#endif
