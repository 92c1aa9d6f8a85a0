/* Sums over tables against products with the embeddings, more entries than wait at once among them;
 * which fields are tabled. */
#include "tabled.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 64, MANY = 150, DIM = 5, UNITS = 40 };

static uint32_t category[ROWS], item[ROWS], id[ROWS + MANY];
static uint64_t at[ROWS + 1];
static float number[ROWS * 2], share[ROWS + MANY];

static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = 9, .entries = ROWS, .cat = item },
	{ .kind = NET_CAT, .values = 3, .entries = ROWS, .cat = category },
	{ .kind = NET_NUM, .values = 2, .entries = ROWS, .num = number },
	{ .kind = NET_BAG, .values = 7, .entries = ROWS, .at = at, .id = id, .weight = share },
};

static void make(void)
{
	for (uint32_t r = 0; r < ROWS; r++) {
		category[r] = (uint32_t)rng_below(4, 1, RNG_MAKE, r); /* 3 is unknown */
		item[r] = r % 9;
		at[r] = r < 10 ? r : r + MANY - 1; /* row 9 has many */
	}
	at[ROWS] = ROWS + MANY - 1;
	for (size_t i = 0; i < ROWS + MANY; i++) {
		id[i] = (uint32_t)rng_below(8, 2, RNG_MAKE, i); /* 7 is unknown */
		share[i] = (float)rng_unit(3, RNG_MAKE, i) + 0.5f;
	}
}

/* What fields 1 and 3 add to unit j of row r, straight from the embeddings. */
static double sum_of(const float *embedding[2], const float *w, size_t r, size_t j)
{
	double sum = 0, all = 0;

	for (size_t k = 0; k < DIM && category[r] < 3; k++)
		sum += (double)embedding[0][category[r] * DIM + k] *
		       (double)w[(DIM + k) * UNITS + j];
	for (uint64_t i = at[r]; i < at[r + 1]; i++)
		all += (double)share[i];
	for (uint64_t i = at[r]; i < at[r + 1]; i++)
		for (size_t k = 0; k < DIM && id[i] < 7; k++)
			sum += (double)share[i] / all * (double)embedding[1][id[i] * DIM + k] *
			       (double)w[(2 * DIM + k) * UNITS + j];
	return sum;
}

static float *draw(struct net *net, const char *part, int f, size_t n)
{
	float *x = mem_new(n, sizeof *x);

	for (size_t i = 0; i < net_tensors(net); i++) {
		struct net_tensor t = net_tensor(net, i);

		if (strcmp(t.part, part) != 0 || t.field != f || t.layer > 0)
			continue;
		for (size_t j = 0; j < n; j++)
			x[j] = (float)rng_normal(4 + i, RNG_MAKE, j);
		net_set(net, i, NET_WEIGHT, x);
	}
	return x;
}

int main(void)
{
	struct net_shape shape = { .arch = NET_MLP,
		.dim = DIM,
		.layers = 1,
		.hidden = { UNITS },
		.fields = 4,
		.field = field };
	struct net *net = net_new(&shape);
	float *one = draw(net, "embedding", 1, 3 * DIM), *bag = draw(net, "embedding", 3, 7 * DIM);
	float *w = draw(net, "weight", -1, (3 * DIM + 2) * UNITS), *table, *sum;
	const float *embedding[] = { one, bag };
	struct tabled t = tabled_new(net, ROWS);
	struct ids ids[4] = { { 0 } };
	struct ids_draw none = { 0 };
	struct ids_spare spare = { 0 };
	uint32_t row[ROWS];
	double worst = 0;

	make();
	ok(t.fields == 2 && t.on[1] && t.on[3],
		"fields of a value in eight rows or fewer are tabled");
	ok(t.runs == 2 && t.run[0].from == 0 && t.run[0].n == DIM && t.run[1].from == 3 * DIM &&
			t.run[1].n == 2,
		"a field of nine values and the numbers are not");
	for (uint32_t r = 0; r < ROWS; r++)
		row[r] = r;
	ids_list(ids + 1, net, 1, field + 1, row, ROWS, &none, &spare);
	ids_list(ids + 3, net, 3, field + 3, row, ROWS, &none, &spare);
	table = mem_new(t.rows * t.width, sizeof *table);
	sum = mem_new(ROWS * t.width, sizeof *sum);
	tabled_fill(&t, net, table);
	tabled_sum(&t, net, table, ids, 4, ROWS - 4, sum);
	for (size_t r = 4; r < ROWS; r++)
		for (size_t j = 0; j < UNITS; j++)
			worst = fmax(worst, fabs(sum_of(embedding, w, r, j) -
						    (double)sum[(r - 4) * t.width + j]));
	near(worst, 0, 1e-5, "sums are products of embeddings and weights, unknown ids nothing");
	tabled_free(&t);
	t = tabled_new(net, 8);
	ok(t.fields == 0 && t.rows == 0, "none for batches of eight rows");
	tabled_free(&t);
	ids_free(ids + 1);
	ids_free(ids + 3);
	ids_spare_free(&spare);
	net_free(net);
	free(one);
	free(bag);
	free(w);
	free(table);
	free(sum);
	return done();
}
