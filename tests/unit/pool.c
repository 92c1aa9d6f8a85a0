/* pool -- by hand. */
#include "pool.h"

#include "tap.h"

int main(void)
{
	struct pool p = { 0 };

	pool_add(&p, 1e9 + 4);
	near(p.mean, 1e9 + 4, 0, "one is its mean");
	ok(isnan(pool_deviation(&p)), "and has no deviation");
	pool_add(&p, 1e9 + 7);
	pool_add(&p, 1e9 + 13);
	pool_add(&p, 1e9 + 16);
	near(p.mean, 1e9 + 10, 0, "mean of 4 7 13 16");
	near(pool_deviation(&p), sqrt(30), 1e-9, "deviation: 90 / 3, far from 0");
	near((double)pool_stem("student_s12"), 7, 0, "student_s12 is a run of student");
	near((double)pool_stem("student2"), 8, 0, "student2 is not a run");
	near((double)pool_stem("soft_T4_s1"), 7, 0, "only the seed goes");
	near((double)pool_stem("_s1") + (double)pool_stem("s1") + (double)pool_stem(""), 5, 0,
		"nothing but a seed is a name");
	return done();
}
