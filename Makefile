# The commands people expect. Each installs what it needs and the machine lacks.
#
#   make run     build the mirror and run it on its embedded default
#   make test    run every test
#   make static  build it as one file that needs no libraries
#   make bench   measure it beside nginx and the reference registry

MIRRORD := .build/release/mirrord
STATIC := .build/static/mirrord

.PHONY: run build static test unit-test end-to-end-test bench format lint clean

run: build
	exec $(MIRRORD) serve

build:
	Scripts/install-packages build
	swift build --configuration release --product mirrord --static-swift-stdlib

static:
	Scripts/install-packages build
	Scripts/build-static

test: unit-test end-to-end-test

unit-test:
	Scripts/install-packages build
	swift test

# What ships is what is tested: the release build.
end-to-end-test: build static
	Scripts/install-packages test
	MIRRORD_BIN=$(MIRRORD) MIRRORD_STATIC=$(STATIC) Tests/EndToEnd/run

bench: build
	Scripts/install-packages bench
	MIRRORD_BIN=$(MIRRORD) Benchmarks/run

format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests

lint:
	Scripts/install-packages lint
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	shellcheck --external-sources $$(Scripts/shell-files)

clean:
	rm -rf .build
