/* Rates by hand; the cosine against torch.optim.lr_scheduler.CosineAnnealingLR(o, 8), lr 1. */
#include "schedule.h"

#include "tap.h"

int main(void)
{
	static const double cosine[] = { 1.0, 0.9619397662556434, 0.8535533905932737,
		0.6913417161825449, 0.5, 0.30865828381745514, 0.14644660940672627,
		0.03806023374435664, 0.0 };
	static const char *const wrong[] = { "", "linear", "step", "step:2", "step:0:0.5",
		"step:1:2", "step:1:0.5x", "cosine:", "cosine:0", "cosines", "constant:1" };
	struct schedule s = { .span = 8 };
	char what[64];

	ok(!schedule_parse(&s, "constant"), "constant");
	near(schedule_factor(&s, 100), 1, 0, "stays 1");
	ok(!schedule_parse(&s, "cosine"), "cosine");
	for (int i = 0; i < 9; i++)
		near(schedule_factor(&s, i), cosine[i], 1e-15, "as PyTorch has it");
	near(schedule_factor(&s, 20), 0, 1e-15, "0 after its span");
	ok(!schedule_parse(&s, "cosine:2") && s.span == 2, "a span of its own");
	ok(!schedule_parse(&s, "step:1.5:0.5"), "step");
	near(schedule_factor(&s, 1.4), 1, 0, "before the first step");
	near(schedule_factor(&s, 1.5), 0.5, 0, "at it");
	near(schedule_factor(&s, 4.6), 0.125, 0, "after three");
	s.warmup = 2;
	near(schedule_factor(&s, 1), 0.5, 0, "half way through warm-up");
	near(schedule_factor(&s, 2), 0.5, 0, "no more of it after");
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(what, sizeof what, "'%s' is refused", wrong[i]);
		ok(schedule_parse(&s, wrong[i]) != NULL, what);
	}
	return done();
}
