/* grid -- ratings cut into blocks that can be trained side by side. Owns: the order of the ratings,
 * which is the same on any number of threads.
 *
 * Rows and columns with ratings are shuffled into slots; slots are cut into `parts` chunks a side.
 * An epoch takes the blocks by diagonals: step s runs block (i, i + shift[s] mod parts) for every
 * i. A block may start as soon as its row chunk and its column chunk have done all the steps
 * before, so nobody waits at a barrier and the result is that of one serial order (the same
 * condition as in Yun et al. 2014, "NOMAD", with the order fixed beforehand).
 *
 * `parts` follows from the data and the rank alone: a column chunk fits a quarter of a 1 MiB L2
 * (rows stream by, their ratings lie together), and large data give 64 x 64 blocks.
 * Memory: 6 bytes a rating and 2 a run (a row's ratings in a block), 4 more a rating for weights.
 */
#ifndef GRID_H
#define GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sgd.h"

#define GRID_NONE UINT32_MAX

struct grid_ratings {
	const uint32_t *row, *col;
	const float *label, *weight; /* either may be NULL: blocks have none */
	const uint8_t *part; /* rows of part 0 are taken; NULL: all */
	size_t n;
	uint32_t rows, cols; /* ids are below these */
	float mean, scale; /* a block's labels are (label - mean) / scale */
	bool even; /* parts are 1 or an even number */
};

struct grid {
	size_t parts, n;
	uint32_t rows, cols; /* slots, one for each id with a rating */
	uint32_t row_chunk, col_chunk; /* slots in a chunk, the last may have fewer */
	uint32_t *row_slot, *col_slot; /* of an id, or GRID_NONE */
	struct sgd_block *block; /* (parts, parts) */
	struct sgd_run *run;
	uint16_t *col;
	float *label, *weight;
};

/* width: floats in a row of factors. */
struct grid *grid_new(const struct grid_ratings *ratings, size_t width, uint64_t seed);
void grid_free(struct grid *grid);

/* work(arg, i, j) for i < rows, j < cols, in an order equal to the serial one: for s < cols, for
 * i < rows: j = i + shift[s] mod cols. rows is a multiple of cols, shift a permutation of
 * 0 .. cols-1. */
void grid_run(size_t rows, size_t cols, const uint32_t *shift,
	void (*work)(void *arg, size_t i, size_t j), void *arg);

/* 0 .. n-1 in a circle, from a drawn start in a drawn direction: a column chunk goes from a row chunk
 * to its neighbour, which most often is the same thread's, and so from one cache to another only as
 * often in an epoch as there are threads. (In a random order it does so in every other step: two
 * threads then were no faster than one on MovieLens-1M.) */
void grid_turn(uint32_t *shift, size_t n, uint64_t seed);

#endif
