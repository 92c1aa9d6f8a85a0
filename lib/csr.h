/* csr -- sparse rows. Owns: the compressed form of a matrix of ratings. */
#ifndef CSR_H
#define CSR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Row r has entries at[r] .. at[r + 1], by rising id; a pair given twice is there twice. */
struct csr {
	size_t rows;
	uint64_t *at; /* (rows + 1) */
	uint32_t *id; /* column of each entry */
	float *value; /* NULL: all are 1 */
};

/* Of n entries (row[e], col[e], value[e]) those with keep[e] (NULL: all); value may be NULL. */
struct csr csr_new(const uint32_t *row, const uint32_t *col, const float *value,
	const uint8_t *keep, size_t n, size_t rows);

/* Columns become rows: there are `cols`. */
struct csr csr_transpose(const struct csr *m, size_t cols);

/* Repeats of a pair, which are neighbours, become one entry: their sum, or their mean. m has
 * values. */
void csr_unite(struct csr *m, bool mean);
void csr_free(struct csr *m);

/* The first place from low up to high whose id is at least that; high when there is none. id rises
 * there: a row of a matrix, or any list of ids in order. */
size_t csr_find(const uint32_t *id, size_t low, size_t high, uint32_t least);

#endif
