# Every target does all of its own set-up: Python 3.11 or newer and make are enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input

# What a shell may carry along and would bend the environment we build.
unexport PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL: # two installations into one environment would trip over each other
.PHONY: help demo run setup test test-heavy lint format bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## the main job, end to end, with no token and no internet
	@$(BIN)/monitor demo $(ARGS)

run: $(VENV)/.runtime ## the daemon, on config/
	@$(BIN)/monitor run $(ARGS)

setup: $(VENV)/.runtime ## the environment of the program and nothing else (for a service)

test: $(VENV)/.dev ## the whole test suite
	@$(BIN)/python -m pytest $(ARGS)

test-heavy: $(VENV)/.dev ## fault, fuzz, kill and packaging runs
	@$(BIN)/python -m pytest -m heavy $(ARGS)

lint: $(VENV)/.dev ## style, types, arrows, Dockerfile
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

format: $(VENV)/.dev ## lay the code out, mend what can be mended
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(VENV)/.dev ## every measurement of bench/, one after the other
	@set -e; for bench in bench/[!_]*.py; do test -f "$$bench" || continue; echo "== $$bench"; $(BIN)/python "$$bench" $(ARGS); done

# Versions and hashes, nothing else: where a package comes from is the business of the machine that installs it.
# `make lock` keeps what is locked and adds what is missing; `make lock ARGS=--upgrade` takes the newest.
LOCK := .cache/lock
COMPILE = $(LOCK)/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header $(ARGS)

lock: ## both locks anew from pyproject.toml
	@$(PYTHON) -m venv --clear $(LOCK)
	@$(LOCK)/bin/python -m pip install --quiet --disable-pip-version-check uv
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group build --group dev --output-file requirements-dev.lock

clean: ## away with the environment and the caches; data/ stays
	@rm -rf $(VENV) .cache dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ── the environment ─────────────────────────────────────────────────────────────────────────────────────────────────
# One .venv, two depths: what the program needs, and what its tests need on top. A stamp is written when all before it
# went well, so an interrupted installation is done again, and a changed lock is installed by the next command.

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "monitor needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
		echo "If another is installed, name it: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up $(VENV), once; this takes a minute or two." >&2
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null || { \
		echo "'$(PYTHON) -m venv' does not work here. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.made
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.made
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.runtime $@
