"""A process whose home cannot be written. Run as `home_child.py KIND WELL HOME`: KIND is full or read; WELL is a folder where all goes well, and HOME one
that is empty. Prints, as JSON, what each line gives in HOME once it is full, or may only be read: exit code, stdout, lines of stderr."""
import contextlib
import errno
import io
import json
import os
import shlex
import sys
from pathlib import Path

from dspy_toolkit.cli.main import main
from dspy_toolkit.core import session

LINES = (
    'define more.py', 'lm fast mlx/tiny', 'tag Reply@1 good', 'alias Reply@1 prod', 'note Reply@1 it is good', 'examples devset --from rows.csv',
    'split rows.csv .5 .5', 'case Reply urgent email=Hello', 'delete Reply@1', 'token ci', 'deploy Reply@1', 'list',
)


def do(line):
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told): code = main(shlex.split(line))
    session.reset()
    return code, out.getvalue(), told.getvalue().splitlines()


def fill(folder):
    "Leave no byte of a disk."
    with open(folder/'filler', 'wb', buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True: file.write(b'x' * size)
            except OSError as e: assert e.errno == errno.ENOSPC


def forbid(folder):
    for each in folder.iterdir(): each.chmod(0o444)
    folder.chmod(0o555)
    if os.getuid() == 0: os.setuid(65534)  # root may write anywhere


sys.stdin = None
kind, well, home = sys.argv[1:]
for folder in (well, home):
    os.environ['DSPY_TOOLKIT_HOME'] = folder
    session.reset()
    do('define mail.py')
    if folder == home: fill(Path(home)) if kind == 'full' else forbid(Path(home))
    done = {line: do(line) for line in LINES}  # the first time, all that is needed is imported
if kind == 'full':
    os.unlink(Path(home)/'filler')
    done['afterwards'] = do('list --json')
print(json.dumps(done))
