#include "slices.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "members.h"
#include "quantile.h"

enum { NAME = 40 };

bool slices_counted(const char *by)
{
	return strcmp(by, "item.popularity") == 0 || strcmp(by, "user.activity") == 0;
}

bool slices_parse(bool *of_items, const char *by)
{
	*of_items = strncmp(by, "item.", 5) == 0;
	return slices_counted(by) || tensor_match("user.cat.*", by) ||
	       tensor_match("item.cat.*", by);
}

bool slices_carrier(const char *by, const char *tensor)
{
	size_t n = strlen(by);

	if (strcmp(tensor, by) == 0)
		return true;
	return strncmp(tensor, "vocab.", 6) == 0 && strncmp(tensor + 6, by, n) == 0 &&
	       (strcmp(tensor + 6 + n, ".at") == 0 || strcmp(tensor + 6 + n, ".text") == 0);
}

uint64_t *slices_count(const struct ranking_rows *rows, bool of_items)
{
	uint64_t *count = mem_new(of_items ? rows->items : rows->users, sizeof *count);

	for (size_t r = 0; r < rows->n; r++)
		if (!rows->part || rows->part[r] == 0)
			count[of_items ? rows->item[r] : rows->user[r]]++;
	return count;
}

static void read_values(struct slices *s, const struct tensors *set)
{
	const struct tensor *t = tensors_need(set, s->by, U32, 1);
	const uint32_t *value = t->data;

	if (tensor_rows(t) < s->members)
		die("stdin: '%s' has %llu rows; expected one for each of %zu %s", s->by,
			(unsigned long long)tensor_rows(t), s->members,
			s->of_items ? "items" : "users");
	for (size_t i = 0; i < s->members; i++) {
		if (value[i] >= SLICES_MOST)
			die("stdin: '%s' has value %u; at most %d can be told apart", s->by,
				value[i], SLICES_MOST);
		s->of[i] = value[i];
		s->n = value[i] + 1 > s->n ? value[i] + 1 : s->n;
	}
}

/* The word of a value, "1 (popular)" for a group, or a number. */
static char *name_of(const struct slices *s, const struct tensors *set, size_t i)
{
	size_t n = 0;
	const char *word = slices_counted(s->by) ? NULL : tensors_word(set, s->by, i, &n);
	const char *end = i == 0	  ? s->of_items ? " (popular)" : " (busy)"
			  : i + 1 == s->n ? s->of_items ? " (rare)" : " (quiet)"
					  : "";
	char *name = mem_new(n + NAME, 1);

	if (word)
		memcpy(name, word, n);
	else if (slices_counted(s->by))
		snprintf(name, NAME, "%zu%s", i + 1, end);
	else
		snprintf(name, NAME, "%zu", i);
	return name;
}

void slices_open(struct slices *s, const struct tensors *set, const char *by, size_t members,
	const uint64_t *count, size_t groups)
{
	*s = (struct slices){ .by = by, .members = members };
	slices_parse(&s->of_items, by);
	s->of = mem_new(s->members, sizeof *s->of);
	if (slices_counted(by)) {
		quantile_groups(s->of, count, members, groups);
		s->n = groups;
	} else {
		read_values(s, set);
	}
	s->name = mem_new(s->n, sizeof *s->name);
	for (size_t i = 0; i < s->n; i++)
		s->name[i] = name_of(s, set, i);
}

void slices_words(struct slices *s, const struct tensors *set, const char *column, size_t n)
{
	*s = (struct slices){ .by = column, .n = n, .name = mem_new(n, sizeof *s->name) };
	for (size_t i = 0; i < n; i++)
		s->name[i] = name_of(s, set, i);
}

void slices_free(struct slices *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->name[i]);
	free(s->name);
	free(s->of);
}

void slices_traits(struct rank_traits *traits, uint64_t **made, const struct tensors *set,
	const char *column, size_t items)
{
	char name[2 * TENSOR_NAME];
	const struct tensor *at, *id;
	const char *fault;

	if (tensor_match("item.cat.*", column)) {
		id = tensors_need(set, column, U32, 1);
		*made = mem_new(items + 1, sizeof **made);
		for (size_t i = 0; i <= items; i++)
			(*made)[i] = i;
		*traits = (struct rank_traits){ *made, id->data };
		if (tensor_rows(id) < items)
			die("stdin: '%s' has %llu rows; expected one for each of %zu items", column,
				(unsigned long long)tensor_rows(id), items);
		return;
	}
	*made = NULL;
	snprintf(name, sizeof name, "%s.at", column);
	at = tensors_need(set, name, U64, 1);
	snprintf(name, sizeof name, "%s.id", column);
	id = tensors_need(set, name, U32, 1);
	fault = members_lists_fault(at, id, tensor_rows(at) ? tensor_rows(at) - 1 : 0);
	if (fault || tensor_rows(at) < items + 1)
		die("stdin: '%s' %s", column,
			fault ? fault : "has fewer lists than there are items");
	*traits = (struct rank_traits){ at->data, id->data };
}
