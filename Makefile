# peipkg-tools: `make help` lists the targets.

VERSION = 0.1.0
PREFIX = /usr/local
DESTDIR =
BUILD = build$(if $(SANITIZE),/sanitized)$(if $(STATIC),/static)
CFLAGS = -O2 -g
WERROR =

BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
SHAREDIR = $(PREFIX)/share/peipkg-tools
MANDIR = $(PREFIX)/share/man
UNITDIR = $(LIBDIR)/systemd/system

WARNINGS = -Wall -Wextra -Wpedantic $(WERROR)
HARDENING = -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ifdef SANITIZE
HARDENING = -fPIE $(SANITIZERS)
LDFLAGS += $(SANITIZERS)
endif
override CPPFLAGS += -Ilib -D_GNU_SOURCE -DPEIPKG_TOOLS_VERSION='"$(VERSION)"'
COMPILE = $(WARNINGS) $(HARDENING) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c
LINKER = $(CC)
LINKING = $(if $(STATIC),-static-pie,-pie)
LINK = $(LINKER) $(LINKING) -Wl,--as-needed,-z,relro,-z,now $(CFLAGS) $(LDFLAGS)
LIBRARIES = -lzstd -ltar -lbearssl -lhogweed -lnettle -lgmp -lutf8proc -lpcre2-8 -lz

modules = $(notdir $(basename $(wildcard lib/*.c)))
filters = $(notdir $(basename $(wildcard filters/*.c filters/*.cc)))
drivers = $(notdir $(basename $(wildcard t/*.c)))
started_often = $(BUILD)/t/static/pk-verify $(BUILD)/t/static/idx-verify
fuzzers = $(notdir $(basename $(wildcard t/fuzz/*.c t/fuzz/*.cc)))
pages = $(wildcard filters/*.[1-8] bin/*.[1-8] scripts/*.[1-8])
wrappers = $(notdir $(filter-out $(pages),$(wildcard bin/*)))

library = $(BUILD)/lib/library.a
programs = $(filters:%=$(BUILD)/bin/%)
steps = $(notdir $(wildcard scripts/farm/*))
shared = $(notdir $(wildcard lib/sh/*)) $(steps:%=farm/%)
in_place = $(wrappers:%=$(BUILD)/bin/%) $(shared:%=$(BUILD)/share/peipkg-tools/%)

all: $(programs) $(in_place) ## build/bin, to run in place

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) -std=c11 $(COMPILE) -o $@ $<

$(BUILD)/%.o: %.cc Makefile
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(COMPILE) -o $@ $<

$(library): $(modules:%=$(BUILD)/lib/%.o)
	rm -f $@
	$(AR) rcs $@ $^

%/pk-toml: LINKER = $(CXX)
$(programs): $(BUILD)/bin/%: $(BUILD)/filters/%.o $(library)
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBRARIES)

# In place, the tree under $(BUILD) looks like an installed one.
$(wrappers:%=$(BUILD)/bin/%): $(BUILD)/bin/%: bin/%
	@mkdir -p $(@D)
	ln -srf $< $@

$(BUILD)/share/peipkg-tools/farm/%: scripts/farm/%
	@mkdir -p $(@D)
	ln -srf $< $@

$(BUILD)/share/peipkg-tools/%: lib/sh/%
	@mkdir -p $(@D)
	ln -srf $< $@

# Debian's static libzstd has no threads and would write other bytes.
%/pk-zstd: LINKING = -pie
static: ## the same in build/static, filters without shared libraries
	$(MAKE) BUILD='$(BUILD)/static' STATIC=1 all

drivers: $(drivers:%=$(BUILD)/t/%) $(fuzzers:%=$(BUILD)/t/fuzz/%.o) $(started_often)
$(drivers:%=$(BUILD)/t/%): $(BUILD)/t/%: $(BUILD)/t/%.o $(library)
	$(LINK) -o $@ $^ $(LIBRARIES)

# Programs that a test starts 50,000 times; most of that time goes into shared libraries.
$(started_often): LINKING = $(if $(SANITIZE),-pie,-static-pie)
$(started_often): $(BUILD)/t/static/%: $(BUILD)/filters/%.o $(library)
	@mkdir -p $(@D)
	$(LINK) -o $@ $^ $(LIBRARIES)

# A test that hangs is one that fails.
check: all drivers ## run the tests (TESTS="t/a.bats ..." for some of them)
	BUILD='$(BUILD)' BATS_TEST_TIMEOUT=600 bats $(BATSFLAGS) $(or $(TESTS),t)

check-sanitized: ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1 \
		$(MAKE) SANITIZE=1 BUILD='$(BUILD)/sanitized' check

demo: all ## key, packages and signatures from recipes-example, step by step
	@BUILD='$(BUILD)' scripts/demo

bench: all ## build/bench/report.md: time, memory and size, beside other packagers
	@BUILD='$(BUILD)' scripts/bench/run

MINUTES = 2
soak: all ## a farm under random kills for MINUTES=2
	@BUILD='$(BUILD)' MINUTES='$(MINUTES)' scripts/soak

lint: ## compilers, shellcheck, shfmt, clang-format, mandoc
	@BUILD='$(BUILD)' scripts/lint

# A harness t/fuzz/NAME.c first runs over t/fuzz/corpus/NAME and what t/fuzz-seeds makes,
# and then on from there; what it finds stays in build/fuzz.
SECONDS = 30
fuzz: ## run every harness of t/fuzz for SECONDS=30 each
	$(MAKE) BUILD='$(BUILD)/fuzz' SANITIZE=1 CC=clang CXX=clang++ \
		SANITIZERS='$(SANITIZERS) -fsanitize=fuzzer-no-link' run-fuzzers

run-fuzzers: $(fuzzers:%=fuzz-%)
$(fuzzers:%=fuzz-%): fuzz-%: $(BUILD)/%
	rm -rf $<.seeds
	t/fuzz-seeds $* $<.seeds
	mkdir -p $<.corpus
	$< -max_total_time=$(SECONDS) -timeout=30 -artifact_prefix=$<. \
		$(addprefix -dict=,$(wildcard t/fuzz/$*.dict)) \
		$<.corpus $<.seeds $(wildcard t/fuzz/corpus/$*)

$(fuzzers:%=$(BUILD)/%): LINKER = $(CXX) -fsanitize=fuzzer
$(fuzzers:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/t/fuzz/%.o $(library)
	$(LINK) -o $@ $^ $(LIBRARIES)

units = $(notdir $(wildcard scripts/systemd/*.service scripts/systemd/*.timer))
services = $(filter %.service,$(units))
runners = $(notdir $(filter-out $(pages),$(wildcard scripts/runner-*)))
called_there = sed 's|/usr/local/bin|$(BINDIR)|'

# Wrappers look for what they share in ../share/peipkg-tools, from where they lie themselves.
install: all ## below PREFIX=/usr/local, itself below DESTDIR
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(SHAREDIR)/farm'
	install $(programs) $(wrappers:%=bin/%) '$(DESTDIR)$(BINDIR)'
	install -m 644 lib/sh/* '$(DESTDIR)$(SHAREDIR)'
	install $(steps:%=scripts/farm/%) '$(DESTDIR)$(SHAREDIR)/farm'
	install $(runners:%=scripts/%) '$(DESTDIR)$(SHAREDIR)'
	for page in $(pages); do \
		install -D -m 644 -t '$(DESTDIR)$(MANDIR)'/man$${page##*.} $$page || exit; \
	done
	for unit in $(units); do \
		$(called_there) scripts/systemd/$$unit | \
			install -D -m 644 /dev/stdin '$(DESTDIR)$(UNITDIR)'/$$unit || exit; \
	done
	for service in $(services); do \
		install -D -m 644 -t '$(DESTDIR)$(UNITDIR)'/$$service.d \
			scripts/systemd/hardening.conf || exit; \
	done
	for kind in sysusers tmpfiles; do \
		install -D -m 644 scripts/systemd/peipkg-manager.$$kind \
			'$(DESTDIR)$(LIBDIR)'/$$kind.d/peipkg-manager.conf || exit; \
	done
	$(called_there) scripts/cron/peipkg-manager | \
		install -D -m 644 /dev/stdin '$(DESTDIR)$(SHAREDIR)/cron.d/peipkg-manager'

uninstall: ## remove what install put
	cd '$(DESTDIR)$(BINDIR)' && rm -f $(filters) $(wrappers)
	cd '$(DESTDIR)$(SHAREDIR)' && rm -f $(shared) $(runners) cron.d/peipkg-manager
	rmdir '$(DESTDIR)$(SHAREDIR)/cron.d' '$(DESTDIR)$(SHAREDIR)/farm' '$(DESTDIR)$(SHAREDIR)'
	cd '$(DESTDIR)$(UNITDIR)' && rm -f $(units) $(services:%=%.d/hardening.conf)
	cd '$(DESTDIR)$(UNITDIR)' && rmdir $(services:%=%.d)
	cd '$(DESTDIR)$(LIBDIR)' && \
		rm -f sysusers.d/peipkg-manager.conf tmpfiles.d/peipkg-manager.conf
	for page in $(notdir $(pages)); do \
		rm -f '$(DESTDIR)$(MANDIR)'/man$${page##*.}/$$page || exit; \
	done

clean: ## remove build/
	rm -rf '$(BUILD)'

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 18

.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all static drivers check check-sanitized demo bench soak lint install uninstall clean help
.PHONY: fuzz run-fuzzers $(fuzzers:%=fuzz-%)

-include $(wildcard $(patsubst %,$(BUILD)/%/*.d,lib filters t t/fuzz))
