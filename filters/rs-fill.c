/* rs-fill -- factors for items, or users, that a model does not have yet, by its map from content.
 *
 * Reads   model.FROM.*   factors with a map, as rs-content --method ridge, mlp, dropoutnet makes it
 *         item.*, vocab.item.*   the content that it was learned from; of users: user.*
 * Writes  model.AS.*     the same model with a row for every item of the tables
 * ahead of the rows, which are not looked at, and passes everything else on unchanged. Nothing is
 * trained. Memory: the model and the tables. */
#include <stdio.h>
#include <string.h>

#include "die.h"
#include "mapped.h"
#include "mem.h"
#include "model_write.h"
#include "opt.h"
#include "stream_out.h"
#include "stream_rows.h"

struct work {
	const char *from, *as;
	bool replace, done;
	uint64_t memory;
	struct tensors set, made;
	struct stream *in, *out;
};

/* The lines of a spec that model_from_mf does not write itself. */
static void copy_lines(struct text *spec, const struct tensors *set, const char *name)
{
	static const char *const own[] = { "arch=", "task=", "dim=", "low=", "high=" };
	char full[TENSOR_NAME + 1];
	const struct tensor *t;
	const char *at, *end;

	snprintf(full, sizeof full, "model.%.60s.spec", name);
	t = tensors_need(set, full, U8, 1);
	at = t->data;
	end = at + tensor_rows(t);
	while (at < end) {
		const char *line = at;
		bool skip = false;

		at = (const char *)memchr(line, '\n', (size_t)(end - line)) + 1;
		for (size_t i = 0; i < sizeof own / sizeof *own; i++)
			skip |= strncmp(line, own[i], strlen(own[i])) == 0;
		if (!skip)
			text_add(spec, "%.*s", (int)(at - line), line);
	}
}

/* Dies when the new model needs more than there is. */
static void afford(const struct work *w, const struct mapped *m, const struct mf *from)
{
	uint64_t rows =
		m->traits.rows > (m->of_users ? from->users : from->items) ? m->traits.rows : 0;
	uint64_t need = rows * (2 * m->map.width + 1) * sizeof(float);

	if (need > (w->memory ? w->memory : mem_physical() / 4 * 3))
		die("memory: %llu rows of %zu factors need %llu MiB; raise --memory",
			(unsigned long long)rows, m->map.dim, (unsigned long long)(need >> 20));
}

static void say(const struct csr *x, const struct mapped *m, size_t had)
{
	const char *whose = m->of_users ? "user" : "item";
	size_t empty = 0;

	for (size_t r = had; r < x->rows; r++)
		empty += x->at[r] == x->at[r + 1];
	warn("%zu new %ss", x->rows > had ? x->rows - had : 0, whose);
	if (empty)
		warn("%zu of them have no content that the model knows", empty);
}

/* Once the tables and the model are there. */
static void fill(struct work *w)
{
	struct model *model;
	const struct mf *from = model_open_factors(&model, &w->set, w->from, "--from");
	struct text spec = { 0 };
	struct mapped m;
	struct csr x;
	struct mf *mf;

	mapped_open(&m, &w->set, model);
	afford(w, &m, from);
	x = content_rows(&m.scale, m.traits.field, m.traits.rows);
	say(&x, &m, m.of_users ? from->users : from->items);
	mf = fill_more(from, &m.map, &x, m.of_users);
	copy_lines(&spec, &w->set, w->from);
	model_from_mf(&w->made, w->as, &spec, mf);
	mapped_write(&w->made, w->as, &m.traits, &m.scale, &m.map);
	for (size_t i = 0; i < w->made.n; i++)
		stream_write(w->out, w->made.at[i]);
	csr_free(&x);
	mapped_free(&m);
	model_free(model);
	w->done = true;
}

static int want(const char *name, const struct frame *first, void *arg)
{
	struct work *w = arg;
	char from[TENSOR_NAME + 1];
	int keep;

	(void)first;
	if (tensor_is_row(name) && !w->done) {
		stream_settle(w->in);
		fill(w);
	}
	snprintf(from, sizeof from, "model.%.60s.*", w->from);
	keep = tensor_match(from, name) || feature_carrier(name) ||
			       tensor_match("vocab.*.*.*.text", name)
		       ? STREAM_KEEP
		       : STREAM_PASS;
	return keep | (model_replaces(w->as, w->replace, name) ? STREAM_DROP : 0);
}

int main(int argc, char **argv)
{
	struct stream_options so = STREAM_OPTIONS;
	struct work w = { .as = "filled" };
	struct stream_rows rows = { 0 };
	const struct opt opts[] = {
		OPT_TEXT(0, "from", &w.from, "NAME", "the model whose map is used"),
		OPT_TEXT(0, "as", &w.as, "NAME", "the new model's name"),
		OPT_FLAG(0, "replace", &w.replace, "replace a model of that name"),
		OPT_STREAM(&so),
		OPT_END,
	};

	opt_parse(argc, argv, "factors by content for who is new, nothing trained", NULL,
		"Example:\n"
		"  { rs-pick 'model.*' <trained.rts; rs-import --vocab trained.rts ...; } |\n"
		"    rs-fill --from content --as now | rs-recommend --model now",
		opts);
	if (!w.from)
		die_usage("--from is needed: the model whose map is used");
	if (model_name_fault(w.as))
		die_usage("--as: '%s': %s", w.as, model_name_fault(w.as));
	w.memory = so.memory;
	w.in = stream_in(&so);
	w.out = stream_out(w.in, &so, opt_provenance());
	while (stream_rows(w.in, w.out, want, &w, &w.set, &rows))
		;
	if (!w.done)
		fill(&w);
	tensors_free(&rows.columns);
	tensors_free(&w.set);
	tensors_free(&w.made);
	stream_close(w.out);
	stream_free(w.in);
	return 0;
}
