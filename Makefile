# Each target sets up what it needs in .venv by itself; with nothing changed, that costs nothing and needs no network.
# `make help` lists them: the text behind ## is what it prints, and what CONTRIBUTING.md explains.

VENV ?= .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
READY := $(VENV)/.ready
TRAIN_VENV ?= .venv-train
QUICKSTART := nbs/tutorials/quickstart.ipynb
NB ?= $(QUICKSTART) nbs/index.ipynb

# The built-in model needs no network, and nothing here may come to need it unnoticed
OFFLINE := HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 PYTHONWARNINGS=ignore::FutureWarning

# Setting up leaves bytecode to be written where it is first used, which saves a third of the time
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo lab test test-gpu export notebooks readme docs bench coverage mutation flaky release lock train-tiny clean distclean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

$(READY): settings.ini constraints.txt setup.py pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(VENV) dev
	@touch $@

setup: $(READY)  ## the environment in .venv, and nothing else

demo: $(READY)  ## the quickstart in the terminal, on the built-in model
	@$(OFFLINE) $(PY) -m scripts.demo $(QUICKSTART)

lab: $(READY)  ## the quickstart in JupyterLab
	@cd $(dir $(QUICKSTART)) && $(abspath $(BIN))/jupyter lab $(notdir $(QUICKSTART))

# TESTS="tests/core tests/test_floors.py" chooses which, JOBS=4 how many processes at a time
test: $(READY)  ## everything CI runs; installs the browser and the PostgreSQL it needs, where it may (PREPARE=no: it may not)
	@sh scripts/test.sh $(VENV)

test-gpu: $(READY)  ## the checks that need a GPU (Metal or CUDA); without one, they fail
	@$(OFFLINE) NEED_GPU=1 $(PY) -m pytest -m gpu tests/gpu

# Write the modules from the notebooks, and from those the table of verbs and the stubs, and leave in the notebooks only what belongs there
export: $(READY)  ## write all that is made from the notebooks: modules, stubs, the table of verbs, README.md
	@PATH="$(abspath $(BIN)):$$PATH" nbdev_export && PATH="$(abspath $(BIN)):$$PATH" nbdev_clean
	@$(PY) -c 'from nbdev.quarto import refresh_quarto_yml as write; write()'
	@$(PY) -m scripts.verbs
	@$(PY) -m scripts.stubs
	@$(PY) -m scripts.readme

# Execute notebooks (NB="nbs/core/00_errors.ipynb ..." chooses which), keeping the real outputs
notebooks: $(READY)  ## execute notebooks (NB="nbs/core/00_errors.ipynb ..."), and store the real outputs
	@$(OFFLINE) $(PY) -m scripts.execute $(NB)
	@$(PY) -m scripts.readme

readme: $(READY)  ## write README.md from nbs/index.ipynb
	@$(PY) -m scripts.readme

docs: $(READY)  ## the documentation in _docs, with Quarto where it is installed
	@$(OFFLINE) $(PY) -m scripts.docs

bench: $(READY)  ## every benchmark, each beside its peer
	@$(PY) -m scripts.bench_load
	@$(PY) -m dspy_toolkit.resilience.bench
	@$(PY) -m dspy_toolkit.registry.bench
	@$(PY) -m dspy_toolkit.engine.bench --rounds 1 --threads 1,8

# PARTS="tests/core tests/cli" measures these again and keeps what is known of the others
coverage: $(READY)  ## which lines and branches the tests run, part by part; fails below 90% of the lines
	@RUN="python -m scripts.quality.cover --write --jobs $${JOBS:-2} $(PARTS)" sh scripts/test.sh $(VENV)

# MODULES="resilience/window" changes only these
mutation: $(READY)  ## change the code in small ways, and list the changes that no test notices
	@$(PY) -m pip install --disable-pip-version-check --quiet -c constraints.txt 'mutmut>=3.8,<4'
	@$(OFFLINE) $(PY) -m scripts.quality.mutate --write --show $(MODULES)

# RUNS=3 and PARTS="tests/threads" choose how often and what
flaky: $(READY)  ## run the tests of threads and of the browser ten times, and name those that do not always say the same
	@RUN="python -m scripts.quality.flaky --write --runs $${RUNS:-10} $(PARTS)" sh scripts/test.sh $(VENV)

# TAG=v0.2.0 says that the tag is there already, as in the workflow that publishes
release: $(READY)  ## build and check what would be released, in dist, and say the steps; publishes nothing
	@$(PY) -m scripts.release $(if $(TAG),--tag $(TAG))

# Pin what this environment holds and was tested with
lock: $(READY)  ## write constraints.txt: the versions that this environment holds and was tested with
	@$(PY) -m scripts.lock

# Train a model like the built-in one, from the data on (its card says where the path to its weights was another); PyTorch lives in an environment of its own
$(TRAIN_VENV)/.ready: settings.ini constraints.txt setup.py pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(TRAIN_VENV) train
	@touch $@

train-tiny: $(TRAIN_VENV)/.ready  ## train a model like the built-in one; ARGS has its options
	@$(TRAIN_VENV)/bin/python -m scripts.tiny.train $(ARGS)

clean:  ## remove what was built and cached
	rm -rf _docs _proc build dist .pytest_cache .ruff_cache .hypothesis

distclean: clean  ## as it was cloned: the environments go too
	rm -rf $(VENV) $(TRAIN_VENV) *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
