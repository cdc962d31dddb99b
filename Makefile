# Two commands do everything on a machine that has Python 3.11+, make and a package index:
#   make run     environment, install, main job; ends by printing where the report is
#   make test    environment, install, all checks and tests
PYTHON ?= python3
VENV ?= .venv
OUT ?=
RUN_OPTIONS ?=
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test test-long lint bench data clean

run: $(STAMP)
	$(BIN)/zaitaku run $(if $(OUT),--out $(OUT)) $(RUN_OPTIONS)

test: lint
	$(BIN)/python -m pytest -n 2 -m "not long"

test-long: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m long

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/benchmark_statistics.py
	$(BIN)/python benchmarks/benchmark_table.py
	$(BIN)/python benchmarks/draws.py
	$(BIN)/python benchmarks/research.py

# Rebuild the shipped tables from the raw files (see `zaitaku data fetch`).
data: $(STAMP)
	$(BIN)/zaitaku data build

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
