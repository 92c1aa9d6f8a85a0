/* tensor -- a named block of numbers. Owns: element types, shapes, sets of tensors, the reserved
 * names of DESIGN (which are columns of the rows, which are tables and models). */
#ifndef TENSOR_H
#define TENSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TENSOR_NAME = 200, TENSOR_DIMS = 8 };

/* High four bits: class; low four bits: log2 of the size in bytes (FORMAT.md section 4). */
enum dtype {
	U8 = 0x10,
	U16 = 0x11,
	U32 = 0x12,
	U64 = 0x13,
	I8 = 0x20,
	I16 = 0x21,
	I32 = 0x22,
	I64 = 0x23,
	F16 = 0x31,
	F32 = 0x32,
	F64 = 0x33,
	BF16 = 0x41,
};

struct tensor {
	char name[TENSOR_NAME + 1];
	enum dtype dtype;
	unsigned ndim; /* 0 .. 8; 0 is a scalar of one row */
	uint64_t shape[TENSOR_DIMS]; /* shape[0] is the number of rows */
	void *data; /* C order, packed; owned */
};

/* Tensors by name, in order of arrival; owns them. */
struct tensors {
	struct tensor **at;
	size_t n, room;
};

size_t dtype_size(enum dtype dtype); /* bytes of one element */
const char *dtype_name(enum dtype dtype); /* "u32", "bf16", "?" */

/* A zeroed tensor of 1-D (cols = 0) or 2-D (rows, cols) shape. */
struct tensor *tensor_new(const char *name, enum dtype dtype, uint64_t rows, uint64_t cols);
struct tensor *tensor_text(const char *name, const char *text); /* u8 (strlen) */
uint64_t tensor_rows(const struct tensor *t);
uint64_t tensor_cols(const struct tensor *t); /* product of shape[1 ..] */
uint64_t tensor_row_bytes(const struct tensor *t); /* element size x tensor_cols */
uint64_t tensor_bytes(const struct tensor *t);
void tensor_free(struct tensor *t);

/* NULL, or why the name is not allowed (FORMAT.md section 6). */
const char *tensor_name_fault(const char *name);

/* Whether axis 0 is the interaction and the column travels cut with the rows: user, item, label,
 * weight, time, part, fold, row.cat.*, row.num.*, soft.*, var.*, hint.NAME. (row.bag.* travel as
 * tables, as do hint.NAME.user and hint.NAME.item.) */
bool tensor_is_row(const char *name);

/* Whether name matches a shell pattern with * and ? only. */
bool tensor_match(const char *pattern, const char *name);

void tensors_add(struct tensors *set, struct tensor *t); /* takes t */
struct tensor *tensors_find(const struct tensors *set, const char *name); /* or NULL */
struct tensor *tensors_take(struct tensors *set, const char *name); /* removes it; caller owns */

/* The tensor, checked for type and number of axes; dies with what the set has:
 * "stdin: needs 'item.num.price'; stream has user, item, label". */
struct tensor *tensors_need(
	const struct tensors *set, const char *name, enum dtype dtype, unsigned ndim);
void tensors_free(struct tensors *set); /* frees the tensors and empties the set */

/* The string of id `id` of vocabulary NAME (vocab.NAME.at, .text), not terminated; length in *n.
 * NULL when the set has no such vocabulary or id. */
const char *tensors_word(const struct tensors *set, const char *name, uint64_t id, size_t *n);

#endif
