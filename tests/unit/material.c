/* Rows of parts 0 and 1, what their labels are, and weights of classes by hand. */
#include "material.h"

#include <math.h>
#include <string.h>

#include "made.h"
#include "tap.h"

enum { N = 8 };

int main(void)
{
	static const float label[N] = { 0, 1, 0, 0, 1, 0, 5, 0 };
	static const float weight[N] = { 1, 2, 1, 3, 1, 4, 1, 1 };
	static const uint8_t part[N] = { 0, 0, 1, 0, 1, 0, 2, 0 };
	struct tensors set = { 0 };
	struct material m;

	made_column(&set, "label", F32, N, label);
	made_column(&set, "weight", F32, N, weight);
	made_column(&set, "part", U8, N, part);
	material_find(&m, &set);
	ok(m.rows == N && m.n[0] == 5 && m.n[1] == 2, "five rows train, two judge");
	ok(m.row[0][2] == 3 && m.row[0][4] == 7 && m.row[1][1] == 4, "in the order of the stream");
	ok(m.judged[1][1] == 1 && m.judged[2][0] == 1, "labels and weights of part 1");
	material_choose(&m, "auto", false);
	ok(m.logistic, "a rating in part 2 is nobody's business");
	material_weigh(&m, "balanced"); /* 1 of 5 is positive: 5 / 2 / 4 and 5 / 2 / 1 */
	near(m.class_weight[0], 0.625, 0, "balanced: a negative");
	near(m.class_weight[1], 2.5 * 2, 0, "a positive of weight 2");
	ok(!material_places(&m, 32), "one row of eight is left out: of 32 bytes it saves nothing");
	ok(material_places(&m, 33) == m.place && m.place[5] == 5 && m.place[6] == UINT32_MAX &&
			m.place[7] == 6,
		"of more it does, and those behind it move up");
	material_free(&m);
	tensor_free(tensors_take(&set, "part"));
	material_find(&m, &set);
	ok(m.n[0] == N && m.n[1] == 0, "without parts all rows train");
	material_choose(&m, "auto", false);
	ok(!m.logistic, "and the rating makes it a rating task");
	material_free(&m);
	tensors_free(&set);
	return done();
}
