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

static void full_name(char full[TENSOR_NAME + 1], const char *name, const char *array)
{
	snprintf(full, TENSOR_NAME + 1, "model.%s.resume%s%s", name, *array ? "." : "", array);
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
		full_name(full, name, list[i].name);
		t = tensor_new(full, F32, list[i].n, 0);
		memcpy(t->data, list[i].at, list[i].n * sizeof *list[i].at);
		tensors_add(set, t);
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

		if (!was || strncmp(was, at, n + 1) != 0)
			die("--resume: model '%s' was trained with %.*s, not %.*s", name,
				was ? (int)strcspn(was, "\n") : 10, was ? was : "other keys",
				(int)n, at);
		at += n + 1;
	}
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
	snprintf(full, sizeof full, "model.%s.spec", name);
	old = text_of(tensors_need(set, full, U8, 1));
	compare(old, spec, name);
	free(old);
	if (at.rows != rows)
		die("--resume: model '%s' was trained on other rows (%08x, these are %08x)", name,
			at.rows, rows);
	for (size_t i = 0; i < n; i++) {
		full_name(full, name, list[i].name);
		t = tensors_need(set, full, F32, 1);
		if (tensor_rows(t) != list[i].n)
			die("stdin: '%s' has %llu numbers, expected %zu", full,
				(unsigned long long)tensor_rows(t), list[i].n);
		memcpy(list[i].at, t->data, list[i].n * sizeof *list[i].at);
	}
	return at;
}
