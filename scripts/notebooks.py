"""Run every notebook as `nbdev_test` does and build the documentation beside them, some at a time; fails when one of them does.

Each runs in a process of its own, as a person runs it: what one notebook tells DSPy must not reach the next. On Linux such a process is
forked from one that has imported nbdev, which takes as long as a small notebook, and neither DSPy, MLX nor this toolkit.

usage: python -m scripts.notebooks [--jobs 2] [NOTEBOOK ...]      with notebooks named, these and no documentation
"""
import argparse
import os
import sys
import tempfile
import time

from nbdev.doclinks import nbglob
from nbdev.test import nbdev_test

DOCS = 'documentation'


def run(name: str):
    "Do one job, here and now."
    if name != DOCS: return nbdev_test(path=name)
    os.environ['IN_TEST'] = '1'  # nbdev's index of symbols was compared in the step before: nobody may find it half-written
    from scripts.docs import main
    main()


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--jobs', type=int, default=2, help='processes at a time')
    parser.add_argument('names', nargs='*', metavar='NOTEBOOK')
    args = parser.parse_args()
    start = forked if sys.platform == 'linux' else spawned
    waiting = [str(o) for o in args.names] or [DOCS, *map(str, sorted(nbglob(as_path=True)))]  # the longest first
    running, failed = {}, []
    while waiting or running:
        while waiting and len(running) < args.jobs:
            name, log = waiting.pop(0), tempfile.TemporaryFile()
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
