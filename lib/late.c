#include "late.h"

#include <stdlib.h>

#include "mem.h"

void late_know(struct late *l, int64_t first)
{
	l->first = first;
	l->known = true;
}

/* Counts the early times of the last LATE_ROOM that are late by now, and forgets them. */
static void sift(struct late *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->early[i] > l->first)
			l->late++;
		else
			l->early[kept++] = l->early[i];
	}
	l->n = kept;
}

static void add_early(struct late *l, int64_t time)
{
	if (!l->early)
		l->early = mem_new(LATE_ROOM, sizeof *l->early);
	if (l->n == LATE_ROOM) {
		sift(l);
		if (l->n > LATE_ROOM / 2) {
			spool_add(&l->spool, l->early, l->n * sizeof *l->early);
			l->n = 0;
		}
	}
	l->early[l->n++] = time;
}

/* first starts at the end of time, which no row is later than. */
void late_add(struct late *l, const int64_t *time, const uint8_t *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (part[i] == SPLIT_TEST && time[i] < l->first)
			l->first = time[i];
	for (size_t i = 0; i < n; i++) {
		if (part[i] != SPLIT_TRAIN)
			continue;
		if (time[i] > l->first)
			l->late++;
		else if (!l->known)
			add_early(l, time[i]);
	}
}

/* What was put away while test began later is looked at again. */
size_t late_count(struct late *l)
{
	uint64_t all = l->spool.size / sizeof *l->early;
	size_t late;

	sift(l);
	late = l->late;
	for (uint64_t at = 0; at < all;) {
		int64_t time[1024];
		size_t n = all - at < 1024 ? (size_t)(all - at) : 1024;

		spool_read(&l->spool, time, at * sizeof *time, n * sizeof *time);
		for (size_t i = 0; i < n; i++)
			late += time[i] > l->first;
		at += n;
	}
	return late;
}

void late_free(struct late *l)
{
	free(l->early);
	spool_free(&l->spool);
}
