/* selection: specs become columns with names of tensors; what is done to features. */
#include "selection.h"

#include <stdlib.h>

#include "made.h"
#include "tap.h"

static const char *const names[] = { "u", "a b", "x..y", "t", "g", "9" };

/* Columns as "name kind first width;...". */
static const char *all(const struct selection *s)
{
	static const char letter[] = "IKNLWTMPB";
	static char text[600];
	size_t n = 0;

	text[0] = 0;
	for (size_t i = 0; i < s->n; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %c%zu+%zu", i ? "; " : "",
			s->column[i].name, letter[s->column[i].kind], s->column[i].first,
			s->column[i].width);
	return text;
}

static struct selection start(void)
{
	return (struct selection){ .heading = { "f.csv", true, names, 6 } };
}

static void take(struct selection *s, enum column_kind kind, const char *prefix, const char *spec)
{
	selection_take(&s, 1, kind, prefix, &spec, 1);
}

static void specs(void)
{
	struct selection s = start(), t = start(), *both[] = { &s, &t };
	const char *list = "k=g,u";

	take(&s, COLUMN_ID, "row.cat.", "a b,color=t,x..y,1");
	same(all(&s), "row.cat.a_b I1+1; row.cat.color I3+1; row.cat.x._y I2+1; row.cat.u I0+1",
		"headings, titles, numbers; bytes that a name cannot have");
	take(&s, COLUMN_ID, "row.cat.", "u,u");
	ok(selection_find(&s, "row.cat.u_2") == &s.column[4] &&
			selection_find(&s, "row.cat.u_3") == &s.column[5],
		"names are made unique");
	ok(selection_find(&s, "row.cat.u_4") == NULL, "no such tensor");
	selection_free(&s);
	s = start();
	take(&s, COLUMN_NUMBER, "row.num.", "2-4,tail=5-");
	same(all(&s), "row.num.x N1+3; row.num.tail N4+2", "a range of numbers is a block");
	selection_free(&s);
	s = start();
	take(&s, COLUMN_ID, "row.cat.", "1-2,k=5-6");
	same(all(&s), "row.cat.u I0+1; row.cat.a_b I1+1; row.cat.k5 I4+1; row.cat.k6 I5+1",
		"a range of ids is a column each");
	selection_free(&s);
	s = start();
	t.heading.at = names + 4; /* g, 9 */
	t.heading.n = 2;
	s.heading.n = 4;
	selection_take(both, 2, COLUMN_ID, "item.cat.", &list, 1);
	same(all(&s), "item.cat.u I0+1", "a column is the first table's that has it,");
	same(all(&t), "item.cat.k I0+1", "or another's");
	selection_free(&s);
	selection_free(&t);
}

static void bags(void)
{
	struct selection s = start();

	take(&s, COLUMN_BAG, "row.bag.", "g");
	take(&s, COLUMN_BAG, "row.bag.", "w=g:;=");
	take(&s, COLUMN_BAG, "row.bag.", "a b:tab");
	same(all(&s), "row.bag.g B4+1; row.bag.w B4+1; row.bag.a_b B1+1", "bags");
	ok(s.column[0].separator == '|' && !s.column[0].weigh, "'|' unless told");
	ok(s.column[1].separator == ';' && s.column[1].weigh == '=', "a sign before weights");
	ok(s.column[2].separator == '\t' && !s.column[2].weigh, "a tab");
	selection_free(&s);
}

static void dates(void)
{
	struct selection s = start(), *one = &s;
	const char *spec = "t";

	selection_dates(&one, 1, "row.cat.", &spec, 1);
	same(all(&s), "row.cat.t_hour I3+1; row.cat.t_month I3+1; row.cat.t_weekday I3+1",
		"three categories of a time");
	ok(s.column[0].word == COLUMN_HOUR && s.column[1].word == COLUMN_MONTH &&
			s.column[2].word == COLUMN_WEEKDAY,
		"each of its part");
	selection_free(&s);
}

static void features(void)
{
	static const char text[] = "redblue";
	static const uint64_t at[] = { 0, 3, 7 };
	const char *const none[] = { "NA", "?" };
	struct tensors set = { 0 };
	struct selection s = start();
	uint32_t id;

	take(&s, COLUMN_ID, "row.cat.", "u,g");
	take(&s, COLUMN_NUMBER, "row.num.", "n=t");
	ok(selection_hash(&s, "u", 12) && s.column[0].word == COLUMN_HASHED &&
			s.column[0].bits == 12,
		"a feature by its own name");
	ok(!selection_hash(&s, "u", 9) && s.column[0].bits == 12, "not twice");
	ok(!selection_hash(&s, "n", 9) && !selection_hash(&s, "cat.u", 9), "no number, no part");
	ok(selection_log(&s, "row.num.n") && s.column[2].log && !selection_log(&s, "g"),
		"a number by the name of its tensor");
	ok(selection_gaps(&s, "n", -1) && s.column[2].filled && s.column[2].fill == -1, "a gap");
	selection_nothing(&s, none, 2);
	ok(s.column[1].nothing && s.column[1].nothing == s.column[2].nothing &&
			dict_find(s.nothing, "NA", 2, &id) && !dict_find(s.nothing, "", 0, &id),
		"words for nothing, of ids and numbers");
	made_column(&set, "vocab.row.cat.g.at", U64, 3, at);
	made_column(&set, "vocab.row.cat.g.text", U8, 7, text);
	selection_vocabulary(&s, &set, COLUMN_ERROR);
	ok(s.column[1].given && s.column[1].unknown == COLUMN_ERROR &&
			dict_find(s.column[1].dict, "blue", 4, &id) && id == 1,
		"a vocabulary from elsewhere, with its ids");
	ok(!s.column[0].given && s.column[0].unknown == COLUMN_NEW, "for that column alone");
	tensors_free(&set);
	selection_free(&s);
}

static void fields(void)
{
	static const char *const svm[] = { "label", "fieldA", "fieldB", "c4", "c5" };
	struct sparse *sparse = sparse_new(SPARSE_LIBFFM);
	struct selection s = { .heading = { "f.ffm", false, svm, 5 } };

	sparse_list(sparse, 2);
	selection_fields(&s, sparse);
	same(all(&s), "row.cat.fieldA I1+1; row.num.fieldA N3+1",
		"a field's indices and values; a field that is a list is not for here");
	ok(s.column[1].may_be_one, "values that are all 1 say nothing");
	sparse_free(sparse);
	selection_free(&s);
}

int main(void)
{
	specs();
	bags();
	dates();
	features();
	fields();
	return done();
}
