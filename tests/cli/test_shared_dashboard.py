"`dspy-toolkit dashboard` shows the calls of all processes: live in a terminal until q or Ctrl-C, once in a pipe."
import json
import os
import socket
import subprocess
import sys
import time

import dspy
import pexpect
import pytest
from dspy.utils import DummyLM

from dspy_toolkit.cli.main import main
from dspy_toolkit.commands.shared import SharedCalls
from dspy_toolkit.core import session
from dspy_toolkit.core.events import BreakerTransition, bus
from dspy_toolkit.monitoring.history import history
from dspy_toolkit.monitoring.monitor import monitor
from tests.fits import fits


@pytest.fixture
def ask(tmp_path, monkeypatch):
    "A function that makes a call in this process, and writes it into the history."
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    session.reset()
    watched = monitor()
    def do(question):
        with dspy.context(lm=DummyLM([{'answer': 'yes'}])): dspy.Predict('question -> answer')(question=question)
        watched.flush()
        history().flush()
    yield do
    session.reset()


@pytest.mark.parametrize('key', ['q', '\x03'], ids=['q', 'ctrl-c'])
def test_a_terminal_shows_the_calls_of_another_process_as_they_come(ask, key):
    environment = {name: value for name, value in os.environ.items() if name not in ('COLUMNS', 'LINES')}
    child = pexpect.spawn(sys.executable, ['-m', 'dspy_toolkit', 'dashboard'], env=environment, encoding='utf-8', timeout=30, dimensions=(40, 90))
    child.expect('q ends')
    assert 'dummy' not in child.before
    ask('Is the shop open?')
    child.expect('dummy')
    child.send(key)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0 and 'Traceback' not in child.before and 'q ends' not in child.before[child.before.rindex('Dashboard'):], child.before


def test_a_pipe_gets_it_once_as_data(ask, capsys):
    for n in range(3): ask(f'Is shop {n} open?')
    assert main(['dashboard', '--json']) == 0
    data = json.loads(capsys.readouterr().out)
    assert data['total']['calls'] == 3 and [call['model'] for call in data['calls']] == ['dummy'] * 3 and not fits('dashboard', data)
    assert main(['dashboard', '--last', '5']) == 2


def test_what_is_read_again_is_counted_once_and_events_are_as_they_were(ask):
    shared, counted = SharedCalls(), []
    for n in range(3):
        ask(f'Is shop {n} still open?')
        bus.publish(BreakerTransition('fast', 'closed', 'open', f'reason {n}'))
        monitor().flush()
        history().flush()
        for _ in range(2): counted.append(shared.read().series.totals[''].calls)
    assert counted == [1, 1, 2, 2, 3, 3]
    happened = [each for each in shared.latest(8)[1] if isinstance(each, BreakerTransition)]
    assert [each.reason for each in happened] == ['reason 0', 'reason 1', 'reason 2'] and abs(happened[0].at - time.time()) < 60


OTHER = '''
import sys
from dspy_toolkit.core.events import BreakerTransition, bus
from dspy_toolkit.monitoring.history import history
from dspy_toolkit.monitoring.monitor import monitor
monitor()
history()
bus.publish(BreakerTransition('fast', 'closed', 'open', 'too slow'))
bus.publish(BreakerTransition('safe', 'closed', 'open', 'it fails'))
bus.publish(BreakerTransition('safe', 'half_open', 'closed', ''))
monitor().flush()
history().flush()
print('written', flush=True)
sys.stdin.read()
'''


def test_breakers_of_other_processes_are_shown_while_they_run_and_calls_in_flight_are_not_made_up(ask, capsys):
    def look():
        assert main(['dashboard', '--json']) == 0
        data = json.loads(capsys.readouterr().out)
        assert not fits('dashboard', data) and data['in_flight'] is data['oldest'] is None
        return data['elsewhere']
    ask('Is the shop open?')
    assert look() == []
    with subprocess.Popen([sys.executable, '-c', OTHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == 'written\n'
        found = {each['breaker']: each for each in look()}
        assert {name: (each['state'], each['reason'], each['process'], each['host']) for name, each in found.items()} == {
            'fast': ('open', 'too slow', other.pid, socket.gethostname()), 'safe': ('closed', '', other.pid, socket.gethostname())}
        assert abs(found['fast']['since'] - time.time()) < 60
        assert main(['dashboard']) == 0
        line = next(line for line in capsys.readouterr().out.splitlines() if 'too slow' in line or 'in process' in line)
        assert line.split()[:2] == ['fast', 'open'] or line.split()[:2] == ['safe', 'closed']
        shared = SharedCalls(clock=lambda: time.time() + 3600)
        assert [each['breaker'] for each in shared.read().list_breakers()] == ['fast']  # the other one was closed long ago
        other.stdin.close()
    assert look() == []
