/* rs-recommend -- the best items of every user, in the user's own ids.
 *
 * Reads   model.NAME.*           the model, with the tables of its features
 *         user, item  u32 (N)    which items a user has
 *         part        u8 (N)     if there: only rows of part 0 make a user or an item known
 *         vocab.user, vocab.item if there: what users and items are called
 *         item.cat.*, item.bag.* for --items-where
 * Writes  text: CSV or JSON lines. No stream. */

#include "desk.h"
#include "opt.h"

int main(int argc, char **argv)
{
	struct desk_call call = { .top = 10 };
	const struct opt opts[] = {
		OPT_TEXT('m', "model", &call.model, "NAME", "the model; default: the only one"),
		OPT_TEXT(0, "fallback", &call.fallback, "NAME",
			"the model for users without rows in train; default: what is popular"),
		OPT_INT('n', "top", &call.top, 1, 100000, "items a user"),
		OPT_TEXT(0, "users", &call.users, "ID,...", "these users only, in this order"),
		OPT_FILE(0, "users-file", &call.users_file, "the same, one id a line"),
		OPT_EACH(0, "items-where", &call.where, "COLUMN=VALUE",
			"only items with that value of item.cat.* or item.bag.*; all of several"),
		OPT_FLAG(0, "keep-seen", &call.keep_seen, "list items that a user has, too"),
		OPT_INT(0, "why", &call.why, 0, 100, "at most N reasons an item"),
		OPT_FLAG(0, "json", &call.json, "one JSON object a user and line, not CSV"),
		OPT_QUIET,
		OPT_END,
	};
	struct desk *desk;

	opt_parse(argc, argv, "list the best items of every user", NULL,
		"Example:\n"
		"  rs-recommend --top 5 <run.rts >lists.csv\n"
		"  rs-recommend --users 42,77 --items-where item.bag.genres=fantasy --json "
		"<run.rts",
		opts);
	desk = desk_open(&call);
	desk_answer(desk, &call);
	desk_close(desk);
	return 0;
}
