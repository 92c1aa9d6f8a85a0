/* stops -- where the fields of plain text end. Owns: the scan for separators and line ends. */
#ifndef STOPS_H
#define STOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "simd.h"

enum { STOPS_STEP = 64, STOPS_SLACK = 64 };

struct stops {
	const char *text; /* ends in LF */
	size_t n, at; /* bytes; those that were looked at */
	char separator, quote; /* quote 0: there is none */
	uint32_t *stop; /* places of separators and LF; room for room and STOPS_SLACK */
	size_t found, room;
	size_t lines; /* LF among them */
	bool odd; /* a NUL, a quote, or a CR that does not stand before LF */
	bool crlf, blank; /* a CR that does; a space or tab that is no separator */
};

/* Goes on from at until more than room were found or the text ends. */
SIMD_DECLARE(void, stops_find, (struct stops * s));

#endif
