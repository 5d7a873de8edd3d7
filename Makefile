# make demo    tag the sample export          make lint    ruff and mypy
# make test    lint and run all tests         make model   train the starter model again
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
SAMPLE := data/samples/usulan-sipd.csv

.PHONY: demo test lint format model clean

demo: .venv/installed
	$(BIN)/usulan tag $(SAMPLE) -o .venv/demo.csv --show 12 --force

test: .venv/tested lint
	$(BIN)/python -m pytest -n auto

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/tested
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

model: .venv/installed
	$(BIN)/usulan train data/labelled/*.csv -o models/starter.usulan --force

.venv/created:
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/created setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .[test]
	touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
