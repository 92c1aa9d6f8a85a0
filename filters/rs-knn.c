/* rs-knn -- score by what like users, or those who like like items, gave.
 *
 * Reads   user, item  u32 (N)   who rates what
 *         label       f32 (N)   the rating; for --task ranking, above 0 is a positive
 *         part        u8 (N)    0 counts; without it all rows do
 *         weight      f32 (N)   optional, for the biases only
 * Writes  model.NAME.spec, .bias, .user.bias, .item.bias, and the lists .near.at, .near.id,
 *         .near.value of neighbours and .seen.at, .seen.id, .seen.value of what users gave
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <math.h>
#include <string.h>

#include "die.h"
#include "knn.h"
#include "model_write.h"
#include "opt.h"
#include "ratings.h"
#include "stream_out.h"

struct call {
	const char *name, *by, *task, *similarity;
	bool replace;
	long neighbours, use;
	struct knn_how how;
};

static const double REG = 5, POPULARITY = 1e-6; /* unless others are asked for */
static const char *const MEASURE[] = { "cosine", "pearson", "adjusted", "residual", "msd" };
enum { MEASURES = sizeof MEASURE / sizeof *MEASURE };

static void understand(struct call *call)
{
	struct knn_how *how = &call->how;
	int measure = 0;

	if (model_name_fault(call->name))
		die_usage("--as: '%s': %s", call->name, model_name_fault(call->name));
	how->by_user = opt_second("--by", call->by, "item", "user");
	how->ranking = opt_second("--task", call->task, "rating", "ranking");
	if (!call->similarity)
		call->similarity = MEASURE[how->ranking ? KNN_COSINE : KNN_RESIDUAL];
	while (measure < MEASURES && strcmp(call->similarity, MEASURE[measure]) != 0)
		measure++;
	if (measure == MEASURES)
		die_usage("--similarity: '%s' is not cosine, pearson, adjusted, residual or msd",
			call->similarity);
	if (how->ranking && measure != KNN_COSINE)
		die_usage("--similarity: positives are all 1, which only cosine can compare");
	opt_check_only("task", call->task,
		(const struct opt_only[]){ { "reg", how->reg != REG, "rating" },
			{ "popularity", how->popularity != POPULARITY, "ranking" } },
		2);
	how->measure = (enum knn_measure)measure;
	how->neighbours = (size_t)(call->neighbours ? call->neighbours : how->ranking ? 100 : 1000);
	how->use = (uint32_t)(call->use ? call->use : how->ranking ? 0 : 40);
	how->shrink = isnan(how->shrink) ? (how->ranking ? 10 : 100) : how->shrink;
}

static void tell(struct text *spec, const struct call *call)
{
	const struct knn_how *how = &call->how;

	model_note(spec, "similarity", "%s", call->similarity);
	model_note(spec, "neighbours", "%zu", how->neighbours);
	model_note(spec, "shrink", "%.9g", how->shrink);
	if (how->ranking)
		model_note(spec, "popularity", "%.9g", how->popularity);
	else
		model_note(spec, "reg", "%.9g", how->reg);
}

static void fit(struct tensors *model, const struct call *call, const struct mf_rows *rows)
{
	struct text spec = { 0 };
	struct knn *knn = knn_fit(rows, &call->how);

	warn("%llu neighbours of %zu %ss", (unsigned long long)knn->near.at[knn->near.rows],
		knn->near.rows, call->by);
	tell(&spec, call);
	model_from_knn(model, call->name, &spec, knn);
	knn_end(knn);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct call call = { .name = "knn",
		.by = "item",
		.task = "rating",
		.how = { .shrink = NAN, .reg = REG, .popularity = POPULARITY } };
	const struct opt opts[] = {
		OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &call.replace, "replace a model of that name"),
		OPT_TEXT(0, "task", &call.task, "TASK",
			"rating: means of ratings; ranking: sums over positives"),
		OPT_TEXT(0, "by", &call.by, "WHOM", "item: like items; user: like users"),
		OPT_TEXT(0, "similarity", &call.similarity, "MEASURE",
			"cosine, pearson, adjusted, residual or msd; default: residual of ratings, "
			"cosine of positives"),
		OPT_INT('k', "neighbours", &call.neighbours, 0, 1 << 20,
			"the most that an item or user has; 0: 1000 for ratings, 100 for ranking"),
		OPT_INT(0, "use", &call.use, 0, KNN_USE,
			"the most that count in one score, the likest; 0: 40 of ratings, all of "
			"positives"),
		OPT_REAL(0, "shrink", &call.how.shrink, 0, 1e9,
			"likeness over n common ratings is times n / (n + X); 100 of "
			"ratings, 10 of positives"),
		OPT_REAL(0, "reg", &call.how.reg, 1e-9, 1e9, "rating: penalty on biases"),
		OPT_REAL(0, "popularity", &call.how.popularity, 0, 1e9,
			"ranking: the most popular item's score where there are no neighbours"),
		OPT_STREAM(&options),
		OPT_END,
	};
	struct tensors set = { 0 }, model = { 0 };
	struct mf_rows rows;
	struct stream *in, *out;

	opt_parse(argc, argv, "score by neighbours", NULL,
		"Example:\n  rs-import ratings.csv | rs-split | rs-knn --neighbours 50 | rs-score",
		opts);
	understand(&call);
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	rows = ratings_read(&set, in, out,
		&(struct ratings_wish){ .name = call.name, .replace = call.replace });
	ratings_fit(
		&rows, knn_memory(&rows, call.how.neighbours), options.memory, "their neighbours");
	fit(&model, &call, &rows);
	tensors_free(&set);
	for (size_t i = 0; i < model.n; i++)
		stream_write(out, model.at[i]);
	tensors_free(&model);
	stream_close(out);
	stream_free(in);
	return 0;
}
