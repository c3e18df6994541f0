# Scout. `make help` lists what there is; each target does its own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := false
# Where Python is told to keep no compiled files, every process of a test compiles Scout anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup run demo test test-fast lint format check docs bench screenshots lock clean

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(READY) ## create .venv and install everything, hash-checked

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Scout needs Python 3.11 or later; this is $$($(PYTHON) --version). Set PYTHON=python3.12, say." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; } || \
	  { echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv" >&2; exit 2; }
	@echo "Setting up .venv (about 200 packages, once; a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## make the imaginary clinic (once) and run the whole job on it
	@$(BIN)/scout demo

demo: run ## the same as run

# Two files of tests at a time, the longest first (tests/conftest.py), so that both processes are busy
# to the end.
AT_A_TIME := -n 2 --dist loadfile --no-loadscope-reorder

test: $(READY) ## all tests
	@$(BIN)/python -m pytest $(AT_A_TIME)

test-fast: $(READY) ## the tests of single rooms, without those that take long: under a minute
	@$(BIN)/python -m pytest $(AT_A_TIME) -m "not slow"

test-%: $(READY) ## one folder of tests, for instance test-unit, test-oracle
	@$(BIN)/python -m pytest tests/$*

lint: $(READY) ## ruff, mypy, the rooms' import contracts, sqlfluff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models

format: $(READY) ## put every file into house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --processes 2 dbt_project/models

screenshots: $(READY) ## pictures of every page, and README's of the demo (needs chromium; SCOUT_HOME, OUT)
	@$(BIN)/python -m tests.browser.screenshots $${SCOUT_HOME:-var} $${OUT:-var/screenshots}

bench: $(READY) ## seconds and memory per stage beside hand-written scripts
	@$(BIN)/python -m tests.benchmarks.compare

lock: $(READY) ## compile requirements.lock anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-strip-extras --no-emit-index-url --only-binary :all: --output-file requirements.lock

clean: ## remove .venv and caches; what a clinic loaded (var/) stays
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis dbt_project/target
