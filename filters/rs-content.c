/* rs-content -- score by what items, or users, are: also those that no rating reached.
 *
 * Reads   item.cat.*, item.bag.*, item.num.*  the content; with --of user: user.*
 *         user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating; for --task ranking, above 0 is a positive
 *         part        u8 (N)    0 counts; without it all rows do
 *         model.FROM.*          factors, for --from
 * Writes  model.NAME.*          neighbours or profiles (as rs-knn), with --from factors (as rs-mf)
 *         model.NAME.map.*, .content.*  what ridge and the networks learned, for rs-fill
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <math.h>
#include <string.h>

#include "axpy.h"
#include "die.h"
#include "mapper.h"
#include "model_write.h"
#include "opt.h"
#include "ratings.h"
#include "stream_out.h"
#include "unrated.h"

static const struct method {
	const char *name;
	void (*alone)(struct unrated *), (*from)(struct unrated *); /* NULL: there is no such way */
} METHOD[] = {
	{ "knn", unrated_neighbours, unrated_factors },
	{ "profile", unrated_profile, NULL },
	{ "ridge", NULL, unrated_factors },
	{ "mlp", NULL, unrated_factors },
	{ "dropoutnet", NULL, unrated_factors },
};

/* What does the work. */
static void (*find_method(const struct unrated *call))(struct unrated *)
{
	for (size_t i = 0; i < sizeof METHOD / sizeof *METHOD; i++) {
		const struct method *m = METHOD + i;

		if (strcmp(m->name, call->method) != 0)
			continue;
		if (!(call->from ? m->from : m->alone))
			die_usage("--method %s %s --from", m->name,
				call->from ? "does without" : "needs the factors of a model:");
		return call->from ? m->from : m->alone;
	}
	die_usage("--method: '%s' is not knn, profile, ridge, mlp or dropoutnet", call->method);
}

static enum content_weight weight_of(const char *name)
{
	static const char *const WEIGHT[] = { "none", "tfidf", "bm25" };

	for (size_t i = 0; i < sizeof WEIGHT / sizeof *WEIGHT; i++)
		if (strcmp(name, WEIGHT[i]) == 0)
			return (enum content_weight)i;
	die_usage("--weight: '%s' is not none, tfidf or bm25", name);
}

static const struct unrated DEFAULTS = { .name = "content",
	.method = "knn",
	.of = "item",
	.neighbours = 50,
	.hidden = 128,
	.epochs = 30,
	.batch = 128,
	.seed = 1,
	.shrink = 10,
	.reg = 5,
	.popularity = 1e-6,
	.l2 = NAN,
	.rate = 1e-3,
	.drop = 0.5 };

/* Options that the method, or the task, does not have. */
static void check_only(const struct unrated *c, const char *task)
{
	const struct unrated *usual = &DEFAULTS;
	const struct opt_only method[] = {
		{ "neighbours", c->neighbours != usual->neighbours, "knn" },
		{ "shrink", c->shrink != usual->shrink, "profile" },
		{ "l2", !isnan(c->l2), "ridge mlp dropoutnet" },
		{ "hidden", c->hidden != usual->hidden, "mlp dropoutnet" },
		{ "epochs", c->epochs != usual->epochs, "mlp dropoutnet" },
		{ "batch", c->batch != usual->batch, "mlp dropoutnet" },
		{ "rate", c->rate != usual->rate, "mlp dropoutnet" },
		{ "drop", c->drop != usual->drop, "dropoutnet" },
	}, of_task[] = {
		{ "shrink", c->shrink != usual->shrink, "rating" },
		{ "reg", c->reg != usual->reg, "rating" },
		{ "popularity", c->popularity != usual->popularity, "ranking" },
	};

	opt_check_only("method", c->method, method, sizeof method / sizeof *method);
	opt_check_only("task", task, of_task, sizeof of_task / sizeof *of_task);
	if (c->from && (c->reg != usual->reg || c->popularity != usual->popularity))
		die_usage("--%s: has no effect with --from", c->reg != usual->reg ? "reg" : "popularity");
}

static void check(struct unrated *call, const char *task, const struct stream_options *options)
{
	if (model_name_fault(call->name))
		die_usage("--as: '%s': %s", call->name, model_name_fault(call->name));
	if (call->hidden % AXPY_LANES)
		die_usage("--hidden: %ld is not a multiple of %d", call->hidden, AXPY_LANES);
	call->of_users = opt_second("--of", call->of, "item", "user");
	call->ranking = opt_second("--task", task, "rating", "ranking");
	check_only(call, task);
	call->memory = options->memory;
}

static void read_rows(struct unrated *call, struct stream *in, struct stream *out, bool replace)
{
	static const char *const also[] = { "item.*", "user.*", "vocab.*.at", "vocab.item.*.text",
		"vocab.user.*.text", NULL };

	call->rows = ratings_read(&call->set, in, out,
		&(struct ratings_wish){
			.name = call->name, .replace = replace, .init = call->from, .also = also });
}

static void note(struct unrated *call, const char *weight)
{
	model_note(&call->spec, "method", "%s", call->method);
	model_note(&call->spec, "of", "%s", call->of);
	model_note(&call->spec, "weight", "%s", weight);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	const char *task = "rating", *features = NULL, *weight = "tfidf";
	struct unrated call = DEFAULTS;
	bool replace = false;
	const struct opt opts[] = { OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &replace, "replace a model of that name"),
		OPT_TEXT('m', "method", &call.method, "METHOD",
			"knn or profile; from a model's factors: knn, ridge, mlp or dropoutnet"),
		OPT_TEXT(0, "from", &call.from, "NAME", "the model whose factors are learned"),
		OPT_TEXT(0, "of", &call.of, "WHOM", "whose content: item or user"),
		OPT_TEXT(0, "task", &task, "TASK",
			"rating: mean rating; ranking: sum over positives"),
		OPT_TEXT(0, "features", &features, "LIST", "the content; default: all there is"),
		OPT_TEXT(0, "weight", &weight, "HOW", "of words: none, tfidf or bm25"),
		OPT_INT('k', "neighbours", &call.neighbours, 1, 1 << 20, "knn: how many at most"),
		OPT_REAL(0, "shrink", &call.shrink, 0, 1e9, "profile, rating: towards base"),
		OPT_REAL(0, "reg", &call.reg, 1e-9, 1e9, "rating: penalty on biases"),
		OPT_REAL(0, "popularity", &call.popularity, 0, 1e9,
			"ranking: the most popular item's score where content says nothing"),
		OPT_REAL(0, "l2", &call.l2, 1e-9, 1e9, "penalty; 1 of ridge, 0 of networks"),
		OPT_INT(0, "hidden", &call.hidden, AXPY_LANES, MAPPER_WIDTH,
			"mlp, dropoutnet: hidden units, a multiple of 16"),
		OPT_INT('e', "epochs", &call.epochs, 1, 1000000, "mlp, dropoutnet: passes"),
		OPT_INT('b', "batch", &call.batch, 1, 1 << 20, "mlp, dropoutnet: rows a step"),
		OPT_REAL('l', "rate", &call.rate, 1e-9, 10, "mlp, dropoutnet: Adam's rate"),
		OPT_REAL(0, "drop", &call.drop, 0, 1, "dropoutnet: rows without their factors"),
		OPT_SEED(&call.seed), OPT_STREAM(&so), OPT_END };
	void (*work)(struct unrated *);
	struct stream *in, *out;

	opt_parse(argc, argv, "score by content, also what nobody rated", NULL,
		"Examples:\n"
		"  ... | rs-content --as alike | rs-score\n"
		"  ... | rs-mf --algo ials | rs-content --as all --method ridge --from mf\n",
		opts);
	check(&call, task, &so);
	weight_of(weight);
	work = find_method(&call);
	in = stream_in(&so);
	out = stream_out(in, &so, opt_provenance());
	read_rows(&call, in, out, replace);
	unrated_open(&call, features, weight_of(weight));
	note(&call, weight);
	work(&call);
	for (size_t i = 0; i < call.model.n; i++)
		stream_write(out, call.model.at[i]);
	unrated_free(&call);
	stream_close(out);
	stream_free(in);
	return 0;
}
