/* Ids of a batch by hand: sorted by id, then row; unknown ones left out; bags weighted. */
#include "ids.h"

#include <stdlib.h>

#include "mem.h"
#include "rng.h"
#include "tap.h"

enum { ROWS = 300 };

/* Looked up from the last rows to the first and then sorted; so many values take one pass, two or
 * three. */
static void steps(uint32_t values)
{
	uint32_t row[ROWS], *cat = mem_new(ROWS, sizeof *cat);
	struct net_field field = { .kind = NET_CAT, .values = values, .entries = ROWS, .cat = cat };
	struct net_shape shape = { .arch = NET_LR, .fields = 1, .field = &field };
	struct net *net = net_new(&shape);
	struct ids_draw how = { .seed = 3, .unknown = 0.1 };
	struct ids_spare spare = { 0 };
	struct ids s = { 0 }, all = { 0 };
	int good = 1;

	for (uint32_t i = 0; i < ROWS; i++) { /* some twice, some unknown */
		row[i] = (i * 7) % ROWS;
		cat[i] = (uint32_t)(rng_bits(1, RNG_MAKE, i / 2) % (values + values / 16 + 1));
	}
	ids_room(&s, ROWS);
	for (size_t at = ROWS; at > 0; at -= 100)
		ids_look(&s, net, 0, &field, row, at - 100, 100, &how);
	ids_sort(&s, net, 0, ROWS, &spare);
	for (size_t i = 0; i < s.n; i++) {
		good &= s.id[i] == s.of[s.row[i]] && s.id[i] < values;
		good &= i == 0 || s.id[i] > s.id[i - 1] ||
			(s.id[i] == s.id[i - 1] && s.row[i] > s.row[i - 1]);
	}
	ok(good && s.n > ROWS / 2 && s.n < ROWS, "looked up in parts, sorted by id, then row");
	ids_list(&all, net, 0, &field, row, ROWS, &how, &spare);
	ok(all.n == s.n && memcmp(all.id, s.id, s.n * sizeof *s.id) == 0 &&
			memcmp(all.row, s.row, s.n * sizeof *s.row) == 0,
		"  as at once");
	ids_free(&s);
	ids_free(&all);
	ids_spare_free(&spare);
	net_free(net);
	free(cat);
}

/* Common ids set apart, in the batch that is sorted already and in later ones. */
static void apart(void)
{
	static const uint32_t cat[] = { 5, 2, 9, 5, 0, 2, 2, 7, 11, 3 }; /* 11 is unknown */
	static const uint32_t row[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	static const uint32_t rare[] = { 2, 4, 7, 9 }, at[] = { 0, 3, 5 }, of[] = { 1, 5, 6, 0, 3 };
	struct net_field field = { .kind = NET_CAT, .values = 11, .entries = 10, .cat = cat };
	struct net_shape shape = { .arch = NET_FM, .dim = 2, .fields = 1, .field = &field };
	struct net *net = net_new(&shape);
	struct ids_draw how = { 0 };
	struct ids_spare spare = { 0 };
	struct ids s = { 0 };

	ids_list(&s, net, 0, &field, row, 10, &how, &spare);
	near(ids_common(&s, 10), 0.5, 0, "5 of 10 rows have an id that another one has");
	ids_part(&s, 10, 10);
	for (int again = 0; again < 2; again++) {
		ok(s.commons == 2 && s.common[0] == 2 && s.common[1] == 5 &&
				memcmp(s.common_at, at, sizeof at) == 0 &&
				memcmp(s.common_row, of, sizeof of) == 0,
			"ids 2 and 5 with their rows");
		ok(s.n == 4 && memcmp(s.rare, rare, sizeof rare) == 0,
			"  and the rows of the others, but for the unknown one");
		ids_list(&s, net, 0, &field, row, 10, &how, &spare);
	}
	ids_list(&s, net, 0, &field, row + 7, 3, &how, &spare);
	ok(s.commons == 0 && s.common_at[0] == 0 && s.n == 2 && s.rare[1] == 2, "none are common");
	ids_free(&s);
	ids_spare_free(&spare);
	net_free(net);
}

int main(void)
{
	static const uint32_t user[] = { 2, 0, 2, 9, 1 }, id[] = { 3, 0, 7, 3 };
	static const uint64_t at[] = { 0, 2, 2, 4 };
	static const uint32_t row[] = { 4, 2, 0, 3, 1 };
	struct net_field field[] = {
		{ .kind = NET_CAT, .values = 3, .key = user, .entries = UINT64_MAX },
		{ .kind = NET_BAG, .values = 5, .key = user, .entries = 3, .at = at, .id = id },
	};
	struct net_shape shape = { .arch = NET_FM, .dim = 2, .fields = 2, .field = field };
	struct net *net = net_new(&shape);
	struct ids_draw how = { 0 };
	struct ids s = { 0 };
	struct ids_spare spare = { 0 };

	for (int again = 0; again < 2; again++) {
		ids_list(&s, net, 0, field, row, 5, &how, &spare);
		ok(s.n == 4 && s.id[0] == 0 && s.row[0] == 4 && s.id[1] == 1 && s.row[1] == 0,
			"categories: users 0 and 1 once");
		ok(s.id[2] == 2 && s.row[2] == 1 && s.id[3] == 2 && s.row[3] == 2,
			"user 2 twice, in the order of the batch; 9 is nobody");
		ok(!s.weight, "they weigh 1");
	}
	ids_free(&s);
	s = (struct ids){ 0 };
	/* rows 4 (user 1: empty), 2 (user 2: 7 unknown, 3), 0 (the same), 3 (nobody), 1 (0: 3, 0)
	 */
	ids_list(&s, net, 1, field + 1, row, 5, &how, &spare);
	ok(s.n == 4 && s.id[0] == 3 && s.row[0] == 4 && s.weight[0] == 0.5f,
		"a bag's ids come after the users' rows, each a share of its bag");
	ok(s.id[1] == 6 && s.row[1] == 1 && s.id[2] == 6 && s.row[2] == 2 && s.row[3] == 4,
		"an unknown id is left out");
	ids_free(&s);
	ids_spare_free(&spare);
	net_free(net);
	apart();
	steps(200);
	steps(5000);
	steps(1 << 23);
	return done();
}
