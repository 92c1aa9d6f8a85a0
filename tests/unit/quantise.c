/* quantise -- half precision: all 65,536 there and back, ties by hand; rows against the formula. */
#include "quantise.h"

#include <math.h>
#include <stdlib.h>

#include "tap.h"

enum { ROWS = 50, COLS = 16 };

static void halves(void)
{
	size_t good = 0, nearest = 0, tried = 0;

	for (uint32_t h = 0; h < 65536; h++) {
		float x = quantise_single((uint16_t)h);

		good += isnan(x) ? isnan(quantise_single(quantise_half(x)))
				 : quantise_half(x) == h;
	}
	near((double)good, 65536, 0, "every half goes to f32 and back");
	/* between two neighbours: the nearer one, in the middle the even one */
	for (uint32_t h = 0; h < 0x7BFF; h += 7) {
		double a = (double)quantise_single((uint16_t)h),
		       b = (double)quantise_single((uint16_t)(h + 1));

		tried += 3;
		nearest += quantise_half((float)(a + 0.49 * (b - a))) == h;
		nearest += quantise_half((float)(a + 0.51 * (b - a))) == h + 1;
		nearest += quantise_half((float)((a + b) / 2)) == h + h % 2;
	}
	near((double)nearest, (double)tried, 0, "numbers between go to the nearest, ties to even");
	near((double)quantise_half(1), 0x3C00, 0, "1 is 0x3c00");
	near((double)quantise_half(-2), 0xC000, 0, "-2 is 0xc000");
	near((double)quantise_half(65504), 0x7BFF, 0, "65504 is the greatest");
	near((double)quantise_half(65519), 0x7BFF, 0, "65519 too");
	near((double)quantise_half(65520), 0x7C00, 0, "65520 is infinity");
	near((double)quantise_half(5.9604645e-8f), 1, 0, "2^-24 is the least");
	near((double)quantise_half(2.9802322e-8f), 0, 0, "2^-25 is a tie, and goes to zero");
}

static void rows(void)
{
	static float x[ROWS * COLS], back[ROWS * COLS], scale[ROWS];
	static int8_t q[ROWS * COLS];
	double worst = 0;
	size_t full = 0;

	for (int i = 0; i < ROWS * COLS; i++)
		x[i] = i / COLS == 7 ? 0 : (float)(sin(i * 1.7) * exp(i / COLS * 0.4 - 10));
	quantise_rows(q, scale, x, ROWS, COLS);
	quantise_restore(back, q, scale, ROWS, COLS);
	for (int r = 0; r < ROWS; r++) {
		int most = 0;

		for (int j = 0; j < COLS; j++) {
			int i = r * COLS + j;

			most = abs(q[i]) > most ? abs(q[i]) : most;
			if (scale[r] > 0)
				worst = fmax(worst,
					fabs((double)(back[i] - x[i])) / (double)scale[r]);
		}
		full += most == 127;
	}
	ok(worst <= 0.5001, "off by half a step at most");
	near((double)full, ROWS - 1, 0, "the greatest of a row becomes 127 or -127");
	ok(scale[7] == 0 && back[7 * COLS] == 0, "a row of zeros stays zero");
	quantise_rows(q, scale, (const float[]){ 1.5f, 127, -2.5f, 0.5f }, 1, 4);
	ok(q[0] == 2 && q[1] == 127 && q[2] == -2 && q[3] == 0, "1.5, -2.5, 0.5 are ties: to even");
}

int main(void)
{
	halves();
	rows();
	return done();
}
