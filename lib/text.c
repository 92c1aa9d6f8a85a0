#include "text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "quantise.h"

size_t text_double(char to[TEXT_NUMBER], double x)
{
	int n = 0;

	if (isnan(x))
		return (size_t)snprintf(to, TEXT_NUMBER, "nan");
	for (int digits = 15; digits <= 17; digits++) {
		n = snprintf(to, TEXT_NUMBER, "%.*g", digits, x);
		if (strtod(to, NULL) == x)
			break;
	}
	return (size_t)n;
}

bool text_starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

bool text_ends(const char *text, const char *with)
{
	size_t n = strlen(text), m = strlen(with);

	return n >= m && strcmp(text + n - m, with) == 0;
}

size_t text_float(char to[TEXT_NUMBER], float x)
{
	int n = 0;

	if (isnan(x))
		return (size_t)snprintf(to, TEXT_NUMBER, "nan");
	for (int digits = 6; digits <= 9; digits++) {
		n = snprintf(to, TEXT_NUMBER, "%.*g", digits, (double)x);
		if (strtof(to, NULL) == x)
			break;
	}
	return (size_t)n;
}

static float from_bits(uint32_t bits)
{
	float x;

	memcpy(&x, &bits, sizeof x);
	return x;
}

#define AT(type, data, i) (((const type *)(data))[i])

size_t text_element(char to[TEXT_NUMBER], enum dtype dtype, const void *data, size_t i)
{
	switch (dtype) {
	case U8:
		return (size_t)snprintf(to, TEXT_NUMBER, "%u", AT(uint8_t, data, i));
	case U16:
		return (size_t)snprintf(to, TEXT_NUMBER, "%u", AT(uint16_t, data, i));
	case U32:
		return (size_t)snprintf(to, TEXT_NUMBER, "%" PRIu32, AT(uint32_t, data, i));
	case U64:
		return (size_t)snprintf(to, TEXT_NUMBER, "%" PRIu64, AT(uint64_t, data, i));
	case I8:
		return (size_t)snprintf(to, TEXT_NUMBER, "%d", AT(int8_t, data, i));
	case I16:
		return (size_t)snprintf(to, TEXT_NUMBER, "%d", AT(int16_t, data, i));
	case I32:
		return (size_t)snprintf(to, TEXT_NUMBER, "%" PRId32, AT(int32_t, data, i));
	case I64:
		return (size_t)snprintf(to, TEXT_NUMBER, "%" PRId64, AT(int64_t, data, i));
	case F16:
		return text_float(to, quantise_single(AT(uint16_t, data, i)));
	case BF16:
		return text_float(to, from_bits((uint32_t)AT(uint16_t, data, i) << 16));
	case F32:
		return text_float(to, AT(float, data, i));
	case F64:
		return text_double(to, AT(double, data, i));
	}
	return (size_t)snprintf(to, TEXT_NUMBER, "?");
}

/* Bytes of the UTF-8 character at s, 0 when it is none; *code is what it stands for. */
static size_t decode(const unsigned char *s, size_t n, uint32_t *code)
{
	size_t length = s[0] < 0x80 ? 1 : s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	*code = s[0];
	if (length == 1)
		return 1;
	if (s[0] < 0xC2 || s[0] > 0xF4 || n < length)
		return 0;
	*code &= 0x7F >> length;
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 0;
		*code = *code << 6 | (s[i] & 0x3F);
	}
	if (*code < least[length] || *code > 0x10FFFF || (*code >= 0xD800 && *code < 0xE000))
		return 0;
	return length;
}

/* The same, but 0 also for control characters and marks that turn the direction of writing. */
static size_t character(const unsigned char *s, size_t n)
{
	uint32_t code;
	size_t length = decode(s, n, &code);

	if (code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
		(code >= 0x2066 && code <= 0x2069))
		return 0;
	return length;
}

/* The escape of c into to[4], or its \xHH form. */
static size_t escape(char *to, unsigned char c)
{
	static const char from[] = "\t\n\r\\", letter[] = "tnr\\";
	const char *at = c ? strchr(from, c) : NULL;

	if (at) {
		to[0] = '\\';
		to[1] = letter[at - from];
		return 2;
	}
	to[0] = '\\';
	to[1] = 'x';
	to[2] = "0123456789abcdef"[c >> 4];
	to[3] = "0123456789abcdef"[c & 15];
	return 4;
}

size_t text_clean(char *to, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes;
	char *start = to;

	for (size_t i = 0; i < n;) {
		size_t length = s[i] == '\\' ? 0 : character(s + i, n - i);

		if (length)
			memcpy(to, s + i, length);
		to += length ? length : escape(to, s[i]);
		i += length ? length : 1;
	}
	*to = 0;
	return (size_t)(to - start);
}

size_t text_quote(char *to, const char *bytes, size_t n)
{
	static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789_-./,:=+@%^";
	const unsigned char *s = (const unsigned char *)bytes;
	bool plain = n > 0, printable = true;
	char *start = to;

	for (size_t i = 0, length; i < n; i += length ? length : 1) {
		length = character(s + i, n - i);
		printable = printable && length && s[i] != '\'';
		plain = plain && s[i] && strchr(harmless, s[i]);
	}
	if (plain) {
		memcpy(to, bytes, n);
		to[n] = 0;
		return n;
	}
	if (!printable)
		*to++ = '$';
	*to++ = '\'';
	for (size_t i = 0, length; i < n; i += length ? length : 1) {
		length = character(s + i, n - i);
		if (!printable && (!length || s[i] == '\\' || s[i] == '\''))
			to += length && s[i] == '\'' ? (size_t)sprintf(to, "\\'")
						     : escape(to, s[i]);
		else
			for (size_t j = 0; j < length; j++)
				*to++ = (char)s[i + j];
	}
	*to++ = '\'';
	*to = 0;
	return (size_t)(to - start);
}

size_t text_csv(char *to, const char *bytes, size_t n)
{
	char *start = to;
	bool quoted = n == 0 || bytes[0] == ' ' || bytes[n - 1] == ' ';

	for (size_t i = 0; i < n; i++)
		quoted |= strchr(",\"\n\r", bytes[i]) && bytes[i];
	if (quoted)
		*to++ = '"';
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '"')
			*to++ = '"';
		*to++ = bytes[i];
	}
	if (quoted)
		*to++ = '"';
	*to = 0;
	return (size_t)(to - start);
}

size_t text_json(char *to, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes;
	char *start = to;

	*to++ = '"';
	for (size_t i = 0, length; i < n; i += length ? length : 1) {
		uint32_t code;

		length = decode(s + i, n - i, &code);
		if (!length) {
			to += sprintf(to, "\\ufffd");
		} else if (code < 0x20 || code == 0x7F) {
			to += sprintf(to, "\\u%04x", code);
		} else {
			if (code == '"' || code == '\\')
				*to++ = '\\';
			memcpy(to, s + i, length);
			to += length;
		}
	}
	*to++ = '"';
	*to = 0;
	return (size_t)(to - start);
}

void text_vadd(struct text *t, const char *format, va_list args)
{
	va_list again;
	int n;

	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (t->n + (size_t)n + 1 > t->room) {
		t->room = 2 * (t->n + (size_t)n + 1);
		t->at = mem_grow(t->at, t->room, 1);
	}
	t->n += (size_t)vsnprintf(t->at + t->n, t->room - t->n, format, args);
}

void text_add(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vadd(t, format, args);
	va_end(args);
}
