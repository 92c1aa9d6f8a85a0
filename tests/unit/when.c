#include "when.h"

#include "tap.h"

static int same_times(const int64_t *time, size_t n, size_t pieces, int is_near)
{
	struct when when = { 0 };
	int good = 1;

	for (size_t at = 0; at < n; at += pieces)
		when_add(&when, time + at, at + pieces < n ? pieces : n - at);
	for (size_t i = 0; i < n; i++)
		good &= when_at(&when, i) == time[i];
	good &= when.n == n && (when.near != NULL) == is_near;
	when_free(&when);
	return good;
}

int main(void)
{
	const int64_t span = INT32_MAX;
	const int64_t plain[] = { 1000, 5, -7, 1000 + span, 1000 - span };
	const int64_t below[] = { 1000, 5, 1000 - span - 1 };
	const int64_t above[] = { 1000, 1000 + span + 1, 7 };
	const int64_t beyond[] = { 1000, 1000 + span + 2, 7 };
	const int64_t ends[] = { INT64_MIN, INT64_MAX, 0, -1, INT64_MAX };
	const int64_t low[] = { INT64_MIN, INT64_MIN + 1, INT64_MIN + span };
	const int64_t high[] = { INT64_MAX, INT64_MAX - span, INT64_MAX - 1 };

	for (size_t pieces = 1; pieces <= 5; pieces += 2) {
		ok(same_times(plain, 5, pieces, 1), "2^31 - 1 to both sides is near");
		ok(same_times(below, 3, pieces, 0), "one further below is not");
		ok(same_times(above, 3, pieces, 1), "above there is room for one more");
		ok(same_times(beyond, 3, pieces, 0), "but not for two");
		ok(same_times(ends, 5, pieces, 0), "the ends of i64");
		ok(same_times(low, 3, pieces, 1), "near the least");
		ok(same_times(high, 3, pieces, 1), "near the greatest");
	}
	return done();
}
