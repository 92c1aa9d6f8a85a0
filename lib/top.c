#include "top.h"

#define NAME(f) SIMD_NAME(f)

/* Whether entry a comes after entry b. */
static int worse(const struct top *t, size_t a, size_t b)
{
	return t->score[a] < t->score[b] || (t->score[a] == t->score[b] && t->item[a] > t->item[b]);
}

static void swap(struct top *t, size_t a, size_t b)
{
	float score = t->score[a];
	uint32_t item = t->item[a];

	t->score[a] = t->score[b];
	t->item[a] = t->item[b];
	t->score[b] = score;
	t->item[b] = item;
}

/* Entry i goes down among the first n until both below it are better. */
static void sink(struct top *t, size_t i, size_t n)
{
	for (size_t next; 2 * i + 1 < n; i = next) {
		next = 2 * i + 1;
		if (next + 1 < n && worse(t, next + 1, next))
			next++;
		if (!worse(t, next, i))
			break;
		swap(t, i, next);
	}
}

static void take(struct top *t, float score, uint32_t item)
{
	if (t->n == t->k) {
		t->score[0] = score;
		t->item[0] = item;
		sink(t, 0, t->n);
		return;
	}
	t->score[t->n] = score;
	t->item[t->n] = item;
	for (size_t i = t->n++; i && worse(t, i, (i - 1) / 2); i = (i - 1) / 2)
		swap(t, i, (i - 1) / 2);
}

/* The score that has to be beaten. */
static float bound(const struct top *t)
{
	return t->n < t->k ? -INFINITY : t->score[0];
}

static void take_above(struct top *t, const float *score, uint32_t first, size_t i, size_t end)
{
	float least = bound(t);

	for (; i < end; i++) {
		if (!(score[i] > least))
			continue;
		take(t, score[i], first + (uint32_t)i);
		least = bound(t);
	}
}

void NAME(top_offer)(struct top *t, const float *score, uint32_t first, size_t n)
{
	vf limit = vf_set(bound(t));
	size_t i = 0;

	for (; i + 4 * VW <= n; i += 4 * VW) {
		const float *s = score + i;
		vf a = vf_max(vf_load(s), vf_load(s + VW));
		vf b = vf_max(vf_load(s + 2 * VW), vf_load(s + 3 * VW));

		if (!vf_any_above(vf_max(a, b), limit))
			continue;
		for (size_t j = i; j < i + 4 * VW; j += VW)
			if (vf_any_above(vf_load(score + j), limit)) {
				take_above(t, score, first, j, j + VW);
				limit = vf_set(bound(t));
			}
	}
	take_above(t, score, first, i, n);
}

void NAME(top_sort)(struct top *t)
{
	for (size_t n = t->n; n > 1; n--) {
		swap(t, 0, n - 1);
		sink(t, 0, n - 1);
	}
}

void NAME(top_count)(struct top_count *count, const float *score, size_t n, float x)
{
	uint32_t above = 0, equal = 0;

	for (size_t i = 0; i < n; i++) {
		above += score[i] > x;
		equal += score[i] == x;
	}
	*count = (struct top_count){ above, equal };
}
