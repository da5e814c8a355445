# Each target does its own set-up in .venv and repeats it only when a requirements file changes.
#
#   make run     the app on http://localhost:8501   (PORT=…)
#   make test    linters, then all tests, those in a real Chromium included   (PYTEST_ARGS=…)
#   make test-peers   other libraries' losses as transcribed, against those libraries   (its own set-up: a gigabyte)
#   make lint    linters, types and the browser code's own tests, which need no browser
#   make bench   speed and latency, printed, never asserted
#   make fuzz    files broken at random, through all readers   (FUZZ_SECONDS=…, FUZZ_SEED=…)
#   make clean   forget the set-up
#
# PYTHON=… is the interpreter .venv is made with: 3.11 or newer.

PYTHON ?= python3
PORT ?= 8501
# One more than CI has cores: browser tests spend a good part of their time waiting.
PYTEST_ARGS ?= -n 3 --dist worksteal
FUZZ_SECONDS ?= 60
FUZZ_SEED ?= 1000

VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/node

# Two things at once: linters do not wait for the browser, nor for each other.
MAKEFLAGS += --jobs=2

# Python keeps what it has compiled, also where containers tell it not to: else each of the many processes that tests start
# compiles torch and Streamlit anew, which takes longer than all that most of them do.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-peers lint lint-style lint-types lint-layers lint-unused lint-texts lint-docker lint-javascript bench fuzz clean

run: $(VENV)/run.stamp
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: lint $(VENV)/chromium
	LOSSVIZ_CHROMIUM="$$(cat $(VENV)/chromium)" $(BIN)/python -m pytest $(PYTEST_ARGS)

test-peers: $(VENV)-peers/made.stamp
	$(VENV)-peers/bin/python -m pytest -m peers -s tests/peers

lint: lint-style lint-types lint-layers lint-unused lint-texts lint-docker lint-javascript

lint-style: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-types: $(VENV)/dev.stamp
	$(BIN)/mypy

lint-layers: $(VENV)/dev.stamp
	$(BIN)/lint-imports

lint-unused: $(VENV)/dev.stamp
	$(BIN)/vulture

# Every text is in every language, with the same placeholders; `$(BIN)/python -m tools.texts update` writes new ones into the files.
lint-texts: $(VENV)/dev.stamp
	$(BIN)/python -m tools.texts check

lint-docker: $(VENV)/dev.stamp
	$(BIN)/hadolint Dockerfile

lint-javascript: node_modules/.stamp
	$(NODE) node_modules/.bin/biome check --error-on-warnings
	$(NODE) node_modules/.bin/tsc
	$(NODE) --test --test-isolation=none 'tests/**/*.test.js'

bench: $(VENV)/dev.stamp $(VENV)/chromium
	LOSSVIZ_CHROMIUM="$$(cat $(VENV)/chromium)" $(BIN)/python -m benchmarks

fuzz: $(VENV)/dev.stamp
	$(BIN)/python -m tests.data.files.mutations $(FUZZ_SECONDS) $(FUZZ_SEED)

clean:
	rm -rf $(VENV) $(VENV)-peers node_modules

# --no-compile: what is never imported is not compiled, which takes a minute.
# --clear: a half-made environment has no stamp and is made anew.
$(VENV)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lossviz needs Python 3.11 or newer: make PYTHON=…")'
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)-peers/made.stamp: requirements-peers.txt
	$(PYTHON) -m venv --clear $(VENV)-peers
	$(VENV)-peers/bin/python -m pip install --quiet --no-compile -r $<
	@touch $@

$(VENV)/run.stamp: requirements.txt | $(VENV)/made.stamp
	$(BIN)/python -m pip install --quiet --no-compile -r $<
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(VENV)/made.stamp
	$(BIN)/python -m pip install --quiet --no-compile -r $<
	@touch $@ $(VENV)/run.stamp

# The path of the browser. It is looked for at every run: somebody may have another by now.
.PHONY: $(VENV)/chromium
$(VENV)/chromium: $(VENV)/dev.stamp
	PYTHON=$(BIN)/python tests/browser/install_chromium.sh > $@

# Node comes from PyPI; what it runs is for development only.
node_modules/.stamp: package.json .npmrc | $(VENV)/dev.stamp
	PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent
	@touch $@
