"""Run every notebook as `nbdev_test` does and build the documentation beside them, some at a time; fails when one of them does.

Each runs in a process of its own, as a person runs it: what one notebook tells DSPy must not reach the next. On Linux such a process is
forked from one that has imported nbdev, which takes as long as a small notebook. Those that use DSPy come last and are forked from one that
has imported it, and what else most of them would import; nothing of it is told or used there, and neither MLX nor this toolkit is imported.

Tutorials are read in Jupyter, where a line `#| eval: false` would be seen. So they have tags instead, which nbdev does not know: `slow`
for a cell that is left out here, `raises-exception` for one that has to fail. `nbdev_test` passes over their folder, which has a .notest.

usage: python -m scripts.notebooks [--jobs 2] [NOTEBOOK ...]      with notebooks named, these and no documentation
"""
import argparse
import importlib
import json
import os
import re
import sys
import tempfile
import time
import traceback
from pathlib import Path

import nbformat
from execnb.shell import CaptureShell
from nbdev.doclinks import nbglob
from nbdev.test import nbdev_test

DOCS = 'documentation'
COMMON = 'dspy', 'sqlalchemy', 'alembic.command', 'transformers'  # three seconds of a processor, in all


def run(name: str):
    "Do one job, here and now."
    if name != DOCS: return run_tagged(Path(name).resolve()) if (Path(name).parent/'.notest').exists() else nbdev_test(path=name)
    os.environ['IN_TEST'] = '1'  # nbdev's index of symbols was compared in the step before: nobody may find it half-written
    from scripts.docs import main
    main()


def run_tagged(path: Path):
    "Run a notebook by the tags of its cells; ends the process where a cell fails that should not, or the other way round."
    os.environ['IN_TEST'] = '1'  # as nbdev does
    os.chdir(path.parent)
    shell = CaptureShell(path)
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        tags = cell.metadata.get('tags', [])
        if cell.cell_type != 'code' or 'slow' in tags: continue
        shell.run(cell.source)
        where, must_fail = f'{path.name}, cell {number}', 'raises-exception' in tags
        if shell.exc and not must_fail: sys.exit(f'{where}:\n{"".join(traceback.format_exception(shell.exc))}')
        if must_fail and not shell.exc: sys.exit(f'{where} did not fail:\n{cell.source}')


def forked(name: str, log) -> int:  # process id
    "Start a job in a child of this process; the child ends as a program does, with everything it registered for that."
    if pid := os.fork(): return pid
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    run(name)
    sys.exit()


def spawned(name: str, log) -> int:  # process id
    "Start a job in a new Python, where forking is not safe."
    code = f'from scripts.notebooks import run; run({name!r})'
    to_log = [(os.POSIX_SPAWN_DUP2, log.fileno(), number) for number in (1, 2)]
    return os.posix_spawn(sys.executable, [sys.executable, '-c', code], os.environ, file_actions=to_log)


def uses_dspy(name: str) -> bool:
    "Say whether a notebook imports DSPy, by itself or with the extension."
    if name == DOCS: return False
    cells = json.loads(Path(name).read_text(encoding='utf-8'))['cells']
    code = '\n'.join(''.join(o['source']) for o in cells if o['cell_type'] == 'code')
    return re.search(r'^\s*(?:import|from) dspy\b(?!_)|^%load_ext dspy_toolkit', code, re.M) is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jobs', type=int, default=2, help='processes at a time')
    parser.add_argument('names', nargs='*', metavar='NOTEBOOK')
    args = parser.parse_args()
    start = forked if sys.platform == 'linux' else spawned
    waiting = [str(o) for o in args.names] or [DOCS, *map(str, sorted(nbglob(as_path=True)))]  # the longest first
    waiting.sort(key=uses_dspy)
    running, failed = {}, []
    while waiting or running:
        while waiting and len(running) < args.jobs:
            name, log = waiting.pop(0), tempfile.TemporaryFile()
            if start is forked and uses_dspy(name):
                for module in COMMON: importlib.import_module(module)
            sys.stdout.flush()
            running[start(name, log)] = name, log, time.monotonic()
        pid, status = os.wait()
        name, log, since = running.pop(pid)
        ok = os.waitstatus_to_exitcode(status) == 0
        print(f'{time.monotonic() - since:5.1f} s  {name}' + ('' if ok else '  FAILED'))
        if not ok:
            failed.append(name)
            log.seek(0)
            print(log.read().decode(errors='replace'))
        log.close()
    if failed: sys.exit(f'failed: {" ".join(failed)}')


if __name__ == '__main__': main()
