/* table: columns, blocks, bags, missing values, joins; each expectation worked by hand. */
#include "table.h"

#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

static const struct table_format comma = { .csv.separator = "," };
static const struct table_format bare = { .csv.separator = ",", .no_header = true };

static struct table *open_text(const char *text, const struct table_format *format)
{
	char path[] = "/tmp/table-test-XXXXXX";
	int fd = mkstemp(path);
	struct table *t;

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(2);
	close(fd);
	t = table_open(path, format);
	unlink(path);
	return t;
}

/* A tensor's values as text; of 'words of NAME' the vocabulary. */
static const char *values(const struct tensors *set, const char *name)
{
	static char line[1000];
	const struct tensor *t = tensors_find(set, name);
	size_t n = 0, length;
	const char *word;

	snprintf(line, sizeof line, "no %s", name);
	if (strncmp(name, "words of ", 9) == 0) {
		name += 9;
		line[0] = 0;
		for (uint64_t i = 0; (word = tensors_word(set, name, i, &length)); i++)
			n += (size_t)snprintf(
				line + n, sizeof line - n, "%.*s|", (int)length, word);
	}
	for (uint64_t i = 0; t && i < tensor_rows(t) * tensor_cols(t); i++) {
		double x = t->dtype == U32   ? ((uint32_t *)t->data)[i]
			   : t->dtype == F32 ? (double)((float *)t->data)[i]
			   : t->dtype == I64 ? (double)((int64_t *)t->data)[i]
					     : (double)((uint64_t *)t->data)[i];

		n += (size_t)snprintf(line + n, sizeof line - n, "%s%g", i ? " " : "", x);
	}
	return line;
}

static void select_all(struct table *t, enum column_kind kind, const char *prefix, const char *spec)
{
	struct selection *s = table_selection(t);

	selection_take(&s, 1, kind, prefix, &spec, 1);
}

static void rows(void)
{
	static const char *const users[] = { "user", "userid", NULL };
	const char *const yes[] = { "yes", "y" };
	struct table *t = open_text("User-ID,item,r,t,buy,a.b c,g\n"
				    "u2,i1,4.5,10,yes,red,x|y\n"
				    "u1,i1,3,20,no,,\n"
				    "u2,i2,-1,1970-01-02,y,red, y || z\n",
		&comma);
	struct tensors set = { 0 };

	same(table_set(t, COLUMN_KEY, "user", NULL, users), "User-ID", "a usual heading is found");
	same(table_set(t, COLUMN_KEY, "item", "2", NULL), "item", "a column by number");
	same(table_set(t, COLUMN_LABEL, "label", "r", users), "r", "a column by heading");
	ok(table_set(t, COLUMN_KEY, "weight", NULL, users + 1) != NULL, "User-ID is also userid");
	ok(!table_set(t, COLUMN_TIME, "x", NULL, NULL), "nothing usual, nothing set");
	table_set(t, COLUMN_TIME, "time", "t", NULL);
	table_set(t, COLUMN_TRUTH, "truth", "buy", NULL);
	selection_words(table_selection(t), "truth", yes, 2);
	select_all(t, COLUMN_ID, "row.cat.", "a.b c");
	select_all(t, COLUMN_ID, "row.cat.", "a.b c,color=6");
	select_all(t, COLUMN_BAG, "row.bag.", "g:|");
	while (table_read(t))
		;
	ok(table_rows(t) == 3, "three rows");
	ok(table_dict(t, "user") && dict_size(table_dict(t, "user")) == 2, "two users");
	table_tensors(t, &set);
	same(values(&set, "user"), "0 1 0", "ids by first appearance");
	same(values(&set, "item"), "0 0 1", "items");
	same(values(&set, "label"), "4.5 3 -1", "labels");
	same(values(&set, "time"), "10 20 86400", "times");
	same(values(&set, "truth"), "1 0 1", "words that are true");
	same(values(&set, "vocab.user.at"), "0 2 4", "vocabulary offsets");
	same(values(&set, "user"), "0 1 0", "user");
	same(values(&set, "row.cat.a.b_c"), "0 1 0", "a heading is mapped to a name");
	same(values(&set, "row.cat.a.b_c_2"), "0 1 0", "and made unique");
	same(values(&set, "row.cat.color"), "0 1 0", "or given");
	same(values(&set, "vocab.row.cat.color.at"), "0 3 3", "the empty word is there");
	same(values(&set, "words of row.bag.g"), "x|y|z|", "bag words");
	same(values(&set, "row.bag.g.at"), "0 2 2 4", "bag offsets");
	same(values(&set, "row.bag.g.id"), "0 1 1 2", "bag values, cleaned of spaces and nothings");
	tensors_free(&set);
	table_free(t);
}

static void blocks(void)
{
	struct table *t = open_text("1,2,3,a\n4,,6,b\n,8,9,a\n", &bare);
	struct tensors set = { 0 };

	select_all(t, COLUMN_NUMBER, "row.num.", "1-3");
	select_all(t, COLUMN_NUMBER, "row.num.", "tail=2-3,3");
	select_all(t, COLUMN_ID, "row.cat.", "3-");
	select_all(t, COLUMN_ID, "row.cat.", "k=4-4");
	while (table_read(t))
		;
	table_tensors(t, &set);
	same(values(&set, "row.num.x"), "1 2 3 4 0 6 0 8 9", "a block, row by row");
	same(values(&set, "row.num.x_missing"), "0 0 0 0 1 0 1 0 0", "and where it was empty");
	ok(tensors_find(&set, "row.num.x")->shape[1] == 3, "its shape");
	same(values(&set, "row.num.tail"), "2 3 0 6 8 9", "a block with a name");
	same(values(&set, "row.num.c3"), "3 6 9", "one column");
	same(values(&set, "row.num.c3_missing"), "no row.num.c3_missing", "nothing was missing");
	same(values(&set, "row.cat.c3"), "0 1 2", "a range of ids is one tensor a column");
	same(values(&set, "row.cat.c4"), "0 1 0", "to the last");
	same(values(&set, "row.cat.k4"), "0 1 0", "named");
	same(values(&set, "vocab.row.num.x.at"), "no vocab.row.num.x.at", "no headings, none kept");
	tensors_free(&set);
	table_free(t);
	t = open_text("p,q q,r\n1,2,3\n", &comma);
	select_all(t, COLUMN_NUMBER, "row.num.", "pix=1-2");
	while (table_read(t))
		;
	table_tensors(t, &set);
	same(values(&set, "words of row.num.pix"), "p|q q|", "headings of a block are kept");
	tensors_free(&set);
	table_free(t);
}

static void joins(void)
{
	struct dict *ids = dict_new();
	struct table *t =
		open_text("name,book_id,year,g\nA,7,1999,p q\nB,8,2000,r\nC,5,,q\n", &comma);
	struct table *u = open_text(
		"7;9\n5;8\n", &(struct table_format){ .csv.separator = ";", .no_header = true });
	struct selection *both[] = { table_selection(t), table_selection(u) };
	const char *year = "year,first=1", *second = "2";
	struct tensors set = { 0 };

	dict_add(ids, "5", 1);
	dict_add(ids, "6", 1);
	dict_add(ids, "7", 1);
	selection_take(both, 2, COLUMN_NUMBER, "item.num.", &year, 0);
	selection_take(both, 2, COLUMN_ID, "item.cat.", &year, 1);
	selection_take(both + 1, 1, COLUMN_NUMBER, "item.num.", &second, 1);
	select_all(t, COLUMN_NUMBER, "item.num.", "year");
	select_all(t, COLUMN_BAG, "item.bag.", "gs=g: ");
	table_join(t, ids, NULL, "book_id");
	table_join(u, ids, NULL, "book_id");
	ok(table_rows(t) == 2 && table_unknown(t) == 1, "two used, one left out");
	table_tensors(t, &set);
	table_tensors(u, &set);
	same(values(&set, "item.cat.first"), "1 2 0", "in the order of ids");
	same(values(&set, "vocab.item.cat.first.at"), "0 1 2 2",
		"an id without a row has the empty word");
	same(values(&set, "item.num.year"), "0 0 1999", "numbers; nothing is 0");
	same(values(&set, "item.num.year_missing"), "1 1 0", "and marked");
	same(values(&set, "item.bag.gs.at"), "0 1 1 3", "bags");
	same(values(&set, "item.bag.gs.id"), "1 0 1", "only words of rows that are used");
	same(values(&set, "item.num.c2"), "8 0 9", "the key is the first column without headings");
	tensors_free(&set);
	table_free(t);
	table_free(u);
	dict_free(ids);
}

int main(void)
{
	rows();
	blocks();
	joins();
	return done();
}
