/* uplift -- six rows worked by hand. */
#include "uplift.h"

#include "tap.h"

int main(void)
{
	/* From the highest score: treated 1, control 0, treated 1, control 0, treated 0, control 1.
	 */
	static const float score[] = { 6, 5, 4, 3, 2, 1 }, flat[6] = { 0 };
	static const float outcome[] = { 1, 0, 1, 0, 0, 1 };
	static const uint8_t treated[] = { 1, 0, 1, 0, 1, 0 }, nobody[6] = { 0 };
	struct uplift_rows rows = { score, outcome, NULL, treated, 6 };
	struct uplift u;

	uplift_measure(&u, &rows, 0.5);
	near(u.effect, 1.0 / 3, 1e-15, "2/3 less 1/3");
	near(u.high - u.effect, 1.9599639845400545 * sqrt(2 * 2.0 / 9 / 3), 1e-15,
		"1.96 standard errors");
	near(u.top, 1, 1e-15, "the first half: 2 of 2 less 0 of 1");
	/* q: 1 1 2 2 2 1 after each row; the area less the triangle; this order is a best one but
	 * for the last two treated and control, which change places: 1 2 2 2 2 1 */
	near(u.qini, (0.5 + 1 + 1.5 + 2 + 2 + 1.5 - 3) / (0.5 + 1.5 + 2 + 2 + 2 + 1.5 - 3), 1e-12,
		"Qini: areas over 1 1 2 2 2 1 and 1 2 2 2 2 1");
	rows.score = flat;
	uplift_measure(&u, &rows, 0.5);
	near(u.qini, 0, 1e-12, "equal scores: chance");
	near(u.top, u.effect, 1e-15, "and the effect of all");
	rows.treated = nobody;
	uplift_measure(&u, &rows, 1);
	ok(isnan(u.effect) && isnan(u.top) && isnan(u.qini) && u.control == 6, "nobody treated");
	return done();
}
