/* Lines that are planted are found; companions of positives; moments when there is too little. */
#include "calibrate.h"

#include "mem.h"
#include "tap.h"

enum { U = 60, I = 40, N = 600 };

static uint32_t user[N], item[N];
static float label[N], zero_user[U], warm_item[I], cold_item[I];
static uint8_t part[N], known_user[U], known_item[I];
static const struct mf WARM = { U, I, 0, 0, -INFINITY, INFINITY, zero_user, warm_item, NULL, NULL };
static const struct mf COLD = { U, I, 0, 0, -INFINITY, INFINITY, zero_user, cold_item, NULL, NULL };

static struct calibrate run(void)
{
	struct mf_rows rows = { user, item, label, NULL, part, N, U, I };
	struct calibrate c = { known_user, known_item, U, I, 1, 0, 0, false, 0, 0 };
	struct model *warm = model_around(&WARM, "warm"), *cold = model_around(&COLD, "cold");

	calibrate_scores(&c, warm, cold, &rows);
	model_free(warm);
	model_free(cold);
	return c;
}

int main(void)
{
	struct calibrate c;

	/* items from 30 on are new; label = 2 s_w + 1 and 4 s_c - 1 */
	for (size_t i = 0; i < I; i++) {
		warm_item[i] = (float)(i % 7);
		cold_item[i] = (float)(i % 5) / 2 + 1;
		known_item[i] = i < 30;
	}
	for (size_t r = 0; r < N; r++) {
		user[r] = (uint32_t)(r % U);
		item[r] = (uint32_t)(r / U * 7 + r) % I;
		part[r] = 1 + (r % 11 == 0);
		known_user[user[r]] = 1;
		label[r] = item[r] < 30 ? 2 * warm_item[item[r]] + 1 : 4 * cold_item[item[r]] - 1;
	}
	c = run();
	ok(c.by_labels && c.warm > 100 && c.cold > 100 && c.warm + c.cold == 545,
		"rows of part 1, warm and cold");
	near(c.scale, 2, 1e-6, "scale: 4 / 2");
	near(c.shift, -1, 1e-5, "shift: (-1 - 1) / 2");
	for (size_t r = 0; r < N; r++)
		label[r] = 1;
	for (size_t r = 0; r < N; r++)
		part[r] = item[r] % 7 < 4 && item[r] % 5 < 3 ? 2 : 1;
	c = run();
	ok(c.by_labels && c.scale > 0 && c.scale < 20, "positives with higher scores: a line");
	for (size_t r = 0; r < N; r++)
		part[r] = r < 40 ? 1 : 0;
	c = run();
	ok(!c.by_labels && c.warm + c.cold == 40, "too few rows");
	near(c.scale, 2.0 / 0.7071, 0.1, "moments: deviation 2 of 0 .. 6 over that of 1, 1.5 .. 3");
	near(c.shift, 85.0 / 30 - c.scale * 2, 0.1, "and the mean");
	return done();
}
