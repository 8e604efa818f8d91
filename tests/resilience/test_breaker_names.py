"Which breaker stands behind a name, what it says without being asked to move, and which statuses speak of a server's health."
import asyncio
import contextlib

import pytest

from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import BreakerConfig, BreakerRegistry, CallFailed, CallSucceeded, CircuitBreaker, State, worth_counting
from dspy_toolkit.resilience.window import ManualClock

DEFAULT, OWN, OTHER = (BreakerConfig(sliding_window_size=n) for n in (3, 5, 7))


def make_registry():
    clock, bus = ManualClock(5.0), Bus()
    return BreakerRegistry(DEFAULT, {'own': OWN}, clock, bus), clock, bus


def make_breaker(**config):
    clock, bus = ManualClock(1000.0), Bus()
    return CircuitBreaker('b', BreakerConfig(slow_call_duration_threshold=1.0, **config), clock, bus), clock, bus


def test_a_guard_is_made_with_the_registrys_clock_and_bus():
    registry, clock, bus = make_registry()
    made = registry.guard('a', 'X')
    assert (made.name, made.guards, made.clock, made.bus) == ('a', 'X', clock, bus) and registry['a'] is made


@pytest.mark.parametrize('name, config, unless, wanted', [
    ('a', None, None, DEFAULT), ('a', None, OTHER, OTHER), ('a', OTHER, OWN, OTHER), ('own', None, None, OWN), ('own', None, OTHER, OWN), ('own', OTHER, None, OTHER),
], ids=['default', 'in place of the default', 'given', 'by name', 'by name before the default', 'given before the name'])
@pytest.mark.parametrize('guards', ['X', None], ids=['known', 'unknown'])
def test_a_guard_gets_the_nearest_config(name, config, unless, wanted, guards):
    assert make_registry()[0].guard(name, guards, config, unless).config is wanted


def test_a_backend_keeps_its_breaker_under_every_name():
    registry, _, _ = make_registry()
    first = registry.guard('a', 'X')
    assert registry.guard('a', 'X') is first and registry.guard('b', 'X') is first and registry['b'] is first
    assert (first.name, list(registry), len(registry)) == ('a', ['a'], 1)
    second = registry.guard('a', 'Y')
    assert second is not first and second.config is first.config and registry['a'] is second and registry['b'] is first
    assert (first.name, second.name, list(registry)) == ('b', 'a', ['a', 'b'])
    assert registry.guard('c', 'X') is first and first.name == 'b'
    registry.remove('b')
    assert list(registry) == ['a'] and 'c' not in registry and registry.guard('c', 'X') is not first


def test_a_breaker_without_a_name_comes_back_with_the_backend():
    registry, _, _ = make_registry()
    first = registry.guard('a', 'X')
    registry.guard('a', 'Y')
    assert first.name == 'a' and registry.guard('z', 'X') is first and first.name == 'z'


def test_a_name_takes_the_config_of_the_breaker_that_had_it():
    registry, _, _ = make_registry()
    registry.guard('a', 'X', OTHER)
    assert registry.guard('a', 'Y', None, OWN).config is OTHER


def test_a_breaker_that_was_asked_for_by_name_learns_what_it_guards():
    registry, _, _ = make_registry()
    plain = registry['a']
    assert plain.guards is None and registry.guard('a', None) is plain and plain.guards is None
    assert registry.guard('a', 'X') is plain and plain.guards == 'X' and registry.guard('b', 'X') is plain


def test_another_config_is_refused_under_a_name_and_makes_another_breaker_under_a_new_one():
    registry, _, _ = make_registry()
    first = registry.guard('a', 'X', OWN)
    with pytest.raises(SettingsError, match="breaker 'a' is there with another config") as caught: registry.guard('a', 'X', OTHER)
    assert 'remove it first' in caught.value.hint and registry.guard('a', 'X', OWN) is first
    assert registry.guard('b', 'X', OTHER) is not first


def test_a_measure_reads_the_rates_and_changes_no_state():
    breaker, clock, _ = make_breaker(sliding_window_type='time_based', sliding_window_size=10, minimum_number_of_calls=2, failure_rate_threshold=0.5, wait_duration_in_open=5)
    breaker.record(breaker.acquire(), duration=0.0)
    assert breaker.measure() == (1000.0, State.closed, None, None)
    breaker.record(breaker.acquire(), duration=2.0)
    assert breaker.measure() == (1000.0, State.closed, 0.0, 0.5)
    breaker.record(breaker.acquire(), ConnectionError(), duration=2.0)
    assert breaker.measure() == (1000.0, State.closed, 1 / 3, 2 / 3)
    breaker.record(breaker.acquire(), ConnectionError(), duration=0.0)
    clock.advance(6)
    assert breaker.measure() == (1006.0, State.open, 0.5, 0.5)
    clock.advance(10)
    assert breaker.measure() == (1016.0, State.open, None, None)
    breaker.transition_to('disabled')
    assert breaker.measure() == (1016.0, State.disabled, None, None)


@pytest.mark.parametrize('status, ill', [
    (None, True), (400, False), (404, False), (407, False), (408, True), (409, False), (424, False), (425, True), (426, False), (428, False), (429, True), (430, False), (499, False),
    (500, True), (501, True), (503, True)])
@pytest.mark.parametrize('kind', ['LMError', 'LMProviderError'])
def test_a_status_says_whether_the_server_is_healthy(kind, status, ill):
    import dspy
    error = getattr(dspy, kind)('x')
    error.status = status
    assert worth_counting(error) is ill


def test_every_way_of_a_call_hands_on_its_arguments_and_takes_its_time():
    breaker, clock, bus = make_breaker()
    def pause(a, *, b):
        clock.advance(3.0)
        return a, b
    @breaker
    def plain(a, *, b): return pause(a, b=b)
    @breaker
    async def later(a, *, b): return pause(a, b=b)
    @breaker
    def steps(a, *, b): yield pause(a, b=b)
    @breaker
    async def later_steps(a, *, b): yield pause(a, b=b)
    async def collect(): return [each async for each in later_steps(1, b=2)]
    async def delayed(): return pause(1, b=2)
    ways = [lambda: plain(1, b=2), lambda: asyncio.run(later(1, b=2)), lambda: next(iter(list(steps(1, b=2)))), lambda: asyncio.run(collect())[0],
            lambda: asyncio.run(breaker.call(delayed))]
    for way in ways:
        with bus.record() as seen: assert way() == (1, 2)
        assert [(o.breaker, o.seconds) for o in seen if type(o) is CallSucceeded] == [('b', 3.0)]


def test_every_way_of_a_call_that_fails_takes_its_time():
    breaker, clock, bus = make_breaker()
    def fail():
        clock.advance(3.0)
        raise ConnectionError
    @breaker
    def plain(): fail()
    @breaker
    def steps(): yield fail()
    async def later(): fail()
    @breaker
    async def later_steps(): yield fail()
    async def collect(): return [each async for each in later_steps()]
    for way in (plain, lambda: list(steps()), lambda: asyncio.run(breaker.call(later)), lambda: asyncio.run(collect())):
        with bus.record() as seen, pytest.raises(ConnectionError): way()
        assert [(o.breaker, o.seconds, o.error) for o in seen if type(o) is CallFailed] == [('b', 3.0, 'ConnectionError')]


def test_the_time_between_two_steps_is_not_the_streams():
    breaker, clock, bus = make_breaker()
    @breaker
    def steps():
        clock.advance(2.0)
        yield 1
        raise ConnectionError
    with bus.record() as seen, pytest.raises(ConnectionError):
        for _ in steps(): clock.advance(100.0)
    assert [o.seconds for o in seen if type(o) is CallFailed] == [2.0]


@pytest.mark.parametrize('name', ['a', 'own'])
def test_a_breaker_by_name_tells_the_registrys_bus(name):
    registry, _, bus = make_registry()
    assert registry.breaker(name).bus is bus


@pytest.mark.parametrize('fails, kind', [(False, CallSucceeded), (True, CallFailed)])
def test_an_awaited_call_took_the_time_of_its_wait(fails, kind):
    breaker, clock, bus = make_breaker()
    heard = []
    bus.subscribe(heard.append, kind)
    async def work():
        clock.advance(0.25)
        if fails: raise ConnectionError
    with contextlib.suppress(ConnectionError): asyncio.run(breaker.acall(work))
    assert [event.seconds for event in heard] == [0.25]


def test_the_result_of_an_awaited_call_is_judged():
    breaker, _, _ = make_breaker(record_results=(lambda result: result == 'bad',))
    async def give(result): return result
    for result in ('good', 'bad', 'bad'): assert asyncio.run(breaker.acall(give, result)) == result
    assert (breaker.snapshot().buffered, breaker.snapshot().failed) == (3, 2)
