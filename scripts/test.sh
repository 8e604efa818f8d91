#!/bin/sh
# Everything CI runs, in the order in which a mistake is cheapest to hear about. usage: test.sh VENV
set -eu
venv=$(cd "$1" && pwd)
PATH="$venv/bin:$PATH" VIRTUAL_ENV="$venv"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT

# No network for models, and none of this person's own settings, caches and profiles
for name in $(env | sed -n 's/^\(DSPY_TOOLKIT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export PATH VIRTUAL_ENV HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 DSPY_CACHEDIR="$home/dspy" IPYTHONDIR="$home/ipython"
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config"
export PYDEVD_DISABLE_FILE_VALIDATION=1 JUPYTER_PREFER_ENV_PATH=1

# mlx's CPU build brings a slow BLAS; the tests pass with it too, only later
if ldconfig -p 2>/dev/null | grep -q 'libopenblas\.so\.0'; then export LD_PRELOAD="libopenblas.so.0${LD_PRELOAD:+:$LD_PRELOAD}"; fi

step() { printf '\n[%s] %s\n' "$1" "$2"; }

step 1/5 'hand-written files: ruff'
ruff check .
step 2/5 'export, clean and README leave no difference'
python -m scripts.check_sync
step 3/5 'notebooks: nbdev_test'
# each in a process of its own, as a person runs it: what one notebook tells DSPy must not reach the next
find nbs -name '*.ipynb' ! -path '*/.*' ! -name '_*' | sort | HOME="$home" xargs -n 1 -P 2 sh -c 'nbdev_test --path "$1" >"$HOME/log.$$" 2>&1 && echo "$1" || { echo "$1 failed"; cat "$HOME/log.$$"; exit 1; }' sh
step 4/5 'documentation: every page builds'
HOME="$home" python -m scripts.docs
step 5/5 'tests: pytest'
python -m pytest
