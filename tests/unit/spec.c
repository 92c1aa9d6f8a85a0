/* spec: keys and values, and what is said of those that are not what they should be. */
#include "spec.h"

#include <stdlib.h>

#include "child.h"
#include "die.h"
#include "made.h"
#include "tap.h"

static struct spec spec;

static void start(const char *text)
{
	struct tensors set = { 0 };

	made_column(&set, "model.a.spec", U8, strlen(text), text);
	spec_read(&spec, &set, "a");
	tensors_free(&set);
}

static void start_child(void *text)
{
	start(text);
}

static void need(void *key)
{
	spec_need(&spec, key);
}

static void number(void *key)
{
	char *end;

	spec_number(&spec, key, spec_need(&spec, key), &end);
}

static void real(void *key)
{
	spec_real(&spec, key);
}

static void bound(void *key)
{
	spec_bound(&spec, key);
}

static const char *const colours[] = { "red", "green", NULL };

static void choice(void *key)
{
	spec_choice(&spec, key, colours);
}

static void either(void *key)
{
	spec_either(&spec, key, "red", "blue");
}

static void refused(void (*how)(void *), const char *key, const char *want)
{
	ok(run(how, key) == 1 && strstr(said, want), want);
}

static void values(void)
{
	char *end;

	start("arch=mlp\nhidden=400,32\nempty=\neq=a=b\nscale=-1.5e2\ncolour=green\n");
	same(spec_get(&spec, "arch"), "mlp", "a value");
	same(spec_get(&spec, "empty"), "", "an empty one");
	same(spec_get(&spec, "eq"), "a=b", "one with a sign in it");
	ok(!spec_get(&spec, "mlp") && !spec_get(&spec, "arc"), "a value is no key");
	ok(spec_number(&spec, "hidden", spec_get(&spec, "hidden"), &end) == 400 &&
			strcmp(end, ",32") == 0,
		"the first number of several");
	ok(spec_real(&spec, "scale") == -150, "a real number");
	ok(spec_choice(&spec, "colour", colours) == 1 && spec_choice(&spec, "taste", colours) == 0,
		"a choice, the first by default");
	ok(spec_either(&spec, "colour", "green", "red") &&
			!spec_either(&spec, "colour", "red", "green"),
		"one of two");
	spec_free(&spec);
}

static void faults(void)
{
	start("big=1048577\nlarge=1048576\nword=x\nlong=1.5x\ninf=inf\ncolour=blue\nnan=nan\n");
	refused(need, "arch", "unit: model 'a': its spec lacks 'arch'");
	refused(number, "big", "model 'a': big=1048577 in its spec");
	ok(run(number, "large") == 0, "2^20 is a number");
	refused(number, "word", "model 'a': word=x in its spec");
	refused(real, "long", "model 'a': long=1.5x in its spec");
	refused(real, "inf", "model 'a': inf=inf in its spec");
	ok(isinf(spec_bound(&spec, "inf")), "a bound may be infinite");
	refused(bound, "nan", "model 'a': nan=nan in its spec");
	refused(bound, "word", "model 'a': word=x in its spec");
	refused(choice, "colour", "model 'a': colour=blue in its spec");
	ok(run(either, "colour") == 0, "blue is one of two");
	refused(either, "word", "model 'a': word=x in its spec; expected red or blue");
	spec_free(&spec);
	refused(start_child, "arch=mlp", "its spec does not end in a line end");
	refused(start_child, "", "its spec does not end in a line end");
	refused(start_child, "arch\n", "a spec line without '='");
	refused(start_child, "arch=mlp\n\n", "a spec line without '='");
	refused(start_child, "arch=\x1b\n", "byte 1b in its spec");
}

int main(void)
{
	die_name("unit");
	values();
	faults();
	return done();
}
