#include "fresh.h"

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "rng.h"

static const char *const NAME[] = { "random", "unknown", "mean" }; /* as enum fresh */

bool fresh_parse(enum fresh *fresh, const char *text)
{
	for (size_t i = 0; i < sizeof NAME / sizeof *NAME; i++) {
		*fresh = (enum fresh)i;
		if (strcmp(text, NAME[i]) == 0)
			return true;
	}
	return false;
}

const char *fresh_name(enum fresh fresh)
{
	return NAME[fresh];
}

static float *mean_row(const float *from, size_t rows, size_t cols)
{
	float *mean = mem_new(cols, sizeof *mean);
	double *sum = mem_new(cols, sizeof *sum);

	for (size_t r = 0; r < rows; r++)
		for (size_t k = 0; k < cols; k++)
			sum[k] += (double)from[r * cols + k];
	for (size_t k = 0; k < cols && rows; k++)
		mean[k] = (float)(sum[k] / (double)rows);
	free(sum);
	return mean;
}

void fresh_rows(float *to, size_t n, const float *from, size_t rows, size_t cols,
	const uint32_t *of, enum fresh fresh, double deviation, uint64_t seed, const float *unknown)
{
	float *mean = mean_row(from, fresh == FRESH_MEAN ? rows : 0, cols);

	if (fresh == FRESH_UNKNOWN && unknown)
		memcpy(mean, unknown, cols * sizeof *mean);

#pragma omp parallel for schedule(static)
	for (size_t i = 0; i < n; i++) {
		float *row = to + i * cols;

		if (of[i] < rows) {
			memcpy(row, from + of[i] * cols, cols * sizeof *row);
			continue;
		}
		memcpy(row, mean, cols * sizeof *row);
		for (size_t k = 0; k < cols && fresh == FRESH_RANDOM && deviation > 0; k++)
			row[k] = (float)(deviation * rng_normal(seed, RNG_INIT, i * cols + k));
	}
	free(mean);
}
