#include "reason.h"

#include <stdlib.h>
#include <string.h>

#include "gemm.h"
#include "mem.h"

struct reasons {
	struct model_parts of;
	float **linear; /* lr: the weights of each field */
	float **mean, **scale; /* of numbers */
};

/* The best so far; `n` may be more than are kept. */
struct pile {
	struct reason *best;
	size_t n, most;
};

static void offer(struct pile *p, struct reason r)
{
	size_t at = p->n < p->most ? p->n : p->most;

	if (!(r.share > 0) || (at == p->most && !(r.share > p->best[at - 1].share)))
		return;
	at -= at == p->most;
	for (; at > 0 && p->best[at - 1].share < r.share; at--)
		p->best[at] = p->best[at - 1];
	p->best[at] = r;
	p->n += p->n < p->most;
}

/* ---- networks without layers ---- */

static float *weights_of(const struct net *net, const char *part, int field)
{
	for (size_t i = 0; i < net_tensors(net); i++) {
		struct net_tensor t = net_tensor(net, i);
		float *w;

		if (t.field != field || strcmp(t.part, part) != 0)
			continue;
		w = mem_new(t.rows * (t.cols ? t.cols : 1), sizeof *w);
		net_get(net, i, NET_WEIGHT, w);
		return w;
	}
	return NULL;
}

static void offer_values(struct pile *p, const struct net_field *f, const char *name,
	const float *w, const uint32_t *id, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (id[i] < f->values)
			offer(p, (struct reason){ REASON_VALUE, name, id[i], w[id[i]] / (float)n });
}

static void find_features(const struct reasons *r, struct pile *p, uint32_t user, uint32_t item)
{
	const struct features *features = r->of.features;

	for (size_t i = 0; i < features->n; i++) {
		const struct net_field *f = &features->field[i];
		const char *name = features->name[i];
		bool of_user = strncmp(name, "user", 4) == 0;
		uint64_t e = of_user ? user : item;
		const float *w = r->linear[i];
		uint32_t id = f->cat && e < f->entries ? f->cat[e] : (uint32_t)e;

		if (!w || e >= f->entries)
			continue;
		if (f->kind == NET_CAT)
			offer_values(p, f, name, w, &id, 1);
		else if (f->kind == NET_BAG)
			offer_values(p, f, name, w, f->id + f->at[e], f->at[e + 1] - f->at[e]);
		else
			for (uint32_t j = 0; j < f->values; j++)
				offer(p,
					(struct reason){ REASON_NUMBER, name, j,
						w[j] * (f->num[e * f->values + j] - r->mean[i][j]) *
							r->scale[i][j] });
	}
}

/* ---- neighbours ---- */

struct neighbour {
	uint32_t id;
	float given, like;
};

static int more_like(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->like != y->like)
		return x->like > y->like ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* The m that row `one` of a and row `two` of b have in common. */
static size_t meet(struct neighbour *to, const struct csr *a, size_t one, const struct csr *b,
	size_t two, bool first_is_given)
{
	uint64_t i = one < a->rows ? a->at[one] : 0, end = one < a->rows ? a->at[one + 1] : 0;
	uint64_t j = two < b->rows ? b->at[two] : 0, last = two < b->rows ? b->at[two + 1] : 0;
	size_t n = 0;

	while (i < end && j < last)
		if (a->id[i] < b->id[j])
			i++;
		else if (a->id[i] > b->id[j])
			j++;
		else {
			float x = a->value ? a->value[i] : 1, y = b->value ? b->value[j] : 1;

			to[n++] = (struct neighbour){ a->id[i], first_is_given ? x : y,
				first_is_given ? y : x };
			i++, j++;
		}
	return n;
}

static void find_neighbours(const struct knn *knn, struct pile *p, uint32_t user, uint32_t item)
{
	const struct csr *a = knn->outer;
	size_t most = user < a->rows ? a->at[user + 1] - a->at[user] : 0, n;
	struct neighbour *m = mem_new(most, sizeof *m);
	float weight = 0;

	n = meet(m, a, user, knn->columns, item, !knn->by_user);
	if (knn->use && n > knn->use) {
		qsort(m, n, sizeof *m, more_like);
		n = knn->use;
	}
	for (size_t i = 0; i < n; i++)
		weight += m[i].like;
	for (size_t i = 0; i < n; i++)
		offer(p, (struct reason){ knn->by_user ? REASON_USER : REASON_ITEM, NULL, m[i].id,
				 m[i].given * m[i].like / (knn->mean ? weight : 1) });
	free(m);
}

/* ---- items that the user has ---- */

static void find_items(const struct reasons *r, struct pile *p, uint32_t user, uint32_t item,
	const uint32_t *had, size_t n)
{
	const struct ease *ease = r->of.ease;
	const struct mf *mf = r->of.mf;
	size_t items = ease ? ease->items : mf->items;

	if (ease) {
		had = user < ease->users ? ease->id + ease->at[user] : NULL;
		n = user < ease->users ? ease->at[user + 1] - ease->at[user] : 0;
	}
	for (size_t i = 0; i < n && item < items; i++) {
		size_t j = had[i];
		float share = 0;

		if (ease)
			share = ease->weight[item * items + j];
		else if (j < items && j != item)
			share = SIMD_CALL(gemm_dot, mf->item_factors + j * mf->dim,
				mf->item_factors + (size_t)item * mf->dim, mf->dim);
		offer(p, (struct reason){ REASON_ITEM, NULL, had[i], share });
	}
}

/* ---- all ---- */

struct reasons *reasons_new(const struct model *model)
{
	struct reasons *r = mem_new(1, sizeof *r);
	const struct features *f;

	model_parts(&r->of, model);
	if (r->of.net && net_shape(r->of.net)->arch != NET_LR) {
		free(r);
		return NULL;
	}
	f = r->of.features;
	if (!r->of.net)
		return r;
	r->linear = mem_new(f->n, sizeof *r->linear);
	r->mean = mem_new(f->n, sizeof *r->mean);
	r->scale = mem_new(f->n, sizeof *r->scale);
	for (size_t i = 0; i < f->n; i++) {
		r->linear[i] = weights_of(r->of.net, "linear", (int)i);
		r->mean[i] = weights_of(r->of.net, "mean", (int)i);
		r->scale[i] = weights_of(r->of.net, "scale", (int)i);
	}
	return r;
}

void reasons_free(struct reasons *r)
{
	if (!r)
		return;
	for (size_t i = 0; r->linear && i < r->of.features->n; i++) {
		free(r->linear[i]);
		free(r->mean[i]);
		free(r->scale[i]);
	}
	free(r->linear);
	free(r->mean);
	free(r->scale);
	free(r);
}

size_t reasons_find(const struct reasons *r, uint32_t user, uint32_t item, const uint32_t *had,
	size_t n, struct reason *reason, size_t most)
{
	struct pile pile = { reason, 0, most };

	if (!most)
		return 0;
	if (r->of.net)
		find_features(r, &pile, user, item);
	else if (r->of.knn)
		find_neighbours(r->of.knn, &pile, user, item);
	else
		find_items(r, &pile, user, item, had, n);
	return pile.n;
}
