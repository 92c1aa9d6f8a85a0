/* Chunks by hand, forward and back: outputs are those of scoring, slopes those of the loss, in any
 * chunks; the next batch's ids are looked up beside them. */
#include "chunk.h"

#include <omp.h>
#include <stdlib.h>

#include "infer.h"
#include "initial.h"
#include "mem.h"
#include "tap.h"

enum { ROWS = 50, BATCH = 37, UNITS = 7, DIM = 4 };

static uint32_t row[ROWS], user[ROWS];
static float number[3 * ROWS], label[ROWS];
static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = 9, .key = user, .entries = 9 },
	{ .kind = NET_NUM, .values = 3, .entries = ROWS, .num = number },
};

/* All operations on the chunks of the first batch, from the first chunk or from the last one. */
static void run(const struct trainer *t, struct worker *w, bool back)
{
	size_t chunks = chunk_count(t, BATCH);

	worker_step(w, t, 0);
	for (size_t p = 0; p < t->program.phases; p++)
		for (size_t c = 0; c < chunks && t->program.phase[p].kind == PHASE_CHUNKS; c++)
			chunk_run(t, w, t->program.phase + p, back ? chunks - 1 - c : c,
				c + 1 == chunks ? chunks
				: back		? chunks - 2 - c
						: c + 1);
}

static void check_outputs(struct net *net, const struct trainer *t)
{
	const struct workspace *work = t->work;
	float score[ROWS], value[BATCH], slope[BATCH];
	double far = 0;

	infer_scores(net, field, NULL, ROWS, score);
	for (size_t r = 0; r < BATCH; r++)
		far = fmax(far, fabs((double)work->forward.z[r] - (double)score[t->order[r]]));
	near(far, 0, 1e-6, "a row's output is its score");
	fit_loss(value, slope, work->forward.z, t->how, t->order, BATCH, BATCH);
	ok(memcmp(value, work->value, sizeof value) == 0 &&
			memcmp(slope, work->slope, sizeof slope) == 0,
		"its loss and slope are in their places");
}

/* d[r][j] = slope[r] w[j] of the output where unit j is above 0. */
static void check_deltas(struct net *net, const struct trainer *t)
{
	const struct workspace *work = t->work;
	size_t width = net->layer[0].width;
	double far = 0, most = 0;

	for (size_t r = 0; r < BATCH; r++)
		for (size_t j = 0; j < UNITS; j++) {
			double want = work->forward.h[0][r * width + j] > 0
					      ? (double)work->slope[r] * (double)net->output.w[j]
					      : 0;

			far = fmax(
				far, fabs((double)work->backward.delta[0][r * width + j] - want));
			most = fmax(most, fabs(want));
		}
	near(far, 0, 1e-7, "its delta is that of a unit above 0");
	ok(most > 1e-3, "  of which there are some");
}

static void check_next(const struct trainer *t)
{
	const struct ids *next = listed_at(&t->listed, 1);
	int all = 1;

	for (size_t r = 0; r < ROWS - BATCH; r++)
		all &= next->of[r] == user[t->order[BATCH + r]];
	ok(all, "the next batch's ids are looked up");
}

static void check(struct net *net, const struct fit *how, const char *what)
{
	struct trainer t[2];
	int alike = 1;

	for (int i = 0; i < 2; i++) {
		struct worker w;

		trainer_open(t + i, net, how, field, row, ROWS, 0);
		t[i].chunk = i ? 12 : 20;
		w = worker_new(t + i, 0);
		run(t + i, &w, i);
		worker_free(&w);
	}
	ok(chunk_count(t, BATCH) == 2 && chunk_count(t + 1, BATCH) == 4,
		"37 rows are 2 chunks of 20 or 4 of 12");
	if (!(how->dropout > 0)) {
		check_outputs(net, t);
		check_deltas(net, t);
		check_next(t);
		check_next(t + 1);
	}
	for (size_t r = 0; r < BATCH; r++)
		alike &= t[0].work->forward.z[r] == t[1].work->forward.z[r] &&
			 memcmp(t[0].work->backward.dx + r * net->lddx,
				 t[1].work->backward.dx + r * net->lddx, DIM * sizeof(float)) == 0;
	ok(alike, what);
	trainer_close(t);
	trainer_close(t + 1);
}

int main(void)
{
	struct net_shape shape = { .arch = NET_MLP,
		.logistic = true,
		.dim = DIM,
		.layers = 1,
		.hidden = { UNITS },
		.unknown = true,
		.fields = 2,
		.field = field };
	struct fit how = {
		.seed = 1, .batch = BATCH, .loss = { true, 0, 1, false }, .label = label
	};
	struct net *net = net_new(&shape);

	for (uint32_t r = 0; r < ROWS; r++) {
		row[r] = r;
		user[r] = r * 7 % 9;
		label[r] = (float)(r % 3 == 0);
		for (uint32_t j = 0; j < 3; j++)
			number[3 * r + j] = sinf((float)(3 * r + j));
	}
	omp_set_num_threads(1);
	initial_weights(net, 1, field, row, ROWS, 0.3);
	check(net, &how, "the same in other chunks, in another order");
	how.dropout = 0.4;
	how.unknown = 0.4;
	check(net, &how, "what is dropped and hidden is so by its place, in any chunk");
	net_free(net);
	return done();
}
