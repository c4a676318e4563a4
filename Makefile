# SPDX-License-Identifier: GPL-2.0-only
#
# synwalk: Linux' connect(2) in miniature, watched by the compiler, recorded, replayed.
#
#   make demo     everything from a fresh clone to a replayed connect
#   make help     the other targets
#
# The core is compiled twice.  WATCHED (-O0, compiler hooks) goes into the synwalk binary; PLAIN
# (-O2, no hooks) is what unit tests, benchmarks and the sanitizers use.  All objects live in
# build/, and every compiler runs from this folder with relative names, so that debug information
# speaks of core/net/ipv4/tcp.c wherever the clone lies.

VERSION := 0.1.0

# The core is C for GCC's hooks: cc may be anything, so the default is named.
ifeq ($(origin CC),default)
CC := gcc
endif
WATCH_CC ?= gcc
AR ?= ar
LD := ld
OBJCOPY ?= objcopy
NM ?= nm
CLANG_FORMAT ?= clang-format
CPPCHECK ?= cppcheck
INSTALL ?= install
MSGFMT ?= msgfmt
BISON ?= bison
FLEX ?= flex

PREFIX ?= /usr/local
DESTDIR ?=
bindir = $(PREFIX)/bin
libdir = $(PREFIX)/lib
mandir = $(PREFIX)/share/man
docdir = $(PREFIX)/share/doc/synwalk
localedir = $(PREFIX)/share/locale

B := build

comma := ,
# One short line a command; make V=1 prints the commands themselves.
V ?=
say = $(if $(V),,@printf '  %-7s %s\n' $(1) '$@';)

# ---- flags -------------------------------------------------------------------------------------

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wundef \
        -Wpointer-arith -Wno-unused-parameter
# The kernel embeds structs with a trailing array too, and silences clang likewise; that a struct's
# other fields become zero is what an initializer is written for.
ifneq ($(findstring clang,$(CC)),)
WARN += -Wno-gnu-variable-sized-type-not-at-end -Wno-missing-field-initializers
endif
STD := -std=gnu11
DEPFLAGS = -MMD -MP -MT $@

# The core sees the compiler's own headers and its own, never the C library's.
GCC_INCLUDE = $(shell $(1) -print-file-name=include)
FREESTANDING = -ffreestanding -nostdinc -isystem $(call GCC_INCLUDE,$(1)) -Icore/include \
               -fno-strict-aliasing -fno-common
# Hooks: calls, stores, comparisons, lines.  -O0 so that the order of the source is the order seen.
WATCH_FLAGS := -O0 -g3 -fno-omit-frame-pointer
WATCH_HOOKS := -fsanitize=thread -fsanitize-coverage=trace-pc,trace-cmp
# memcpy and its like are one step of the story: their stores count, their loops do not.
WATCH_HOOKS_STRING := -fsanitize=thread
PLAIN_FLAGS ?= -O2 -g
# Not alignment: behind an Ethernet header an IP header is never aligned, and x86 does not mind
# (NET_IP_ALIGN is 0 there, and the kernel's own UBSAN leaves the check out as well).
ASAN_FLAGS := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
              -fno-sanitize=alignment -fno-sanitize-recover=undefined

HOST_CFLAGS := $(STD) $(WARN) -D_GNU_SOURCE -I.
TOOL_CFLAGS = $(STD) $(WARN) -D_GNU_SOURCE -I. -I$(B)/gen -DSYNWALK_VERSION='"$(VERSION)"' \
              -DSYNWALK_LIBDIR='"$(libdir)/synwalk"' -DSYNWALK_LOCALEDIR='"$(localedir)"' -O2 -g $(TOOL_SAN)
TOOL_LIBS := -lsqlite3 -ldw -lelf -ljansson -lncursesw -ltinfo -lyaml -lcrypt -ldl -lpthread -lm
# What people start has its libraries within it: to look for twelve of them, map and relocate them takes
# a good part of a recorded connect.  Where one is missing as an archive, all are shared ones.
STATIC_LIBS := sqlite3 dw elf lzma bz2 z jansson ncursesw tinfo yaml crypt
static_found := $(filter /%,$(foreach l,$(STATIC_LIBS),$(shell $(WATCH_CC) -print-file-name=lib$(l).a)))
START_LIBS = $(if $(TOOL_SAN)$(filter-out $(words $(STATIC_LIBS)),$(words $(static_found))),$(TOOL_LIBS),\
             $(static_found) -ldl -lpthread -lm)
# Relocations that take no symbol, packed: a tenth of their size.
START_FLAGS := $(shell $(LD) --help | grep -q pack-relative-relocs && echo -Wl,-z,pack-relative-relocs)

# ---- what there is -----------------------------------------------------------------------------
# New files are picked up by where they lie; nothing is listed by hand.

CORE_SRC := $(sort $(shell find core -name '*.c' -not -path 'core/host/*' 2>/dev/null))
CORE_HDR := $(sort $(shell find core -name '*.h' -not -path 'core/host/*' 2>/dev/null))
HOST_SRC := $(sort $(wildcard core/host/*.c))
CORE_ASM := $(sort $(wildcard core/host/*.S))
RECORD_SRC := $(sort $(wildcard trace/record/*.c))
RECORD_ASM := $(sort $(wildcard trace/record/*.S))
# The LTTng-UST provider is a library of its own: synwalk must run where lttng-ust is not installed.
LTTNG_SRC := $(sort $(wildcard trace/record/lttng/*.c))
IMPORT_SRC := $(sort $(wildcard trace/import/*.c))
# What reads CTF is a library of its own, too: see its ctf.h.
CTF_SRC := $(sort $(wildcard trace/import/ctf/*.c))
READ_SRC := $(sort $(wildcard trace/read/*.c))
DIFF_SRC := $(sort $(wildcard trace/diff/*.c))
LABS_SRC := $(sort $(wildcard labs/*.c))
VIEWER_SRC := $(sort $(wildcard viewer/*.c viewer/script/*.c viewer/export/*.c \
              viewer/kernel/*.c viewer/kernel/guest/[!i]*.c))

core_objs = $(CORE_SRC:%.c=$(1)/%.o)
host_objs = $(HOST_SRC:%.c=$(1)/%.o) $(CORE_ASM:%.S=$(1)/%.o)

RECORD_OBJ := $(RECORD_SRC:%.c=$(B)/tool/%.o) $(RECORD_ASM:%.S=$(B)/tool/%.o)
IMPORT_OBJ := $(IMPORT_SRC:%.c=$(B)/tool/%.o)
READ_OBJ := $(READ_SRC:%.c=$(B)/tool/%.o)
DIFF_OBJ := $(DIFF_SRC:%.c=$(B)/tool/%.o)
# The scenario language's scanner and parser are made by flex and bison.
SCRIPT_GEN := $(B)/gen/script_lexer.c $(B)/gen/script_grammar.c
SCRIPT_GEN_OBJ := $(SCRIPT_GEN:$(B)/gen/%.c=$(B)/tool/gen/%.o)
# The parts of the page that export writes.
PAGE := viewer/export/page
PAGE_PARTS := $(wildcard $(PAGE)/*)
VIEWER_OBJ := $(VIEWER_SRC:%.c=$(B)/tool/%.o) $(SCRIPT_GEN_OBJ) $(B)/tool/viewer/export/page.o \
              $(B)/tool/viewer/kernel/guest/files.o $(B)/tool/viewer/kernel/rules.o
# The guest's program, of the same sources, stands alone: there is nothing else in its machine.
GUEST_SRC := $(addprefix viewer/,kernel/guest/init.c kernel/btf.c kernel/cut.c kernel/fields.c kernel/record.c kernel/stacks.c kernel/stage.c \
             kernel/tracefs.c kernel/tracer.c farend.c netns.c number.c pcap.c problem.c result.c target.c trouble.c)
LABS_OBJ := $(LABS_SRC:%.c=$(B)/tool/%.o)
VIEWER_LIB_OBJ := $(filter-out $(B)/tool/viewer/main.o,$(VIEWER_OBJ))
LTTNG_OBJ := $(LTTNG_SRC:%.c=$(B)/lttng/%.o)
LTTNG_SO := $(if $(LTTNG_SRC),$(B)/libsynwalk-lttng.so)
CTF_OBJ := $(CTF_SRC:%.c=$(B)/ctf/%.o)
CTF_SO := $(B)/libsynwalk-ctf.so
# What functions, fields, errnos mean, and the languages it is told in beside English.
CATALOG := $(sort $(wildcard viewer/catalog/*.txt))
LANGUAGES := $(basename $(notdir $(wildcard po/*.po)))
MO := $(if $(shell command -v $(MSGFMT)),$(LANGUAGES:%=$(B)/locale/%/LC_MESSAGES/synwalk.mo))
GEN := $(B)/gen/schema_sql.h $(B)/gen/calls_table.h $(B)/gen/script_grammar.h $(B)/gen/catalog_texts.h

PLAIN_DIR := $(B)/plain$(if $(filter gcc,$(CC)),,-$(notdir $(CC)))
PLAIN_LIB := $(PLAIN_DIR)/libcore-plain.a
ASAN_LIB := $(B)/asan/libcore-plain.a
# Counts lines and branches; -O0, so that a branch of the source is a branch of the object.
COV_LIB := $(B)/cov/libcore-plain.a
COV_FLAGS := -O0 -g --coverage

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all plain asan demo test bench monkey faults fuzz seed oracle again lint format install uninstall clean deps deps-test deps-guest guest \
        help check-asan \
        check-valgrind po catalog-check kit labs labs-bench first-green grade student-package tests coverage import-all mutation mutant-env equal golden

all: $(B)/synwalk $(LTTNG_SO) $(CTF_SO) $(MO) kit

help:
	@echo 'make            build build/synwalk'
	@echo 'make demo       a real connect over TAP, recorded and replayed (installs what is missing)'
	@echo 'make kit        what the labs compile and link a student\''s file with'
	@echo 'make labs       every lab checked: skeletons, solutions, mutants, forgeries, handouts, RUNS (100) reports'
	@echo 'make labs-bench how long the check takes, and a class of STUDENTS (500)'
	@echo 'make first-green   from a fresh clone to the first test that is right, as README.md and lab 1 say'
	@echo 'make grade LAB=5   what is worth what was written in lab05'
	@echo 'make student-package   build/synwalk-labs.tar.gz: the labs without their answers'
	@echo 'make test       every test; the last line counts them'
	@echo 'make coverage   which lines and branches of the core the tests reach'
	@echo 'make monkey     random keys and resizes on the viewer, with sanitizers'
	@echo 'make fuzz       feed frames to the core under ASan and UBSan, FUZZ_SECONDS long (20 minutes)'
	@echo 'make faults     faults at MOMENTS (100) random moments of a recording: what is left of the trace'
	@echo 'make again      every scenario RUNS times (100), recorded: the traces must be equal'
	@echo 'make import-all every scenario recorded by LTTng, too, and imported: the traces must be equal'
	@echo 'make guest      a Debian kernel, booted under emulation: its connect, recorded by each tracer'
	@echo 'make bench      what watching and recording cost, beside bare SQLite and the host kernel'
	@echo 'make mutation   faults put into the core one by one: does diff name the function at fault?'
	@echo 'make equal      PAIRS (1000) of equal runs with other seeds and clocks: does diff call them equal?'
	@echo 'make golden     write the golden traces anew, and show what changes'
	@echo 'make seed       where each function and field of the seed is, and the first step that shows it'
	@echo 'make oracle     how much of what a real kernel was recorded to do is done here'
	@echo 'make catalog-check  functions and fields of all scenarios that have no text to explain them'
	@echo 'make po         put new and changed texts into the translations, po/*.po'
	@echo 'make lint       format, SPDX tags, static analysis, the rules of the house'
	@echo 'make format     lay the sources out by .clang-format'
	@echo 'make plain      the core without hooks, as a library (make plain CC=clang works too)'
	@echo 'make deps       install the Debian packages that are missing, or say which'
	@echo 'make install    to PREFIX (now $(PREFIX)), below DESTDIR if set; make uninstall'
	@echo 'make clean      remove build/'

# ---- the core ----------------------------------------------------------------------------------
# Each build of the core is first joined into one object in which those of its functions that
# share a name with the C library (memcpy ...) are made local: the core must call its own, and the
# rest of the program must not.

LIBC_NAMES := $(B)/libc-names

$(LIBC_NAMES): Makefile
	@mkdir -p $(@D)
	@$(NM) -D --defined-only $$($(WATCH_CC) -print-file-name=libc.so.6) | \
	    awk '{ sub(/@.*/, "", $$3); print $$3 }' | sort -u >$@

define join_core
	@mkdir -p $(@D)
	$(call say,JOIN)$(LD) -r -o $@.all $(filter %.o,$^)
	@$(OBJCOPY) --wildcard --localize-symbols=$(LIBC_NAMES) $@.all $@
	@rm -f $@.all
endef

# -fsanitize=thread has each file ask its runtime to begin, before main(): ours has nothing to do then.
$(B)/watched/core.o: $(call core_objs,$(B)/watched) $(LIBC_NAMES)
	$(join_core)
	@$(OBJCOPY) -R .init_array.00099 $@

$(PLAIN_DIR)/core.o: $(call core_objs,$(PLAIN_DIR)) $(LIBC_NAMES)
	$(join_core)

$(B)/asan/core.o: $(call core_objs,$(B)/asan) $(LIBC_NAMES)
	$(join_core)

$(B)/cov/core.o: $(call core_objs,$(B)/cov) $(LIBC_NAMES)
	$(join_core)

$(B)/watched/core/lib/string.o: HOOKS = $(WATCH_HOOKS_STRING)
$(B)/watched/core/%.o: HOOKS = $(WATCH_HOOKS)
$(B)/watched/core/%.o: core/%.c Makefile
	@mkdir -p $(@D)
	$(call say,WATCH)$(WATCH_CC) $(STD) $(WARN) $(WATCH_FLAGS) $(HOOKS) $(call FREESTANDING,$(WATCH_CC)) \
	    $(DEPFLAGS) -c $< -o $@

$(PLAIN_DIR)/core/%.o: core/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(STD) $(WARN) $(PLAIN_FLAGS) $(call FREESTANDING,$(CC)) $(DEPFLAGS) -c $< -o $@

$(B)/asan/core/%.o: core/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(STD) $(WARN) $(ASAN_FLAGS) $(call FREESTANDING,$(CC)) $(DEPFLAGS) -c $< -o $@

$(B)/cov/core/%.o: core/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(WATCH_CC) $(STD) $(WARN) $(COV_FLAGS) $(call FREESTANDING,$(WATCH_CC)) $(DEPFLAGS) \
	    -c $< -o $@

# core/host is the machine under the kernel: ordinary C on the C library, never watched.
$(B)/watched/core/host/%.o: core/host/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(WATCH_CC) $(HOST_CFLAGS) -DHOST_CLEAN_MEMORY -O2 -g $(DEPFLAGS) -c $< -o $@
$(PLAIN_DIR)/core/host/%.o: core/host/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(HOST_CFLAGS) $(PLAIN_FLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/asan/core/host/%.o: core/host/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(HOST_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/cov/core/host/%.o: core/host/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(WATCH_CC) $(HOST_CFLAGS) -O2 -g $(DEPFLAGS) -c $< -o $@
$(B)/watched/core/host/%.o $(PLAIN_DIR)/core/host/%.o $(B)/asan/core/host/%.o \
$(B)/cov/core/host/%.o: core/host/%.S Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -g -c $< -o $@

$(PLAIN_LIB): $(PLAIN_DIR)/core.o $(call host_objs,$(PLAIN_DIR))
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(ASAN_LIB): $(B)/asan/core.o $(call host_objs,$(B)/asan)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(COV_LIB): $(B)/cov/core.o $(call host_objs,$(B)/cov)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

plain: $(PLAIN_LIB)
asan: $(ASAN_LIB)

# ---- recorder, reader, viewer ------------------------------------------------------------------

$(B)/tool/viewer/export/page.o: $(PAGE_PARTS)
$(B)/tool/viewer/kernel/guest/files.o: $(B)/guest/init viewer/kernel/guest/fetch.sh
$(B)/tool/viewer/kernel/rules.o: viewer/kernel/newer.txt viewer/kernel/stacks.txt
$(B)/tool/viewer/kernel/guest/init.o: viewer/kernel/guest/init.c
$(B)/guest/init: $(GUEST_SRC:%.c=$(B)/tool/%.o)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -static -s -o $@ $^

# The schema goes into the binary as one C string: SCHEMA_SQL.
$(B)/gen/schema_sql.h: trace/schema.sql Makefile
	@mkdir -p $(@D)
	@{ echo '/* made from trace/schema.sql */'; echo 'static const char SCHEMA_SQL[] ='; \
	  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n"/' $<; echo ';'; } >$@

$(B)/gen/catalog_texts.h: viewer/catalog/table.awk $(CATALOG) Makefile
	@mkdir -p $(@D)
	@awk -f $< $(CATALOG) >$@.unsorted && LC_ALL=C sort $@.unsorted >$@ && rm -f $@.unsorted
$(B)/tool/viewer/catalog.o: $(B)/gen/catalog_texts.h

# A language: what translators write, as the program reads it. Without gettext's msgfmt all is English.
$(B)/locale/%/LC_MESSAGES/synwalk.mo: po/%.po
	@mkdir -p $(@D)
	$(call say,MO)$(MSGFMT) --check -o $@ $<

# So does what calls may differ in: CALLS_TABLE.
$(B)/gen/calls_table.h: trace/diff/calls.txt Makefile
	@mkdir -p $(@D)
	@{ echo '/* made from trace/diff/calls.txt */'; echo '#define CALLS_TABLE \'; \
	  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$$/\\n" \\/' $<; echo '""'; } >$@

$(B)/gen/script_grammar.c: viewer/script/grammar.y Makefile
	@mkdir -p $(@D)
	$(call say,BISON)$(BISON) -Wall -Werror --header=$(@:.c=.h) -o $@ $<
$(B)/gen/script_grammar.h: $(B)/gen/script_grammar.c ;
$(B)/gen/script_lexer.c: viewer/script/lexer.l Makefile
	@mkdir -p $(@D)
	$(call say,FLEX)$(FLEX) -o $@ $<
$(B)/tool/gen/%.o: $(B)/gen/%.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TOOL_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/tool/%.o: %.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TOOL_CFLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/tool/%.o: %.S Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) -g -c $< -o $@

$(B)/tool/librecord.a: $(RECORD_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(B)/tool/libimport.a: $(IMPORT_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(B)/tool/libread.a: $(READ_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(B)/tool/libdiff.a: $(DIFF_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^
$(B)/tool/libviewer.a: $(VIEWER_LIB_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(B)/tool/liblabs.a: $(LABS_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

TOOL_LIB := $(B)/tool/liblabs.a $(B)/tool/libviewer.a $(B)/tool/libimport.a $(B)/tool/librecord.a $(B)/tool/libdiff.a \
            $(B)/tool/libread.a

# The core's text travels in the program, so that a trace is complete wherever the program runs.
SOURCES_OBJ := $(B)/gen/sources.o
$(SOURCES_OBJ): trace/record/embed-sources $(CORE_SRC) $(CORE_HDR) Makefile
	@mkdir -p $(@D)
	@sh trace/record/embed-sources $(CORE_SRC) $(CORE_HDR) >$(@:.o=.S)
	$(call say,CC)$(WATCH_CC) -c $(@:.o=.S) -o $@

WATCHED_OBJ := $(B)/watched/core.o $(call host_objs,$(B)/watched) $(SOURCES_OBJ)

$(B)/tool/synwalk: $(B)/tool/viewer/main.o $(TOOL_LIB) $(WATCHED_OBJ)
	$(call say,LINK)$(WATCH_CC) $(TOOL_SAN) $(START_FLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group \
	    $(TOOL_LIB) -Wl,--end-group $(START_LIBS)

# What its debug information says is read once and travels with the program: trace/record/baked.h.
# Moved into place, for a program that runs (a viewer, say) cannot be written to.
define bake
	$(call say,BAKE)$< --bake $@.baked && \
	    $(OBJCOPY) --add-section .synwalk.baked=$@.baked $< $@.new && \
	    $(OBJCOPY) --set-section-alignment .synwalk.baked=4096 $@.new && mv -f $@.new $@ && rm -f $@.baked
endef
$(B)/synwalk: $(B)/tool/synwalk
	$(bake)

include labs/kit.mk

# lttng-ust's headers do not survive our strictest warnings.
$(B)/lttng/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(STD) -Wall -Wextra -D_GNU_SOURCE -I. -I$(dir $<) -O2 -g -fPIC $(DEPFLAGS) -c $< -o $@
$(B)/libsynwalk-lttng.so: $(LTTNG_OBJ)
	$(call say,LINK)$(CC) -shared -o $@ $^ -llttng-ust -ldl

$(B)/ctf/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(HOST_CFLAGS) -O2 -g -fPIC $(DEPFLAGS) -c $< -o $@
$(CTF_SO): $(CTF_OBJ)
	$(call say,LINK)$(CC) -shared -o $@ $^ -lbabeltrace2

# ---- tests -------------------------------------------------------------------------------------
#
# tests/unit/test_*.c    the core, plain build (also with ASan+UBSan, and under valgrind)
# tests/record/test_*.c  the recorder; its other .c files and tests/record/watched/*.c (compiled
#                        with the hooks) are linked into each
# tests/view/test_*.c    the reader and the viewer
# tests/script/test_*.c  the scenario language, with ASan+UBSan
# tests/pkt/*/*.pkt      scenarios; the scripts beside them play them
# tests/lib/*.c          shared by the unit tests and benchmarks
# tests/fuzz             fuzz targets; replay.c drives them without libFuzzer
# tests/e2e, tests/oracle  scripts that drive build/synwalk
# tests/host             random programs, on the core and on this machine's kernel

UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
TLIB_SRC := $(sort $(wildcard tests/lib/*.c))
TREC_SRC := $(sort $(wildcard tests/record/test_*.c))
TREC_LIB_SRC := $(filter-out $(TREC_SRC),$(sort $(wildcard tests/record/*.c)))
TREC_WATCH_SRC := $(sort $(wildcard tests/record/watched/*.c))
TVIEW_SRC := $(sort $(wildcard tests/view/test_*.c))
TVIEW_LIB_SRC := $(filter-out $(TVIEW_SRC),$(sort $(wildcard tests/view/*.c)))
TSCRIPT_SRC := $(sort $(wildcard tests/script/test_*.c))
TORACLE_SRC := $(sort $(wildcard tests/oracle/*.c))

UNIT_BIN := $(UNIT_SRC:%.c=$(B)/%)
ASAN_BIN := $(UNIT_SRC:%.c=$(B)/asan/%)
COV_BIN := $(patsubst %.c,$(B)/cov/%,$(UNIT_SRC) $(wildcard tests/oracle/test_*.c))
TREC_BIN := $(TREC_SRC:%.c=$(B)/%)
TVIEW_BIN := $(TVIEW_SRC:%.c=$(B)/%)
TORACLE_BIN := $(TORACLE_SRC:%.c=$(B)/%)
TSCRIPT_BIN := $(TSCRIPT_SRC:%.c=$(B)/%)

TEST_CFLAGS := $(STD) $(filter-out -Wmissing-prototypes,$(WARN)) -D_GNU_SOURCE -g -I.
# Unit tests look inside the core, so its headers come first; the C library's follow.
UNIT_CFLAGS := $(TEST_CFLAGS) -Icore/include -fno-strict-aliasing -fno-builtin

# The scripted far end of the viewer's --wire is the unit tests' far end too.
UNIT_LIB_OBJ := $(TLIB_SRC:%.c=$(B)/tests-obj/%.o) $(B)/tool/viewer/farend.o
ASAN_TLIB_OBJ := $(TLIB_SRC:%.c=$(B)/asan/tests-obj/%.o) $(B)/asan/viewer/farend.o

$(B)/tests-obj/tests/lib/%.o: tests/lib/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(UNIT_CFLAGS) -O1 $(DEPFLAGS) -c $< -o $@
$(B)/asan/tests-obj/tests/lib/%.o: tests/lib/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(UNIT_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/asan/viewer/%.o: viewer/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(HOST_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/tests/unit/%: tests/unit/%.c $(UNIT_LIB_OBJ) $(PLAIN_LIB) Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(UNIT_CFLAGS) -O1 $(DEPFLAGS) $< $(UNIT_LIB_OBJ) $(PLAIN_LIB) -o $@ -lcmocka -ljansson -lpthread
$(B)/asan/tests/unit/%: tests/unit/%.c $(ASAN_TLIB_OBJ) $(ASAN_LIB) Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(UNIT_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) $< $(ASAN_TLIB_OBJ) $(ASAN_LIB) -o $@ \
	    -lcmocka -ljansson -lpthread

# The part of the scenario language that knows nothing of the core.
SCRIPT_ASAN_OBJ := $(addprefix $(B)/asan/viewer/script/,parse.o parse_packet.o symbols.o settings.o \
                   frame_build.o frame_compare.o frame_decode.o) $(SCRIPT_GEN:$(B)/gen/%.c=$(B)/asan/gen/%.o)
$(SCRIPT_ASAN_OBJ): HOST_CFLAGS += -I$(B)/gen
$(SCRIPT_ASAN_OBJ): | $(GEN)
$(B)/asan/gen/%.o: $(B)/gen/%.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(HOST_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) -c $< -o $@
$(B)/tests/script/%: tests/script/%.c $(SCRIPT_ASAN_OBJ) Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) $< $(SCRIPT_ASAN_OBJ) -o $@ -lcmocka

$(B)/cov/tests/%: tests/%.c $(UNIT_LIB_OBJ) $(COV_LIB) Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(WATCH_CC) $(UNIT_CFLAGS) -O1 $(DEPFLAGS) $< $(UNIT_LIB_OBJ) $(COV_LIB) -o $@ \
	    -lcmocka -ljansson -lpthread -lgcov

$(B)/tests-obj/tests/record/watched/%.o: tests/record/watched/%.c Makefile
	@mkdir -p $(@D)
	$(call say,WATCH)$(WATCH_CC) $(TEST_CFLAGS) $(WATCH_FLAGS) $(WATCH_HOOKS) $(DEPFLAGS) -c $< -o $@
$(B)/tests-obj/%.o: %.c Makefile | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O1 -I$(B)/gen $(DEPFLAGS) -c $< -o $@

TREC_LIB_OBJ := $(TREC_LIB_SRC:%.c=$(B)/tests-obj/%.o) $(TREC_WATCH_SRC:%.c=$(B)/tests-obj/%.o)
$(B)/tests/record/%: $(B)/tests-obj/tests/record/%.o $(TREC_LIB_OBJ) $(B)/tool/librecord.a $(B)/tool/libread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(WATCH_CC) -rdynamic -o $@ $< $(TREC_LIB_OBJ) -Wl,--start-group $(B)/tool/librecord.a \
	    $(B)/tool/libread.a -Wl,--end-group -lcmocka $(TOOL_LIBS)

TVIEW_LIB_OBJ := $(TVIEW_LIB_SRC:%.c=$(B)/tests-obj/%.o)
# The viewer's library holds the commands that run the core, so the whole house is linked.
$(B)/tests/view/%: $(B)/tests-obj/tests/view/%.o $(TVIEW_LIB_OBJ) $(TOOL_LIB) $(WATCHED_OBJ)
	@mkdir -p $(@D)
	$(call say,LINK)$(WATCH_CC) -rdynamic -o $@ $< $(TVIEW_LIB_OBJ) -Wl,--start-group $(TOOL_LIB) \
	    $(WATCHED_OBJ) -Wl,--end-group \
	    -lcmocka -lvterm -lutil $(TOOL_LIBS)

# Faults in recordings: a synwalk of its own that crashes where it is told to, baked as the other is; a
# disk that fails, to be preloaded; and the program that injects and judges.
FAULTS_BIN := $(addprefix $(B)/tests/faults/,faults synwalk disk.so)
CRASH_HOOKS := $(shell sed -n 's/^BETWEEN("\(.*\)");/\1/p' tests/faults/crash.c)
$(B)/tests/faults/unbaked: $(B)/tool/viewer/main.o $(B)/tests-obj/tests/faults/crash.o $(TOOL_LIB) $(WATCHED_OBJ)
	@mkdir -p $(@D)
	$(call say,LINK)$(WATCH_CC) -rdynamic -o $@ $(patsubst %,-Wl$(comma)--wrap=%,$(CRASH_HOOKS) record_start \
	    record_stop) $(filter %.o,$^) -Wl,--start-group $(TOOL_LIB) -Wl,--end-group $(TOOL_LIBS)
$(B)/tests/faults/synwalk: $(B)/tests/faults/unbaked
	$(bake)
$(B)/tests/faults/disk.so: tests/faults/disk.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O1 -fPIC -shared $< -o $@ -ldl
$(B)/tests/faults/faults: $(patsubst %,$(B)/tests-obj/tests/faults/%.o,faults moments judge victim)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -o $@ $^ -lsqlite3

# Tables of what a kernel did, held against the plain core.
$(B)/tests/oracle/test_%: tests/oracle/test_%.c $(UNIT_LIB_OBJ) $(PLAIN_LIB) Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(UNIT_CFLAGS) -O1 $(DEPFLAGS) $< $(UNIT_LIB_OBJ) $(PLAIN_LIB) -o $@ \
	    -lcmocka -ljansson -lpthread

# Random programs, on the plain core and on this machine's kernel.
THOST_BIN := $(B)/tests/host/host
$(THOST_BIN): $(patsubst %.c,$(B)/tests-obj/%.o,$(sort $(wildcard tests/host/*.c))) $(PLAIN_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -o $@ $^ -lpthread

# What the test scripts ask a trace with.
$(B)/tests/oracle/%: $(B)/tests-obj/tests/oracle/%.o $(B)/tool/libread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -o $@ $^ $(TOOL_LIBS)

# Fuzzing: once with the compiler of the tests and a driver of our own, once with clang's libFuzzer
# where it is installed (libclang-rt-14-dev). Both with ASan and UBSan.
FUZZ_CC := clang
FUZZ_PARTS := fuzz_receive frames mutate
FUZZ_RUNTIME = $(wildcard $(shell $(FUZZ_CC) -print-file-name=libclang_rt.fuzzer-x86_64.a 2>/dev/null) \
               $(shell $(FUZZ_CC) -print-runtime-dir 2>/dev/null)/libclang_rt.fuzzer-x86_64.a)
# clang does not say __SANITIZE_ADDRESS__, which core/host looks at.
FUZZ_SAN := -O2 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=alignment \
            -fno-sanitize-recover=undefined -D__SANITIZE_ADDRESS__=1
# Comparisons are not traced: mutate.c knows which numbers matter, and it would halve the speed.
FUZZ_COUNT := -fsanitize=fuzzer-no-link -fno-sanitize-coverage=trace-cmp,indirect-calls
FUZZ_CORE := $(B)/fuzz/plain-$(FUZZ_CC)/libcore-plain.a
FUZZ_REPLAY := $(B)/asan/tests/fuzz/receive
FUZZ_BIN = $(if $(FUZZ_RUNTIME),$(B)/fuzz/receive)
FUZZ_SECONDS ?= 1200
FUZZ_RUNS ?=
# Bytes of an input: a header and up to 64 records (1040); half of that is twice as fast.
FUZZ_LEN ?= 528

$(B)/asan/tests-obj/tests/fuzz/%.o: tests/fuzz/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) $(ASAN_FLAGS) $(DEPFLAGS) -c $< -o $@
$(FUZZ_REPLAY): $(patsubst %,$(B)/asan/tests-obj/tests/fuzz/%.o,$(FUZZ_PARTS) replay) $(ASAN_LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ASAN_FLAGS) $^ -o $@ -lpthread

# The core a third time, with the counters that guide libFuzzer; make decides what is to be done.
$(FUZZ_CORE): $(CORE_SRC) $(CORE_HDR) $(HOST_SRC) Makefile
	@$(MAKE) --no-print-directory plain CC=$(FUZZ_CC) B=$(B)/fuzz \
	    PLAIN_FLAGS='$(FUZZ_SAN) $(FUZZ_COUNT)'
	@touch $@
# The harness is not what is fuzzed: no sanitizers, and nothing of it counts as new. The short run
# of replay.c has them in the harness too.
$(B)/fuzz/tests/fuzz/%.o: tests/fuzz/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(FUZZ_CC) $(TEST_CFLAGS) -Wno-missing-field-initializers -O2 $(DEPFLAGS) -c $< -o $@
$(B)/fuzz/receive: $(patsubst %,$(B)/fuzz/tests/fuzz/%.o,$(FUZZ_PARTS)) $(FUZZ_CORE)
	$(call say,LINK)$(FUZZ_CC) $(FUZZ_SAN) -fsanitize=fuzzer $^ -o $@ -lpthread

# The long run; what it finds new goes to build/fuzz/corpus, a finding to build/fuzz/finding-*. The core
# has its own allocator, which looks for its own leaks: malloc's are libFuzzer's, and not looked after.
fuzz: $(B)/fuzz/receive
	@mkdir -p $(B)/fuzz/corpus/receive
	ASAN_OPTIONS=detect_stack_use_after_return=0:malloc_context_size=1:quarantine_size_mb=4 \
	UBSAN_OPTIONS=print_stacktrace=1 \
	FUZZ_SESSION=$(B)/fuzz/session-receive $(B)/fuzz/receive -max_len=$(FUZZ_LEN) -print_final_stats=1 \
	    -timeout=10 -entropic=0 -reduce_inputs=0 -detect_leaks=0 \
	    $(if $(FUZZ_RUNS),-runs=$(FUZZ_RUNS),-max_total_time=$(FUZZ_SECONDS)) \
	    -artifact_prefix=$(B)/fuzz/finding- $(B)/fuzz/corpus/receive tests/fuzz/corpus/receive

tests: $(UNIT_BIN) $(ASAN_BIN) $(TREC_BIN) $(TVIEW_BIN) $(TORACLE_BIN) $(THOST_BIN) $(TSCRIPT_BIN) $(FAULTS_BIN) $(FUZZ_REPLAY) \
       $(FUZZ_BIN)

test: deps-test
	@$(MAKE) --no-print-directory all tests
	@sh tests/run.sh $(TESTS)

# The program itself on the counting core: it plays the scenarios (without recording them).
$(B)/cov/synwalk: $(B)/tool/viewer/main.o $(TOOL_LIB) $(B)/cov/core.o $(call host_objs,$(B)/cov) $(SOURCES_OBJ)
	$(call say,LINK)$(WATCH_CC) -rdynamic -o $@ $(filter %.o,$^) -Wl,--start-group $(TOOL_LIB) \
	    -Wl,--end-group $(TOOL_LIBS) -lgcov

coverage: $(COV_BIN) $(B)/cov/synwalk
	@sh tests/coverage.sh $(B)/cov

# ---- mutants, equal runs, golden traces --------------------------------------------------------
# The watched core with one fault in one file: what tests/mutation needs to build it.

mutant-env:
	@echo "export MUTANT_CC='$(WATCH_CC) $(STD) -w $(WATCH_FLAGS) $(WATCH_HOOKS) $(call FREESTANDING,$(WATCH_CC))'"
	@echo "export MUTANT_OBJECTS='$(call core_objs,$(B)/watched)'"
	@echo "export MUTANT_LINK='$(call host_objs,$(B)/watched) $(SOURCES_OBJ) -Wl,--start-group $(TOOL_LIB) \
	    -Wl,--end-group $(TOOL_LIBS)'"

# All of them; the default tests take a few.
mutation: deps
	@$(MAKE) --no-print-directory all
	@sh tests/mutation/run.sh all

# Equal runs with other seeds, ports and clocks must not be called different.
PAIRS ?= 1000
equal: deps
	@$(MAKE) --no-print-directory all
	@sh tests/mutation/equal.sh $(PAIRS)

golden: deps
	@$(MAKE) --no-print-directory all
	@sh tests/golden/golden.sh show
	@sh tests/golden/golden.sh write

# Texts for translators.  An entry that is new or has changed is untranslated or "fuzzy" in po/*.po then,
# and English is shown.  (make demo does not need it, so gettext's xgettext is asked for here alone.)
XGETTEXT ?= xgettext
MSGMERGE ?= msgmerge
po: $(B)/gen/catalog_texts.h
	$(XGETTEXT) --language=C --from-code=UTF-8 -k_ -kN_ --no-location --sort-output \
	    --add-comments='of ' --package-name=synwalk --package-version=$(VERSION) -o $(B)/synwalk.pot \
	    $(B)/gen/catalog_texts.h $(sort $(wildcard viewer/*.c) trace/read/filter.c)
	for language in $(LANGUAGES); do \
	    $(MSGMERGE) --quiet --update --backup=none --no-wrap po/$$language.po $(B)/synwalk.pot && \
	    $(MSGFMT) --statistics -o /dev/null po/$$language.po || exit 1; done

catalog-check: deps
	@$(MAKE) --no-print-directory all
	@CATALOG_ALL=1 sh tests/e2e/test_catalog.sh

# ---- what people call --------------------------------------------------------------------------

deps:
	@sh tests/lib/deps.sh
deps-test:
	@sh tests/lib/deps.sh test
# What `synwalk kernel --guest` boots its kernel with.
deps-guest:
	@sh tests/lib/deps.sh guest

# A Debian kernel's connect, booted for it and recorded by each tracer: three boots under emulation.
guest: deps-guest
	@$(MAKE) --no-print-directory all
	@sh tests/guest.sh

demo: deps
	@$(MAKE) --no-print-directory all
	@sh tests/lib/demo.sh

# The labs at length: all solutions that are known of each, what their handouts show, and whether a report
# is the same however often a file is graded.
labs: tool-san
	@$(B)/synwalk lab dev check $(LAB)
	@LABS_ALL=1 sh tests/labs/test_labs.sh
	@sh tests/labs/same.sh $(or $(RUNS),100) $(LABS_SAME)
LABS_SAME := 1:copies-twice 5:core 5:reads-behind-an-array 11:linear

# How long: the check (120 seconds on two processors that have nothing else to do), and a class of the lab
# that takes longest (ten minutes).
labs-bench: deps
	@$(MAKE) --no-print-directory all
	@begin=$$(date +%s); $(B)/synwalk lab dev check || exit 1; \
	    echo "all labs checked in $$(($$(date +%s) - begin)) seconds ($$(nproc) processors)"
	@sh tests/labs/class.sh $(or $(STUDENTS),500) 600 $(LAB)

first-green:
	@sh tests/labs/first_green.sh

grade: deps
	@$(MAKE) --no-print-directory all
	@$(B)/synwalk lab grade $(LAB)

seed: deps
	@$(MAKE) --no-print-directory all
	@sh tests/seed/list.sh

# Faults at MOMENTS random moments of a recording each; SEED chooses them again.
MOMENTS ?= 100
faults: deps
	@$(MAKE) --no-print-directory all $(FAULTS_BIN)
	@$(B)/tests/faults/faults $(if $(SEED),-s $(SEED)) $(MOMENTS)

# Determinism at length.
RUNS ?= 100
again: deps
	@$(MAKE) --no-print-directory all
	@sh tests/pkt/again.sh $(RUNS)

# Two ways, one trace, at length.
import-all: deps-test
	@$(MAKE) --no-print-directory all
	@IMPORT_ALL=1 sh tests/e2e/test_import.sh

# How much of what a real kernel was recorded to do is done here, table by table.
oracle: deps
	@$(MAKE) --no-print-directory all $(TORACLE_BIN)
	@sh tests/oracle/score.sh

# The tools with sanitizers. The core is the one that is there, and so is the static program for the guest,
# which cannot have them.
tool-san: deps
	@$(MAKE) --no-print-directory all
	@mkdir -p $(B)/san/guest && cp $(B)/guest/init $(B)/san/guest/init
	@$(MAKE) --no-print-directory B=$(B)/san WATCHED_OBJ='$(WATCHED_OBJ)' -o $(B)/san/guest/init \
	    TOOL_SAN='-O1 -Wno-error -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined' \
	    $(B)/san/tool/synwalk

# The viewer with sanitizers, and somebody who types at random.
monkey: tool-san
	@$(MAKE) --no-print-directory $(B)/tests/bench/monkey
	@sh tests/view/monkey.sh $(KEYS) $(TRACES)

bench: deps
	@$(MAKE) --no-print-directory all $(BENCH_BIN)
	@sh tests/bench/run.sh

# The far ends are the viewer's; the core is linked plain, and for connects watched too.
FAR_OBJ := $(addprefix $(B)/tool/viewer/,farend.o peer.o netns.o pcap.o problem.o)
BENCH_BIN := $(addprefix $(B)/tests/bench/,connects-plain connects-watched inserts latency seek sockets difftraces hooks startup walk monkey)
BENCH_BIN += $(B)/tests/bench/measure

# Baked as synwalk is: a recording begins as one of synwalk's does.
$(B)/tests/bench/connects-watched: $(B)/tests/bench/connects-unbaked
	$(bake)
$(B)/tests/bench/connects-unbaked: tests/bench/connects.c $(FAR_OBJ) $(B)/tool/librecord.a $(WATCHED_OBJ)
	@mkdir -p $(@D)
	$(call say,LINK)$(WATCH_CC) -rdynamic $(TEST_CFLAGS) -DWATCHED -O2 $(DEPFLAGS) $< $(filter %.o,$^) \
	    $(B)/tool/librecord.a -o $@ $(TOOL_LIBS)
# One function, compiled with the hooks and without.
$(B)/tests-obj/tests/bench/watched/%.o: tests/bench/watched/%.c Makefile
	@mkdir -p $(@D)
	$(call say,WATCH)$(WATCH_CC) $(TEST_CFLAGS) $(WATCH_FLAGS) $(WATCH_HOOKS) $(DEPFLAGS) -c $< -o $@
$(B)/tests-obj/tests/bench/plain/%.o: tests/bench/watched/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(WATCH_CC) $(TEST_CFLAGS) $(WATCH_FLAGS) -DADD=plain_add $(DEPFLAGS) -c $< -o $@
$(B)/tests/bench/hooks: tests/bench/hooks.c $(B)/tests-obj/tests/bench/watched/calls.o \
                        $(B)/tests-obj/tests/bench/plain/calls.o $(B)/tool/librecord.a
	@mkdir -p $(@D)
	$(call say,LINK)$(WATCH_CC) -rdynamic $(TEST_CFLAGS) -O2 $(DEPFLAGS) $^ -o $@ $(TOOL_LIBS)
$(B)/tests/bench/seek: tests/bench/seek.c $(B)/tool/libread.a
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O2 $(DEPFLAGS) $^ -o $@ $(TOOL_LIBS)
$(B)/tests/bench/difftraces $(B)/tests/bench/measure $(B)/tests/bench/walk $(B)/tests/bench/monkey: $(B)/tests/bench/%: tests/bench/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O2 $(DEPFLAGS) $< -o $@ -lsqlite3
$(B)/tests/bench/connects-plain: tests/bench/connects.c $(FAR_OBJ) $(PLAIN_LIB)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O2 $(DEPFLAGS) $^ -o $@
$(B)/tests/bench/%: tests/bench/%.c $(FAR_OBJ) $(PLAIN_LIB)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(TEST_CFLAGS) -O2 $(DEPFLAGS) $^ -o $@ -lsqlite3 -lpthread

LAID_OUT = $(shell git ls-files '*.c' '*.h' ':!*_tp.h')

lint:
	@sh tests/lint.sh

format:
	$(CLANG_FORMAT) -i $(LAID_OUT)

install: all
	$(INSTALL) -d '$(DESTDIR)$(bindir)' '$(DESTDIR)$(libdir)/synwalk' '$(DESTDIR)$(mandir)/man1' \
	    '$(DESTDIR)$(docdir)'
	$(INSTALL) -m 755 $(B)/synwalk '$(DESTDIR)$(bindir)/synwalk'
	$(INSTALL) -m 755 $(LTTNG_SO) $(CTF_SO) '$(DESTDIR)$(libdir)/synwalk/'
	$(INSTALL) -m 644 docs/synwalk.1 '$(DESTDIR)$(mandir)/man1/synwalk.1'
	$(INSTALL) -m 644 README.md LICENSE $(wildcard docs/*.md) '$(DESTDIR)$(docdir)/'
	mkdir -p '$(DESTDIR)$(libdir)/synwalk/kit' && cp -r core labs '$(DESTDIR)$(libdir)/synwalk/' && \
	    cp -r $(addprefix $(KIT)/,$(KIT_PARTS_NEEDED)) '$(DESTDIR)$(libdir)/synwalk/kit/'
	for mo in $(MO:$(B)/locale/%=%); do \
	    $(INSTALL) -D -m 644 $(B)/locale/$$mo "$(DESTDIR)$(localedir)/$$mo" || exit 1; done

uninstall:
	rm -f '$(DESTDIR)$(bindir)/synwalk' '$(DESTDIR)$(mandir)/man1/synwalk.1'
	rm -rf '$(DESTDIR)$(libdir)/synwalk' '$(DESTDIR)$(docdir)'
	rm -f $(LANGUAGES:%='$(DESTDIR)$(localedir)/%/LC_MESSAGES/synwalk.mo')

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
