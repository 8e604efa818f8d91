"What a fallback must bear: odd errors, cancellation at any moment, nesting, signals, the end of the process, many calls."
import asyncio, gc, os, random, subprocess, sys, threading, time, tracemalloc
from collections import Counter

import dspy
import pytest
from dspy.lm15 import AuthError, ServerError, StreamDeltaEvent, StreamEndEvent, StreamStartEvent, TextDelta, TransportError, Usage
from test_fallback import REQUEST, Reads, Said, _own_breakers, complete, engine, story, text_of  # noqa: F401, the fixture

from dspy_toolkit.core import events
from dspy_toolkit.core.cancel import Cancelled, CancelScope, current_scope
from dspy_toolkit.core.errors import InputError, SettingsError
from dspy_toolkit.resilience.breaker import BreakerConfig, CircuitBreaker, breakers
from dspy_toolkit.resilience.fallback import AllLegsFailed, FallbackEngine, FallbackHedged, fallback
from dspy_toolkit.resilience.legs import Leg, begin
from dspy_toolkit.resilience.retry import Retry, RetryConfig


class Fails(Said):
    "Raises, whatever it is, also what is no Exception."
    def __init__(self, error): super().__init__(''); self.error = error
    def _line(self, request): super()._line(request); raise self.error


def in_thread(function, seconds=10):
    "What a function gives, or raises, on a thread of its own; fails when it hangs."
    found = []
    def run():
        try: found.append(function())
        except BaseException as e: found.append(e)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    assert found, 'it hangs'
    return found[0]


def idle(made):
    "Nothing runs on the loop any more, no leg is occupied and none waited for."
    async def left():
        for _ in range(200):
            tasks = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
            if not tasks: break
            await asyncio.sleep(0.01)
        return tasks
    assert begin(left()).result(10) == []
    assert [(leg.taken, len(leg.waiting)) for leg in made.legs] == [(0, 0)] * len(made.legs)


# odd errors

class NoText(Exception):
    def __str__(self): raise RuntimeError('no text')

class OddWait(Exception): retry_after = 'soon'

@pytest.mark.parametrize('error, said', [
    (TimeoutError('socket'), 'TimeoutError: socket'), (NoText(), 'NoText: cannot say why: RuntimeError'), (OddWait('x'), 'OddWait: x'), (ValueError(''), 'ValueError'),
    (ServerError('\x1b[31mred\x07\r\nsecond'), 'ServerError: [31mred'), (ServerError('y' * 10 ** 6), 'ServerError: ' + 'y' * 159 + '…'),
    (asyncio.CancelledError(), 'TransportError: leg0 cancelled the request')])
@pytest.mark.parametrize('streaming', [False, True])
def test_whatever_an_error_looks_like_the_next_leg_is_asked_and_one_clean_line_says_it(error, said, streaming):
    made = engine(Fails(error), Said('b'))
    told = list(made.stream(REQUEST))[-1].provider_data['fallback'] if streaming else story(complete(made))
    assert told['leg'] == 'leg1' and told['attempts'][0]['message'] == said


def test_an_odd_wait_does_not_spoil_the_error_that_names_all_legs():
    with pytest.raises(AllLegsFailed) as e: complete(engine(Fails(OddWait('x'))))
    assert e.value.retry_after is None and 'leg0: OddWait: x' in str(e.value)


@pytest.mark.parametrize('error', [SystemExit(3), KeyboardInterrupt(), Cancelled()])
@pytest.mark.parametrize('streaming', [False, True])
def test_what_is_no_exception_reaches_whoever_asked_and_nobody_else(error, streaming):
    made, other = engine(Fails(error), Said('b')), FallbackEngine([Leg(Said('a', seconds=0.3), 'other')])
    beside = threading.Thread(target=lambda: found.append(complete(other).text))
    found = []
    beside.start()
    while not other.legs[0].lm.asked: time.sleep(0.005)
    assert type(in_thread(lambda: text_of(made) if streaming else complete(made))) is type(error)
    beside.join(5)
    assert found == ['a'] and complete(other).text == 'a'
    idle(made)


def test_a_model_that_cannot_tell_what_it_can_is_a_leg_that_fails():
    class Gone(Said):
        looks = 0
        @property
        def supports_grammar(self): self.looks += 1; raise ImportError('no mlx here')
    made = engine(Gone('a'), Said('b', supports_response_schema=True))
    for _ in range(3): response = complete(made)
    assert response.text == 'b' and story(response)['attempts'][0]['message'] == 'ImportError: no mlx here'
    assert made.supports_response_schema and made.supported_params == Said.supported_params
    assert made.legs[0].lm.looks == 1 and made.legs[0].breaker.snapshot().failed == 3  # looked up once, and not once a request
    assert text_of(engine(Gone('a'), Said('b'))) == 'b'


def test_an_empty_answer_is_no_way_out_once_another_one_was_shown():
    with pytest.raises(AllLegsFailed) as e: text_of(engine(Said([]), Said(['bil', TransportError('x')])))
    assert [a.error for a in e.value.attempts] == ['empty', 'TransportError']


def test_the_attempts_say_what_an_answer_that_was_none_has_cost():
    assert story(complete(engine(Said(''), Said('b'))))['attempts'][0]['usage'] == {'input_tokens': 5, 'output_tokens': 3, 'total_tokens': 8}
    assert story(complete(engine(Said(ServerError('x')), Said('b'))))['attempts'][0]['usage'] is None


def test_a_predicate_of_the_breaker_that_raises_costs_no_place():
    def bad(result): raise RuntimeError('a bug')
    leg = Leg(Said(['a', TransportError('x')]), 'a', concurrency=1, breaker=CircuitBreaker('a', BreakerConfig(record_exceptions=(bad,))))
    made = FallbackEngine([leg])
    for _ in range(3):
        with pytest.raises((RuntimeError, AllLegsFailed)): text_of(made)
    idle(made)


# who is asked

def test_tiny_weights_are_weights():
    made = FallbackEngine([Leg(Said('a'), 'a', weight=1e-4), Leg(Said('b'), 'b', weight=2e-4)], strategy='weighted', seed=0)
    assert abs(Counter(made.core.order()[0].name for _ in range(3000))['b'] / 3000 - 2 / 3) < .03


def test_an_adaptive_fallback_does_not_begin_with_a_leg_whose_key_is_refused():
    revoked = Said('a', seconds=0.001)
    made = engine(revoked, Said('b', seconds=0.01), strategy='adaptive', explore=0, seed=1)
    assert complete(made).text == 'a'
    revoked.lines = [AuthError('x')]
    for _ in range(10): complete(made)
    assert len(revoked.asked) == 2
    made.core.explore, revoked.lines = 1, ['a']
    complete(made)
    made.core.explore = 0
    assert complete(made).text == 'a'


@pytest.mark.parametrize('second', ['open', 'failing'])
def test_a_hedge_that_cannot_help_does_not_keep_the_next_one_away(second):
    made = engine(Said('a', seconds=30), Said(ServerError('x')), Said('c'), strategy='hedged')
    made.legs[0].took.extend([0.01] * 30)
    if second == 'open': made.legs[1].breaker.transition_to('forced_open')
    with events.bus.record(FallbackHedged) as seen: assert complete(made).text == 'c'
    assert [(e.slow, e.leg) for e in seen] == ([('leg0', 'leg2')] if second == 'open' else [('leg0', 'leg1'), ('leg0', 'leg2')])


@pytest.mark.parametrize('more, said', [(dict(hop_on=('emtpy',)), "'emtpy'"), (dict(hop_on='empty'), "'e'"), (dict(hedge_after='p²'), 'p²')])
def test_a_setting_with_a_slip_is_named(more, said):
    with pytest.raises(SettingsError, match=said): engine(Said('a'), **more)


# places and permits

@pytest.mark.parametrize('seed', range(6))
def test_no_place_and_no_probe_is_lost_however_requests_end(seed):
    "Many requests over narrow legs whose breakers are half open most of the time, each cancelled at a moment of its own, or not at all."
    rng = random.Random(seed)
    def script():
        kind = rng.randrange(6)
        return [['a', 'b'], ['a', 0.01, TransportError('x')], [0.02, 'a'], ServerError('x'), [], ['x', 0.02, 'y']][kind]
    class Varied(Said):
        def _line(self, request): super()._line(request); return script()
    config = BreakerConfig(minimum_number_of_calls=2, sliding_window_size=4, wait_duration_in_open=0.001, permitted_calls_in_half_open=1)
    legs = [Leg(Varied('', supports_prefill=n == 1), f'leg{n}', concurrency=2, timeout=0.05, breaker=CircuitBreaker(f'leg{n}', config),
                retry=Retry(RetryConfig(attempts=2, wait=0.001)) if n else None) for n in range(3)]
    made = FallbackEngine(legs, hedge_after=0.004, seed=seed)
    async def one(streaming):
        twin = made.asynchronous
        if not streaming: return await twin.complete(REQUEST)
        with dspy.context(adapter=Reads()): return [event async for event in twin.stream(REQUEST)]
    async def many():
        ended = Counter()
        async def guarded(delay):
            try:
                async with asyncio.timeout(delay): await one(rng.random() < .6)
                ended['answered'] += 1
            except TimeoutError: ended['cancelled'] += 1
            except AllLegsFailed: ended['failed'] += 1
        for _ in range(6): await asyncio.gather(*(guarded(rng.choice([None, rng.uniform(0, .05)])) for _ in range(25)))
        return ended
    ended = asyncio.run(many())
    assert ended.total() == 150 and all(ended[kind] for kind in ('answered', 'cancelled')), ended
    idle(made)
    gc.collect()
    for leg in legs:
        assert not leg.breaker._period.probes, leg.name  # no probe is out
        leg.breaker.transition_to('open', wait=0)
        leg.breaker.record(leg.breaker.acquire())
        assert leg.breaker.state.value == 'closed'


def test_who_gives_up_waiting_for_a_place_leaves_no_trace():
    made = FallbackEngine([Leg(Said('a', seconds=30), 'narrow', concurrency=1)])
    async def many():
        holder = asyncio.create_task(made.asynchronous.complete(REQUEST))
        while not made.legs[0].lm.asked: await asyncio.sleep(0.005)
        for _ in range(5):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.02): await made.asynchronous.complete(REQUEST)
        await asyncio.sleep(0.02)
        assert not made.legs[0].waiting
        holder.cancel()
        await asyncio.gather(holder, return_exceptions=True)
    asyncio.run(many())
    idle(made)


def test_two_streams_that_begin_at_the_same_moment_leave_one():
    class Gated(Said):
        closed = 0
        async def stream(self, request):
            await gate
            try:
                yield StreamStartEvent(id='1', model='m')
                yield StreamDeltaEvent(TextDelta('a'))
                await asyncio.sleep(30)
            finally: self.closed += 1
    async def run():
        global gate
        gate = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(0.05, gate.set_result, None)
    made = engine(Gated(''), Gated(''), hedge_after=0.005)
    begin(run()).result()
    stream = made.stream(REQUEST)
    assert [next(stream).type, next(stream).type] == ['start', 'delta']
    begin(asyncio.sleep(0.02)).result()
    assert sorted(leg.lm.closed for leg in made.legs) == [0, 1] and sorted(leg.taken for leg in made.legs) == [0, 1]
    stream.close()
    idle(made)
    assert [leg.lm.closed for leg in made.legs] == [1, 1] and all(leg.breaker.snapshot().buffered == 0 for leg in made.legs)


@pytest.mark.parametrize('steps', range(8))
def test_a_stream_that_is_read_to_its_end_as_another_leg_fails_gives_its_place_back(steps):
    "The race may wake because of the failure, and find the stream, before the loop has told that the stream began."
    class Fails(Said):
        async def stream(self, request):
            await gate[0]
            for _ in range(steps): await asyncio.sleep(0)
            raise TransportError('x')
            yield
    class Writes(Said):
        async def stream(self, request):
            await gate[0]
            for event in (StreamStartEvent(id='1', model='m'), StreamDeltaEvent(TextDelta('b')), StreamEndEvent(finish_reason='stop', usage=Usage())): yield event
    gate = []
    async def open():
        gate.append(asyncio.get_running_loop().create_future())
        asyncio.get_running_loop().call_later(0.05, gate[0].set_result, None)
    made = engine(Fails(''), Writes(''), hedge_after=0.005)
    begin(open()).result()
    assert text_of(made) == 'b'
    idle(made)


def test_a_reader_who_stops_reading_occupies_no_leg():
    made = FallbackEngine([Leg(Said(list('abc')), 'a', concurrency=1)])
    reader = made.stream(REQUEST)
    next(reader)
    assert complete(made).text == 'abc'
    idle(made)
    assert [e.type for e in reader] == ['delta'] * 3 + ['end']


def test_a_reader_who_leaves_after_the_end_event_has_the_answer_counted():
    made = fallback('x', [Leg(Said('a'), 'a')])
    seen = []
    made.engine.legs[0].breaker.amend = lambda permit, name: seen.append(name)
    from dspy_toolkit.resilience import semantic
    page = semantic._Page(None)
    token = semantic._page.set(page)
    try:
        for event in made.engine.stream(REQUEST):
            if event.type == 'end': break
    finally: semantic._page.reset(token)
    (who, permit), = page.served
    who.amend(permit, 'unparsed')
    assert seen == ['unparsed']


# one within another

def nested(first, **more):
    inner = FallbackEngine([Leg(first, 'in')], 'inner')
    given = inner if not more.get('lm') else dspy.LM('fallback/in', engine=inner, async_engine=inner.asynchronous)
    return inner, FallbackEngine([Leg(given, 'out'), Leg(Said('b'), 'last')])


@pytest.mark.parametrize('lm', [False, True])
@pytest.mark.parametrize('streaming', [False, True])
def test_a_fallback_within_another_answers_and_both_stories_are_told(lm, streaming):
    inner = FallbackEngine([Leg(Said(ServerError('x')), 'in'), Leg(Said('a'), 'in2')], 'inner')
    made = FallbackEngine([Leg(dspy.LM('fallback/in', engine=inner, async_engine=inner.asynchronous) if lm else inner, 'out')])
    told = in_thread(lambda: list(made.stream(REQUEST))[-1].provider_data['fallback'] if streaming else story(complete(made)))
    assert told['leg'] == 'out' and told['within']['leg'] == 'in2' and told['within']['attempts'][0]['leg'] == 'in'
    idle(made), idle(inner)


@pytest.mark.parametrize('lm', [False, True])
def test_an_answer_that_does_not_parse_counts_against_the_leg_within_and_the_leg_without(lm):
    class Triage(dspy.Signature):
        email: str = dspy.InputField()
        urgent: bool = dspy.OutputField()
    inner, made = nested(Said('no such layout'), lm=lm)
    with dspy.context(lm=dspy.LM('fallback/x', engine=made, cache=False, num_retries=0), adapter=dspy.ChatAdapter(use_json_adapter_fallback=False)), pytest.raises(Exception, match='parse'):
        dspy.Predict(Triage)(email='x')
    assert [breakers[name].snapshot().reasons for name in ('in', 'out')] == [{'unparsed': 1}] * 2


def test_what_was_second_best_within_is_not_kept_in_dspys_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(dspy, 'cache', dspy.clients.cache.Cache(enable_disk_cache=False, enable_memory_cache=True, disk_cache_dir=str(tmp_path), memory_max_entries=100))
    inner = FallbackEngine([Leg(Said(ServerError('x'), 'first'), 'a'), Leg(Said('second'), 'b')], 'inner')
    lm = fallback('outer', [Leg(inner, 'inner')])
    assert [lm('hello') for _ in range(3)] == [['second'], ['first'], ['first']]


def test_leaving_the_outer_one_stops_the_leg_of_the_inner_one():
    leg = Said(['a', 30.0, 'b'])
    inner, made = nested(leg)
    stream = made.stream(REQUEST)
    next(stream), next(stream)
    stream.close()
    idle(made), idle(inner)
    assert leg.cancelled == 1


def test_waiting_for_a_fallback_on_the_loop_of_the_legs_is_an_error_and_no_deadlock():
    inner = FallbackEngine([Leg(Said('a'), 'inner')])
    class Blocks(Said):
        async def complete(self, request): return inner.complete(request)
    told = in_thread(lambda: story(complete(engine(Blocks(''), Said('b')))))
    assert told['leg'] == 'leg1' and 'await' not in told['attempts'][0]['message'] and 'nothing on it may wait' in told['attempts'][0]['message']


def test_a_call_that_blocks_inside_a_running_loop_is_answered():
    made = engine(Said('a', seconds=0.01))
    async def cell(): return complete(made).text, text_of(made)
    assert in_thread(lambda: asyncio.run(cell())) == ('a', 'a')


def test_loops_may_come_and_go():
    made = engine(Said('a'))
    async def both(): return (await made.asynchronous.complete(REQUEST)).text, [e.type async for e in made.asynchronous.stream(REQUEST)][-1]
    assert [asyncio.run(both()) for _ in range(20)] == [('a', 'end')] * 20
    idle(made)


def test_the_context_of_the_caller_reaches_the_legs():
    class Looks(Said):
        async def complete(self, request): self.seen.append((dspy.settings.get('mark'), current_scope())); return await super().complete(request)
    leg = Looks('a', seen=[])
    with CancelScope() as scope, dspy.context(mark=7): complete(engine(leg))
    assert leg.seen == [(7, scope)]


# kept

@pytest.mark.parametrize('state', [None, [], 'x', {}, {'legs': 3}, {'legs': [3]}, {'legs': [{}]}, {'legs': [{'lm': 3}]}, {'legs': []}, {'legs': [{'lm': {'model': 3}, 'name': 'a'}]}])
def test_a_state_that_is_none_is_one_clear_error(state):
    with pytest.raises(InputError, match='is not the state of a fallback|has no legs'): FallbackEngine.load_state(state)


@pytest.mark.parametrize('wrong', [dict(strategy=3), dict(hedge_after=[]), dict(explore='x'), dict(hop_on=3), dict(hop_on=[[]])])
def test_a_state_with_a_wrong_setting_is_one_clear_error(wrong):
    with pytest.raises((InputError, SettingsError)): FallbackEngine.load_state(fallback('safe', ['openai/gpt-5-mini']).engine.dump_state() | wrong)


def test_a_foreign_engine_is_not_loaded_from_behind_one_of_ours():
    state = fallback('safe', ['openai/gpt-5-mini']).engine.dump_state()
    state['legs'][0]['lm']['engine'] = {'class': 'dspy_toolkit.resilience.chaos:ChaosEngine', 'state': {'engine': {'class': 'subprocess:Popen', 'state': {}}, 'name': 'x'}}
    with pytest.raises(InputError, match='subprocess:Popen'): FallbackEngine.load_state(state)


def test_a_key_is_neither_saved_nor_shown():
    made = FallbackEngine([Leg(dspy.LM('openai/x', api_key='sk-secret'), 'a')])
    assert 'sk-secret' not in str(made.dump_state()) + repr(made) + repr(made.legs)


# the process

_HEAD = '''
import asyncio, os, signal, sys, threading, time
sys.path.insert(0, {here!r})
from test_fallback import *
leg = Said(['a', 30.0, 'b'], seconds=0.0)
whole = Said('a', seconds=30)
made = FallbackEngine([Leg(leg, 'piecewise')]); other = FallbackEngine([Leg(whole, 'whole')])
'''

def run(code, **more):
    done = subprocess.run([sys.executable, '-W', 'ignore', '-c', _HEAD.format(here=os.path.dirname(__file__)) + code], capture_output=True, text=True, timeout=60, **more)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


@pytest.mark.parametrize('ask, asked', [('complete(other)', 'whole'), ('list(made.stream(REQUEST))', 'leg'), ('asyncio.run(other.asynchronous.complete(REQUEST))', 'whole')])
def test_an_interrupt_while_waiting_is_heard_and_cancels_the_request(ask, asked):
    code = f'''
def press():
    while not {asked}.asked: time.sleep(0.01)
    time.sleep(0.2); os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=press, daemon=True).start()
try: {ask}
except KeyboardInterrupt: print('interrupted', end=' ')
begin(asyncio.sleep(0.05)).result()
print({asked}.cancelled, [leg.taken for leg in made.legs])
'''
    assert run(code) == (0, 'interrupted 1 [0]', '')


def test_the_process_may_end_while_requests_run():
    code = '''
stream = made.stream(REQUEST); next(stream), next(stream)
for ask in (lambda: complete(other), lambda: asyncio.run(other.asynchronous.complete(REQUEST)), lambda: list(made.stream(REQUEST))): threading.Thread(target=ask, daemon=True).start()
class Blocks:
    def complete(self, request): time.sleep(60)
threading.Thread(target=lambda: complete(FallbackEngine([Leg(Blocks(), 'blocks')])), daemon=True).start()
time.sleep(0.3); print('bye')
'''
    assert run(code) == (0, 'bye', '')


def test_many_calls_leave_nothing_behind():
    made = FallbackEngine([Leg(Said('', ServerError('x'), 'a'), 'a'), Leg(Said('b'), 'b')], strategy='adaptive', seed=0)
    def some(n):
        with CancelScope():
            for k in range(n):
                if k % 4: complete(made)
                else: text_of(made)
        for leg in made.legs: leg.lm.asked.clear()
        gc.collect()
    def count_held():
        snapshot = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, f'*/{package}/*') for package in ('dspy_toolkit', 'dspy')])
        return sum(trace.size for trace in snapshot.traces)
    tracemalloc.start()  # before the first call: what replaces something that was not traced would count as growth
    try:
        some(1_500)  # the windows of a monitor that another test began are full: the longest holds 1,000 calls
        before = count_held()
        some(2_000)
        grown = count_held() - before
    finally: tracemalloc.stop()
    assert grown < 100_000
