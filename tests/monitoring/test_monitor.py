"What a monitor counts is what happened: nothing twice, nothing lost but what it says it lost."
import asyncio, gc, os, random, threading, time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import dspy
import pytest
from dspy.lm15 import Message, RateLimitError, Response, Usage
from hypothesis import given, settings
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.core import session
from dspy_toolkit.core.events import (Bus, CallRefused, FirstToken, GenerationFinished, GenerationStarted, RequestFinished, RequestStarted,
                                      StepFinished, StepStarted, bus)
from dspy_toolkit.core.gauges import collect_gauges, register_gauges
from dspy_toolkit.monitoring import monitor as monitoring
from dspy_toolkit.monitoring.capture import Call, Capture
from dspy_toolkit.monitoring.monitor import Monitor, monitor
from dspy_toolkit.monitoring.series import ALL, MODELS, OTHER, TIERS, Series
from dspy_toolkit.monitoring.tally import ACCURACY, Sketch, Tally
from dspy_toolkit.resilience.retry import Retried


class Engine:
    "Answers, fails or is cancelled, as the question says."
    def complete(self, request):
        asked = request.messages[-1].text if hasattr(request.messages[-1], 'text') else str(request.messages)
        if 'FAIL' in asked: raise RateLimitError('slow down')
        if 'STOP' in asked: raise dspy_toolkit.Cancelled()
        text = 'nothing' if 'GARBLE' in asked else '[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]'
        return Response(id='1', model=request.model, message=Message.assistant(text), finish_reason='stop',
                        usage=Usage(input_tokens=7, output_tokens=3, cache_read_tokens=2))


def lm_of(name='test/capital', **options): return dspy.LM(name, engine=Engine(), **{'cache': False, 'num_retries': 0} | options)


@pytest.fixture(autouse=True)
def clean():
    yield
    session.reset()


class Sink:
    def __init__(self, fail=False): self.fail, self.batches = fail, []
    def add(self, batch):
        self.batches.append(batch)
        if self.fail: raise OSError('the disk is full')


# sketches and tallies

@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-6, 1e5), min_size=1, max_size=300), st.floats(0, 1))
def test_every_percentile_of_a_sketch_is_within_one_percent(values, q):
    sketch = Sketch()
    for value in values: sketch.add(value)
    exact = sorted(values)[int(q * (len(values) - 1))]
    above = sorted(values)[min(int(q * (len(values) - 1)) + 1, len(values) - 1)]
    assert exact * (1 - 2 * ACCURACY) <= sketch.percentile(q) <= above * (1 + 2 * ACCURACY)


calls_of_any_kind = st.builds(
    Call, st.uuids().map(str), st.sampled_from(['a', 'b']), seconds=st.floats(0, 100), first_token=st.none() | st.floats(0, 10), output_tokens=st.integers(0, 50),
    input_tokens=st.integers(0, 50), finish_reason=st.sampled_from(['stop', 'length', 'cancelled']), error=st.sampled_from(['', 'LMError']),
    parse_error=st.sampled_from(['', 'AdapterParseError']), from_cache=st.booleans(), cost=st.none() | st.just(0.5))


@settings(max_examples=60, deadline=None)
@given(st.lists(calls_of_any_kind, max_size=30), st.integers(0, 30))
def test_the_tally_of_two_sets_is_the_sum_of_their_tallies(calls, cut):
    whole, left, right = Tally(), Tally(), Tally()
    for call in calls: whole.add(call)
    for call in calls[:cut]: left.add(call)
    for call in calls[cut:]: right.add(call)
    left.merge(right)
    assert left.summary(60)['calls'] == whole.calls and left.errors == whole.errors and left.seconds.buckets == whole.seconds.buckets
    assert all(left.summary()[name] == pytest.approx(value) for name, value in whole.summary().items() if isinstance(value, (int, float)))
    outcomes = Counter(call.outcome for call in calls if not call.from_cache)
    assert (whole.failed, whole.cancelled) == (outcomes['error'], outcomes['cancelled'])


# from events to calls

def events_of(n, draw):
    "The events of a call, in an order in which they may come."
    key, model = f'r{n}', f'm{n % 3}'
    yield RequestStarted(key, model, at=100.0 + n)
    for _ in range(draw.randint(0, 2)): yield Retried('lm', 1, 0.1, 'LMError', request_id=key)
    if draw.random() < .3: yield CallRefused('first', 'open', request_id=key)
    for _ in range(draw.randint(0, 2)):
        yield GenerationStarted(key, model)
        yield FirstToken(key, model, 0.1, at=100.1 + n)
        yield GenerationFinished(key, model, 0.2, 5, 4, 3, 'stop', forced_tokens=2)
    yield RequestFinished(key, model, 0.5, 5, 4, 3, draw.choice(['stop', 'cancelled']), at=100.5 + n)
    yield StepFinished(f's{n}', 'parse', 'ChatAdapter', error=draw.choice([None, 'AdapterParseError']), request_id=key)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 25))
def test_events_of_many_calls_mixed_give_each_call_what_is_its(seed, n):
    draw = random.Random(seed)
    trails = [list(events_of(k, draw)) for k in range(n)]
    alone = {}
    for trail in trails:
        capture = Capture()
        for event in trail: capture.feed(event)
        (call,), _, _ = capture.take()
        alone[call.request_id] = call
    mixed, left, found = Capture(), [list(t) for t in trails], {}
    while any(left):
        trail = draw.choice([t for t in left if t])
        mixed.feed(trail.pop(0))
        if draw.random() < .2: found |= {call.request_id: call for call in mixed.take()[0]}
    found |= {call.request_id: call for call in mixed.take()[0]}
    assert found == alone and not mixed.open


def test_open_calls_are_bounded_and_what_is_lost_is_counted():
    capture = Capture(limit=10)
    for n in range(25): capture.feed(RequestStarted(str(n), 'm'))
    for n in range(25): capture.feed(StepStarted(str(n), 'module', 'Predict'))
    assert len(capture.open) == 10 and capture.lost == 15 and len(capture.steps) == 10
    capture.feed(RequestFinished('0', 'm', 0.1))
    assert [call.request_id for call in capture.take()[0]] == ['0'], "it is counted all the same"


def test_an_engine_without_an_lm_is_a_call_of_its_own_once():
    engine = dspy_toolkit.lm('mlx/tiny', cache=False).engine
    request = dspy.lm15.Request(model='mlx/tiny', messages=[Message.user('Hello?')], config=dspy.lm15.Config(max_tokens=5))
    watcher = monitor()
    engine.complete(request)
    watcher.flush()
    assert [(call.model, call.outcome, len(call.generations)) for call in watcher.recent] == [('mlx/tiny', 'ok', 1)]
    assert watcher.capture.open == {} and watcher.capture._direct == set()


# over time

def test_a_window_ends_where_it_ends_and_models_are_bounded():
    now = [1000.0]
    series = Series(clock=lambda: now[0])
    for n in range(200): series.add(Call(str(n), f'model-{n}', at=1000.0 + n, seconds=0.0))
    now[0] = 1200.0
    assert series.window(60).calls == 59 and series.window(600).calls == 200 and series.totals[ALL].calls == 200
    assert len(series.models()) <= MODELS + 1 and series.totals[OTHER].calls == 200 - MODELS
    with pytest.raises(dspy_toolkit.InputError, match='7200'): series.window(7200)


def test_a_day_of_calls_fits_into_bounded_memory_and_points():
    now = [0.0]
    series = Series(clock=lambda: now[0])
    for second in range(0, 48 * 3600, 30):
        now[0] = float(second)
        series.add(Call(str(second), 'm', at=now[0], seconds=0.0))
    for step, _, kept in TIERS:
        points = series.points(step * kept)
        assert len(points) <= kept and all(a['at'] < b['at'] for a, b in zip(points, points[1:]))
    assert sum(p['calls'] for p in series.points(24 * 3600)) == pytest.approx(24 * 3600 / 30, rel=0.01)
    assert [sum(isinstance(t[ALL], Tally) for t in tier.slots.values()) <= tier.whole for tier in series._tiers] == [True] * 3


@given(st.lists(st.floats(0, 59), max_size=20), st.floats(0, 0.999))
def test_a_longer_window_never_counts_less(ages, fraction):
    "A call counts from the moment at which it ends, in each window that it is in."
    now = [0.0]
    series = Series(clock=lambda: now[0])
    for age in sorted(ages, reverse=True):
        now[0] = 5000 + fraction - age
        series.add(Call(str(age), 'm', at=now[0], seconds=0.0))
        counts = [series.window(seconds, model).calls for seconds in (60, 600, 601, 3600) for model in (ALL, 'm')]
        assert counts == counts[:1] * len(counts)


def test_points_after_a_moment_are_only_those():
    now = [1010.0]
    series = Series(clock=lambda: now[0])
    for n in range(10): series.add(Call(str(n), 'm', at=1000.0 + n, seconds=0.0))
    assert [p['at'] for p in series.points(600, after=1006)] == [1007, 1008, 1009]


def test_a_late_call_of_a_forgotten_moment_is_counted_now():
    series = Series(clock=lambda: 10_000.0)
    series.add(Call('1', 'm', at=9_999.0))
    series.add(Call('2', 'm', at=9_000.0))
    assert series.window(60).calls == 2


@given(st.lists(st.tuples(
    st.integers(0, 25), st.integers(0, MODELS + 5), st.sampled_from(['', 'ValueError']), st.sampled_from(['', 'AdapterParseError'])), max_size=60))
@settings(max_examples=60, deadline=None)
def test_many_calls_at_once_count_as_one_by_one(drawn):
    many, single = Series(clock=lambda: 1030.0), Series(clock=lambda: 1030.0)
    calls = [
        Call(str(n), f'model-{model}', at=1000.0 + ended, seconds=0.25, output_tokens=n, error=error, parse_error=parse_error)
        for n, (ended, model, error, parse_error) in enumerate(drawn)]
    many.add_all(calls)
    for call in calls: single.add(call)
    for call in calls: many.amend(call)  # an answer that counts as unparsed does so once
    assert many.models() == single.models()
    for name in [ALL, *many.models()]:
        assert many.totals[name].summary() == single.totals[name].summary()
        assert many.points(600, name) == single.points(600, name)


# the monitor

def test_who_flushes_a_monitor_does_not_wait_for_its_next_look():
    own = Bus()
    watcher = Monitor(own, pause=60.0)
    for n in range(3):
        own.publish(RequestFinished(str(n), 'm', 0.1))
        assert watcher.flush(30) and watcher.series.totals[ALL].calls == n + 1
    began = time.monotonic()
    watcher.close()
    assert time.monotonic() - began < 30


def test_three_ways_to_count_ten_thousand_calls_agree():
    watcher, sink = monitor(), Sink()
    watcher.add_sink(sink)
    lm, caching = lm_of(), lm_of('test/cached', cache=True)
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
    caching('warm')
    kinds = ['fine'] * 6 + ['FAIL', 'STOP', 'GARBLE', 'cached']
    def ask(n):
        kind = kinds[n % len(kinds)]
        try:
            if kind == 'cached': caching('warm')
            else: lm(f'{kind} {n}')
        except (Exception, dspy_toolkit.Cancelled) as e: return type(e).__name__
        return kind if kind == 'cached' else 'ok'
    with ThreadPoolExecutor(8) as pool: seen = Counter(pool.map(ask, range(10_000)))
    watcher.flush()
    total, ended = watcher.series.totals[ALL], [call for batch in sink.batches for call in batch.ended]
    assert watcher.dropped == 0 and total.calls == len(ended) == 10_001 and len({call.request_id for call in ended}) == 10_001
    assert seen == {'ok': 7000, 'LMRateLimitError': 1000, 'Cancelled': 1000, 'cached': 1000}
    assert (total.errors, total.cancelled, total.cached) == ({'LMRateLimitError': 1000}, 1000, 1000)
    assert total.output_tokens == 3 * 7001 == sum(call.output_tokens for call in ended)
    now = watcher.snapshot(600)
    assert now.total['calls'] == 10_001 and now.in_flight == 0 and now.models['test/capital']['failed'] == 1000


def test_an_answer_that_cannot_be_read_is_amended_once():
    watcher = monitor()
    with dspy.context(lm=lm_of(), adapter=dspy.ChatAdapter(use_json_adapter_fallback=False)):
        for _ in range(3):
            with pytest.raises(Exception, match='.'): dspy.Predict('question -> answer')(question='GARBLE')
            watcher.flush()
    assert watcher.series.totals[ALL].unparsed == 3 and watcher.series.totals[ALL].failed == 0
    assert {call.outcome for call in watcher.recent} == {'unparsed'}


def test_an_answer_that_is_read_late_is_amended_however_many_calls_ended_meanwhile():
    own = Bus()
    watcher = Monitor(own)
    def ask(n, step):
        own.publish(RequestStarted(f'call {n}', 'm', signature='Qa', parent_id=step))
        own.publish(RequestFinished(f'call {n}', 'm', 0.1))
    own.publish(StepStarted('late', 'module', 'Predict'))
    ask('late', 'late')
    for n in range(3 * watcher.capture.remembered):
        own.publish(StepStarted(f'step {n}', 'module', 'Predict'))
        ask(n, f'step {n}')
        own.publish(StepFinished(f'step {n}', 'module', 'Predict'))
    own.publish(StepFinished('parse', 'parse', 'ChatAdapter', 'late', error='AdapterParseError', request_id='call late'))
    watcher.flush()
    assert watcher.series.totals[ALL].unparsed == 1
    own.publish(StepFinished('late', 'module', 'Predict'))
    for n in range(2 * watcher.capture.remembered): ask(-n, '')
    own.publish(StepFinished('parse again', 'parse', 'ChatAdapter', 'late', error='AdapterParseError', request_id='call late'))
    watcher.flush()
    assert not watcher.capture.take()[1] and len(watcher.capture._recent) == watcher.capture.remembered  # forgotten at last
    watcher.close()


def test_a_full_queue_drops_and_counts_and_never_waits():
    own = Bus()
    held, watcher = threading.Event(), Monitor(own, limit=100)
    class Slow(Sink):
        def add(self, batch): held.wait(10)
    watcher.add_sink(Slow())
    began = time.monotonic()
    for n in range(5_000): own.publish(RequestStarted(str(n), 'm'))
    took = time.monotonic() - began
    held.set()
    watcher.flush()
    counted = watcher.capture.open
    assert watcher.dropped > 0 and len(counted) + watcher.dropped == 5_000 and took < 5
    watcher.close()


def test_a_sink_that_fails_hurts_nobody(caplog):
    own = Bus()
    watcher, good, bad = Monitor(own), Sink(), Sink(fail=True)
    watcher.add_sink(bad)
    watcher.add_sink(good)
    for n in range(3):
        own.publish(RequestStarted(str(n), 'm'))
        own.publish(RequestFinished(str(n), 'm', 0.1))
        watcher.flush()
    assert sum(len(batch.ended) for batch in good.batches) == 3 == sum(len(batch.ended) for batch in bad.batches)
    assert [r.message for r in caplog.records if 'disk is full' in r.message] == ["Sink could not take what happened: OSError: the disk is full"]
    watcher.close()


def test_close_counts_what_waits_and_leaves_no_thread():
    own = Bus()
    watcher = Monitor(own)
    own.publish(RequestFinished('1', 'm', 0.1))
    watcher.close()
    watcher.close()
    own.publish(RequestFinished('2', 'm', 0.1))
    assert watcher.series.totals[ALL].calls == 1 and not own.listening
    assert not [t for t in threading.enumerate() if t.name == 'dspy_toolkit monitor']


def test_a_quiet_monitor_sleeps_and_wakes():
    own = Bus()
    watcher = Monitor(own, pause=0.01)
    own.publish(RequestFinished('1', 'm', 0.1))
    deadline = time.monotonic() + 10
    while watcher._awake and time.monotonic() < deadline: time.sleep(0.05)
    assert not watcher._awake
    own.publish(RequestFinished('2', 'm', 0.1))
    assert watcher.flush() and watcher.series.totals[ALL].calls == 2
    watcher.close()


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='no fork here')
def test_a_forked_child_counts_its_own_calls_only():
    own = Bus()
    watcher = Monitor(own)
    own.publish(RequestFinished('1', 'm', 0.1))
    watcher.flush()
    own.publish(RequestStarted('2', 'm'))
    pid = os.fork()
    if pid == 0:
        own.publish(RequestFinished('3', 'm', 0.1))
        ok = watcher.flush() and watcher.series.totals[ALL].calls == 2
        os._exit(0 if ok else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    own.publish(RequestFinished('2', 'm', 0.1))
    assert watcher.flush() and watcher.series.totals[ALL].calls == 2
    watcher.close()


def test_the_monitor_of_the_process_is_one_and_reset_closes_it():
    assert monitor() is monitor()
    session.reset()
    assert monitoring._current is None and not bus.listening


def test_tasks_are_counted_like_threads():
    watcher = monitor()
    class Async:
        async def complete(self, request):
            await asyncio.sleep(0)
            return Engine().complete(request)
    lm = dspy.LM('test/capital', engine=Engine(), async_engine=Async(), cache=False, num_retries=0)
    async def main(): return await asyncio.gather(*(lm.acall(f'{"FAIL" if n % 4 == 0 else "fine"} {n}') for n in range(40)), return_exceptions=True)
    answers = asyncio.run(main())
    watcher.flush()
    total = watcher.series.totals[ALL]
    assert (total.calls, total.failed) == (40, sum(isinstance(a, Exception) for a in answers)) == (40, 10)


def test_gauges_that_fail_say_so_and_those_of_the_dead_are_gone():
    class Owner:
        def gauges(self): return {'waiting': 1 / self.divisor}
        divisor = 1
    fine, broken, gone = Owner(), Owner(), Owner()
    broken.divisor = 0
    for name, owner in (('fine', fine), ('broken', broken), ('gone', gone)): register_gauges(name, owner)
    del gone, owner
    gc.collect()
    assert {k: v for k, v in collect_gauges().items() if k in ('fine', 'broken', 'gone')} == {
        'fine': {'waiting': 1.0}, 'broken': {'error': 'ZeroDivisionError: division by zero'}}


def test_two_engines_of_one_name_are_told_apart_until_one_is_closed():
    from dspy_toolkit.core.actions import list_actions
    from dspy_toolkit.engine.worker import ScriptedBackend, Worker
    one, other = (Worker(ScriptedBackend(['a']), 'twice') for _ in range(2))
    assert {'twice', 'twice #2'} <= set(collect_gauges()) and {'twice', 'twice #2'} <= set(list_actions())
    one.close()
    assert [name for name in collect_gauges() if name.startswith('twice')] == ['twice'] == [n for n in list_actions() if n.startswith('twice')]
    other.close()
    assert not [name for name in collect_gauges() if name.startswith('twice')]
