/* align -- the same thing in two streams. Owns: ids of two vocabularies paired by their words, how
 * much two domains share, whether that looks like an accident. */
#ifndef ALIGN_H
#define ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

#define ALIGN_NONE UINT32_MAX

struct align {
	size_t source, target; /* how many ids either has */
	size_t shared; /* ids of the target whose word the source has too */
	uint32_t *of; /* (target): the source's id of that word, or ALIGN_NONE */
	/* When all shared words are whole numbers: how many two sets would share that have as many
	 * numbers, drawn blindly from the same ranges; else 0.
	 *
	 *   chance = w (n / (high - low + 1)) (m / (high' - low' + 1)), w: width of both ranges'
	 * common part
	 */
	double chance;
};

/* kind: "user", "item", "item.cat.genre": the words of vocab.KIND. When neither side has that
 * vocabulary, ids are their own words, and there are `sources` and `targets` of them; when only one
 * has it, dies. */
struct align align_new(const struct tensors *source, const struct tensors *target, const char *kind,
	size_t sources, size_t targets);
struct align align_nothing(size_t sources, size_t targets); /* nothing is shared */
void align_free(struct align *a);

/* Whether no more is shared than blind numbering explains: at most chance + 3 sqrt(chance), three
 * deviations of a Poisson count. Two data sets that number their users from 0 look like that,
 * whoever the users are. */
bool align_accidental(const struct align *a);

/* One line by warn() on how much is shared, and another when that of users or items looks like an
 * accident: an age of 30 is 30 everywhere. */
void align_say(const struct align *a, const char *kind);

#endif
