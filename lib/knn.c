#include "knn.h"

#include <math.h>
#include <stdlib.h>

#include "bias.h"
#include "mem.h"
#include "similar.h"
#include "top.h"

enum { TURNS = 10 }; /* of biases */

/* ---- scoring ---- */

void knn_ready(struct knn *knn)
{
	knn->turned = knn->by_user ? csr_transpose(&knn->seen, knn->base.items)
				   : csr_transpose(&knn->near, knn->members);
	knn->outer = knn->by_user ? &knn->near : &knn->seen;
	knn->inner = knn->by_user ? &knn->seen : &knn->turned;
	knn->columns = knn->by_user ? &knn->turned : &knn->near;
}

void knn_done(struct knn *knn)
{
	csr_free(&knn->turned);
}

/* A row of a matrix. */
struct list {
	const uint32_t *id;
	const float *value;
	size_t n;
};

static struct list list_of(const struct csr *m, size_t row)
{
	uint64_t at;

	if (row >= m->rows)
		return (struct list){ NULL, NULL, 0 };
	at = m->at[row];
	return (struct list){ m->id + at, m->value + at, m->at[row + 1] - at };
}

static float base_of(const struct mf *base, uint32_t user, size_t item)
{
	return base->mean + (user < base->users ? base->user_bias[user] : 0) +
	       (item < base->items ? base->item_bias[item] : 0);
}

/* What the common m add up to, and their likeness; or the best of them. */
struct meeting {
	float sum, weight;
	struct top best; /* k 0: all count; items are places among what was given */
	const struct list *given;
};

static void meet(struct meeting *m, float given, float like, size_t place)
{
	if (m->best.k) {
		SIMD_CALL(top_offer, &m->best, &like, (uint32_t)place, 1);
		return;
	}
	m->sum += given * like;
	m->weight += like;
}

static void meet_all(struct meeting *m, const struct list *given, const struct list *like)
{
	bool fewer = given->n <= like->n;
	const struct list *few = fewer ? given : like, *many = fewer ? like : given;

	for (size_t f = 0, at = 0; f < few->n; f++) {
		at = csr_find(many->id, at, many->n, few->id[f]);
		if (at == many->n)
			break;
		if (many->id[at] == few->id[f])
			meet(m, given->value[fewer ? f : at], like->value[fewer ? at : f],
				fewer ? f : at);
	}
}

static float score_of(const struct knn *knn, uint32_t user, uint32_t item)
{
	float like[KNN_USE];
	uint32_t place[KNN_USE];
	struct meeting m = { 0, 0, { like, place, knn->use, 0 }, NULL };
	struct list outer = list_of(knn->outer, user), column = list_of(knn->columns, item);
	const struct list *given = knn->by_user ? &column : &outer;

	meet_all(&m, given, knn->by_user ? &outer : &column);
	if (knn->use)
		SIMD_CALL(top_sort, &m.best);
	for (size_t i = 0; i < m.best.n; i++) {
		m.sum += given->value[place[i]] * like[i];
		m.weight += like[i];
	}
	if (knn->mean)
		m.sum = m.weight > 0 ? m.sum / m.weight : 0;
	return base_of(&knn->base, user, item) + m.sum;
}

void knn_predict(
	float *score, const struct knn *knn, const uint32_t *user, const uint32_t *item, size_t n)
{
	const struct mf *base = &knn->base;

#pragma omp parallel for schedule(dynamic, 256)
	for (size_t r = 0; r < n; r++) {
		float x = score_of(knn, user[r], item[r]);

		score[r] = x < base->low ? base->low : x > base->high ? base->high : x;
	}
}

void knn_items(
	float *score, const struct knn *knn, uint32_t user, size_t first, size_t count, float *room)
{
	struct list outer = list_of(knn->outer, user);

	for (size_t i = 0; i < count; i++)
		score[i] = knn->use ? score_of(knn, user, (uint32_t)(first + i)) : 0;
	if (knn->use)
		return;
	for (size_t i = 0; i < count; i++)
		room[i] = 0;
	for (size_t m = 0; m < outer.n; m++) {
		struct list inner = list_of(knn->inner, outer.id[m]);

		for (size_t at = csr_find(inner.id, 0, inner.n, (uint32_t)first);
			at < inner.n && inner.id[at] < first + count; at++) {
			score[inner.id[at] - first] += outer.value[m] * inner.value[at];
			room[inner.id[at] - first] +=
				knn->by_user ? outer.value[m] : inner.value[at];
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (knn->mean)
			score[i] = room[i] > 0 ? score[i] / room[i] : 0;
		score[i] = base_of(&knn->base, user, first + i) + score[i];
	}
}

/* ---- from ratings ---- */

uint64_t knn_memory(const struct mf_rows *rows, size_t neighbours)
{
	uint64_t ids = (uint64_t)rows->users + rows->items;

	return (uint64_t)rows->n * 50 + ids * (60 + 20 * (uint64_t)neighbours);
}

/* Labels of the rows that count, by user. */
static struct csr collect(const struct mf_rows *rows, bool ranking)
{
	uint8_t *keep = mem_new(rows->n, 1);
	struct csr m;

	for (size_t r = 0; r < rows->n; r++)
		keep[r] = (!rows->part || rows->part[r] == 0) && (!ranking || rows->label[r] > 0);
	m = csr_new(rows->user, rows->item, rows->label, keep, rows->n, rows->users);
	free(keep);
	csr_unite(&m, true);
	for (uint64_t e = 0; ranking && e < m.at[m.rows]; e++)
		m.value[e] = 1;
	return m;
}

static void less_base(struct csr *m, const struct mf *base)
{
	for (size_t u = 0; u < m->rows; u++)
		for (uint64_t e = m->at[u]; e < m->at[u + 1]; e++)
			m->value[e] -= base_of(base, (uint32_t)u, m->id[e]);
}

static void share_popularity(struct mf *base, const struct csr *m, double popularity)
{
	float most = 1;

	for (uint64_t e = 0; e < m->at[m->rows]; e++)
		base->item_bias[m->id[e]]++;
	for (size_t i = 0; i < base->items; i++)
		most = base->item_bias[i] > most ? base->item_bias[i] : most;
	for (size_t i = 0; i < base->items; i++)
		base->item_bias[i] = (float)(popularity * (double)(base->item_bias[i] / most));
}

struct csr knn_given(struct mf *base, const struct mf_rows *rows, const struct knn_how *how)
{
	struct csr given = collect(rows, how->ranking);
	struct mf *fitted;

	if (!how->ranking) {
		fitted = bias_fit(rows, how->reg, TURNS);
		*base = *fitted;
		free(fitted);
		less_base(&given, base);
		return given;
	}
	*base = (struct mf){ .users = rows->users,
		.items = rows->items,
		.low = -INFINITY,
		.high = INFINITY,
		.user_bias = mem_new(rows->users, sizeof(float)),
		.item_bias = mem_new(rows->items, sizeof(float)) };
	share_popularity(base, &given, how->popularity);
	return given;
}

/* Every value less the mean of its row. */
static void centre_rows(struct csr *m)
{
	for (size_t r = 0; r < m->rows; r++) {
		double sum = 0, n = (double)(m->at[r + 1] - m->at[r]);

		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			sum += (double)m->value[e];
		for (uint64_t e = m->at[r]; e < m->at[r + 1]; e++)
			m->value[e] -= (float)(sum / n);
	}
}

/* What neighbours are found by: a row for everybody who has neighbours. */
static struct csr compared(
	const struct mf_rows *rows, const struct knn_how *how, const struct mf *base)
{
	struct csr by_user = collect(rows, how->ranking), by_item;
	bool of_users = how->measure == (how->by_user ? KNN_PEARSON : KNN_ADJUSTED);
	bool of_items = how->measure == (how->by_user ? KNN_ADJUSTED : KNN_PEARSON);

	if (of_users)
		centre_rows(&by_user);
	if (how->measure == KNN_RESIDUAL)
		less_base(&by_user, base);
	if (how->by_user && !of_items)
		return by_user;
	by_item = csr_transpose(&by_user, rows->items);
	csr_free(&by_user);
	if (of_items)
		centre_rows(&by_item);
	if (!how->by_user)
		return by_item;
	by_user = csr_transpose(&by_item, rows->users);
	csr_free(&by_item);
	return by_user;
}

struct knn *knn_fit(const struct mf_rows *rows, const struct knn_how *how)
{
	struct knn *knn = mem_new(1, sizeof *knn);
	struct similar_how like = { SIMILAR_COMMON, how->shrink, how->neighbours, NULL };
	struct csr m;

	knn->by_user = how->by_user;
	knn->mean = !how->ranking;
	knn->use = how->use;
	knn->members = how->by_user ? rows->users : rows->items;
	knn->seen = knn_given(&knn->base, rows, how);
	m = compared(rows, how, &knn->base);
	if (how->measure == KNN_COSINE)
		like.measure = SIMILAR_COSINE;
	if (how->measure == KNN_MSD)
		like.measure = SIMILAR_MSD;
	knn->near = similar_lists(&m, how->by_user ? rows->items : rows->users, &like);
	csr_free(&m);
	return knn;
}

void knn_end(struct knn *knn)
{
	csr_free(&knn->near);
	csr_free(&knn->seen);
	free(knn->base.user_bias);
	free(knn->base.item_bias);
	free(knn);
}
