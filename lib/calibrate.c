#include "calibrate.h"

#include <math.h>
#include <stdlib.h>

#include "mem.h"
#include "rng.h"

/* Pairs that one model answers, with their labels. */
struct pairs {
	struct tensors set;
	uint32_t *user, *item; /* in set */
	float *label, *score;
	size_t n;
};

static struct pairs pairs_new(size_t room)
{
	struct tensor *user = tensor_new("user", U32, room, 0);
	struct tensor *item = tensor_new("item", U32, room, 0);
	struct pairs p = { { 0 }, user->data, item->data, mem_new(room, sizeof *p.label),
		mem_new(room, sizeof *p.score), 0 };

	tensors_add(&p.set, user);
	tensors_add(&p.set, item);
	return p;
}

static void pairs_free(struct pairs *p)
{
	tensors_free(&p->set);
	free(p->label);
	free(p->score);
}

static void pairs_put(struct pairs *p, uint32_t user, uint32_t item, float label)
{
	p->user[p->n] = user;
	p->item[p->n] = item;
	p->label[p->n++] = label;
}

static void pairs_score(struct pairs *p, struct model *model)
{
	p->set.at[0]->shape[0] = p->set.at[1]->shape[0] = p->n;
	model_predict(model, &p->set, p->n, p->score);
}

/* Ids that are known, or that are not. */
struct ids {
	uint32_t *id;
	size_t n;
};

static struct ids ids_of(const uint8_t *known, size_t n, bool wanted)
{
	struct ids ids = { mem_new(n, sizeof *ids.id), 0 };

	for (size_t i = 0; i < n; i++)
		if ((known[i] != 0) == wanted)
			ids.id[ids.n++] = (uint32_t)i;
	return ids;
}

/* Sums over pairs. */
struct sums {
	double n, x, y, xx, xy, yy;
};

static struct sums sums_of(const float *x, const float *y, size_t n)
{
	struct sums s = { .n = (double)n };

	for (size_t i = 0; i < n; i++) {
		s.x += (double)x[i];
		s.y += (double)y[i];
	}
	s.x /= s.n;
	s.y /= s.n;
	for (size_t i = 0; i < n; i++) {
		double dx = (double)x[i] - s.x, dy = (double)y[i] - s.y;

		s.xx += dx * dx;
		s.xy += dx * dy;
		s.yy += dy * dy;
	}
	return s;
}

/* y = slope x + shift; false without a rising line. */
static bool line(double *slope, double *shift, const struct pairs *p)
{
	struct sums s = sums_of(p->score, p->label, p->n);

	*slope = s.xx > 0 ? s.xy / s.xx : 0;
	*shift = s.y - *slope * s.x;
	return isfinite(*slope) && *slope > 0;
}

static bool by_labels(struct calibrate *c, const struct pairs *warm, const struct pairs *cold)
{
	double a_w, b_w, a_c, b_c;

	if (c->warm < CALIBRATE_LEAST || c->cold < CALIBRATE_LEAST || !line(&a_w, &b_w, warm) ||
		!line(&a_c, &b_c, cold))
		return false;
	c->scale = a_c / a_w;
	c->shift = (b_c - b_w) / a_w;
	return isfinite(c->scale) && isfinite(c->shift);
}

static void by_moments(struct calibrate *c, struct model *warm, struct model *cold)
{
	struct ids user = ids_of(c->user, c->users, true), item = ids_of(c->item, c->items, true);
	struct pairs p = pairs_new(CALIBRATE_DRAWN), q = pairs_new(CALIBRATE_DRAWN);
	struct sums s;

	for (size_t k = 0; k < CALIBRATE_DRAWN; k++)
		pairs_put(&p, user.id[rng_below(user.n, c->seed, RNG_SAMPLE, 2 * k)],
			item.id[rng_below(item.n, c->seed, RNG_SAMPLE, 2 * k + 1)], 0);
	for (size_t k = 0; k < p.n; k++)
		pairs_put(&q, p.user[k], p.item[k], 0);
	pairs_score(&p, warm);
	pairs_score(&q, cold);
	s = sums_of(q.score, p.score, p.n);
	c->scale = s.xx > 0 && s.yy > 0 ? sqrt(s.yy / s.xx) : 1;
	c->shift = s.y - c->scale * s.x;
	pairs_free(&p);
	pairs_free(&q);
	free(user.id);
	free(item.id);
}

static bool labels_equal(const struct mf_rows *rows)
{
	const float *first = NULL;

	for (size_t r = 0; r < rows->n; r++) {
		if (!rows->part || rows->part[r] != 1)
			continue;
		if (first && rows->label[r] != *first)
			return false;
		first = rows->label + r;
	}
	return true;
}

/* Rows of part 1, and their companions, to warm and cold. */
static void collect(
	struct calibrate *c, struct pairs *warm, struct pairs *cold, const struct mf_rows *rows)
{
	struct ids known = ids_of(c->item, c->items, true),
		   other = ids_of(c->item, c->items, false);
	bool companions = labels_equal(rows);

	for (size_t r = 0; r < rows->n; r++) {
		uint32_t u = rows->user[r], i = rows->item[r];
		bool is_warm = c->user[u] && c->item[i];
		struct pairs *to = is_warm ? warm : cold;
		const struct ids *like = c->item[i] ? &known : &other;

		if (!rows->part || rows->part[r] != 1)
			continue;
		c->warm += is_warm;
		c->cold += !is_warm;
		pairs_put(to, u, i, companions ? 1 : rows->label[r]);
		if (companions)
			pairs_put(to, u, like->id[rng_below(like->n, c->seed, RNG_NEGATIVE, r)], 0);
	}
	free(known.id);
	free(other.id);
}

void calibrate_scores(
	struct calibrate *c, struct model *warm, struct model *cold, const struct mf_rows *rows)
{
	size_t judged = 0;
	struct pairs w, k;

	for (size_t r = 0; r < rows->n; r++)
		judged += rows->part && rows->part[r] == 1;
	w = pairs_new(2 * judged);
	k = pairs_new(2 * judged);
	c->warm = c->cold = 0;
	collect(c, &w, &k, rows);
	pairs_score(&w, warm);
	pairs_score(&k, cold);
	c->by_labels = by_labels(c, &w, &k);
	if (!c->by_labels)
		by_moments(c, warm, cold);
	pairs_free(&w);
	pairs_free(&k);
}
