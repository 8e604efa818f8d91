"The parts of a call's time add up to the whole, whatever the call was."
import time

import dspy
import pytest
from dspy.lm15 import Message, RateLimitError, Response, Usage
from hypothesis import given, settings
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.commands.why import why
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.events import EngineLoaded
from dspy_toolkit.monitoring.capture import Call, Generation
from dspy_toolkit.monitoring.history import history
from dspy_toolkit.monitoring.monitor import Batch, monitor
from dspy_toolkit.monitoring.why import FAST, explain, split_call


@pytest.fixture(autouse=True)
def clean():
    yield
    session.reset()


spans = st.floats(0, 10)


@st.composite
def calls(draw):
    call = Call('r', 'mlx/tiny', from_cache=draw(st.booleans()), parsed=draw(spans), output_tokens=draw(st.integers(0, 99)), retries=draw(st.integers(0, 2)),
                attempts=draw(st.sampled_from([(), ('first',)])), finish_reason=draw(st.sampled_from(['stop', 'length'])))
    for _ in range(draw(st.integers(0, 2))):
        queued, prepared, read, written = (draw(spans) for _ in range(4))
        tokens = draw(st.integers(0, 99))
        call.generations.append(Generation('m', queued + prepared + read + written, queued, prepared, read, tokens, tokens, tokens // 2, tokens // 3, 'stop', None))
    call.seconds = (call.generations[-1].seconds if call.generations else 0) + draw(spans)
    call.first_token = draw(st.none() | st.just(call.seconds / 2))
    return call


@settings(max_examples=200, deadline=None)
@given(calls(), spans)
def test_parts_add_up_and_none_is_negative(call, loading):
    parts = split_call(call, loading)
    assert sum(part.seconds for part in parts) == pytest.approx(call.seconds + call.parsed, abs=1e-6)
    assert all(part.seconds > 0 and part.note for part in parts) and len({part.name for part in parts}) == len(parts)
    found = explain(call, loading)
    assert bool(found.advice) == (bool(parts) and found.seconds >= FAST and found.largest.name not in ('cache', 'around'))


def generation(**fields):
    return Generation(**dict(model='m', seconds=1.0, queued=0.0, prepared=0.0, read=0.0, input_tokens=100, output_tokens=20, cached_tokens=0, forced_tokens=0,
                             finish_reason='stop', error=None) | fields)


@pytest.mark.parametrize('fields, call, words', [
    (dict(queued=0.8), {}, 'slots'),
    (dict(prepared=0.8), {}, 'next call with the same signature'),
    (dict(read=0.8), {}, 'engine.warm'),
    (dict(read=0.8, cached_tokens=90), {}, 'shorten the inputs'),
    (dict(), {}, 'smaller model'),
    (dict(forced_tokens=5), {}, 'choices cost nearly nothing'),
    (dict(), dict(finish_reason='length'), 'max_tokens'),
    (dict(seconds=0.1), dict(seconds=2.0, attempts=('slow-leg',)), 'slow-leg'),
    (dict(seconds=0.1), dict(seconds=2.0, retries=2), 'earlier tries failed'),
    (dict(), dict(parsed=5.0), 'types of the signature')])
def test_the_advice_is_about_the_largest_part(fields, call, words):
    made = Call('r', 'mlx/tiny', **dict(seconds=1.0, finish_reason='stop') | call)
    made.generations.append(generation(**fields))
    assert words in explain(made).advice


def test_a_real_call_is_split_and_shown():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    monitor()
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
        began = time.monotonic()
        dspy.Predict('email -> team: str, urgent: bool')(email='I was charged twice ' * 20)
        took = time.monotonic() - began
    view = why()
    names = [name for name, _, _ in view.parts]
    assert {'prompt', 'answer'} <= set(names) and view.seconds <= took and 'mlx/tiny' in view.about
    assert 'tokens were read' in str(view) and view.to_json()['parts'] and 'role="table"' in view.html()


def test_a_first_call_waits_for_its_model_and_not_for_a_slot():
    "An engine may have begun to load before it was asked: only what the call waited for counts."
    watcher = monitor()
    watcher.happened.append(EngineLoaded('m', 1.4, at=101.2))
    for at in (100.0, 100.5, 102.0):
        watcher.recent.append(Call(f'r{at}', 'mlx/tiny', at, seconds=2.0, finish_reason='stop', generations=[generation(seconds=2.0, queued=1.5)]))
    first, second, third = ({name: round(seconds, 6) for name, seconds, _ in why(n).parts} for n in '321')
    assert (first['loading'], first['queue']) == (1.2, 0.3) and (second['loading'], second['queue']) == (0.7, 0.8)
    assert 'loading' not in third and third['queue'] == 1.5
    assert 'in memory' in explain(watcher.recent[0], 1.2).advice


def test_a_call_of_an_earlier_process_is_explained_from_the_history(monkeypatch, tmp_path):
    "As in a shell, where each line is a process of its own."
    monkeypatch.setenv('DSPY_TOOLKIT_HISTORY_URL', f'sqlite:///{tmp_path}/history.db')
    session.reset()
    monitor()
    began = time.time() - 60
    made = Call('r7', 'mlx/tiny', began, seconds=2.0, finish_reason='stop', generations=[generation(seconds=2.0, queued=1.5)])
    history().add(Batch([], [made], [], [], [EngineLoaded('m', 1.4, at=began + 1.2)]))
    assert history().flush()
    for name in ('1', 'r7'): assert dict((part, seconds) for part, seconds, _ in why(name).parts)['loading'] == pytest.approx(1.2, abs=2e-6)
    with pytest.raises(InputError, match='there is no call 2') as caught: why('2')
    assert caught.value.hint == 'the history has 1 call; 1 is the latest'
    session.reset()


@pytest.mark.parametrize('watched, hint', [(0, 'no call was watched yet: ask a model'), (1, '1 call of this process: 1 is the latest')])
def test_without_a_history_only_the_calls_of_this_process_are_known(monkeypatch, watched, hint):
    monkeypatch.setenv('DSPY_TOOLKIT_HISTORY', 'off')
    session.reset()
    for _ in range(watched): monitor().recent.append(Call('r1', 'mlx/tiny', 100.0, seconds=2.0, finish_reason='stop'))
    with pytest.raises(InputError, match='there is no call 2') as caught: why(2)
    assert caught.value.hint == hint
    session.reset()


def test_a_leg_that_failed_first_is_named():
    class Slow:
        def complete(self, request):
            time.sleep(0.2)
            raise RateLimitError('no')
    class Fine:
        def complete(self, request):
            return Response(id='1', model=request.model, message=Message.assistant('x'), finish_reason='stop', usage=Usage(input_tokens=1, output_tokens=1))
    monitor()
    legs = [dspy_toolkit.Leg(dspy.LM('test/slow', engine=Slow(), cache=False, num_retries=0), 'slow'), dspy.LM('test/fine', engine=Fine(), cache=False)]
    dspy_toolkit.fallback('safe', legs, cache=False)('hello')
    view = why()
    assert 'test/fine' in view.about and view.seconds >= 0.2


def test_a_call_that_chaos_made_fail_says_so_and_how_to_stop_it():
    from dspy_toolkit.resilience import chaos
    from dspy_toolkit.resilience.chaos import ChaosEngine
    class Fine:
        def complete(self, request): raise AssertionError('asked')
    monitor()
    chaos.start('shaky', chaos.Chaos(fail=1.0), 60)
    try:
        with pytest.raises(Exception, match='on purpose'): dspy.LM('test/shaky', engine=ChaosEngine(Fine(), 'shaky'), cache=False, num_retries=0)('hello')
        advice = why().advice
    finally: chaos.stop('shaky')
    assert advice.startswith('chaos made this call fail, on purpose') and 'chaos shaky --stop' in advice
