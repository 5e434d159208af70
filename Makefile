# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
# The first that is new enough; `make PYTHON=…` names another.
PYTHON ?= $(shell for one in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$one -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$one && break; \
	done)
VENV := .venv
BIN := $(VENV)/bin
CODE := pipeline connectors tests bench docs
FUZZ_SECONDS ?= 300

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Every dependency is pinned with its hash; ours is installed beside them, editable.
$(VENV)/.run: requirements.lock
	@test -n "$(PYTHON)" || { echo "kithbook needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/.run  ## the main job on a fictional book: no server, no account
	@$(BIN)/kithbook demo

test: $(VENV)/.dev  ## all tests, on two cores
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not soak" $(ARGS)

lint: $(VENV)/.dev  ## ruff and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 sql

types: $(VENV)/.dev  ## mypy --strict
	$(BIN)/mypy

docs: $(VENV)/.dev  ## docs/cli.md and docs/schema.md anew, and whatever else is made
	@for script in docs/make_*.py; do $(BIN)/python $$script || exit 1; done

messages: $(VENV)/.dev  ## docs/messages.md: all that kithbook can say, to be read through
	@$(BIN)/python docs/collect_messages.py

bench: $(VENV)/.dev  ## one JSON object a benchmark
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# The fuzzer is no part of the pinned environment: only this needs it.
soak: $(VENV)/.dev  ## long ones: kills, fuzzing, state machines at depth
	$(BIN)/python -m pytest -m "soak or hypothesis" --hypothesis-profile new --timeout 3600 $(ARGS)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris==3.0.0
	$(BIN)/python tests/soak/fuzz_vcard.py --seconds $(FUZZ_SECONDS)
	$(BIN)/python tests/soak/fuzz_ical.py --seconds $(FUZZ_SECONDS)

lock:  ## pin every dependency anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --upgrade --group build --extra report pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-emit-find-links --no-header --group build --group dev --group docs --extra report -c requirements.lock pyproject.toml \
		-o requirements-dev.lock

clean:  ## forget the virtual environment and the demo
	rm -rf $(VENV) demo

.PHONY: help demo test lint types docs messages bench soak lock clean
