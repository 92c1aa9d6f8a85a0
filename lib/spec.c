#include "spec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

void spec_read(struct spec *spec, const struct tensors *set, const char *model)
{
	char full[TENSOR_NAME + 1];
	const struct tensor *t;

	spec->model = model;
	snprintf(full, sizeof full, "model.%s.spec", spec->model);
	t = tensors_need(set, full, U8, 1);
	spec->bytes = tensor_bytes(t);
	spec->text = mem_new(spec->bytes + 1, 1);
	memcpy(spec->text, t->data, spec->bytes);
	for (size_t i = 0, value = 0; i < spec->bytes; i++) {
		char c = spec->text[i];

		if ((unsigned char)c < 0x20 && c != '\n')
			die("model '%s': byte %02x in its spec", spec->model, (unsigned char)c);
		if (c == '\n' && !value)
			die("model '%s': a spec line without '='", spec->model);
		if (c == '\n' || (c == '=' && !value))
			spec->text[i] = 0;
		value = c == '\n' ? 0 : value | (c == '=');
	}
	if (!spec->bytes || spec->text[spec->bytes - 1])
		die("model '%s': its spec does not end in a line end", spec->model);
}

void spec_free(struct spec *spec)
{
	free(spec->text);
}

const char *spec_get(const struct spec *spec, const char *key)
{
	for (size_t i = 0; i < spec->bytes;) {
		const char *at = spec->text + i, *value = at + strlen(at) + 1;

		if (strcmp(at, key) == 0)
			return value;
		i = (size_t)(value - spec->text) + strlen(value) + 1;
	}
	return NULL;
}

const char *spec_need(const struct spec *spec, const char *key)
{
	const char *value = spec_get(spec, key);

	if (!value)
		die("model '%s': its spec lacks '%s'", spec->model, key);
	return value;
}

uint32_t spec_number(const struct spec *spec, const char *key, const char *text, char **end)
{
	unsigned long x = strtoul(text, end, 10);

	if (*end == text || x > 1 << 20)
		die("model '%s': %s=%s in its spec", spec->model, key, text);
	return (uint32_t)x;
}

static float real(const struct spec *spec, const char *key, bool endless)
{
	const char *text = spec_need(spec, key);
	char *end;
	float x = strtof(text, &end);

	if (end == text || *end || isnan(x) || (!endless && isinf(x)))
		die("model '%s': %s=%s in its spec", spec->model, key, text);
	return x;
}

float spec_real(const struct spec *spec, const char *key)
{
	return real(spec, key, false);
}

float spec_bound(const struct spec *spec, const char *key)
{
	return real(spec, key, true);
}

int spec_choice(const struct spec *spec, const char *key, const char *const *names)
{
	const char *value = spec_get(spec, key);
	int i = 0;

	if (!value)
		return 0;
	while (names[i] && strcmp(names[i], value) != 0)
		i++;
	if (!names[i])
		die("model '%s': %s=%s in its spec", spec->model, key, value);
	return i;
}

bool spec_either(const struct spec *spec, const char *key, const char *yes, const char *no)
{
	const char *value = spec_need(spec, key);

	if (strcmp(value, yes) != 0 && strcmp(value, no) != 0)
		die("model '%s': %s=%s in its spec; expected %s or %s", spec->model, key, value,
			yes, no);
	return strcmp(value, yes) == 0;
}
