# The commands people expect. Each installs what it needs and the machine lacks.
#
#   make run     build the mirror and run it on its embedded default
#   make test    run every test
#   make bench   measure it beside nginx and the reference registry

MIRRORD := .build/release/mirrord

.PHONY: run build test unit-test end-to-end-test bench format lint clean

run: build
	exec $(MIRRORD) serve

build:
	Scripts/install-packages build
	swift build --configuration release --product mirrord

test: unit-test end-to-end-test

unit-test:
	Scripts/install-packages build
	swift test

# What ships is what is tested: the release build.
end-to-end-test: build
	Scripts/install-packages test
	MIRRORD_BIN=$(MIRRORD) Tests/EndToEnd/run

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
