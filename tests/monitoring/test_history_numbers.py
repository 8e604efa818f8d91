"What callers saw, what the monitor counted and what the history holds are the same numbers; `%dspy history` shows them days later."
import asyncio
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dspy
import pytest
from dspy.clients.base_lm import GLOBAL_HISTORY
from dspy.lm15 import Message, RateLimitError, Response, Usage
from dspy.utils.exceptions import LMError

import dspy_toolkit
from dspy_toolkit.commands.calls import history as show
from dspy_toolkit.core import session, settings
from dspy_toolkit.monitoring.history import History, history, find_recorded_history
from dspy_toolkit.monitoring.monitor import monitor
from dspy_toolkit.monitoring.prometheus import expose, prometheus_text
from dspy_toolkit.monitoring.series import ALL

sys.path.insert(0, str(Path(__file__).parent.parent/'core'))
from test_dspy_calls import Engine, ask, lm_of  # noqa: E402


@pytest.fixture
def home(tmp_path, monkeypatch):
    def use(**more):
        session.reset()
        for name, value in dict(history_url=f'sqlite:///{tmp_path}/history.db', **more).items(): monkeypatch.setenv(f'DSPY_TOOLKIT_{name.upper()}', str(value))
        settings.reset_settings()
    use()
    yield use
    session.reset()
    monkeypatch.undo()
    settings.reset_settings()


class Leg:
    "Answers after some seconds, unless it is cancelled before."
    def __init__(self, seconds): self.seconds, self.begun, self.ended = seconds, 0, 0

    async def complete(self, request):
        self.begun += 1
        await asyncio.sleep(self.seconds)
        self.ended += 1
        return Response(id='1', model=request.model, message=Message.assistant('[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]'),
                        finish_reason='stop', usage=Usage(input_tokens=7, output_tokens=3))


def hedging():
    "A fallback whose first leg takes a minute, so that the second is asked as well, and those two legs."
    slow, quick = Leg(60), Leg(0.005)
    engine = dspy_toolkit.FallbackEngine([dspy_toolkit.Leg(slow, 'slow'), dspy_toolkit.Leg(quick, 'quick')], 'both', 'hedged', hedge_after=0.01)
    return dspy.LM('fallback/both', engine=engine, cache=False, num_retries=0), slow, quick


def count_in_prometheus(text, **labels):
    "Calls in Prometheus' text."
    lines = [line for line in text.splitlines() if line.startswith('dspy_toolkit_calls_total{') and all(f'{k}="{v}"' in line for k, v in labels.items())]
    return sum(float(line.rpartition(' ')[2]) for line in lines)


def test_history_monitor_and_callers_agree(home):
    "Prometheus too; a hedged call is one call, whichever of its legs answers."
    watcher = monitor()
    expose(watcher)
    hedged, slow, quick = hedging()
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
    lms = {'hedged': hedged, 'ok': lm_of(Engine()), 'cached': lm_of(Engine(), cache=True), 'unparsed': lm_of(Engine('nothing here'))}
    seen, lock = Counter(), threading.Lock()
    def work(n):
        kind = ('ok', 'hedged', 'cached', 'error', 'cancel', 'unparsed')[n % 6]
        lm = lms.get(kind) or lm_of(Engine(errors=[RateLimitError('no') if kind == 'error' else dspy_toolkit.Cancelled()]))
        try: ask(lm)
        except (Exception, dspy_toolkit.Cancelled) as e: assert kind in ('error', 'cancel', 'unparsed'), e
        with lock: seen[kind] += 1
    with ThreadPoolExecutor(8) as pool: list(pool.map(work, range(2_400)))
    found = history()
    assert found.flush(60) and found.dropped == 0 and watcher.dropped == 0
    sums, counted = found.sums(), watcher.snapshot().total
    totals = watcher.series.totals[ALL].summary()
    assert {name: sums[name] for name in sums} == {name: totals[name] for name in sums}
    asked_again = seen['unparsed']  # DSPy asks with its other adapter when an answer cannot be read
    assert sums['calls'] == counted['calls'] == sum(seen.values()) + asked_again == found.count()
    assert (sums['failed'], sums['cancelled'], sums['unparsed']) == (seen['error'], seen['cancel'], 2 * seen['unparsed'])
    assert sums['errors'] == {'LMRateLimitError': 400} and 392 <= sums['cached'] <= 399
    answered = seen['ok'] + seen['hedged'] + 2 * seen['unparsed'] + seen['cached'] - sums['cached']
    assert (sums['output_tokens'], sums['input_tokens']) == (3 * answered, 7 * answered)
    text = prometheus_text(watcher)
    assert count_in_prometheus(text) == sums['calls'] and count_in_prometheus(text, gen_ai_request_model='both') == seen['hedged']
    assert [count_in_prometheus(text, outcome=o) for o in ('error', 'cancelled', 'unparsed')] == [sums['failed'], sums['cancelled'], sums['unparsed']]
    assert slow.begun == quick.begun == quick.ended == seen['hedged'] and slow.ended == 0  # both legs were asked each time, and the late one was cancelled
    assert {c.leg for c in found.query(model='fallback/both', most=1000)} == {'quick'}


def test_history_is_read_across_sessions(home):
    monitor()
    ask(lm_of(Engine()))
    with pytest.raises(LMError): ask(lm_of(Engine(errors=[RateLimitError('slow down')])))
    view = show()
    assert [(c.number, c.outcome) for c in view.calls] == [(1, 'error'), (2, 'ok')] and view.total == 2
    assert 'slow down' in str(view) and 'RateLimit' in view.html()
    session.reset()  # as if the kernel was restarted
    monitor()
    assert show(session='this').calls == [] and show().total == 2
    ask(lm_of(Engine(text='[[ ## answer ## ]]\nOslo\n\n[[ ## completed ## ]]')))
    assert [(c.number, 'Oslo' in c.answer) for c in show(session='this').calls] == [(1, True)]
    assert [c.number for c in show().calls] == [1, 2, 3] and [c.number for c in show(outcome='error').calls] == [2]
    assert [c.number for c in show('oslo').calls] == [1] and show(since='1h', model='capital', most=2).total == 3 and len(show(most=2).calls) == 2
    whole = show('3')
    assert whole.whole and 'Paris' in whole.calls[0].answer and dict(whole.calls[0].details)['steps'].startswith('Predict') and len(whole.calls[0].messages) == 2
    with pytest.raises(dspy_toolkit.InputError, match='there is no call 4'): show('4')
    with pytest.raises(dspy_toolkit.InputError, match='no moment'): show(since='soon')
    with pytest.raises(dspy_toolkit.InputError, match='no session'): show(session='mine')


def test_without_a_monitor_the_memory_of_dspy_is_shown_above_the_file(home):
    GLOBAL_HISTORY.clear()  # it holds ten thousand calls, and drops the oldest of the tests before
    monitor()
    ask(lm_of(Engine()))
    history().flush()
    session.reset()
    before = len(show(session='this', most=10_000).calls)
    ask(lm_of(Engine(text='[[ ## answer ## ]]\nOslo\n\n[[ ## completed ## ]]')))
    view = show(most=10_000)
    assert view.total == before + 2 and 'Oslo' in view.calls[0].answer and 'Paris' in view.calls[-1].answer and view.calls[-1].number == view.total
    assert 'Paris' in show(str(view.total)).calls[0].answer


def test_a_history_that_is_off_records_nothing(home, tmp_path):
    home(history='off')
    watcher = monitor()
    ask(lm_of(Engine()))
    watcher.flush()
    assert find_recorded_history() is None and not (tmp_path/'history.db').exists() and 'Paris' in show('1').calls[0].answer


def test_the_front_door_gives_the_history_of_the_process(home):
    watcher = monitor()
    assert isinstance(dspy_toolkit.history(), History) and dspy_toolkit.history() is history() and history().source is watcher
    ask(lm_of(Engine()))
    assert dspy_toolkit.history().flush() and dspy_toolkit.history().query()[0].outputs == ['[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]']
