/* Pairing of vocabularies, and what chance would share, worked by hand. */
#include "align.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

/* vocab.user of words between spaces. */
static void words(struct tensors *set, const char *text)
{
	struct tensor *at, *all = tensor_text("vocab.user.text", text);
	size_t n = 1, length = strlen(text), out = 0;
	char *to = all->data;
	uint64_t *offset;

	for (size_t i = 0; i < length; i++)
		n += text[i] == ' ';
	at = tensor_new("vocab.user.at", U64, n + 1, 0);
	offset = at->data;
	n = 0;
	for (size_t i = 0; i < length; i++) {
		if (text[i] == ' ')
			offset[++n] = out;
		else
			to[out++] = text[i];
	}
	offset[n + 1] = out;
	all->shape[0] = out;
	tensors_add(set, at);
	tensors_add(set, all);
}

static struct align pair(const char *source, const char *target)
{
	struct tensors s = { 0 }, t = { 0 };
	struct align a;

	if (source)
		words(&s, source);
	if (target)
		words(&t, target);
	a = align_new(&s, &t, "user", 3, 5);
	tensors_free(&s);
	tensors_free(&t);
	return a;
}

int main(void)
{
	struct align a = pair("ann bob cyd", "dan cyd ann");

	ok(a.source == 3 && a.target == 3 && a.shared == 2, "two of three words are shared");
	ok(a.of[0] == ALIGN_NONE && a.of[1] == 2 && a.of[2] == 0, "and found by name");
	ok(a.chance == 0 && !align_accidental(&a), "names do not meet by accident");
	align_free(&a);

	/* 0..5 has all of 6 numbers, 2..7 all of 6: 4 are common, by chance 4 x 1 x 1 */
	a = pair("0 1 2 3 4 5", "2 3 4 5 6 7");
	near(a.chance, 4, 1e-12, "two dense ranges share what lies in both");
	ok(a.shared == 4 && align_accidental(&a), "which looks like an accident");
	align_free(&a);

	/* 10 numbers of 1..1000 on either side: 1000 x 0.01 x 0.01 = 0.1, but all 10 are shared */
	a = pair("1 70 200 333 404 505 666 721 999 1000", "1 70 200 333 404 505 666 721 999 1000");
	near(a.chance, 0.1, 1e-12, "sparse numbers share little by chance");
	ok(!align_accidental(&a), "so the same sparse ones are the same people");
	align_free(&a);

	a = pair("0 1 2 ann", "0 1 2 ann");
	ok(a.shared == 4 && !align_accidental(&a), "a shared name is no number");
	align_free(&a);
	a = pair("0 1 2", "007 x");
	ok(a.shared == 0 && !align_accidental(&a), "nothing shared is no accident");
	align_free(&a);
	a = pair(NULL, NULL);
	ok(a.shared == 3 && a.of[2] == 2 && a.of[3] == ALIGN_NONE, "without words, by number");
	ok(align_accidental(&a), "which nothing vouches for");
	align_free(&a);
	a = align_nothing(3, 2);
	ok(a.shared == 0 && a.of[0] == ALIGN_NONE && a.of[1] == ALIGN_NONE, "nothing");
	align_free(&a);
	return done();
}
