#include "moments.h"

#include <math.h>
#include <stdlib.h>

#include "gemm.h"
#include "mem.h"
#include "norm.h"

void moments_new(struct forward_moments *m, const struct net *net)
{
	for (size_t l = 0; l < net->layers; l++) {
		size_t width = net->layer[l].norm == NET_BATCH_NORM ? net->layer[l].width : 0;

		m[l].mean = mem_new(4 * width, sizeof *m[l].mean);
		m[l].inverse = m[l].mean + width;
		m[l].gain = m[l].mean + 2 * width;
		m[l].shift = m[l].mean + 3 * width;
	}
}

void moments_free(struct forward_moments *m, const struct net *net)
{
	for (size_t l = 0; l < net->layers; l++)
		free(m[l].mean);
}

void moments_take(struct net_layer *y, const struct forward_moments *m, const float *u, size_t n,
	size_t panel)
{
	size_t at = panel * GEMM_PANEL, to = at + gemm_cols(y->out, panel);
	float fair = n > 1 ? (float)n / (float)(n - 1) : 1;

	SIMD_CALL(norm_moments, m->mean + at, m->inverse + at, u + at, y->width, n, to - at);
	for (size_t i = at; i < to; i++) {
		float variance = m->inverse[i];

		if (y->mean.pace > 0)
			y->mean.w[i] += 0.1f * (m->mean[i] - y->mean.w[i]);
		if (y->variance.pace > 0)
			y->variance.w[i] += 0.1f * (fair * variance - y->variance.w[i]);
		m->inverse[i] = 1 / sqrtf(variance + NORM_EPSILON);
	}
}

void moments_sums(const struct net_layer *y, const struct forward_moments *m, const float *dy,
	const float *xhat, size_t n, size_t panel)
{
	size_t at = panel * GEMM_PANEL;

	SIMD_CALL(norm_sums, m->gain + at, m->shift + at, dy + at, xhat + at, y->width, n,
		gemm_cols(y->out, panel));
}
