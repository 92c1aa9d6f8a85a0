#include "cells.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "par.h"

enum { PARTS = 3 };

const char *cells_part(uint8_t part)
{
	static const char *const name[PARTS] = { "train", "valid", "test" };

	return name[part];
}

bool cells_part_parse(uint8_t *part, const char *text)
{
	for (*part = 0; *part < PARTS; ++*part)
		if (strcmp(text, cells_part(*part)) == 0 || (text[0] == '0' + *part && !text[1]))
			return true;
	return false;
}

void cells_name(struct report *report, const char *model, const char *slice, enum report_form form)
{
	char *both;

	if (!slice || form == REPORT_TSV || form == REPORT_JSON) {
		report_text(report, model);
		return;
	}
	both = mem_new(strlen(model) + strlen(slice) + 2, 1);
	sprintf(both, "%s %s", model, slice);
	report_text(report, both);
	free(both);
}

void cells_cost_headings(struct report *report, unsigned group, bool timed, const char *unit)
{
	report_heading(report, group, 0, "parameters");
	report_heading(report, group, 0, "bytes");
	report_heading(report, group, 0, "multiply_adds");
	if (!timed)
		return;
	report_heading(report, group, 1, "%s", unit);
	report_heading(report, group, 0, "threads");
}

void cells_cost(struct report *report, const struct model *model, bool timed, double nanoseconds)
{
	report_count(report, model_parameters(model));
	report_count(report, model_bytes(model));
	report_count(report, model_multiply_adds(model));
	if (timed) {
		report_real(report, nanoseconds);
		report_count(report, (uint64_t)par_threads());
	}
}
