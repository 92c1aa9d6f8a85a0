/* choice: names, conditions and popularity of five items, by hand. */
#include "choice.h"

#include <stdlib.h>
#include <unistd.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

enum { ITEMS = 5 };

static struct tensors set;

/* Items 0 .. 4: languages en fr en de fr; genres {war, love} {love} {} {war} {love}; shelf 7 8 7
 * 7 9. */
static void fill(void)
{
	static const uint32_t language[] = { 0, 1, 0, 2, 1 }, genre[] = { 0, 1, 1, 0, 1 };
	static const uint32_t shelf[] = { 7, 8, 7, 7, 9 };
	static const uint64_t at[] = { 0, 2, 3, 3, 4, 5 }, words[] = { 0, 2, 4, 6 };
	static const uint64_t genres[] = { 0, 3, 7 };

	made_column(&set, "item.cat.language", U32, ITEMS, language);
	made_column(&set, "vocab.item.cat.language.at", U64, 4, words);
	made_column(&set, "vocab.item.cat.language.text", U8, 6, "enfrde");
	made_column(&set, "item.bag.genre.at", U64, ITEMS + 1, at);
	made_column(&set, "item.bag.genre.id", U32, 5, genre);
	made_column(&set, "vocab.item.bag.genre.at", U64, 3, genres);
	made_column(&set, "vocab.item.bag.genre.text", U8, 7, "warlove");
	made_column(&set, "item.cat.shelf", U32, ITEMS, shelf);
}

static const char *meets(const char *condition)
{
	static char text[ITEMS + 1];
	uint8_t candidate[ITEMS] = { 1, 1, 1, 1, 1 };

	choice_where(candidate, ITEMS, &set, "--where", condition);
	for (int i = 0; i < ITEMS; i++)
		text[i] = (char)('0' + candidate[i]);
	return text;
}

static void meets_child(void *condition)
{
	meets(condition);
}

static void refused(const char *condition, int status, const char *want)
{
	ok(run(meets_child, condition) == status && strstr(said, want), want);
}

static void conditions(void)
{
	uint8_t candidate[ITEMS] = { 0, 1, 1, 1, 1 };

	same(meets("item.cat.language=en"), "10100", "a category");
	same(meets("item.cat.language!=en"), "01011", "not");
	same(meets("item.cat.language=de|fr"), "01011", "either");
	same(meets("item.bag.genre=war"), "10010", "one of several values");
	same(meets("item.bag.genre!=love"), "00110", "none of them");
	same(meets("item.cat.shelf=7|9"), "10111", "without words values are numbers");
	choice_where(candidate, ITEMS, &set, "--where", "item.cat.language=en");
	ok(!candidate[0] && candidate[2], "conditions add up");
	refused("item.cat.language=it", 1, "'item.cat.language' has no value 'it'");
	refused("item.cat.language=e", 1, "has no value 'e'");
	refused("item.cat.color=red", 1, "no 'item.cat.color' ahead of the rows");
	refused("user.cat.age=1", 2, "is not item.cat.NAME=VALUE or item.bag.NAME=VALUE");
	refused("item.cat.language", 2, "--where: 'item.cat.language' is not");
	ok(choice_carrier("item.cat.x") && choice_carrier("vocab.item.bag.x.at") &&
			!choice_carrier("item.num.x") && !choice_carrier("user.cat.x"),
		"what conditions need");
}

static void names(void)
{
	struct dict *names = choice_names(&set, "item.cat.language");
	struct choice_users asked = { .n = 0 };
	char path[] = "/tmp/choice-XXXXXX";
	int fd = mkstemp(path);

	ok(choice_id(names, "fr", 2, 3) == 1 && choice_id(names, "fr", 2, 1) == CHOICE_UNKNOWN &&
			choice_id(names, "xx", 2, 3) == CHOICE_UNKNOWN,
		"by a vocabulary");
	ok(choice_id(NULL, "12", 2, 13) == 12 && choice_id(NULL, "13", 2, 13) == CHOICE_UNKNOWN &&
			choice_id(NULL, "1x", 2, 13) == CHOICE_UNKNOWN &&
			choice_id(NULL, "", 0, 13) == CHOICE_UNKNOWN &&
			choice_id(NULL, "18446744073709551617", 20, 13) == CHOICE_UNKNOWN,
		"by number");
	if (fd < 0 || write(fd, "de\r\n\nen\nnobody", 14) != 14)
		exit(2);
	close(fd);
	choice_user(&asked, names, "fr", 2, 3);
	choice_user_file(&asked, names, path, 3);
	unlink(path);
	ok(asked.n == 4 && asked.at[0].id == 1 && asked.at[1].id == 2 && asked.at[2].id == 0,
		"in the order asked for");
	ok(asked.at[3].id == CHOICE_UNKNOWN && !asked.at[0].name, "one who is not there");
	same(asked.at[3].name, "nobody", "keeps his name");
	choice_users_free(&asked);
	dict_free(names);
	ok(!choice_names(&set, "user"), "no words");
}

static void popularity(void)
{
	const uint32_t users_of[] = { 2, 0, 5, 2, 5, 1 };
	uint32_t *order = choice_popular(users_of, 6);

	ok(memcmp(order, (uint32_t[]){ 2, 4, 0, 3, 5, 1 }, 24) == 0,
		"most first, of equal ones the lower id");
	free(order);
}

int main(void)
{
	die_name("unit");
	fill();
	conditions();
	names();
	popularity();
	tensors_free(&set);
	return done();
}
