#include "kept.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "split.h"

void kept_start(struct kept *kept, size_t rows)
{
	*kept = (struct kept){ .room = rows };
	when_expect(&kept->when, rows);
}

static void add_users(struct kept *kept, const uint32_t *user, size_t n)
{
	if (kept->room > UINT32_MAX)
		die("memory: more than 4294967295 rows cannot be ordered by user; expected a "
		    "scheme that takes a row at a time");
	if (!kept->user)
		kept->user = mem_grow(NULL, kept->room, sizeof *kept->user);
	memcpy(kept->user + kept->n, user, n * sizeof *user);
}

void kept_add(struct kept *kept, const uint32_t *user, const int64_t *time, size_t n)
{
	assert(n <= kept->room - kept->n);
	if (user)
		add_users(kept, user, n);
	if (time)
		when_add(&kept->when, time, n);
	kept->n += n;
}

void kept_group(struct group *users, struct kept *kept, size_t ids)
{
	group_take(users, kept->user, kept->n, ids);
	kept->user = NULL;
}

int64_t kept_first(const struct kept *kept, const uint8_t *part)
{
	int64_t first = INT64_MAX;

	for (size_t row = 0; row < kept->when.n; row++)
		if (part[row] == SPLIT_TEST && when_at(&kept->when, row) < first)
			first = when_at(&kept->when, row);
	return first;
}

void kept_free(struct kept *kept)
{
	free(kept->user);
	when_free(&kept->when);
}
