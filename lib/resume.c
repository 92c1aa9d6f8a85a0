#include "resume.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "die.h"
#include "mem.h"
#include "model_write.h"

uint32_t resume_digest(const struct mf_rows *rows)
{
	uint32_t crc = codec_crc(0, rows->user, rows->n * sizeof *rows->user);

	crc = codec_crc(crc, rows->item, rows->n * sizeof *rows->item);
	crc = codec_crc(crc, rows->label, rows->n * sizeof *rows->label);
	if (rows->weight)
		crc = codec_crc(crc, rows->weight, rows->n * sizeof *rows->weight);
	if (rows->part)
		crc = codec_crc(crc, rows->part, rows->n);
	return crc;
}

uint32_t resume_features(uint32_t crc, const struct features *f, uint64_t rows)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct net_field *in = f->field + i;

		if (in->key)
			crc = codec_crc(crc, in->key, rows * sizeof *in->key);
		if (in->cat)
			crc = codec_crc(crc, in->cat, in->entries * sizeof *in->cat);
		if (in->num)
			crc = codec_crc(crc, in->num, in->entries * in->values * sizeof *in->num);
		if (in->kind != NET_BAG)
			continue;
		crc = codec_crc(crc, in->at, (in->entries + 1) * sizeof *in->at);
		crc = codec_crc(crc, in->id, in->at[in->entries] * sizeof *in->id);
		if (in->weight)
			crc = codec_crc(crc, in->weight, in->at[in->entries] * sizeof *in->weight);
	}
	return crc;
}

static void full_name(char full[TENSOR_NAME + 1], const char *name, const char *array)
{
	snprintf(full, TENSOR_NAME + 1, "model.%s.resume%s%s", name, *array ? "." : "", array);
}

struct tensor *resume_array(const char *name, const struct mf_state *array)
{
	char full[TENSOR_NAME + 1];
	struct tensor *t;

	full_name(full, name, array->name);
	t = tensor_new(full, F32, 0, 0);
	free(t->data);
	t->data = array->at;
	t->shape[0] = array->n;
	return t;
}

void resume_write(struct tensors *set, const char *name, const struct resume *at,
	const struct mf_state *list, size_t n)
{
	char full[TENSOR_NAME + 1];
	struct text text = { 0 };
	struct tensor *t;

	model_note(&text, "epochs", "%ld", at->epochs);
	model_note(&text, "best", "%ld", at->best);
	model_note(&text, "least", "%.17g", at->least);
	model_note(&text, "rows", "%08x", at->rows);
	full_name(full, name, "");
	t = tensor_new(full, U8, text.n, 0);
	memcpy(t->data, text.at, text.n);
	free(text.at);
	tensors_add(set, t);
	for (size_t i = 0; i < n; i++) {
		struct mf_state own = list[i];

		own.at = mem_new(own.n, sizeof *own.at);
		memcpy(own.at, list[i].at, own.n * sizeof *own.at);
		tensors_add(set, resume_array(name, &own));
	}
}

/* The text of a u8 tensor, with a NUL behind it. */
static char *text_of(const struct tensor *t)
{
	char *text = mem_new(tensor_bytes(t) + 1, 1);

	memcpy(text, t->data, tensor_bytes(t));
	return text;
}

/* Where the line "key=..." of a text starts; NULL without one. */
static const char *find_line(const char *text, const char *line, size_t n)
{
	for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
		if (strncmp(at, line, n) == 0)
			return at;
	return NULL;
}

static void compare(const char *old, const struct text *spec, const char *name)
{
	for (const char *at = spec->at; at < spec->at + spec->n;) {
		size_t n = strcspn(at, "\n"), key = strcspn(at, "=") + 1;
		const char *was = find_line(old, at, key);

		if (!was)
			die("--resume: model '%s' was trained with the default --%.*s, not %.*s",
				name, (int)key - 1, at, (int)n, at);
		if (strncmp(was, at, n + 1) != 0)
			die("--resume: model '%s' was trained with %.*s, not %.*s", name,
				(int)strcspn(was, "\n"), was, (int)n, at);
		at += n + 1;
	}
}

/* What a training leaves in its spec, and where it began: no part of how it goes on. */
static bool is_past(const char *line)
{
	static const char *const past[] = { "epochs=", "epoch=", "init=" };

	for (size_t i = 0; i < sizeof past / sizeof *past; i++)
		if (strncmp(line, past[i], strlen(past[i])) == 0)
			return true;
	return false;
}

static char *old_spec(const struct tensors *set, const char *name)
{
	char full[TENSOR_NAME + 1];

	snprintf(full, sizeof full, "model.%s.spec", name);
	if (!tensors_find(set, full))
		die("stdin: no model '%s' to resume; make one with --resumable ahead of this stage",
			name);
	return text_of(tensors_need(set, full, U8, 1));
}

void resume_compare(const struct tensors *set, const char *name, const struct text *spec)
{
	char *old = old_spec(set, name);

	compare(old, spec, name);
	for (const char *at = old; *at;) {
		size_t n = strcspn(at, "\n"), key = strcspn(at, "=") + 1;

		if (!is_past(at) && !find_line(spec->at, at, key))
			die("--resume: model '%s' was trained with %.*s, not the default --%.*s",
				name, (int)n, at, (int)key - 1, at);
		at += n + (at[n] == '\n');
	}
	free(old);
}

static struct resume parse(const struct tensor *t, const char *name)
{
	char *text = text_of(t);
	struct resume at;
	int got = sscanf(text, "epochs=%ld\nbest=%ld\nleast=%lf\nrows=%8x\n", &at.epochs, &at.best,
		&at.least, &at.rows);

	free(text);
	if (got != 4 || at.epochs < 1 || at.best < 1 || at.best > at.epochs || isnan(at.least))
		die("stdin: 'model.%s.resume' is damaged", name);
	return at;
}

static struct tensor *find_array(
	const struct tensors *set, const char *name, const struct mf_state *array)
{
	char full[TENSOR_NAME + 1];
	struct tensor *t;

	full_name(full, name, array->name);
	t = tensors_need(set, full, F32, 1);
	if (tensor_rows(t) != array->n)
		die("stdin: '%s' has %llu numbers, expected %zu", full,
			(unsigned long long)tensor_rows(t), array->n);
	return t;
}

struct resume resume_read(const struct tensors *set, const char *name, const struct text *spec,
	uint32_t rows, const struct mf_state *list, size_t n)
{
	char full[TENSOR_NAME + 1], *old;
	const struct tensor *t;
	struct resume at;

	full_name(full, name, "");
	t = tensors_find(set, full);
	if (!t || t->dtype != U8)
		die("stdin: no model '%s' to resume; make one with --resumable ahead of this stage",
			name);
	at = parse(t, name);
	old = old_spec(set, name);
	compare(old, spec, name);
	free(old);
	if (at.rows != rows)
		die("--resume: model '%s' was trained on other rows (%08x, these are %08x)", name,
			at.rows, rows);
	for (size_t i = 0; i < n; i++)
		memcpy(list[i].at, find_array(set, name, list + i)->data,
			list[i].n * sizeof *list[i].at);
	return at;
}

float *resume_take(struct tensors *set, const char *name, const struct mf_state *array)
{
	struct tensor *t = tensors_take(set, find_array(set, name, array)->name);
	float *data = t->data;

	t->data = NULL;
	tensor_free(t);
	return data;
}
