/* group -- rows by the id that they carry. Owns: the counting sort, the number of ids. */
#ifndef GROUP_H
#define GROUP_H

#include <stddef.h>
#include <stdint.h>

/* The rows of id g, in ascending order, are row[start[g] .. start[g + 1]), 0 <= g < ids. There are
 * fewer than 2^32 rows. */
struct group {
	size_t ids, *start;
	uint32_t *row;
};

/* 1 + the largest of id[0 .. n), 0 when n is 0: how many ids there are if they are contiguous. */
size_t group_ids(const uint32_t *id, size_t n);

/* id[0 .. n) are below ids. Time n + ids, 4 bytes a row and 8 an id. */
void group_new(struct group *group, const uint32_t *id, size_t n, size_t ids);

/* The same in the memory of id, which group_free frees: an eighth of a byte a row is all it needs
 * besides. */
void group_take(struct group *group, uint32_t *id, size_t n, size_t ids);
void group_free(struct group *group);

#endif
