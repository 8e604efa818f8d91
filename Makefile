# Each target sets up what it needs in .venv by itself; with nothing changed, that costs nothing and needs no network.
#   make demo     the quickstart in the terminal, on the built-in model
#   make lab      the quickstart in JupyterLab
#   make test     everything CI runs; installs the browser and the PostgreSQL it needs, where it may (PREPARE=no: it may not)
# Others: test-gpu export notebooks readme docs bench lock train-tiny clean distclean

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
.PHONY: help setup demo lab test test-gpu export notebooks readme docs bench lock train-tiny clean distclean

help:
	@sed -n 's/^#   //p' Makefile

$(READY): settings.ini constraints.txt setup.py pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(VENV) dev
	@touch $@

setup: $(READY)

demo: $(READY)
	@$(OFFLINE) $(PY) -m scripts.demo $(QUICKSTART)

lab: $(READY)
	@cd $(dir $(QUICKSTART)) && $(abspath $(BIN))/jupyter lab $(notdir $(QUICKSTART))

# TESTS="tests/core tests/test_floors.py" chooses which, JOBS=4 how many processes at a time
test: $(READY)
	@sh scripts/test.sh $(VENV)

# The checks that need a GPU (Metal or CUDA): with none, they fail
test-gpu: $(READY)
	@$(OFFLINE) NEED_GPU=1 $(PY) -m pytest -m gpu tests/gpu

# Write the modules from the notebooks, and from those the table of verbs and the stubs, and leave in the notebooks only what belongs there
export: $(READY)
	@PATH="$(abspath $(BIN)):$$PATH" nbdev_export && PATH="$(abspath $(BIN)):$$PATH" nbdev_clean
	@$(PY) -c 'from nbdev.quarto import refresh_quarto_yml as write; write()'
	@$(PY) -m scripts.verbs
	@$(PY) -m scripts.stubs
	@$(PY) -m scripts.readme

# Execute notebooks (NB="nbs/core/00_errors.ipynb ..." chooses which), keeping the real outputs
notebooks: $(READY)
	@$(OFFLINE) $(PY) -m scripts.execute $(NB)
	@$(PY) -m scripts.readme

readme: $(READY)
	@$(PY) -m scripts.readme

docs: $(READY)
	@$(OFFLINE) $(PY) -m scripts.docs

bench: $(READY)
	@$(PY) -m scripts.bench_load
	@$(PY) -m dspy_toolkit.resilience.bench
	@$(PY) -m dspy_toolkit.registry.bench
	@$(PY) -m dspy_toolkit.engine.bench --rounds 1 --threads 1,8

# Pin what this environment holds and was tested with
lock: $(READY)
	@$(PY) -m scripts.lock

# Train a model like the built-in one, from the data on (its card says where the path to its weights was another); PyTorch lives in an environment of its own
$(TRAIN_VENV)/.ready: settings.ini constraints.txt setup.py pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh $(TRAIN_VENV) train
	@touch $@

train-tiny: $(TRAIN_VENV)/.ready
	@$(TRAIN_VENV)/bin/python -m scripts.tiny.train $(ARGS)

clean:
	rm -rf _docs _proc build dist .pytest_cache .ruff_cache .hypothesis

# As it was cloned: the environments go too
distclean: clean
	rm -rf $(VENV) $(TRAIN_VENV) *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
