#include "advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "text.h"

void advice_start(struct advice *a, const struct tensors *set, bool json)
{
	*a = (struct advice){ .set = set, .json = json };
	if (!json)
		puts("user,rank,item,score,source");
}

static void put_name(struct advice *a, const char *kind, uint32_t id, const char *name)
{
	char number[TEXT_NUMBER];
	size_t n;
	const char *word = name ? name : tensors_word(a->set, kind, id, &n);

	if (!word)
		snprintf(number, sizeof number, "%lu", (unsigned long)id);
	if (name || !word)
		n = strlen(word = name ? name : number);
	if (6 * n + 3 > a->room) {
		a->room = 2 * (6 * n + 3);
		a->word = mem_grow(a->word, a->room, 1);
	}
	n = (a->json ? text_json : text_csv)(a->word, word, n);
	fwrite(a->word, 1, n, stdout);
}

static void put_csv(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t id,
	const char *name, const char *source)
{
	char score[TEXT_NUMBER];

	for (size_t r = 0; r < lists->n[slot]; r++) {
		put_name(a, "user", id, name);
		printf(",%zu,", r + 1);
		put_name(a, "item", lists->item[slot * lists->k + r], NULL);
		text_float(score, lists->score[slot * lists->k + r]);
		printf(",%s,%s\n", score, source);
	}
}

static void put_json(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t id,
	const char *name, const char *source)
{
	char score[TEXT_NUMBER];

	fputs("{\"user\": ", stdout);
	put_name(a, "user", id, name);
	printf(", \"source\": \"%s\", \"items\": [", source);
	for (size_t r = 0; r < lists->n[slot]; r++) {
		fputs(r ? ", {\"item\": " : "{\"item\": ", stdout);
		put_name(a, "item", lists->item[slot * lists->k + r], NULL);
		text_float(score, lists->score[slot * lists->k + r]);
		printf(", \"score\": %s}", score);
	}
	fputs("]}\n", stdout);
}

void advice_put(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t user,
	const char *name, const char *source)
{
	(a->json ? put_json : put_csv)(a, lists, slot, user, name, source);
	if (ferror(stdout))
		die("stdout:");
}

void advice_end(struct advice *a)
{
	if (fflush(stdout) || ferror(stdout))
		die("stdout:");
	free(a->word);
}
