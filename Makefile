# make demo    tag the sample export          make lint    ruff and mypy
# make test    lint and run all tests         make model   train the starter model again
# make compare the table of choices in data/README.md; CHECK=FILE adds a column
# make bench   usulan beside its peers, tests/bench/README.md; ROWS=1000000 REPEAT=3
# make bench-growth  how cost grows with rows, words and labels; MOST=10000000
# make words    collect messages for translation, and compile those translated
# make loop    review by doubt beside review by lot, with known labels; ten seeds
# make newcity what the thesaurus is worth to an office with labels of its own
# make picture the report of the sample as data/samples/laporan.png; needs Chromium
# make coverage the concepts of the corpus, data/labelled/COVERAGE.md
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
BIN := .venv/Scripts
else
BIN := .venv/bin
endif
CORPUS := $(wildcard data/labelled/*.csv)
SAMPLE := data/samples/usulan-sipd.csv

.PHONY: demo test lint format model compare newcity loop words coverage picture bench bench-growth clean

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
	$(BIN)/usulan train $(CORPUS) --terms data/istilah.csv --precedents -o models/starter.usulan --force

compare: .venv/installed
	$(BIN)/python -m classifier.learning.selection $(CORPUS) --terms data/istilah.csv $(if $(CHECK),--check $(CHECK))

LAIN := data/samples/kabupaten-lain
newcity: .venv/installed
	$(BIN)/python -m classifier.learning.newcity $(LAIN).csv --terms data/istilah.csv --taxonomy $(LAIN).toml \
		--text "Nama Kegiatan" --text Uraian --label prioritas="Program Prioritas"

loop: .venv/installed
	$(BIN)/python -m tests.scenario

.venv/created:
	$(PYTHON) -m venv .venv
	touch $@

.venv/installed: .venv/created setup.cfg pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/tested: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .[test]
	touch $@

coverage: .venv/installed
	$(BIN)/python data/coverage.py

words: .venv/tested
	$(BIN)/python -m tests.catalogue

picture: .venv/installed
	$(BIN)/python data/laporan.py

ROWS ?= 100000
REPEAT ?= 5
MOST ?= 1000000

bench: .venv/benched
	$(BIN)/python -m tests.bench --rows $(ROWS) --repeat $(REPEAT)

bench-growth: .venv/installed
	$(BIN)/python -m tests.bench --growth --most $(MOST)

# A peer that cannot be installed here is left out of the benchmarks.
.venv/benched: .venv/installed
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .[bench]
	touch $@

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
