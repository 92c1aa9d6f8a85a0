# make           build bin/rs-*         make check      every test, ends in Result: PASS
# make demo      the main job           make sanitize   the tests under ASan and UBSan
# make bench     ratios against peers   make install    DESTDIR= PREFIX=/usr/local
# make golden    rewrite tests/golden   make clean      empty bin/
CFLAGS ?= -O2 -g
# Kernels begin on a cache line: where they happen to lie changes their speed by 3 % else.
KERNEL_OPT ?= -O3 -falign-functions=64
PREFIX ?= /usr/local
BIN ?= bin
VERSION := 0.1.0
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla \
	-Wcast-qual -Wwrite-strings -Wundef
MUST := -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -fopenmp -ffp-contract=off \
	-fno-math-errno -MMD -MP -iquote lib -DVERSION='"$(VERSION)"' $(WARN)
LIBS := -lcsv -lz -lm

# Kernels are built once for each instruction set; lib/simd.h chooses at start.
MULTI := ahead gemm optim loss embed cross sgd duel top normal slab dots stops figures sieve expo axpy \
	planes
ISAS := base
ifneq ($(filter x86_64-%,$(shell $(CC) -dumpmachine)),)
ISAS += v3 v4
endif
MULTI += active norm fm touched chosen thin
# prfchw: what is asked for to be written is asked for as such, which takes it from other cores.
ISA_base :=
ISA_v3 := -march=x86-64-v3 -mprfchw
ISA_v4 := -march=x86-64-v4 -mprfchw -mprefer-vector-width=512

SOURCES := $(filter-out $(MULTI:%=lib/%.c),$(wildcard lib/*.c))
KERNELS := $(foreach k,$(filter $(MULTI:%=lib/%.c),$(wildcard lib/*.c)),\
	$(ISAS:%=$(BIN)/obj/$(notdir $(k:.c=)).%.o))
LIBRARY := $(SOURCES:lib/%.c=$(BIN)/obj/%.o) $(KERNELS)
FILTERS := $(patsubst filters/%.c,$(BIN)/%,$(wildcard filters/*.c))
UNITS := $(patsubst tests/unit/%.c,$(BIN)/unit/%.t,$(wildcard tests/unit/*.c))
BENCHES := $(patsubst tests/bench/%.c,$(BIN)/bench/%,$(wildcard tests/bench/*.c))
OBJECTS := $(LIBRARY) $(patsubst filters/%.c,$(BIN)/obj/%.o,$(wildcard filters/*.c)) \
	$(UNITS:$(BIN)/unit/%.t=$(BIN)/obj/unit_%.o) $(BENCHES:$(BIN)/bench/%=$(BIN)/obj/bench_%.o)

all: $(FILTERS)

$(FILTERS): $(BIN)/%: $(BIN)/obj/%.o $(BIN)/librs.a
	$(CC) $(CFLAGS) -fopenmp $(LDFLAGS) -o $@ $^ $(LIBS)
$(UNITS): $(BIN)/unit/%.t: $(BIN)/obj/unit_%.o $(BIN)/librs.a | $(BIN)/unit
	$(CC) $(CFLAGS) -fopenmp $(LDFLAGS) -o $@ $^ $(LIBS)
$(BENCHES): $(BIN)/bench/%: $(BIN)/obj/bench_%.o $(BIN)/librs.a | $(BIN)/bench
	$(CC) $(CFLAGS) -fopenmp $(LDFLAGS) -o $@ $^ $(LIBS)
$(BIN)/librs.a: $(LIBRARY)
	rm -f $@ && $(AR) rcs $@ $^

$(BIN)/obj/%.o: lib/%.c
	$(CC) $(CFLAGS) $(MUST) -c -o $@ $<
$(BIN)/obj/%.o: filters/%.c
	$(CC) $(CFLAGS) $(MUST) -c -o $@ $<
$(BIN)/obj/unit_%.o: tests/unit/%.c
	$(CC) $(CFLAGS) $(MUST) -iquote tests -c -o $@ $<
$(BIN)/obj/bench_%.o: tests/bench/%.c
	$(CC) $(CFLAGS) $(MUST) -c -o $@ $<
define kernel_rule
$$(BIN)/obj/%.$(1).o: lib/%.c
	$$(CC) $$(CFLAGS) $$(KERNEL_OPT) $$(MUST) $$(ISA_$(1)) -DSIMD_SUFFIX=_$(1) -c -o $$@ $$<
endef
$(foreach i,$(ISAS),$(eval $(call kernel_rule,$(i))))

$(OBJECTS): Makefile | $(BIN)/obj
$(BIN)/obj $(BIN)/unit $(BIN)/bench:
	mkdir -p $@

# Unit tests do not start as filters do, so they are told here not to spin while they wait.
check: all $(UNITS) $(BENCHES)
	PATH="$(abspath $(BIN)):$$PATH" OMP_WAIT_POLICY=passive prove -j2 --exec '' $(UNITS) $(sort $(wildcard tests/cli/*.t))

sanitize:
	+ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 $(MAKE) check BIN=bin/sanitize KERNEL_OPT=-O1 \
		CFLAGS='-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'

demo: all
	+$(MAKE) -C pipelines/goodbooks table BIN="$(abspath $(BIN))"

bench: all $(BENCHES)
	PATH="$(abspath $(BIN)):$(abspath $(BIN))/bench:$$PATH"; export PATH; \
		set -e; for b in tests/bench/*.sh; do echo "== $$b"; sh $$b; done

golden: all
	PATH="$(abspath $(BIN)):$$PATH" GOLDEN=write prove --exec '' $(sort $(wildcard tests/cli/*.t))

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(FILTERS) $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(wildcard filters/*.1) $(DESTDIR)$(PREFIX)/share/man/man1

clean:
	find bin -mindepth 1 ! -name .gitignore -delete

-include $(OBJECTS:.o=.d)
.DELETE_ON_ERROR:
.PHONY: all check sanitize demo bench golden install clean
