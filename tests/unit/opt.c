/* opt: values, lists and the call as history records it; tests/cli/opt.t has what is refused. */
#include "opt.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "lineage.h"
#include "tap.h"

static bool flag;
static long seed = 1, dim = 16;
static double rate = 0.1, none = NAN;
static const char *text, *file;
static uint64_t size;
static struct opt_each each, files;

static const struct opt opts[] = {
	OPT_SEED(&seed),
	OPT_FLAG('f', "flag", &flag, "a flag"),
	OPT_INT('k', "dim", &dim, 1, 4096, "a number"),
	OPT_REAL(0, "rate", &rate, 0, 1, "a real"),
	OPT_REAL(0, "none", &none, 0, 1, "one without default"),
	OPT_TEXT(0, "text", &text, "WORD", "a text"),
	OPT_FILE(0, "file", &file, "a file"),
	OPT_EACH(0, "each", &each, "WORD", "several"),
	OPT_EACH(0, "files", &files, "FILE", "several files"),
	{ 0, "memory", OPT_KIND_SIZE, &size, 0, 0, "SIZE", "a size", true },
	OPT_END,
};

static int parse(const char *const *word)
{
	static char copy[16][32]; /* values point into it */
	char *argv[16];
	int n = 0;

	for (; word[n]; n++)
		argv[n] = strcpy(copy[n], word[n]);
	argv[n] = NULL;
	return opt_parse(n, argv, "test", "[FILE...]", NULL, opts);
}

/* The arguments that history records, with '|' between. */
static const char *recorded(void)
{
	const struct provenance *by = opt_provenance();
	static char line[400];
	size_t n = 0;

	for (size_t i = 0; i < by->args; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, "%s|", by->arg[i]);
	return line;
}

static void values(void)
{
	static const char *const word[] = { "bin/rs-x", "-fk8", "--rate=.25", "--text", "a b%",
		"--file", "/data/in.csv", "--each", "p", "--each=q", "--files", "d/f.tsv",
		"--memory=2G", "--seed=7", "c/d.rts", NULL };

	ok(parse(word) == 14, "the first operand");
	ok(flag && dim == 8 && rate == 0.25 && seed == 7 && isnan(none), "flags and numbers");
	ok(strcmp(text, "a b%") == 0 && strcmp(file, "/data/in.csv") == 0, "texts");
	ok(each.n == 2 && strcmp(each.at[1], "q") == 0 && files.n == 1, "each of several");
	ok(size == (uint64_t)2 << 30, "a size");
	same(opt_provenance()->tool, "rs-x 0.1.0", "name and version");
	ok(opt_provenance()->has_seed && opt_provenance()->seed == 7, "the seed");
	same(recorded(),
		"--flag|--dim=8|--rate=0.25|--text=a%20b%25|--file=in.csv|--each=p|--each=q|"
		"--files=f.tsv|d.rts|",
		"effective values, base names, %HH; what changes no result is left out");
}

static void list(void *arg)
{
	size_t number[3];

	opt_list("hidden", arg, 1, 100, number, 3);
}

static void only(void *chosen)
{
	const struct opt_only of[] = { { "wide", false, "lr" }, { "deep", true, "mlp deepfm" } };

	opt_check_only("arch", chosen, of, 2);
}

static void second(void *given)
{
	_exit(opt_second("--how", given, "fast", "slow") ? 77 : 78);
}

static void checks(void)
{
	size_t number[3];

	ok(opt_list("hidden", "100,2,1", 1, 100, number, 3) == 3 && number[0] == 100 &&
			number[2] == 1,
		"a list");
	ok(opt_list("hidden", "", 1, 100, number, 3) == 0, "an empty one");
	ok(run(list, "1,2,3,4") == 2 && strstr(said, "--hidden: more than 3 numbers"), "too many");
	ok(run(list, "101") == 2 && strstr(said, "101 is not in 1..100"), "too large");
	ok(run(list, "1,") == 2 && run(list, "1;2") == 2 && run(list, "x") == 2, "no list");
	ok(run(only, "deepfm") == 0, "an option of the choice");
	ok(run(only, "lr") == 2 &&
			strstr(said, "--deep: has no effect with --arch lr; it is of mlp deepfm"),
		"one of another");
	ok(run(only, "deep") == 2, "whole words");
	ok(run(second, "slow") == 77 && run(second, "fast") == 78, "the second of two words");
	ok(run(second, "slower") == 2 && strstr(said, "--how: 'slower' is not fast or slow"),
		"or none");
}

int main(void)
{
	setenv("OMP_WAIT_POLICY", "passive", 1); /* or the program would be started anew for it */
	values();
	checks();
	return done();
}
