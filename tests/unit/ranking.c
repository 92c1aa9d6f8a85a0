/* ranking -- lists of a factor model and of a network against sorting model_predict's scores. */
#include "ranking.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 61, I = 2500, D = 5, N = 4000, K = 12 };

static float *numbers(struct tensors *set, const char *name, uint64_t rows, uint64_t cols)
{
	struct tensor *t = tensor_new(name, F32, rows, cols);
	float *x = t->data;

	/* multiples of 1/8: every score is exact, whatever the order of sums */
	for (uint64_t i = 0; i < rows * (cols ? cols : 1); i++)
		x[i] = (float)rng_below(33, set->n, RNG_MAKE, i) / 8 - 2;
	tensors_add(set, t);
	return x;
}

static void make_models(struct tensors *set)
{
	tensors_add(set, tensor_text("model.mf.spec",
				 "arch=mf\ntask=rating\ndim=5\nlow=-1000\nhigh=1000\n"));
	numbers(set, "model.mf.bias", 1, 0);
	numbers(set, "model.mf.user.bias", U - 4, 0);
	numbers(set, "model.mf.item.bias", I - 7, 0);
	numbers(set, "model.mf.user.factors", U - 4, D);
	numbers(set, "model.mf.item.factors", I - 7, D);
	tensors_add(set, tensor_text("model.lr.spec",
				 "arch=lr\ntask=binary\nfeatures=user,item\ndim=0\nhidden=\n"));
	numbers(set, "model.lr.bias", 1, 0);
	numbers(set, "model.lr.linear.user", U, 0);
	numbers(set, "model.lr.linear.item", I, 0);
}

static void make_rows(struct tensors *set)
{
	struct tensor *user = tensor_new("user", U32, N, 0), *item = tensor_new("item", U32, N, 0);
	struct tensor *label = tensor_new("label", F32, N, 0);

	for (size_t r = 0; r < N; r++) {
		((uint32_t *)user->data)[r] = (uint32_t)(r < U ? r : rng_below(U, 1, RNG_MAKE, r));
		((uint32_t *)item->data)[r] = (uint32_t)(r < I ? r : rng_below(I, 2, RNG_MAKE, r));
		((float *)label->data)[r] = (float)rng_below(6, 3, RNG_MAKE, r);
	}
	tensors_add(set, user);
	tensors_add(set, item);
	tensors_add(set, label);
}

static const float *ordered; /* scores that `better` goes by */

static int better(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (ordered[x] != ordered[y])
		return ordered[x] > ordered[y] ? -1 : 1;
	return (x > y) - (x < y);
}

/* How many places of user u's list are as a sort of all candidates has them. */
static size_t right(const struct ranking_lists *lists, struct model *model, uint32_t u, size_t at)
{
	static uint32_t order[I];
	static float score[I];
	struct tensors rows = { 0 };
	struct tensor *user = tensor_new("user", U32, I, 0), *item = tensor_new("item", U32, I, 0);
	size_t n = 0, same = 0;

	for (uint32_t i = 0; i < I; i++) {
		((uint32_t *)user->data)[i] = u;
		((uint32_t *)item->data)[i] = i;
		if (!(lists->seen && ranking_sets_have(lists->seen, u, i)) &&
			(!lists->candidate || lists->candidate[i]))
			order[n++] = i;
	}
	tensors_add(&rows, user);
	tensors_add(&rows, item);
	model_predict(model, &rows, I, score);
	tensors_free(&rows);
	ordered = score;
	qsort(order, n, sizeof *order, better);
	n = n < lists->k ? n : lists->k;
	for (size_t r = 0; r < n && lists->n[at] == n; r++)
		same += lists->item[at * lists->k + r] == order[r] &&
			lists->score[at * lists->k + r] == score[order[r]];
	return n && same == n;
}

static void try(const struct tensors *set, const struct ranking_sets *seen, const char *name,
	const uint8_t *candidate, const char *what)
{
	struct model *model = model_open(set, name);
	struct model_items *ready = model_items_new(model, I);
	struct ranking_lists lists = { .seen = seen, .candidate = candidate, .items = I, .k = K };
	uint32_t user[U];
	size_t good = 0;

	for (uint32_t u = 0; u < U; u++)
		user[u] = U - 1 - u;
	ranking_lists_new(&lists, U);
	ranking_lists_make(&lists, ready, user, U);
	for (size_t u = 0; u < U; u++)
		good += right(&lists, model, user[u], u);
	near((double)good, U, 0, what);
	ranking_lists_free(&lists);
	model_items_free(ready);
	model_free(model);
}

static void sets_are_sets(const struct ranking_rows *rows, const struct ranking_sets *sets)
{
	size_t bad = 0, n = sets->at[U];

	for (size_t u = 0; u < U; u++)
		for (size_t i = sets->at[u]; i + 1 < sets->at[u + 1]; i++)
			bad += sets->item[i] >= sets->item[i + 1];
	for (size_t r = 0; r < rows->n; r++) {
		size_t i = sets->at[rows->user[r]];

		while (i < n && sets->item[i] != rows->item[r])
			i++;
		bad += i >= sets->at[rows->user[r] + 1] || sets->label[i] < rows->label[r];
	}
	ok(!bad, "items ascend, every row is there, labels are the largest");
	ok(n < rows->n, "repeats are merged");
}

int main(void)
{
	struct tensors set = { 0 };
	struct ranking_rows rows;
	struct ranking_sets seen;
	uint8_t candidate[I] = { 0 };

	make_models(&set);
	make_rows(&set);
	ranking_open(&rows, &set);
	ok(rows.users == U && rows.items == I && rows.n == N && !rows.part, "as many as occur");
	ranking_sets_new(&seen, &rows, NULL);
	sets_are_sets(&rows, &seen);
	for (size_t i = 0; i < I; i += 3)
		candidate[i] = 1;
	try(&set, NULL, "mf", NULL, "factors: all items, also those that the model has not");
	try(&set, &seen, "mf", candidate, "factors: candidates that were not seen");
	try(&set, &seen, "lr", NULL, "a network: what was not seen");
	memset(candidate, 0, sizeof candidate);
	candidate[I - 1] = candidate[5] = candidate[1024] = 1;
	try(&set, NULL, "lr", candidate, "three candidates, lists of three");
	ranking_sets_free(&seen);
	tensors_free(&set);
	return done();
}
