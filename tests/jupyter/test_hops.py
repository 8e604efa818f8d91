"That another model had to be asked is seen everywhere: in the log, in the history, and below any cell."
import logging
import subprocess
import sys

import dspy
import pytest
from dspy.clients.cache import Cache

from dspy_toolkit.workspace import lms
from dspy_toolkit.core.logs import Limited
from dspy_toolkit.resilience import chaos, fallback
from dspy_toolkit.resilience.breaker import breakers
from dspy_toolkit.resilience.window import ManualClock
from tests.typist import typist

ANSWER = '{"team": "billing", "needs_human": true}'
OTHER = '{"team": "sales", "needs_human": false}'
PLAIN = 'import dspy\ndspy.Predict(Triage)(email="I was charged {}").team'


@pytest.fixture
def net(triage, monkeypatch, tmp_path):
    monkeypatch.setattr(dspy, 'cache', Cache(enable_disk_cache=False, enable_memory_cache=True, disk_cache_dir=str(tmp_path), memory_max_entries=100))
    breakers.reset()
    clock = ManualClock()
    monkeypatch.setattr(fallback, '_seldom', Limited(clock=clock))
    lms.names.update(fast=typist(ANSWER), spare=typist(OTHER))
    triage('%dspy lm safe --fallback fast spare')
    dspy.configure(lm=lms.names['safe'], adapter=dspy.JSONAdapter())
    triage.clock = clock
    yield triage
    chaos.stop()
    breakers.reset()


def test_a_line_below_a_cell_says_who_was_asked_instead(net):
    assert 'did not answer' not in net(PLAIN.format('once')).shown
    net('%dspy chaos fast --fail 1 --for 60')
    assert 'safe: fast did not answer (ServerError), so spare was asked\n' in net(PLAIN.format('twice')).shown
    shown = net('for n in range(3): ' + PLAIN.splitlines()[1].format('{n} times').replace('email="', 'email=f"')).shown
    assert 'safe: fast did not answer 3 times (ServerError), so spare was asked\n' in shown
    net('%dspy chaos --stop')
    net('%dspy breaker fast reset')
    assert 'did not answer' not in net(PLAIN.format('again')).shown


def test_a_dspy_cell_says_it_on_its_card_and_once(net):
    net('%dspy chaos fast --fail 1 --for 60')
    shown = net('%%dspy run Triage\nemail = "I was charged twice"').shown
    assert shown.count('did not answer') == 1
    assert 'did not answer' not in net('1 + 1').shown


def test_python_s_own_way_of_printing_a_warning_is_left_out_where_the_line_says_it(net, capfd):
    net('%dspy chaos fast --fail 1 --for 60')
    net(PLAIN.format('twice'))
    assert 'so spare is asked' not in capfd.readouterr().err
    assert any(isinstance(h, logging.NullHandler) for h in logging.getLogger('dspy_toolkit.resilience').handlers)
    net.ip.run_line_magic('unload_ext', 'dspy_toolkit')
    assert logging.getLogger('dspy_toolkit.resilience').handlers == []
    net.ip.run_line_magic('load_ext', 'dspy_toolkit')


def test_each_change_of_leg_is_a_warning_and_those_that_are_alike_are_counted(net, caplog):
    caplog.set_level(logging.WARNING, 'dspy_toolkit')
    def told(): return [r.getMessage() for r in caplog.records if r.name == 'dspy_toolkit.resilience' and 'is asked' in r.getMessage()]
    net('%dspy chaos fast --fail 1 --for 60')
    for n in range(3): net(PLAIN.format(n))
    assert len(told()) == 1 and told()[0].startswith('safe: fast did not answer, so spare is asked: ServerError')
    net.clock.advance(11)
    net(PLAIN.format('late'))
    assert len(told()) == 2 and '(2 more like this since the last time)' in told()[1]
    net('%dspy chaos fast --fail 1 --errors auth --for 60')
    net(PLAIN.format('otherwise'))
    assert len(told()) == 3 and 'AuthError' in told()[2]


def test_a_breaker_that_opens_is_a_warning_and_what_a_hand_does_is_not(net, caplog):
    caplog.set_level(logging.INFO, 'dspy_toolkit')
    net('%dspy chaos fast --fail 1 --for 60')
    for n in range(5): net(PLAIN.format(n))
    net('%dspy breaker fast close')
    told = [(r.levelname, r.getMessage()) for r in caplog.records if r.getMessage().startswith('breaker ')]
    assert told == [('WARNING', 'breaker fast is open, and was closed: 5 of 5 calls failed'), ('INFO', 'breaker fast is closed, and was open: by hand')]


def test_the_history_names_the_leg_that_answered(net):
    net(PLAIN.format('once'))
    assert 'fallback/safe → fast' in net('%dspy history').shown
    net('%dspy chaos fast --fail 1 --for 60')
    net(PLAIN.format('twice'))
    assert 'fallback/safe → spare (fast did not answer)' in net('%dspy history 1').shown
    assert len(net('%dspy history --model spare').result.calls) >= 1


def test_in_a_script_the_warning_is_seen_without_any_configuration():
    code = '''
import dspy_toolkit
from dspy.lm15 import Message, Response, ServerError, Usage
class Say:
    supports_response_schema, supported_params = True, frozenset()
    def complete(self, request): return Response(id='1', model=request.model, message=Message.assistant('yes'), finish_reason='stop', usage=Usage())
class Ill(Say):
    def complete(self, request): raise ServerError('503')
lm = dspy_toolkit.fallback('safe', [dspy_toolkit.Leg(Ill(), 'fast'), dspy_toolkit.Leg(Say(), 'spare')], cache=False)
print(lm('x'), lm('x'))
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=100)
    assert done.stderr.count('safe: fast did not answer, so spare is asked: ServerError: 503') == 1 and done.stdout == "['yes'] ['yes']\n", done.stderr
