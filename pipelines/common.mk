# common.mk -- what every pipeline includes: a strict shell, bin/ in PATH, targets that are whole.
# OUT is where runs go, BIN where the filters are (make demo BIN=... sets it).
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.PHONY: table seeds plots ratings toy
BIN ?= ../../bin
OUT ?= out
export PATH := $(abspath $(BIN)):$(PATH)
$(shell mkdir -p $(OUT))
# filter < $< $(to): a killed recipe leaves no target that make takes for whole.
to = > $@.part && mv $@.part $@
# $(call v,2,T) is 4 for a target out/soft_T4_s1.rts of %: the second field without its prefix.
v = $(patsubst $(2)%,%,$(word $(1),$(subst _, ,$*)))
# $(call on,SMALL EPOCHS) among prerequisites: remade when one of these variables has got another value.
.SECONDEXPANSION:
on = $(foreach s,$(1),$(OUT)/$(s).is$(call note,printf '%s\n' '$(subst ','\'',$($(s)))',$(OUT)/$(s).is))
note = $(shell $(1) | cmp -s - $(2) || $(1) > $(2))
