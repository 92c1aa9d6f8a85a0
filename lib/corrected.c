#include "corrected.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"
#include "mem.h"

/* Chances below this are 0. */
static const double least = 1e-20;

/* P(r | R) of one R for r - 1 in from .. from + n, where it is not 0. */
struct chances {
	size_t from, n;
	double *p;
};

static void find_chances(struct chances *c, const double *log_choose, size_t n, double q)
{
	double yes = fmath_log(q), no = fmath_log(1 - q);
	size_t top = (size_t)(q * (double)n), x;

	c->n = 0;
	if (q <= 0 || q >= 1) {
		c->from = q <= 0 ? 0 : n;
		c->p[c->n++] = 1;
		return;
	}
	for (x = top + 1; x > 0; x--)
		if (fmath_exp(log_choose[x - 1] + (double)(x - 1) * yes +
			      (double)(n - x + 1) * no) < least)
			break;
	c->from = x;
	for (; x <= n; x++) {
		double p = fmath_exp(log_choose[x] + (double)x * yes + (double)(n - x) * no);

		if (p < least && x > top)
			break;
		c->p[c->n++] = p;
	}
}

/* matrix (m, m) += share (1 - gamma) P P', its diagonal += gamma share P: rows of a stripe. */
static void add_outer(double *matrix, size_t m, const struct chances *c, double gamma, double share)
{
	for (size_t i = 0; i < c->n; i++) {
		double *row = matrix + (c->from + i) * m + c->from;
		double x = share * (1 - gamma) * c->p[i];

		for (size_t j = 0; j <= i; j++)
			row[j] += x * c->p[j];
		row[i] += gamma * share * c->p[i];
	}
}

/* Solves matrix x = right for `metrics` right sides; matrix (m, m), lower half, positive definite.
 */
static void solve(double *matrix, double *right, size_t m, size_t metrics)
{
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j <= i; j++) {
			double *a = matrix + i * m, *b = matrix + j * m, sum = a[j];

			for (size_t k = 0; k < j; k++)
				sum -= a[k] * b[k];
			a[j] = i == j ? sqrt(sum) : sum / b[j];
		}
	for (size_t v = 0; v < metrics; v++) {
		for (size_t i = 0; i < m; i++) {
			for (size_t k = 0; k < i; k++)
				right[i * metrics + v] -=
					matrix[i * m + k] * right[k * metrics + v];
			right[i * metrics + v] /= matrix[i * m + i];
		}
		for (size_t i = m; i-- > 0;) {
			for (size_t k = i + 1; k < m; k++)
				right[i * metrics + v] -=
					matrix[k * m + i] * right[k * metrics + v];
			right[i * metrics + v] /= matrix[i * m + i];
		}
	}
}

void corrected_weights(
	double *g, size_t n, size_t items, const double *f, size_t k, size_t metrics, double gamma)
{
	size_t m = n + 1;
	double *log_choose = mem_new(m, sizeof *log_choose),
	       *matrix = mem_new(m * m, sizeof *matrix);
	struct chances c = { .p = mem_new(m, sizeof *c.p) };

	for (size_t x = 0; x <= n; x++)
		log_choose[x] = fmath_log_gamma((double)n + 1) - fmath_log_gamma((double)x + 1) -
				fmath_log_gamma((double)(n - x) + 1);
	memset(g, 0, m * metrics * sizeof *g);
	for (size_t r = 0; r < items; r++) {
		find_chances(&c, log_choose, n, (double)r / (double)(items - 1));
		add_outer(matrix, m, &c, gamma, 1 / (double)items);
		for (size_t i = 0; i < c.n && r < k; i++)
			for (size_t v = 0; v < metrics; v++)
				g[(c.from + i) * metrics + v] +=
					f[r * metrics + v] * c.p[i] / (double)items;
	}
	solve(matrix, g, m, metrics);
	free(log_choose);
	free(matrix);
	free(c.p);
}
