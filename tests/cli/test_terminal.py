"The command line in a real terminal, in pipes, and under signals."
import json
import os
import re
import signal
import subprocess
import sys
import time

import pexpect
import pytest

COMMAND = [sys.executable, '-m', 'dspy_toolkit']
INLINE = "email -> team: Literal['billing', 'technical']"
ROWS = ''.join(json.dumps({'email': f'My invoice {n} is wrong.'}) + '\n' for n in range(3000))


def in_terminal(*words, columns=80, **environment):
    "What a terminal shows, and the exit code."
    child = pexpect.spawn(COMMAND[0], [*COMMAND[1:], *words], env={name: value for name, value in (os.environ | environment).items() if name not in ('COLUMNS', 'LINES')}, encoding='utf-8', timeout=60, dimensions=(40, columns))
    child.expect(pexpect.EOF)
    child.close()
    return child.before, child.exitstatus


def lines_of(shown): return [line.rstrip('\r') for line in re.sub(r'\x1b\[[0-9;?]*[A-Za-z]', '', shown).split('\n')]


def test_an_answer_is_shown_while_it_is_written_and_stays():
    shown, code = in_terminal('run', INLINE, 'email=My invoice is wrong.', '--lm', 'mlx/tiny')
    assert code == 0 and 'running' in shown, shown
    assert lines_of(shown)[-2].split() == ['team', 'billing']


@pytest.mark.parametrize('words', [('help',), ('help', 'run'), ('lm',), ('status',)], ids=' '.join)
def test_forty_columns_are_enough(words):
    shown, code = in_terminal(*words, columns=40)
    assert code == 0 and max(map(len, lines_of(shown))) <= 40, shown


def test_colours_are_left_out_where_nobody_wants_them():
    assert re.search(r'\x1b\[3\dm', in_terminal('help', 'run')[0])
    assert not re.search(r'\x1b\[3\dm', in_terminal('help', 'run', NO_COLOR='1')[0])


@pytest.mark.parametrize('number, code', [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=['ctrl-c', 'sigterm'])
def test_a_signal_ends_a_run_with_whole_lines_and_no_stack(tmp_path, number, code):
    (tmp_path/'in.jsonl').write_text(ROWS)
    with open(tmp_path/'in.jsonl') as stdin, open(tmp_path/'out.jsonl', 'w') as out:
        process = subprocess.Popen([*COMMAND, 'run', INLINE, '--lm', 'mlx/tiny'], stdin=stdin, stdout=out, stderr=subprocess.PIPE, text=True)
        deadline = time.monotonic() + 60
        while (tmp_path/'out.jsonl').read_bytes().count(b'\n') < 5: assert process.poll() is None and time.monotonic() < deadline; time.sleep(.02)
        process.send_signal(number)
        told = process.communicate(timeout=30)[1]
    rows = [json.loads(line) for line in (tmp_path/'out.jsonl').read_text().splitlines()]
    assert process.returncode == code and 5 <= len(rows) < 3000 and all('outputs' in row for row in rows)
    assert 'Traceback' not in told, told


def test_a_second_ctrl_c_ends_at_once():
    code = '''import time; from dspy_toolkit.cli.terminal import watch_signals
watch_signals()
try: print('ready', flush=True); time.sleep(60)
finally: print('cleaning', flush=True); time.sleep(60)'''
    process = subprocess.Popen([sys.executable, '-c', code], stdout=subprocess.PIPE, text=True)
    for said in ('ready', 'cleaning'):
        assert process.stdout.readline().strip() == said
        process.send_signal(signal.SIGINT)
    assert process.wait(10) == 130


def test_a_closed_pipe_is_quiet(tmp_path):
    (tmp_path/'in.jsonl').write_text(ROWS)
    line = f'{" ".join(COMMAND)} run "{INLINE}" --lm mlx/tiny < in.jsonl 2>told | head -2'
    out = subprocess.run(['bash', '-o', 'pipefail', '-c', line], capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert [json.loads(each)['row'] for each in out.stdout.splitlines()] == [1, 2]
    assert (tmp_path/'told').read_text() == '' and out.returncode == 0


def test_a_pipe_gets_no_escapes_and_json_alone(tmp_path):
    ran = subprocess.run([*COMMAND, 'run', INLINE, 'email=Hello', '--lm', 'mlx/tiny', '--json'], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert json.loads(ran.stdout)['state'] == 'done' and '\x1b' not in ran.stdout + ran.stderr and ran.returncode == 0


def test_a_home_that_cannot_be_written_is_told_in_two_lines(tmp_path):
    (tmp_path/'home').write_text('a file, where a folder should be')
    environment = os.environ | {'DSPY_TOOLKIT_HOME': str(tmp_path/'home')}
    environment.pop('DSPY_TOOLKIT_REGISTRY_URL', None)
    ran = subprocess.run([*COMMAND, 'alias', 'Triage@1', 'prod'], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment)
    first, second = ran.stderr.strip().splitlines()
    assert ran.returncode == 1 and 'RegistryError' in first and second.startswith('  → ')
