#!/bin/sh
# Everything CI runs, in the order in which a mistake is cheapest to hear about. usage: test.sh VENV
#   TESTS="tests/core ..."   only these, by pytest      PREPARE=no   install nothing      JOBS=4   processes at a time, 2 unless said
#   RUN="python -m ..."      this command instead, in the same surroundings
set -eu
venv=$(cd "$1" && pwd) jobs=${JOBS:-2}
home=$(mktemp -d) server=$(mktemp -d) left_out=''

# However it ends: the server goes, and the last line says what was not tried
finish() {
    status=$?
    if [ -d "$server/pg" ]; then sh scripts/postgres.sh stop "$server/pg" >/dev/null 2>&1 || true; fi
    rm -rf "$home" "$server"
    if [ -n "$left_out" ]; then
        case ${CI:-} in
        '' | 0 | false) printf '\nLeft out: %s\n' "$left_out" ;;
        *)
            printf '\nLeft out, which fails where CI is set: %s\n' "$left_out"
            if [ "$status" = 0 ]; then status=1; fi
            ;;
        esac
    fi
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A browser, PostgreSQL and a faster BLAS, where they can be had
left_out=$(sh scripts/prepare.sh "$1")
if [ -z "${POSTGRES_URL:-}" ] && sh scripts/postgres.sh where >/dev/null 2>&1; then
    chmod 755 "$server"  # as root, the server runs as somebody else
    if POSTGRES_URL=$(sh scripts/postgres.sh start "$server/pg"); then export POSTGRES_URL
    else
        tail -n 20 "$server/pg.log" >&2 || true
        left_out="${left_out:+$left_out; }the registry on PostgreSQL (it did not start: see above)"
    fi
fi

# No network for models, and none of this person's own settings, caches and profiles
for name in $(env | sed -n 's/^\(DSPY_TOOLKIT_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
PATH="$venv/bin:$PATH" VIRTUAL_ENV="$venv"
export PATH VIRTUAL_ENV HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 DSPY_CACHEDIR="$home/dspy" IPYTHONDIR="$home/ipython"
export XDG_CACHE_HOME="${XDG_CACHE_HOME:-$HOME/.cache}" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config"
export PYDEVD_DISABLE_FILE_VALIDATION=1 JUPYTER_PREFER_ENV_PATH=1

# what makes every import of DSPy slow and is not used (see there)
export PYTHONPATH="$PWD/scripts/quick${PYTHONPATH:+:$PYTHONPATH}"

# mlx's CPU build brings a slow BLAS; the tests pass with it too, only later
if PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -q 'libopenblas\.so\.0'; then
    export LD_PRELOAD="libopenblas.so.0${LD_PRELOAD:+:$LD_PRELOAD}"
fi
# its threads wait by spinning: those of one process must not take the cores of the next
cores=$(getconf _NPROCESSORS_ONLN)
export OPENBLAS_NUM_THREADS="${OPENBLAS_NUM_THREADS:-$((cores > jobs ? cores / jobs : 1))}"

if [ -n "${RUN:-}" ]; then
    $RUN
    exit
fi
if [ -n "${TESTS:-}" ]; then
    python -m pytest $TESTS
    exit
fi

step() { printf '\n[%s] %s\n' "$1" "$2"; }

step 1/4 'hand-written files: ruff; modules import what they use, and only that'
ruff check .
ruff check --isolated --select F401,F821 --exclude '*.pyi' dspy_toolkit
step 2/4 'export, clean and README leave no difference'
python -m scripts.check_sync
step 3/4 'notebooks: nbdev_test; documentation: every page builds'
HOME="$home" python -m scripts.notebooks --jobs "$jobs"
step 4/4 'tests: pytest'
# the tests of a file stay together: they share what was costly to make
python -m pytest -n "$jobs" --dist loadfile --no-loadscope-reorder
