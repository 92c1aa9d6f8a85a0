/* cells: parts by name and number, cells of each form of a report. */
#include "cells.h"

#include <stdlib.h>
#include <unistd.h>

#include "child.h"
#include "made.h"
#include "par.h"
#include "tap.h"

static struct model *model;
static enum report_form form;

/* One line: name, and cost if measured; what is written goes to said. */
static void write_report(void *slice)
{
	static const struct report_column column[] = { { "model", 1, 0 } };
	struct report *report = report_new(column, 1);

	dup2(STDERR_FILENO, STDOUT_FILENO);
	cells_cost_headings(report, 2, true, "ns_row");
	cells_name(report, "m", slice, form);
	cells_cost(report, model, true, 2.5);
	report_write(report, form, NULL);
}

int main(void)
{
	struct mf *mf = made_factors(3, 2, 4, 1, 5);
	char want[200];
	uint8_t part;

	same(cells_part(1), "valid", "a part's name");
	ok(cells_part_parse(&part, "test") && part == 2, "by name");
	ok(cells_part_parse(&part, "0") && part == 0, "by number");
	ok(!cells_part_parse(&part, "3") && !cells_part_parse(&part, "01") &&
			!cells_part_parse(&part, "Test"),
		"or none");
	model = model_around(mf, "m");
	form = REPORT_TSV;
	ok(run(write_report, "slice 1") == 0, "a report for programs");
	/* parameters 1 + (3 + 2) (4 + 1), multiply-adds 4 + 3 */
	snprintf(want, sizeof want,
		"model\tparameters\tbytes\tmultiply_adds\tns_row\tthreads\n"
		"m\t26\t0\t7\t2.5\t%d\n",
		par_threads());
	same(said, want, "the model by itself, and what it costs");
	form = REPORT_TABLE;
	run(write_report, "slice 1");
	ok(strstr(said, "m slice 1") != NULL, "tables name the slice, too");
	run(write_report, NULL);
	ok(!strstr(said, "slice"), "but not of everything");
	model_free(model);
	mf_free(mf);
	return done();
}
