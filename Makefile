# make            set up .venv, then rebuild whatever changed (everything in a fresh clone)
# make help       list all targets

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

# Byte code halves the time of every import, so it is written even where the environment forbids it.
unexport PYTHONDONTWRITEBYTECODE

# PYTHON: if none is given, the first of python3.11, python3.12, python3.13 and python3 that has a right version.
BIN := .venv/bin
READY := .venv/.ready
DEV := .venv/.extra-dev
SET_UP = python=$$(flows/setup/find_python.sh $(PYTHON)) && "$$python" -m flows.setup
PEERS := benchmarks/peers
PEERS_READY := $(patsubst %,$(PEERS)/.venv-%/.ready,tables nixtla autogluon)

.PHONY: all setup test serving fuzz audit ui stop timings performance growth sizes scaling simulate planted processors messy faults bench deps docs site samples lock platforms clean help

# Facts and reports are in git, so DVC would count their steps as built in a fresh clone; without a cache all steps run.
all: setup ## set up .venv, then rebuild whatever changed (dvc repro), or everything in a fresh clone
	@$(BIN)/dvc repro $$([ -d .dvc/cache ] || echo --force)

setup: $(READY) $(EXTRAS:%=.venv/.extra-%) ## make .venv from requirements.lock; EXTRAS="cluster site" adds those: docs/setup.md

$(READY): requirements.lock pyproject.toml
	@$(SET_UP) $(EXTRAS)

# What a target needs beyond that: `make test` in a fresh clone installs everything at once.
.venv/.extra-%: requirements.lock pyproject.toml
	@$(SET_UP) $*

# Types and security are checked while the tests run, which sometimes wait for servers; the result comes at the end.
test: $(DEV) ## lint, types and tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run $(BIN)/ruff format ."; exit 1; }
	@{ $(BIN)/mypy && $(BIN)/bandit --quiet --recursive --configfile pyproject.toml flows pipelines; } \
	  > .venv/types.log 2>&1 & beside=$$!; status=0; \
	$(BIN)/pytest --quiet --numprocesses auto --dist loadfile --no-loadscope-reorder || status=$$?; \
	wait $$beside || status=$$?; cat .venv/types.log; exit $$status

audit: .venv/.extra-audit ## check the pinned packages for known weaknesses, with the index's advisory service
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

simulate: $(DEV) ## test the statistics on populations with known truth: the table of docs/statistics.md
	@$(BIN)/python benchmarks/simulate.py

planted: $(DEV) ## plant causes and count how often step 7 names them and no others: docs/planted.md (two hours)
	@PYTHONPATH=tests:benchmarks:. $(BIN)/python benchmarks/causes/plant.py
	@PYTHONPATH=benchmarks:. $(BIN)/python -m forecasts.coverage
	@missed=0; for one in forecasts texts groups; do \
	  PYTHONPATH=benchmarks:. $(BIN)/python -m $$one.plant || missed=1; done; exit $$missed

processors: $(DEV) ## rebuild five projects as on other processors and compare every file (half an hour)
	@PYTHONPATH=tests:. $(BIN)/python tests/processors.py

messy: $(DEV) ## count how often messy tables are read correctly and clean tables raise no doubt (ten minutes)
	@PYTHONPATH=tests:. $(BIN)/python -m messy.ordinary
	@PYTHONPATH=tests:. $(BIN)/python -m messy --whole

faults: $(DEV) ## disturb every step in every way and check that `dvc repro` repairs it: docs/faults.md (20 minutes)
	@PYTHONPATH=tests $(BIN)/python benchmarks/faults/disturb.py

sizes: $(DEV) ## measure very large, very wide and very small tables from `sevenfold new` to the report (over an hour)
	@PYTHONPATH=. $(BIN)/python benchmarks/sizes.py

serving: setup ## measure `sevenfold serve`: time of a row, rows a second, memory: docs/serving.md (PROJECT, MINUTES, WORKERS)
	@PYTHONPATH=. $(BIN)/python benchmarks/serving.py $(or $(PROJECT),loan_default) --minutes $(or $(MINUTES),5) \
	  --workers $(or $(WORKERS),1)

fuzz: $(DEV) ## send 10,000 requests that no one would send on purpose to a served model
	@PYTHONPATH=tests:. $(BIN)/python tests/fuzz_serving.py

scaling: $(DEV) ## measure how time and memory grow, here and on a Dask cluster of two workers: docs/scaling.md
	@PYTHONPATH=tests $(BIN)/python benchmarks/scaling.py

bench: $(DEV) $(PEERS_READY) ## compare step 5 with other tools: docs/benchmarks.md (four hours; HALF=development: two)
	@cd $(PEERS) && ../../$(BIN)/python run.py $(if $(HALF),--half $(HALF))

$(PEERS)/.venv-%/.ready: $(PEERS)/requirements-%.txt | $(READY)
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --compile --requirement $<
	@touch $@

deps: setup ## write each stage's code and sections into dvc.yaml, from what its step imports and reads
	@$(BIN)/python -m flows.deps

docs: setup ## write the pages and schemas that are made from the code: docs/facts.md, pipelines/facts/schemas/
	@$(BIN)/python -m flows.docs

site: .venv/.extra-site ## write the site: every page for a browser, with the fact behind each number (site/, see docs/site.md)
	@$(BIN)/python -m flows.site

samples: $(DEV) ## record again the facts that tests of pages start from: tests/samples/ (a minute)
	@PYTHONPATH=tests:. $(BIN)/python tests/record_samples.py

lock: setup ## pin the newest versions that pyproject.toml allows in requirements.lock; KEEP=1 keeps those that can stay
	@$(BIN)/python -m flows.setup.lock $(if $(KEEP),--keep)

platforms: setup ## check that the index has a file of every pin for each Python and platform: docs/setup.md
	@$(BIN)/python -m flows.setup.platforms

clean: ## remove .venv, caches and the runs shown by Prefect; data, models and reports stay
	@if [ -x $(BIN)/sevenfold ]; then $(BIN)/sevenfold stop || true; fi
	@rm -rf .venv .prefect .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find flows pipelines tests -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list all targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-11s %s\n", $$1, $$2 }'
