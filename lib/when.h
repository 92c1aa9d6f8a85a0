/* when -- the times of rows, in few bytes. Owns: the narrow form.
 *
 * 4 bytes a row while all times lie within 2^31 of the first (seconds: 68 years), else 8. Any i64
 * comes back as it was. */
#ifndef WHEN_H
#define WHEN_H

#include <stddef.h>
#include <stdint.h>

struct when {
	size_t n, room;
	int64_t base; /* near[i] is time - base */
	uint32_t *near; /* NULL: far */
	int64_t *far;
};

void when_expect(struct when *when, size_t n); /* of one that is empty: room for so many */
void when_add(struct when *when, const int64_t *time, size_t n);
void when_free(struct when *when); /* and makes it empty */

static inline int64_t when_at(const struct when *when, size_t row)
{
	return when->near ? when->base + (int64_t)when->near[row] : when->far[row];
}

#endif
