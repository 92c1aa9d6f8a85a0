#include "council.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "fmath.h"
#include "mem.h"

static void add_model(struct council *c, const struct tensors *set, const char *name)
{
	char spec[TENSOR_NAME + 16];

	snprintf(spec, sizeof spec, "model.%s.spec", name);
	if (!tensors_find(set, spec))
		die("stdin: no model '%s' ahead of the rows", name);
	if (c->n == COUNCIL_MOST)
		die_usage("--from: more than %d models", COUNCIL_MOST);
	c->model[c->n] = model_open(set, name);
	if (model_is_binary(c->model[c->n]) != model_is_binary(c->model[0]))
		die("models '%s' and '%s': logits and ratings do not mix", model_name(c->model[0]),
			name);
	c->n++;
}

void council_weights(double *weight, size_t n, const char *option, const char *text)
{
	const char *at = text;
	double sum = 0;
	size_t got = 0;

	for (size_t i = 0; i < n; i++)
		weight[i] = 1;
	for (; at && *at; got++) {
		char *end;
		double w = strtod(at, &end);

		if (end == at || (*end && *end != ',') || !(w >= 0 && w <= 1e9) || got == n)
			die_usage("--%s: '%s' is not %zu numbers >= 0", option, text, n);
		weight[got] = w;
		at = end + (*end == ',');
	}
	if (text && got != n)
		die_usage("--%s: '%s' is not %zu numbers >= 0", option, text, n);
	for (size_t i = 0; i < n; i++)
		sum += weight[i];
	if (n && !(sum > 0))
		die_usage("--%s: they add up to nothing", option);
	for (size_t i = 0; i < n; i++)
		weight[i] /= sum;
}

void council_open(
	struct council *c, const struct tensors *set, const char *from, const char *weights)
{
	const char **names;
	size_t n = model_list(set, &names);

	if (!n)
		die("stdin: no model ahead of the rows; rs-teach makes one, or: cat MODEL DATA");
	if (!from && n > 1)
		die_usage("--from: there are %zu models (%s, %s, ...); say which", n, names[0],
			names[1]);
	for (const char *at = from ? from : names[0]; *at;) {
		char name[TENSOR_NAME + 1];
		size_t length = strcspn(at, ",");

		snprintf(name, sizeof name, "%.*s",
			(int)(length < TENSOR_NAME ? length : TENSOR_NAME), at);
		add_model(c, set, name);
		at += length + (at[length] == ',');
	}
	free(names);
	council_weights(c->weight, c->n, "weights", weights);
}

void council_free(struct council *c)
{
	for (size_t m = 0; m < c->n; m++) {
		if (c->ready[m])
			model_items_free(c->ready[m]);
		model_free(c->model[m]);
	}
	free(c->block);
	*c = (struct council){ 0 };
}

bool council_needs(const struct council *c, const char *column)
{
	for (size_t m = 0; m < c->n; m++)
		if (model_needs(c->model[m], column))
			return true;
	return c->out_of_fold && strcmp(column, "fold") == 0;
}

/* ---- many answers, one ---- */

/* z[m * stride], m < n. */
static float mean(const struct council *c, const float *z, size_t stride)
{
	float sum = 0;

	for (size_t m = 0; m < c->n; m++)
		sum = (float)((double)sum + c->weight[m] * (double)z[m * stride]);
	return sum;
}

static float median(const struct council *c, const float *z, size_t stride)
{
	float sorted[COUNCIL_MOST];

	for (size_t m = 0; m < c->n; m++) {
		size_t at = m;

		for (; at && sorted[at - 1] > z[m * stride]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = z[m * stride];
	}
	return (float)(((double)sorted[(c->n - 1) / 2] + (double)sorted[c->n / 2]) / 2);
}

static float combine(const struct council *c, const float *z, size_t stride)
{
	return c->how == COUNCIL_MEDIAN ? median(c, z, stride) : mean(c, z, stride);
}

static float spread(const struct council *c, const float *z, size_t stride)
{
	double about = 0, squares = 0, sum = 0;

	for (size_t m = 0; m < c->n; m++) {
		about += c->weight[m] * (double)z[m * stride];
		squares += c->weight[m] * c->weight[m];
	}
	for (size_t m = 0; m < c->n; m++) {
		double d = (double)z[m * stride] - about;

		sum += c->weight[m] * d * d;
	}
	return squares < 1 ? (float)(sum / (1 - squares)) : 0;
}

/* ---- rows ---- */

static void ask_all(struct council *c, const struct tensors *rows, size_t n)
{
	if (n > c->room) {
		c->room = n;
		c->block = mem_grow(c->block, c->n * c->room, sizeof *c->block);
	}
	for (size_t m = 0; m < c->n; m++)
		model_predict(c->model[m], rows, n, c->block + m * c->room);
}

static void by_fold(const struct council *c, const struct tensors *rows, size_t n, float *answer)
{
	const uint8_t *fold = tensors_need(rows, "fold", U8, 1)->data;

	for (size_t r = 0; r < n; r++) {
		if (fold[r] == COUNCIL_NO_FOLD)
			continue;
		if (fold[r] >= c->n)
			die("stdin: fold %u of row %zu, but %zu models; --from wants one a fold",
				fold[r], r, c->n);
		answer[r] = c->block[fold[r] * c->room + r];
	}
}

void council_rows(
	struct council *c, const struct tensors *rows, size_t n, float *answer, float *variance)
{
	ask_all(c, rows, n);
	for (size_t r = 0; r < n; r++)
		answer[r] = combine(c, c->block + r, c->room);
	if (c->out_of_fold)
		by_fold(c, rows, n, answer);
	for (size_t r = 0; variance && r < n; r++)
		variance[r] = spread(c, c->block + r, c->room);
}

size_t council_losses(struct council *c, double *loss, const struct tensors *rows, size_t n,
	const float *label, const uint8_t *part)
{
	bool binary = model_is_binary(c->model[0]);
	size_t count = 0;

	ask_all(c, rows, n);
	for (size_t r = 0; r < n; r++)
		count += part[r] == 1;
	for (size_t m = 0; m < c->n; m++) {
		const float *z = c->block + m * c->room;
		double sum = 0;

		for (size_t r = 0; r < n; r++) {
			double x = (double)z[r], y = (double)label[r];

			if (part[r] == 1)
				sum += binary ? fmath_softplus(x) - y * x
					      : (x - y) * (x - y) / 2;
		}
		loss[m] = count ? sum / (double)count : 0;
	}
	return count;
}

void council_gate(struct council *c, const double *loss, double scale)
{
	double least = loss[0], sum = 0;

	for (size_t m = 1; m < c->n; m++)
		least = loss[m] < least ? loss[m] : least;
	for (size_t m = 0; m < c->n; m++) {
		c->weight[m] *= fmath_exp(-(loss[m] - least) / scale);
		sum += c->weight[m];
	}
	for (size_t m = 0; m < c->n; m++)
		c->weight[m] /= sum;
}

/* ---- all items ---- */

static void score_items(void *self, float *score, const uint32_t *user, size_t n, size_t first,
	size_t count)
{
	const struct council *c = self;
	size_t tile = MODEL_USERS * MODEL_TILE;
	float *each;

	if (c->n == 1) {
		model_items_score(c->ready[0], score, user, n, first, count);
		return;
	}
	each = mem_new(c->n * tile, sizeof *each);
	for (size_t m = 0; m < c->n; m++)
		model_items_score(c->ready[m], each + m * tile, user, n, first, count);
	for (size_t u = 0; u < n; u++)
		for (size_t i = 0; i < count; i++)
			score[u * MODEL_TILE + i] = combine(c, each + u * MODEL_TILE + i, tile);
	free(each);
}

struct ranking_scorer council_ready(struct council *c, size_t items)
{
	struct ranking_scorer scorer = { c, score_items, true, NULL };

	for (size_t m = 0; m < c->n; m++) {
		c->ready[m] = model_items_new(c->model[m], items);
		scorer.apart &= model_items_apart(c->ready[m]);
	}
	return scorer;
}
