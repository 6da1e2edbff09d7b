# Everything a person types here. Needs Python 3.11 or newer, pip, git and make; nothing else.
VENV ?= .venv
# Three where there are two cores: a test that waits for a process to come back leaves its core free.
JOBS ?= 3
# Newest version of everything that was published by this day; move it on purpose, then run `make lock`.
LOCK_DATE ?= 2026-11-09

# The newest Python that really runs (a version manager's shim may be there without its Python).
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && { echo $$p; break; }; done)

ROOT := $(CURDIR)
BIN := $(abspath $(VENV))/bin
PY := $(BIN)/python
INSTALL = --disable-pip-version-check --quiet --no-deps --require-hashes

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo demo-reset test check lint audit lock assets needs screenshots bench charts clean

help: ## Show what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

# --- the environment ------------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "Stafetten needs Python 3.11 or newer; found: $$(python3 --version 2>&1)." \
		"Install one, or say which: make PYTHON=/path/to/python3.12" >&2; exit 1; fi
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV); }

# Debian without python3-venv makes environments without pip; then the system's pip installs into ours.
PIP = $$($(PY) -m pip --version >/dev/null 2>&1 && echo "$(PY) -m pip" || echo "$(PYTHON) -m pip --python $(PY)")

$(VENV)/base.stamp: requirements/base.lock | $(BIN)/python
	@echo "Installing what Stafetten runs on (checked by hash; a minute or two the first time)"
	@$(PIP) install $(INSTALL) -r requirements/base.lock
	@touch $@

$(VENV)/test.stamp: requirements/test.lock | $(BIN)/python
	@echo "Installing what Stafetten and its tests run on (checked by hash; a minute or two the first time)"
	@$(PIP) install $(INSTALL) -r requirements/test.lock
	@touch $@ $(VENV)/base.stamp

$(BIN)/stafetten: Makefile | $(BIN)/python
	@printf '#!/bin/sh\nPYTHONPATH="%s" exec "%s" -P -m server.cli "$$@"\n' "$(ROOT)" "$(PY)" > $@
	@chmod +x $@

install: $(VENV)/base.stamp $(BIN)/stafetten ## Install into .venv

assets: $(VENV)/base.stamp ## Install and build styles and scripts; quick when nothing has changed
	@$(PY) -m server.assets build
	@$(PY) -m server.texts compile

# --- for people -----------------------------------------------------------------------------------

demo: install assets ## Start a whole fictional region on this machine; Ctrl-C stops it
	@$(BIN)/stafetten demo

demo-reset: install ## Throw the demo's data away; the next `make demo` starts over
	@$(BIN)/stafetten demo --reset

# --- for those who build --------------------------------------------------------------------------

needs: $(VENV)/test.stamp
	@.ci/needs $(VENV)/needs.env

test: $(VENV)/test.stamp $(BIN)/stafetten assets needs ## Everything: style, imports, all tests with browser
	@$(BIN)/ruff check
	@$(BIN)/lint-imports
	@set -a; . $(VENV)/needs.env; set +a; $(PY) -m pytest -n $(JOBS) --dist loadgroup $(ARGS)

lint: $(VENV)/test.stamp ## Style, formatting, types and import rules
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports
	@$(BIN)/mypy

check: lint $(BIN)/stafetten assets ## What to run before a commit: lint and the tests that need no browser
	@$(PY) -m pytest -n $(JOBS) --dist loadgroup -m "not browser and not processes" $(ARGS)

audit: $(VENV)/test.stamp assets ## Ask the public lists of known holes about all that is locked; needs the internet
	@$(BIN)/uv tool run pip-audit --strict --require-hashes --disable-pip -r requirements/base.lock
	@$(PY) -m server.assets audit

lock: $(VENV)/test.stamp ## Lock the requirements again, with hashes, as of LOCK_DATE
	@for name in base test; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
		--exclude-newer $(LOCK_DATE) --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements/$$name.lock requirements/$$name.in || exit 1; done

charts: install ## Write docs/charts again from the state charts
	@$(BIN)/stafetten charts

screenshots: $(VENV)/test.stamp $(BIN)/stafetten assets needs ## Take the README's screenshots from a running demo
	@set -a; . $(VENV)/needs.env; set +a; $(PY) -m tests.screenshots

bench: $(VENV)/test.stamp $(BIN)/stafetten ## Print the benchmark's figures side by side
	@$(PY) -m bench

clean: ## Remove what was installed and built; the demo's data stay
	rm -rf $(VENV) node_modules web/static locale/*/LC_MESSAGES/messages.mo
