# `make repro` builds everything from the bundled input, `make test` runs every test.
# `make help` lists the rest. Nothing outside this folder is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := train,dev
REAL := runs/real

# uv does not read pip's configuration; where pip knows a folder of wheels, uv is told of it.
# pip is called with -qq: it shows errors, and no notes on folders of its configuration.
FIND_LINKS := $${UV_FIND_LINKS-$$("$(BIN)/python" -m pip config get global.find-links 2>/dev/null)}
INSTALL := UV_FIND_LINKS="$(FIND_LINKS)" "$(BIN)/uv" pip install --compile-bytecode \
	--python "$(BIN)/python" -c constraints.txt

# Stages call `python`, and DVC calls what it finds on PATH: both must be the environment's.
RUN := PATH="$(BIN):$$PATH"
# One thread a worker: several models that train at once with more would wait for each other.
PYTEST := OMP_NUM_THREADS=1 python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

.PHONY: help venv annotate repro test check format imports deps real summary clean lock

help: ## List the targets
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

venv: $(STAMP) ## Make .venv and install the pinned packages, once

$(STAMP): pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11 to 3.13 is needed: run make PYTHON=python3.11"; exit 1; }
	@test -x "$(BIN)/python" || \
		{ echo "Making $(VENV) with $(PYTHON)"; "$(PYTHON)" -m venv "$(VENV)"; }
	@test -x "$(BIN)/uv" || \
		{ echo "Installing uv, which installs the rest"; "$(BIN)/python" -m pip install -qq uv; }
	@echo "Installing the pinned packages: minutes the first time, for torch is large"
	@$(INSTALL) -e '.[$(EXTRAS)]'
	@touch "$(STAMP)"

annotate: $(STAMP) ## Install the Label Studio client as well
	@$(INSTALL) -e '.[$(EXTRAS),annotate]'

repro: $(STAMP) ## Run every stage whose input changed, then say what was built
	@$(RUN) dvc repro
	@$(RUN) saferec summary

test: $(STAMP) ## Run every test
	@$(RUN) $(PYTEST)

check: $(STAMP) ## Run what CI runs: ruff, mypy, pytest
	@$(RUN) ruff check .
	@$(RUN) ruff format --check .
	@$(RUN) mypy
	@$(RUN) $(PYTEST)

format: $(STAMP) ## Let ruff fix what it can
	@$(RUN) ruff check --fix .
	@$(RUN) ruff format .

imports: $(STAMP) ## Print which package imports which
	@$(RUN) python -m tests.import_graph

deps: $(STAMP) ## Write the code that each stage runs into dvc.yaml
	@$(RUN) python -m tests.stage_deps

real: $(STAMP) ## Run the same stages over real data: make real DATA=FOLDER
	@test -n "$(DATA)" || { echo "Name the folder of the data: make real DATA=FOLDER"; exit 1; }
	@$(RUN) saferec workspace "$(REAL)" --profile profiles/real.yaml --data "$(DATA)"
	@cd "$(REAL)" && $(RUN) dvc repro && $(RUN) saferec summary

summary: $(STAMP) ## Say what was built, where it lies, what to do next
	@$(RUN) saferec summary

clean: ## Remove what the stages made; .venv and paid replies stay
	rm -rf data/interim data/release data/reports runs .dvc/cache .dvc/tmp

lock: $(STAMP) ## Resolve constraints.txt again
	@UV_FIND_LINKS= "$(BIN)/uv" pip compile --quiet --universal --python-version 3.11 \
		--extra train --extra dev --extra annotate --upgrade \
		--no-emit-index-url --no-emit-find-links --no-annotate --no-header \
		pyproject.toml --output-file constraints.txt
