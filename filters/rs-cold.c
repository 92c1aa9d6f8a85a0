/* rs-cold -- two models as one: one for what it knows, the other for the rest.
 *
 * Reads   model.WARM.*, model.COLD.*  ahead of the rows, with the features that they need
 *         user, item  u32 (N)   part 0 says who is known, part 1 brings scores to one scale
 *         label       f32 (N)
 *         part        u8 (N)
 * Writes  model.NAME.spec, .user.known u8 (U), .item.known u8 (I)
 * ahead of the rows, and passes every other tensor on unchanged. */
#include <stdio.h>
#include <stdlib.h>

#include "calibrate.h"
#include "die.h"
#include "mem.h"
#include "members.h"
#include "model_items.h"
#include "model_write.h"
#include "opt.h"
#include "ratings.h"
#include "stream_out.h"

struct call {
	const char *name, *warm, *cold;
	bool replace;
	long seed;
	/* the work */
	struct tensors set, answer;
	struct mf_rows rows;
};

static struct model *open_part(const struct call *call, const char *name, const char *option)
{
	char spec[TENSOR_NAME + 1];
	struct model *model;

	snprintf(spec, sizeof spec, "model.%.60s.spec", name);
	if (!tensors_find(&call->set, spec))
		die("stdin: no model '%s' ahead of this stage; %s needs it", name, option);
	model = model_open(&call->set, name);
	model_items_free(model_items_new(model, call->rows.items));
	return model;
}

/* 1 for ids with a row of part 0, of as many as there are. */
static uint8_t *known_of(const struct call *call, const char *kind, const uint32_t *id, size_t *n)
{
	const struct mf_rows *rows = &call->rows;
	uint8_t *known;

	*n = members_ids(&call->set, kind, rows->n);
	known = mem_new(*n, 1);
	for (size_t r = 0; r < rows->n; r++)
		if (!rows->part || rows->part[r] == 0)
			known[id[r]] = 1;
	return known;
}

static void say(const struct call *call, const struct calibrate *c)
{
	size_t users = 0, items = 0;

	for (size_t u = 0; u < c->users; u++)
		users += c->user[u];
	for (size_t i = 0; i < c->items; i++)
		items += c->item[i];
	warn("'%s' knows %zu of %zu users and %zu of %zu items; '%s' answers for the rest",
		call->warm, users, c->users, items, c->items, call->cold);
	if (!c->by_labels)
		warn("part 1 has %zu warm and %zu cold rows, and no rising lines over both: scores "
		     "are matched by mean and deviation over known pairs",
			c->warm, c->cold);
	warn("score = %g times that of '%s' %+g", c->scale, call->cold, c->shift);
}

static void join(struct call *call)
{
	struct model *warm = open_part(call, call->warm, "--warm");
	struct model *cold = open_part(call, call->cold, "--cold");
	struct calibrate c = { .seed = (uint64_t)call->seed };
	struct text spec = { 0 };
	uint8_t *user, *item;

	if (model_is_binary(warm) != model_is_binary(cold))
		die("models '%s' and '%s': logits and ratings do not mix", call->warm, call->cold);
	c.user = user = known_of(call, "user", call->rows.user, &c.users);
	c.item = item = known_of(call, "item", call->rows.item, &c.items);
	calibrate_scores(&c, warm, cold, &call->rows);
	say(call, &c);
	model_note(&spec, "calibrated", "%s", c.by_labels ? "labels" : "moments");
	model_note(&spec, "seed", "%ld", call->seed);
	model_from_pair(&call->answer, call->name, &spec,
		&(struct model_pair){ model_is_binary(warm), call->warm, call->cold, c.scale,
			c.shift, user, item, c.users, c.items });
	free(user);
	free(item);
	model_free(warm);
	model_free(cold);
}

int main(int argc, char **argv)
{
	struct stream_options options = STREAM_OPTIONS;
	struct call call = { .name = "both", .seed = 1 };
	const struct opt opts[] = {
		OPT_TEXT(0, "as", &call.name, "NAME", "the model's name"),
		OPT_FLAG(0, "replace", &call.replace, "replace a model of that name"),
		OPT_TEXT('w', "warm", &call.warm, "NAME", "the model for who is known"),
		OPT_TEXT('c', "cold", &call.cold, "NAME", "the model for all others"),
		OPT_SEED(&call.seed),
		OPT_STREAM(&options),
		OPT_END,
	};
	struct stream *in, *out;

	opt_parse(argc, argv, "let a second model answer for who is new", NULL,
		"Example:\n"
		"  ... | rs-mf --algo ials | rs-content --task ranking |\n"
		"    rs-cold --warm mf --cold content | rs-recommend --model both",
		opts);
	if (model_name_fault(call.name))
		die_usage("--as: '%s': %s", call.name, model_name_fault(call.name));
	if (!call.warm || !call.cold)
		die_usage("--warm, --cold: both are needed");
	in = stream_in(&options);
	out = stream_out(in, &options, opt_provenance());
	call.rows = ratings_read(&call.set, in, out,
		&(struct ratings_wish){ .name = call.name,
			.replace = call.replace,
			.also = (const char *const[]){
				"item.*", "user.*", "vocab.*.at", "model.*", NULL } });
	join(&call);
	for (size_t i = 0; i < call.answer.n; i++)
		stream_write(out, call.answer.at[i]);
	tensors_free(&call.answer);
	tensors_free(&call.set);
	stream_close(out);
	stream_free(in);
	return 0;
}
