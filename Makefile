# `make play` plays, `make test` passes the tests; both set up what they need in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: play test lint types bench faults mutate words lowest pictures clean

play: $(VENV)/.playable
	@$(BIN)/redmexico $(ARGS)

test: $(VENV)/.tested
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.tested
	$(BIN)/ruff check src tests benchmarks docs

types: $(VENV)/.tested
	$(BIN)/mypy

bench: $(VENV)/.tested
	@for script in benchmarks/p*.py; do $(BIN)/python $$script; done

faults: $(VENV)/.tested
	REDMEXICO_ALL_FAULTS=1 REDMEXICO_HEAVY=1 $(BIN)/python -m pytest tests/test_saves_faults.py

words: $(VENV)/.tested
	$(BIN)/python docs/make_words.py

mutate: $(VENV)/.tested
	$(BIN)/python tests/mutate.py $(ARGS)

pictures: $(VENV)/.tested
	$(BIN)/python docs/make_pictures.py

lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/python -m pip install --quiet -c tests/lowest.txt -e '.[dev]'
	$(VENV)-lowest/bin/python -m pytest tests/test_engine.py tests/test_loader.py tests/test_plays.py tests/test_plain.py tests/test_tui.py tests/test_check.py tests/test_schema.py

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.playable: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.playable

clean:
	rm -rf $(VENV) $(VENV)-lowest dist
