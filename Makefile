# Two commands: `make run` starts the product, `make test` verifies it. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash

UV_VERSION := 0.13.9
PYTHON ?= python3
BIN := .venv/bin
HOST ?= 127.0.0.1
PORT ?= 8000
export MOONGATE_HOME ?= $(CURDIR)/var
export UV_LINK_MODE ?= copy

STAMPS := .venv/stamps

.PHONY: help setup client run test lint format bench lock clean demo

help: ## Say what each command does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

$(STAMPS)/uv: requirements-uv.lock
	@echo "→ environment (.venv)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Moongate needs Python 3.11; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements.lock pyproject.toml $(STAMPS)/uv
	@echo "→ packages"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/run
	@echo "→ development packages"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(STAMPS)/run client ## Make the environment, the command .venv/bin/moongate, and the browser client

client: $(STAMPS)/run ## Build what the browser gets (only what changed)
	@$(BIN)/python client/build.py

run: setup ## Start Moongate at http://HOST:PORT (127.0.0.1:8000)
	@exec $(BIN)/moongate run --host $(HOST) --port $(PORT) --demo

test: lint $(STAMPS)/dev client ## Verify everything
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --ignore=tests/browser
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile --reruns 1 tests/browser

lint: $(STAMPS)/dev client ## ruff, mypy, import floors, templates, TypeScript
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --check --lint --quiet src/moongate
	@$(BIN)/python client/build.py --check-types

format: $(STAMPS)/dev ## Put the code in its standard shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djlint --reformat --quiet src/moongate

bench: $(STAMPS)/dev client ## Print every claim of speed against its named alternative
	@for f in benchmarks/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

lock: $(STAMPS)/uv ## Make the lock files again from pyproject.toml
	@echo "uv==$(UV_VERSION)" | $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url - -o requirements-uv.lock
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --extra build --extra bench --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was built (var/, your data, stays)
	rm -rf .venv client/node_modules client/race/generated src/moongate/built
