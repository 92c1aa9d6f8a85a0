/* text -- values and strings for people and TSV. Owns: how numbers are written, what is escaped.
 *
 * A leaf: writes into the caller's buffer, which is NUL-terminated, and returns its length; only
 * struct text grows. */
#ifndef TEXT_H
#define TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tensor.h"

enum { TEXT_NUMBER = 40 };

/* Text under construction; starts zeroed, at is freed with free(). */
struct text {
	char *at;
	size_t n, room;
};
void text_add(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vadd(struct text *t, const char *format, va_list args);

bool text_starts(const char *text, const char *with);
bool text_ends(const char *text, const char *with);

/* The fewest digits that read back as the same number: 0.1, -3, 1e-20, nan, inf. */
size_t text_float(char to[TEXT_NUMBER], float x);
size_t text_double(char to[TEXT_NUMBER], double x);

/* Element i of data; a dtype that is not known here gives "?". */
size_t text_element(char to[TEXT_NUMBER], enum dtype dtype, const void *data, size_t i);

/* n bytes with tab, newline, return and backslash as \t \n \r \\, and as \xHH what is not UTF-8
 * or is a control character, so that no terminal is told anything. Room: 4 n + 1. */
size_t text_clean(char *to, const char *bytes, size_t n);

/* One word for a shell: as it is when harmless, else in quotes. Room: 4 n + 4. */
size_t text_quote(char *to, const char *bytes, size_t n);

/* A field of CSV, its bytes as they are, in double quotes if need be. Room: 2 n + 3. */
size_t text_csv(char *to, const char *bytes, size_t n);

/* A JSON string with its quotes; bytes that are not UTF-8 become U+FFFD. Room: 6 n + 3. */
size_t text_json(char *to, const char *bytes, size_t n);

#endif
