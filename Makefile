# On a machine with git, make and Python >= 3.10, `make lab` or `make test` is all the set-up there is.

UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
BIN := .venv/bin
READY := .venv/.ready

# Bytecode compiled once, instead of in every kernel that starts.
export UV_COMPILE_BYTECODE := 1

.PHONY: lab test setup lint check unit notebooks real-data bench build pins clean

lab: $(READY) ## open JupyterLab on your own copy of the lessons
	@$(BIN)/coursekit lab

test: lint check unit notebooks ## everything that CI runs

setup: $(READY) ## install, or do nothing

lint: $(READY)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && echo "lint: clean"

check: $(READY) ## the notebooks are what the lessons build
	@$(BIN)/coursekit build --check

unit: $(READY) ## unit tests and doctests
	@OMP_NUM_THREADS=1 $(BIN)/pytest -p no:nbval -q -n 2 --dist worksteal

notebooks: $(READY) ## every notebook, cell by cell, compared with what it stores
	@OMP_NUM_THREADS=1 $(BIN)/pytest --nbval --nbval-sanitize-with tests/sanitize.cfg -q -n 2 --dist loadfile notebooks

real-data: $(READY) ## what uses data, once more with COURSEKIT_DATA
	@test -d "$(COURSEKIT_DATA)" || { echo "COURSEKIT_DATA is '$(COURSEKIT_DATA)'; expected a folder"; exit 2; }
	@$(BIN)/pytest -p no:nbval -q tests/test_data.py tests/test_training.py
	@$(BIN)/pytest --nbval --nbval-sanitize-with tests/sanitize.cfg -q notebooks/06_*.ipynb

bench: $(READY) ## how fast the operations are, as ratios
	@$(BIN)/coursekit bench

build: $(READY) ## notebooks/ from lessons/
	@$(BIN)/coursekit build

clean: ## remove what was installed and built, not your lessons
	rm -rf .venv .uv build .pytest_cache .ruff_cache .hypothesis

# The stamp is written last: an interrupted set-up is taken up again by the next call.
$(READY): pyproject.toml | $(UV)
	@echo "coursekit: setting up, once; this downloads about 3 GB"
	@$(UV) sync --quiet --no-progress
	@touch $@

.uv/bin/uv:
	@python3 -m venv --clear .uv
	@.uv/bin/python -m pip install --quiet uv

pins: ## the exact versions of everything, for constraint-dependencies in pyproject.toml
	@$(UV) lock --quiet --upgrade
	@$(UV) export --quiet --no-hashes --no-annotate --no-header --no-emit-project --all-groups
