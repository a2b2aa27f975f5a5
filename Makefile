# make            set up .venv, then rebuild whatever changed (everything in a fresh clone)
# make help       list all targets

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# Byte code halves the time of every import, so it is written even where the environment forbids it.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
PEERS := benchmarks/peers/.venv

.PHONY: all setup test audit ui stop timings performance growth sizes scaling simulate planted messy faults bench deps docs site samples lock clean help

# Facts and reports are in git, so DVC would count their steps as built in a fresh clone; without a cache all steps run.
all: setup ## set up .venv, then rebuild whatever changed (dvc repro), or everything in a fresh clone
	@$(BIN)/dvc repro $$([ -d .dvc/cache ] || echo --force)

setup: $(READY) ## create .venv from requirements.lock; does nothing if nothing changed

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) > /dev/null || { echo "$(PYTHON) is not on the PATH; try: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "setting up .venv: a few minutes the first time"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --require-hashes --compile --requirement requirements.lock 2> .venv/setup.log | awk \
	  -v total="$$(grep -c '^[A-Za-z0-9].*==' requirements.lock)" \
	  '/^(Collecting|Requirement already)/ { if (++n % 25 == 0) print "  found " n " of " total " packages"; fflush() } \
	   /^Installing collected/ { print "  installing and compiling " total " packages"; fflush() }' \
	  || { tail -n 20 .venv/setup.log; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q flows pipelines
	@touch $@

# Types and security are checked while the tests run, which sometimes wait for servers; the result comes at the end.
test: setup ## lint, types and tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run $(BIN)/ruff format ."; exit 1; }
	@{ $(BIN)/mypy && $(BIN)/bandit --quiet --recursive --configfile pyproject.toml flows pipelines; } \
	  > .venv/types.log 2>&1 & beside=$$!; status=0; \
	$(BIN)/pytest --quiet --numprocesses auto --dist loadfile --no-loadscope-reorder || status=$$?; \
	wait $$beside || status=$$?; cat .venv/types.log; exit $$status

audit: setup ## check the pinned packages for known weaknesses, with the index's advisory service
	@$(BIN)/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict --progress-spinner off \
	  || { echo "not passed: a weakness is listed above, or pypi.org could not be asked about every package"; exit 1; }

ui: setup ## start the local Prefect server if necessary and print its address
	@$(BIN)/sevenfold ui

stop: setup ## end the local Prefect server
	@$(BIN)/sevenfold stop

timings: setup ## measure every project's steps (writes reports/*/facts/timings.json, which the reports show)
	@for file in projects/*.toml; do $(BIN)/sevenfold timings "$$(basename "$$file" .toml)"; done

performance: setup ## measure rebuilds in a fresh clone: the table of docs/performance.md
	@$(BIN)/python benchmarks/rebuild.py

growth: setup ## measure how steps 1 to 4 and 6 grow from 15,000 to 1,500,000 rows
	@$(BIN)/python benchmarks/growth.py

simulate: setup ## test the statistics on populations with known truth: the table of docs/statistics.md
	@$(BIN)/python benchmarks/simulate.py

planted: setup ## plant causes and count how often step 7 names them and no others: docs/planted.md (two hours)
	@PYTHONPATH=tests:. $(BIN)/python benchmarks/causes/plant.py

messy: setup ## count how often messy tables are read correctly and clean tables raise no doubt (ten minutes)
	@PYTHONPATH=tests:. $(BIN)/python -m messy.ordinary
	@PYTHONPATH=tests:. $(BIN)/python -m messy --whole

faults: setup ## disturb every step in every way and check that `dvc repro` repairs it: docs/faults.md (20 minutes)
	@PYTHONPATH=tests $(BIN)/python benchmarks/faults/disturb.py

sizes: setup ## measure very large, very wide and very small tables from `sevenfold new` to the report (over an hour)
	@PYTHONPATH=. $(BIN)/python benchmarks/sizes.py

scaling: setup ## measure how time and memory grow, here and on a Dask cluster of two workers: docs/scaling.md
	@PYTHONPATH=tests $(BIN)/python benchmarks/scaling.py

bench: setup $(PEERS)/.ready ## compare step 5 with other tools: docs/benchmarks.md (four hours; HALF=development: two)
	@cd benchmarks/peers && ../../$(BIN)/python run.py $(if $(HALF),--half $(HALF))

$(PEERS)/.ready: benchmarks/peers/requirements.txt
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --compile --requirement $<
	@touch $@

deps: setup ## write each stage's code and sections into dvc.yaml, from what its step imports and reads
	@$(BIN)/python -m flows.deps

docs: setup ## write the pages and schemas that are made from the code: docs/facts.md, pipelines/facts/schemas/
	@$(BIN)/python -m flows.docs

site: setup ## write the site: every page for a browser, with the fact behind each number (site/, see docs/site.md)
	@$(BIN)/python -m flows.site

samples: setup ## record again the facts that tests of pages start from: tests/samples/ (a minute)
	@PYTHONPATH=tests:. $(BIN)/python tests/record_samples.py

# Hashes of pinned versions that stay are copied. Those of others come from the index, or, where it has none, are
# computed from the downloaded files of all platforms, which can take a quarter of an hour.
lock: setup ## pin the newest versions that pyproject.toml allows in requirements.lock, with hashes
	@CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --extra dev --generate-hashes \
	  --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --no-emit-options --output-file requirements.lock pyproject.toml

clean: ## remove .venv, caches and the runs shown by Prefect; data, models and reports stay
	@if [ -x $(BIN)/sevenfold ]; then $(BIN)/sevenfold stop; fi
	@rm -rf .venv .prefect .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find flows pipelines tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list all targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-11s %s\n", $$1, $$2 }'
