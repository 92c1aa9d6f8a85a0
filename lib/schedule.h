/* schedule -- the learning rate over time. Owns: warm-up, steps, cosine.
 *
 * x is the time in epochs, fractions included; f multiplies the rate.
 *
 *   constant  f = 1
 *   step      f = factor^floor(x / every)
 *   cosine    f = (1 + cos(pi min(x / span, 1))) / 2
 *             Loshchilov, Hutter 2017, "SGDR", eq. 5, without restarts
 *
 * and, while x < warmup, times x / warmup. */
#ifndef SCHEDULE_H
#define SCHEDULE_H

enum schedule_kind { SCHEDULE_CONSTANT, SCHEDULE_STEP, SCHEDULE_COSINE };

struct schedule {
	enum schedule_kind kind;
	double every, factor; /* step: epochs, > 0; 0 .. 1 */
	double span; /* cosine: epochs, > 0 */
	double warmup; /* epochs; 0: none */
};

/* "constant", "step:EVERY:FACTOR", "cosine" or "cosine:SPAN", into *s; NULL, or what is wrong.
 * span without SPAN is left as it is. */
const char *schedule_parse(struct schedule *s, const char *text);

double schedule_factor(const struct schedule *s, double x);

#endif
