"A life keeps what happened to a breaker, in order, within bounds, and keeps nothing else alive."
import gc
import threading
import time
import weakref

import pytest
from dspy_toolkit.core.errors import NotRegistered
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.breaker import BreakerConfig, CircuitBreaker
from dspy_toolkit.resilience.life import Life, follow, life, lives
from dspy_toolkit.resilience.window import ManualClock

LOST = ConnectionError("reset")


def made(name='b', bus=None, **config):
    config = dict(sliding_window_size=4, minimum_number_of_calls=2, wait_duration_in_open=30, permitted_calls_in_half_open=1, slow_call_duration_threshold=5) | config
    clock = ManualClock(1000.0)
    return CircuitBreaker(name, BreakerConfig(**config), clock, bus or Bus()), clock


def ended(breaker, error=None, duration=1.0): breaker.record(breaker.acquire(), error, duration=duration)


def refused(breaker):
    with pytest.raises(Exception, match='is open'): breaker.acquire()


def kinds(story): return [m.kind for m in story.moments()]


@pytest.fixture(autouse=True)
def no_lives():
    yield
    for name in list(lives): lives.pop(name).close()


def test_a_moment_has_the_state_and_the_rates_after_it():
    breaker, clock = made()
    story = Life(breaker)
    ended(breaker)
    clock.advance(2)
    ended(breaker, LOST)
    first, good, bad, told, moved = story.moments()
    assert (first.at, first.kind, first.state, first.failure_rate) == (1000, 'followed', 'closed', None)
    assert (good.kind, good.failure_rate) == ('succeeded', None)  # below the minimum
    assert (bad.at, bad.kind, bad.state, bad.failure_rate, bad.slow_call_rate, bad.note) == (1002, 'failed', 'open', 0.5, 0.0, 'ConnectionError')
    assert (told.kind, moved.kind, moved.state, moved.note) == ('failure_rate_exceeded', 'transition', 'open', '1 of 2 calls failed')


def test_every_kind_of_event_of_a_breaker_is_a_moment():
    breaker, clock = made(ignore_exceptions=ValueError, slow_call_rate_threshold=0.5)
    story = Life(breaker)
    ended(breaker, ValueError())
    ended(breaker, duration=9)
    ended(breaker, LOST)
    refused(breaker)
    breaker.reset()
    assert set(kinds(story)) == {
        'followed', 'succeeded', 'failed', 'ignored', 'slow', 'not_permitted', 'transition', 'failure_rate_exceeded', 'slow_call_rate_exceeded', 'reset'}


def test_the_rates_of_a_time_based_window_are_those_of_now():
    breaker, clock = made(sliding_window_type='time_based', sliding_window_size=10, failure_rate_threshold=1.0, ignore_exceptions=ValueError)
    story = Life(breaker)
    ended(breaker, LOST)
    ended(breaker)
    clock.advance(60)
    ended(breaker, ValueError())
    assert [m.failure_rate for m in story.moments()] == [None, None, 0.5, None]


def test_the_rates_of_an_open_breaker_are_those_that_opened_it_and_a_new_period_has_none():
    breaker, clock = made()
    story = Life(breaker)
    ended(breaker, LOST)
    ended(breaker, LOST)
    refused(breaker)
    assert story.moments()[-1].failure_rate == 1.0
    clock.advance(30)
    ended(breaker)
    assert [(m.kind, m.state, m.failure_rate) for m in story.moments()[-3:]] == [('transition', 'half_open', None), ('succeeded', 'closed', None), ('transition', 'closed', None)]


def test_transitions_that_are_told_together_are_told_apart():
    "Time for the probes ran out long ago; when somebody looks, it has opened and waited as well."
    breaker, clock = made(max_wait_in_half_open=5)
    breaker.transition_to('open')
    breaker.transition_to('half_open')
    story = Life(breaker)
    clock.advance(100)
    breaker.acquire()
    assert [(m.kind, m.state) for m in story.moments()] == [('followed', 'half_open'), ('transition', 'open'), ('transition', 'half_open')]


def test_refusals_at_once_are_one_moment_and_later_ones_another():
    breaker, clock = made()
    breaker.transition_to('open')
    story = Life(breaker)
    for _ in range(1000): refused(breaker)
    clock.advance(0.2)
    refused(breaker)
    assert [(m.kind, m.count) for m in story.moments()] == [('followed', 1), ('not_permitted', 1000), ('not_permitted', 1)]


def test_a_life_keeps_the_last_moments_only():
    breaker, clock = made(failure_rate_threshold=1.0)
    story = Life(breaker, limit=3)
    for _ in range(10): clock.advance(1); ended(breaker)
    assert [m.at for m in story.moments()] == [1008, 1009, 1010]


def test_a_life_does_not_hear_of_others():
    bus = Bus()
    (mine, _), (other, _) = made('mine', bus), made('other', bus)
    story = Life(mine)
    ended(other)
    assert kinds(story) == ['followed']


def test_a_closed_life_hears_no_more_and_has_an_end():
    breaker, clock = made()
    story = Life(breaker)
    clock.advance(5)
    assert story.until == 1005
    story.close()
    clock.advance(5)
    story.close()
    ended(breaker)
    assert (kinds(story), story.until, breaker.bus._subscriptions) == (['followed'], 1005, ())


def test_a_life_does_not_keep_its_breaker_and_ends_when_another_takes_the_name():
    bus = Bus()
    breaker, _ = made(bus=bus)
    story, gone = Life(breaker), weakref.ref(breaker)
    del breaker
    gc.collect()
    assert gone() is None
    another, _ = made(bus=bus)
    ended(another)
    assert (kinds(story), bus._subscriptions) == (['followed'], ())


def test_moments_of_many_threads_are_all_kept_in_the_order_of_their_times():
    def clock():
        now = time.monotonic()
        time.sleep(0)  # another thread's turn, between looking at the clock and keeping what it said
        return now
    breaker = CircuitBreaker('b', BreakerConfig(failure_rate_threshold=1.0), clock, Bus())
    story = Life(breaker, limit=10_000)
    seen = []

    def calls():
        for _ in range(500): ended(breaker); seen.append(story.moments()[-1])
    threads = [threading.Thread(target=calls) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    times = [m.at for m in story.moments()]
    assert kinds(story).count('succeeded') == 2000 and times == sorted(times) and len(seen) == 2000


def test_to_follow_a_breaker_twice_is_to_follow_it_once():
    breaker, _ = made()
    assert follow(breaker) is follow(breaker) is life('b') is lives['b']
    ended(breaker)
    assert kinds(life('b')) == ['followed', 'succeeded']


def test_another_breaker_of_the_name_and_one_whose_life_was_closed_begin_another_life():
    (one, _), (other, _) = made(), made()
    first = follow(one)
    second = follow(other)
    assert first is not second and first.ended is not None and second.ended is None
    second.close()
    ended(other)
    third = follow(other)
    ended(other)
    assert kinds(second) == ['followed'] and kinds(third) == ['followed', 'succeeded']


def test_a_life_that_is_not_recorded_is_refused_with_those_that_are():
    follow(made()[0])
    with pytest.raises(NotRegistered, match="no life of a breaker 'c'") as e: life('c')
    assert e.value.hint == 'follow(breaker) begins; there are b'
