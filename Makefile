# `make run` sets up and serves; `make test` sets up and tests. The other targets serve those who change the code.

# How many test files run side by side.
JOBS ?= 2
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
BASE_URL ?= http://localhost:8000
export LAUREL_ENV ?= development
export LAUREL_BASE_URL ?= $(BASE_URL)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test sure bench fmt setup assets system-run system-test judges lock clean migrate unit lint types rules templates screenshots
.DEFAULT_GOAL := run

run: setup assets
	LAUREL_DEMO=1 $(BIN)/flask --app wsgi db upgrade
	LAUREL_DEMO=1 $(BIN)/flask --app wsgi laurel demo
	LAUREL_DEMO=1 exec $(BIN)/gunicorn --config portal/serving.py wsgi:app

test: setup-test assets judges
	$(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(ARGS)

sure: setup-test assets judges
	$(BIN)/ruff format --check .
	$(MAKE) --no-print-directory lint types rules templates
	$(BIN)/python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder $(ARGS)

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

rules:
	$(BIN)/lint-imports

templates:
	$(BIN)/djlint templates --lint --quiet

fmt: setup-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup-test assets
	for file in benchmarks/[a-z]*.py; do $(BIN)/python $$file || exit 1; done

# What runs need of the system is named, and installed where that is allowed.
setup: $(VENV)/.run
setup-test: system-test $(VENV)/.test

$(VENV)/bin/python:
	bash build/system.sh venv $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	touch $@

$(VENV)/.test: requirements-dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

system-test:
	bash build/system.sh chromium postgresql redis wrk

assets: static/dist/manifest.json

node_modules/.ready: package.json package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

static/dist/manifest.json: node_modules/.ready $(shell find static/src build templates -type f 2>/dev/null)
	npm run --silent build
	touch $@

judges: setup-test
	bash tests/judges/setup.sh

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) node_modules static/dist .judges portal/openbadges/contexts
