/* heading: what a spec means among headings, and among columns without. */
#include "heading.h"

#include "tap.h"

int main(void)
{
	static const char *const names[] = { "User-ID", "b", "2", "Book Title", "b " };
	static const char *const numbered[] = { "c1", "c2", "c3" };
	static const char *const usual[] = { "reader", "booktitle", "userid", NULL };
	static const char *const absent[] = { "user", "titl", "booktitles", NULL };
	const struct headings h = { "books.csv", true, names, 5 };
	const struct headings bare = { "books.csv", false, numbered, 3 };

	ok(heading_find(&h, "b") == 1, "a heading");
	ok(heading_find(&h, "B") == HEADING_NONE && heading_find(&h, "userid") == HEADING_NONE,
		"letter by letter");
	ok(heading_find(&h, "2") == 1, "digits are a number, also where a heading is called so");
	ok(heading_find(&h, "5") == 4, "the last column");
	ok(heading_find(&bare, "c1") == HEADING_NONE && heading_find(&bare, "3") == 2,
		"without headings numbers only");
	ok(heading_is_number("12", 2) && !heading_is_number("1a", 2) &&
			heading_is_number("1a", 1) && !heading_is_number("", 0) &&
			!heading_is_number("-1", 2),
		"what is a number");
	ok(heading_alike("User-ID", "userid") && heading_alike("_user.id ", "userid"),
		"case, and - _ . and space, do not count");
	ok(!heading_alike("user", "userid") && !heading_alike("userids", "userid"),
		"the rest does");
	ok(heading_guess(&h, usual) == 3, "the first usual name decides, not the first column");
	ok(heading_guess(&h, absent) == HEADING_NONE && heading_guess(&h, NULL) == HEADING_NONE,
		"none");
	ok(heading_guess(&bare, usual) == HEADING_NONE, "nothing is guessed without headings");
	return done();
}
