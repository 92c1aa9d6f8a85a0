#include "overlap.h"

#include <stdbool.h>

static bool among(uint32_t x, const uint32_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == x)
			return true;
	return false;
}

void overlap_shared(uint32_t *shared, const uint32_t *a, const uint32_t *b, size_t k)
{
	uint32_t n = 0;

	for (size_t d = 0; d < k; d++) {
		n += a[d] != OVERLAP_NONE && among(a[d], b, d + 1);
		n += b[d] != OVERLAP_NONE && a[d] != b[d] && among(b[d], a, d);
		shared[d] = n;
	}
}

double overlap_at(const uint32_t *shared, size_t k)
{
	return (double)shared[k - 1] / (double)k;
}

double overlap_rbo(const uint32_t *shared, size_t k, double p)
{
	double sum = 0, power = 1;

	for (size_t d = 1; d <= k; d++) {
		power *= p;
		sum += overlap_at(shared, d) * power;
	}
	return overlap_at(shared, k) * power + (1 - p) / p * sum;
}
