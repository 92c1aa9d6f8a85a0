#include "when.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"

static bool all_near(int64_t base, const int64_t *time, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (time[i] < base || (uint64_t)time[i] - (uint64_t)base > UINT32_MAX)
			return false;
	return true;
}

static void widen(struct when *when)
{
	when->far = mem_grow(NULL, when->room, sizeof *when->far);
	for (size_t i = 0; i < when->n; i++)
		when->far[i] = when_at(when, i);
	free(when->near);
	when->near = NULL;
}

static void make_room(struct when *when, size_t n)
{
	if (when->n + n <= when->room)
		return;
	when->room = 2 * when->room > when->n + n ? 2 * when->room : when->n + n;
	if (when->far)
		when->far = mem_grow(when->far, when->room, sizeof *when->far);
	else
		when->near = mem_grow(when->near, when->room, sizeof *when->near);
}

void when_expect(struct when *when, size_t n)
{
	when->room = n;
	when->near = mem_grow(NULL, n, sizeof *when->near);
}

void when_add(struct when *when, const int64_t *time, size_t n)
{
	if (n == 0)
		return;
	if (when->n == 0)
		when->base = time[0] < INT64_MIN + INT32_MAX ? INT64_MIN : time[0] - INT32_MAX;
	make_room(when, n);
	if (when->near && !all_near(when->base, time, n))
		widen(when);
	if (when->far)
		memcpy(when->far + when->n, time, n * sizeof *time);
	for (size_t i = 0; when->near && i < n; i++)
		when->near[when->n + i] = (uint32_t)((uint64_t)time[i] - (uint64_t)when->base);
	when->n += n;
}

void when_free(struct when *when)
{
	free(when->near);
	free(when->far);
	memset(when, 0, sizeof *when);
}
