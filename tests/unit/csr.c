/* Entries come by row and column, repeats stay, what is not kept is gone; a transpose is one. */
#include "csr.h"

#include "tap.h"

int main(void)
{
	static const uint32_t row[] = { 2, 0, 2, 0, 2, 3 }, col[] = { 1, 4, 0, 2, 1, 3 };
	static const float value[] = { 1, 2, 3, 4, 5, 6 };
	static const uint8_t keep[] = { 1, 1, 1, 1, 1, 0 };
	static const uint64_t at[] = { 0, 2, 2, 5, 5 }, tat[] = { 0, 1, 3, 4, 4, 5 };
	static const uint32_t id[] = { 2, 4, 0, 1, 1 }, tid[] = { 2, 2, 2, 0, 0 };
	static const float sorted[] = { 4, 2, 3, 1, 5 }, turned[] = { 3, 1, 5, 4, 2 };
	struct csr m = csr_new(row, col, value, keep, 6, 4), t = csr_transpose(&m, 5);
	struct csr ones = csr_new(row, col, NULL, NULL, 6, 4), none = csr_new(row, col, 0, 0, 0, 0);

	ok(memcmp(m.at, at, sizeof at) == 0, "offsets, an empty row too");
	ok(memcmp(m.id, id, sizeof id) == 0, "columns rise; a pair given twice is there twice");
	ok(memcmp(m.value, sorted, sizeof sorted) == 0, "values go along, repeats in order");
	ok(memcmp(t.at, tat, sizeof tat) == 0 && memcmp(t.id, tid, sizeof tid) == 0, "transpose");
	ok(memcmp(t.value, turned, sizeof turned) == 0, "with its values");
	ok(!ones.value && ones.at[4] == 6, "without values, everything kept");
	ok(none.at[0] == 0, "no rows");
	csr_unite(&m, true);
	ok(m.at[4] == 4 && m.at[3] == 4 && m.id[3] == 1 && m.value[3] == 3 && m.value[2] == 3,
		"united: the mean of repeats");
	csr_free(&m);
	m = csr_new(row, col, value, NULL, 6, 4);
	csr_unite(&m, false);
	ok(m.at[4] == 5 && m.value[3] == 6 && m.value[4] == 6, "or their sum");
	{
		static const uint32_t some[] = { 9, 2, 2, 5, 1 }; /* in order from 1 up to 4 */

		ok(csr_find(some, 1, 4, 2) == 1 && csr_find(some, 1, 4, 3) == 3 &&
				csr_find(some, 1, 4, 0) == 1 && csr_find(some, 1, 4, 6) == 4 &&
				csr_find(some, 2, 2, 7) == 2,
			"the first place of an id, of the next greater one, of none");
	}
	csr_free(&m);
	csr_free(&t);
	csr_free(&ones);
	csr_free(&none);
	return done();
}
