#include "pupil.h"

#include <stdio.h>
#include <string.h>

#include "die.h"
#include "model_write.h"
#include "ratings.h"
#include "stream_out.h"

void pupil_check(struct pupil *p)
{
	if (model_name_fault(p->name))
		die_usage("--as: '%s': %s", p->name, model_name_fault(p->name));
	if (p->drill.dim > MF_DIM)
		die_usage("--dim: %ld is not in 1..%d", p->drill.dim, MF_DIM);
	if (strcmp(p->optimizer, "auto") != 0 && strcmp(p->optimizer, "adam") != 0 &&
		strcmp(p->optimizer, "lazy") != 0)
		die_usage("--optimizer: '%s' is not adam or lazy", p->optimizer);
	p->drill.lazy = strcmp(p->optimizer, "lazy") == 0;
	drill_check(&p->drill);
}

static bool scheduled(const struct pupil *p, const char *schedule)
{
	return strcmp(p->schedule, schedule) == 0;
}

/* Weights of the epoch: all the same; the teacher's first, then bpr; or the teacher's falling. */
static bool prepare(void *arg, long epoch)
{
	struct pupil *p = arg;
	double share = 1, base = 1;

	if (scheduled(p, "sequential")) {
		share = epoch < p->soft_epochs;
		base = 1 - share;
	}
	if (scheduled(p, "anneal"))
		share = p->drill.epochs > 1 ? 1 - (double)epoch / (double)(p->drill.epochs - 1) : 1;
	curriculum_weigh(p->curriculum, base, share);
	return scheduled(p, "sequential") && epoch == p->soft_epochs;
}

static void scores(const void *student, bool reverse, float *score, const uint32_t *row, size_t n)
{
	factors_scores(student, reverse, score, row, n);
}

static struct objective join(struct pupil *p)
{
	struct curriculum *c = p->curriculum;
	struct bpr_training how = drill_bpr(&p->drill);

	p->liked = drill_liked(&p->drill, &p->rows);
	if (!p->liked.n)
		die("stdin: no training row has a label above 0: nothing to train on");
	c->rows = &p->rows;
	c->regard.student = p->factors;
	c->regard.scores = scores;
	c->dim = (size_t)p->drill.dim;
	c->rate = p->drill.rate;
	c->l2 = p->drill.l2;
	c->seed = (uint64_t)p->drill.seed;
	return curriculum_open(c, bpr_objective(&p->liked, &how));
}

static void note(struct pupil *p)
{
	struct text *spec = &p->spec;

	curriculum_note(p->curriculum, spec);
	model_note(spec, "schedule", "%s", p->schedule);
	if (scheduled(p, "sequential"))
		model_note(spec, "soft-epochs", "%ld", p->soft_epochs);
	drill_note(&p->drill, spec);
}

void pupil_run(struct pupil *p, struct stream *in, struct stream *out)
{
	static const char *const taught[] = { "top.*", "rev.*", "hint.*.user", "hint.*.item",
		NULL };
	struct factors_training how = drill_training(&p->drill);
	struct objective objective;
	char why[40];
	struct drill_at at = { 0 };

	p->rows = ratings_read(&p->set, in, out,
		&(struct ratings_wish){ p->name, p->replace, false, NULL, taught });
	curriculum_find(p->curriculum, &p->set);
	snprintf(why, sizeof why, "--dim %ld", p->drill.dim);
	ratings_fit(&p->rows, drill_memory(&p->drill, &p->rows), p->memory, why);
	p->factors = factors_new(p->rows.users, p->rows.items, &how);
	objective = join(p);
	drill_open(&p->drill, &p->rows, &p->liked);
	ratings_taken(&p->set);
	if (scheduled(p, "sequential"))
		p->drill.epochs += p->soft_epochs;
	note(p);
	drill_run(&p->drill, &at, p->factors, &objective, p->curriculum->own, p->curriculum->owns,
		prepare, p, &p->spec);
	factors_free(p->factors);
	objective.end(objective.self);
	liked_free(&p->liked);
	curriculum_close(p->curriculum);
	model_from_mf(&p->model, p->name, &p->spec, at.model);
	for (size_t i = 0; i < p->model.n; i++)
		stream_write(out, p->model.at[i]);
	tensors_free(&p->model);
	tensors_free(&p->set);
}
