#include "tutor.h"

#include <string.h>

#include "arch.h"
#include "die.h"
#include "ranking.h"

enum { BLOCK = 64 };

struct shelf {
	float *score;
	size_t items;
};

static void put(void *arg, size_t u, const float *score)
{
	const struct shelf *shelf = arg;

	memcpy(shelf->score + u * shelf->items, score, shelf->items * sizeof *score);
}

/* n items and every user, as rows. */
static void score_users(struct tutor *t, float *score, const uint32_t *item, size_t n)
{
	struct tensors rows = { 0 };
	struct tensor *u = tensor_new("user", U32, n * t->users, 0);
	struct tensor *i = tensor_new("item", U32, n * t->users, 0);

	for (size_t r = 0; r < n * t->users; r++) {
		((uint32_t *)u->data)[r] = (uint32_t)(r % t->users);
		((uint32_t *)i->data)[r] = item[r / t->users];
	}
	tensors_add(&rows, u);
	tensors_add(&rows, i);
	model_predict(t->model, &rows, n * t->users, score);
	tensors_free(&rows);
}

static void scores(const void *student, bool reverse, float *score, const uint32_t *row, size_t n)
{
	struct tutor *t = *(struct tutor *const *)student;
	const struct ranking_lists all = { .items = t->items };
	struct shelf shelf = { score, t->items };

	if (!t->ready) {
		t->model = model_around_net(t->net, t->features, "student");
		t->ready = model_items_new(t->model, t->items);
	}
	if (reverse) {
		score_users(t, score, row, n);
		return;
	}
	ranking_scores(&all, t->ready, row, n, put, &shelf);
}

/* Which field of the network is the ids of users (0) or items (1). */
static size_t find_ids(const struct tutor *t, int side)
{
	const char *name = side ? "item" : "user";
	size_t f = 0;

	while (f < t->features->n && strcmp(t->features->name[f], name) != 0)
		f++;
	if (f == t->features->n)
		die("stdin: 'hint.%s.%s' is held up to embeddings of '%s', which the student does "
		    "not have as a feature",
			t->curriculum->teacher, name, name);
	return f;
}

static void find_vectors(struct tutor *t, struct fit *fit, const struct mf_rows *rows)
{
	struct curriculum *c = t->curriculum;
	const struct net_shape *s = net_shape(t->net);
	struct mimic *m = &fit->mimic;

	if (!c->sides && (t->net->towers > 1 || !t->net->layers))
		die("stdin: 'hint.%s' is of rows, and %s has no hidden layer of rows; it needs "
		    "'hint.%s.user' and 'hint.%s.item'",
			c->teacher, arch_of(s->arch)->name, c->teacher, c->teacher);
	*m = (struct mimic){ .sides = c->sides,
		.place = c->place,
		.key = { rows->user, rows->item },
		.ids = { rows->users, rows->items } };
	for (int side = 0; c->sides && t->net->towers == 1 && side < 2; side++) {
		m->field[side] = find_ids(t, side);
		if (m->ids[side] > s->field[m->field[side]].values)
			m->ids[side] = s->field[m->field[side]].values;
	}
	c->dim = mimic_dim(t->net, c->sides);
}

struct objective tutor_open(struct tutor *t, struct objective base, struct fit *fit,
	struct net *net, const struct features *features, const struct mf_rows *rows)
{
	struct curriculum *c = t->curriculum;
	struct objective all;

	if (!c)
		return base;
	t->net = net;
	t->features = features;
	t->users = rows->users;
	t->items = rows->items;
	c->rows = rows;
	t->self = t;
	c->regard.student = &t->self;
	c->regard.scores = scores;
	c->rate = fit->rate;
	c->l2 = fit->l2;
	c->seed = fit->seed;
	if (curriculum_vectors(c))
		find_vectors(t, fit, rows);
	all = curriculum_open(c, base);
	fit->mimic.loss = c->own;
	fit->mimic.n = c->owns;
	return all;
}

void tutor_begin(struct tutor *t, double base, double taught)
{
	if (t->curriculum)
		curriculum_weigh(t->curriculum, base, taught);
}

void tutor_end(struct tutor *t)
{
	if (!t->ready)
		return;
	model_items_free(t->ready);
	model_free(t->model);
	t->ready = NULL;
}

void tutor_close(struct tutor *t)
{
	if (t->curriculum)
		curriculum_close(t->curriculum);
}
