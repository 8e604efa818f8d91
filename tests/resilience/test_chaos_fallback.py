"A fallback while its first leg is made to fail: every call ends in a whole answer, or in one error that names all attempts."
import threading
from collections import Counter

import dspy
import pytest
from dspy.lm15 import Message, Request, StreamDeltaEvent
from dspy.utils.exceptions import AdapterParseError

from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.breaker import breakers
from dspy_toolkit.resilience.chaos import Chaos
from dspy_toolkit.resilience.fallback import AllLegsFailed, FallbackEngine, fallback
from dspy_toolkit.resilience.legs import Leg, begin
from dspy_toolkit.core.seam import SEAM, after_seam

from test_fallback import Reads, Said, Writes

TEXT = '[[ ## team ## ]]\nbilling\n\n[[ ## completed ## ]]'
FAULTS = Chaos(fail=0.3, errors=('server', 'rate_limit', 'timeout', 'transport', 'auth', 'memory'), latency=0.02, slow=0.2, broken=0.1, seed=11)


@pytest.fixture(autouse=True)
def _calm():
    breakers.reset()
    yield
    chaos.stop()
    breakers.reset()


def storm(made, calls, threads=16):
    "What came of so many calls, half of them streams; each is a text, or the error."
    left, found, lock = iter(range(calls)), [], threading.Lock()
    def run():
        while True:
            with lock: n = next(left, None)
            if n is None: return
            request = Request('fallback/x', Message.user(f'call {n}'))
            try:
                if n % 2: result = made.complete(request).text
                else: result = ''.join(e.delta.text for e in made.stream(request) if isinstance(e, StreamDeltaEvent))
            except BaseException as e: result = e
            with lock: found.append(result)
    workers = [threading.Thread(target=run) for _ in range(threads)]
    for each in workers: each.start()
    for each in workers: each.join(120)
    assert len(found) == calls, 'every call ends'
    return found


@pytest.mark.parametrize('guard', ['closed', 'metrics_only'])
@pytest.mark.parametrize('hedge', [None, 0.005])
def test_every_call_is_answered_whole_while_the_first_leg_fails(guard, hedge):
    first, second = Leg(Writes(TEXT), 'first'), Leg(Writes(TEXT), 'second')
    first.breaker.transition_to(guard)
    made = FallbackEngine([first, second], hedge_after=hedge)
    with chaos_on('first'): found = storm(made, 2000)
    assert Counter(map(type, found)) == {str: 2000} and set(found) == {TEXT}
    if guard == 'metrics_only': assert first.breaker.snapshot().failed > 0


class chaos_on:
    def __init__(self, *names, faults=FAULTS): self.names, self.faults = names, faults
    def __enter__(self):
        for name in self.names: chaos.start(name, self.faults, 300)
    def __exit__(self, *_): chaos.stop()


def test_two_thousand_calls_on_sixteen_threads_with_every_leg_failing():
    legs = [Leg(Writes(TEXT), f'leg{n}') for n in range(3)]
    for leg in legs: leg.breaker.transition_to('metrics_only')
    made = FallbackEngine(legs)
    with chaos_on('leg0', 'leg1', 'leg2'): found = storm(made, 2000)
    errors = [each for each in found if not isinstance(each, str)]
    assert set(each for each in found if isinstance(each, str)) == {TEXT} and 0 < len(errors) < 400
    for error in errors:
        assert isinstance(error, AllLegsFailed)
        assert {a.leg for a in error.attempts} == {'leg0', 'leg1', 'leg2'} and all(a.error and a.message for a in error.attempts)
    async def left():
        import asyncio
        await asyncio.sleep(0.1)
        return [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    assert begin(left()).result() == [] and all(leg.taken == 0 for leg in legs)


def test_broken_streams_restart_behind_a_seam_and_no_half_is_taken_for_a_whole():
    made = FallbackEngine([Leg(Said(list(TEXT)), 'first'), Leg(Said(list(TEXT)), 'second')])
    with chaos_on('first', faults=Chaos(broken=0.5, seed=1)), dspy.context(adapter=Reads()):
        breakers['first'].transition_to('metrics_only')
        found = [''.join(e.delta.text for e in made.stream(Request('fallback/x', Message.user('x'))) if isinstance(e, StreamDeltaEvent)) for _ in range(60)]
    assert {after_seam(text) for text in found} == {TEXT} and any(SEAM in text for text in found)


@pytest.mark.parametrize('streaming', [False, True])
def test_what_chaos_spoilt_is_not_in_dspys_cache_when_it_has_ended(streaming, tmp_path, monkeypatch):
    import asyncio
    monkeypatch.setattr(dspy, 'cache', dspy.clients.cache.Cache(enable_disk_cache=False, enable_memory_cache=True, disk_cache_dir=str(tmp_path), memory_max_entries=100))
    lm = fallback('safe', [Leg(Said(list(TEXT) if streaming else TEXT), 'first')])
    def ask():
        with dspy.context(lm=lm, adapter=dspy.ChatAdapter(use_json_adapter_fallback=False)):
            if not streaming: return dspy.Predict('email -> team')(email='x').team
            async def run(): return [item async for item in dspy.streamify(dspy.Predict('email -> team'))(email='x')][-1].team
            return asyncio.run(run())
    with chaos_on('first', faults=Chaos(garbage=1.0, seed=1)), pytest.raises(AdapterParseError): ask()
    assert ask() == 'billing'
    lm.engine.legs[0].lm.lines = ['nothing of the kind']
    assert ask() == 'billing', 'a sound answer is kept'
