/* The program of a step, spelled out by hand: phases, and in brackets the operations on chunks. */
#include "program.h"

#include "tap.h"

static const char *const op_name[] = { "input", "join", "sums", "end", "output", "loss", "layer",
	"norm", "embedded" };
static const char *const phase_name[] = { "draw", "ids", "common", "halves", NULL, "units",
	"moments", "slopes", "mimic", "sums", "squares", "weights", "vectors" };

static char text[1000];

static void say(const char *name, bool layered, size_t layer)
{
	size_t at = strlen(text);

	if (layered)
		snprintf(text + at, sizeof text - at, " %s%zu", name, layer);
	else
		snprintf(text + at, sizeof text - at, " %s", name);
}

static const char *spell(const struct program *p)
{
	*text = '\0';
	for (size_t i = 0; i < p->phases; i++) {
		struct phase phase = p->phase[i];

		if (phase.kind != PHASE_CHUNKS) {
			say(phase_name[phase.kind],
				phase.kind == PHASE_UNITS || phase.kind == PHASE_MOMENTS ||
					phase.kind == PHASE_SUMS,
				phase.layer);
			continue;
		}
		say("[", false, 0);
		for (size_t j = phase.from; j < phase.to; j++) {
			enum op_kind kind = p->op[j].kind;

			say(op_name[kind],
				kind == OP_SUMS || kind == OP_END || kind == OP_LAYER ||
					kind == OP_NORM,
				p->op[j].layer);
		}
		say("]", false, 0);
	}
	return text + 1;
}

static const struct net_field field[] = {
	{ .kind = NET_CAT, .values = 3 },
	{ .kind = NET_CAT, .values = 3, .item = true },
};

static struct program of(
	enum net_arch arch, size_t layers, enum net_norm norm, struct program_with with)
{
	struct net_shape shape = {
		.arch = arch, .dim = 2, .layers = layers, .norm = norm, .fields = 2, .field = field
	};
	struct net *net;
	struct program p;

	for (size_t l = 0; l < layers; l++)
		shape.hidden[l] = 2;
	net = net_new(&shape);
	p = program_of(net, with);
	net_free(net);
	return p;
}

int main(void)
{
	struct program p = of(NET_LR, 0, NET_PLAIN, (struct program_with){ 0 });

	same(spell(&p), "[ input output loss embedded ] weights", "no hidden layer");
	p = of(NET_MLP, 2, NET_PLAIN, (struct program_with){ 0 });
	same(spell(&p),
		"[ input sums0 end0 sums1 end1 output loss layer1 layer0 embedded ] weights",
		"a plain network's chunks go forward and back in one phase");
	p = of(NET_MLP, 1, NET_LAYER_NORM, (struct program_with){ .squares = true });
	same(spell(&p), "[ input sums0 end0 output loss layer0 norm0 embedded ] squares weights",
		"layer normalisation does not cut it; gradients are measured before weights are "
		"stepped");
	p = of(NET_MLP, 2, NET_BATCH_NORM, (struct program_with){ 0 });
	same(spell(&p),
		"[ input sums0 ] moments0 [ end0 sums1 ] moments1 [ end1 output loss layer1 ] "
		"sums1 [ norm1 layer0 ] sums0 [ norm0 embedded ] weights",
		"batch normalisation cuts it at each layer, on both ways");
	p = of(NET_MLP, 2, NET_BATCH_NORM, (struct program_with){ .units = true });
	same(spell(&p),
		"[ input ] units0 moments0 [ end0 sums1 ] moments1 [ end1 output loss layer1 ] "
		"sums1 [ norm1 layer0 ] sums0 [ norm0 embedded ] weights",
		"the first layer by units is a phase of its own");
	p = of(NET_MLP, 2, NET_PLAIN, (struct program_with){ .halves = true });
	same(spell(&p),
		"halves [ join end0 sums1 end1 output loss layer1 layer0 embedded ] weights",
		"by halves of its inputs, they are joined");
	p = of(NET_MLP, 1, NET_PLAIN, (struct program_with){ .common = true });
	same(spell(&p), "common [ input sums0 end0 output loss layer0 embedded ] weights vectors",
		"common ids are gathered before, and step after the weights");
	p = of(NET_MLP, 1, NET_PLAIN, (struct program_with){ .mimic = true });
	same(spell(&p), "[ input sums0 end0 output loss ] mimic [ layer0 embedded ] weights",
		"representations are compared between the ways");
	p = of(NET_TWO_TOWER, 1, NET_PLAIN, (struct program_with){ .pairs = true, .mimic = true });
	same(spell(&p),
		"draw ids [ input sums0 end0 sums1 end1 output ] slopes mimic "
		"[ layer1 layer0 embedded ] weights",
		"pairs: a batch is drawn, and the loss is that of all of it");
	/* Two towers of 8, the last layers of which are linear: 14 normalised ones make 4 phases each. */
	p = of(NET_TWO_TOWER, NET_LAYERS, NET_BATCH_NORM,
		(struct program_with){ true, true, true, true, false, true });
	ok(p.phases == 14 * 4 + 11 && p.phases <= PROGRAM_PHASES, "the longest program has room,");
	p = of(NET_TWO_TOWER, NET_LAYERS, NET_BATCH_NORM, (struct program_with){ 0 });
	ok(p.ops == 16 * 3 + 14 + 4 && p.ops <= PROGRAM_OPS, "  and its operations");
	return done();
}
