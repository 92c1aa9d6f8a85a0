/* opt -- argv. Owns: the option table, --help, --version, what history records of a call.
 *
 * One table gives parsing, range check and help; a variable's value is its default and is what
 * help prints; a real that starts as NAN has none, and stays NAN when nobody gives it. Long options
 * take `--name value` or `--name=value`; short ones can be grouped; `--` ends options. */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"

enum opt_kind {
	OPT_KIND_FLAG,
	OPT_KIND_INT,
	OPT_KIND_REAL,
	OPT_KIND_TEXT,
	OPT_KIND_FILE,
	OPT_KIND_EACH,
	OPT_KIND_SIZE
};

/* Every value of an option that may be given several times, in order. */
struct opt_each {
	const char **at;
	size_t n;
};

struct opt {
	char letter; /* 0: none */
	const char *name; /* without -- */
	enum opt_kind kind;
	void *at; /* bool, long, double, const char *, const char *, struct opt_each, uint64_t */
	double low, high; /* INT, REAL: inclusive range */
	const char *value; /* what help calls the value: "FILE", "N" */
	const char *help;
	bool silent; /* changes no result, so history does not record it */
};

#define OPT_FLAG(letter, name, at, help)                                                           \
	{                                                                                          \
		letter, name, OPT_KIND_FLAG, at, 0, 0, NULL, help, false                           \
	}
#define OPT_INT(letter, name, at, low, high, help)                                                 \
	{                                                                                          \
		letter, name, OPT_KIND_INT, at, low, high, "N", help, false                        \
	}
#define OPT_REAL(letter, name, at, low, high, help)                                                \
	{                                                                                          \
		letter, name, OPT_KIND_REAL, at, low, high, "X", help, false                       \
	}
#define OPT_TEXT(letter, name, at, value, help)                                                    \
	{                                                                                          \
		letter, name, OPT_KIND_TEXT, at, 0, 0, value, help, false                          \
	}
#define OPT_FILE(letter, name, at, help)                                                           \
	{                                                                                          \
		letter, name, OPT_KIND_FILE, at, 0, 0, "FILE", help, false                         \
	}
#define OPT_EACH(letter, name, at, value, help)                                                    \
	{                                                                                          \
		letter, name, OPT_KIND_EACH, at, 0, 0, value, help, false                          \
	}
/* -s --seed, the same in every filter. */
#define OPT_SEED(at) OPT_INT('s', "seed", at, 0, 9e15, "seed of everything random")
/* -o, -z, --memory, --sha256, -q: for a filter that writes a stream (struct stream_options *, which
 * starts as STREAM_OPTIONS). The environment's RS_LEVEL is another default for --level. */
#define OPT_STREAM(o)                                                                              \
	{ 'o', "output", OPT_KIND_FILE, &(o)->output, 0, 0, "FILE",                                \
		"write FILE, renamed when whole, instead of stdout", true },                       \
		{ 'z', "level", OPT_KIND_INT, &(o)->level, 0, 9, "N",                              \
			"0 stored, 1 fast, 6 small, 9 smallest", true },                           \
		{ 0, "memory", OPT_KIND_SIZE, &(o)->memory, 0, 0, "SIZE",                          \
			"refuse to hold more than SIZE (12G, 500M) of tensors", true },            \
		{ 0, "sha256", OPT_KIND_FLAG, &(o)->sha256, 0, 0, NULL,                            \
			"add SHA-256 digests to the history entry", true },                        \
		OPT_QUIET
#define OPT_QUIET                                                                                  \
	{                                                                                          \
		'q', "quiet", OPT_KIND_FLAG, NULL, 0, 0, NULL, "say nothing but errors", true      \
	}
#define OPT_END                                                                                    \
	{                                                                                          \
		0, NULL, OPT_KIND_FLAG, NULL, 0, 0, NULL, NULL, false                              \
	}

/* Starts the program: names it, par_start, --help and --version (stdout, exit 0), then options.
 *
 * summary   one line: what the program does
 * operands  what help calls them ("[FILE...]"), NULL when there are none (giving one is wrong use)
 * examples  text printed at the end of help, one or two pipelines, or NULL
 * Returns the index in argv of the first operand. */
int opt_parse(int argc, char **argv, const char *summary, const char *operands,
	const char *examples, const struct opt *opts);

/* The call as history records it: long options with their effective values, operands and files as
 * base names, bytes <= 0x20, 0x7F and % as %HH. Valid till exit. */
const struct provenance *opt_provenance(void);

/* An option that only some choices of another one have. */
struct opt_only {
	const char *name;
	bool given; /* or: not its default */
	const char *choices; /* between spaces */
};

/* Dies by usage when one of only[0 .. n) was given that no choice in the list `chosen` has: it would
 * have no effect. */
void opt_check_only(const char *option, const char *chosen, const struct opt_only *only, size_t n);

/* Whether a word is `second`; dies by usage when it is not `first` either. */
bool opt_second(const char *option, const char *given, const char *first, const char *second);

/* "400,400,400" -> numbers; returns how many (at most room), dies by usage unless each is an
 * integer in low .. high. An empty text gives none. */
size_t opt_list(
	const char *option, const char *text, long low, long high, size_t *list, size_t room);

#endif
