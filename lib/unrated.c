#include "unrated.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fill.h"
#include "knn.h"
#include "mem.h"
#include "model_write.h"
#include "profile.h"
#include "ratings.h"
#include "similar.h"

static const double DIVERGED = 10; /* a loss; 1 is that of the mean */
static const double JUDGED = 0.1; /* of the known, to choose the epoch of a network */

static bool maps(const struct unrated *call)
{
	return call->from && strcmp(call->method, "knn") != 0;
}

/* known[r]: 1 with a row that counts. */
static void mark_known(struct unrated *call)
{
	const struct mf_rows *rows = &call->rows;
	const uint32_t *id = call->of_users ? rows->user : rows->item;

	for (size_t r = 0; r < rows->n; r++)
		if ((!rows->part || rows->part[r] == 0) && (!call->ranking || rows->label[r] > 0))
			call->known[id[r]] = 1;
}

static void check_content(const struct unrated *call)
{
	size_t known = 0, empty = 0;

	for (size_t r = 0; r < call->x.rows; r++) {
		known += call->known[r];
		empty += call->x.at[r] == call->x.at[r + 1];
	}
	if (!known)
		die("stdin: no training row has a label above 0: nothing to train on");
	if (empty == call->x.rows)
		die("stdin: none of the %zu %ss has any content", call->x.rows, call->of);
	if (empty)
		warn("%zu of %zu %ss have no content", empty, call->x.rows, call->of);
	if (known == call->x.rows)
		warn("all %zu %ss have training rows: nobody is cold", known, call->of);
}

void unrated_open(struct unrated *call, const char *features, enum content_weight weight)
{
	size_t ids = call->of_users ? call->rows.users : call->rows.items, rows;
	const struct traits *t = &call->traits;

	traits_open(&call->traits, &call->set, call->of_users, features);
	rows = t->rows > ids ? t->rows : ids;
	call->known = mem_new(rows, 1);
	mark_known(call);
	call->scale =
		content_learn(t->field, t->f.n, rows, weight, maps(call) ? call->known : NULL);
	call->x = content_rows(&call->scale, t->field, rows);
	call->cols = call->scale.cols;
	check_content(call);
}

void unrated_free(struct unrated *call)
{
	csr_free(&call->x);
	content_free(&call->scale);
	traits_free(&call->traits);
	free(call->known);
	tensors_free(&call->set);
	tensors_free(&call->model);
}

static void afford(const struct unrated *call, uint64_t bytes)
{
	char why[80];

	snprintf(why, sizeof why, "%zu columns of content", call->cols);
	ratings_fit(&call->rows, bytes, call->memory, why);
}

/* ---- neighbours and profiles ---- */

static struct knn *start_knn(const struct unrated *call)
{
	struct knn *knn = mem_new(1, sizeof *knn);
	struct knn_how how = {
		.ranking = call->ranking, .reg = call->reg, .popularity = call->popularity
	};

	knn->by_user = call->of_users;
	knn->mean = !call->ranking;
	knn->seen = knn_given(&knn->base, &call->rows, &how);
	return knn;
}

static void finish_knn(struct unrated *call, struct knn *knn)
{
	model_note(&call->spec, call->ranking ? "popularity" : "reg", "%.9g",
		call->ranking ? call->popularity : call->reg);
	model_from_knn(&call->model, call->name, &call->spec, knn);
	knn_end(knn);
}

void unrated_neighbours(struct unrated *call)
{
	struct similar_how how = { SIMILAR_COSINE, 0, (size_t)call->neighbours, call->known };
	struct knn *knn;

	afford(call, similar_memory(&call->x, call->cols, how.neighbours));
	knn = start_knn(call);
	knn->members = call->of_users ? call->rows.users : call->rows.items;
	knn->near = similar_lists(&call->x, call->cols, &how);
	warn("%llu neighbours of %zu %ss", (unsigned long long)knn->near.at[knn->near.rows],
		knn->near.rows, call->of);
	model_note(&call->spec, "neighbours", "%ld", call->neighbours);
	finish_knn(call, knn);
}

void unrated_profile(struct unrated *call)
{
	struct knn *knn = start_knn(call);
	struct csr given = knn->seen;

	knn->members = call->cols;
	knn->seen = profile_new(&given, call->rows.items, &call->x, call->cols, call->of_users,
		call->ranking, call->shrink);
	csr_free(&given);
	knn->near = call->x;
	call->x = (struct csr){ 0 };
	if (!call->ranking)
		model_note(&call->spec, "shrink", "%.9g", call->shrink);
	finish_knn(call, knn);
}

/* ---- factors ---- */

static enum fill_method method_of(const struct unrated *call)
{
	return strcmp(call->method, "ridge") == 0	 ? FILL_RIDGE
	       : strcmp(call->method, "mlp") == 0	 ? FILL_MLP
	       : strcmp(call->method, "dropoutnet") == 0 ? FILL_DROPOUTNET
							 : FILL_NEIGHBOURS;
}

static struct fill_how how_of(const struct unrated *call)
{
	struct fill_how how = { .method = method_of(call),
		.of_users = call->of_users,
		.neighbours = (size_t)call->neighbours,
		.l2 = isnan(call->l2) ? 1 : call->l2,
		.net = { .hidden = (size_t)call->hidden,
			.epochs = (size_t)call->epochs,
			.batch = (size_t)call->batch,
			.rate = call->rate,
			.l2 = isnan(call->l2) ? 0 : call->l2,
			.drop = call->drop,
			.judged = JUDGED,
			.seed = (uint64_t)call->seed } };

	return how;
}

static void note_fill(struct text *spec, const struct unrated *call, const struct fill_how *how)
{
	model_note(spec, "from", "%s", call->from);
	if (how->method == FILL_NEIGHBOURS)
		model_note(spec, "neighbours", "%zu", how->neighbours);
	if (how->method == FILL_RIDGE)
		model_note(spec, "l2", "%.9g", how->l2);
	if (how->method < FILL_MLP)
		return;
	model_note(spec, "hidden", "%zu", how->net.hidden);
	model_note(spec, "batch", "%zu", how->net.batch);
	model_note(spec, "rate", "%.9g", how->net.rate);
	model_note(spec, "l2", "%.9g", how->net.l2);
	model_note(spec, "seed", "%llu", (unsigned long long)how->net.seed);
	if (how->method == FILL_DROPOUTNET)
		model_note(spec, "drop", "%.9g", how->net.drop);
}

static void say_fill(struct unrated *call, const struct fill_how *how, const struct fill_report *r)
{
	warn("%zu %ss are known, %zu were filled", r->known, call->of, r->filled);
	if (how->method == FILL_RIDGE)
		warn("%zu steps of conjugate gradients", r->steps);
	if (how->method < FILL_MLP)
		return;
	if (!(r->loss <= DIVERGED))
		die("training diverges (loss %g); try a --rate lower than %g", r->loss,
			how->net.rate);
	if (r->loss >= 1)
		warn("the network is no better than the mean of the known: try a lower --rate");
	warn("epoch %zu is kept: the %ss that judge have loss %.4f from content alone", r->steps,
		call->of, r->loss);
	model_note(&call->spec, "epoch", "%zu", r->steps);
}

/* The rows of the model's side that are known, or none. */
static size_t known_rows(const struct unrated *call, const struct mf *from)
{
	size_t ids = call->of_users ? from->users : from->items, n = 0;

	for (size_t r = 0; r < call->x.rows && r < ids; r++)
		n += call->known[r];
	return n;
}

void unrated_factors(struct unrated *call)
{
	struct fill_how how = how_of(call);
	struct fill_report report;
	struct fill_map map;
	struct model *model;
	const struct mf *from = model_open_factors(&model, &call->set, call->from, "--from");
	uint64_t rows = call->x.rows, wide = from->dim + 16, deep = call->cols;
	struct mf *mf;

	if (!from->dim || !known_rows(call, from))
		die("stdin: model '%s' has factors for none of the %ss that have training rows",
			call->from, call->of);
	if (how.method == FILL_NEIGHBOURS)
		afford(call, similar_memory(&call->x, call->cols, how.neighbours));
	else
		afford(call,
			rows * wide * 16 +
				deep * 16 * (how.method == FILL_RIDGE ? wide : how.net.hidden));
	mf = fill_factors(&report, from, &call->x, call->cols, call->known, &how, &map);
	note_fill(&call->spec, call, &how);
	say_fill(call, &how, &report);
	if (maps(call))
		mapped_note(&call->spec, &call->set, &call->traits);
	model_from_mf(&call->model, call->name, &call->spec, mf);
	if (maps(call))
		mapped_write(&call->model, call->name, &call->traits, &call->scale, &map);
	fill_map_free(&map);
	model_free(model);
}
