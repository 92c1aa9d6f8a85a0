# common.mk -- what every pipeline includes: a strict shell, bin/ in PATH, targets that are whole.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: table toy clean
BIN ?= ../../bin
OUT ?= out
export PATH := $(abspath $(BIN)):$(PATH)
# filter < $< $(to): a killed recipe leaves no target that make takes for whole.
to = > $@.part && mv $@.part $@
# $(call v,2,T) in a rule for soft_T4_s1 is 4: the second field of the name without its prefix.
v = $(patsubst $(2)%,%,$(word $(1),$(subst _, ,$*)))
table:
$(shell mkdir -p $(OUT))
clean:
	rm -rf $(OUT)
