# `make say TEXT="Hello."` and `make test` are all a fresh Debian 12 with a Swift toolchain needs.

.DEFAULT_GOAL := build
.PHONY: help setup build say bench test test-aarch64 test-examples test-clients test-studio test-load test-crashes format lint figures documentation man \
	completions install clean

VOICE ?= heart
OUT ?= out/hello.wav
TEXT ?= Hello, this is Starling.
PREFIX ?= /usr/local
PROGRAM := .build/release/starling
# Passed by the environment and not expanded by make, so that any text arrives as it was written.
export STARLING_TEXT := $(value TEXT)

help: ## list these targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install the Debian packages that are missing
	@script/setup

build: setup ## build the program
	swift build -c release --product starling
	swift build -c release --product starling-media

# Without the server and its packages, in a build folder of its own.
say: setup ## build what it needs, and speak TEXT with VOICE into OUT
	swift build -c release --product starling --disable-default-traits --scratch-path .build/light
	@mkdir -p "$(dir $(OUT))"
	@.build/light/release/starling say "$$STARLING_TEXT" --voice "$(VOICE)" --output "$(OUT)"
	@echo "wrote $(OUT)"

test: setup ## build and run all tests
	swift test -c release --disable-testable-imports

test-aarch64: ## compare the kernels with their scalar twins on 64-bit Arm, emulated
	@script/test-aarch64

test-examples: setup ## build and run the programs in Examples
	@script/test-examples

test-clients: build ## test the server with curl and Python clients
	@script/test-clients

test-studio: build ## test the page of the server in Chromium
	@script/test-studio

test-load: build ## load a server with 64 clients for ten minutes
	@script/load-test

test-crashes: build ## kill the program while it changes its voices, and look at what is left
	@script/crash-test

bench: build ## measure Starling, hibari-tts and Piper side by side
	@script/bench

format: ## format all Swift code in place
	@script/format

lint: ## check formatting and style
	@script/lint

figures: ## compare the documents' figures with the files they are taken from; check links and columns
	@script/check-figures
	@script/test-figures
	@script/check-links
	@script/test-links

documentation: setup ## look for public symbols of the libraries without a documentation comment
	swift build -c release
	@script/check-documentation

completions: build ## write shell completions to out/completions
	@mkdir -p out/completions
	@$(PROGRAM) --generate-completion-script bash > out/completions/starling
	@$(PROGRAM) --generate-completion-script zsh > out/completions/_starling
	@$(PROGRAM) --generate-completion-script fish > out/completions/starling.fish

man: setup ## write the manual pages to out/man
	swift package -c release --allow-writing-to-package-directory generate-manual --multi-page
	@mkdir -p out/man
	@find .build/plugins/GenerateManual -name '*.1' -exec cp {} out/man/ \;

install: build completions ## install into PREFIX
	install -D -m 755 $(PROGRAM) $(DESTDIR)$(PREFIX)/bin/starling
	install -D -m 755 $(PROGRAM)-media $(DESTDIR)$(PREFIX)/libexec/starling/starling-media
	mkdir -p $(DESTDIR)$(PREFIX)/share/starling
	cp -R data voices $(DESTDIR)$(PREFIX)/share/starling/
	install -D -m 644 out/completions/starling $(DESTDIR)$(PREFIX)/share/bash-completion/completions/starling
	install -D -m 644 out/completions/_starling $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_starling
	install -D -m 644 out/completions/starling.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/starling.fish

clean: ## remove what was built
	swift package clean
	rm -rf out .build/light
