# SPDX-License-Identifier: GPL-2.0-only
#
# The kit: what a student's file is compiled and linked with. It is all that the grader needs of the core.
#
#   world, world-asan       a world with the core's own functions; it can load a student's (labs/world/part.c)
#   flags, flags-asan       how a student's file is compiled, one line each
#   part                    how it is linked, after ld, with
#   places, places-asan     the addresses of the world's symbols
#   include/                the headers that it sees
#   names                   which functions can be replaced (weak) and which helpers are seen (global)
#   symbols                 what an object of a student may refer to

KIT := $(B)/kit
KIT_WATCH := $(STD) $(WARN) $(WATCH_FLAGS)
# Without optimization, so that each call of a function that is to be replaced is one.
KIT_ASAN_FLAGS := $(filter-out -O1,$(ASAN_FLAGS)) -O0
KIT_SRC := $(sort $(wildcard labs/world/*.c))
KIT_HDR := $(CORE_HDR:core/%=$(KIT)/%) $(KIT)/include/synwalk/lab.h
# Within it, as those of synwalk: a start is a good part of a run.
KIT_LIBS = $(START_FLAGS) $(START_LIBS) -lseccomp
# With the sanitizers' libraries in it: a student's code is linked against their addresses, too.
KIT_LIBS_ASAN := -fsanitize=address,undefined -static-libasan -static-libubsan -ljansson -lseccomp -lelf -lm

# What the labs ask for. Where that stays the same, nothing is compiled again.
LAB_YAML := $(wildcard labs/*/lab.yaml)
$(KIT)/names.now: $(B)/tool/synwalk $(LAB_YAML)
	@mkdir -p $(@D)
	@SYNWALK_LABS=labs $< lab dev names >$@
	@cmp -s $@ $(KIT)/names || cp $@ $(KIT)/names
$(KIT)/names: $(KIT)/names.now ;

$(KIT)/watched/core/lib/string.o: HOOKS = $(WATCH_HOOKS_STRING)
$(KIT)/watched/core/%.o: HOOKS = $(WATCH_HOOKS)
$(KIT)/watched/core/%.o: core/%.c $(B)/watched/core/%.o $(KIT)/names labs/kit/open-names
	@mkdir -p $(@D)
	@sh labs/kit/open-names $(KIT)/names $< $(B)/watched/core/$*.o $@ $(WATCH_CC) $(KIT_WATCH) $(HOOKS) \
	    $(call FREESTANDING,$(WATCH_CC))
$(KIT)/asan/core/%.o: core/%.c $(B)/asan/core/%.o $(KIT)/names labs/kit/open-names
	@mkdir -p $(@D)
	@sh labs/kit/open-names $(KIT)/names $< $(B)/asan/core/$*.o $@ $(WATCH_CC) $(STD) $(WARN) $(KIT_ASAN_FLAGS) \
	    $(call FREESTANDING,$(WATCH_CC))

# What is linked with each student's file is joined by a linker that keeps each string of the debug
# information once (gold does where ld does not: 8 MB of 18), for each link reads all of it. Nothing unwinds
# by .eh_frame, and ld cannot read gold's.
KIT_LD := $(or $(shell command -v ld.gold 2>/dev/null),$(LD))

# Joined as the core of synwalk is, but that a student's file must reach the core's memcpy() too, which
# shares its name with the C library's: the core's is called __wrap_memcpy here, as ld's --wrap calls it in
# a student's object. memcpy() is the C library's for the world's own programs.
define kit_join_core
	@mkdir -p $(@D)
	$(call say,JOIN)$(LD) -r -o $@.all $(filter %.o,$^)
	@$(NM) --defined-only -g $@.all | awk '{ print $$3 }' | sort | comm -12 - $(LIBC_NAMES) >$@.wrapped
	@sed 's/.*/& __wrap_&/' $@.wrapped >$@.renames
	@$(OBJCOPY) --redefine-syms=$@.renames $@.all $@
	@rm -f $@.all $@.renames
endef
$(KIT)/core.o: $(call core_objs,$(KIT)/watched) $(LIBC_NAMES)
	$(kit_join_core)
$(KIT)/core-asan.o: $(call core_objs,$(KIT)/asan) $(LIBC_NAMES)
	$(kit_join_core)

# The world around it: without debug information, which is for the core.
KIT_OBJ := $(KIT_SRC:%.c=$(B)/tool/%.o)
KIT_PARTS := $(B)/tool/libviewer.a $(B)/tool/librecord.a $(B)/tool/libread.a
define kit_join_world
	@$(LD) -r -S -o $@.tools $(filter %.o,$(filter-out $< $(KIT)/sources.o,$^)) --start-group $(filter %.a,$^) --end-group
	$(call say,JOIN)$(KIT_LD) -r -o $@.all $< $@.tools $(filter $(KIT)/sources.o,$^)
	@{ echo main; cat $(KIT)/symbols; sed 's/^/__wrap_/' $<.wrapped; \
	   $(NM) --defined-only -g $@.all | awk '$$3 ~ /^__(tsan|sanitizer|asan|ubsan)_/ { print $$3 }'; } >$@.names
	@$(OBJCOPY) --remove-section=.eh_frame $(STRIP_DEBUG) --keep-global-symbols=$@.names $@.all $@
	@rm -f $@.tools $@.all $@.names
endef
$(KIT)/world.o: $(KIT)/core.o $(call host_objs,$(B)/watched) $(filter-out %/unrecorded.o,$(KIT_OBJ)) $(KIT)/sources.o \
                $(KIT_PARTS) $(KIT)/symbols labs/kit.mk
	$(kit_join_world)
# Of this one only a student's own line is told: the core's debug information would be read in vain.
$(KIT)/world-asan.o: STRIP_DEBUG = --strip-debug
$(KIT)/world-asan.o: $(KIT)/core-asan.o $(call host_objs,$(B)/asan) $(filter-out %/recorded.o,$(KIT_OBJ)) \
                     $(B)/tool/libviewer.a $(KIT)/symbols labs/kit.mk
	$(kit_join_world)

# The same text as the core's, without what a lab hides.
$(KIT)/sources: $(KIT)/names.now $(CORE_SRC) $(CORE_HDR)
	@rm -rf $@.new && mkdir -p $@.new && SYNWALK_LABS=labs $(B)/tool/synwalk lab dev sources $@.new
	@diff -rq $@.new $@ >/dev/null 2>&1 && rm -rf $@.new || { rm -rf $@ && mv $@.new $@; }
$(KIT)/sources.o: $(KIT)/sources trace/record/embed-sources
	@sh trace/record/embed-sources --root $(KIT)/sources $(CORE_SRC) $(CORE_HDR) >$(@:.o=.S)
	$(call say,CC)$(WATCH_CC) -c $(@:.o=.S) -o $@

$(KIT)/symbols: $(KIT)/core.o
	@{ $(NM) --defined-only -g $< | awk '{ sub(/^__wrap_/, "", $$3); print $$3 }'; echo lab_todo; } | \
	    LC_ALL=C sort -u >$@

$(KIT)/include/synwalk/lab.h: labs/include/synwalk/lab.h
	@mkdir -p $(@D)
	@cp $< $@
$(KIT)/include/%.h: core/include/%.h
	@mkdir -p $(@D)
	@cp $< $@
# Those that lie beside the files they are for.
$(KIT)/%.h: core/%.h
	@mkdir -p $(@D)
	@cp $< $@

# A header is called what it is called in the core: the trace shows its text by that name. No macros are kept
# (the core's are those that give fields their short names), and for the sanitizer only the lines.
KIT_CFLAGS = $(STD) -Wall -Wextra -Wno-unused-parameter -Werror=implicit-function-declaration -ffile-prefix-map=@kit@/=core/ -I@kit@ \
             $(subst -Icore/include,-I@kit@/include,$(call FREESTANDING,$(WATCH_CC)))
$(KIT)/flags: Makefile labs/kit.mk
	@mkdir -p $(@D)
	@echo '$(strip $(KIT_CFLAGS) $(patsubst -g3,-g,$(WATCH_FLAGS)) $(WATCH_HOOKS))' >$@
$(KIT)/flags-asan: Makefile labs/kit.mk
	@mkdir -p $(@D)
	@echo '$(strip $(KIT_CFLAGS) $(patsubst -g,-g1,$(KIT_ASAN_FLAGS)))' >$@
# A student's functions lie below the world, near enough for its calls, and where nothing else does.
$(KIT)/part: $(KIT)/core.o labs/kit.mk
	@{ sed 's/^/--wrap=/' $<.wrapped; echo '-static -no-pie -z noexecstack --build-id=none -e 0' \
	    '-Ttext-segment=$(PART_AT)'; } | tr '\n' ' ' | sed 's/ *$$//' >$@; echo >>$@
# Provided: what a student's file defines itself is its own.
define kit_places
	@$(NM) -g --defined-only $< | awk 'NR == FNR { core[$$1] = 1; next } \
	    core[$$3] || $$3 ~ /^__(wrap|tsan|sanitizer|asan|ubsan)_/ { print "PROVIDE(" $$3 " = 0x" $$1 ");" }' \
	    $(KIT)/symbols - >$@
endef
$(KIT)/places: $(KIT)/world $(KIT)/symbols labs/kit.mk
	$(kit_places)
$(KIT)/places-asan: $(KIT)/world-asan $(KIT)/symbols labs/kit.mk
	$(kit_places)

# For a fixed place, which is one that the loader could have chosen: by it the recorder tells addresses from
# numbers. So far up only a start that asks where it is can be linked: Scrt1.o, and not made shorter.
PART_AT := 0x555500000000
WORLD_AT := 0x555510000000
start_file = $(shell $(WATCH_CC) -print-file-name=$(1))
KIT_BEGIN = $(call start_file,Scrt1.o) $(call start_file,crti.o) $(call start_file,crtbeginS.o)
KIT_END = $(call start_file,crtendS.o) $(call start_file,crtn.o)
define kit_link
	$(call say,LINK)$(WATCH_CC) -no-pie -nostartfiles -Wl,--no-relax,-Ttext-segment=$(WORLD_AT) -o $@ $(KIT_BEGIN) $< \
	    $(1) $(KIT_END)
endef
$(KIT)/world.unbaked: $(KIT)/world.o labs/kit.mk
	$(call kit_link,$(KIT_LIBS))
$(KIT)/world: $(KIT)/world.unbaked
	$(bake)
$(KIT)/world-asan: $(KIT)/world-asan.o labs/kit.mk
	$(call kit_link,$(KIT_LIBS_ASAN))

kit: $(addprefix $(KIT)/,names symbols flags flags-asan part places places-asan world world-asan) $(KIT_HDR)

# ---- what students get --------------------------------------------------------------------------
# The labs without solutions, answers and mutants; the kit; and a synwalk that carries the sources without
# the lines that a lab asks for.

# What grading needs of the kit.
KIT_PARTS_NEEDED := symbols flags flags-asan part places places-asan world world-asan include net
PACKAGE := $(B)/package/synwalk-labs
$(KIT)/synwalk.unbaked: $(B)/tool/viewer/main.o $(TOOL_LIB) $(B)/watched/core.o $(call host_objs,$(B)/watched) $(KIT)/sources.o
	$(call say,LINK)$(WATCH_CC) $(START_FLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(TOOL_LIB) \
	    -Wl,--end-group $(START_LIBS)
$(KIT)/synwalk: $(KIT)/synwalk.unbaked
	$(bake)

student-package: deps
	@$(MAKE) --no-print-directory all $(KIT)/synwalk
	@rm -rf $(PACKAGE) && mkdir -p $(PACKAGE)/bin $(PACKAGE)/kit $(PACKAGE)/docs
	@$(B)/synwalk lab dev package $(PACKAGE)
	@cp $(KIT)/synwalk $(PACKAGE)/bin/
	@cp -r $(addprefix $(KIT)/,$(KIT_PARTS_NEEDED) sources) $(PACKAGE)/kit/
	@for lab in labs/[0-9][0-9]-*/; do for part in handout.md tests live assertions.yaml; do \
	    if [ -e $$lab$$part ]; then cp -r $$lab$$part $(PACKAGE)/$$lab; fi; done; done
	@cp labs/README.student $(PACKAGE)/README && cp LICENSE $(PACKAGE)/ && \
	    cp docs/labs.md docs/trace-format.md docs/scenarios.md $(PACKAGE)/docs/
	@tar -czf $(B)/synwalk-labs.tar.gz -C $(B)/package --owner=0 --group=0 synwalk-labs
	@echo "$(B)/synwalk-labs.tar.gz: $$(ls -d $(PACKAGE)/labs/*/ | wc -l) labs"
