#include "fit.h"

void fit_loss(float *value, float *slope, const float *z, const struct fit *how,
	const uint32_t *row, size_t n, size_t batch)
{
	float label[FORWARD_CHUNK], teacher[FORWARD_CHUNK], trust[FORWARD_CHUNK];
	float scale = 1 / (float)batch;

	for (size_t r = 0; r < n; r++) {
		label[r] = how->label ? how->label[row[r]] : 0;
		teacher[r] = how->teacher ? how->teacher[row[r]] : 0;
		trust[r] = how->trust ? how->trust[row[r]] : 1;
	}
	SIMD_CALL(loss_rows, value, slope, z, label, teacher, how->trust ? trust : NULL, n,
		&how->loss);
	for (size_t r = 0; r < n; r++) {
		float weight = how->weight ? how->weight[row[r]] : 1;

		value[r] *= weight;
		slope[r] *= weight * scale;
	}
}
