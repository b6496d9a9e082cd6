# Everything a fresh machine needs besides Python >= 3.11 and make is installed into .venv.
PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out/acme
REPORT_LANG ?= en
BIN    := $(VENV)/bin
BROWSER := tests/reports/browser

.PHONY: help demo test lint format bench models rules screenshots examples browser-deps clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## set up, run the main job on examples/acme and say where the report is
	$(BIN)/hygiene run examples/acme -o $(OUT) --lang $(REPORT_LANG)
	@echo
	@echo "The report is here: file://$(abspath $(OUT))/index.html"

test: $(VENV)/.installed-dev ## set up and run all tests (PYTEST_ARGS="-k score" for some)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: $(VENV)/.installed-dev ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev ## let ruff lay out the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-bench ## measure against the goals (BENCH_ARGS="--events 1000000" for a short one)
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

models: $(VENV)/.installed-dev ## train the bounce model again after a change of its phrases
	$(BIN)/python -m hygiene.mail.bounces.train

rules: $(VENV)/.installed-dev ## write docs/rules.md again from what the rules say of themselves
	$(BIN)/python -m hygiene.advice.rulebook

screenshots: $(VENV)/.installed browser-deps ## make the pictures of the README from examples/acme
	$(BIN)/hygiene run examples/acme -o out/acme --lang en
	$(BIN)/hygiene run examples/acme -o out/acme-fr --lang fr
	node $(BROWSER)/screenshots.mjs out/acme out/acme-fr docs/images emma.wright.html

examples: ## make examples/acme again
	$(PYTHON) examples/make_acme.py

browser-deps: $(BROWSER)/node_modules/.installed ## what the browser tests need besides chromium (node and npm)

clean: ## remove what the targets above made
	rm -rf $(VENV) out dist .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis $(BROWSER)/node_modules

# --- set-up: a stamp file a step, so that nothing is installed twice ---------------------------------------------------
$(VENV)/.pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "hygiene needs Python 3.11 or later; \"$(PYTHON)\" is not. Name another one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	  echo "\"$(PYTHON)\" comes without venv. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.installed: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.pip pyproject.toml
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $(VENV)/.installed $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(BROWSER)/node_modules/.installed: $(BROWSER)/package-lock.json
	npm --prefix $(BROWSER) ci --no-audit --no-fund --loglevel=error
	@touch $@
