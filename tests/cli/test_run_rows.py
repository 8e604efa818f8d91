"`dspy-toolkit run` on many rows: in order, with mistakes named by their line, and going on where an earlier run was killed."
import json
import signal
import subprocess
import sys
import time

import pytest

from tests.fits import fits

INLINE = "email -> team: Literal['billing', 'technical', 'sales']"


def start(folder, *words, stdin=None):
    "A command line in a process of its own."
    command = [sys.executable, '-m', 'dspy_toolkit', 'run', INLINE, '--lm', 'mlx/tiny', *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=stdin or pipe, stdout=pipe, stderr=pipe, cwd=folder, text=True, encoding='utf-8')


def make_rows(folder, n, bad=()):
    path = folder/'in.jsonl'
    texts = ['My invoice is wrong', 'The app crashes', 'Which plan do you sell', 'I was charged twice']
    rows = ['{"email": ' if k in bad else json.dumps({'email': f'{texts[k % 4]}, case {k}.'}) for k in range(1, n + 1)]
    path.write_text('\n'.join(rows) + '\n')
    return path


def test_a_thousand_rows_come_back_in_order_with_one_bad_line(tmp_path):
    path = make_rows(tmp_path, 1000, bad=[417])
    with open(path) as stdin: out, told = (process := start(tmp_path, '--jobs', '8', stdin=stdin)).communicate(timeout=300)
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row['row'] for row in rows] == list(range(1, 1001)), told
    assert [row['row'] for row in rows if 'error' in row] == [417] and 'row 417' in told and process.returncode == 1
    assert {row['outputs']['team'] for row in rows if 'outputs' in row} <= {'billing', 'technical', 'sales'}
    assert not fits('run', rows[416]) and not fits('run', rows[417])


def test_a_killed_run_asks_only_for_what_is_missing(tmp_path):
    path, answers = make_rows(tmp_path, 400), tmp_path/'out.jsonl'
    with open(path) as stdin: process = start(tmp_path, '--resume', str(answers), stdin=stdin)
    deadline = time.monotonic() + 60
    while not (answers.exists() and answers.read_bytes().count(b'\n') >= 20): assert process.poll() is None and time.monotonic() < deadline; time.sleep(.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = answers.read_bytes()
    before = kept.count(b'\n')
    assert 20 <= before < 400
    answers.write_bytes(kept + b'{"row": 399, "outp')  # what a kill in the middle of a line leaves
    with open(path) as stdin: out, told = start(tmp_path, '--resume', str(answers), stdin=stdin).communicate(timeout=120)
    rows = [json.loads(line) for line in answers.read_text().splitlines()]
    assert [row['row'] for row in rows] == list(range(1, 401)) and answers.read_bytes().startswith(kept)
    assert out == '' and f'{400 - before} answered, {before} had an answer already' in told, told


def test_a_file_of_something_else_is_not_added_to(tmp_path):
    (tmp_path/'notes.txt').write_text('buy milk\n')
    with open(make_rows(tmp_path, 2)) as stdin: out, told = (process := start(tmp_path, '--resume', 'notes.txt', stdin=stdin)).communicate(timeout=60)
    assert process.returncode == 2 and "notes.txt is not a file of answers: 'buy milk" in told and (tmp_path/'notes.txt').read_text() == 'buy milk\n'


@pytest.mark.parametrize('words, said', [
    (['mail=Hello'], "there is no value for 'email'"), (['email=a', 'email=b'], "the input 'email' has a value already"), (['email=@nothing.txt'], 'nothing.txt cannot be read'),
])
def test_a_mistake_in_an_input_is_two_lines(words, said, capsys, monkeypatch):
    from dspy_toolkit.cli.main import USAGE, main
    assert main(['run', INLINE, *words]) == USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert said in first and second.startswith('  → ')


def test_no_rows_at_all_is_a_mistake(tmp_path):
    out, told = (process := start(tmp_path, stdin=subprocess.DEVNULL)).communicate(timeout=60)
    assert process.returncode == 2 and out == '' and 'got no rows' in told


@pytest.mark.parametrize('words', [['save', 'Triage'], ['load', 'Triage@1'], ['mark', 'last', 'right'], ['chaos', 'fast', '--fail', '1']], ids=lambda words: words[0])
def test_a_verb_of_notebooks_says_what_a_shell_has_instead(words, capsys):
    from dspy_toolkit.cli.main import USAGE, main
    assert main(words) == USAGE
    first, second = capsys.readouterr().err.splitlines()
    assert f'{words[0]} is for a notebook' in first and 'dspy-toolkit help' in second


def test_no_hint_in_a_shell_names_a_verb_that_only_a_notebook_has():
    from dspy_toolkit.cli.main import NOTEBOOK_ONLY
    from dspy_toolkit.core.errors import spell_verb
    for verb in NOTEBOOK_ONLY:
        door, spelled, *_ = spell_verb(f'{verb} Triage', 'shell').split()
        assert door == '%dspy' or spelled not in NOTEBOOK_ONLY, spelled
