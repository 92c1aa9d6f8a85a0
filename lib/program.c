#include "program.h"

static void op_add(struct program *p, enum op_kind kind, size_t layer)
{
	p->op[p->ops++] = (struct op){ kind, layer };
}

/* Ends the chunks' phase, if it has operations, and adds another kind. */
static void phase_add(struct program *p, enum phase_kind kind, size_t layer)
{
	size_t from = 0;

	for (size_t i = 0; i < p->phases; i++)
		if (p->phase[i].kind == PHASE_CHUNKS)
			from = p->phase[i].to;
	if (p->ops > from)
		p->phase[p->phases++] = (struct phase){ PHASE_CHUNKS, from, p->ops, 0 };
	p->phase[p->phases++] = (struct phase){ kind, 0, 0, layer };
}

struct program program_of(const struct net *net, struct program_with with)
{
	struct program p = { .ops = 0 };

	if (with.pairs) {
		phase_add(&p, PHASE_DRAW, 0);
		phase_add(&p, PHASE_IDS, 0);
	}
	if (with.common)
		phase_add(&p, PHASE_COMMON, 0);
	if (with.halves)
		phase_add(&p, PHASE_HALVES, 0);
	op_add(&p, with.halves ? OP_JOIN : OP_INPUT, 0);
	if (with.units)
		phase_add(&p, PHASE_UNITS, 0);
	for (size_t l = 0; l < net->layers; l++) {
		if (l > 0 || !(with.units || with.halves))
			op_add(&p, OP_SUMS, l);
		if (net->layer[l].norm == NET_BATCH_NORM)
			phase_add(&p, PHASE_MOMENTS, l);
		op_add(&p, OP_END, l);
	}
	op_add(&p, OP_OUTPUT, 0);
	if (with.pairs)
		phase_add(&p, PHASE_SLOPES, 0);
	else
		op_add(&p, OP_LOSS, 0);
	if (with.mimic)
		phase_add(&p, PHASE_MIMIC, 0);
	for (size_t l = net->layers; l-- > 0;) {
		op_add(&p, OP_LAYER, l);
		if (net->layer[l].norm == NET_BATCH_NORM)
			phase_add(&p, PHASE_SUMS, l);
		if (net->layer[l].norm)
			op_add(&p, OP_NORM, l);
	}
	op_add(&p, OP_EMBEDDED, 0);
	if (with.squares)
		phase_add(&p, PHASE_SQUARES, 0);
	phase_add(&p, PHASE_WEIGHTS, 0);
	if (with.common)
		phase_add(&p, PHASE_VECTORS, 0);
	return p;
}
