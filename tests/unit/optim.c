/* Three Adam steps against torch.optim.Adam 1.13 (lr 0.1, weight_decay 0.01), whose results stand
 * here; made by:
 *
 *   import torch
 *   w = torch.tensor([1., -2., .5], requires_grad=True)
 *   o = torch.optim.Adam([w], lr=.1, weight_decay=.01)
 *   for g in ([.3, -1., 0.], [.1, 2., 0.], [-.7, 1e-3, 0.]):
 *       w.grad = torch.tensor(g); o.step(); print(w.tolist())
 */
#include "optim.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

static const float gradient[3][3] = { { .3f, -1, 0 }, { .1f, 2, 0 }, { -.7f, 1e-3f, 0 } };
static const double want[3][3] = {
	{ 0.8999999761581421, -1.899999976158142, 0.4000002145767212 },
	{ 0.812096893787384, -1.93550443649292, 0.3011878430843353 },
	{ 0.8406818509101868, -1.9624220132827759, 0.20487189292907715 },
};

typedef void step_fn(
	float *w, float *m, float *v, const float *g, size_t n, const struct optim_adam *a);

int main(void)
{
	step_fn *const run[] = LEVELS(optim_adam_step);
	struct optim_clock clock = { 1, 1 };
	float w[3] = { 1, -2, .5f }, m[3] = { 0 }, v[3] = { 0 }, wide[3][3][37], g[37];
	struct optim_adam a;
	int equal = 1;

	for (int s = 0; s < 3; s++) {
		a = optim_tick(&clock, 0.1, 0.01);
		run[0](w, m, v, gradient[s], 3, &a);
		for (int i = 0; i < 3; i++)
			near((double)w[i], want[s][i], 2e-6, "a step as PyTorch takes it");
	}
	for (int l = 0; l < levels(); l++) {
		for (uint64_t i = 0; i < 37; i++) {
			wide[l][0][i] = (float)rng_normal(1, RNG_MAKE, i);
			wide[l][1][i] = (float)rng_normal(2, RNG_MAKE, i);
			wide[l][2][i] = (float)rng_unit(3, RNG_MAKE, i);
			g[i] = (float)rng_normal(4, RNG_MAKE, i);
		}
		run[l](wide[l][0], wide[l][1], wide[l][2], g, 37, &a);
		run[l](wide[l][0], wide[l][1], wide[l][2], NULL, 37, &a);
		equal &= l == 0 || memcmp(wide[0], wide[l], sizeof *wide) == 0;
	}
	ok(levels() < 2 || equal, "the same bits from every instruction set");
	return done();
}
