#include "heading.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

_Noreturn void heading_lacks(const struct headings *h, const char *what)
{
	char list[1024] = "";
	size_t n = 0;

	if (!h->there)
		die("%s: no column %s; without headings columns are numbers, here 1 to %zu",
			h->file, what, h->n);
	for (size_t i = 0; i < h->n && n < sizeof list; i++)
		n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i ? ", " : "", h->at[i]);
	if (h->n == 1)
		die("%s: no column %s; is the separator right? The first line is %s", h->file, what,
			list);
	die("%s: no column %s; the headings are %s", h->file, what, list);
}

_Noreturn void heading_lacks_spec(const struct headings *h, const char *spec)
{
	char what[200];

	snprintf(what, sizeof what, "'%.150s'", spec);
	heading_lacks(h, what);
}

bool heading_is_number(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return n > 0;
}

size_t heading_number(const struct headings *h, const char *text)
{
	unsigned long number = strtoul(text, NULL, 10);

	if (number < 1 || number > h->n)
		die("%s: no column %lu; there are %zu", h->file, number, h->n);
	return number - 1;
}

/* The column with that heading or 1-based number, or HEADING_NONE. */
size_t heading_find(const struct headings *h, const char *spec)
{
	size_t found = HEADING_NONE;

	if (heading_is_number(spec, strlen(spec)))
		return heading_number(h, spec);
	for (size_t i = 0; h->there && i < h->n; i++) {
		if (strcmp(h->at[i], spec) != 0)
			continue;
		if (found != HEADING_NONE)
			die("%s: column '%s' is there twice; give its number, %zu or %zu", h->file,
				spec, found + 1, i + 1);
		found = i;
	}
	return found;
}

bool heading_alike(const char *heading, const char *name)
{
	for (; *heading; heading++) {
		if (strchr("_-. ", *heading))
			continue;
		if (tolower((unsigned char)*heading) != *name)
			return false;
		name++;
	}
	return !*name;
}

/* The column of the first of the names that is a heading, or HEADING_NONE. */
size_t heading_guess(const struct headings *h, const char *const *names)
{
	for (; names && h->there && *names; names++)
		for (size_t i = 0; i < h->n; i++)
			if (heading_alike(h->at[i], *names))
				return heading_find(h, h->at[i]);
	return HEADING_NONE;
}
