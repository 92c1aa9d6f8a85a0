/* spec -- what a model is, in words: model.NAME.spec. Owns: its lines key=value.
 *
 * What is wrong with it dies with the model's name. */
#ifndef SPEC_H
#define SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

struct spec {
	const char *model; /* its name, for messages; not owned */
	char *text; /* '=' and line ends replaced by NUL: key, value, key, value, ... */
	size_t bytes;
};

/* Reads model.NAME.spec of set; dies when it is not there or no lines of key=value. */
void spec_read(struct spec *spec, const struct tensors *set, const char *model);
void spec_free(struct spec *spec);

const char *spec_get(const struct spec *spec, const char *key); /* NULL when it is not there */
const char *spec_need(const struct spec *spec, const char *key); /* dies */

/* The number at the beginning of text, which is key's value or a part of it, at most 2^20; *end is
 * where it ends. Dies when there is none. */
uint32_t spec_number(const struct spec *spec, const char *key, const char *text, char **end);

float spec_real(const struct spec *spec, const char *key); /* a finite number, or dies */
float spec_bound(const struct spec *spec, const char *key); /* also -inf and inf */

/* Which of the names (NULL at the end) the value is, 0 without the key; whether it is yes, where no
 * is the other. Both die of another value. */
int spec_choice(const struct spec *spec, const char *key, const char *const *names);
bool spec_either(const struct spec *spec, const char *key, const char *yes, const char *no);

#endif
