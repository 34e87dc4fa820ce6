# make demo | make test: each sets itself up in .venv. The other targets have environments of their own.
# Needs python3 (3.11 or newer, with venv) and make.

PYTHON  ?= python3
WORKERS ?= 2
ARGS    ?=

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/installed
RTX   := .venv-rtx
DASK  := .venv-cluster
DOCS  := .venv-docs
CHECK := .venv-check
# The distributions of data in this repository, which the tests use.
OWN   := $(wildcard data/*/pyproject.toml)

.DEFAULT_GOAL := help
.PHONY: help demo test check docs lint types pytest rtx cluster gpu damaged bench format clean

help:
	@echo "make demo     the main example: the footprint of a project, from its measurements (ARGS='--all' for more)"
	@echo "make test     all that must pass: ruff, mypy --strict, doctests, tests"
	@echo "make check    what is slow, and what a stranger meets: wheel and sdist, lowest and newest versions, pages, slow tests"
	@echo "              (ARGS='--only newest --into docs/tests.md'; the table of runs goes into that page)"
	@echo "make docs     the pages of docs/ as a site in out/site"
	@echo "make rtx      tests of TensorRT that need its wheels and no GPU; skipped with a reason where there are none"
	@echo "make cluster  runs on local clusters of Dask, and kills at random moments: the same draws, nothing lost"
	@echo "make bench    the timings in benchmarks/ (ARGS='--rows study,total --rounds 5' for the table of ratios)"
	@echo "make gpu      on a machine with an NVIDIA GPU: networks measured under NVML; elsewhere it says so"
	@echo "make damaged  25,000 damaged logs: none may end in a bare error or in a silent zero"
	@echo "make format   let ruff format the code and fix what it can"
	@echo "make clean    remove .venv, caches and everything else that is generated"
	@echo "Each sets up $(VENV) when it is missing or when pyproject.toml or constraints.txt changed."
	@echo "Another interpreter: make test PYTHON=python3.12    More test processes: make test WORKERS=8"

demo: $(STAMP)
	@$(BIN)/python examples/superpoint.py $(ARGS)

test: lint types pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

pytest: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: $(STAMP)
	$(BIN)/python tests/release/check.py $(ARGS)

docs: $(DOCS)/installed
	@if test -f mkdocs.yml; \
	    then $(DOCS)/bin/mkdocs build --strict --site-dir out/site $(ARGS); \
	    else echo "There is no mkdocs.yml yet: nothing is built."; fi

$(DOCS)/installed: pyproject.toml constraints.txt
	@echo "Setting up $(DOCS) (once; takes a minute) ..."
	@test -x $(DOCS)/bin/python && $(DOCS)/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[docs,report]' -c constraints.txt
	@touch $@

rtx: $(RTX)/installed
	@cat $(RTX)/installed
	$(RTX)/bin/python -m pytest tests/engines -m rtx -rs -p no:cacheprovider $(ARGS)

$(RTX)/installed: pyproject.toml constraints.txt
	@echo "Setting up $(RTX) (once; takes some minutes) ..."
	@test -x $(RTX)/bin/python && $(RTX)/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(RTX)
	@$(RTX)/bin/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[test]' -c constraints.txt
	@if $(RTX)/bin/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[rtx]' -c constraints.txt; \
	    then echo "The wheels of the extra rtx are installed."; \
	    else echo "The wheels of the extra rtx cannot be had here, so tests are skipped."; fi > $@

cluster: $(DASK)/installed
	$(DASK)/bin/python -m pytest tests/cluster -m cluster -p no:cacheprovider $(ARGS)

$(DASK)/installed: pyproject.toml constraints.txt
	@echo "Setting up $(DASK) (once; takes a minute) ..."
	@test -x $(DASK)/bin/python && $(DASK)/bin/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(DASK)
	@$(DASK)/bin/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[dask]' pytest -c constraints.txt
	@touch $@

damaged: $(STAMP)
	$(BIN)/python tests/logs/test_damaged.py 25000 31

# The other scripts of benchmarks/ read a folder of logs or tables, which they are given.
BENCHMARKS := growth operation_counts change_to_result import_time lookup_time code_size reading_trace read_log
bench: $(STAMP)
	$(BIN)/python benchmarks/table.py $(ARGS)
	@set -e; for name in $(BENCHMARKS); do \
	    echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py; \
	done

# An environment of its own: onnxruntime-gpu takes the place of onnxruntime. TensorRT is used where GPU_PACKAGES has it.
GPU_VENV     := .venv-gpu
GPU_PACKAGES ?= onnx onnxruntime-gpu[cuda,cudnn] tensorrt-rtx-cu13 cuda-bindings
gpu:
	@if ! command -v nvidia-smi >/dev/null 2>&1 || ! nvidia-smi -L >/dev/null 2>&1; then \
	    echo "No NVIDIA GPU here (nvidia-smi finds none): nothing is measured."; \
	else \
	    { test -x $(GPU_VENV)/bin/python || $(PYTHON) -m venv $(GPU_VENV); } && \
	    $(GPU_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[nvidia]' && \
	    for package in $(GPU_PACKAGES); do \
	        $(GPU_VENV)/bin/python -m pip install --quiet --disable-pip-version-check "$$package" \
	            || echo "$$package cannot be installed here"; \
	    done; \
	    $(GPU_VENV)/bin/python examples/gpu.py $(ARGS); \
	fi

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(STAMP): pyproject.toml constraints.txt $(OWN)
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	    echo "No '$(PYTHON)' here. Install Python 3.11 or newer (Debian: apt install python3 python3-venv)," >&2; \
	    echo "or name another one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "lca needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "'$(PYTHON)' cannot make a virtual environment: its venv or ensurepip module is missing." >&2; \
	    echo "Debian and Ubuntu keep it in a package of its own: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (once; takes a minute) ..."
	@test -x $(BIN)/python && $(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[test]' $(OWN:%/pyproject.toml=-e ./%) -c constraints.txt
	@$(BIN)/python -m compileall -q lca examples
	@touch $@

clean:
	rm -rf $(VENV) $(RTX) $(DASK) $(DOCS) $(CHECK) $(GPU_VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find lca tests examples benchmarks -type d -name __pycache__ -prune -exec rm -rf {} +
