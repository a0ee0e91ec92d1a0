# The front door; meson does the building. `make` alone lists what there is to ask for.
VERSION = $(shell sed -n "s/^  version: '\(.*\)',/\1/p" meson.build)
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 20

.PHONY: help run test bench fuzz lint install dist clean

help:  ## this list
	@echo 'tradecost: what a trade on an Indian exchange costs'
	@echo
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 20
	@echo
	@echo '  Missing Debian packages are installed first; NO_INSTALL=1 leaves them to you.'

run: release  ## build, then price two years of trades, compare brokers and explain one trade
	@examples/run.sh build/run/tradecost

test: packages  ## every test, with address and undefined-behaviour sanitizers (ROWS=1000000 for the oracle)
	@tools/build build/test -Db_sanitize=address,undefined -Dc_args=-fno-sanitize-recover=all
	@tools/build build/run --buildtype=release -Db_lto=true
	@tools/run_tests

bench: release  ## the benchmarks
	@build/run/bench build/run/tradecost tariffs

fuzz: packages  ## every fuzz target for FUZZ_SECONDS=20 seconds
	@tools/fuzz_smoke $(FUZZ_SECONDS)

lint: packages  ## gcc and clang without a warning; layers, headers, exported symbols, scripts
	@tools/build build/lint-gcc --werror
	@CC=clang-14 tools/build build/lint-clang --werror
	@tools/check_layers
	@tools/check_headers
	@tools/check_symbols build/lint-gcc
	@tools/check_license build/lint-gcc
	@tools/check_scripts

install: release  ## install program, libraries, headers and manual under PREFIX=/usr/local (DESTDIR is honoured)
	@tools/build build/run --buildtype=release --prefix=$(PREFIX)
	@meson install --no-rebuild -C build/run

dist:  ## a tarball of the last commit in dist/
	@mkdir -p dist
	git archive --prefix=tradecost-$(VERSION)/ --output=dist/tradecost-$(VERSION).tar.gz HEAD

clean:  ## remove build/ and dist/
	rm -rf build dist

.PHONY: packages release
packages:
	@tools/install_packages

release: packages
	@tools/build build/run --buildtype=release -Db_lto=true
