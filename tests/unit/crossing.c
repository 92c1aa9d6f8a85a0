/* Crosses by name: what is taken, and each thing that is wrong. */
#include "crossing.h"

#include "tap.h"

static char name[][TENSOR_NAME + 1] = { "user.cat.gender", "item.cat.genre", "row.num.price", "a",
	"b", "c" };
static const struct net_field field[] = { { .kind = NET_CAT }, { .kind = NET_BAG },
	{ .kind = NET_NUM }, { .kind = NET_CAT }, { .kind = NET_CAT }, { .kind = NET_CAT } };
static struct net_wide wide[NET_WIDES];
static size_t n;

static const char *parse(const char *text)
{
	const char *fault = crossing_parse(text, name, field, 6, wide, &n);

	return fault ? fault : "";
}

int main(void)
{
	char many[NET_WIDES * 4 + 8] = "a*b";

	same(parse("user.cat.gender*item.cat.genre,c*a*b"), "", "two crosses");
	ok(n == 2 && wide[0].parts == 2 && wide[0].field[0] == 0 && wide[0].field[1] == 1,
		"the first has its features in order");
	ok(wide[1].parts == 3 && wide[1].field[0] == 5 && wide[1].field[1] == 3 &&
			wide[1].field[2] == 4,
		"so has the second");
	same(parse(""), "", "none");
	ok(n == 0, "are none");
	same(parse("a*nobody"), "'nobody' is not among the features in use", "an unknown one");
	same(parse("a*use"), "'use' is not among the features in use", "half a name");
	same(parse("a*row.num.price"),
		"'row.num.price' is a number; rs-prep --buckets makes categories", "a number");
	same(parse("a*b*a"), "'a' is there twice in one", "twice the same");
	same(parse("a"), "a cross is two features or more, joined by *", "one alone");
	same(parse("a*b,c"), "a cross is two features or more, joined by *", "one alone, second");
	same(parse("a*b*c*user.cat.gender*item.cat.genre"), "more than 4 features in one",
		"too many features");
	for (int i = 1; i < NET_WIDES; i++)
		strcat(many, ",a*b");
	same(parse(many), "", "as many crosses as there may be");
	strcat(many, ",a*b");
	same(parse(many), "more than 16 crosses", "one more");
	return done();
}
