#include "parts.h"

void parts_first_order(struct parts_count *n, const struct parts_size *s)
{
	n->weights += s->rows + s->numbers + s->hashed;
	n->multiply_adds += s->slots + s->numbers + s->crosses;
}

void parts_tables(struct parts_count *n, const struct parts_size *s)
{
	n->weights += s->rows * s->dim;
}

void parts_pairs(struct parts_count *n, const struct parts_size *s)
{
	n->weights += s->numbers * s->dim;
	n->multiply_adds += 2 * (s->slots + s->numbers) * s->dim + s->dim;
}

void parts_cross_layers(struct parts_count *n, const struct parts_size *s)
{
	double inputs = s->inputs[0] + s->inputs[1];
	double sum = (double)s->cross_layers * (inputs + 1) * inputs + inputs;

	n->weights += sum;
	n->multiply_adds += sum;
}

void parts_hidden(struct parts_count *n, const struct parts_size *s, double inputs, size_t plain)
{
	for (size_t l = 0; l < s->layers; l++) {
		double units = s->hidden[l];
		double statistics = l + plain < s->layers ? s->statistics : 0;

		n->weights += (inputs + 1 + statistics) * units;
		n->multiply_adds += (inputs + (statistics > 0)) * units;
		inputs = units;
	}
}

void parts_mlp(struct parts_count *n, const struct parts_size *s)
{
	double last = s->layers ? s->hidden[s->layers - 1] : 0;

	parts_hidden(n, s, s->inputs[0] + s->inputs[1], 0);
	n->weights += last;
	n->multiply_adds += last;
}
