#include "cholesky.h"

#include <math.h>

bool cholesky_factor(double *a, size_t d)
{
	for (size_t i = 0; i < d; i++) {
		double whole = a[i * d + i];

		for (size_t j = 0; j <= i; j++) {
			double sum = a[i * d + j];

			for (size_t k = 0; k < j; k++)
				sum -= a[i * d + k] * a[j * d + k];
			if (i == j && !(sum > 1e-12 * whole))
				return false;
			a[i * d + j] = i == j ? sqrt(sum) : sum / a[j * d + j];
		}
	}
	return true;
}

void cholesky_forward(double *b, const double *l, size_t d, size_t n)
{
	for (size_t i = 0; i < d; i++)
		for (size_t c = 0; c < n; c++) {
			for (size_t k = 0; k < i; k++)
				b[i * n + c] -= l[i * d + k] * b[k * n + c];
			b[i * n + c] /= l[i * d + i];
		}
}

void cholesky_back(double *b, const double *l, size_t d, size_t n)
{
	for (size_t i = d; i-- > 0;)
		for (size_t c = 0; c < n; c++) {
			for (size_t k = i + 1; k < d; k++)
				b[i * n + c] -= l[k * d + i] * b[k * n + c];
			b[i * n + c] /= l[i * d + i];
		}
}
