/* rs-quantise -- a model in fewer bits.
 *
 * Reads   model.FROM.*   the model, ahead of the rows
 * Writes  model.AS.*     the same model: weights f16; or i8 (R, C) with f32 scales (R) of their rows
 *                        in model.AS.rowscale.*; its spec says quantised=int8 or f16
 * and passes everything else on unchanged. Memory: the model.
 *
 * Whatever opens models opens these (lib/model.h), so rs-score tells what was lost and saved. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "model.h"
#include "model_write.h"
#include "opt.h"
#include "quantise.h"
#include "stream_out.h"
#include "stream_rows.h"

struct work {
	const char *from, *as, *to;
	bool replace, int8, done;
	char name[TENSOR_NAME + 1]; /* of the new model; "" until it is known */
	struct tensors set;
	struct stream *in, *out;
	uint64_t before, after; /* bytes */
};

static struct tensor *made(
	const struct work *w, const char *part, const char *suffix, enum dtype dtype,
	const struct tensor *like)
{
	char full[3 * TENSOR_NAME];

	snprintf(full, sizeof full, "model.%s.%s%s", w->name, part, suffix);
	if (tensor_name_fault(full))
		die("'%s': %s", full, tensor_name_fault(full));
	return tensor_new(full, dtype, tensor_rows(like), like->ndim == 2 ? tensor_cols(like) : 0);
}

static void put(struct work *w, struct tensor *t)
{
	w->after += tensor_bytes(t);
	stream_write(w->out, t);
	tensor_free(t);
}

static void put_int8(struct work *w, const struct tensor *t, const char *suffix)
{
	struct tensor *q = made(w, "", suffix, I8, t), *scale;
	struct tensor column = { .ndim = 1, .shape = { tensor_rows(t) } };

	scale = made(w, "rowscale.", suffix, F32, &column);
	quantise_rows(q->data, scale->data, t->data, tensor_rows(t), tensor_cols(t));
	put(w, q);
	put(w, scale);
}

static void put_half(struct work *w, const struct tensor *t, const char *suffix)
{
	struct tensor *h = made(w, "", suffix, F16, t);

	for (uint64_t i = 0; i < tensor_rows(t) * tensor_cols(t); i++)
		((uint16_t *)h->data)[i] = quantise_half(((const float *)t->data)[i]);
	put(w, h);
}

/* Statistics of the data stay as they are, and what half precision cannot hold. */
static bool stays(const struct tensor *t, const char *suffix)
{
	if (t->dtype != F32 || strncmp(suffix, "mean.", 5) == 0 || strncmp(suffix, "scale.", 6) == 0)
		return true;
	for (uint64_t i = 0; i < tensor_rows(t) * tensor_cols(t); i++)
		if (!(fabsf(((const float *)t->data)[i]) < 65504))
			return true;
	return false;
}

static void put_spec(struct work *w, const struct tensor *spec)
{
	char full[TENSOR_NAME + 1], line[64];
	size_t n = tensor_rows(spec), more;
	struct tensor *t;

	more = (size_t)snprintf(line, sizeof line, "quantised=%s\n", w->to);
	snprintf(full, sizeof full, "model.%.60s.spec", w->name);
	t = tensor_new(full, U8, n + more, 0);
	memcpy(t->data, spec->data, n);
	memcpy((char *)t->data + n, line, more);
	stream_write(w->out, t);
	tensor_free(t);
}

/* Once all models are there. */
static void quantise(struct work *w)
{
	const char **names;
	size_t n = model_choose(&w->set, w->from, &names), prefix;

	if (n > 1)
		die_usage("--from: there are %zu models (%s, %s, ...); say which", n, names[0],
			names[1]);
	if (!w->as)
		snprintf(w->name, sizeof w->name, "%.50s-%s", names[0], w->to);
	prefix = strlen("model..") + strlen(names[0]);
	for (size_t i = 0; i < w->set.n; i++) {
		const struct tensor *t = w->set.at[i];
		const char *suffix = t->name + prefix;

		if (strlen(t->name) <= prefix || strncmp(t->name + 6, names[0], prefix - 7) != 0 ||
			suffix[-1] != '.' || strncmp(suffix, "resume", 6) == 0)
			continue;
		if (strcmp(suffix, "spec") == 0) {
			put_spec(w, t);
			continue;
		}
		w->before += tensor_bytes(t);
		if (t->dtype == F16 || t->dtype == I8)
			die("model '%s': '%s' is quantised already", names[0], t->name);
		if (stays(t, suffix)) {
			struct tensor *copy = made(w, "", suffix, t->dtype, t);

			memcpy(copy->data, t->data, tensor_bytes(t));
			put(w, copy);
		} else if (w->int8 && t->ndim == 2 && tensor_cols(t) > 1) {
			put_int8(w, t, suffix);
		} else {
			put_half(w, t, suffix);
		}
	}
	warn("%s: %llu bytes, %s has %llu", w->name, (unsigned long long)w->after, names[0],
		(unsigned long long)w->before);
	w->done = true;
	free(names);
}

static int want(const char *name, const struct frame *first, void *arg)
{
	struct work *w = arg;
	bool replaced;

	(void)first;
	if (tensor_is_row(name) && !w->done) {
		stream_settle(w->in);
		quantise(w);
	}
	replaced = *w->name && model_replaces(w->name, w->replace, name);
	return (strncmp(name, "model.", 6) == 0 ? STREAM_KEEP : STREAM_PASS) |
	       (replaced ? STREAM_DROP : 0);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct work w = { .to = "int8" };
	const struct opt opts[] = {
		OPT_TEXT(0, "from", &w.from, "NAME", "the model; default: the only one"),
		OPT_TEXT(0, "as", &w.as, "NAME", "its new name; default: FROM-int8, FROM-f16"),
		OPT_TEXT(0, "to", &w.to, "TYPE", "int8, or f16: half precision"),
		OPT_FLAG(0, "replace", &w.replace, "replace a model of the new name"),
		OPT_STREAM(&so),
		OPT_END,
	};
	struct stream_rows rows = { 0 };

	opt_parse(argc, argv, "write a model in fewer bits", NULL,
		"Example:\n"
		"  ... | rs-distill | rs-quantise --from student | rs-score",
		opts);
	w.int8 = strcmp(w.to, "int8") == 0;
	if (!w.int8 && strcmp(w.to, "f16") != 0)
		die_usage("--to: '%s' is not int8 or f16", w.to);
	if (w.as && model_name_fault(w.as))
		die_usage("--as: '%s': %s", w.as, model_name_fault(w.as));
	snprintf(w.name, sizeof w.name, "%s", w.as ? w.as : "");
	w.in = stream_in(&so);
	w.out = stream_out(w.in, &so, opt_provenance());
	while (stream_rows(w.in, w.out, want, &w, &w.set, &rows))
		;
	if (!w.done)
		quantise(&w);
	tensors_free(&rows.columns);
	tensors_free(&w.set);
	stream_close(w.out);
	stream_free(w.in);
	return 0;
}
