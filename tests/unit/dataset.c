/* dataset: columns that no file has, and what is asked of all rows; each value counted by hand. */
#include "dataset.h"

#include "made.h"
#include "tap.h"

static bool has_parts(const uint64_t *end, size_t n, const char *want)
{
	struct tensors set = { 0 };
	char got[16] = "";

	dataset_parts(&set, end, n);
	for (uint64_t i = 0; i < end[n - 1]; i++)
		got[i] = (char)('0' + ((const uint8_t *)set.at[0]->data)[i]);
	tensors_free(&set);
	return strcmp(got, want) == 0;
}

static void columns(void)
{
	static const float label[] = { 4.5F, 3, -1 };
	static const uint64_t at[] = { 0, 2, 4 };
	const uint64_t two[] = { 3, 5 }, three[] = { 2, 3, 4 }, one[] = { 2 },
		       empty[] = { 2, 2, 4 };
	struct tensors set = { 0 };
	float low = 9, high = 9;

	dataset_fill(&set, "ones", 2, 1);
	ok(tensor_rows(set.at[0]) == 2 && ((float *)set.at[0]->data)[1] == 1, "equal values");
	made_column(&set, "label", F32, 3, label);
	dataset_range(&set, "label", &low, &high);
	ok(low == -1 && high == 4.5F, "the range of a column");
	made_column(&set, "none", F32, 0, label);
	dataset_range(&set, "none", &low, &high);
	ok(low == 0 && high == 0, "and of nothing");
	made_column(&set, "vocab.user.at", U64, 3, at);
	ok(dataset_ids(&set, "user") == 2, "the size of a vocabulary");
	ok(has_parts(two, 2, "00022"), "two files are train and test");
	ok(has_parts(three, 3, "0012"), "three are train, valid and test,");
	ok(has_parts(empty, 3, "0022"), "of which one may be empty");
	ok(has_parts(one, 1, "00"), "one is train");
	tensors_free(&set);
}

static void repeats(void)
{
	static const uint32_t u[] = { 0, 1, 0, 3, 3, 3, 1, 0 }, v[] = { 2, 2, 2, 0, 0, 0, 1, 0 };
	struct tensors set = { 0 };

	made_column(&set, "user", U32, 8, u);
	ok(dataset_repeats(&set) == 0, "no items, no repeats");
	made_column(&set, "item", U32, 8, v);
	ok(dataset_repeats(&set) == 3, "(0,2) once more, (3,0) twice more");
	tensors_free(&set);
	made_column(&set, "user", U32, 2, u + 4); /* 3 3 */
	made_column(&set, "item", U32, 2, v + 6); /* 1 0 */
	ok(dataset_repeats(&set) == 0, "one user's different items");
	tensors_free(&set);
	made_column(&set, "user", U32, 2, u); /* 0 1 */
	made_column(&set, "item", U32, 2, v); /* 2 2 */
	ok(dataset_repeats(&set) == 0, "one item's different users");
	tensors_free(&set);
}

int main(void)
{
	columns();
	repeats();
	return done();
}
