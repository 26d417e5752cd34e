# On a machine with git, make and Python >= 3.10, `make lab` or `make test` is all the set-up there is.

UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
BIN := .venv/bin
BOOK := .venv-book
NBVAL := pytest --nbval --nbval-sanitize-with tests/sanitize.cfg
# Runs the command that follows, unless it has passed on what is here; never skips in CI.
PASSED := $(BIN)/python tests/passed.py
IN_BOOK := $(addprefix tests/,ops shapes models training data examples/test_face_detector.py figures explorer/test_sliders.py exercises/test_engine.py test_descent.py)

# TORCH=cpu takes PyTorch without what GPUs need, from PyTorch's own index: 2.3 GB, not 7. The stamp of
# the set-up keeps the choice, for a later call without TORCH, until `make clean` or an empty TORCH.
KEPT := $(if $(filter clean,$(MAKECMDGOALS)),,$(wildcard .venv/.ready .venv/.ready-cpu))
TORCH ?= $(if $(filter %-cpu,$(KEPT)),cpu)
ifneq ($(filter-out cpu,$(TORCH))$(word 2,$(TORCH)),)
$(error TORCH is '$(TORCH)'; expected cpu, for PyTorch without what GPUs need, or nothing, for all of it)
endif
CPU := $(addprefix -,$(strip $(TORCH)))
READY := .venv/.ready$(CPU)
AGAIN := $(filter $(READY),$(KEPT))
INSTALL := $(UV) sync --quiet --no-progress
ifneq ($(CPU),)
# To pip, PyTorch for GPUs is as good: where it is, or may be, it has to be told to take another.
OTHER := $(if $(AGAIN),,--reinstall-package torch --reinstall-package torchvision)
INSTALL := $(UV) venv --quiet --allow-existing .venv && $(UV) pip install --quiet --no-progress --exact \
	--python $(BIN)/python --torch-backend=cpu $(OTHER) --group dev --editable .
endif

# Bytecode compiled once, instead of in every kernel that starts.
export UV_COMPILE_BYTECODE := 1
# And kept, whatever the environment says: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: lab test test-ci test-book setup check lint built unit notebooks real-data bench build slides site pins clean

lab: $(READY) ## open JupyterLab on your own copy of the lessons; TORCH=cpu: without what GPUs need
	@$(BIN)/coursekit lab

test: lint built unit notebooks ## every test, less what passed before on the same state; FRESH=1: all

check: lint built ## for the minute between: the tests of what changed since the last commit
	@OMP_NUM_THREADS=1 $(BIN)/python tests/changed.py

setup: $(READY) ## install, or do nothing

lint: $(READY)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check . && echo "lint: clean"

built: $(READY) ## the notebooks are what the lessons build
	@$(BIN)/coursekit build --check

unit: $(READY) ## unit tests and doctests
	@OMP_NUM_THREADS=1 $(PASSED) unit $(BIN)/pytest -p no:nbval -q -n 2 --dist loadgroup

# Kernels are forked from one process that has PyTorch imported; with CI=true each starts as a learner's does.
notebooks: $(READY) ## every notebook, cell by cell, compared with what it stores
	@OMP_NUM_THREADS=1 $(PASSED) --each notebooks $(BIN)/$(NBVAL) -q -n 2 --dist loadfile notebooks/*.ipynb

test-ci: $(READY) ## the unit tests that are too slow for every day
	@OMP_NUM_THREADS=1 $(BIN)/pytest -p no:nbval -q -n 2 --dist loadgroup -m ci

test-book: $(BOOK)/.ready ## lessons 2 and 6 and the unit tests, with the versions of environment.yml
	@OMP_NUM_THREADS=1 $(BOOK)/bin/pytest -p no:nbval -q -n 2 --dist worksteal $(IN_BOOK)
	@OMP_NUM_THREADS=1 $(BOOK)/bin/$(NBVAL) -q -n 2 --dist loadfile notebooks/02_*.ipynb notebooks/06_*.ipynb

real-data: $(READY) ## what uses data, once more with COURSEKIT_DATA
	@test -d "$(COURSEKIT_DATA)" || { echo "COURSEKIT_DATA is '$(COURSEKIT_DATA)'; expected a folder"; exit 2; }
	@$(BIN)/pytest -p no:nbval -q tests/data/test_fashion.py tests/studies/test_photographs.py tests/transfer/test_lite0.py tests/training/test_training.py
	@$(BIN)/$(NBVAL) -q notebooks/06_*.ipynb

bench: $(READY) ## how fast the operations are, as ratios
	@$(BIN)/coursekit bench

build: $(READY) ## notebooks/ from lessons/
	@$(BIN)/coursekit build

slides: $(READY) ## one offline HTML file of slides for each lesson, in build/slides
	@$(BIN)/coursekit slides

site: $(READY) ## the course as a website, in build/site; REPOSITORY=https://... and HUB=https://...: launch buttons
	@$(BIN)/coursekit site $(if $(REPOSITORY),--repository $(REPOSITORY)) $(if $(HUB),--hub $(HUB))

clean: ## remove what was installed and built, not your lessons
	rm -rf .venv .venv-book .uv build .pytest_cache .ruff_cache .hypothesis

# The stamp is written last: an interrupted set-up is taken up again by the next call.
$(READY): pyproject.toml | $(UV)
	@echo "coursekit: setting up$(if $(AGAIN), again)$(if $(CPU), with TORCH=cpu)$(if $(AGAIN),; this downloads what is new,, once; this downloads about $(if $(CPU),0.6,3.4) GB)"
	@rm -f $(filter-out $@,.venv/.ready .venv/.ready-cpu)
	@$(INSTALL)
	@touch $@

# The part of environment.yml for pip. From here, uv would override the book's pins as pyproject.toml says.
$(BOOK)/.ready: environment.yml pyproject.toml | $(UV)
	@$(UV) venv --quiet --clear --python 3.11 $(BOOK)
	@sed -n 's/^      - //p' environment.yml | sed 's|^-e \.$$|-e $(CURDIR)|' > $(BOOK)/requirements.txt
	@$(UV) --directory / pip install --quiet --no-progress $(CPU:-%=--torch-backend=%) --python $(CURDIR)/$(BOOK)/bin/python -r $(CURDIR)/$(BOOK)/requirements.txt pytest-xdist
	@touch $@

.uv/bin/uv:
	@python3 -m venv --clear .uv
	@.uv/bin/python -m pip install --quiet uv

pins: ## the exact versions of everything, for constraint-dependencies in pyproject.toml
	@$(UV) lock --quiet --upgrade
	@$(UV) export --quiet --no-hashes --no-annotate --no-header --no-emit-project --all-groups
