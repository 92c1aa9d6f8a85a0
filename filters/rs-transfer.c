/* rs-transfer -- bring what was learned in one domain to another.
 *
 * Reads   FILE of --source  vocab.*, and model.NAME.* (warm, emcdr) or user, item, label, weight,
 *                           part (join)
 *         vocab.*           names, which say what is the same in both domains
 *         features          which there are, of which type and size (warm); all that the models
 * need (guard) user, item, label, weight, part   emcdr, guard, join, as far as they are there
 *         model.BASE.*      of the target alone (emcdr, guard), model.NAME.* (guard)
 * Writes  model.AS.*        ahead of the rows, and passes every other tensor on unchanged;
 *         join: the rows, vocab.user and vocab.item of both domains, without features */
#include "opt.h"
#include "stream_out.h"
#include "stream_rows.h"
#include "transfer.h"

static void parse(struct transfer *t, struct stream_options *options, int argc, char **argv)
{
	const struct opt opts[] = {
		OPT_TEXT(0, "method", &t->method, "METHOD", "warm, join, emcdr or guard"),
		OPT_FILE(0, "source", &t->source, "the other domain, a stream"),
		OPT_TEXT(0, "model", &t->model, "NAME",
			"the source's model; guard: the stream's that took from the source"),
		OPT_TEXT(0, "base", &t->base, "NAME", "emcdr, guard: the target's own model"),
		OPT_TEXT(0, "as", &t->as, "NAME", "name of the new model; default: the method's"),
		OPT_FLAG(0, "replace", &t->replace, "replace a model of that name"),
		OPT_TEXT(0, "share", &t->share, "LIST",
			"what is the same if it has the same name: user, item, features; or none"),
		OPT_TEXT(0, "fresh", &t->fresh, "HOW",
			"warm: ids that the source lacks start random, unknown or mean"),
		OPT_REAL(0, "weight", &t->weight, 1e-6, 1e6, "join: weight of the source's rows"),
		OPT_TEXT(0, "map", &t->map, "MAP", "emcdr: linear or mlp"),
		OPT_REAL(0, "l2", &t->l2, 0, 1e9, "emcdr: penalty on the map"),
		OPT_INT(0, "least", &t->least, 1, 1e9, "emcdr: rows that a user needs to teach"),
		OPT_INT('e', "epochs", &t->epochs, 1, 1e6, "emcdr: passes of the mlp"),
		OPT_REAL('l', "rate", &t->rate, 1e-9, 10, "emcdr: the mlp's learning rate at first"),
		OPT_TEXT(0, "metric", &t->metric, "METRIC", "guard: ndcg, rmse or logloss"),
		OPT_INT(0, "cutoff", &t->cutoff, 1, 100000, "guard: length of the lists of ndcg"),
		OPT_TEXT(0, "groups", &t->groups, "LIST",
			"guard: users by rows of part 0, from each number on"),
		OPT_SEED(&t->seed),
		OPT_STREAM(options),
		OPT_END,
	};

	opt_parse(argc, argv, "bring what was learned in one domain to another", NULL,
		"Example:\n"
		"  rs-transfer --source books.rts --method warm --as start <films.rts |\n"
		"    rs-teach --init start --as tuned | rs-score",
		opts);
	transfer_check(t);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct transfer t = { TRANSFER_DEFAULTS };
	struct stream *in, *out, *source;

	parse(&t, &options, argc, argv);
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	if (t.source) {
		source = stream_file(t.source, &options);
		stream_load(source, NULL, transfer_want_source, &t, &t.from);
		stream_beside(out, source);
		stream_free(source);
	}
	stream_load(in, out, transfer_want, &t, &t.set);
	transfer_run(&t);
	stream_write_set(out, &t.made, 0);
	tensors_free(&t.made);
	tensors_free(&t.set);
	tensors_free(&t.from);
	stream_close(out);
	stream_free(in);
	return 0;
}
