/* chart -- tables whose points are known. */
#include "chart.h"

#include "tap.h"

static struct tsv table;

static struct chart *draw(
	const char *text, enum chart_preset preset, const char *x, const char *series)
{
	struct chart_how how = { preset, x, NULL, series };
	FILE *file = tmpfile();

	fputs(text, file);
	rewind(file);
	tsv_read(&table, file, "a.tsv");
	fclose(file);
	return chart_new(&table, &how, "a.tsv");
}

static void over(struct chart *chart)
{
	chart_free(chart);
	tsv_free(&table);
}

static void ablation(void)
{
	struct chart *c =
		draw("alpha\tloss\tauc\n1\tx\t2\n0\tx\t4\n0\tx\t8\n0\ty_s1\t5\n0\ty_s2\t5\n",
			CHART_ABLATION, "alpha", "loss");
	const struct figure_panel *p = chart_figure(c)->panel;
	const struct figure_series *x = &p->series[2];

	ok(chart_figure(c)->panels == 1 && p->n == 4 && p->series[0].style == FIGURE_RUNS,
		"runs and means of two series");
	ok(x->n == 2 && x->point[0].x == 0 && x->point[0].y == 6, "the mean of 4 and 8, first");
	near(x->point[0].high - x->point[0].y, sqrt(8), 1e-12, "its deviation");
	ok(isnan(x->point[1].low) && x->point[1].y == 2, "a single line has none");
	same(p->series[3].name, "y", "seeds are one series");
	same(p->y.label, "AUC", "what it is called");
	over(c);
	c = draw("model\trmse\trmse.sd\na\t2\t.5\nb\t3\t\n", CHART_ABLATION, NULL, NULL);
	p = chart_figure(c)->panel;
	ok(p->n == 1 && p->x.words == 2, "words, a series");
	near(p->series[0].point[0].low, 1.5, 0, "a bar that the table has");
	over(c);
}

static void pareto(void)
{
	struct chart *c = draw("model\tbytes\trmse\na\t100\t.9\nb\t10\t1\nc\t50\t1.1\nd\t900\t.9\n",
		CHART_PARETO, NULL, NULL);
	const struct figure_panel *p = chart_figure(c)->panel;
	const struct figure_series *front = &p->series[p->n - 1];

	ok(p->n == 5 && p->x.log, "four models and a front, a logarithm");
	same(p->series[2].point[0].label, "c", "a name beside each");
	ok(front->n == 3 && front->point[0].x == 10 && front->point[1].x == 100 &&
			front->point[1].y == (double)0.9 && front->point[2].x == 900,
		"the front falls with RMSE, to the last");
	over(c);
}

static void others(void)
{
	struct chart *c = draw("epoch\tsoft\ttrain_loss\tvalid_auc\n1\t0\t.5\t.7\n2\t0\t.4\t.8\n",
		CHART_LEARNING, NULL, NULL);

	ok(chart_figure(c)->panels == 2, "quality above loss");
	same(chart_figure(c)->panel[0].y.label, "AUC on part 1", "of part 1");
	same(chart_figure(c)->panel[0].series[0].name, "a", "a curve has its file's name");
	over(c);
	c = draw("epoch\tsoft\ttrain_loss\tvalid_auc\n1\t0\t.5\t\n2\t0\t.4\t\n", CHART_LEARNING,
		NULL, NULL);
	ok(chart_figure(c)->panels == 1, "loss alone without part 1");
	over(c);
	c = draw("epoch\tloss\tvalid_ndcg@20\n1\t.5\t.1\n2\t.4\t.2\n", CHART_LEARNING, NULL, NULL);
	ok(chart_figure(c)->panels == 2, "what rs-mf traces, too");
	same(chart_figure(c)->panel[0].y.label, "NDCG@20 on part 1", "with its cutoff");
	over(c);
	c = draw("model\tpredicted\tobserved\tlow\thigh\na\t.1\t.2\t.1\t.3\n", CHART_CALIBRATION,
		NULL, NULL);
	near(chart_figure(c)->panel[0].series[0].point[0].high, 0.3, 0, "an interval");
	ok(chart_figure(c)->panel[0].series[1].style == FIGURE_GUIDE, "the diagonal");
	over(c);
	c = draw("model\trecall\tprecision\na\t0\t1\na\t1\t.25\n", CHART_PR, NULL, NULL);
	near(chart_figure(c)->panel[0].series[1].point[0].y, 0.25, 0,
		"chance: all are called positive");
	over(c);
	c = draw("model\titem.popularity\tndcg@10\na\tfew\t.1\na\tmany\t.3\n", CHART_POPULARITY,
		NULL, NULL);
	ok(chart_figure(c)->panel[0].series[0].style == FIGURE_BARS &&
			chart_figure(c)->panel[0].x.words == 2,
		"bars of groups");
	over(c);
	c = draw("model\titem.popularity\tndcg@10\na\tall\t.2\na\t1\t.1\na\t2\t.3\n",
		CHART_POPULARITY, NULL, NULL);
	ok(chart_figure(c)->panel[0].x.words == 2 && chart_figure(c)->panel[0].series[0].n == 2 &&
			chart_figure(c)->panel[0].series[0].point[1].y == (double)0.3,
		"a line of all is no group");
	over(c);
	c = draw("model\trows\tseconds\na\t10\t1\na\t100\t20\n", CHART_COST, NULL, NULL);
	ok(chart_figure(c)->panel[0].x.log && chart_figure(c)->panel[0].y.log,
		"logarithms of cost");
	over(c);
}

int main(void)
{
	enum chart_preset preset;

	ok(chart_parse(&preset, "pr") && preset == CHART_PR && !chart_parse(&preset, "p"),
		"presets by name");
	ablation();
	pareto();
	others();
	return done();
}
