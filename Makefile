# The words of the workshop. `make help` lists them.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
export COACHKIT_INSTANCE ?= $(CURDIR)/instance
PORT ?= 8000

.PHONY: help setup run test check bench prove clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/'

setup: $(VENV)/.installed  ## virtual environment, package, system libraries for PDF

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "coachkit needs Python 3.11 or newer. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing. On Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --quiet --editable .
	@sh .ci/system pdf
	@touch $@

$(VENV)/.tools: pyproject.toml $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --group dev
	@sh .ci/system browser
	@touch $@

run: setup  ## serve the demo programme at http://127.0.0.1:8000
	@$(BIN)/coachkit init --demo
	@$(BIN)/coachkit serve --port $(PORT)

test: $(VENV)/.tools  ## every test, on SQLite and on PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: $(VENV)/.tools  ## format, lint, types, import contracts, content
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo | tail -3
	@$(BIN)/coachkit content check | tail -1

bench: $(VENV)/.tools  ## ratios from one interleaved run
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tests.bench $(ARGS)

prove: $(VENV)/.tools  ## the full proofs; figures go to docs/proofs
	@$(BIN)/python -m tests.proofs $(ARGS)

clean:  ## take away what was built; the instance stays
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .hypothesis
