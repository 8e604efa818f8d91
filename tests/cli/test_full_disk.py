"What cannot be written is said in two lines, whatever was being written, and a pipe that takes nothing is no reason for a stack."
import errno
import json
import os
import subprocess
import sys

import pytest

from dspy_toolkit.core.files import name_file
from dspy_toolkit.views.errors import DISK, describe_error

COMMAND = [sys.executable, '-m', 'dspy_toolkit']
INLINE = "email -> team: Literal['billing', 'technical']"
ROWS = ''.join(json.dumps({'email': f'My invoice {n} is wrong.'}) + '\n' for n in range(60))
needs_full = pytest.mark.skipif(not os.path.exists('/dev/full'), reason='a device of Linux')


def run(line, folder, **environment):
    "What a line of bash says on stderr, and its exit code; stdout is buffered, as it is for a person."
    said = {name: value for name, value in (os.environ | environment).items() if name != 'PYTHONUNBUFFERED'}
    ran = subprocess.run(['bash', '-c', line.replace('dspy-toolkit', ' '.join(COMMAND))], capture_output=True, text=True, cwd=folder, env=said, stdin=subprocess.DEVNULL, timeout=120)
    return ran.stderr, ran.returncode


@needs_full
@pytest.mark.parametrize('line', ['dspy-toolkit --version', 'dspy-toolkit help --json', 'dspy-toolkit list --jsonl', 'dspy-toolkit help'])
def test_a_full_stdout_is_two_lines_and_exit_1(line, tmp_path):
    told, code = run(f'{line} > /dev/full', tmp_path, DSPY_TOOLKIT_HOME=str(tmp_path))
    first, second = told.splitlines()
    assert first == 'OSError: stdout cannot be written: No space left on device' and second.startswith('  → make room') and code == 1


@needs_full
def test_rows_that_find_no_room_on_stdout_stop_the_run(tmp_path):
    (tmp_path/'in.jsonl').write_text(ROWS)
    told, code = run(f'dspy-toolkit run "{INLINE}" --lm mlx/tiny < in.jsonl > /dev/full', tmp_path, DSPY_TOOLKIT_HOME=str(tmp_path/'home'))
    first, second = told.splitlines()
    assert first == 'OSError: stdout cannot be written: No space left on device' and second.startswith('  → make room') and code == 1


@needs_full
@pytest.mark.parametrize('line, code', [('dspy-toolkit --version > /dev/full 2> /dev/full', 1), ('dspy-toolkit alis 2> /dev/full', 2), ('dspy-toolkit --version >&-', 0), ('dspy-toolkit alis 2>&-', 2)])
def test_nobody_who_listens_leaves_the_exit_code(line, code, tmp_path): assert run(line, tmp_path) == ('', code)


def test_answers_stop_at_a_full_disk_and_go_on_when_there_is_room(tmp_path):
    "The system's limit for a file stands for a full disk."
    (tmp_path/'in.jsonl').write_text(ROWS)
    line = f'dspy-toolkit run "{INLINE}" --lm mlx/tiny --resume out.jsonl < in.jsonl'
    given = dict(DSPY_TOOLKIT_HOME=str(tmp_path/'home'), DSPY_TOOLKIT_HISTORY='false')
    told, code = run(f'ulimit -f 1; {line}', tmp_path, PYTHONDONTWRITEBYTECODE='1', COVERAGE_PROCESS_CONFIG='', **given)  # Python, or coverage, would cut its own files
    *_, first, second = told.splitlines()  # above them DSPy may say that its cache has no room either
    assert 'Traceback' not in told and first == 'OSError: out.jsonl cannot be written: File too large' and 'ulimit' in second and code == 1
    kept = (tmp_path/'out.jsonl').read_text()
    assert 512 < len(kept) <= 1024
    told, code = run(line, tmp_path, **given)
    rows = [json.loads(each) for each in (tmp_path/'out.jsonl').read_text().splitlines()]
    assert [row['row'] for row in rows] == list(range(1, 61)) and code == 0 and f"{kept.count(chr(10))} had an answer already" in told, told


@pytest.mark.parametrize('number', DISK, ids=errno.errorcode.get)
@pytest.mark.parametrize('wraps', [False, True], ids=['itself', 'cause'])
def test_each_error_of_a_disk_is_two_lines(number, wraps):
    try:
        try:
            with name_file('out.jsonl'): raise OSError(number, os.strerror(number))
        except OSError as e:
            if not wraps: raise
            raise RuntimeError('the run ended') from e
    except Exception as e: first, second = describe_error(e)
    assert first == f'OSError: out.jsonl cannot be written: {os.strerror(number)}' and second == f'  → {DISK[number]}'


def test_another_error_of_the_system_keeps_its_stack():
    try: open('/nowhere/at/all')
    except OSError as e: assert describe_error(e) is None
