/* Rows are those that csr makes; who has a place, and what came as which. */
#include "tight.h"

#include <stdlib.h>

#include "csr.h"
#include "mem.h"
#include "tap.h"

enum { N = 5000, U = 300, I = 70 };

static uint32_t user[N], item[N];
static uint8_t part[N], kept[N];
static const struct mf_rows ROWS = { user, item, NULL, NULL, part, N, U, I };

static bool keep(const struct mf_rows *rows, size_t r)
{
	return rows->part[r] == 0;
}

static bool none(const struct mf_rows *rows, size_t r)
{
	(void)rows;
	(void)r;
	return false;
}

int main(void)
{
	struct packed place;
	struct tight t;
	struct csr m;
	size_t e = 0;
	int same = 1, whose = 1, came = 1, have = 1;

	for (size_t r = 0; r < N; r++) { /* every other user, in no order, pairs twice */
		user[r] = 2 * (uint32_t)rng_below(U / 2, 1, RNG_MAKE, 3 * r) + 1;
		item[r] = (uint32_t)rng_below(I, 1, RNG_MAKE, 3 * r + 1);
		part[r] = (uint8_t)rng_below(3, 1, RNG_MAKE, 3 * r + 2);
		kept[r] = part[r] == 0;
	}
	t = tight_new(&place, &ROWS, keep);
	m = csr_new(user, item, NULL, kept, N, U);
	for (size_t u = 0; u < U; u++) {
		same &= t.at[u + 1] == m.at[u + 1];
		for (uint64_t at = t.at[u]; at < t.at[u + 1]; at++) {
			same &= packed_get(&t.id, at) == m.id[at];
			whose &= tight_row(&t, at) == u;
		}
		have &= !tight_has(&t, (uint32_t)u, I);
	}
	for (size_t r = 0; r < N; r++) {
		if (!kept[r])
			continue;
		came &= packed_get(&t.id, packed_get(&place, e)) == item[r];
		came &= tight_row(&t, packed_get(&place, e++)) == user[r];
		have &= tight_has(&t, user[r], item[r]);
	}
	ok(same && t.n == m.at[U], "rows as csr has them");
	ok(whose, "each place is its row's");
	ok(came && e == t.n, "places in the order that they came in");
	ok(have, "what a row has");
	csr_free(&m);
	tight_free(&t);
	packed_free(&place);
	t = tight_new(&place, &ROWS, none);
	ok(t.n == 0 && t.at[U] == 0 && !tight_has(&t, 1, 1), "nothing kept");
	tight_free(&t);
	packed_free(&place);
	return done();
}
