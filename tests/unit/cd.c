/* CD's targets by its formula, from the teacher's list and from the student's. */
#include "cd.h"

#include "teach.h"

static double sigma(double x)
{
	return 1 / (1 + exp(-x));
}

int main(void)
{
	const struct cd_training first = { 5, 0, 0.5, 2 }, drawn = { 5, 3, 0.5, 2 };
	const struct regard regard = { NULL, teach_opposite, 1 };
	static float one[TEACH_U][TEACH_U], other[TEACH_I][TEACH_U];
	const struct cd_teacher teacher = { one[0], other[0], TEACH_U };
	struct taught t[3];
	struct objective tg, sampled, sg;
	struct pairs p;
	float score[64] = { 0 }, slope[64];
	double worst = 0;
	size_t bad = 0;

	teach_make();
	for (size_t u = 0; u < TEACH_U; u++) { /* so that the factors' product is teach_all */
		one[u][u] = 1;
		for (size_t i = 0; i < TEACH_I; i++)
			other[i][u] = teach_all[u][i];
	}
	for (int i = 0; i < 3; i++)
		t[i] = teach_open();
	tg = cd_objective(&t[0], &first, NULL, NULL);
	sampled = cd_objective(&t[1], &drawn, NULL, NULL);
	sg = cd_objective(&t[2], &first, &regard, &teacher);
	teach_check(&tg, "teacher-guided");
	teach_check(&sampled, "sampled");
	teach_check(&sg, "student-guided");
	p = teach_pairs(&tg, 1);
	tg.slope(tg.self, &p, score, slope);
	for (size_t i = 0; i < 5; i++)
		worst = fmax(
			worst, fabs(0.5 - sigma(((double)teach_score[3 * TEACH_K + i] + 0.5) / 2) -
				       (double)slope[i]));
	near(worst, 0, 1e-6, "targets are the teacher's scores, shifted and softened");
	pairs_free(&p);
	p = teach_pairs(&sg, 1);
	sg.slope(sg.self, &p, score, slope);
	for (size_t i = 0; i < 5; i++) {
		bad += i &&
		       (p.item[i] % 3 ? -1.0F : 1.0F) * teach_all[3][p.item[i]] >
			       (p.item[i - 1] % 3 ? -1.0F : 1.0F) * teach_all[3][p.item[i - 1]];
		bad += teach_have[3][p.item[i]];
		worst = fmax(worst, fabs(0.5 - sigma(((double)teach_all[3][p.item[i]] + 0.5) / 2) -
					    (double)slope[i]));
	}
	ok(!bad, "student-guided: his best items");
	near(worst, 0, 1e-6, "with the teacher's scores");
	pairs_free(&p);
	tg.end(tg.self);
	sampled.end(sampled.self);
	sg.end(sg.self);
	return done();
}
