# SPDX-License-Identifier: Apache-2.0
# A thin front to CMake; `make help` lists what there is.
.DEFAULT_GOAL := all
.PHONY: all deps demo test asan tsan fuzz bench format tidy install clean help

all: deps ## build the release preset into build/release
	@cmake --preset release >build/release.configure.log 2>&1 || { cat build/release.configure.log; exit 1; }
	@cmake --build --preset release

deps:
	@mkdir -p build
	@packaging/install-deps

demo: all ## build, then run a real pipeline on a real hub and agent
	@examples/hello/demo build/release/bin/ostler

test: all ## build, then run every test
	@ctest --preset release

asan: deps ## the byte and process tests under AddressSanitizer and UBSan
	@cmake --preset asan >build/asan.configure.log 2>&1 || { cat build/asan.configure.log; exit 1; }
	@cmake --build --preset asan --target sanitized_tests
	@ctest --preset asan

tsan: deps ## the tests of rooms with several threads under ThreadSanitizer
	@cmake --preset tsan >build/tsan.configure.log 2>&1 || { cat build/tsan.configure.log; exit 1; }
	@cmake --build --preset tsan --target threaded_tests
	@ctest --preset tsan

fuzz: deps ## each fuzz target for a short while
	@cmake --preset fuzz >build/fuzz.configure.log 2>&1 || { cat build/fuzz.configure.log; exit 1; }
	@cmake --build --preset fuzz --target fuzzers
	@tests/fuzz/run build/fuzz

bench: all ## one table of figures
	@tests/bench/run build/release

format: ## reformat every source file
	@git ls-files '*.cpp' '*.hpp' '*.h' '*.c' | xargs clang-format-19 -i

tidy: deps ## clang-tidy over everything
	@cmake --preset tidy && cmake --build --preset tidy

install: all ## install under PREFIX (default /usr/local); DESTDIR is honoured
	@cmake --install build/release $(if $(PREFIX),--prefix $(PREFIX))

clean: ## remove everything that was built
	@rm -rf build

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
