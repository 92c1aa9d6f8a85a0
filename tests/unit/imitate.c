/* imitate: the parts it is made of, called by hand with the same rows, seeds and temperatures. */
#include "imitate.h"

#include <stdlib.h>

#include "experts.h"
#include "mem.h"
#include "rng.h"
#include "tap.h"
#include "topology.h"

enum { D = 4, T = 6, U = 7, I = 9, NU = 3, NI = 5, PITCH = 5, WIDTH = 6 };

static float teacher[2][9 * T], row[2][9 * PITCH], slope[2][9 * WIDTH];
static const uint32_t user[NU] = { 6, 0, 2 }, item[NI] = { 8, 1, 3, 0, 5 };
static const uint32_t place[NI] = { 4, 0, 1, 2, 3 };

static struct imitate_training how(enum imitate_kind kind)
{
	return (struct imitate_training){ .kind = kind,
		.teacher = { teacher[0], teacher[1] },
		.teacher_dim = T,
		.dim = D,
		.experts = 2,
		.gamma = 0.25,
		.anneal = 100,
		.rate = 0.01,
		.seed = 11 };
}

/* The loss on the batch in that epoch; slopes are left in slope. Items lie at places of their own.
 */
static double run(enum imitate_kind kind, uint64_t epoch, double weight)
{
	struct imitate_training t = how(kind);
	struct vectors_loss loss = imitate_loss(&t, weight);
	struct vectors users = { .row = row[0],
		.pitch = PITCH,
		.width = WIDTH,
		.dim = D,
		.n = NU,
		.id = user,
		.slope = slope[0] };
	struct vectors items = { .row = row[1],
		.pitch = PITCH,
		.width = WIDTH,
		.dim = D,
		.n = NI,
		.id = item,
		.slope = slope[1],
		.at = place };
	double value;

	memset(slope, 0, sizeof slope);
	loss.start(loss.self, epoch);
	value = loss.slope(loss.self, &users, &items, weight);
	loss.end(loss.self);
	return value;
}

static void pack(float *student, float *of_teacher)
{
	for (size_t s = 0; s < NU + NI; s++) {
		int side = s >= NU;
		size_t i = side ? s - NU : s;
		size_t at = side ? place[i] : user[i], id = side ? item[i] : user[i];

		memcpy(student + s * D, row[side] + at * PITCH, D * sizeof(float));
		memcpy(of_teacher + s * T, teacher[side] + id * T, T * sizeof(float));
	}
}

/* The same by experts of each side. */
static double by_experts(size_t count, double temperature, double of_items, float *to)
{
	struct experts_training e = { D, T, count, 0.01, 0, 0 };
	float student[(NU + NI) * D], of_teacher[(NU + NI) * T];
	double value = 0;

	pack(student, of_teacher);
	memset(to, 0, (NU + NI) * D * sizeof *to);
	for (size_t side = 0; side < 2; side++) {
		size_t from = side ? NU : 0, n = side ? NI : NU;
		double share = side ? of_items : 1;
		struct experts *x;

		e.seed = rng_derive(11, side);
		x = experts_new(&e);
		value += share * experts_slope(x, to + from * D,
					 &(struct experts_rows){
						 student + from * D, of_teacher + from * T, n },
					 temperature, share * 3);
		experts_free(x);
	}
	return value;
}

/* Whether slopes lie where they belong, and nothing beside them. */
static int lies(const float *want)
{
	int good = 1;

	for (size_t s = 0; s < NU + NI; s++)
		for (size_t k = 0; k < WIDTH; k++) {
			int side = s >= NU;
			size_t i = side ? s - NU : s;

			good &= slope[side][i * WIDTH + k] == (k < D ? want[s * D + k] : 0);
		}
	return good;
}

int main(void)
{
	float want[(NU + NI) * D], student[(NU + NI) * D], of_teacher[(NU + NI) * T];
	struct topology_rows all = { student, of_teacher, NU + NI, D, D, T, T, NULL, 0 };
	double value;

	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < 9; i++) {
			for (size_t k = 0; k < PITCH; k++)
				row[side][i * PITCH + k] =
					(float)rng_normal(side, RNG_MAKE, i * PITCH + k);
			for (size_t k = 0; k < T; k++)
				teacher[side][i * T + k] =
					(float)rng_normal(2 + side, RNG_MAKE, i * T + k);
		}
	value = by_experts(1, 1, 1, want);
	near(run(IMITATE_HINT, 0, 3), value, 0, "hint: one expert of users and one of items");
	ok(lies(want), "slopes lie where they belong");
	value = by_experts(2, 1, 0.5, want);
	near(run(IMITATE_DE, 0, 3), value, 1e-9 * value,
		"de: users' and half the items', T 1 at first");
	ok(lies(want), "with their slopes");
	value = by_experts(2, 0.1, 0.5, want);
	near(run(IMITATE_DE, 10, 3), value, 1e-6 * value, "T .1 after a tenth of the way");
	pack(student, of_teacher);
	memset(want, 0, sizeof want);
	value = topology_slope(want, D, &all, 3);
	near(run(IMITATE_FTD, 0, 3), value, 0, "ftd: users and items together");
	ok(lies(want), "with their slopes");
	return done();
}
