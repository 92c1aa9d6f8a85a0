#include "plain.h"

#include <stdlib.h>

#include "mem.h"
#include "stops.h"

/* Finds all stops and puts them to p->stop after one for the beginning; false when there is
 * something odd. */
static bool find_stops(struct plain *p, size_t n, char separator, char quote, struct stops *s)
{
	*s = (struct stops){ .text = p->text, .n = n, .separator = separator, .quote = quote };
	while (s->at < n && !s->odd) {
		p->room = s->at ? p->room + p->room / 2 : p->room;
		if (p->room < n / 8 + 64)
			p->room = n / 8 + 64;
		p->stop = mem_grow(p->stop, 1 + p->room + STOPS_SLACK, sizeof *p->stop);
		s->stop = p->stop + 1;
		s->room = p->room;
		SIMD_CALL(stops_find, s);
	}
	p->crlf = s->crlf;
	p->blank = s->blank;
	return !s->odd;
}

bool plain_cut(
	struct plain *p, const char *text, size_t n, char separator, size_t columns, bool quotes)
{
	struct stops s;

	p->text = text;
	p->columns = columns;
	p->rows = 0;
	p->crlf = p->blank = false;
	if (columns < 2 || n == 0 || n >= UINT32_MAX || text[n - 1] != '\n')
		return false;
	if (!find_stops(p, n, separator, quotes ? '"' : 0, &s))
		return false;
	if (s.found != s.lines * columns)
		return false;
	p->stop[0] = UINT32_MAX; /* one less than where the first field begins */
	for (size_t i = columns; i <= s.found; i += columns)
		if (text[p->stop[i]] != '\n' || p->stop[i] - p->stop[i - columns] > CSV_FIELD)
			return false;
	p->rows = s.lines;
	return true;
}

void plain_free(struct plain *p)
{
	free(p->stop);
}
