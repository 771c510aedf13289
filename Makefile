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

# A process a core, and no more than four, each of which needs about a gigabyte and a half. The tests of
# a file stay together, since they share what they make.
PARALLEL := -n auto --maxprocesses 4 --dist loadfile

# Releases of ONNX Runtime beside the installed one, in which the tests run what `export` writes: the
# oldest that files are promised for, and the newest that npm has for Node and browsers.
HOSTS := $(addprefix $(VENV)/hosts/onnxruntime-,1.24.1 1.30.0)
# Those between them, and up to the installed one.
MORE_HOSTS := $(addprefix $(VENV)/hosts/onnxruntime-,1.24.4 1.25.1 1.26.0 1.27.0 1.28.0 1.29.0 1.31.1)
# Newer releases of ExecuTorch than the installed one, which the slow tests run its files in; its wheel
# has the C++ runtime, too.
EXECUTORCH_HOSTS := $(addprefix $(VENV)/hosts/executorch-,1.5.1)

demo: $(STAMP)
	$(BIN)/edgetext demo

test: lint $(HOSTS)
	$(BIN)/python -m pytest -q $(PARALLEL)

check-all: lint $(HOSTS) $(MORE_HOSTS) $(EXECUTORCH_HOSTS)
	$(BIN)/python -m pytest -q $(PARALLEL) -m "realdata or slow or not slow"

android-apk: $(STAMP)
	$(MAKE) -C android_demo/offline apk PYTHON=$(CURDIR)/$(BIN)/python

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The stamp is newer than pyproject.toml when the virtual environment holds what that asks for.
$(STAMP): pyproject.toml bench/pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' -e bench
	touch $@

# NAME-RELEASE, without what it depends on.
$(VENV)/hosts/%: | $(STAMP)
	rm -rf $@.part
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --target $@.part \
		$(subst -,==,$*)
	mv $@.part $@

clean:
	rm -rf $(VENV) runs .pytest_cache .ruff_cache .mypy_cache .hypothesis
