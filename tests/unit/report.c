/* report -- what is written, byte by byte: stdout is a file while report_write runs. */
#include "report.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "mem.h"
#include "tap.h"

static const struct report_column columns[] = {
	{ "model", 1, 0 },
	{ "part", 0, 0 },
	{ "auc", 1, 3 },
	{ "bytes", 2, 0 },
	{ "a.rather.long.name.that.wants.its.own.block.because.it.is.wide", 3, 1 },
	{ "b", 3, 1 },
};

static struct report *made(size_t n)
{
	struct report *report = report_new(columns, n);

	report_text(report, "a\"b\\\t");
	report_text(report, "test");
	report_real(report, 0.123456789012);
	report_count(report, 18446744073709551615U);
	if (n > 4) {
		report_real(report, -2);
		report_real(report, 1e300);
	}
	report_text(report, "teacher");
	report_none(report);
	report_real(report, NAN);
	report_count(report, 0);
	if (n > 4) {
		report_real(report, INFINITY);
		report_real(report, 0.25);
	}
	return report;
}

/* What report_write puts on stdout. */
static const char *written(struct report *report, enum report_form form, const char *caption)
{
	static char text[4096];
	FILE *file = tmpfile();
	int saved;
	ssize_t n;

	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (!file || saved < 0 || dup2(fileno(file), STDOUT_FILENO) < 0)
		return NULL;
	report_write(report, form, caption);
	report_free(report);
	if (dup2(saved, STDOUT_FILENO) < 0)
		return NULL;
	close(saved);
	n = pread(fileno(file), text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = 0;
	fclose(file);
	return text;
}

static void pools(void)
{
	static const struct report_column two[] = { { "model", 1, 0 }, { "part", 0, 0 },
		{ "auc", 1, 3 }, { "rows", 1, 0 } };
	static const struct {
		const char *model, *part;
		double auc;
		uint64_t rows;
	} row[] = { { "a_s1", "test", 1, 7 }, { "b", "test", 5, 7 }, { "a-s22", "test", 3, 7 },
		{ "a_s3", "valid", 9, 7 }, { "a_s4", "test", NAN, 8 } };
	struct report *report = report_new(two, 4);

	for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
		report_text(report, row[r].model);
		report_text(report, row[r].part);
		report_real(report, row[r].auc);
		report_count(report, row[r].rows);
	}
	report = report_pool(report);
	same(written(report, REPORT_TSV, NULL),
		"model\tseeds\tpart\tauc\tauc.sd\trows\n"
		"a\t3\ttest\t2\t1.414213562\t7.333333333\n"
		"b\t1\ttest\t5\t\t7\n"
		"a_s3\t1\tvalid\t9\t\t7\n",
		"rows that differ in their seed, as one");
}

int main(void)
{
	same(written(made(4), REPORT_TSV, "unseen"),
		"model\tpart\tauc\tbytes\n"
		"a\"b\\?\ttest\t0.123456789\t18446744073709551615\n"
		"teacher\t\t\t0\n",
		"TSV: ten digits, no value is empty");
	same(written(made(4), REPORT_JSON, "unseen"),
		"{\"model\": \"a\\\"b\\\\?\", \"part\": \"test\", \"auc\": 0.123456789, "
		"\"bytes\": 18446744073709551615}\n"
		"{\"model\": \"teacher\", \"part\": null, \"auc\": null, \"bytes\": 0}\n",
		"JSON: strings are escaped, no value is null");
	same(written(made(4), REPORT_TABLE, "caption"),
		"caption\n"
		"\n"
		"model      auc                 bytes\n"
		"a\"b\\?    0.123  18446744073709551615\n"
		"teacher      -                     0\n",
		"table: numbers to the right, group 0 is not shown, no value is -");
	same(written(made(6), REPORT_TABLE, NULL),
		"model      auc                 bytes\n"
		"a\"b\\?    0.123  18446744073709551615\n"
		"teacher      -                     0\n"
		"\n"
		"model    a.rather.long.name.that.wants.its.own.block.because.it.is.wide       b\n"
		"a\"b\\?                                                              -2.0  "
		"1e+300\n"
		"teacher                                                               -     0.2\n",
		"a wide table is cut between groups, each block led by the first column");
	same(written(made(4), REPORT_MARKDOWN, "caption"),
		"caption\n\n"
		"| model | auc | bytes |\n"
		"|---|---:|---:|\n"
		"| a\"b\\\\? | 0.123 | 18446744073709551615 |\n"
		"| teacher | - | 0 |\n",
		"Markdown: the columns of a table, escaped");
	same(written(made(6), REPORT_LATEX, "caption"),
		"% caption\n"
		"\\begin{tabular}{lrrrr}\n"
		"\\toprule\n"
		"model & auc & bytes & "
		"a.rather.long.name.that.wants.its.own.block.because.it.is.wide & b \\\\\n"
		"\\midrule\n"
		"a\"b\\textbackslash{}? & 0.123 & 18446744073709551615 & $-$2.0 & 1e+300 "
		"\\\\\n"
		"teacher & -- & 0 & -- & 0.2 \\\\\n"
		"\\bottomrule\n"
		"\\end{tabular}\n",
		"LaTeX: booktabs, minus as mathematics");
	same(written(report_new(columns, 4), REPORT_JSON, NULL), "", "no rows, no objects");
	pools();
	return done();
}
