#include "history.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codec.h"
#include "mem.h"
#include "text.h"

enum { MOST_NAMED = 16 };

struct stage {
	const char *text;
	uint32_t crc;
	size_t sources, source; /* how many it read, and the first of them: index + 1 or 0 */
	size_t next; /* index + 1 of the stage that reads this one alone */
	size_t pipeline; /* number, from 1 */
};

/* The value of `line` when its key is `key`; its end in *n. */
static const char *value(const char *line, const char *key, size_t *n)
{
	size_t k = strlen(key);

	if (strncmp(line, key, k) != 0 || line[k] != ' ')
		return NULL;
	*n = strcspn(line + k + 1, "\n");
	return line + k + 1;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

static size_t with_crc(const struct stage *stage, size_t n, uint32_t crc)
{
	while (n && stage[n - 1].crc != crc)
		n--;
	return n;
}

/* Links stage i to those before it. */
static void link_stage(struct stage *stage, size_t i)
{
	struct stage *s = stage + i;
	const char *at;
	size_t n;

	for (const char *line = s->text; *line; line = next_line(line)) {
		if (!(at = value(line, "from", &n)))
			continue;
		if (s->sources++ == 0)
			s->source = with_crc(stage, i, (uint32_t)strtoul(at, NULL, 16));
	}
	if (s->sources == 1 && s->source && !stage[s->source - 1].next)
		stage[s->source - 1].next = i + 1;
}

static bool continues(const struct stage *stage, size_t i)
{
	return stage[i].sources == 1 && stage[i].source && stage[stage[i].source - 1].next == i + 1;
}

/* %HH back to bytes, then quoted for a shell. */
static void print_word(FILE *to, const char *word, size_t n)
{
	static const char hex[] = "0123456789ABCDEFabcdef";
	char *plain = mem_new(n + 1, 1), *quoted;
	size_t m = 0;

	for (size_t i = 0; i < n; i++) {
		if (word[i] == '%' && i + 2 < n && strspn(word + i + 1, hex) >= 2) {
			char pair[3] = { word[i + 1], word[i + 2], 0 };

			plain[m++] = (char)strtoul(pair, NULL, 16);
			i += 2;
		} else {
			plain[m++] = word[i];
		}
	}
	quoted = mem_new(4 * m + 4, 1);
	text_quote(quoted, plain, m);
	fprintf(to, " %s", quoted);
	free(plain);
	free(quoted);
}

static bool is_tool(const char *name, size_t n)
{
	return n > 3 && strncmp(name, "rs-", 3) == 0 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") >= n;
}

static void print_stage(FILE *to, const char *text)
{
	const char *at = NULL;
	size_t n = 0, name;

	for (const char *line = text; *line && !at; line = next_line(line))
		at = value(line, "tool", &n);
	name = at ? strcspn(at, " \n") : 0;
	if (!at || !is_tool(at, name)) { /* whoever pastes this must not run it unseen */
		fprintf(to, "false # stage of an unknown tool");
		return;
	}
	fprintf(to, "%.*s", (int)name, at);
	for (const char *line = text; *line; line = next_line(line)) {
		at = value(line, "seed", &n);
		if (at && n && strspn(at, "0123456789") == n)
			fprintf(to, " --seed %.*s", (int)n, at);
	}
	for (const char *line = text; *line; line = next_line(line))
		if ((at = value(line, "arg", &n)))
			print_word(to, at, n);
}

/* "# 3, reads 1 and 2 together:" */
static void print_heading(FILE *to, const struct stage *stage, size_t i, size_t n)
{
	const char *at, *word = ", reads";
	size_t length, from, named = 0;

	fprintf(to, "# %zu", stage[i].pipeline);
	for (const char *line = stage[i].text; *line && named < MOST_NAMED;
		line = next_line(line)) {
		if (!(at = value(line, "from", &length)))
			continue;
		named++;
		from = with_crc(stage, n, (uint32_t)strtoul(at, NULL, 16));
		if (from)
			fprintf(to, "%s %zu", word, stage[from - 1].pipeline);
		else
			fprintf(to, "%s something unknown", word);
		word = " and";
	}
	if (stage[i].sources > named)
		fprintf(to, " and %zu more", stage[i].sources - named);
	fprintf(to, ":\n");
}

void history_print(FILE *to, const char *const *entries, size_t n)
{
	struct stage *stage = mem_new(n, sizeof *stage);
	size_t pipelines = 0;

	for (size_t i = 0; i < n; i++) {
		stage[i].text = entries[i];
		stage[i].crc = codec_crc(0, entries[i], strlen(entries[i]));
	}
	for (size_t i = 0; i < n; i++)
		link_stage(stage, i);
	for (size_t i = 0; i < n; i++)
		stage[i].pipeline =
			continues(stage, i) ? stage[stage[i].source - 1].pipeline : ++pipelines;
	for (size_t i = 0; i < n; i++) {
		if (continues(stage, i))
			continue;
		if (pipelines > 1)
			print_heading(to, stage, i, n);
		for (size_t j = i + 1; j; j = stage[j - 1].next) {
			print_stage(to, stage[j - 1].text);
			fprintf(to, stage[j - 1].next ? " |\n\t" : "\n");
		}
	}
	free(stage);
}
