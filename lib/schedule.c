#include "schedule.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "fmath.h"

/* A number in (low, high] after a colon; NULL when there is none, else where it ends. */
static const char *number(double *x, const char *text, double low, double high)
{
	char *end;

	if (*text != ':')
		return NULL;
	*x = strtod(text + 1, &end);
	return end == text + 1 || !(*x > low && *x <= high) ? NULL : end;
}

const char *schedule_parse(struct schedule *s, const char *text)
{
	const char *end = NULL;

	if (strcmp(text, "constant") == 0) {
		s->kind = SCHEDULE_CONSTANT;
		return NULL;
	}
	if (strncmp(text, "step", 4) == 0) {
		s->kind = SCHEDULE_STEP;
		end = number(&s->every, text + 4, 0, 1e6);
		end = end ? number(&s->factor, end, 0, 1) : NULL;
	} else if (strncmp(text, "cosine", 6) == 0) {
		s->kind = SCHEDULE_COSINE;
		end = text[6] ? number(&s->span, text + 6, 0, 1e6) : text + 6;
	}
	return end && !*end ? NULL : "is not constant, step:EPOCHS:FACTOR, cosine or cosine:EPOCHS";
}

double schedule_factor(const struct schedule *s, double x)
{
	double f = 1;

	if (s->kind == SCHEDULE_STEP)
		for (double at = s->every; at <= x; at += s->every)
			f *= s->factor;
	else if (s->kind == SCHEDULE_COSINE)
		f = (1 + fmath_cos_pi(x < s->span ? x / s->span : 1)) / 2;
	return x < s->warmup ? f * x / s->warmup : f;
}
