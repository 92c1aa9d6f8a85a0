#include "ratings.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "model_write.h"
#include "stream_rows.h"

#define LABEL_MOST 1e30F /* so that no product of labels leaves the range of a float */

/* What is wanted, and how many ids the dictionaries of the stream know; UINT64_MAX without. */
struct reading {
	const struct ratings_wish *wish;
	uint64_t users, items;
};

static const char *const COLUMN[] = { "user", "item", "label", "weight", "part" };
enum { COLUMNS = sizeof COLUMN / sizeof *COLUMN };

static int want(const char *name, const struct frame *first, void *arg)
{
	struct reading *reading = arg;
	const struct ratings_wish *wish = reading->wish;
	char init[TENSOR_NAME + 16];

	if (first->rows_total > 0 && first->rows_total != FRAME_UNKNOWN) {
		if (strcmp(name, "vocab.user.at") == 0)
			reading->users = first->rows_total - 1;
		if (strcmp(name, "vocab.item.at") == 0)
			reading->items = first->rows_total - 1;
	}
	snprintf(init, sizeof init, "model.%s.*", wish->init ? wish->init : "");
	if (model_replaces(wish->name, wish->replace || wish->resume, name))
		return STREAM_DROP | (wish->resume || tensor_match(init, name) ? STREAM_KEEP : 0);
	for (size_t i = 0; i < COLUMNS; i++)
		if (strcmp(name, COLUMN[i]) == 0)
			return STREAM_KEEP;
	for (size_t i = 0; wish->also && wish->also[i]; i++)
		if (tensor_match(wish->also[i], name))
			return STREAM_KEEP;
	return tensor_match(init, name) ? STREAM_KEEP : STREAM_PASS;
}

static const void *column(const struct tensors *set, const char *name, enum dtype dtype, size_t n)
{
	const struct tensor *t = tensors_need(set, name, dtype, 1);

	if (tensor_rows(t) != n)
		die("stdin: '%s' has %llu rows, 'user' %zu", name,
			(unsigned long long)tensor_rows(t), n);
	return t->data;
}

static uint32_t extent(const uint32_t *id, size_t n, const char *name, uint64_t known)
{
	uint32_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = id[i] > most ? id[i] : most;
	if (most == UINT32_MAX)
		die("stdin: '%s': %u is too large an id", name, most);
	if (n && most >= known)
		die("stdin: '%s' has id %u, but 'vocab.%s' knows %llu", name, most, name,
			(unsigned long long)known);
	return n ? most + 1 : 0;
}

static void check_rows(const struct mf_rows *rows)
{
	size_t trained = 0;
	double weights = 0;

	for (size_t i = 0; i < rows->n; i++) {
		float x = rows->label[i], w = rows->weight ? rows->weight[i] : 1;

		if (rows->part && rows->part[i] > 1)
			continue;
		if (!(fabsf(x) <= LABEL_MOST))
			die("stdin: label of row %zu is %g; expected a number within +-%g", i,
				(double)x, (double)LABEL_MOST);
		if (!(w >= 0 && w <= LABEL_MOST))
			die("stdin: weight of row %zu is %g; expected 0 to %g", i, (double)w,
				(double)LABEL_MOST);
		if (rows->part && rows->part[i] != 0)
			continue;
		trained++;
		weights += (double)w;
	}
	if (!trained)
		die("stdin: none of %zu rows is of part 0: nothing to train on", rows->n);
	if (!(weights > 0))
		die("stdin: the weights of all %zu training rows are 0", trained);
}

struct mf_rows ratings_read(
	struct tensors *set, struct stream *in, struct stream *out, const struct ratings_wish *wish)
{
	struct reading reading = { wish, UINT64_MAX, UINT64_MAX };
	struct mf_rows rows = { 0 };

	stream_load(in, out, want, &reading, set);
	rows.user = tensors_need(set, "user", U32, 1)->data;
	rows.n = tensor_rows(tensors_find(set, "user"));
	rows.item = column(set, "item", U32, rows.n);
	rows.label = column(set, "label", F32, rows.n);
	rows.weight = tensors_find(set, "weight") ? column(set, "weight", F32, rows.n) : NULL;
	rows.part = tensors_find(set, "part") ? column(set, "part", U8, rows.n) : NULL;
	rows.users = extent(rows.user, rows.n, "user", reading.users);
	rows.items = extent(rows.item, rows.n, "item", reading.items);
	check_rows(&rows);
	return rows;
}

void ratings_taken(struct tensors *set)
{
	for (size_t i = 0; i < COLUMNS; i++)
		tensor_free(tensors_take(set, COLUMN[i]));
}

void ratings_fit(const struct mf_rows *rows, uint64_t need, uint64_t ceiling, const char *why)
{
	if (need > (ceiling ? ceiling : mem_physical() / 4 * 3))
		die("memory: %u users, %u items and %s need %llu MiB; raise --memory or ask for "
		    "less",
			rows->users, rows->items, why, (unsigned long long)(need >> 20));
}
