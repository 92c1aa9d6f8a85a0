#include "align.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "die.h"
#include "mem.h"

/* ---- whole numbers ---- */

struct span {
	size_t n;
	uint64_t low, high;
};

/* "0", "17", but not "017" or "1e3": what a program counts with. */
static bool whole(const char *word, size_t n, uint64_t *x)
{
	*x = 0;
	for (size_t i = 0; i < n; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
		*x = 10 * *x + (uint64_t)(word[i] - '0');
	}
	return n >= 1 && n <= 18 && (n == 1 || word[0] != '0');
}

static void widen(struct span *s, uint64_t x)
{
	s->low = !s->n || x < s->low ? x : s->low;
	s->high = !s->n || x > s->high ? x : s->high;
	s->n++;
}

static double chance(const struct span *a, const struct span *b)
{
	uint64_t low = a->low > b->low ? a->low : b->low;
	uint64_t high = a->high < b->high ? a->high : b->high;

	if (!a->n || !b->n || low > high)
		return 0;
	return (double)(high - low + 1) * ((double)a->n / (double)(a->high - a->low + 1)) *
	       ((double)b->n / (double)(b->high - b->low + 1));
}

bool align_accidental(const struct align *a)
{
	return a->shared && a->chance > 0 && (double)a->shared <= a->chance + 3 * sqrt(a->chance);
}

void align_say(const struct align *a, const char *kind)
{
	warn("%s: %zu of %zu are known to the source, which has %zu", kind, a->shared, a->target,
		a->source);
	if ((strcmp(kind, "user") == 0 || strcmp(kind, "item") == 0) && align_accidental(a))
		warn("%s: this looks accidental: the names that are shared are whole numbers, of "
		     "which two such sets have about %.0f in common anyway; unless 7 is the same "
		     "%s in both, leave it out of --share",
			kind, a->chance, kind);
}

/* ---- pairing ---- */

struct align align_nothing(size_t sources, size_t targets)
{
	struct align a = { .source = sources, .target = targets };

	a.of = mem_new(targets, sizeof *a.of);
	for (size_t i = 0; i < targets; i++)
		a.of[i] = ALIGN_NONE;
	return a;
}

static struct align by_number(size_t sources, size_t targets)
{
	struct align a = align_nothing(sources, targets);
	struct span s = { sources, 0, sources - 1 }, t = { targets, 0, targets - 1 };

	a.shared = sources < targets ? sources : targets;
	for (size_t i = 0; i < a.shared; i++)
		a.of[i] = (uint32_t)i;
	a.chance = chance(&s, &t);
	return a;
}

static struct align by_word(const struct dict *source, const struct dict *target)
{
	struct align a = align_nothing(dict_size(source), dict_size(target));
	struct span s = { 0 }, t = { 0 };
	size_t numbers = 0, n;
	uint64_t x;

	for (uint32_t i = 0; i < a.source; i++) {
		const char *word = dict_word(source, i, &n);

		if (whole(word, n, &x))
			widen(&s, x);
	}
	for (uint32_t i = 0; i < a.target; i++) {
		const char *word = dict_word(target, i, &n);
		bool number = whole(word, n, &x);

		if (number)
			widen(&t, x);
		if (!dict_find(source, word, n, &a.of[i])) {
			a.of[i] = ALIGN_NONE;
			continue;
		}
		a.shared++;
		numbers += number;
	}
	a.chance = numbers == a.shared ? chance(&s, &t) : 0;
	return a;
}

struct align align_new(const struct tensors *source, const struct tensors *target, const char *kind,
	size_t sources, size_t targets)
{
	struct dict *s = choice_names(source, kind), *t = choice_names(target, kind);
	struct align a;

	if (!s != !t)
		die("'vocab.%s' is in the %s alone: nothing says which of the other's ids is which",
			kind, s ? "source" : "target");
	a = s ? by_word(s, t) : by_number(sources, targets);
	if (s) {
		dict_free(s);
		dict_free(t);
	}
	return a;
}

void align_free(struct align *a)
{
	free(a->of);
	*a = (struct align){ 0 };
}
