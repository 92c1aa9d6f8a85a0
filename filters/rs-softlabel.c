/* rs-softlabel -- ask the teacher: one logit (or rating) for every row.
 *
 * Reads   model.NAME.*        the teachers, ahead of the rows
 *         the row columns and tables that they need
 * Writes  soft.NAME f32 (N)   the weighted mean of the teachers' outputs, before any temperature
 * and passes everything else on unchanged. Memory: one group of rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "model.h"
#include "opt.h"
#include "stream.h"

enum { MOST = 64 };

struct ask {
	const char *from, *weights; /* as given; NULL: the only model, equal weights */
	const char *as;
	bool replace;
	char full[TENSOR_NAME + 1]; /* soft.NAME */
	struct tensors tables;
	struct model *model[MOST];
	double weight[MOST];
	size_t models;
	struct stream *in;
};

static void add_model(struct ask *a, const char *name)
{
	char spec[TENSOR_NAME + 16];

	snprintf(spec, sizeof spec, "model.%s.spec", name);
	if (!tensors_find(&a->tables, spec))
		die("stdin: no model '%s' ahead of the rows", name);
	if (a->models == MOST)
		die_usage("--from: more than %d models", MOST);
	a->model[a->models] = model_open(&a->tables, name);
	if (model_is_binary(a->model[a->models]) != model_is_binary(a->model[0]))
		die("models '%s' and '%s': logits and ratings do not mix", model_name(a->model[0]),
			name);
	a->weight[a->models++] = 1;
}

static void parse_weights(struct ask *a)
{
	const char *at = a->weights;
	double sum = 0;
	size_t n = 0;

	for (; at && *at; n++) {
		char *end;
		double w = strtod(at, &end);

		if (end == at || (*end && *end != ',') || !(w >= 0 && w <= 1e9) || n == a->models)
			die_usage("--weights: '%s' is not %zu numbers >= 0", a->weights, a->models);
		a->weight[n] = w;
		at = end + (*end == ',');
	}
	if (a->weights && n != a->models)
		die_usage("--weights: '%s' is not %zu numbers >= 0", a->weights, a->models);
	for (size_t i = 0; i < a->models; i++)
		sum += a->weight[i];
	if (!(sum > 0))
		die_usage("--weights: they add up to nothing");
	for (size_t i = 0; i < a->models; i++)
		a->weight[i] /= sum;
}

/* When the first row column comes, all models and tables are there. */
static void open_models(struct ask *a)
{
	const char **names;
	size_t n;

	stream_settle(a->in);
	n = model_list(&a->tables, &names);
	if (!n)
		die("stdin: no model ahead of the rows; rs-teach makes one, or: cat MODEL DATA");
	if (!a->from && n > 1)
		die_usage("--from: there are %zu models (%s, %s, ...); say which", n, names[0],
			names[1]);
	for (const char *at = a->from ? a->from : names[0]; *at;) {
		char name[TENSOR_NAME + 1];
		size_t length = strcspn(at, ",");

		snprintf(name, sizeof name, "%.*s",
			(int)(length < TENSOR_NAME ? length : TENSOR_NAME), at);
		add_model(a, name);
		at += length + (at[length] == ',');
	}
	free(names);
	parse_weights(a);
	if (!a->as && a->models > 1)
		die_usage("--as: a mean of several models needs a name of its own");
	snprintf(a->full, sizeof a->full, "soft.%s", a->as ? a->as : model_name(a->model[0]));
	if (tensor_name_fault(a->full))
		die_usage("--as: '%s': %s", a->full, tensor_name_fault(a->full));
}

static int want(const char *name, const struct frame *first, void *arg)
{
	struct ask *a = arg;

	(void)first;
	if (!tensor_is_row(name))
		return strncmp(name, "model.", 6) == 0 || features_carrier(name) ? STREAM_KEEP
										 : STREAM_PASS;
	if (!a->models)
		open_models(a);
	if (a->replace && strcmp(name, a->full) == 0)
		return STREAM_DROP;
	for (size_t i = 0; i < a->models; i++)
		if (model_needs(a->model[i], name))
			return STREAM_KEEP;
	return STREAM_PASS;
}

/* soft[r] = sum_m weight_m output_m(r), summed in the order of --from. */
static void ask(struct ask *a, const struct tensors *columns, size_t n, float *soft, float *one)
{
	memset(soft, 0, n * sizeof *soft);
	for (size_t m = 0; m < a->models; m++) {
		model_predict(a->model[m], columns, n, one);
		for (size_t r = 0; r < n; r++)
			soft[r] = (float)((double)soft[r] + a->weight[m] * (double)one[r]);
	}
}

static void run(struct ask *a, struct stream *out)
{
	struct stream_rows rows = { 0 };
	struct tensor *shape = NULL;
	float *soft = NULL, *one = NULL;
	uint64_t room = 0;

	while (stream_rows(a->in, out, want, a, &a->tables, &rows)) {
		struct stream_piece piece = { .start = rows.start,
			.count = rows.count,
			.total = rows.last ? rows.start + rows.count : FRAME_UNKNOWN,
			.last = rows.last };

		if (rows.count > room) {
			room = rows.count;
			soft = mem_grow(soft, room, sizeof *soft);
			one = mem_grow(one, room, sizeof *one);
		}
		if (!shape)
			shape = tensor_new(a->full, F32, 0, 0);
		ask(a, &rows.columns, rows.count, soft, one);
		piece.shape = shape;
		piece.data = soft;
		stream_put(out, &piece, 1);
	}
	if (!shape)
		die("stdin: no rows to label; needs the columns that the model reads");
	tensors_free(&rows.columns);
	tensor_free(shape);
	free(soft);
	free(one);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct ask a = { 0 };
	const struct opt opts[] = { OPT_TEXT(0, "from", &a.from, "LIST",
					    "models to ask; default: the only one"),
		OPT_TEXT(0, "weights", &a.weights, "LIST", "their weights; default: equal"),
		OPT_TEXT(0, "as", &a.as, "NAME", "name of the soft labels; default: the model's"),
		OPT_FLAG(0, "replace", &a.replace, "replace soft labels of that name"),
		OPT_STREAM(&so), OPT_END };
	struct stream *out;

	opt_parse(argc, argv, "ask one or several teachers for a soft label a row", NULL,
		"Example:\n"
		"  ... | rs-teach --as a --seed 1 | rs-teach --as b --seed 2 |\n"
		"    rs-softlabel --from a,b --as both | rs-distill --teacher both",
		opts);
	a.in = stream_in(&so);
	out = stream_out(a.in, &so, opt_provenance());
	run(&a, out);
	for (size_t m = 0; m < a.models; m++)
		model_free(a.model[m]);
	tensors_free(&a.tables);
	stream_close(out);
	stream_free(a.in);
	return 0;
}
