# `make say TEXT="Hello."`, `make clone` and `make test` are all a fresh Debian 12 with a Swift toolchain needs.

.DEFAULT_GOAL := build
.PHONY: help setup build light say clone bench test test-aarch64 test-examples test-documents test-clients test-studio \
	test-load test-crashes test-fuzz format lint figures documentation reference man install dist test-dist \
	test-container clean

VOICE ?= heart
OUT ?= out/hello.wav
TEXT ?= Hello, this is Starling.
RECORDING ?= docs/samples/reader.opus
ifeq ($(RECORDING),docs/samples/reader.opus)
CONSENT ?= Reader 1088 of LibriSpeech (CC BY 4.0), cloned as an example.
else ifeq ($(filter clone,$(MAKECMDGOALS))$(value CONSENT),clone)
$(error state who agreed to what: make clone RECORDING=… CONSENT="I, Ann Example, agree that …")
endif
PREFIX ?= /usr/local
PROGRAM := .build/release/starling
LIGHT := .build/light/release/starling
# Passed by the environment and not expanded by make, so that any text arrives as it was written.
export STARLING_TEXT := $(value TEXT)
export STARLING_RECORDING := $(value RECORDING)
export STARLING_CONSENT := $(value CONSENT)

help: ## list these targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## install the Debian packages that are missing
	@script/setup

build: setup ## build the program
	swift build -c release --product starling
	swift build -c release --product starling-media

# Without the server and its packages, in a build folder of its own.
light: setup
	swift build -c release --product starling --disable-default-traits --scratch-path .build/light

say: light ## build what it needs, and speak TEXT with VOICE into OUT
	@mkdir -p "$(dir $(OUT))"
	@$(LIGHT) say --voice "$(VOICE)" --output "$(OUT)" -- "$$STARLING_TEXT"
	@echo "wrote $(OUT)"

clone: OUT = out/clone.wav
clone: light ## clone the voice of RECORDING with CONSENT, and speak TEXT with it into OUT
	@mkdir -p "$(dir $(OUT))"
	@$(LIGHT) enroll clone --voices out/voices --replace --consent "$$STARLING_CONSENT" -- "$$STARLING_RECORDING"
	@$(LIGHT) say --voice clone --voices out/voices --output "$(OUT)" -- "$$STARLING_TEXT"
	@echo "wrote $(OUT)"

test: setup ## build and run all tests
	swift test -c release --disable-testable-imports

test-aarch64: ## compare the kernels with their scalar references on 64-bit Arm, emulated
	@script/test-aarch64

test-examples: build ## build and run the programs in Examples, and its clients
	@script/test-examples

test-documents: setup ## run every example in the documents
	@script/setup pandoc curl python3
	swift build -c release
	@script/test-documents

test-clients: build ## test the server with curl and Python clients
	@script/test-clients

test-studio: build ## test the page of the server in Chromium
	@script/test-studio

test-load: build ## load a server with 64 clients for ten minutes
	@script/load-test

test-crashes: build ## kill the program while it changes its voices, and look at what is left
	@script/crash-test

test-fuzz: setup ## build the fuzzers and give each 1,000 inputs
	@script/fuzz all 1000

bench: build ## measure Starling, hibari-tts and Piper side by side (Kokoro: script/bench --help)
	@script/bench

format: ## format all Swift code in place
	@script/format

lint: ## check formatting and style
	@script/lint

figures: ## check the documents' figures, names, links and columns against the repository
	@script/check-figures
	@script/test-figures
	@script/check-links
	@script/test-links
	@script/check-names
	@script/test-names

documentation: setup ## check the libraries' documentation, the tutorials and the reference
	swift build -c release
	@script/check-documentation
	@script/reference --check

reference: build ## write docs/reference.md anew
	@script/reference

man: build ## write the manual pages to out/man
	@script/man $(PROGRAM) out/man

install: build ## install into PREFIX
	@script/stage $(dir $(PROGRAM)) "$(DESTDIR)$(PREFIX)"

dist: setup ## pack a tarball and a Debian package into out/dist
	@script/setup dpkg-dev xz-utils
	@script/dist

test-dist: ## try what was packed, in bare Debian systems (as root)
	@script/test-dist

test-container: ## run the steps of deploy/Dockerfile in bare Debian systems (as root)
	@script/test-container

clean: ## remove what was built
	swift package clean
	rm -rf out .build/light .build/dist .build/manual
