/* parts -- what an architecture is put together from. Owns: struct arch, the size of every part.
 *
 * A network's output, a logit or a rating, is a sum of parts over one row:
 *
 *   f(x) = b + [first order] + [pairs] + [cross layers] + [MLP]
 *
 *   e_f (dim)       embedding of field f, the row of its table E_f (values, dim) that the id names;
 *                   of a bag the mean (or sum) of its rows
 *   x_j             a number, standardised: (x - mean) / deviation over part 0
 *   z_0 (inputs)    [e_1 .. e_slots, x_1 .. x_numbers], what layers read
 *
 *   first order     sum_f w_f[id] + sum_j w_j x_j + sum_c w_c[hash], c declared crosses: wide.h
 *   pairs           sum_{f<g} e_f . e_g, a number's e being x_j v_j, v (numbers, dim): embed.h
 *   cross layers    u . z_L, z_{l+1} = z_0 * (W_l z_l + b_l) + z_l: cross.h
 *   MLP             o . h_L, h_{l+1} = act(norm(W_l h_l + b_l)), h_0 = z_0: active.h, norm.h
 *
 * An architecture is a file arch_NAME.c of its own, which says which of these it has. */
#ifndef PARTS_H
#define PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the sizes of parts follow from. Real numbers, as a sum that no memory could hold must not
 * wrap around. */
struct parts_size {
	double rows, slots; /* of embedding tables; fields that have one */
	double numbers;
	double dim;
	double crosses, hashed; /* declared crosses, and the weights of all */
	double inputs[2]; /* width of z_0: the user's fields, the item's */
	size_t cross_layers;
	size_t layers;
	const uint32_t *hidden; /* (layers) */
	double statistics; /* trained ones of a normalised unit: its gain and shift; else 0 */
};

struct parts_count {
	double weights; /* trained ones */
	double multiply_adds; /* of scoring a row, a bag counted as one id */
};

struct arch {
	const char *name, *line; /* the line is for --arch list */
	bool embeddings, linear, fm, crosses, mlp;
	size_t towers; /* 1, or 2: the user's fields and the item's have an MLP each */
	double spread; /* standard deviation of embeddings at the start */
	struct parts_count (*count)(const struct parts_size *s);
};

/* Each adds what it has to n. */
void parts_first_order(struct parts_count *n, const struct parts_size *s);
void parts_tables(struct parts_count *n, const struct parts_size *s);
void parts_pairs(struct parts_count *n, const struct parts_size *s); /* but for the tables */
void parts_cross_layers(struct parts_count *n, const struct parts_size *s);
/* Hidden layers over so many inputs, the last `plain` of them without a normalisation. */
void parts_hidden(struct parts_count *n, const struct parts_size *s, double inputs, size_t plain);
void parts_mlp(struct parts_count *n, const struct parts_size *s); /* hidden layers and output */

#endif
