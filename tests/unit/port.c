/* port: what is passed from one port to the other keeps its place among what is written. */
#include "port.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

enum { LARGE = 9000000 };

static char in_path[] = "/tmp/port-in-XXXXXX", out_path[] = "/tmp/port-out-XXXXXX";
static char text[LARGE + 1];

static void make_input(size_t n)
{
	FILE *file = fopen(in_path, "w");

	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i * 7 % 26);
	if (!file || fwrite(text, 1, n, file) != n || fclose(file) != 0)
		exit(2);
}

static const char *output(void)
{
	static char got[LARGE + 100];
	FILE *file = fopen(out_path, "r");

	got[file ? fread(got, 1, sizeof got - 1, file) : 0] = 0;
	if (file)
		fclose(file);
	return got;
}

/* Bytes in front, as often as asked. */
static void pass(struct port_out *out, struct port_in *in, size_t n, int times)
{
	for (; times && port_fill(in, n); times--) {
		port_pass(out, in->bytes + in->begin, n);
		port_skip(in, n);
	}
}

static void passing(void)
{
	struct port_in in;
	struct port_out out;

	make_input(12); /* ahovcjqxelsz */
	port_open_in(&in, in_path);
	port_open_out(&out, out_path);
	port_link(&in, &out);
	pass(&out, &in, 2, 2);
	ok(out.bytes == 0, "nothing is written yet");
	port_write(&out, "-", 1);
	pass(&out, &in, 3, 1);
	port_skip(&in, 1);
	pass(&out, &in, 2, 1);
	port_pass(&out, (const uint8_t *)"+", 1);
	ok(out.bytes == 11, "all but");
	ok(port_fill(&in, 2) && !port_fill(&in, 3), "two bytes are left");
	pass(&out, &in, 2, 1);
	port_unlink(&in);
	port_close_in(&in);
	port_close_out(&out);
	text[12] = 0;
	same(output(), "ahov-cjqel+sz", "in order, without what was skipped");
}

/* The buffer moves and grows while bytes of it wait. */
static void moving(void)
{
	struct port_in in;
	struct port_out out;

	make_input(LARGE);
	text[LARGE] = 0;
	port_open_in(&in, in_path);
	port_open_out(&out, out_path);
	port_link(&in, &out);
	pass(&out, &in, 700001, 3);
	pass(&out, &in, 4000000, 1);
	pass(&out, &in, 1000, 1 << 30);
	pass(&out, &in, 1, 1 << 30);
	ok(in.ended && in.offset == LARGE, "all is consumed");
	port_unlink(&in);
	port_close_in(&in);
	port_close_out(&out);
	ok(strcmp(output(), text) == 0, "9 MB by pieces of many sizes");
}

int main(void)
{
	close(mkstemp(in_path));
	close(mkstemp(out_path));
	passing();
	moving();
	unlink(in_path);
	unlink(out_path);
	return done();
}
