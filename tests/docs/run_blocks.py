"""Run blocks of Python, each in a process of its own: what one tells DSPy does not reach the next.

On Linux that process is forked from one which has imported DSPy; elsewhere forking is not safe, and it is a new Python. Reads [[name, code], ...] as JSON from stdin; writes {name: error} of those that fail.
"""
import json
import os
import subprocess
import sys
import tempfile
import traceback

import dspy  # noqa: F401  once, for all

import dspy_toolkit  # noqa: F401

LONGEST = 60  # seconds


def run(code: str, folder: str, log):
    "Run a block in a folder of its own, with what it prints in a log; ends the process."
    import signal
    signal.alarm(LONGEST)
    os.chdir(folder)
    os.environ['DSPY_TOOLKIT_HOME'] = folder
    for number in (1, 2): os.dup2(log.fileno(), number)
    try: exec(compile(code, '<block>', 'exec'), {'__name__': 'block'})
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def start(code: str, folder: str, log) -> int:  # the exit code
    "Run a block in a process, and wait for its end."
    if sys.platform == 'linux':
        if not (pid := os.fork()): run(code, folder, log)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    env = os.environ | {'DSPY_TOOLKIT_HOME': folder, 'PYTHONPATH': os.pathsep.join(filter(None, (os.getcwd(), os.environ.get('PYTHONPATH'))))}
    return subprocess.run([sys.executable, '-c', code], cwd=folder, env=env, stdout=log, stderr=log, timeout=LONGEST).returncode


def main():
    failed = {}
    for name, code in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as log:
            if start(code, folder, log) == 0: continue
            log.seek(0)
            failed[name] = log.read().decode(errors='replace')[-2000:]
    print(json.dumps(failed))


if __name__ == '__main__': main()
