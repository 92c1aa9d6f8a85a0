/* rs-teach -- train a network: LR, FM, MLP, Wide&Deep, DeepFM, DCN or two towers.
 *
 * Reads   label, part, weight           what is predicted; rows of part 0 train, part 1 judges
 *         user, item, row.*, user.*, item.*   features
 * Writes  model.NAME.*                  ahead of the rows
 * and passes everything else on unchanged. */
#include "course.h"
#include "stream_out.h"

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct train_options o = {
		.as = "teacher", .arch = "deepfm", .hidden = "128,64", TRAIN_DEFAULTS
	};
	const struct opt opts[] = { TRAIN_OPTIONS(&o,
					    "logistic, squared, auto (logistic when labels "
					    "are 0 and 1); bpr or softmax: to rank positives "
					    "above sampled negatives"),
		OPT_STREAM(&so), OPT_END };
	const struct train_mix hard = { .temperature = 1 };
	struct stream *in, *out;
	struct train t;

	opt_parse(argc, argv, "train a network on the rows of a stream", NULL,
		"Example:\n"
		"  rs-import ratings.csv | rs-prep --positive '>=4' | rs-split |\n"
		"    rs-teach --arch deepfm --hidden 128,64 | rs-score",
		opts);
	settings_list(&o);
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	train_open(&t, &o, in, out, &(struct train_lesson){ .mix = &hard });
	do
		course_run(&t, &hard, (size_t)o.epochs);
	while (train_next(&t, out));
	train_close(&t);
	stream_close(out);
	stream_free(in);
	return 0;
}
