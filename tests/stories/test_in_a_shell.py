"""The story in a shell, with processes as a person starts them: from a file to a server that outlives a failing model.

Chaos belongs to a process, and a verb of the shell is over before its chaos could do anything. So the server brings its own: a module that
it loads with --code lets a model fail on one signal, and ends that on another.
"""
import itertools
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest

from .story import HELD, LEARN, Client, Story, write_jsonl, write_text

CELL = '%%dspy Signature Code\n"""Assign the right code."""\ntext: str\n->\ncode: Literal["blick", "dorn"]\n'
DRILL = '''"A drill for the server that loads this: SIGUSR1 lets the model `fast` fail, SIGUSR2 ends that."
import signal

from dspy_toolkit.resilience import chaos

signal.signal(signal.SIGUSR1, lambda *_: chaos.start('fast', chaos.Chaos(fail=1), 600))
signal.signal(signal.SIGUSR2, lambda *_: chaos.stop('fast'))
'''
REFUSED = 4


class Shell:
    "A shell in a folder: commands, and what they printed."

    def __init__(self, folder):
        self.folder, self.said = folder, []
        path = os.pathsep.join(filter(None, [os.environ.get('PYTHONPATH'), str(folder)]))
        self.environ = os.environ | dict(DSPY_TOOLKIT_HOME=str(folder/'home'), PYTHONPATH=path, COLUMNS='100')

    def start(self, line, **options):
        self.said.append(f'$ dspy-toolkit {line}')
        return subprocess.Popen([sys.executable, '-m', 'dspy_toolkit', *shlex.split(line)], cwd=self.folder, env=self.environ, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(self, line, code=0):
        "Run a verb, which must end with a code; gives what it printed, as JSON where that was asked for."
        process = self.start(line)
        out, err = process.communicate(timeout=240)
        self.said += [out[-1500:], err[-1500:]]
        assert process.returncode == code, f'it exited with {process.returncode}, not with {code}'
        return json.loads(out) if '--json' in line else out + err

    def look(self): return '\n'.join(each.rstrip() for each in self.said[-9:] if each)


class Server:
    "A server in a shell, and what it wrote to its log."

    def __init__(self, shell, line):
        self.log, self.process = [], shell.start(line)
        threading.Thread(target=self._read, daemon=True).start()
        text = ''
        while not text.endswith('\n}\n'):
            line = self.process.stdout.readline()
            assert line, f'the server ended with {self.process.wait()}:\n{self}'
            text += line
        self.ready = json.loads(text)

    def _read(self):
        for line in self.process.stderr: self.log.append(line.rstrip())

    def wait_for(self, text, seconds=30):
        "Wait until the log has a text."
        end = time.monotonic() + seconds
        while not any(text in line for line in self.log):
            assert time.monotonic() < end, f'the log has no {text!r}'
            time.sleep(.05)

    def __enter__(self): return self

    def __exit__(self, *_):
        if self.process.poll() is None: self.process.kill()
        self.process.wait()

    def __str__(self): return '\n'.join(self.log[-30:])


@pytest.fixture
def shell(tmp_path):
    write_jsonl(tmp_path/'learn.jsonl', LEARN)
    write_jsonl(tmp_path/'held.jsonl', HELD)
    (tmp_path/'code.dspy').write_text(CELL)
    (tmp_path/'drill.py').write_text(DRILL)
    return Shell(tmp_path)


def test_from_a_file_to_a_server_that_outlives_a_failing_model(shell):
    seen = []
    story = Story(lambda: '\n'.join([shell.look(), *(f'({type(each).__name__.lower()})\n{each}' for each in seen)]))
    with story.step('define a signature from a file'):
        assert 'Code@1' in shell.run('define code.dspy')
    with story.step('evaluate it'):
        found = shell.run('evaluate Code@1 --on held.jsonl --json')
        assert found['state'] == 'done' and len(found['rows']) == 6
    with story.step('optimise it on a small budget'):
        found = shell.run('optimize Code@1 --with bootstrap --on learn.jsonl --option max_labeled_demos=8 --option max_bootstrapped_demos=2 --budget "60 calls" --json')
        assert found['state'] == 'done' and found['version'] == 'Code@2'
    with story.step('promote the better version, and be refused the worse one'):
        assert 'Code@prod points to Code@2 now; there was no alias prod before' in shell.run('promote Code@2 prod --on held.jsonl')
        shell.run('promote Code@1 prod --on held.jsonl', REFUSED)
        assert shell.run('alias Code --json')['aliases']['prod']['version'] == 2
    with story.step('name the models'):
        for line in ('fast mlx/tiny', 'spare mlx/tiny --temperature 0.2', 'safe --fallback fast spare'): shell.run(f'lm {line} --keep')
    with story.step('serve it'), Server(shell, 'serve Code@prod --lm safe --code drill --port 0 --json') as server:
        seen += [server, client := Client(server.ready['address'], server.ready['token'])]
        number = itertools.count()
        assert server.ready['programs'] == {'Code': 'Code@2'}
        with story.step('ask it with the line that it printed'): ask_by_curl(server.ready['lines']['curl'])
        with story.step('ask it over HTTP'): assert client.ask(write_text(number)) == ('fast', 'Code@2')
        with story.step('let the first model fail'):
            server.process.send_signal(signal.SIGUSR1)
            client.ask_until(lambda leg: leg == 'spare', number)
            server.wait_for("safe: fast did not answer, so spare is asked: ServerError: the server is overloaded (chaos, on purpose, on 'fast')")
        with story.step('its breaker opens, and each client still gets an answer'):
            client.ask_until(lambda leg: client.read_breaker('fast') == 'open', number)
            assert client.ask(write_text(number)) == ('spare', 'Code@2')
            server.wait_for('breaker fast is open, and was closed')
        with story.step('end the failing: the first model answers again, and its breaker closes'):
            server.process.send_signal(signal.SIGUSR2)
            client.ask_until(lambda leg: leg == 'fast', number)
            assert client.read_breaker('fast') == 'closed'
        with story.step('stop the server by its name'):
            assert 'stopping' in shell.run('serve Code --stop')
            assert server.process.wait(60) == 0
            with pytest.raises(httpx.ConnectError): client.ask(write_text(number))


def ask_by_curl(line):
    "Run a line as it was printed, where there is curl."
    if shutil.which('curl') is None: return
    found = subprocess.run(['sh', '-c', line], capture_output=True, text=True, timeout=60)
    assert json.loads(found.stdout).keys() == {'code'}, found.stdout + found.stderr
