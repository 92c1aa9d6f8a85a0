#include "relaxed.h"

#include "expo.h"
#include "fmath.h"

enum { AT_ONCE = 6 }; /* the product of so many B, each at least e^-87, is no denormal double */

double relaxed_loss(float *slope, const float *score, size_t k, size_t l)
{
	double tail[RELAXED_MOST], below = 0, inverse = 0, product = 1, loss = 0;
	float most = score[0];

	for (size_t i = 1; i < k + l; i++)
		most = score[i] > most ? score[i] : most;
	SIMD_CALL(expo_shifted, slope, score, most, k + l);
	for (size_t i = k; i < k + l; i++)
		below += (double)slope[i];
	for (size_t j = k; j-- > 0;) {
		tail[j] = below += (double)slope[j];
		product *= below;
		if (j % AT_ONCE == 0) {
			loss += fmath_log(product);
			product = 1;
		}
	}
	for (size_t j = 0; j < k; j++) {
		inverse += 1 / tail[j];
		slope[j] = (float)((double)slope[j] * inverse - 1);
		loss += (double)most - (double)score[j];
	}
	for (size_t i = k; i < k + l; i++)
		slope[i] = (float)((double)slope[i] * inverse);
	return loss;
}
