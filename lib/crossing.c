#include "crossing.h"

#include <stdio.h>
#include <string.h>

static char fault[2 * TENSOR_NAME];

static const char *add_part(struct net_wide *w, const char *at, size_t length,
	char (*name)[TENSOR_NAME + 1], const struct net_field *field, size_t fields)
{
	size_t f = 0;

	while (f < fields && (strncmp(name[f], at, length) != 0 || name[f][length]))
		f++;
	if (f == fields)
		snprintf(fault, sizeof fault, "'%.*s' is not among the features in use",
			(int)(length < TENSOR_NAME ? length : TENSOR_NAME), at);
	else if (field[f].kind == NET_NUM)
		snprintf(fault, sizeof fault,
			"'%s' is a number; rs-prep --buckets makes categories", name[f]);
	else if (w->parts == NET_WIDE_PARTS)
		snprintf(fault, sizeof fault, "more than %d features in one", NET_WIDE_PARTS);
	else
		w->field[w->parts++] = (uint32_t)f;
	for (size_t p = 0; p + 1 < w->parts && !*fault; p++)
		if (w->field[p] == f)
			snprintf(fault, sizeof fault, "'%s' is there twice in one", name[f]);
	return *fault ? fault : NULL;
}

const char *crossing_parse(const char *text, char (*name)[TENSOR_NAME + 1],
	const struct net_field *field, size_t fields, struct net_wide *wide, size_t *n)
{
	*fault = 0;
	for (*n = 0; *text; ++*n) {
		struct net_wide *w = wide + *n;
		char end;

		if (*n == NET_WIDES) {
			snprintf(fault, sizeof fault, "more than %d crosses", NET_WIDES);
			return fault;
		}
		w->parts = 0;
		do {
			size_t length = strcspn(text, "*,");

			if (add_part(w, text, length, name, field, fields))
				return fault;
			end = text[length];
			text += length + (end != 0);
		} while (end == '*');
		if (w->parts < 2)
			return "a cross is two features or more, joined by *";
	}
	return NULL;
}
