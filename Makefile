# Every chore is one command here. Set-up happens by itself, inside this folder only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
QUARRY := $(BIN)/quarry
PDF ?=
PDFS ?=
TRUTH ?=

# Caches stay inside the folder; nothing is written to the user's home.
export UV_CACHE_DIR := $(CURDIR)/.cache/uv
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip
export XDG_CACHE_HOME := $(CURDIR)/.cache
export PYTHONUNBUFFERED := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
# Without its cache of compiled modules each of some thirty Python processes would compile them anew at every start.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run stop test nodes chaos soak torture check audit lock bench eval clean

help:
	@echo "make run [PDF=file.pdf]  start everything, process a catalogue, print its products"
	@echo "make stop                end what 'make run' started"
	@echo "make test [ARGS=...]     run all tests, or what pytest's arguments say"
	@echo "make nodes               several Ray nodes on this machine: work spreads, nodes and the head may go"
	@echo "make chaos [ARGS=...]    break everything at each state, and print what that cost"
	@echo "make soak [ARGS=...]     200 small documents, and whether the memory of each process stays flat"
	@echo "make torture [PDFS=folder]  hostile PDFs, and whether each ends as it should and leaves nothing half done"
	@echo "make check               ruff, mypy, import-linter"
	@echo "make audit               known holes in the locked dependencies (needs the package index's own data)"
	@echo "make bench [ARGS=rows]   measure speed and memory against the aims"
	@echo "make eval [PDFS=folder TRUTH=folder]  measure products against what the eye reads; ARGS=--reuse takes old runs"
	@echo "make lock                resolve requirements.lock anew from pyproject.toml"
	@echo "make clean               end everything and remove all that was installed, stored and cached here"

setup: $(VENV)/.installed

# pip asks rustc for its version, and a rustc of rustup's makes a folder in the home for that.
$(VENV)/bin/uv: export RUSTUP_HOME := $(CURDIR)/.cache/rustup
$(VENV)/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Quarry needs Python 3.11 or later; $(PYTHON) is older. Say which to use: make PYTHON=python3.12 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

run: setup
	@$(QUARRY) run $(if $(PDF),"$(PDF)")

# Neither this nor `clean` installs anything: where nothing is installed nothing was started.
stop:
	@if [ -x $(QUARRY) ]; then $(QUARRY) down; else echo "nothing was running"; fi

test: setup
	@$(BIN)/python -m tests $(ARGS)

nodes: setup
	@$(BIN)/python -m tests tests/cluster -m nodes $(ARGS)

chaos: setup
	@$(BIN)/python -m tests.chaos $(ARGS)

soak: setup
	@$(BIN)/python -m benchmarks.soak $(ARGS)

torture: setup
	@$(BIN)/python -m benchmarks.torture "$(or $(PDFS),../shared/pdfs/torture)" $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# One package that cannot be looked up fails it: silence about a package is no proof.
audit: $(VENV)/bin/uv
	@$(BIN)/uv tool run --from pip-audit==2.10.1 pip-audit --strict --disable-pip --no-deps --progress-spinner off -r requirements.lock

bench: setup
	@$(BIN)/python -m benchmarks $(ARGS)

eval: setup
	@$(QUARRY) eval $(if $(PDFS),"$(PDFS)") $(if $(TRUTH),--truth "$(TRUTH)") $(ARGS)

lock: $(VENV)/bin/uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: stop
	rm -rf $(VENV) .cache .quarry .quarry-test
