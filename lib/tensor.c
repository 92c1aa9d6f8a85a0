#include "tensor.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

size_t dtype_size(enum dtype dtype)
{
	return (size_t)1 << (dtype & 15);
}

const char *dtype_name(enum dtype dtype)
{
	switch (dtype) {
	case U8:
		return "u8";
	case U16:
		return "u16";
	case U32:
		return "u32";
	case U64:
		return "u64";
	case I8:
		return "i8";
	case I16:
		return "i16";
	case I32:
		return "i32";
	case I64:
		return "i64";
	case F16:
		return "f16";
	case F32:
		return "f32";
	case F64:
		return "f64";
	case BF16:
		return "bf16";
	}
	return "?";
}

struct tensor *tensor_new(const char *name, enum dtype dtype, uint64_t rows, uint64_t cols)
{
	struct tensor *t = mem_new(1, sizeof *t);

	assert(!tensor_name_fault(name));
	snprintf(t->name, sizeof t->name, "%s", name);
	t->dtype = dtype;
	t->ndim = cols ? 2 : 1;
	t->shape[0] = rows;
	t->shape[1] = cols;
	t->data = mem_new(rows, dtype_size(dtype) * (cols ? cols : 1));
	return t;
}

struct tensor *tensor_text(const char *name, const char *text)
{
	struct tensor *t = tensor_new(name, U8, strlen(text), 0);

	memcpy(t->data, text, strlen(text));
	return t;
}

uint64_t tensor_rows(const struct tensor *t)
{
	return t->ndim ? t->shape[0] : 1;
}

uint64_t tensor_cols(const struct tensor *t)
{
	uint64_t cols = 1;

	for (unsigned i = 1; i < t->ndim; i++)
		cols *= t->shape[i];
	return cols;
}

uint64_t tensor_row_bytes(const struct tensor *t)
{
	return tensor_cols(t) * dtype_size(t->dtype);
}

uint64_t tensor_bytes(const struct tensor *t)
{
	return tensor_rows(t) * tensor_row_bytes(t);
}

void tensor_free(struct tensor *t)
{
	if (t)
		free(t->data);
	free(t);
}

static bool name_byte(char c, bool first)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
		return true;
	return !first && ((c >= 'A' && c <= 'Z') || c == '.' || c == '-');
}

const char *tensor_name_fault(const char *name)
{
	size_t n = strlen(name);

	if (n < 1 || n > TENSOR_NAME)
		return "a name has 1 to 200 bytes";
	for (size_t i = 0; i < n; i++)
		if (!name_byte(name[i], i == 0))
			return "a name is made of A-Z a-z 0-9 _ . - and starts with a-z 0-9 _";
	if (strstr(name, "..") || name[n - 1] == '.')
		return "a name has no '..' and does not end in '.'";
	return NULL;
}

bool tensor_is_row(const char *name)
{
	static const char *const whole[] = { "user", "item", "label", "weight", "time", "part",
		"fold" };
	static const char *const start[] = { "row.cat.", "row.num.", "soft.", "var." };

	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (strcmp(name, whole[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof start / sizeof *start; i++)
		if (strncmp(name, start[i], strlen(start[i])) == 0)
			return true;
	/* hint.NAME, but not the tables hint.NAME.user and hint.NAME.item */
	return strncmp(name, "hint.", 5) == 0 && !strchr(name + 5, '.');
}

bool tensor_match(const char *pattern, const char *name)
{
	if (*pattern == '*')
		return tensor_match(pattern + 1, name) ||
		       (*name && tensor_match(pattern, name + 1));
	if (*pattern == 0 || *name == 0)
		return *pattern == *name;
	return (*pattern == '?' || *pattern == *name) && tensor_match(pattern + 1, name + 1);
}

void tensors_add(struct tensors *set, struct tensor *t)
{
	if (set->n == set->room) {
		set->room = set->room ? 2 * set->room : 16;
		set->at = mem_grow(set->at, set->room, sizeof *set->at);
	}
	set->at[set->n++] = t;
}

struct tensor *tensors_find(const struct tensors *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++)
		if (strcmp(set->at[i]->name, name) == 0)
			return set->at[i];
	return NULL;
}

struct tensor *tensors_take(struct tensors *set, const char *name)
{
	for (size_t i = 0; i < set->n; i++) {
		struct tensor *t = set->at[i];

		if (strcmp(t->name, name) != 0)
			continue;
		memmove(set->at + i, set->at + i + 1, (--set->n - i) * sizeof *set->at);
		return t;
	}
	return NULL;
}

struct tensor *tensors_need(
	const struct tensors *set, const char *name, enum dtype dtype, unsigned ndim)
{
	struct tensor *t = tensors_find(set, name);
	char has[1024] = "";
	size_t n = 0;

	if (t && (t->dtype != dtype || t->ndim != ndim))
		die("stdin: '%s' is %s of %u axes; expected %s of %u", name, dtype_name(t->dtype),
			t->ndim, dtype_name(dtype), ndim);
	if (t)
		return t;
	for (size_t i = 0; i < set->n && n < sizeof has; i++)
		n += (size_t)snprintf(
			has + n, sizeof has - n, "%s%s", i ? ", " : "", set->at[i]->name);
	die("stdin: needs '%s'; stream has %s", name, set->n ? has : "nothing of use");
}

void tensors_free(struct tensors *set)
{
	for (size_t i = 0; i < set->n; i++)
		tensor_free(set->at[i]);
	free(set->at);
	set->at = NULL;
	set->n = set->room = 0;
}

const char *tensors_word(const struct tensors *set, const char *name, uint64_t id, size_t *n)
{
	char full[TENSOR_NAME + 16];
	struct tensor *at, *text;
	const uint64_t *offset;

	snprintf(full, sizeof full, "vocab.%s.at", name);
	at = tensors_find(set, full);
	snprintf(full, sizeof full, "vocab.%s.text", name);
	text = tensors_find(set, full);
	if (!at || !text || at->dtype != U64 || text->dtype != U8 || tensor_rows(at) <= id ||
		tensor_rows(at) - id < 2)
		return NULL;
	offset = at->data;
	if (offset[id] > offset[id + 1] || offset[id + 1] > tensor_bytes(text))
		return NULL;
	*n = offset[id + 1] - offset[id];
	return (const char *)text->data + offset[id];
}
