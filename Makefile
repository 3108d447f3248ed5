# Every goal works on a fresh clone. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The toolchain from PATH, else from where its tarball is usually unpacked.
SWIFT ?= $(or $(shell command -v swift 2>/dev/null),$(wildcard /opt/swift/usr/bin/swift))
PREFIX ?= /usr/local
DESTDIR ?=
LIBRARY := $(DESTDIR)$(PREFIX)/lib/virtcloud
BIN := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share
PROGRAM := .build/release/virtcloud
STRICT_KERNEL_TESTS ?= 0
export STRICT_KERNEL_TESTS
# dpkg and apt shall not ask anybody anything.
export DEBIAN_FRONTEND := noninteractive

.PHONY: help deps toolchain build test demo fmt check bench bench-embedding bench-network bench-service bench-faults fuzz man package install uninstall clean

help: ## list the goals
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

deps: ## install the Debian packages of packages.txt that are missing (as root)
	@scripts/install-packages packages.txt

toolchain:
	@test -n "$(SWIFT)" || { \
	  echo "make: no Swift toolchain: unpack Swift 6.2 or newer for Debian 12 from" \
	    "https://www.swift.org/install/linux/ into /opt/swift, or put swift into PATH" >&2; exit 1; }

build: deps toolchain ## build the program for use
	$(SWIFT) build -c release

test: deps toolchain build package ## build and run every test; STRICT_KERNEL_TESTS=1 turns skips into failures
	scripts/test-package
	scripts/run-tests $(SWIFT)

demo: deps build ## two virtual clusters over three emulated sites, and back to nothing (as root)
	scripts/demo

fmt: toolchain ## format the Swift sources in place
	$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Tests Plugins bench/embedding bench/network bench/service fuzz

check: deps toolchain ## formatting, and that each target imports only what it declares
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Plugins bench/embedding bench/network bench/service fuzz
	$(SWIFT) build --explicit-target-dependency-import-check error

bench: deps build ## measure against the floor and the peers (as root)
	bench/run

bench-embedding: deps build ## measure embeddings against published figures, the optimum, and at scale
	python3 bench/embedding_tables.py

bench-network: deps build ## measure the data plane against cables, bridges, tunnels by hand (as root)
	bench/run-network

fuzz: deps toolchain ## fuzz the readers of what others wrote, ten minutes each; see docs/fuzzing.md
	fuzz/run

bench-service: deps build ## measure the service beside nginx and etcd, and with many agents (as root)
	bench/run-service

bench-faults: deps build ## kill, cut and fill what the service stands on, under load and traffic (as root)
	bench/run-faults

man: build ## write the manual pages to .build/man
	@mkdir -p .build/man
	$(PROGRAM) completion manual .build/man

package: build ## make .build/virtcloud_VERSION_ARCHITECTURE.deb, which needs no Swift where it is installed
	scripts/package .build/release

install: build man ## install program, completion and manual pages under PREFIX
	install -d $(LIBRARY) $(BIN) $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/vendor-completions $(SHARE)/fish/vendor_completions.d
	install -m 755 $(PROGRAM) $(LIBRARY)/virtcloud
	@# Each target's resources stand in a bundle, which the program looks for beside its own file.
	set -e; for bundle in .build/release/*.resources; do \
	  [ -e "$$bundle" ] || continue; rm -rf "$(LIBRARY)/$${bundle##*/}"; cp -r "$$bundle" $(LIBRARY)/; done
	ln -sfn $(PREFIX)/lib/virtcloud/virtcloud $(BIN)/virtcloud
	install -m 644 .build/man/*.1 $(SHARE)/man/man1/
	$(PROGRAM) completion bash > $(SHARE)/bash-completion/completions/virtcloud
	$(PROGRAM) completion zsh > $(SHARE)/zsh/vendor-completions/_virtcloud
	$(PROGRAM) completion fish > $(SHARE)/fish/vendor_completions.d/virtcloud.fish

uninstall: ## remove what install put there
	rm -rf $(LIBRARY)
	rm -f $(BIN)/virtcloud $(SHARE)/man/man1/virtcloud.1 $(SHARE)/man/man1/virtcloud-*.1 \
	  $(SHARE)/bash-completion/completions/virtcloud $(SHARE)/zsh/vendor-completions/_virtcloud \
	  $(SHARE)/fish/vendor_completions.d/virtcloud.fish

clean: ## remove everything that was built
	rm -rf .build
