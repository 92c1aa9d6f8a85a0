/* rs-distill -- train a student on a teacher's soft labels and the hard ones.
 *
 * Reads   soft.TEACHER f32 (N)          the teacher's logit (or rating) for every row
 *         var.TEACHER  f32 (N)          for --uncertainty: how far several teachers differ
 *         label, part, weight           rows of part 0 train, part 1 judges
 *         user, item, row.*, user.*, item.*   features
 *         for --arch mf top.TEACHER.*, rev.TEACHER.*, hint.TEACHER.user and .item instead
 * Writes  model.NAME.*                  ahead of the rows
 * and passes everything else on unchanged.
 *
 * loss = alpha soft + (1 - alpha) hard, as lib/loss.h and lib/teachers.h define them; together, one
 * after the other, or from soft to hard: Clark et al. 2019, "BAM! Born-again multi-task networks",
 * section 3.3, "teacher annealing". */
#include <math.h>
#include <string.h>

#include "die.h"
#include "model_write.h"
#include "pupil.h"
#include "train.h"

struct distill {
	struct train_options train;
	struct pupil pupil; /* with --arch mf */
	struct teachers teachers;
	const char *schedule, *soft_loss;
	double alpha, temperature;
	long soft_epochs;
	struct train_mix mix; /* of the first run */
};

static void check_options(struct distill *d)
{
	bool joint = strcmp(d->schedule, "joint") == 0;

	if (!joint && strcmp(d->schedule, "sequential") != 0 && strcmp(d->schedule, "anneal") != 0)
		die_usage("--schedule: '%s' is not joint, sequential or anneal", d->schedule);
	if (strcmp(d->soft_loss, "cross-entropy") != 0 && strcmp(d->soft_loss, "logit-mse") != 0)
		die_usage("--soft-loss: '%s' is not cross-entropy or logit-mse", d->soft_loss);
	d->mix = (struct train_mix){ d->alpha, joint ? d->alpha : 0, d->temperature,
		strcmp(d->soft_loss, "logit-mse") == 0 };
	if (strcmp(d->schedule, "sequential") == 0)
		d->mix.alpha = d->mix.last = 1;
	if (settings_pairs(&d->train))
		die_usage("--loss: %s has no soft labels; rs-teach has it", d->train.loss);
	if (!joint && (d->train.resume || d->train.resumable))
		die_usage("--resume: needs the joint schedule");
	teachers_check(&d->teachers);
}

static void run(struct distill *d, struct train *t)
{
	const struct train_mix hard = { .temperature = 1 };
	const struct teachers *teachers = &d->teachers;
	struct text *spec = &t->spec;

	if (strcmp(d->schedule, "sequential") == 0)
		train_run(t, &d->mix, (size_t)d->soft_epochs);
	train_run(t, strcmp(d->schedule, "sequential") == 0 ? &hard : &d->mix,
		(size_t)d->train.epochs);
	text_add(spec, "teacher=");
	for (size_t m = 0; m < teachers->n; m++)
		text_add(spec, "%s%s", m ? "," : "", teachers->name[m]);
	text_add(spec, "\n");
	if (teachers->weights)
		model_note(spec, "teacher-weights", "%s", teachers->weights);
	model_note(spec, "schedule", "%s", d->schedule);
	model_note(spec, "alpha", "%.9g", d->alpha);
	model_note(spec, "temperature", "%.9g", d->temperature);
	if (d->mix.mse)
		model_note(spec, "soft-loss", "%s", d->soft_loss);
	if (teachers->uncertainty)
		model_note(spec, "uncertainty", "variance");
	if (strcmp(d->schedule, "sequential") == 0)
		model_note(spec, "soft-epochs", "%ld", d->soft_epochs);
}

static void network(struct distill *d, struct stream *in, struct stream *out)
{
	struct train t;

	train_open(&t, &d->train, in, out, &d->teachers, &d->mix);
	do
		run(d, &t);
	while (train_next(&t, out));
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
	p->teacher = d->teachers.list;
	p->loss = strcmp(t->loss, "auto") == 0 ? "" : t->loss;
	p->optimizer = t->optimizer;
	p->schedule = d->schedule;
	p->soft_epochs = d->soft_epochs;
	p->temperature = d->temperature;
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

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct distill d = { .train = { .as = "student",
				     .arch = "mlp",
				     .hidden = "32,16",
				     TRAIN_DEFAULTS },
		.pupil = { PUPIL_DEFAULTS },
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
		PUPIL_OPTIONS(&d.pupil),
		OPT_TEXT(0, "drop-features", &d.train.drop, "LIST",
			"features of the teacher that the student may not have"),
		TRAIN_OPTIONS(&d.train), OPT_STREAM(&so), OPT_END };
	struct stream *in, *out;
	bool mf;

	d.train.l2 = NAN; /* whose default depends on the kind of student */
	opt_parse(argc, argv, "train a student on soft and hard labels", NULL,
		"Example:\n"
		"  ... | rs-teach --as teacher | rs-softlabel --from teacher |\n"
		"    rs-distill --arch mlp --hidden 32,16 --temperature 2 | rs-score",
		opts);
	settings_list(&d.train);
	check_options(&d);
	mf = strcmp(d.train.arch, "mf") == 0;
	if (mf)
		pupil_check(factors(&d));
	else if (isnan(d.train.l2))
		d.train.l2 = 1e-5;
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	if (mf)
		pupil_run(&d.pupil, in, out);
	else
		network(&d, in, out);
	stream_close(out);
	stream_free(in);
	return 0;
}
