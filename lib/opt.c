#include "opt.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "die.h"
#include "lineage.h"
#include "mem.h"
#include "par.h"

enum { HELP_COLUMN = 26, HELP_WIDTH = 79 };

static struct provenance record;
static char **record_arg;
static size_t record_room;
static const char ***lists; /* of OPT_EACH: they live as long as the program */
static size_t n_lists;

static void record_add(char *line)
{
	if (record.args == record_room) {
		record_room = record_room ? 2 * record_room : 16;
		record_arg = mem_grow(record_arg, record_room, sizeof *record_arg);
	}
	record_arg[record.args++] = line;
	record.arg = record_arg;
}

/* Bytes <= 0x20, 0x7F and '%' as %HH, so that a value is one word of one line. */
static char *escape(const char *prefix, const char *text)
{
	char *line = mem_new(strlen(prefix) + 3 * strlen(text) + 1, 1), *to;

	to = line + sprintf(line, "%s", prefix);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c <= 0x20 || *c == 0x7F || *c == '%')
			to += sprintf(to, "%%%02X", *c);
		else
			*to++ = (char)*c;
	}
	return line;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static void record_each(const char *prefix, const struct opt *o)
{
	const struct opt_each *each = o->at;
	bool files = o->value && strcmp(o->value, "FILE") == 0;

	for (size_t i = 0; i < each->n; i++)
		record_add(escape(prefix, files ? base_name(each->at[i]) : each->at[i]));
}

static void record_text(const char *prefix, const struct opt *o)
{
	const char *text = *(const char **)o->at;

	if (text)
		record_add(escape(prefix, o->kind == OPT_KIND_FILE ? base_name(text) : text));
}

static void record_option(const struct opt *o)
{
	char prefix[80], value[64];

	if (o->silent)
		return;
	snprintf(prefix, sizeof prefix, "--%s%s", o->name, o->kind == OPT_KIND_FLAG ? "" : "=");
	switch (o->kind) {
	case OPT_KIND_FLAG:
		if (*(bool *)o->at)
			record_add(escape(prefix, ""));
		return;
	case OPT_KIND_INT:
		if (strcmp(o->name, "seed") == 0) {
			record.has_seed = true;
			record.seed = (uint64_t) * (long *)o->at;
			return;
		}
		snprintf(value, sizeof value, "%ld", *(long *)o->at);
		break;
	case OPT_KIND_REAL:
		if (isnan(*(double *)o->at))
			return;
		snprintf(value, sizeof value, "%.12g", *(double *)o->at);
		break;
	case OPT_KIND_SIZE:
		snprintf(value, sizeof value, "%llu", (unsigned long long)*(uint64_t *)o->at);
		break;
	case OPT_KIND_TEXT:
	case OPT_KIND_FILE:
		record_text(prefix, o);
		return;
	case OPT_KIND_EACH:
		record_each(prefix, o);
		return;
	}
	record_add(escape(prefix, value));
}

static void print_default(const struct opt *o)
{
	if (o->kind == OPT_KIND_INT)
		printf(" [%ld]", *(long *)o->at);
	else if (o->kind == OPT_KIND_REAL && !isnan(*(double *)o->at))
		printf(" [%g]", *(double *)o->at);
	else if ((o->kind == OPT_KIND_TEXT || o->kind == OPT_KIND_FILE) && *(const char **)o->at)
		printf(" [%s]", *(const char **)o->at);
}

/* Help wrapped at HELP_WIDTH, continued under its own column. */
static void print_wrapped(const char *text)
{
	size_t column = HELP_COLUMN;

	while (*text) {
		size_t word = strcspn(text, " ");

		if (column > HELP_COLUMN && column + 1 + word > HELP_WIDTH) {
			printf("\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		} else if (column > HELP_COLUMN) {
			putchar(' ');
			column++;
		}
		printf("%.*s", (int)word, text);
		column += word;
		text += word;
		text += strspn(text, " ");
	}
}

static void help(
	const char *summary, const char *operands, const char *examples, const struct opt *opts)
{
	printf("usage: %s [OPTION]...%s%s\n%s\n\n", prog, operands ? " " : "",
		operands ? operands : "", summary);
	for (const struct opt *o = opts; o->name; o++) {
		int n = printf(o->letter ? "  -%c, --%s%s%s" : "  %c   --%s%s%s",
			o->letter ? o->letter : ' ', o->name, o->value ? " " : "",
			o->value ? o->value : "");

		if (n >= HELP_COLUMN - 1)
			n = printf("\n") - 1;
		printf("%*s", HELP_COLUMN - n, "");
		print_wrapped(o->help);
		print_default(o);
		putchar('\n');
	}
	printf("      --help              this text\n      --version           name and version\n");
	if (examples)
		printf("\n%s\n", examples);
	exit(fflush(stdout) ? 1 : 0);
}

static double number(const struct opt *o, const char *text)
{
	char *end;
	double x;

	errno = 0;
	x = strtod(text, &end);
	if (end == text || *end || errno || strpbrk(text, "xXnNpP \t\n"))
		die_usage("--%s: '%s' is not a number", o->name, text);
	if (o->kind == OPT_KIND_INT && x != (double)(long)x)
		die_usage("--%s: '%s' is not a whole number", o->name, text);
	if (!(x >= o->low && x <= o->high))
		die_usage("--%s: %s is not in %.12g..%.12g", o->name, text, o->low, o->high);
	return x;
}

static uint64_t size_of(const struct opt *o, const char *text)
{
	static const char units[] = "KMGT";
	char *end;
	unsigned long long x;
	const char *unit;

	errno = 0;
	x = strtoull(text, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	if (end == text || *text == '-' || errno || (*end && (!unit || end[1])) || x > 1ull << 40)
		die_usage("--%s: '%s' is not a size like 500M or 12G", o->name, text);
	return (uint64_t)x << (unit ? 10 * (unit - units + 1) : 0);
}

static void set(const struct opt *o, const char *text)
{
	struct opt_each *each = o->at;

	switch (o->kind) {
	case OPT_KIND_FLAG:
		if (o->at)
			*(bool *)o->at = true;
		else
			die_quiet();
		break;
	case OPT_KIND_INT:
		*(long *)o->at = (long)number(o, text);
		break;
	case OPT_KIND_REAL:
		*(double *)o->at = number(o, text);
		break;
	case OPT_KIND_TEXT:
	case OPT_KIND_FILE:
		if (!*text)
			die_usage("--%s: an empty value", o->name);
		*(const char **)o->at = text;
		break;
	case OPT_KIND_EACH:
		if (!*text)
			die_usage("--%s: an empty value", o->name);
		each->at = mem_grow(each->at, each->n + 1, sizeof *each->at);
		each->at[each->n++] = text;
		break;
	case OPT_KIND_SIZE:
		*(uint64_t *)o->at = size_of(o, text);
		break;
	}
}

/* argv[i] is "--name" or "--name=value"; returns how many arguments were used. */
static int parse_long(char **argv, int i, int argc, const struct opt *opts)
{
	const char *name = argv[i] + 2;
	size_t n = strcspn(name, "=");

	for (const struct opt *o = opts; o->name; o++) {
		if (strncmp(o->name, name, n) != 0 || o->name[n])
			continue;
		if (o->kind == OPT_KIND_FLAG) {
			if (name[n])
				die_usage("--%s takes no value", o->name);
			set(o, NULL);
			return 1;
		}
		if (name[n]) {
			set(o, name + n + 1);
			return 1;
		}
		if (i + 1 >= argc)
			die_usage("--%s needs a value", o->name);
		set(o, argv[i + 1]);
		return 2;
	}
	die_usage("--%.*s: no such option", (int)n, name);
}

/* argv[i] is a group of short options, "-qk16" or "-k 16". */
static int parse_short(char **argv, int i, int argc, const struct opt *opts)
{
	for (const char *c = argv[i] + 1; *c; c++) {
		const struct opt *o = opts;

		while (o->name && o->letter != *c)
			o++;
		if (!o->name)
			die_usage("-%c: no such option", *c);
		if (o->kind == OPT_KIND_FLAG) {
			set(o, NULL);
			continue;
		}
		if (c[1]) {
			set(o, c + 1);
			return 1;
		}
		if (i + 1 >= argc)
			die_usage("-%c needs a value", *c);
		set(o, argv[i + 1]);
		return 2;
	}
	return 1;
}

/* Options may stand before, between and after operands, which end up last; returns the index of
 * the first. */
static int parse_all(int argc, char **argv, const struct opt *opts)
{
	int first = 1, i = 1;

	while (i < argc) {
		bool end = strcmp(argv[i], "--") == 0;
		char *moved[2];
		int used = 1;

		if (argv[i][0] != '-' || !argv[i][1]) {
			i++;
			continue;
		}
		if (!end)
			used = argv[i][1] == '-' ? parse_long(argv, i, argc, opts)
						 : parse_short(argv, i, argc, opts);
		memcpy(moved, argv + i, (size_t)used * sizeof *argv);
		memmove(argv + first + used, argv + first, (size_t)(i - first) * sizeof *argv);
		memcpy(argv + first, moved, (size_t)used * sizeof *argv);
		first += used;
		i += used;
		if (end)
			break;
	}
	return first;
}

/* The standard descriptors exist, so that no file that is opened later becomes one of them. */
static void open_standard(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (lseek(fd, 0, SEEK_CUR) < 0 && errno == EBADF)
			die("%s is closed", fd == 0 ? "stdin" : fd == 1 ? "stdout" : "stderr");
}

int opt_parse(int argc, char **argv, const char *summary, const char *operands,
	const char *examples, const struct opt *opts)
{
	static char tool[128];
	int i = 1;

	die_name(argc > 0 ? argv[0] : "rs-tools");
	open_standard();
	for (int j = 1; j < argc && strcmp(argv[j], "--") != 0; j++) {
		if (strcmp(argv[j], "--help") == 0)
			help(summary, operands, examples, opts);
		if (strcmp(argv[j], "--version") == 0) {
			printf("%s %s\n", prog, VERSION);
			exit(fflush(stdout) ? 1 : 0);
		}
	}
	for (const struct opt *o = opts; o->name; o++)
		if (strcmp(o->name, "level") == 0 && getenv("RS_LEVEL"))
			set(o, getenv("RS_LEVEL"));
	par_start(argv);
	i = parse_all(argc, argv, opts);
	if (i < argc && !operands)
		die_usage("'%s': takes no operands", argv[i]);
	snprintf(tool, sizeof tool, "%s %s", prog, VERSION);
	record.tool = tool;
	for (const struct opt *o = opts; o->name; o++) {
		record_option(o);
		if (o->kind != OPT_KIND_EACH)
			continue;
		lists = mem_grow(lists, n_lists + 1, sizeof *lists);
		lists[n_lists++] = ((const struct opt_each *)o->at)->at;
	}
	for (int j = i; j < argc; j++)
		record_add(escape("", base_name(argv[j])));
	return i;
}

const struct provenance *opt_provenance(void)
{
	return &record;
}

/* Whether the lists, between the first's commas and the second's spaces, have a word in common. */
static bool meet(const char *list, const char *words)
{
	for (size_t n; *list; list += n + (list[n] != 0)) {
		n = strcspn(list, ",");
		for (const char *w = words; *w; w += strcspn(w, " "), w += *w == ' ')
			if (n && strcspn(w, " ") == n && strncmp(list, w, n) == 0)
				return true;
	}
	return false;
}

void opt_check_only(const char *option, const char *chosen, const struct opt_only *only, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (only[i].given && !meet(chosen, only[i].choices))
			die_usage("--%s: has no effect with --%s %s; it is of %s", only[i].name, option,
				chosen, only[i].choices);
}

bool opt_second(const char *option, const char *given, const char *first, const char *second)
{
	if (strcmp(given, first) != 0 && strcmp(given, second) != 0)
		die_usage("%s: '%s' is not %s or %s", option, given, first, second);
	return strcmp(given, second) == 0;
}

size_t opt_list(
	const char *option, const char *text, long low, long high, size_t *list, size_t room)
{
	size_t n = 0;

	while (text && *text) {
		char *end;
		long x;

		errno = 0;
		x = strtol(text, &end, 10);
		if (end == text || (*end && *end != ',') || errno || (*end == ',' && !end[1]))
			die_usage("--%s: '%s' is not a list like 128,64", option, text);
		if (x < low || x > high)
			die_usage("--%s: %ld is not in %ld..%ld", option, x, low, high);
		if (n == room)
			die_usage("--%s: more than %zu numbers", option, room);
		list[n++] = (size_t)x;
		text = *end ? end + 1 : end;
	}
	return n;
}
