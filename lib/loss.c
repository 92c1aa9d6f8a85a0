#include "loss.h"

#include "expo.h"

static inline float sigmoid(float z)
{
	float e = expo_negative(-fabsf(z));

	return (z < 0 ? e : 1.0f) / (1 + e);
}

/* Adds share * scale^2 * cross entropy of (z / scale, p) to one row. */
static inline void logistic(float *value, float *slope, float z, float p, float share, float scale)
{
	float x = z / scale, e = expo_negative(-fabsf(x));
	float plus = (x > 0 ? x : 0) + expo_one_plus(e), s = (x < 0 ? e : 1.0f) / (1 + e);

	*value = fmaf(share * scale * scale, plus - p * x, *value);
	*slope = fmaf(share * scale, s - p, *slope);
}

static inline void squared(float *value, float *slope, float z, float y, float share)
{
	*value = fmaf(share * 0.5f, (z - y) * (z - y), *value);
	*slope = fmaf(share, z - y, *slope);
}

static inline float share(float alpha, const float *trust, size_t i)
{
	return trust ? alpha * trust[i] : alpha;
}

SIMD_INLINE void rows(float *restrict value, float *restrict slope, const float *restrict z,
	const float *restrict label, const float *restrict teacher, const float *restrict trust,
	size_t n, const struct loss *loss)
{
	float soft = loss->alpha, t = loss->temperature;
	bool hard = soft < 1 || trust, entropy = loss->logistic && !loss->mse;

	memset(value, 0, n * sizeof *value);
	memset(slope, 0, n * sizeof *slope);
	if (hard && loss->logistic)
		for (size_t i = 0; i < n; i++)
			logistic(
				value + i, slope + i, z[i], label[i], 1 - share(soft, trust, i), 1);
	if (hard && !loss->logistic)
		for (size_t i = 0; i < n; i++)
			squared(value + i, slope + i, z[i], label[i], 1 - share(soft, trust, i));
	if (soft > 0 && entropy)
		for (size_t i = 0; i < n; i++)
			logistic(value + i, slope + i, z[i], sigmoid(teacher[i] / t),
				share(soft, trust, i), t);
	if (soft > 0 && !entropy)
		for (size_t i = 0; i < n; i++)
			squared(value + i, slope + i, z[i], teacher[i], share(soft, trust, i));
}

/* Apart: loops over both would load from the NULL pointer with no lane asked for, which takes
 * processors hundreds of cycles. */
void SIMD_NAME(loss_rows)(float *restrict value, float *restrict slope, const float *restrict z,
	const float *restrict label, const float *restrict teacher, const float *restrict trust,
	size_t n, const struct loss *loss)
{
	if (trust)
		rows(value, slope, z, label, teacher, trust, n, loss);
	else
		rows(value, slope, z, label, teacher, NULL, n, loss);
}
