#include "kin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"

/* Bytes of the name before its seed; all when it has none. */
static size_t base_length(const char *name)
{
	size_t n = strlen(name), at = n;

	while (at && isdigit((unsigned char)name[at - 1]))
		at--;
	if (at == n)
		return n;
	if (at && name[at - 1] == 's')
		at--;
	return at > 1 && strchr("-_", name[at - 1]) ? at - 1 : n;
}

static bool same_value(const struct model *a, const struct model *b, const char *key)
{
	const char *x = model_spec(a, key), *y = model_spec(b, key);

	return x == y || (x && y && strcmp(x, y) == 0);
}

static bool same_shape(const struct model *a, const struct model *b)
{
	return same_value(a, b, "arch") && same_value(a, b, "features") && same_value(a, b, "dim") &&
	       same_value(a, b, "hidden");
}

static bool same_group(const struct model *a, const struct model *b)
{
	size_t n = base_length(model_name(a));

	return n == base_length(model_name(b)) && strncmp(model_name(a), model_name(b), n) == 0 &&
	       model_name(a)[n] && model_name(b)[n] && same_shape(a, b) &&
	       same_value(a, b, "quantised") &&
	       !model_spec(a, "teacher") == !model_spec(b, "teacher");
}

static size_t group_models(struct kin *kin, struct model *const *model, size_t n)
{
	size_t groups = 0;

	for (size_t i = 0; i < n; i++) {
		size_t g = 0;

		while (g < groups && !same_group(model[kin[g].member[0]], model[i]))
			g++;
		if (g == groups) {
			kin[g].member = mem_new(n, sizeof *kin[g].member);
			groups++;
		}
		kin[g].member[kin[g].n++] = i;
	}
	for (size_t g = 0; g < groups; g++) {
		const char *name = model_name(model[kin[g].member[0]]);

		snprintf(kin[g].name, sizeof kin[g].name, "%.*s",
			(int)(kin[g].n > 1 ? base_length(name) : strlen(name)), name);
	}
	return groups;
}

/* The group called so, or with a member called so. */
static size_t find_group(
	const struct kin *kin, size_t groups, struct model *const *model, const char *name)
{
	for (size_t g = 0; name && g < groups; g++) {
		if (strcmp(kin[g].name, name) == 0)
			return g;
		for (size_t i = 0; i < kin[g].n; i++)
			if (strcmp(model_name(model[kin[g].member[i]]), name) == 0)
				return g;
	}
	return KIN_NONE;
}

static void find_alone(struct kin *kin, size_t groups, struct model *const *model, size_t g)
{
	const struct model *student = model[kin[g].member[0]];

	for (size_t a = groups; a-- > 0;) {
		const struct model *m = model[kin[a].member[0]];

		if (a != kin[g].teacher && !model_spec(m, "teacher") && same_shape(m, student) &&
			!model_spec(m, "quantised"))
			kin[g].alone = a;
	}
}

size_t kin_groups(struct kin **to, struct model *const *model, size_t n, const char *teacher)
{
	struct kin *kin = *to = mem_new(n, sizeof *kin);
	size_t groups = group_models(kin, model, n), common;

	common = find_group(kin, groups, model, teacher);
	if (teacher && common == KIN_NONE)
		die_usage("--teacher: there is no model '%s'", teacher);
	for (size_t g = 0; g < groups; g++) {
		const char *name = model_spec(model[kin[g].member[0]], "teacher");

		kin[g].alone = KIN_NONE;
		kin[g].teacher = teacher && name ? common : find_group(kin, groups, model, name);
		if (common == KIN_NONE)
			common = kin[g].teacher;
	}
	for (size_t g = 0; g < groups; g++) {
		if (!model_spec(model[kin[g].member[0]], "teacher"))
			continue;
		if (kin[g].teacher == KIN_NONE)
			kin[g].teacher = common;
		find_alone(kin, groups, model, g);
	}
	return groups;
}

void kin_free(struct kin *kin, size_t groups)
{
	for (size_t g = 0; g < groups; g++)
		free(kin[g].member);
	free(kin);
}
