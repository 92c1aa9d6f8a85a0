/* rs-distill -- train a student on a teacher's soft labels and the hard ones.
 *
 * Reads   soft.TEACHER f32 (N)          the teacher's logit (or rating) for every row
 *         var.TEACHER  f32 (N)          for --uncertainty: how far several teachers differ
 *         label, part, weight           rows of part 0 train, part 1 judges
 *         user, item, row.*, user.*, item.*   features
 *         for taught losses top.TEACHER.*, rev.TEACHER.*, hint.TEACHER, .user and .item
 * Writes  model.NAME.*                  ahead of the rows
 * and passes everything else on unchanged.
 *
 * loss = alpha soft + (1 - alpha) hard, as lib/loss.h and lib/teachers.h define them, or one over
 * pairs, + sum of lambda loss, as lib/curriculum.h has them; together, one after the other, or from
 * soft to hard: Clark et al. 2019, "BAM! Born-again multi-task networks",
 * section 3.3, "teacher annealing". */
#include <math.h>
#include <string.h>

#include "course.h"
#include "die.h"
#include "model_write.h"
#include "pupil.h"
#include "stream_out.h"

struct distill {
	struct train_options train;
	struct curriculum curriculum;
	struct pupil pupil; /* with --arch mf */
	struct teachers teachers;
	const char *schedule, *soft_loss;
	double alpha, temperature;
	long soft_epochs;
	bool factors, taught; /* --arch mf; a loss of the curriculum is asked for */
	struct train_lesson lesson;
	struct train_mix mix; /* of the first run */
};

static bool scheduled(const struct distill *d, const char *schedule)
{
	return strcmp(d->schedule, schedule) == 0;
}

/* The curriculum, and what the student learns beside it. */
static void check_losses(struct distill *d)
{
	struct train_options *t = &d->train;
	struct curriculum *c = &d->curriculum;

	d->factors = strcmp(t->arch, "mf") == 0;
	d->taught = d->factors || curriculum_asked(t->loss);
	if (d->factors)
		settings_factors(t);
	drill_only(&d->pupil.drill, t->arch);
	if (!d->taught && settings_pairs(t))
		die_usage("--loss: %s has no soft labels; rs-teach has it", t->loss);
	if (d->taught && (t->resume || t->resumable))
		die_usage("--resume: what is trained beside the student with --loss %s is not kept",
			t->loss);
	if (d->taught) {
		c->loss = d->factors && strcmp(t->loss, "auto") == 0 ? "" : t->loss;
		c->teacher = d->teachers.list;
		c->temperature = d->temperature;
		curriculum_check(c, t->arch);
		t->loss = c->base;
		d->lesson.curriculum = c;
	} else {
		curriculum_none(c, t->loss);
	}
	if (c->pairs && (d->teachers.uncertainty || d->teachers.weights))
		die_usage("--%s: of soft labels, which do not go with --loss %s",
			d->teachers.weights ? "teacher-weights" : "uncertainty", c->loss);
	if (!c->pairs && !(d->taught && !(d->alpha > 0)))
		d->lesson.teachers = &d->teachers;
	teachers_check(&d->teachers);
}

static void note(const void *self, struct text *spec)
{
	const struct distill *d = self;
	const struct teachers *teachers = d->lesson.teachers;

	if (d->taught)
		curriculum_note(&d->curriculum, spec);
	for (size_t m = 0; !d->taught && m < teachers->n; m++)
		text_add(spec, "%s%s%s", m ? "," : "teacher=", teachers->name[m],
			m + 1 == teachers->n ? "\n" : "");
	if (teachers && teachers->weights)
		model_note(spec, "teacher-weights", "%s", teachers->weights);
	model_note(spec, "schedule", "%s", d->schedule);
	if (teachers)
		model_note(spec, "alpha", "%.9g", d->alpha);
	model_note(spec, "temperature", "%.9g", d->temperature);
	if (d->mix.mse)
		model_note(spec, "soft-loss", "%s", d->soft_loss);
	if (teachers && teachers->uncertainty)
		model_note(spec, "uncertainty", "variance");
	if (scheduled(d, "sequential"))
		model_note(spec, "soft-epochs", "%ld", d->soft_epochs);
}

static void check_options(struct distill *d)
{
	bool joint = scheduled(d, "joint"), sequential = scheduled(d, "sequential");

	if (!joint && !sequential && !scheduled(d, "anneal"))
		die_usage("--schedule: '%s' is not joint, sequential or anneal", d->schedule);
	if (strcmp(d->soft_loss, "cross-entropy") != 0 && strcmp(d->soft_loss, "logit-mse") != 0)
		die_usage("--soft-loss: '%s' is not cross-entropy or logit-mse", d->soft_loss);
	if (!joint && (d->train.resume || d->train.resumable))
		die_usage("--resume: needs the joint schedule");
	check_losses(d);
	if (!d->lesson.teachers)
		d->alpha = 0;
	d->mix = (struct train_mix){ .alpha = d->alpha,
		.last = joint ? d->alpha : 0,
		.temperature = d->temperature,
		.mse = strcmp(d->soft_loss, "logit-mse") == 0,
		.base = !sequential,
		.taught = 1,
		.taught_last = !scheduled(d, "anneal") };
	if (sequential)
		d->mix.alpha = d->mix.last = d->lesson.teachers != NULL;
	d->train.before = sequential ? d->soft_epochs : 0;
	d->lesson.mix = &d->mix;
	d->lesson.note = note;
	d->lesson.self = d;
}

static void network(struct distill *d, struct stream *in, struct stream *out)
{
	const struct train_mix hard = { .temperature = 1, .base = 1 };
	struct train t;

	train_open(&t, &d->train, in, out, &d->lesson);
	do {
		if (scheduled(d, "sequential"))
			course_run(&t, &d->mix, (size_t)d->soft_epochs);
		course_run(&t, scheduled(d, "sequential") ? &hard : &d->mix,
			(size_t)d->train.epochs);
	} while (train_next(&t, out));
	train_close(&t);
	teachers_free(&d->teachers);
}

/* --arch mf: what the options say that both kinds of student have. */
static struct pupil *factors(struct distill *d)
{
	const struct train_options *t = &d->train;
	struct pupil *p = &d->pupil;

	p->name = t->as;
	p->replace = t->replace;
	p->optimizer = t->optimizer;
	p->schedule = d->schedule;
	p->soft_epochs = d->soft_epochs;
	p->curriculum = &d->curriculum;
	p->drill.dim = t->dim;
	p->drill.epochs = t->epochs;
	p->drill.batch = t->batch;
	p->drill.patience = t->patience;
	p->drill.seed = t->seed;
	p->drill.rate = t->rate;
	p->drill.l2 = isnan(t->l2) ? 1e-3 : t->l2;
	p->drill.trace = t->trace;
	p->drill.negatives = (long)settings_negatives(t);
	p->drill.sampling = t->sampling;
	return p;
}

static const char HELP[] =
	"Losses of --loss, of which those below the line need what a teacher left:\n"
	"  auto       logistic when labels are 0 and 1, else squared\n"
	"  logistic   cross entropy of the label\n"
	"  squared    squared error of the label\n"
	"  bpr        pairs: a positive above a drawn negative\n"
	"  softmax    pairs: a positive among several negatives\n"
	"  ---\n"
	"  rrd        items of the list in its order, above others\n"
	"  irrrd      rrd, and the same for users of each item\n"
	"  rd         the list's first as positives, those ranked too low most\n"
	"  cd         the teacher's scores of listed items as soft labels\n"
	"  unkd       pairs of the list among items of one popularity\n"
	"  dcd        items ranked too low above those ranked too high\n"
	"  hint       representations, by a regressor that is trained along\n"
	"  de         representations, by experts that are chosen\n"
	"  ftd        cosines between representations\n"
	"  htd        the same in groups, and experts\n\n"
	"Example:\n"
	"  ... | rs-teach --as teacher | rs-softlabel --from teacher |\n"
	"    rs-distill --arch mlp --hidden 32,16 --temperature 2 | rs-score";

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct distill d = { .train = { .as = "student",
				     .arch = "mlp",
				     .hidden = "32,16",
				     TRAIN_DEFAULTS },
		.curriculum = { CURRICULUM_DEFAULTS },
		.pupil = { .drill = { DRILL_DEFAULTS } },
		.schedule = "joint",
		.soft_loss = "cross-entropy",
		.alpha = 0.9,
		.temperature = 1,
		.soft_epochs = 10
	};
	const struct opt opts[] = { OPT_TEXT(0, "teacher", &d.teachers.list, "NAME,...",
					    "whose soft labels; default: the only ones"),
		OPT_TEXT(0, "teacher-weights", &d.teachers.weights, "LIST",
			"of several teachers; default: equal"),
		OPT_REAL('a', "alpha", &d.alpha, 0, 1, "share of the soft loss (joint, anneal)"),
		OPT_REAL('T', "temperature", &d.temperature, 1e-2, 1e3, "softens both logits"),
		OPT_TEXT(0, "soft-loss", &d.soft_loss, "LOSS",
			"cross-entropy, or logit-mse: squared error of logits"),
		OPT_FLAG(0, "uncertainty", &d.teachers.uncertainty,
			"trust a soft label less where var.TEACHER is high"),
		OPT_TEXT(0, "schedule", &d.schedule, "HOW",
			"joint; sequential: soft epochs, then hard ones; anneal: from soft to "
			"hard"),
		OPT_INT(0, "soft-epochs", &d.soft_epochs, 1, 1000000,
			"most soft epochs (sequential)"),
		CURRICULUM_OPTIONS(&d.curriculum),
		DRILL_OPTIONS(&d.pupil.drill),
		OPT_TEXT(0, "drop-features", &d.train.drop, "LIST",
			"features of the teacher that the student may not have"),
		TRAIN_OPTIONS(&d.train,
			"what is learned beside soft labels, or instead; several with commas: "
			"below"),
		OPT_STREAM(&so), OPT_END };
	struct stream *in, *out;

	d.train.l2 = NAN; /* whose default depends on the kind of student */
	opt_parse(argc, argv, "train a student on soft and hard labels", NULL, HELP, opts);
	settings_list(&d.train);
	check_options(&d);
	if (d.factors)
		pupil_check(factors(&d));
	else if (isnan(d.train.l2))
		d.train.l2 = 1e-5;
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	if (d.factors)
		pupil_run(&d.pupil, in, out);
	else
		network(&d, in, out);
	stream_close(out);
	stream_free(in);
	return 0;
}
