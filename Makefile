# SPDX-License-Identifier: Apache-2.0
# The one door to everything: `make` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

# Where `make run` keeps its data and listens, how long `make fuzz` runs each parser.
DATA ?= ./data
LISTEN ?= 127.0.0.1:8443
SECONDS ?= 60

# One set of flags for every command: another set would build all dependencies again. The rest is in Package.swift.
export SWIFT_FLAGS := --explicit-target-dependency-import-check error
# What is delivered, measured and tested as delivered: one set as well. The Swift runtime comes with the program.
export RELEASE_FLAGS := -c release --static-swift-stdlib $(SWIFT_FLAGS)

# Test targets that take long, by name; `make quick` leaves them out.
SLOW_TESTS := ^(Conformance|System|Command|Interop)Tests\.

PACKAGES := scripts/packages
LINT := swift format lint --strict --parallel --configuration .swift-format

.PHONY: help run build test quick check check-static bench screenshots fuzz format clean
.PHONY: package packages packages-bench packages-package packages-pictures packages-test

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: packages ## Build and start Salus with the demo clinic on https://localhost:8443 (DATA=… LISTEN=…)
	@scripts/check-toolchain
	swift build --product salus $(RELEASE_FLAGS)
	exec .build/release/salus up --demo --data '$(DATA)' --listen '$(LISTEN)'

package: packages packages-package ## Make the Debian package for Debian 12 and 13, and print where it is
	@scripts/check-toolchain
	swift build --product salus $(RELEASE_FLAGS)
	@Packaging/make-package

build: packages ## Build for debugging
	@scripts/check-toolchain
	swift build $(SWIFT_FLAGS)

test: packages-test ## Run every test there is; the last line is the total
	@scripts/check-toolchain
	@scripts/run-tests

quick: ## The gate before a commit: format of changed files, build, fast unit tests
	@scripts/swift-files --changed | xargs -0 -r $(LINT)
	swift build --build-tests $(SWIFT_FLAGS)
	swift test --skip-build --disable-xctest --skip '$(SLOW_TESTS)' $(SWIFT_FLAGS)

check: check-static ## Format, imports, layers, file sizes; then a build that refuses undeclared imports
	swift build --build-tests $(SWIFT_FLAGS)

# All four speak, also when the first one finds something.
check-static:
	@status=0; \
	scripts/swift-files | xargs -0 -r $(LINT) || status=1; \
	scripts/check-imports || status=1; \
	scripts/check-practices || status=1; \
	scripts/check-style || status=1; \
	exit $$status

bench: packages-bench ## Run the benchmarks beside their peers, in release
	@scripts/check-toolchain
	@scripts/bench

screenshots: packages-test packages-pictures ## Photograph every page in light, dark, on a phone and on paper
	@scripts/check-toolchain
	swift build $(SWIFT_FLAGS)
	@scripts/screenshots --documentation

fuzz: ## Fuzz every parser under Fuzz/ for SECONDS=60 each
	@scripts/fuzz '$(SECONDS)'

format: ## Rewrite every Swift file in the house format
	@scripts/swift-files | xargs -0 -r swift format --in-place --parallel --configuration .swift-format

packages: ## Install what building needs (SALUS_SKIP_PACKAGES=1: nothing)
	@scripts/install-packages $(PACKAGES)/build.txt

packages-bench:
	@scripts/install-packages $(PACKAGES)/build.txt $(PACKAGES)/bench.txt

packages-package:
	@scripts/install-packages $(PACKAGES)/package.txt

packages-pictures:
	@scripts/install-packages $(PACKAGES)/pictures.txt

packages-test:
	@scripts/install-packages $(PACKAGES)/build.txt $(PACKAGES)/package.txt $(PACKAGES)/test.txt
	@scripts/newer-restic || echo 'NO NEWER RESTIC: its tests are left out' >&2

clean: ## Remove what was built (never the data)
	rm -rf .build .build-venv .build-fuzz .build-output .build-peers
