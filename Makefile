# Everything starts here and needs only Python 3.11 or later: `make` lists what there is.
# A target does its own set-up; stamp files in .make/ let it skip what has not changed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
# The machine's Python; another one: make test PYTHON=python3.13
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(PY) -m pip --quiet --quiet --disable-pip-version-check --no-input
STAMPS := $(VENV)/.make
WORKERS ?= 2
PORT ?= 8000

.PHONY: help install demo test prove check bench tools lock format clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | \
		awk -F ':.*## ' '{ printf "  make %-9s %s\n", $$1, $$2 }'

install: $(STAMPS)/package ## Set up: virtual environment, locked dependencies, front end
	@$(PY) hatch_build.py --quiet

demo: install ## Serve the demonstration on 127.0.0.1:8000 (PORT=… for another port)
	@exec $(BIN)/referral demo --port $(PORT)

test: install $(STAMPS)/dev tools ## Run every test, the long proofs at small size
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

prove: install $(STAMPS)/dev tools ## Run the long proofs at full size
	@REFERRAL_PROVE=full $(PY) -m pytest -n $(WORKERS) --dist worksteal -m prove $(ARGS)

check: install $(STAMPS)/dev ## Style, types, order of imports, templates, catalogues
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(PY) -m tools.check_templates
	@$(PY) -m tools.catalogue check

bench: install $(STAMPS)/dev ## Compare our pages with plain Flask and raw SQL
	@$(PY) -m tests.performance.bench $(ARGS)

tools: ## Look for PostgreSQL and Chromium; install Debian's packages when root
	@tools/find_tools.sh

lock: $(STAMPS)/dev ## Write the locks anew (UPGRADE=1 takes newer releases)
	@$(PY) tools/lock.py $(if $(UPGRADE),--upgrade)
	@npm install --package-lock-only --ignore-scripts

format: $(STAMPS)/dev ## Put the sources in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

clean: ## Remove the virtual environment and everything built; data in var/ stays
	rm -rf $(VENV) node_modules referral/static/dist build dist

$(PY):
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or later is needed.' >&2; exit 1; }
	@echo 'Making the virtual environment …'
	@$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(STAMPS)

$(STAMPS)/runtime: requirements.lock requirements-build.lock | $(PY)
	@echo 'Installing the locked dependencies …'
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --require-hashes -r requirements-build.lock
	@touch $@

# The build hook compiles the front end; without Node.js on the machine it comes as a package.
$(STAMPS)/package: pyproject.toml $(STAMPS)/runtime requirements-node.lock
	@echo 'Installing the package and building the front end …'
	@$(PY) -c 'import sys, hatch_build; sys.exit(hatch_build.machine_node() is None)' || \
		$(PIP) install --require-hashes -r requirements-node.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/runtime
	@echo 'Installing the tools for development …'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
