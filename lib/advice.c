#include "advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "mem.h"
#include "text.h"

void advice_start(struct advice *a, const struct tensors *set, bool json, size_t why)
{
	*a = (struct advice){ .set = set, .json = json, .why = why };
	a->reason = mem_new(why, sizeof *a->reason);
	if (!json)
		puts(why ? "user,rank,item,score,source,why" : "user,rank,item,score,source");
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

/* ---- reasons ---- */

/* What an item, user or value is called. */
static void add_word(struct text *t, const struct advice *a, const char *kind, uint32_t id)
{
	size_t n;
	const char *word = tensors_word(a->set, kind, id, &n);

	if (word)
		text_add(t, "%.*s", (int)n, word);
	else
		text_add(t, "%lu", (unsigned long)id);
}

static void put_text(struct advice *a, const struct text *t)
{
	if (6 * t->n + 3 > a->room) {
		a->room = 2 * (6 * t->n + 3);
		a->word = mem_grow(a->word, a->room, 1);
	}
	fwrite(a->word, 1, (a->json ? text_json : text_csv)(a->word, t->at ? t->at : "", t->n),
		stdout);
}

/* "dune 0.8; item.bag.genres=space 0.2" */
static void put_why_csv(struct advice *a, size_t n)
{
	struct text t = { NULL, 0, 0 };
	char share[TEXT_NUMBER];

	for (size_t i = 0; i < n; i++) {
		const struct reason *r = &a->reason[i];

		text_float(share, r->share);
		text_add(&t, "%s", i ? "; " : "");
		if (r->feature)
			text_add(&t, "%s%s", r->feature, r->kind == REASON_VALUE ? "=" : "");
		if (r->kind == REASON_NUMBER && r->id)
			text_add(&t, "[%lu]", (unsigned long)r->id);
		else if (r->kind != REASON_NUMBER)
			add_word(&t, a,
				r->feature		 ? r->feature
				: r->kind == REASON_USER ? "user"
							 : "item",
				r->id);
		text_add(&t, " %s", share);
	}
	putchar(',');
	put_text(a, &t);
	free(t.at);
}

static void put_why_json(struct advice *a, size_t n)
{
	static const char *const key[] = { "item", "user", "value", "place" };
	char share[TEXT_NUMBER];

	fputs(", \"why\": [", stdout);
	for (size_t i = 0; i < n; i++) {
		const struct reason *r = &a->reason[i];
		struct text t = { NULL, 0, 0 };

		fputs(i ? ", {" : "{", stdout);
		if (r->feature)
			printf("\"feature\": \"%s\", ", r->feature);
		printf("\"%s\": ", key[r->kind]);
		if (r->kind == REASON_NUMBER) {
			printf("%lu", (unsigned long)r->id);
		} else {
			add_word(&t, a, r->feature ? r->feature : key[r->kind], r->id);
			put_text(a, &t);
		}
		text_float(share, r->share);
		printf(", \"share\": %s}", share);
		free(t.at);
	}
	fputs("]", stdout);
}

static void put_why(struct advice *a, uint32_t user, uint32_t item, const struct advice_why *why)
{
	size_t n = 0;

	if (!a->why)
		return;
	if (why->reasons)
		n = reasons_find(why->reasons, user, item, why->had, why->n, a->reason, a->why);
	(a->json ? put_why_json : put_why_csv)(a, n);
}

static void put_csv(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t id,
	const char *name, const char *source, const struct advice_why *why)
{
	char score[TEXT_NUMBER];

	for (size_t r = 0; r < lists->n[slot]; r++) {
		put_name(a, "user", id, name);
		printf(",%zu,", r + 1);
		put_name(a, "item", lists->item[slot * lists->k + r], NULL);
		text_float(score, lists->score[slot * lists->k + r]);
		printf(",%s,%s", score, source);
		put_why(a, id, lists->item[slot * lists->k + r], why);
		putchar('\n');
	}
}

static void put_json(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t id,
	const char *name, const char *source, const struct advice_why *why)
{
	char score[TEXT_NUMBER];

	fputs("{\"user\": ", stdout);
	put_name(a, "user", id, name);
	printf(", \"source\": \"%s\", \"items\": [", source);
	for (size_t r = 0; r < lists->n[slot]; r++) {
		fputs(r ? ", {\"item\": " : "{\"item\": ", stdout);
		put_name(a, "item", lists->item[slot * lists->k + r], NULL);
		text_float(score, lists->score[slot * lists->k + r]);
		printf(", \"score\": %s", score);
		put_why(a, id, lists->item[slot * lists->k + r], why);
		putchar('}');
	}
	fputs("]}\n", stdout);
}

void advice_put(struct advice *a, const struct ranking_lists *lists, size_t slot, uint32_t user,
	const char *name, const char *source, const struct advice_why *why)
{
	(a->json ? put_json : put_csv)(a, lists, slot, user, name, source, why);
	if (ferror(stdout))
		die("stdout:");
}

void advice_end(struct advice *a)
{
	if (fflush(stdout) || ferror(stdout))
		die("stdout:");
	free(a->word);
	free(a->reason);
}
