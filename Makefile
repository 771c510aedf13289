# make demo       the whole job on the built-in data set
# make test       linters, types and the fast tests
# make check-all  everything, real data and slow tests included; with EDGETEXT_RUNS=FOLDER also the
#                 figures in the recipes' heads, from the files there that their commands have made
# make android-apk  a debug APK with what `edgetext export --android android_demo` put into it;
#                   needs the packages that android_demo/README.md lists
.PHONY: demo test check-all lint android-apk clean
.DELETE_ON_ERROR:

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.edgetext-installed

demo: $(STAMP)
	$(BIN)/edgetext demo

test: lint
	$(BIN)/python -m pytest -q

check-all: lint
	$(BIN)/python -m pytest -q -m "realdata or slow or not slow"

android-apk: $(STAMP)
	$(MAKE) -C android_demo/offline apk PYTHON=$(CURDIR)/$(BIN)/python

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The stamp is newer than pyproject.toml when the virtual environment holds what that asks for.
$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) runs .pytest_cache .ruff_cache .mypy_cache .hypothesis
