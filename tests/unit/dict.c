/* dict: ids by first appearance, growth, words that are bytes. */
#include "dict.h"

#include <stdlib.h>

#include "tap.h"

static uint32_t id(struct dict *d, const char *word)
{
	return dict_add(d, word, strlen(word));
}

/* Numbers are found without hashing once the dictionary was merged into; nothing else changes. */
static bool numbers(void)
{
	struct dict *d = dict_new(), *from = dict_new();
	static const char *const words[] = { "7", "x", "007", "0", "400000", "99999999", "1",
		"12" };
	struct csv_field field[8];
	uint32_t got[8], merged[8], next = 8;
	bool good = true;
	char word[16];

	for (size_t i = 0; i < 8; i++) {
		static char padded[8][16];

		snprintf(padded[i], sizeof padded[i], "%s", words[i]);
		field[i] = (struct csv_field){ padded[i], strlen(words[i]) };
		good = good && id(from, words[i]) == i;
	}
	dict_merge(d, from, merged);
	for (uint32_t i = 0; i < 70000; i++) {
		uint32_t x = id(d, (snprintf(word, sizeof word, "%u", i * 2), word));

		good = good && (i == 0 || i == 6 || i == 200000 ? x < 8 : x == next++);
	}
	dict_find_all(d, field, 8, got);
	for (uint32_t i = 0; i < 8; i++)
		good = good && merged[i] == i && got[i] == i;
	field[0] = (struct csv_field){ "3       ", 1 };
	dict_find_all(d, field, 1, got);
	good = good && got[0] == DICT_NONE;
	dict_free(d);
	dict_free(from);
	return good;
}

int main(void)
{
	struct dict *d = dict_new();
	uint32_t found, good = 1;
	char word[32], *text;
	uint64_t *at;
	size_t n;

	ok(id(d, "b") == 0 && id(d, "a") == 1 && id(d, "b") == 0, "ids by first appearance");
	ok(id(d, "") == 2 && id(d, "") == 2, "the empty word is a word");
	ok(id(d, "7") == 3 && id(d, "007") == 4, "7 is not 007");
	ok(dict_add(d, "a\0b", 3) == 5 && dict_add(d, "a\0c", 3) == 6, "words are bytes");
	ok(id(d, "12345678") == 7 && id(d, "123456789") == 8 && id(d, "12345678") == 7,
		"8, 9 bytes");
	ok(dict_find(d, "a", 1, &found) && found == 1, "found");
	ok(!dict_find(d, "zz", 2, &found), "not found, not added");
	ok(dict_size(d) == 9, "size");
	for (uint32_t i = 0; i < 100000; i++)
		good &= id(d, (snprintf(word, sizeof word, "w%u", i * 7919), word)) == 9 + i;
	for (uint32_t i = 0; i < 100000; i++)
		good &= id(d, (snprintf(word, sizeof word, "w%u", i * 7919), word)) == 9 + i;
	ok(good && dict_size(d) == 100009, "a hundred thousand words keep their ids");
	ok(strncmp(dict_word(d, 9 + 1, &n), "w7919", 5) == 0 && n == 5, "the word of an id");
	ok(dict_memory(d) > 100009 * (sizeof *at + 5), "memory is counted");
	ok(numbers(), "numbers among words");
	dict_move(d, &at, &text);
	ok(at[0] == 0 && at[1] == 1 && at[2] == 2 && at[3] == 2 && text[0] == 'b', "moved out");
	free(at);
	free(text);
	return done();
}
