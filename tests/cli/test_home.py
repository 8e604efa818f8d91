"A home that may only be read, or whose disk is full, is said in two lines by every verb that writes; nothing is half-written."
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from dspy_toolkit.core.errors import NotWritten
from dspy_toolkit.programs.runs import create_run

CHILD = Path(__file__).parent/'home_child.py'
pytestmark = pytest.mark.skipif(os.name != 'posix', reason='folders have no such modes there')


def can_mount():
    "Whether this process may have a small disk of its own."
    with tempfile.TemporaryDirectory() as folder:
        ran = shutil.which('unshare') and subprocess.run(['unshare', '-rm', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], capture_output=True)
        return bool(ran) and ran.returncode == 0


def run(kind):
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)  # pytest's own folders may be looked into by nobody else
        source = 'import dspy\nclass Reply(dspy.Signature):\n    email: str = dspy.InputField()\n    reply: str = dspy.OutputField()\n'
        (place/'mail.py').write_text(source)
        (place/'more.py').write_text(source.replace('Reply', 'More'))
        (place/'rows.csv').write_text('email,reply\nHello,Hi\nGood morning,Hi\nIt is down,We look\n')
        for name in ('well', 'home'): (place/name).mkdir()
        command = [sys.executable, str(CHILD), kind, str(place/'well'), str(place/'home')]
        if kind == 'full': command = ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o size=700k tmpfs "$0" && exec "$@"', str(place/'home'), *command]
        environment = {name: value for name, value in os.environ.items() if not name.startswith('DSPY_TOOLKIT_')}
        ran = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=120)
        (place/'home').chmod(0o755)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout.splitlines()[-1])


def check(done, listed, words):
    "Every line that writes failed with 1, in two lines, with these words."
    code, out, told = listed
    assert code == 0 and 'Reply@1' in out and 'More@1' not in out and told == [], listed
    for line, (code, out, told) in done.items():
        assert code == 1 and out == '' and len(told) == 2, (line, code, told)
        said, hint = told
        assert hint.startswith('  → ') and any(each in said for each in words), (line, told)


def test_a_home_that_may_only_be_read():
    done = run('read')
    check(done, done.pop('list'), ['may only be read', 'cannot be written: Permission denied'])


@pytest.mark.skipif(not can_mount(), reason='this process may not have a disk of its own')
def test_a_home_whose_disk_is_full():
    done = run('full')
    afterwards, _ = done.pop('afterwards'), done.pop('list')
    check(done, afterwards, ['the disk is full', 'cannot be written: No space left on device'])


def test_a_run_whose_folder_cannot_be_made(tmp_path):
    (tmp_path/'runs').write_text('')
    with pytest.raises(NotWritten, match='runs/evaluate-.* cannot be written: Not a directory'): create_run('evaluate', tmp_path/'runs')
