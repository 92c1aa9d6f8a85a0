#include "lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "model_write.h"
#include "reverse.h"
#include "stream_out.h"

enum { SOFT, VAR, HINT };

static const char *const of_rows[] = { "soft.%s", "var.%s", "hint.%s" };

static void full_name(char *full, const char *format, const char *name)
{
	size_t n = strcspn(format, "%");

	snprintf(full, TENSOR_NAME + 1, "%.*s%.150s%s", (int)n, format, name, format + n + 2);
}

void lesson_name(struct lesson *l, const char *name)
{
	if (!name)
		return;
	if (model_name_fault(name))
		die_usage("--as: '%s': %s", name, model_name_fault(name));
	snprintf(l->name, sizeof l->name, "%s", name);
}

bool lesson_makes(const struct lesson *l, const char *tensor, bool replace)
{
	static const char *const tables[] = { "hint.%s.user", "hint.%s.item", "top.%s.item",
		"top.%s.score", "rev.%s.user", "rev.%s.score" };
	const bool wanted[] = { l->hint, l->hint, l->top > 0, l->top > 0, l->reverse > 0,
		l->reverse > 0 };
	const bool row_wanted[] = { l->rows, l->variance, l->hint };
	bool found = false;

	for (size_t i = 0; i < 9; i++) {
		const char *format = i < 6 ? tables[i] : of_rows[i - 6];
		char full[TENSOR_NAME + 1];

		if (!(i < 6 ? wanted[i] : row_wanted[i - 6]))
			continue;
		full_name(full, format, *l->name ? l->name : "*");
		found |= tensor_match(full, tensor) &&
			 (*l->name || !strchr(tensor + strcspn(tensor, ".") + 1, '.') == (i >= 6));
	}
	if (!found)
		return false;
	if (!*l->name && replace)
		die_usage("--replace: '%s' comes ahead of the models; say --as or --from", tensor);
	if (*l->name && !replace)
		die("stdin: '%s' is already in the stream; --as another name, or --replace",
			tensor);
	return *l->name;
}

void lesson_open(struct lesson *l, struct council *c)
{
	float *vectors;
	size_t rows, dim;

	l->council = c;
	if (l->variance && c->n < 2)
		die_usage("--variance: of several models; --from says which");
	if (!l->hint)
		return;
	if (c->n > 1)
		die_usage("--hint: of one model, not of several");
	vectors = model_vectors(c->model[0], false, &rows, &dim);
	l->width = vectors ? 0 : model_width(c->model[0]);
	free(vectors);
	if (!vectors && !l->width)
		die("model '%s' has no factors and no hidden layer; --hint needs one of them",
			model_name(c->model[0]));
}

/* ---- rows ---- */

bool lesson_of_rows(const struct lesson *l)
{
	return l->rows || l->variance || l->width;
}

static void make_room(struct lesson *l, size_t n)
{
	const bool wanted[] = { true, l->variance, l->width > 0 };
	char full[TENSOR_NAME + 1];

	for (size_t i = SOFT; i <= HINT; i++) {
		struct tensor *t = l->made[i];

		if (t && n > l->room) {
			tensor_free(t);
			t = NULL;
		}
		if (!t && wanted[i]) {
			full_name(full, of_rows[i], l->name);
			t = tensor_new(full, F32, n, i == HINT ? l->width : 0);
		}
		if (t)
			t->shape[0] = n;
		l->made[i] = t;
	}
	l->room = n > l->room ? n : l->room;
}

void lesson_ask(struct lesson *l, const struct tensors *columns, size_t n)
{
	make_room(l, n);
	if (l->width)
		model_hidden(l->council->model[0], columns, n, l->made[SOFT]->data,
			l->made[HINT]->data);
	else if (lesson_of_rows(l))
		council_rows(l->council, columns, n, l->made[SOFT]->data,
			l->variance ? l->made[VAR]->data : NULL);
}

/* A column of the group; a frame has at most 64 MiB. */
static void put_column(
	struct stream *out, const struct tensor *t, uint64_t start, bool last)
{
	uint64_t n = tensor_rows(t), bytes = tensor_row_bytes(t);
	uint64_t step = n * bytes <= (uint64_t)1 << 26 ? n : stream_cut(t), at = 0;

	do {
		struct stream_piece piece = { .shape = t, .start = start + at,
			.count = n - at < step ? n - at : step,
			.total = FRAME_UNKNOWN,
			.data = (const char *)t->data + at * bytes };

		at += piece.count;
		piece.last = last && at == n;
		if (piece.last)
			piece.total = start + n;
		stream_put(out, &piece, 1);
	} while (at < n);
}

void lesson_put_group(struct lesson *l, struct stream *out, uint64_t start, bool last)
{
	for (size_t i = SOFT; i <= HINT; i++)
		if (l->made[i] && (i != SOFT || l->rows))
			put_column(out, l->made[i], start, last);
}

void lesson_put_rows(struct lesson *l, struct stream *out)
{
	for (size_t i = SOFT; i <= HINT; i++)
		if (l->made[i] && (i != SOFT || l->rows))
			stream_write_rows(out, &l->made[i], 1);
}

/* ---- tables ---- */

void lesson_put_factors(const struct lesson *l, struct stream *out)
{
	static const char *const name[] = { "hint.%s.user", "hint.%s.item" };
	char full[TENSOR_NAME + 1];

	for (int of_items = 0; l->hint && !l->width && of_items < 2; of_items++) {
		struct model *model = l->council->model[0];
		size_t rows, dim;
		float *vector = model_vectors(model, of_items, &rows, &dim);
		struct tensor *t;

		if (!vector)
			die("model '%s' has no embeddings of '%s'; --hint needs them",
				model_name(model), of_items ? "item" : "user");
		full_name(full, name[of_items], l->name);
		t = tensor_new(full, F32, rows, dim);
		memcpy(t->data, vector, rows * dim * sizeof *vector);
		stream_write(out, t);
		tensor_free(t);
		free(vector);
	}
}

/* Lists of n entries of k for each of `lists`; nothing is asked for that cannot be held. */
static void new_lists(const struct lesson *l, const char *const format[2], size_t lists, size_t k,
	struct tensor *t[2])
{
	uint64_t most = l->memory ? l->memory : mem_physical() / 4 * 3;
	char full[TENSOR_NAME + 1];

	if ((uint64_t)lists > most / 8 / k)
		die("%zu lists of %zu do not fit into %llu bytes of memory", lists, k,
			(unsigned long long)most);
	for (size_t i = 0; i < 2; i++) {
		full_name(full, format[i], l->name);
		t[i] = tensor_new(full, i ? F32 : U32, lists, k);
	}
}

static void put_both(struct stream *out, struct tensor *t[2])
{
	for (size_t i = 0; i < 2; i++) {
		stream_write(out, t[i]);
		tensor_free(t[i]);
	}
}

static void put_top(const struct lesson *l, struct stream *out, const struct ranking_rows *rows,
	const struct ranking_sets *seen, const struct ranking_scorer *scorer)
{
	static const char *const name[] = { "top.%s.item", "top.%s.score" };
	size_t k = l->top < rows->items ? l->top : rows->items;
	uint32_t *user = mem_new(rows->users, sizeof *user);
	struct ranking_lists lists = { .seen = seen, .items = rows->items, .k = k };
	struct tensor *t[2];

	new_lists(l, name, rows->users, k, t);
	lists.item = t[0]->data;
	lists.score = t[1]->data;
	lists.n = mem_new(rows->users, sizeof *lists.n);
	for (size_t u = 0; u < rows->users; u++)
		user[u] = (uint32_t)u;
	ranking_lists_ask(&lists, scorer, user, rows->users);
	for (size_t u = 0; u < rows->users; u++)
		ranking_pad(lists.item + u * k, lists.score + u * k, lists.n[u], k);
	put_both(out, t);
	free(lists.n);
	free(user);
}

static void put_reverse(const struct lesson *l, struct stream *out,
	const struct ranking_rows *rows, const struct ranking_sets *seen,
	const struct ranking_scorer *scorer)
{
	static const char *const name[] = { "rev.%s.user", "rev.%s.score" };
	struct reverse_lists lists = { .seen = seen,
		.users = rows->users,
		.items = rows->items,
		.k = l->reverse < rows->users ? l->reverse : rows->users };
	struct tensor *t[2];

	new_lists(l, name, rows->items, lists.k, t);
	lists.user = t[0]->data;
	lists.score = t[1]->data;
	reverse_make(&lists, scorer);
	put_both(out, t);
}

void lesson_put_lists(const struct lesson *l, struct stream *out, const struct tensors *set)
{
	struct ranking_rows rows;
	struct ranking_sets seen;
	struct ranking_scorer scorer;
	uint8_t *keep;

	if (!l->top && !l->reverse)
		return;
	ranking_open(&rows, set);
	keep = mem_new(rows.n, 1);
	for (size_t r = 0; r < rows.n; r++)
		keep[r] = !rows.part || rows.part[r] == 0;
	ranking_sets_new(&seen, &rows, keep);
	free(keep);
	scorer = council_ready(l->council, rows.items);
	if (l->top)
		put_top(l, out, &rows, l->keep_seen ? NULL : &seen, &scorer);
	if (l->reverse)
		put_reverse(l, out, &rows, l->keep_seen ? NULL : &seen, &scorer);
	ranking_sets_free(&seen);
}

void lesson_free(struct lesson *l)
{
	for (size_t i = SOFT; i <= HINT; i++)
		tensor_free(l->made[i]);
}
