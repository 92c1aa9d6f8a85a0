/* rs-distill -- train a student on a teacher's soft labels and the hard ones.
 *
 * Reads   soft.TEACHER f32 (N)          the teacher's logit (or rating) for every row
 *         label, part, weight           rows of part 0 train, part 1 judges
 *         user, item, row.*, user.*, item.*   features
 * Writes  model.NAME.*                  ahead of the rows
 * and passes everything else on unchanged.
 *
 * loss = alpha soft(T) + (1 - alpha) hard, as lib/loss.h defines them; or first one, then the
 * other: Hinton, Vinyals, Dean 2015, "Distilling the knowledge in a neural network". */
#include <string.h>

#include "die.h"
#include "train.h"

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct train_options o = {
		.as = "student", .arch = "mlp", .hidden = "32,16", TRAIN_DEFAULTS
	};
	const char *teacher = NULL, *schedule = "joint";
	double alpha = 0.9, temperature = 1;
	long soft_epochs = 10;
	const struct opt opts[] = { OPT_TEXT(0, "teacher", &teacher, "NAME",
					    "whose soft labels; default: the only ones"),
		OPT_REAL('a', "alpha", &alpha, 0, 1, "share of the soft loss (joint)"),
		OPT_REAL('T', "temperature", &temperature, 1e-2, 1e3, "softens both logits"),
		OPT_TEXT(0, "schedule", &schedule, "HOW",
			"joint, or sequential: soft epochs first, then hard ones"),
		OPT_INT(0, "soft-epochs", &soft_epochs, 1, 1000000,
			"most soft epochs (sequential)"),
		TRAIN_OPTIONS(&o), OPT_STREAM(&so), OPT_END };
	struct stream *in, *out;
	struct train t;
	bool joint;

	opt_parse(argc, argv, "train a student on soft and hard labels", NULL,
		"Example:\n"
		"  ... | rs-teach --as teacher | rs-softlabel --from teacher |\n"
		"    rs-distill --arch mlp --hidden 32,16 --temperature 2 | rs-score",
		opts);
	settings_list(&o);
	joint = strcmp(schedule, "joint") == 0;
	if (!joint && strcmp(schedule, "sequential") != 0)
		die_usage("--schedule: '%s' is not joint or sequential", schedule);
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	train_open(&t, &o, in, out, &teacher);
	if (joint) {
		train_run(&t, (float)alpha, (float)temperature, (size_t)o.epochs);
	} else {
		train_run(&t, 1, (float)temperature, (size_t)soft_epochs);
		train_run(&t, 0, 1, (size_t)o.epochs);
	}
	model_note(&t.spec, "teacher", "%s", teacher);
	model_note(&t.spec, "schedule", "%s", schedule);
	model_note(&t.spec, "alpha", "%.9g", alpha);
	model_note(&t.spec, "temperature", "%.9g", temperature);
	if (!joint)
		model_note(&t.spec, "soft-epochs", "%ld", soft_epochs);
	train_close(&t, out);
	stream_close(out);
	stream_free(in);
	return 0;
}
