"The page on pipelines: its blocks are one session in a shell, and what stands below a block is what it prints."
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT/'nbs'/'how_to'/'pipelines.ipynb'
NEEDED = 'jq', 'make', 'xargs', 'sh'


def list_blocks():
    "(language, text) of the blocks of the page."
    text = '\n'.join(cell.source for cell in nbformat.read(PAGE, 4).cells if cell.cell_type == 'markdown')
    return re.findall(r'^```(\w+)\n(.*?)^```$', text, re.M | re.S)


@pytest.fixture
def ada(tmp_path):
    "A person's folder, with the program where the page has it."
    for name in ('venv/bin', 'mail', 'toolkit'): (tmp_path/name).mkdir(parents=True)
    program = tmp_path/'venv'/'bin'/'dspy-toolkit'
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m dspy_toolkit "$@"\n')
    program.chmod(0o755)
    return tmp_path


def run(code, ada, environment):
    ran = subprocess.run(['sh', '-euc', code], capture_output=True, text=True, cwd=ada/'mail', env=environment)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def do_cron(table, ada):
    "Do the lines of a table as cron does: with the variables that it has, and no others."
    environment = dict(HOME=str(ada), SHELL='/bin/sh')
    for line in table.replace('/home/ada', str(ada)).splitlines():
        if found := re.fullmatch(r'(\w+)=(.*)', line): environment[found[1]] = found[2]
        else:
            assert re.match(r'([\d*/,-]+ +){5}', line)
            assert subprocess.run(['sh', '-c', line.split(None, 5)[5]], cwd='/', env=environment, capture_output=True, text=True).stderr == ''


@pytest.mark.skipif(missing := [name for name in NEEDED if shutil.which(name) is None], reason=f'this machine has no {", ".join(missing)}')
def test_the_page_says_what_happens(ada):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(('DSPY_TOOLKIT_', 'MAKE'))}
    environment |= dict(PATH=f"{ada/'venv'/'bin'}:{os.environ['PATH']}", DSPY_TOOLKIT_HOME=str(ada/'toolkit'), LC_ALL='C')
    printed = ''
    for language, text in list_blocks():
        if language == 'make': (ada/'mail'/'Makefile').write_text(text)
        elif language == 'cron': do_cron(text, ada)
        elif language == 'sh': printed = run(text, ada, environment)
        else: assert (language, printed.replace('`routed', "'routed")) == ('text', text)
