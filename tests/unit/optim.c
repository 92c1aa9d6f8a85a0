/* Three steps of every optimiser against PyTorch 1.13's (lr 0.1, weight_decay 0.01), whose results
 * stand here; made by:
 *
 *   import torch
 *   def run(make, clip):
 *       w = torch.tensor([1., -2., .5], requires_grad=True); o = make([w])
 *       for g in ([.3, -1., 0.], [.1, 2., 0.], [-.7, 1e-3, 0.]):
 *           w.grad = torch.tensor(g)
 *           if clip: torch.nn.utils.clip_grad_value_([w], .6)
 *           o.step(); print(w.tolist())
 *   a = dict(lr=.1, weight_decay=.01); O = torch.optim
 *   run(lambda p: O.Adam(p, **a), False); run(lambda p: O.AdamW(p, **a), False)
 *   run(lambda p: O.Adagrad(p, **a), False); run(lambda p: O.SGD(p, momentum=.9, **a), False)
 *   run(lambda p: O.Adam(p, **a), True); run(lambda p: O.SGD(p, momentum=.9, **a), True)
 *   s = .001 ** .5; run(lambda p: O.Adagrad(p, lr=.1 / s, eps=1e-8 / s, weight_decay=.01), False)
 *
 * The last one is rowwise where each weight is a row; of the three as one row NumPy made:
 *
 *   w = np.array([1., -2., .5]); v = 0.
 *   for g in ([.3, -1., 0.], [.1, 2., 0.], [-.7, 1e-3, 0.]):
 *       g = np.array(g) + .01 * w; v += .001 * (g * g).mean()
 *       w = w - .1 * g / (v ** .5 + 1e-8); print(w.tolist())
 */
#include "optim.h"

#include "levels.h"
#include "rng.h"
#include "tap.h"

static const float gradient[3][3] = { { .3f, -1, 0 }, { .1f, 2, 0 }, { -.7f, 1e-3f, 0 } };
static const struct {
	const char *name;
	struct optim how;
	double want[3][3];
} cases[] = {
	{ "adam", { OPTIM_ADAM, false, 0, INFINITY },
		{ { 0.8999999761581421, -1.899999976158142, 0.4000002145767212 },
			{ 0.812096893787384, -1.93550443649292, 0.3011878430843353 },
			{ 0.8406818509101868, -1.9624220132827759, 0.20487189292907715 } } },
	{ "adamw", { OPTIM_ADAMW, false, 0, INFINITY },
		{ { 0.8990000486373901, -1.8980000019073486, 0.49950000643730164 },
			{ 0.8109946250915527, -1.932712435722351, 0.49900051951408386 },
			{ 0.8407106399536133, -1.9591082334518433, 0.4985015392303467 } } },
	{ "adagrad", { OPTIM_ADAGRAD, false, 0, INFINITY },
		{ { 0.8999999761581421, -1.899999976158142, 0.3999999761581421 },
			{ 0.8668293952941895, -1.9889068603515625, 0.3375304639339447 },
			{ 0.9571459293365479, -1.988059163093567, 0.2908991575241089 } } },
	{ "sgd with momentum", { OPTIM_SGD, false, 0.9, INFINITY },
		{ { 0.968999981880188, -1.8980000019073486, 0.49950000643730164 },
			{ 0.9301309585571289, -2.0043020248413086, 0.49855050444602966 },
			{ 0.9642187356948853, -2.098069429397583, 0.49719738960266113 } } },
	{ "adam, clipped", { OPTIM_ADAM, false, 0, 0.6 },
		{ { 0.8999999761581421, -1.899999976158142, 0.4000002145767212 },
			{ 0.812096893787384, -1.9020148515701294, 0.3011878430843353 },
			{ 0.8350017666816711, -1.9022164344787598, 0.20487189292907715 } } },
	{ "sgd, clipped", { OPTIM_SGD, false, 0.9, 0.6 },
		{ { 0.968999981880188, -1.937999963760376, 0.49950000643730164 },
			{ 0.9301309585571289, -1.940261960029602, 0.49855050444602966 },
			{ 0.9542187452316284, -1.9404574632644653, 0.49719738960266113 } } },
	{ "rowwise", { OPTIM_ROWWISE, true, 0, INFINITY },
		{ { -2.1622743606567383, 1.1622767448425293, -2.6620776653289795 },
			{ -2.937401294708252, -1.6581480503082275, 0.4458186626434326 },
			{ -0.04121232032775879, -1.6363023519515991, -0.06775146722793579 } } },
};
static const double one_row[3][3] = { { -0.5926949440860689, 3.2404801386057756,
					      0.47431137186957956 },
	{ -0.8170162994058737, -1.6058791204552332, 0.46300120714663456 },
	{ 0.7966590351265207, -1.5715653337349313, 0.45245100795902043 } };

typedef void step_fn(
	float *w, float *m, float *v, const float *g, size_t n, const struct optim_step *how);

typedef void rows_fn(float *w, float *m, float *v, const uint32_t *row, size_t n, size_t width,
	const float *g, const struct optim_step *how);

typedef void rest_fn(
	float *w, float *m, float *v, size_t n, const struct optim_step *how, size_t steps);

static step_fn *const run[] = LEVELS(optim_step);
static rows_fn *const rows[] = LEVELS(optim_step_rows);
static rest_fn *const rest[] = LEVELS(optim_adam_rest);

/* Five steps without gradient at once are five steps. */
static int rests(rest_fn *at_once, step_fn *one)
{
	const struct optim adam = { OPTIM_ADAM, false, 0, INFINITY };
	struct optim_clock clock = { 1, 1 };
	struct optim_step how[5];
	float x[2][3][112];

	for (int s = 0; s < 5; s++) {
		optim_tick(&clock);
		how[s] = optim_at(&clock, &adam, 0.1, 0.01);
	}
	for (uint64_t i = 0; i < 112; i++)
		for (int twice = 0; twice < 2; twice++) {
			x[twice][0][i] = (float)rng_normal(1, RNG_MAKE, i);
			x[twice][1][i] = (float)rng_normal(2, RNG_MAKE, i);
			x[twice][2][i] = (float)rng_unit(3, RNG_MAKE, i);
		}
	at_once(x[0][0], x[0][1], x[0][2], 112, how, 5);
	for (int s = 0; s < 5; s++)
		one(x[1][0], x[1][1], x[1][2], NULL, 112, how + s);
	return memcmp(x[0], x[1], sizeof *x) == 0;
}

/* 1 + 4 + ... + 37^2 = 17575, in every order that vectors may have. */
static void check_measure(void)
{
	float g[37];

	for (int i = 0; i < 37; i++)
		g[i] = (float)(i + 1);
	for (int l = 0; l < levels(); l++) {
		double squares = 5;
		struct optim_step s = optim_measure(&squares);

		run[l](NULL, NULL, NULL, g, 37, &s);
		run[l](NULL, NULL, NULL, NULL, 37, &s);
		near(squares, 17580, 0, "squares of gradients are added up, no weight is touched");
		ok(optim_idle(&s), "  where there is none nothing is added");
	}
	near((double)optim_shrink(25, 2), 2 / (5 + 1e-6), 1e-7, "a norm of 5 is brought to 2");
	near((double)optim_shrink(25, 6), 1, 0, "  and to 6 it stays");
	near((double)optim_shrink(0, 1), 1, 0, "  as does one of 0");
	ok(isnan(optim_shrink(NAN, 1)), "  and one that is not a number");
}

static int same_bits(const struct optim *how)
{
	float x[3][3][37], g[37];
	struct optim_clock clock = { 1, 1 };
	struct optim_step s;
	int equal = 1;

	optim_tick(&clock);
	s = optim_at(&clock, how, 0.1, 0.01);
	for (int l = 0; l < levels(); l++) {
		for (uint64_t i = 0; i < 37; i++) {
			x[l][0][i] = (float)rng_normal(1, RNG_MAKE, i);
			x[l][1][i] = (float)rng_normal(2, RNG_MAKE, i);
			x[l][2][i] = (float)rng_unit(3, RNG_MAKE, i);
			g[i] = (float)rng_normal(4, RNG_MAKE, i);
		}
		run[l](x[l][0], x[l][1], x[l][2], g, 37, &s);
		run[l](x[l][0], x[l][1], x[l][2], NULL, 37, &s);
		equal &= l == 0 || memcmp(x[0], x[l], sizeof *x) == 0;
	}
	return equal;
}

/* Rows that lie apart step as each of them alone, and others stay. */
static void check_rows(size_t width, const struct optim *how)
{
	uint32_t row[37];
	float x[2][3][40 * 20], g[37 * 20];
	struct optim_clock clock = { 1, 1 };
	struct optim_step s;

	optim_tick(&clock);
	s = optim_at(&clock, how, 0.1, 0.01);
	for (uint32_t i = 0; i < 37; i++)
		row[i] = (i * 7 + 1) % 40;
	for (uint64_t i = 0; i < 37 * 20; i++)
		g[i] = (float)rng_normal(4, RNG_MAKE, i);
	for (int l = 0; l < levels(); l++) {
		for (uint64_t i = 0; i < 40 * 20; i++)
			for (uint64_t k = 0; k < 3; k++)
				x[0][k][i] = (float)rng_unit(k, RNG_MAKE, i);
		memcpy(x[1], x[0], sizeof *x);
		rows[l](x[0][0], x[0][1], x[0][2], row, 37, width, g, &s);
		for (size_t i = 0; i < 37; i++) {
			size_t at = row[i] * width;

			run[l](x[1][0] + at, x[1][1] + at, x[1][2] + at, g + i * width, width, &s);
		}
		ok(memcmp(x[0], x[1], sizeof *x) == 0, "rows that lie apart step as each alone");
	}
}

/* Rows of 1, 2, ... 40 weights that lie apart, beside rows that stay; no first moments. */
static void check_rowwise(const struct optim *how)
{
	const struct optim_clock clock = { 1, 1 };
	const struct optim_step s = optim_at(&clock, how, 0.1, 0.01);
	const uint32_t row[3] = { 5, 0, 2 };
	double worst = 0;
	int same = 1, stay = 1;

	for (size_t width = 1; width <= 40; width++) {
		float w[3][6 * 40], v[3][6], g[3 * 40], kept[6 * 40];

		for (uint64_t i = 0; i < 6 * width; i++)
			kept[i] = (float)rng_normal(width, RNG_MAKE, i);
		for (uint64_t i = 0; i < 3 * width; i++)
			g[i] = (float)rng_normal(99, RNG_MAKE, i);
		for (int l = 0; l < levels(); l++) {
			memcpy(w[l], kept, sizeof kept);
			for (int i = 0; i < 6; i++)
				v[l][i] = 0.01f * (float)i;
			rows[l](w[l], NULL, v[l], row, 3, width, g, &s);
			same &= memcmp(w[l], w[0], 6 * width * sizeof(float)) == 0 &&
				memcmp(v[l], v[0], sizeof *v) == 0;
		}
		for (size_t i = 0; i < 3; i++) {
			const float *old = kept + row[i] * width, *new = w[0] + row[i] * width;
			double y[40], sum = 0, second;

			for (size_t k = 0; k < width; k++) {
				y[k] = fmax(-(double)s.clip,
					       fmin((double)s.clip, (double)g[i * width + k])) +
				       0.01 * (double)old[k];
				sum += y[k] * y[k];
			}
			second = 0.01 * row[i] + 0.001 * sum / (double)width;
			worst = fmax(worst, fabs(second - (double)v[0][row[i]]));
			for (size_t k = 0; k < width; k++)
				worst = fmax(worst,
					fabs((double)old[k] - 0.1 * y[k] / (sqrt(second) + 1e-8) -
						(double)new[k]));
		}
		for (size_t i = 0; i < 6; i++)
			stay &= i % 5 == 0 || i == 2 ||
				memcmp(w[0] + i * width, kept + i * width, width * sizeof(float)) ==
					0;
	}
	near(worst, 0, 2e-5, "rowwise: one second moment for a row of any width");
	ok(stay, "  rows that are not named stay");
	ok(same, "  the same bits from every instruction set");
}

static void check_one_row(void)
{
	const struct optim how = { OPTIM_ROWWISE, true, 0, INFINITY };
	const struct optim_clock clock = { 1, 1 };
	const struct optim_step s = optim_at(&clock, &how, 0.1, 0.01);
	float w[3] = { 1, -2, .5f }, v = 0;

	for (int i = 0; i < 3; i++) {
		rows[0](w, NULL, &v, &(uint32_t){ 0 }, 1, 3, gradient[i], &s);
		for (int k = 0; k < 3; k++)
			near((double)w[k], one_row[i][k], 2e-6,
				"rowwise: a row of three as NumPy steps it");
	}
}

/* Layers have no rows. */
static void check_all(void)
{
	const struct optim how = { OPTIM_ROWWISE, true, 0, INFINITY };
	const struct optim_clock clock = { 0.5, 0.25 };
	struct optim_steps s = optim_all(&clock, &how, 0.1, 0.01, 0.02);

	ok(s.embeddings.kind == OPTIM_ROWWISE && s.layers.kind == OPTIM_ADAM &&
			s.biases.kind == OPTIM_ADAM && s.numbers.kind == OPTIM_ADAM,
		"rowwise is for embeddings, Adam for the rest");
	ok(s.embeddings.rate == 0.1f && s.layers.rate == 0.2f && s.embeddings.l2 == 0.01f &&
			s.numbers.l2 == 0.01f && s.layers.l2 == 0.02f && s.biases.l2 == 0,
		"  each with its rate and L2");
}

/* A step of nothing that may be left out changes nothing; a gradient of NaN is not clipped away. */
static void check_edges(void)
{
	struct optim ada = { OPTIM_ADAGRAD, false, 0, INFINITY };
	struct optim clipped = { OPTIM_ADAM, false, 0, 1 };
	struct optim_clock clock = { 1, 1 };
	struct optim_step s = optim_at(&clock, &ada, 0.1, 0);
	float w[17] = { 0 }, m[17] = { 0 }, v[17] = { 0 }, g[17], keep[17];
	int nan = 1;

	for (int i = 0; i < 17; i++) {
		keep[i] = w[i] = 0.3f * (float)i - 2;
		g[i] = NAN;
	}
	ok(optim_idle(&s), "adagrad without L2 is idle where there is no gradient");
	run[levels() - 1](w, m, v, NULL, 17, &s);
	ok(memcmp(w, keep, sizeof w) == 0, "  and so it is");
	s = optim_at(&clock, &ada, 0.1, 0.1);
	ok(!optim_idle(&s), "with L2 it is not");
	optim_tick(&clock);
	s = optim_at(&clock, &clipped, 0.1, 0);
	run[levels() - 1](w, m, v, g, 17, &s);
	for (int i = 0; i < 17; i++)
		nan &= isnan(w[i]);
	ok(nan, "a gradient that is not a number stays one");
}

int main(void)
{
	char what[80];

	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct optim_clock clock = { 1, 1 };
		float w[3] = { 1, -2, .5f }, m[3] = { 0 }, v[3] = { 0 };

		for (int s = 0; s < 3; s++) {
			struct optim_step at;

			optim_tick(&clock);
			at = optim_at(&clock, &cases[c].how, 0.1, 0.01);
			run[0](w, m, v, gradient[s], 3, &at);
			snprintf(
				what, sizeof what, "%s: a step as PyTorch takes it", cases[c].name);
			for (int i = 0; i < 3; i++)
				near((double)w[i], cases[c].want[s][i], 2e-6, what);
		}
		ok(levels() < 2 || same_bits(&cases[c].how),
			"  the same bits from every instruction set");
	}
	for (int l = 0; l < levels(); l++)
		ok(rests(rest[l], run[l]), "Adam without gradient, many steps at once");
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		check_rows(1, &cases[c].how);
		if (cases[c].how.kind == OPTIM_ROWWISE)
			continue;
		check_rows(16, &cases[c].how);
		check_rows(7, &cases[c].how);
	}
	check_rowwise(&(struct optim){ OPTIM_ROWWISE, true, 0, INFINITY });
	check_rowwise(&(struct optim){ OPTIM_ROWWISE, true, 0, 0.5 });
	check_one_row();
	check_all();
	check_edges();
	check_measure();
	return done();
}
