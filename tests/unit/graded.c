/* Rows from both sides, columns rising, labels and weights as they came, whether grades are few or
 * many; nothing of another part. */
#include "graded.h"

#include <stdlib.h>

#include "csr.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { U = 700, I = 300, N = 100000 };

static uint32_t user[N], item[N];
static float label[N], weight[N];
static uint8_t part[N], keep[N];

static void make(uint32_t grades)
{
	for (uint64_t r = 0; r < N; r++) {
		user[r] = (uint32_t)rng_below(U, 1, RNG_MAKE, 4 * r);
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 4 * r + 1);
		label[r] = (float)rng_below(grades, 1, RNG_MAKE, 4 * r + 2) / 8;
		weight[r] = 1 + (float)(r % 3);
		part[r] = r % 10 == 9;
		keep[r] = !part[r];
	}
}

/* Whether a side is what csr_new makes of the same rows. */
static bool same_side(const struct graded *g, const struct graded_side *side, const uint32_t *row,
	const uint32_t *col, bool weighted)
{
	struct csr by = csr_new(row, col, label, keep, N, side->rows);
	struct csr w = csr_new(row, col, weight, keep, N, side->rows);
	uint32_t *id = mem_new(g->most, sizeof *id);
	float *l = mem_new(g->most, sizeof *l), *u = mem_new(g->most, sizeof *u);
	bool same = true;

	for (size_t r = 0; r < side->rows; r++) {
		uint64_t at = by.at[r], n = by.at[r + 1] - at;

		same = same && graded_row(id, l, u, g, side, r) == n &&
		       memcmp(id, by.id + at, n * sizeof *id) == 0 &&
		       memcmp(l, by.value + at, n * sizeof *l) == 0;
		for (size_t e = 0; same && e < n; e++)
			same = u[e] == (weighted ? w.value[at + e] : 1);
	}
	csr_free(&by);
	csr_free(&w);
	free(id);
	free(l);
	free(u);
	return same;
}

static void check(uint32_t grades, bool weighted, bool few)
{
	struct mf_rows rows = { user, item, label, weighted ? weight : NULL, part, N, U, I };
	struct graded g;

	make(grades);
	g = graded_new(&rows);
	ok(same_side(&g, &g.user, user, item, weighted),
		weighted ? "users' rows with weights" : "users' rows");
	ok(same_side(&g, &g.item, item, user, weighted), "items' rows");
	ok((g.grades > 0) == few, few ? "they fit the entries" : "they stand beside the entries");
	ok(graded_memory(&rows) < (few || !weighted ? 13 : 17) * N,
		"8 bytes, or 12, and the table of grades");
	graded_free(&g);
}

int main(void)
{
	struct mf_rows rows = { user, item, label, NULL, part, N, U, I };
	struct graded g;

	check(5, false, true);
	check(5, true, true);
	check(1 << 20, false, false);
	check(1 << 20, true, false);
	rows.users = UINT32_MAX - 1; /* ids of 32 bits leave room for one grade, not for five */
	make(5);
	ok(graded_memory(&rows) > 8ull * rows.users, "ids that need all bits");
	rows.n = 0;
	rows.users = 3;
	g = graded_new(&rows);
	ok(g.user.at[3] == 0 && g.most == 0, "no rows");
	graded_free(&g);
	return done();
}
