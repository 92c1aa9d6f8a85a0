/* How well factors of any tool rank, by rs-score's definitions (lib/rank.h).
 *
 * recall FACTORS <ROWS   prints recall@20 and ndcg@20 of part 2, all items but those of earlier
 * parts ranked. ROWS: lines `user item part`. FACTORS: a model as LIBMF writes it, four lines of
 * heading (the third: k and a number), then `p0 T x ... x` of user 0 and `q0 T x ... x` of item 0,
 * F for those without factors. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "mem.h"

static void fail(const char *what)
{
	fprintf(stderr, "recall: %s\n", what);
	exit(1);
}

static struct mf_rows read_rows(void)
{
	enum { MOST = 1 << 24 };
	uint32_t *user = mem_new(MOST, sizeof *user), *item = mem_new(MOST, sizeof *item);
	float *label = mem_new(MOST, sizeof *label);
	uint8_t *part = mem_new(MOST, 1);
	struct mf_rows rows = { user, item, label, NULL, part, 0, 0, 0 };
	unsigned u, i, p;

	while (scanf("%u %u %u", &u, &i, &p) == 3) {
		if (rows.n == MOST)
			fail("too many rows");
		user[rows.n] = u;
		item[rows.n] = i;
		label[rows.n] = 1;
		part[rows.n++] = (uint8_t)p;
		rows.users = u >= rows.users ? u + 1 : rows.users;
		rows.items = i >= rows.items ? i + 1 : rows.items;
	}
	return rows;
}

static uint32_t read_dim(FILE *f)
{
	char line[80];
	unsigned k;

	while (fgets(line, sizeof line, f))
		if (sscanf(line, "k %u", &k) == 1)
			return k;
	fail("no line `k`");
	return 0;
}

static struct mf *read_factors(const char *path, const struct mf_rows *rows)
{
	struct mf *mf = mem_new(1, sizeof *mf);
	FILE *f = fopen(path, "r");
	char side, there;
	unsigned id;

	if (!f)
		fail("cannot open the factors");
	*mf = (struct mf){ .users = rows->users,
		.items = rows->items,
		.dim = read_dim(f),
		.low = -INFINITY,
		.high = INFINITY,
		.user_bias = mem_new(rows->users, sizeof(float)),
		.item_bias = mem_new(rows->items, sizeof(float)) };
	mf->user_factors = mem_new((size_t)mf->users * mf->dim, sizeof(float));
	mf->item_factors = mem_new((size_t)mf->items * mf->dim, sizeof(float));
	while (fscanf(f, " %c", &side) == 1) {
		float *to = side == 'p' ? mf->user_factors : mf->item_factors, x;

		if (side != 'p' && side != 'q') {
			if (fscanf(f, "%*[^\n]") == EOF)
				break;
			continue;
		}
		if (fscanf(f, "%u %c", &id, &there) != 2 ||
			id >= (side == 'p' ? mf->users : mf->items))
			fail("a factor of nobody");
		for (size_t k = 0; k < mf->dim; k++) {
			if (fscanf(f, "%f", &x) != 1)
				fail("too few factors");
			to[(size_t)id * mf->dim + k] = there == 'T' ? x : 0;
		}
	}
	fclose(f);
	return mf;
}

int main(int argc, char **argv)
{
	struct mf_rows rows = read_rows();
	struct judge_goal goal = { 2, RANK_RECALL, 20, rows.users, NULL };
	struct judge *recall, *ndcg;
	struct mf *mf;

	if (argc != 2)
		return 2;
	recall = judge_rankings(&rows, &goal);
	goal.value = RANK_NDCG;
	ndcg = judge_rankings(&rows, &goal);
	if (!recall)
		fail("nothing in part 2");
	mf = read_factors(argv[1], &rows);
	printf("%.5f\t%.5f\n", judge_of(recall, mf), judge_of(ndcg, mf));
	judge_free(recall);
	judge_free(ndcg);
	mf_free(mf);
	return 0;
}
