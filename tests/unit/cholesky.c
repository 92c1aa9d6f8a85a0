/* A = L L^T by hand, and A^-1 b. */
#include "cholesky.h"

#include "tap.h"

int main(void)
{
	/* L = (2; 6 1; -8 5 3) */
	double a[] = { 4, 0, 0, 12, 37, 0, -16, -43, 98 }, b[] = { 1, 4, 0, -9, 2, 0 };
	double flat[] = { 1, 0, 2, 4 };

	ok(cholesky_factor(a, 3), "a positive definite matrix has a factor");
	near(a[0] + a[3] + a[4] + a[6] + a[7] + a[8], 2 + 6 + 1 - 8 + 5 + 3, 1e-12, "this one");
	cholesky_forward(b, a, 3, 2);
	near(b[0], 0.5, 1e-12, "L^-1 b begins with 1 / 2");
	cholesky_back(b, a, 3, 2);
	near(4 * b[0] + 12 * b[2] - 16 * b[4], 1, 1e-9, "A x = b: the first row");
	near(-16 * b[1] - 43 * b[3] + 98 * b[5], 0, 1e-9, "the last row of the second column");
	ok(!cholesky_factor(flat, 2), "a matrix of rank 1 has none");
	return done();
}
