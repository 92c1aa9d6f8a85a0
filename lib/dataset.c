#include "dataset.h"

#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

void dataset_fill(struct tensors *set, const char *name, uint64_t rows, float value)
{
	struct tensor *t = tensor_new(name, F32, rows, 0);

	for (uint64_t i = 0; i < rows; i++)
		((float *)t->data)[i] = value;
	tensors_add(set, t);
}

void dataset_range(const struct tensors *set, const char *name, float *low, float *high)
{
	const struct tensor *t = tensors_need(set, name, F32, 1);
	const float *x = t->data;

	*low = *high = tensor_rows(t) ? x[0] : 0;
	for (uint64_t i = 0; i < tensor_rows(t); i++) {
		*low = x[i] < *low ? x[i] : *low;
		*high = x[i] > *high ? x[i] : *high;
	}
}

size_t dataset_ids(const struct tensors *set, const char *name)
{
	char full[2 * TENSOR_NAME];

	snprintf(full, sizeof full, "vocab.%s.at", name);
	return tensor_rows(tensors_need(set, full, U64, 1)) - 1;
}

void dataset_parts(struct tensors *set, const uint64_t *end, size_t n)
{
	struct tensor *t = tensor_new("part", U8, end[n - 1], 0);
	uint64_t row = 0;

	for (size_t i = 0; i < n; i++)
		for (; row < end[i]; row++)
			((uint8_t *)t->data)[row] = (uint8_t)(i == 1 && n == 2 ? 2 : i);
	tensors_add(set, t);
}

uint64_t dataset_repeats(const struct tensors *set)
{
	const struct tensor *user = tensors_find(set, "user"), *item = tensors_find(set, "item");
	const uint32_t *u = user ? user->data : NULL, *v = item ? item->data : NULL;
	uint64_t n = u && v ? tensor_rows(user) : 0, users = 0, items = 0, repeats = 0, *end;
	uint32_t *of_user, *last; /* items, user by user; who had an item last, + 1 */

	for (uint64_t i = 0; i < n; i++) {
		users = u[i] >= users ? u[i] + (uint64_t)1 : users;
		items = v[i] >= items ? v[i] + (uint64_t)1 : items;
	}
	end = mem_new(users + 1, sizeof *end);
	of_user = mem_new(n, sizeof *of_user);
	last = mem_new(items, sizeof *last);
	for (uint64_t i = 0; i < n; i++)
		end[u[i] + 1]++;
	for (uint64_t i = 0; i < users; i++)
		end[i + 1] += end[i];
	for (uint64_t i = 0; i < n; i++)
		of_user[end[u[i]]++] = v[i];
	for (uint64_t i = 0, who = 0; i < n; i++) {
		while (i == end[who])
			who++;
		repeats += last[of_user[i]] == who + 1;
		last[of_user[i]] = (uint32_t)who + 1;
	}
	free(end);
	free(of_user);
	free(last);
	return repeats;
}
