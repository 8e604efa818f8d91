"""resilience4j's state machine, row by row, and what was decided where it is unclear.

A row is a config and a script, read from left to right:
    ok fail slow both ignored cancelled    a call that is permitted and ends so (slow: well, but slowly; both: slowly and badly)
    no                                     a call that is refused
    a ok:a fail:a free:a drop:a            ask for a permit and keep it under one letter; answer, release or lose it
    amend:a                                say that the answer was no good after all
    +30                                    time passes, in seconds
    >open !open                            go to a state by hand; try to, and hear that it cannot be
    reset
    =open                                  the breaker is in that state
"""
import asyncio
import copy
import gc
import multiprocessing
import subprocess
import sys
import threading
import tracemalloc
import weakref

import pytest
from dspy_toolkit.core import events
from dspy_toolkit.core.errors import CallNotPermitted, SettingsError, ToolkitError
from dspy_toolkit.core.events import BreakerTransition, Bus
from dspy_toolkit.resilience.breaker import (
    MODEL_CONFIG,
    BreakerConfig,
    BreakerRegistry,
    BreakerReset,
    CallFailed,
    CallIgnored,
    CallSlow,
    CallSucceeded,
    CircuitBreaker,
    Exponential,
    FailureRateExceeded,
    IllegalTransition,
    SlowCallRateExceeded,
    State,
    breakers,
)
from dspy_toolkit.resilience.window import ManualClock

SLOW = 2.0  # seconds; the threshold in these tests is 1


class Ignored(Exception): pass


ENDS = {'ok': {}, 'fail': {'error': ConnectionError("reset")}, 'slow': {'duration': SLOW}, 'both': {'error': ConnectionError("reset"), 'duration': SLOW},
        'ignored': {'error': Ignored()}, 'cancelled': {'error': asyncio.CancelledError()}}


def made(**config):
    config = dict(slow_call_duration_threshold=1.0, ignore_exceptions=Ignored) | config
    clock, bus = ManualClock(1000.0), Bus()
    return CircuitBreaker('b', BreakerConfig(**config), clock, bus), clock, bus


def play(breaker, clock, script):
    permits = {}
    for n, word in enumerate(script.split()):
        here = f"step {n + 1}, {word!r} of {script!r}"
        end, _, letter = word.partition(':')
        if word in ENDS: breaker.record(breaker.acquire(), **{'duration': 0.0} | ENDS[word])
        elif word == 'no':
            with pytest.raises(CallNotPermitted): breaker.acquire(), pytest.fail(here)
        elif word == 'reset': breaker.reset()
        elif letter and end in ENDS: breaker.record(permits[letter], **{'duration': 0.0} | ENDS[end])
        elif end == 'free': breaker.release(permits[letter])
        elif end == 'amend': breaker.amend(permits[letter], 'unparsed')
        elif end == 'drop': del permits[letter]
        elif word[0] == '+': clock.advance(float(word[1:]))
        elif word[0] == '>': breaker.transition_to(word[1:])
        elif word[0] == '!':
            with pytest.raises(IllegalTransition): breaker.transition_to(word[1:])
        elif word[0] == '=': assert breaker.state.value == word[1:], here
        else:
            assert len(word) == 1, here
            permits[word] = breaker.acquire()
    return breaker.snapshot()


TEN = dict(sliding_window_size=10, minimum_number_of_calls=5, wait_duration_in_open=30, permitted_calls_in_half_open=2)
FOUR = dict(sliding_window_size=4, minimum_number_of_calls=4, wait_duration_in_open=30, permitted_calls_in_half_open=4)
TIMED = dict(sliding_window_type='time_based', sliding_window_size=10, minimum_number_of_calls=4)
HALF = "fail fail fail fail fail =open +30 "  # TEN, up to the first probe
ROWS = {
    # closed
    'nothing opens below the minimum': (TEN, "fail fail fail fail =closed"),
    'the call that reaches the minimum opens': (TEN, "fail fail fail fail fail =open"),
    'a success may be the call that reaches the minimum': (TEN, "fail fail fail fail ok =open"),
    'a rate equal to the threshold opens': (FOUR, "ok ok fail =closed fail =open"),
    'a rate below it does not': (FOUR, "ok ok ok fail =closed ok ok =closed"),
    'the oldest call falls out of the window': (FOUR, "fail ok ok ok fail =closed ok ok ok =closed fail ok fail =open"),
    'the minimum is at most the size of a count-based window': (TEN | dict(minimum_number_of_calls=100), "fail fail fail fail fail fail fail fail fail =closed fail =open"),
    'by default half of a hundred calls': ({}, "ok " * 50 + "fail " * 49 + "=closed fail =open"),
    'by default ninety-nine failures open nothing': ({}, "fail " * 99 + "=closed"),
    'ignored and cancelled calls count neither way': (FOUR, "fail ignored fail ignored cancelled fail cancelled =closed fail =open"),
    'ignored calls do not push others out': (FOUR, "fail fail ok ignored ignored ignored ignored ok =open"),
    'by default only slow calls and nothing else open for slowness': (FOUR, "slow slow slow ok =closed slow slow slow slow =open"),
    'a slow rate equal to its threshold opens': (FOUR | dict(slow_call_rate_threshold=0.5), "ok ok slow =closed slow =open"),
    'failures and slow calls are not added up': (FOUR | dict(slow_call_rate_threshold=0.5), "fail slow ok ok =closed"),
    'a call that is slow and fails counts for both rates': (FOUR | dict(slow_call_rate_threshold=0.5, failure_rate_threshold=0.75), "both ok ok slow =open"),
    # time
    'failures of the last seconds open': (TIMED, "fail fail fail +9 fail =open"),
    'older ones are forgotten': (TIMED, "fail fail fail +10 fail =closed"),
    'seconds roll over one by one': (TIMED, "fail +3 fail +3 fail +3 ok =open"),
    'and fall out one by one': (TIMED, "fail +4 ok +4 ok +4 ok ok fail fail fail =closed fail =open"),
    'a long silence forgets everything': (TIMED, "fail fail fail +100000 fail fail fail =closed fail =open"),
    'the minimum may be more than the seconds': (TIMED | dict(minimum_number_of_calls=12), "fail " * 11 + "=closed fail =open"),
    # open
    'open refuses until it has waited': (TEN, "fail fail fail fail fail no +29.999 no =open"),
    'at that very moment it permits': (TEN, HALF + "a =half_open"),
    'it stays open until somebody calls': (TEN, HALF + "=open +1000 =open ok =half_open"),
    'a released permit of before changes nothing': (TEN, "a " + HALF + "free:a b c no =half_open"),
    # half_open
    'as many probes as are permitted': (TEN, HALF + "a b no no =half_open"),
    'all well closes': (TEN, HALF + "ok =half_open ok =closed"),
    'all bad opens': (TEN, HALF + "fail =half_open fail =open no"),
    'half of them bad is the threshold': (TEN, HALF + "ok =half_open fail =open"),
    'fewer bad than the threshold closes': (FOUR, "fail fail fail fail +30 ok ok fail ok =closed"),
    'slow probes open': (TEN, HALF + "slow slow =open"),
    'one slow probe of two does not by default': (TEN, HALF + "slow ok =closed"),
    'it is judged after the minimum, where fewer than the probes': (TEN | dict(minimum_number_of_calls=2, permitted_calls_in_half_open=5), "fail fail +30 a b c d e no ok:a =half_open ok:b =closed"),
    'and after the probes, where fewer than the minimum': (TEN, HALF + "a b ok:a =half_open ok:b =closed"),
    'what was counted before does not weigh on the probes': (FOUR | dict(permitted_calls_in_half_open=1), "fail fail fail fail +30 ok =closed"),
    'nor the probes on what comes after': (FOUR, "fail fail fail fail +30 ok ok ok fail =closed fail ok ok =closed"),
    'an ignored probe gives its permit back': (TEN, HALF + "ignored ignored ignored a b no"),
    'so does a cancelled one': (TEN, HALF + "cancelled cancelled cancelled a b no"),
    'so does a released one': (TEN, HALF + "a b free:a c no =half_open"),
    'so does one that nobody holds any more': (TEN, HALF + "a b drop:a drop:b c d no ok:c ok:d =closed"),
    'an answered probe gives no permit back': (TEN, HALF + "a ok:a drop:a b no"),
    'a permit given back twice is one permit': (TEN, HALF + "a b free:a free:a c no"),
    'a permit answered and given back is one permit': (TEN, HALF + "a ok:a free:a b no ok:b =closed"),
    'a second answer does nothing': (TEN, HALF + "a fail:a fail:a fail:a =half_open ok:a"),
    'an answer after giving back does nothing': (TEN, HALF + "a free:a fail:a fail:a =half_open b c no"),
    'there is no limit to it': (TEN, HALF + "a b +1000000000 =half_open no ok:a ok:b =closed"),
    'unless one is set': (TEN | dict(max_wait_in_half_open=10), HALF + "a b +9.9 =half_open +0.1 =open no"),
    'and then the wait counts from there': (TEN | dict(max_wait_in_half_open=10), HALF + "a b +39.9 no =open +0.1 c =half_open"),
    'a late probe does not count after it': (TEN | dict(max_wait_in_half_open=10), HALF + "a b +10 ok:a ok:b =open"),
    'a new limit for new probes': (TEN | dict(max_wait_in_half_open=10), HALF + "a +100 b =half_open +9 =half_open +1 =open"),
    # results that arrive after a transition
    'a failure of before is not held against the probe': (TEN, "z " + HALF + "a b fail:z =half_open ok:a ok:b =closed"),
    'nor a success of before counted for it': (TEN, "z " + HALF + "a b ok:z ok:a =half_open fail:b =open"),
    'nor counted while open': (TEN, "z y x w v u fail fail fail fail fail =open ok:z ok:y ok:x ok:w ok:v ok:u =open"),
    'nor once it is closed again': (FOUR | dict(permitted_calls_in_half_open=1), "z y x w fail fail fail fail +30 ok =closed fail:z fail:y fail:x fail:w =closed"),
    'a probe of an earlier half_open neither': (TEN, HALF + "a b fail:a >open +30 c d ok:b =half_open ok:c ok:d =closed"),
    # by hand
    'closing by hand forgets': (TEN, "fail fail fail fail >closed fail fail fail fail =closed"),
    'reset forgets': (TEN, "fail fail fail fail reset fail fail fail fail =closed"),
    'opening again by hand waits again': (TEN, HALF + ">open no +29 no +1 ok =half_open"),
    'probing again by hand renews the probes': (TEN, HALF + "a b no >half_open c d no ok:a ok:b =half_open"),
    'disabled lets all through and counts nothing': (TEN, ">disabled fail fail fail fail fail fail =disabled >closed fail fail fail fail =closed"),
    'a permit of disabled counts nowhere': (TEN, ">disabled a >closed fail fail fail fail fail:a =closed fail =open"),
    'forced_open never opens its door': (TEN, ">forced_open no +1000000 no =forced_open"),
    'metrics_only lets all through': (TEN, ">metrics_only " + "fail " * 20 + "=metrics_only"),
    'what never makes sense': (TEN, "!half_open =closed >metrics_only !open !half_open =metrics_only"),
    # amending
    'an answer that is no good after all is a failure': (FOUR, "a ok:a ok ok amend:a =closed fail =open"),
    'and may be the one that opens': (FOUR, "a b ok:a ok:b ok ok amend:a =closed amend:b =open"),
    'nothing opens below the minimum, amended or not': (TEN, "a b c d ok:a ok:b ok:c ok:d amend:a amend:b amend:c amend:d =closed ok =open"),
    'a call is amended once': (FOUR, "a ok:a ok ok ok amend:a amend:a amend:a =closed"),
    'a slow call that is amended is still a slow one': (TEN | dict(slow_call_rate_threshold=0.3), "a slow:a ok ok amend:a ok =closed fail slow =open"),
    'a failure is not amended': (FOUR, "a fail:a ok ok ok amend:a =closed"),
    'nor what was never answered': (FOUR, "a fail ok ok ok amend:a =closed"),
    'and it may be answered after all': (FOUR, "a amend:a fail ok ok fail:a =open"),
    'nor what was given back': (FOUR, "a free:a ok fail ok ok amend:a =closed"),
    'what is given back after its answer can be amended': (FOUR, "a ok:a free:a ok fail ok amend:a =open"),
    'nor an ignored one': (FOUR, "a ignored:a fail ok ok ok amend:a =closed"),
    'nor one that fell out of the window': (FOUR, "a ok:a ok ok fail ok amend:a =closed fail =open"),
    'the last in the window is': (FOUR, "a ok:a ok ok fail amend:a =open"),
    'nor one that is too old': (TIMED, "a ok:a fail +10 fail ok ok amend:a =closed"),
    'the last second is': (TIMED, "a ok:a +9 fail ok ok amend:a =open"),
    'an open breaker is not amended': (TEN, "a ok:a fail fail fail fail =open amend:a +30 b =half_open"),
    'nor the probes with a call of before': (TEN, "a ok:a fail fail fail fail =open +30 b amend:a ok:b ok =closed"),
    'nor what was counted anew': (TEN | dict(minimum_number_of_calls=1), "a ok:a >open >closed amend:a =closed fail =open"),
    'a late answer, which did not count, is not amended': (TEN, "a " + HALF + "b c ok:a amend:a ok:b ok:c amend:a =closed"),
    'a probe is, while others are out': (TEN, HALF + "a b ok:a amend:a =half_open ok:b =open"),
    'and takes no other place': (TEN, HALF + "a ok:a amend:a b no =half_open"),
    'a probe that was no good opens what it closed': (TEN, HALF + "a b ok:a ok:b =closed amend:b =open no +29 no +1 ok =half_open"),
    'one of many opens nothing it would not have kept open': (FOUR, "fail fail fail fail +30 a b ok:a ok:b ok ok =closed amend:a =closed amend:b =open"),
    'also much later': (TEN, HALF + "a b ok:a ok:b +1000 ok ok ok ok ok ok ok ok ok ok ok =closed amend:b =open"),
    'once': (TEN, HALF + "a b ok:a ok:b amend:b =open amend:b amend:a =open +30 ok ok =closed amend:a amend:b =closed"),
    'but not what was closed by hand': (TEN, HALF + "a ok:a >closed amend:a =closed"),
    'nor what was closed again by hand': (TEN, HALF + "a b ok:a ok:b =closed >closed amend:a =closed"),
    'nor what other probes have closed': (TEN, HALF + "a b ok:a ok:b >open >half_open ok ok =closed amend:a =closed"),
    'nor through another state': (TEN, HALF + "a b ok:a ok:b >disabled amend:a =disabled"),
    'a probe after the limit is not amended': (TEN | dict(max_wait_in_half_open=10), HALF + "a b ok:a +10 amend:a =open ok:b +30 ok ok =closed"),
    'disabled has nothing to amend': (TEN, ">disabled a ok:a amend:a =disabled >closed =closed"),
    'metrics_only is amended and opens nothing': (FOUR, ">metrics_only a b ok:a ok:b ok ok amend:a amend:b =metrics_only"),
    # automatic
    'automatic: half open without a call': (TEN | dict(automatic_transition_from_open_to_half_open=True), "fail fail fail fail fail +29 =open +1 =half_open ok ok =closed"),
    'automatic: the limit too': (TEN | dict(automatic_transition_from_open_to_half_open=True, max_wait_in_half_open=10), HALF + "=half_open +10 =open +30 =half_open"),
}


@pytest.mark.parametrize('config, script', ROWS.values(), ids=ROWS.keys())
def test_the_state_machine(config, script):
    breaker, clock, _ = made(**config)
    play(breaker, clock, script)


LEGAL = {  # resilience4j's StateTransition
    'closed': 'closed open disabled metrics_only forced_open', 'half_open': 'half_open closed open disabled metrics_only forced_open',
    'open': 'open closed half_open disabled metrics_only forced_open', 'forced_open': 'forced_open closed open disabled metrics_only half_open',
    'disabled': 'disabled closed open forced_open half_open metrics_only', 'metrics_only': 'metrics_only closed forced_open disabled',
}


@pytest.mark.parametrize('end', State)
@pytest.mark.parametrize('start', State)
def test_every_transition_by_hand(start, end):
    breaker, clock, bus = made(**TEN)
    if start is State.half_open: breaker.transition_to('open')
    breaker.transition_to(start)
    with bus.record() as seen:
        if end in LEGAL[start].split():
            breaker.transition_to(end, reason='why not')
            assert breaker.state is end
            assert seen == ([] if start is end else [BreakerTransition('b', start.value, end.value, 'why not')])
            assert type(seen[0].state) is str if seen else True
        else:
            with pytest.raises(IllegalTransition, match=f"'b' cannot go from {start} to {end}"): breaker.transition_to(end)
            assert (breaker.state, seen) == (start, [])
    breaker.reset()
    assert breaker.state is State.closed


@pytest.mark.parametrize('percent', range(1, 101))
def test_a_rate_is_compared_as_the_fraction_that_was_written(percent):
    breaker, clock, _ = made(failure_rate_threshold=float(f'0.{percent:02}') if percent < 100 else 1.0)
    play(breaker, clock, "ok " * (100 - percent) + "fail " * (percent - 1) + "=closed fail =open")


def test_a_call_is_slow_when_it_takes_longer_not_as_long():
    breaker, clock, _ = made(slow_call_duration_threshold=20)
    permit = breaker.acquire()
    clock.advance(20)
    breaker.record(permit)  # its duration is measured
    assert breaker.snapshot().slow == 0
    permit = breaker.acquire()
    clock.advance(20.5)
    breaker.record(permit)
    assert breaker.snapshot().slow == 1


# -- what is seen

def test_a_snapshot_counts_what_the_window_holds():
    breaker, clock, _ = made(**TEN | dict(failure_rate_threshold=1.0))
    seen = play(breaker, clock, "ok ok fail slow")
    assert (seen.failure_rate, seen.slow_call_rate) == (None, None)
    clock.advance(7)
    seen = play(breaker, clock, "both ignored")
    assert (seen.buffered, seen.failed, seen.slow, seen.slow_failed, seen.successful) == (5, 2, 2, 1, 3)
    assert (seen.failure_rate, seen.slow_call_rate, seen.not_permitted) == (0.4, 0.4, 0)
    assert (seen.name, seen.state, seen.since, seen.age, seen.attempt, seen.retry_after) == ('b', State.closed, 1000.0, 7.0, 0, None)


def test_an_open_breaker_shows_what_opened_it_and_how_many_it_refused():
    breaker, clock, _ = made(**TEN)
    seen = play(breaker, clock, "fail fail fail fail fail no no +10 no")
    assert (seen.failure_rate, seen.buffered, seen.failed, seen.not_permitted, seen.retry_after, seen.attempt) == (1.0, 5, 5, 3, 20.0, 1)
    seen = play(breaker, clock, "+20 a b no")
    assert (seen.failure_rate, seen.buffered, seen.not_permitted, seen.retry_after) == (None, 0, 1, None)


def test_a_snapshot_forgets_what_is_too_old():
    breaker, clock, _ = made(**TIMED)
    assert play(breaker, clock, "fail fail fail +9").failed == 3
    assert play(breaker, clock, "+1").failed == 0


@pytest.mark.parametrize('state', ['disabled', 'forced_open'])
def test_states_without_counts_show_none(state):
    breaker, clock, _ = made(**TEN)
    seen = play(breaker, clock, f"fail fail >{state}")
    assert (seen.failure_rate, seen.slow_call_rate, seen.buffered, seen.successful) == (None, None, 0, 0)
    assert play(breaker, clock, ">open").buffered == 0


def test_a_refusal_says_who_why_and_when():
    breaker, clock, _ = made(**TEN)
    play(breaker, clock, "fail fail fail fail fail +10")
    with pytest.raises(CallNotPermitted) as refused: breaker.acquire()
    assert (refused.value.breaker, refused.value.state, refused.value.retry_after) == ('b', 'open', 20.0)
    play(breaker, clock, "+20 a b")
    held = breaker.transition_to('half_open') or [breaker.acquire(), breaker.acquire()]
    with pytest.raises(CallNotPermitted) as refused: breaker.acquire()
    assert (refused.value.state, refused.value.retry_after, 'probes' in refused.value.hint, len(held)) == ('half_open', None, True, 2)
    breaker.transition_to('forced_open')
    with pytest.raises(CallNotPermitted) as refused: breaker.acquire()
    assert (refused.value.state, refused.value.retry_after) == ('forced_open', None)


def test_an_unknown_state_is_refused_by_name():
    with pytest.raises(IllegalTransition, match="'ajar' is not a state"): made()[0].transition_to('ajar')


def test_an_amended_call_is_counted_once_and_under_its_name():
    breaker, _, _ = made(**TEN)
    seen = play(breaker, None, "a b ok:a slow:b ok fail amend:a amend:b")
    assert (seen.buffered, seen.failed, seen.slow, seen.slow_failed, seen.successful) == (4, 3, 1, 1, 1)
    assert seen.reasons == {'ConnectionError': 1, 'unparsed': 2}


def test_what_an_amended_probe_opens_goes_on_counting_attempts_and_shows_its_probes():
    breaker, clock, bus = made(**TEN | dict(wait_duration_in_open=Exponential(10, 2)))
    with bus.record(BreakerTransition) as seen: shown = play(breaker, clock, "fail fail fail fail fail +10 a b ok:a slow:b +3 amend:b")
    assert [(e.previous, e.state) for e in seen] == [('closed', 'open'), ('open', 'half_open'), ('half_open', 'closed'), ('closed', 'open')]
    assert seen[-1].reason == 'the answer of a probe was no good: unparsed'
    assert (shown.attempt, shown.retry_after, shown.buffered, shown.failed, shown.slow_failed, shown.failure_rate, shown.reasons) == (2, 20.0, 2, 1, 1, 0.5, {'unparsed': 1})


def test_reasons_are_of_the_state_and_outlast_the_window():
    breaker, clock, _ = made(**FOUR | dict(failure_rate_threshold=1.0, record_results=(empty,)))
    breaker.record(breaker.acquire(), result='')
    seen = play(breaker, clock, "fail ok ok ok ok ok")
    assert (seen.failed, seen.reasons) == (0, {'empty': 1, 'ConnectionError': 1})
    assert play(breaker, clock, "fail fail fail fail =open no").reasons == {'empty': 1, 'ConnectionError': 5}
    assert play(breaker, clock, "+30 a =half_open").reasons == {}
    assert play(breaker, clock, "fail").reasons == {'ConnectionError': 1}
    assert play(breaker, clock, ">closed fail >closed").reasons == {}
    assert play(breaker, clock, ">disabled fail").reasons == {}
    assert hash(breaker.snapshot()) == hash(breaker.snapshot())


def test_a_snapshot_keeps_its_reasons():
    breaker, clock, _ = made()
    before = play(breaker, clock, "fail")
    play(breaker, clock, "fail")
    assert before.reasons == {'ConnectionError': 1}


def test_thirty_two_reasons_are_told_apart_and_the_rest_together():
    breaker, clock, _ = made(failure_rate_threshold=1.0)
    breaker.record(breaker.acquire())
    for n in [*range(50), 0, 49]: breaker.record(breaker.acquire(), error=type(f'Error{n}', (Exception,), {})())
    reasons = breaker.snapshot().reasons
    assert (len(reasons), reasons['Error0'], reasons['Error31'], reasons['other']) == (33, 2, 1, 19)


def test_a_permit_of_another_breaker_is_not_amended():
    breaker, other = made()[0], made()[0]
    permit = other.acquire()
    other.record(permit)
    with pytest.raises(ToolkitError, match="not of the breaker 'b'"): breaker.amend(permit, 'unparsed')
    assert other.snapshot().failed == 0


# -- waits

def test_each_opening_in_a_row_waits_longer_and_closing_begins_anew():
    breaker, clock, _ = made(**TEN | dict(wait_duration_in_open=Exponential(10, 2, cap=35)))
    play(breaker, clock, "fail fail fail fail fail +9.9 no +0.1 fail fail =open +19.9 no +0.1 fail fail =open +34.9 no +0.1 ok ok =closed")
    play(breaker, clock, "fail fail fail fail fail =open +9.9 no +0.1 ok =half_open")


def test_jitter_is_around_the_wait_and_never_over_the_cap():
    low, high = (Exponential(10, 2, jitter=0.5, cap=30, uniform=lambda a, b, pick=pick: (a, b)[pick]) for pick in (0, 1))
    assert [low(n) for n in (1, 2, 3, 9999)] == [5, 10, 15, 15]
    assert [high(n) for n in (1, 2, 3, 9999)] == [15, 30, 30, 30]
    drawn = Exponential(10, jitter=0.2)
    assert all(8 <= drawn(1) <= 12 for _ in range(100)) and len({drawn(1) for _ in range(10)}) > 1


def test_somebodys_wait_function_is_asked_once_an_opening_and_without_the_lock():
    asked, late = [], []

    def wait(attempt):
        asked.append(attempt)
        for permit in late:  # another thread gets on with it meanwhile
            thread = threading.Thread(target=breaker.record, args=(permit,), daemon=True)
            thread.start()
            thread.join(20)
            assert not thread.is_alive()
        return 10.0 * attempt

    breaker, clock, _ = made(**TEN | dict(wait_duration_in_open=wait))
    late += [breaker.acquire(), breaker.acquire()]
    asked.clear()
    play(breaker, clock, "fail fail fail fail fail no no +9 no +1 fail fail no +19 no +1 ok ok =closed")
    assert asked == [1, 2]


def test_a_wait_function_may_close_the_breaker_and_then_the_call_is_permitted():
    breaker = None

    def wait(attempt):
        if breaker: breaker.reset()
        return 10.0
    breaker, clock, _ = made(**TEN | dict(wait_duration_in_open=wait))
    play(breaker, clock, "fail fail fail fail fail a =closed")


def test_opening_by_hand_may_have_a_wait_of_its_own():
    breaker, clock, _ = made(**TEN)
    breaker.transition_to('open', wait=5)
    play(breaker, clock, "+4.9 no +0.1 fail fail =open +29.9 no +0.1 ok =half_open")


def test_a_result_may_ask_to_open_at_once_and_for_how_long():
    class RateLimited(Exception): retry_after = 7.0
    breaker, clock, bus = made(**TEN | dict(transition_on_result=lambda result, error: result == 'shutting down' or getattr(error, 'retry_after', None)))
    with bus.record(BreakerTransition) as seen: breaker.record(breaker.acquire(), error=RateLimited())
    assert [e.reason for e in seen] == ['RateLimited asked for it']
    play(breaker, clock, "=open +6.9 no +0.1 a =half_open >closed")
    breaker.record(breaker.acquire(), result='shutting down')
    play(breaker, clock, "=open +29.9 no +0.1")
    probe = breaker.acquire()
    breaker.record(probe, error=RateLimited())
    play(breaker, clock, "=open +6.9 no +0.1 ok ok =closed >metrics_only")
    breaker.record(breaker.acquire(), error=RateLimited())
    assert breaker.state is State.metrics_only


def test_an_error_that_does_not_count_may_still_ask_to_open():
    breaker, clock, _ = made(**TEN | dict(transition_on_result=lambda result, error: isinstance(error, Ignored) and 7))
    play(breaker, clock, "ok fail =closed ignored =open +6.9 no +0.1 a =half_open")
    assert breaker.snapshot().buffered == 0


def test_what_a_result_asks_for_wins_over_the_rates():
    breaker, clock, _ = made(**TEN | dict(minimum_number_of_calls=1, transition_on_result=lambda result, error: 99.0 if error else None))
    play(breaker, clock, "fail =open +98.9 no +0.1 a =half_open")


# -- automatic

def test_automatic_transitions_are_told_on_time_though_nobody_looks():
    breaker, clock, bus = made(**TEN | dict(automatic_transition_from_open_to_half_open=True, max_wait_in_half_open=10, wait_duration_in_open=Exponential(30, 2)))
    seen = []
    bus.subscribe(lambda e: seen.append((clock(), e.state)), BreakerTransition)
    breaker.transition_to('open')
    clock.advance(100)
    assert seen == [(1000, 'open'), (1030, 'half_open'), (1040, 'open'), (1100, 'half_open')]
    breaker.reset()
    seen.clear()
    clock.advance(1000)
    assert seen == []


def test_a_clock_that_calls_back_early_is_asked_again():
    class Hasty(ManualClock):
        def call_later(self, seconds, function): return super().call_later(max(seconds - 1, 0.25), function)
    clock, bus, seen = Hasty(), Bus(), []
    breaker = CircuitBreaker('b', BreakerConfig(automatic_transition_from_open_to_half_open=True, wait_duration_in_open=30), clock, bus)
    bus.subscribe(lambda e: seen.append((clock(), e.state)), BreakerTransition)
    breaker.transition_to('open')
    clock.advance(100)
    assert seen == [(0, 'open'), (30, 'half_open')]


def timers(): return [t for t in threading.enumerate() if isinstance(t, threading.Timer)]


def test_the_timer_of_a_real_clock_half_opens_and_holds_nobody_back():
    bus, moved = Bus(), threading.Event()
    bus.subscribe(lambda e: e.state == 'half_open' and moved.set(), BreakerTransition)
    CircuitBreaker('b', BreakerConfig(wait_duration_in_open=0.02), bus=bus).transition_to('open')
    assert timers() == []  # nobody asked for one
    breaker = CircuitBreaker('b', BreakerConfig(wait_duration_in_open=0.02, automatic_transition_from_open_to_half_open=True), bus=bus)
    breaker.transition_to('open')
    assert moved.wait(20)
    for timer in timers(): timer.join(20)
    breaker = CircuitBreaker('c', BreakerConfig(wait_duration_in_open=3600, automatic_transition_from_open_to_half_open=True), bus=bus)
    breaker.transition_to('open')
    timer, = timers()
    assert timer.daemon
    breaker.reset()
    timer.join(20)
    assert timers() == []
    breaker.transition_to('open')
    forgotten = weakref.ref(breaker)
    del breaker
    gc.collect()
    assert forgotten() is None  # though its timer sleeps
    for timer in timers(): timer.cancel()


# -- events

def test_what_is_told_of_each_call():
    breaker, clock, bus = made(**TEN | dict(record_results=(empty,)))
    with bus.record() as seen: play(breaker, clock, "ok fail slow both ignored cancelled")
    assert seen == [CallSucceeded('b', 0.0), CallFailed('b', 0.0, 'ConnectionError'), CallSucceeded('b', 2.0), CallSlow('b', 2.0), CallFailed('b', 2.0, 'ConnectionError'),
                    CallSlow('b', 2.0), CallIgnored('b', 0.0, 'Ignored')]
    with bus.record() as seen: breaker.record(breaker.acquire(), result='')
    assert seen[0] == CallFailed('b', 0.0, 'empty')


def empty(answer): return answer == ''


def test_what_is_told_of_an_opening_and_in_which_order():
    breaker, clock, bus = made(**FOUR | dict(slow_call_rate_threshold=0.5))
    with bus.record() as seen: play(breaker, clock, "ok both both ok no +30 ok ok ok ok reset")
    told = [e for e in seen if not isinstance(e, (CallSucceeded, CallSlow, CallFailed))]
    assert told == [FailureRateExceeded('b', 0.5), SlowCallRateExceeded('b', 0.5), BreakerTransition('b', 'closed', 'open', '2 of 4 calls failed'), events.CallRefused('b', 'open', 30.0),
                    BreakerTransition('b', 'open', 'half_open', 'waited 30 s'), BreakerTransition('b', 'half_open', 'closed', '4 of 4 probes went well'), BreakerReset('b')]
    assert isinstance(seen[seen.index(told[0]) - 1], CallSucceeded)  # the call is told before what it led to
    with bus.record() as seen: play(breaker, clock, ">open >half_open both both both both")
    assert [type(e) for e in seen[2:]] == [CallFailed, CallSlow] * 4 + [BreakerTransition]


def test_events_are_told_without_the_lock():
    breaker, clock, bus = made(**TEN)
    stuck = []

    def hear(event):
        thread = threading.Thread(target=breaker.snapshot, daemon=True)
        thread.start()
        thread.join(20)
        if thread.is_alive(): stuck.append(event)
    bus.subscribe(hear, BreakerTransition, BreakerReset, events.CallRefused, FailureRateExceeded, CallFailed)
    play(breaker, clock, "fail fail fail fail fail no +30 ok a ok:a =closed amend:a =open reset a ok:a amend:a")
    assert stuck == []


@pytest.mark.parametrize('state', ['disabled', 'forced_open'])
def test_states_that_are_silent(state):
    breaker, clock, bus = made(**TEN)
    permit = breaker.acquire()
    with bus.record() as seen:
        breaker.transition_to(state)
        play(breaker, clock, "no no" if state == 'forced_open' else "ok fail slow ignored")
        breaker.record(permit, error=ValueError())
        breaker.reset()
    assert seen == [BreakerTransition('b', 'closed', state, 'by hand'), BreakerTransition('b', state, 'closed', 'reset'), BreakerReset('b')]


def test_metrics_only_tells_a_rate_once_a_stay():
    breaker, clock, bus = made(**FOUR | dict(slow_call_rate_threshold=0.5))
    breaker.transition_to('metrics_only')
    with bus.record(FailureRateExceeded, SlowCallRateExceeded) as seen:
        play(breaker, clock, "fail fail ok ok fail fail slow slow slow")
        assert seen == [FailureRateExceeded('b', 0.5), SlowCallRateExceeded('b', 0.5)]
        play(breaker, clock, ">metrics_only fail fail fail fail")
    assert len(seen) == 3


def test_an_amended_call_is_told_where_it_counts():
    breaker, clock, bus = made(**FOUR)
    with bus.record() as seen: play(breaker, clock, "a b ok:a ok:b ok ok amend:a amend:a amend:b amend:b")
    assert seen[4:] == [CallFailed('b', 0.0, 'unparsed'), CallFailed('b', 0.0, 'unparsed'), FailureRateExceeded('b', 0.5), BreakerTransition('b', 'closed', 'open', '2 of 4 calls failed')]


def test_amending_lets_time_have_its_way():
    breaker, clock, bus = made(**TEN | dict(max_wait_in_half_open=10))
    play(breaker, clock, HALF)
    probe = breaker.acquire()
    breaker.record(probe)
    clock.advance(10)
    with bus.record() as seen: breaker.amend(probe, 'unparsed')
    assert seen == [BreakerTransition('b', 'half_open', 'open', 'the probes took more than 10 s')] and breaker.snapshot().failed == 0


def test_a_late_result_is_told_though_it_does_not_count():
    breaker, clock, bus = made(**TEN)
    late = breaker.acquire()
    play(breaker, clock, "fail fail fail fail fail")
    with bus.record() as seen: breaker.record(late, duration=0.5)
    assert (seen, breaker.snapshot().buffered) == ([CallSucceeded('b', 0.5)], 5)


def test_a_second_answer_is_not_told():
    breaker, _, bus = made()
    permit = breaker.acquire()
    breaker.record(permit)
    with bus.record() as seen: breaker.record(permit, error=ValueError())
    assert seen == []


def test_a_subscriber_may_use_the_breaker_and_a_broken_one_hurts_nobody(caplog):
    breaker, clock, bus = made(**TEN)
    bus.subscribe(lambda e: breaker.transition_to('forced_open') if e.state == 'open' else None, BreakerTransition)
    bus.subscribe(lambda e: 1 / 0, CallFailed)
    play(breaker, clock, "fail fail fail fail fail =forced_open no")


def test_no_event_is_made_of_a_call_that_nobody_listens_to(monkeypatch):
    breaker, clock, _ = made(**TEN)
    for kind in ('CallSucceeded', 'CallFailed', 'CallSlow', 'CallIgnored'): monkeypatch.setattr(f'dspy_toolkit.resilience.breaker.{kind}', None)
    play(breaker, clock, "a ok:a amend:a slow fail ignored both")


# -- what counts

@pytest.mark.parametrize('config, error, verdict', [
    ({}, ValueError("x"), 'failed'), ({}, CallNotPermitted('other', 'open'), 'failed'), ({}, KeyboardInterrupt(), 'released'), ({}, GeneratorExit(), 'released'),
    ({'record_exceptions': (ValueError,)}, UnicodeError(), 'failed'), ({'record_exceptions': (ValueError,)}, KeyError(), 'successful'),
    ({'record_exceptions': [lambda e: 'busy' in str(e), KeyError]}, ValueError("busy"), 'failed'), ({'record_exceptions': (lambda e: False,)}, ValueError("busy"), 'successful'),
    ({'ignore_exceptions': ValueError}, ValueError(), 'ignored'), ({'ignore_exceptions': (lambda e: e.args == (1,),)}, KeyError(1), 'ignored'),
    ({'ignore_exceptions': ValueError, 'record_exceptions': ValueError}, ValueError(), 'ignored'), ({'record_exceptions': BaseException}, KeyboardInterrupt(), 'released'),
])
def test_which_errors_count(config, error, verdict):
    breaker, _, bus = made(**config)
    with bus.record() as seen: breaker.record(breaker.acquire(), error=error)
    snap = breaker.snapshot()
    found = 'failed' if snap.failed else 'successful' if snap.successful else 'ignored' if seen else 'released'
    assert (found, snap.buffered) == (verdict, int(verdict in ('failed', 'successful')))


def test_a_cancelled_future_was_given_up():
    from concurrent.futures import CancelledError
    breaker, _, bus = made()
    with bus.record() as seen: breaker.record(breaker.acquire(), error=CancelledError())
    assert (seen, breaker.snapshot().buffered) == ([], 0)


@pytest.mark.parametrize('config, result, verdict', [
    ({}, None, (0, 1)), ({'record_results': (empty,)}, '', (1, 0)), ({'record_results': (empty,)}, 'billing', (0, 1)), ({'record_results': (type(None),)}, None, (1, 0)),
    ({'record_results': dict}, {}, (1, 0)), ({'ignore_results': (empty,)}, '', (0, 0)), ({'ignore_results': str, 'record_results': empty}, '', (0, 0)),
])
def test_which_results_count(config, result, verdict):
    breaker, _, _ = made(**config)
    breaker.call(lambda: result)
    assert (breaker.snapshot().failed, breaker.snapshot().successful) == verdict


def test_a_predicate_that_raises_is_seen_and_costs_no_probe():
    breaker, clock, _ = made(**TEN | dict(record_results=(lambda answer: answer.text == '',)))
    play(breaker, clock, ">open >half_open")
    for _ in range(5):
        with pytest.raises(AttributeError): breaker.call(lambda: 'no such thing')
    held = breaker.acquire()
    with pytest.raises(AttributeError): breaker.record(held, result='no such thing')
    play(breaker, clock, "=half_open a b no")


def test_dspy_judges_its_own_errors():
    import dspy
    from dspy import lm15
    retryable = [dspy.LMRateLimitError("x"), dspy.LMServerError("x"), dspy.LMTimeoutError("x"), dspy.LMTransportError("x"), lm15.ServerError("x"), lm15.RateLimitError("x"), lm15.TransportError("x")]
    others = [dspy.ContextWindowExceededError(), dspy.LMAuthError("x"), dspy.LMBillingError("x"), dspy.LMUnsupportedFeatureError("x"), lm15.ContextLengthError("x"), lm15.InvalidRequestError("x"), lm15.UnsupportedFeatureError("x")]
    unexpected = dspy.LMUnexpectedError("engine")
    unexpected.__cause__ = RuntimeError("out of memory")
    wrapped = dspy.LMUnexpectedError("engine")
    wrapped.__cause__ = lm15.ContextLengthError("x")
    breaker, _, _ = made()
    for error in retryable + others + [unexpected, wrapped]: breaker.record(breaker.acquire(), error=error)
    assert (breaker.snapshot().failed, breaker.snapshot().successful) == (len(retryable) + 1, 0)
    assert [dspy.is_retryable_lm_error(e) for e in retryable[:4] + others[:4]] == [True] * 4 + [False] * 4


def test_neither_dspy_nor_asyncio_is_imported():
    code = ("import sys; from dspy_toolkit.resilience.breaker import *; b = breakers['x']\n"
            "try: b.call(lambda: 1 / 0)\nexcept ZeroDivisionError: pass\n"
            "print(b.snapshot().failed, sorted({'dspy', 'asyncio', 'mlx', 'numpy', 'logging', 'sqlalchemy', 'concurrent.futures'} & set(sys.modules)))")
    run = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert run.stdout.strip() == '1 []', run.stderr


# -- around a call

def test_a_call_gives_what_the_function_gives_and_raises_what_it_raises():
    breaker, _, _ = made()
    assert breaker.call(lambda fn, *args, self=0: (fn, args, self), 1, 2, self=3) == (1, (2,), 3)
    with pytest.raises(ZeroDivisionError): breaker.call(lambda: 1 / 0)
    with pytest.raises(SystemExit): breaker.call(sys.exit)
    assert (breaker.snapshot().successful, breaker.snapshot().failed) == (1, 1)


def test_a_refused_call_is_not_made():
    breaker, _, _ = made()
    breaker.transition_to('forced_open')
    with pytest.raises(CallNotPermitted): breaker.call(pytest.fail)
    with pytest.raises(CallNotPermitted): asyncio.run(breaker.acall(pytest.fail))
    with pytest.raises(CallNotPermitted):
        with breaker: pytest.fail()
    with pytest.raises(CallNotPermitted): next(breaker(items)())
    with pytest.raises(CallNotPermitted): asyncio.run(alist(breaker(aitems)()))


def items(n=3, fail=False):
    yield from range(n)
    if fail: raise ConnectionError("in the middle")
    return 'end'


async def aitems(n=3, fail=False):
    for i in range(n): yield i
    if fail: raise ConnectionError("in the middle")


async def later(x, fail=False):
    await asyncio.sleep(0)
    if fail: raise ConnectionError("no")
    return x


async def alist(stream): return [x async for x in stream]


def counts(breaker): return breaker.snapshot().successful, breaker.snapshot().failed


def test_the_decorator_keeps_what_kind_of_function_it_is():
    import inspect
    breaker, _, _ = made()
    for fn, claim in [(items, inspect.isgeneratorfunction), (aitems, inspect.isasyncgenfunction), (later, inspect.iscoroutinefunction)]:
        assert claim(breaker(fn)) and breaker(fn).__name__ == fn.__name__ and breaker(fn).__wrapped__ is fn

    class Program:
        @breaker
        def forward(self, x): return x + 1
    assert Program().forward(1) == 2


@pytest.mark.parametrize('way', ['decorated', 'call', 'acall'])
def test_what_has_not_happened_yet_is_recorded_when_it_has(way):
    breaker, _, _ = made()

    def begin(fn, *args, **kwargs):
        if way == 'decorated': return breaker(fn)(*args, **kwargs)
        if way == 'call': return breaker.call(fn, *args, **kwargs)
        return asyncio.run(breaker.acall(fn, *args, **kwargs))

    stream = begin(items)
    assert next(stream) == 0 and counts(breaker) == (0, 0)
    assert list(stream) == [1, 2] and counts(breaker) == (1, 0)
    with pytest.raises(ConnectionError): list(begin(items, fail=True))
    assert counts(breaker) == (1, 1)
    assert asyncio.run(alist(begin(aitems))) == [0, 1, 2] and counts(breaker) == (2, 1)
    with pytest.raises(ConnectionError): asyncio.run(alist(begin(aitems, fail=True)))
    assert counts(breaker) == (2, 2)
    if way != 'acall':
        assert asyncio.run(begin(later, 5)) == 5
        with pytest.raises(ConnectionError): asyncio.run(begin(later, 5, fail=True))
        assert counts(breaker) == (3, 3)


def test_acall_awaits_and_takes_plain_functions_too():
    breaker, _, _ = made()
    assert asyncio.run(breaker.acall(later, 5)) == 5 and asyncio.run(breaker.acall(lambda: 6)) == 6
    with pytest.raises(ConnectionError): asyncio.run(breaker.acall(later, 5, fail=True))
    assert counts(breaker) == (2, 1)


def test_a_generator_is_talked_to_through_the_breaker():
    breaker, _, _ = made()

    @breaker
    def echo():
        heard = []
        while len(heard) < 3:
            try: heard.append((yield len(heard)))
            except KeyError as e: heard.append(e.args[0])
        return heard

    def outer(): got.append((yield from echo()))
    got, talk = [], outer()
    next(talk)
    assert (talk.send('a'), talk.throw(KeyError('b'))) == (1, 2)
    with pytest.raises(StopIteration): talk.send('c')
    assert (got, counts(breaker)) == ([['a', 'b', 'c']], (1, 0))


def test_an_async_generator_is_talked_to_through_the_breaker():
    breaker, _, _ = made()

    @breaker
    async def echo():
        heard = []
        while len(heard) < 3:
            try: heard.append((yield list(heard)))
            except KeyError as e: heard.append(e.args[0])

    async def talk():
        stream = echo()
        await stream.asend(None)
        return await stream.asend('a'), await stream.athrow(KeyError('b')), [x async for x in stream]
    assert asyncio.run(talk()) == (['a'], ['a', 'b'], [])
    assert counts(breaker) == (1, 0)


@pytest.mark.parametrize('came', [0, 1])
def test_a_stream_that_its_reader_leaves(came):
    "Well, if anything came; given back, if nothing did; and the inner generator is closed either way."
    breaker, clock, _ = made(**TEN)
    play(breaker, clock, ">open >half_open")
    closed = []

    def endless():
        try:
            while True: yield 0
        finally: closed.append('sync')

    async def aendless():
        try:
            while True: yield 0
        finally: closed.append('async')

    async def leave():
        stream = breaker(aendless)()
        for _ in range(came): await stream.__anext__()
        await stream.aclose()

    stream = breaker(endless)()
    for _ in range(came): next(stream)
    stream.close()
    asyncio.run(leave())
    assert closed == (['sync', 'async'] if came else [])
    assert breaker.state is (State.closed if came else State.half_open)  # two probes were well, or none went out


def test_a_stream_that_is_closed_closes_what_is_in_it_though_others_hold_that_too():
    breaker, _, _ = made()
    inner, ainner = items(), aitems()

    async def leave():
        stream = breaker.call(lambda: ainner)
        await stream.__anext__()
        await stream.aclose()
        return ainner.ag_frame
    stream = breaker.call(lambda: inner)
    next(stream)
    stream.close()
    assert (inner.gi_frame, asyncio.run(leave())) == (None, None)


def test_an_error_that_the_reader_throws_in_is_not_the_backends():
    breaker, _, _ = made()
    stream = breaker(items)()
    next(stream)
    with pytest.raises(ValueError): stream.throw(ValueError("mine"))
    assert counts(breaker) == (1, 0)


def test_a_cancelled_task_gives_its_permit_back():
    breaker, clock, _ = made(**TEN)
    play(breaker, clock, ">open >half_open")

    async def cancelled(start):
        task = asyncio.ensure_future(start())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError): await task

    async def hang(): await asyncio.Event().wait()

    async def astream():
        await hang()
        yield 1

    async def block():
        async with breaker: await hang()

    for start in (lambda: breaker.acall(hang), lambda: breaker(hang)(), lambda: breaker.call(hang), block, lambda: alist(breaker(astream)())):
        asyncio.run(cancelled(start))
    play(breaker, clock, "=half_open a b no ok:a ok:b =closed")


def test_a_stream_takes_the_time_that_was_spent_waiting_for_it():
    breaker, clock, bus = made()

    def slow():
        for n in range(3):
            clock.advance(0.25)
            yield n

    async def aslow():
        for n in slow(): yield n

    async def read():
        async for _ in breaker(aslow)(): clock.advance(60)

    with bus.record(CallSucceeded) as seen:
        for _ in breaker(slow)(): clock.advance(60)
        asyncio.run(read())
    assert [e.seconds for e in seen] == [0.75, 0.75]


@pytest.mark.parametrize('fails', [False, True], ids=['well', 'badly'])
def test_a_coroutine_takes_the_time_in_which_somebody_awaited_it(fails):
    breaker, clock, bus = made()

    async def work():
        clock.advance(0.5)
        if fails: raise ConnectionError("no")

    with bus.record(CallSucceeded, CallFailed) as seen:
        waiting = breaker.call(work)
        clock.advance(60)
        if fails:
            with pytest.raises(ConnectionError): asyncio.run(waiting)
        else: asyncio.run(waiting)
    assert [(type(e), e.seconds) for e in seen] == [(CallFailed if fails else CallSucceeded, 0.5)]


def test_the_result_of_a_coroutine_is_judged():
    breaker, _, _ = made(record_results=lambda result: result == 'bad')
    for said in ('bad', 'good', 'bad'): assert asyncio.run(breaker.call(later, said)) == said
    assert counts(breaker) == (1, 2)


def test_the_time_of_a_reader_that_leaves_is_not_that_of_the_stream():
    breaker, clock, bus = made()

    def slow():
        while True:
            clock.advance(0.25)
            yield 0

    async def aslow():
        for each in slow(): yield each

    async def leave():
        stream = breaker(aslow)()
        await stream.__anext__()
        clock.advance(60)
        await stream.aclose()

    with bus.record(CallSucceeded, CallSlow) as seen:
        stream = breaker(slow)()
        next(stream)
        clock.advance(60)
        stream.close()
        asyncio.run(leave())
    assert [(type(e), e.seconds) for e in seen] == [(CallSucceeded, 0.25)] * 2


def test_a_stream_that_is_interrupted_before_its_first_part_says_nothing_of_the_backend():
    breaker, _, _ = made()

    def interrupted():
        raise KeyboardInterrupt
        yield

    async def ainterrupted():
        raise KeyboardInterrupt
        yield

    async def step(stream): await stream.__anext__()

    with pytest.raises(KeyboardInterrupt): next(breaker(interrupted)())
    assert counts(breaker) == (0, 0)
    with pytest.raises(KeyboardInterrupt): step(breaker(ainterrupted)()).send(None)
    assert counts(breaker) == (0, 0)


def test_an_error_that_the_reader_throws_into_an_async_stream_is_not_the_backends():
    breaker, _, _ = made()

    async def throw():
        stream = breaker(aitems)()
        await stream.__anext__()
        with pytest.raises(ValueError): await stream.athrow(ValueError("mine"))
    asyncio.run(throw())
    assert counts(breaker) == (1, 0)


def test_blocks_inside_each_other_have_their_own_permits():
    breaker, clock, bus = made()
    other, _, _ = made()
    with bus.record(CallSucceeded) as seen:
        with breaker as outer:
            clock.advance(1)
            with other, breaker as inner: clock.advance(2)
            assert outer is not inner
    assert [e.seconds for e in seen] == [2.0, 3.0] and counts(other) == (1, 0)
    with pytest.raises(KeyError):
        with breaker: raise KeyError()
    assert counts(breaker) == (2, 1)


def test_blocks_may_be_left_in_another_order_than_entered():
    breaker, clock, bus = made()
    other, _, _ = made()

    def block():
        with other: yield 1
    stream = block()
    with bus.record(CallSucceeded) as seen:
        with breaker:
            next(stream)
            clock.advance(1)
        assert (seen, counts(other)) == ([CallSucceeded('b', 1.0)], (0, 0))
    assert list(stream) == [] and counts(other) == (1, 0)


def test_blocks_of_many_tasks_and_threads_do_not_meet():
    breaker, _, bus = made(sliding_window_size=1000)
    gate = threading.Barrier(4, timeout=60)

    async def task(n):
        async with breaker:
            await asyncio.sleep(0)
            if n % 2: raise KeyError(n)

    def thread():
        gate.wait()
        with breaker:
            gate.wait()
            asyncio.run(tasks())

    async def tasks(): await asyncio.gather(*(task(n) for n in range(10)), return_exceptions=True)
    threads = [threading.Thread(target=thread) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert counts(breaker) == (24, 20)


def test_a_block_left_in_another_context_loses_no_probe():
    breaker, clock, _ = made(**TEN)
    play(breaker, clock, ">open >half_open")
    import contextvars

    def blocks():
        with breaker: yield 1

    stream = blocks()
    contextvars.copy_context().run(next, stream)
    contextvars.copy_context().run(stream.close)
    del stream
    gc.collect()
    play(breaker, clock, "=half_open a b no")


def test_a_permit_of_another_breaker_is_refused_and_not_used_up():
    one, clock, _ = made(**TEN)
    other, _, _ = made(**TEN)
    play(one, clock, ">open >half_open")
    permit = one.acquire()
    for wrong in (lambda: other.record(permit), lambda: other.release(permit)):
        with pytest.raises(ToolkitError, match="not of the breaker 'b'"): wrong()
    one.record(permit)
    assert one.snapshot().successful == 1


def test_a_copy_of_a_program_guards_the_same_backend():
    breaker, _, _ = made()
    assert copy.deepcopy({'lm': breaker})['lm'] is breaker and copy.copy(breaker) is breaker


# -- configuration

@pytest.mark.parametrize('name, value', [
    ('failure_rate_threshold', 0), ('failure_rate_threshold', 1.01), ('failure_rate_threshold', 50), ('failure_rate_threshold', float('nan')), ('failure_rate_threshold', '0.5'), ('failure_rate_threshold', True),
    ('slow_call_rate_threshold', 0.0), ('slow_call_rate_threshold', -1), ('slow_call_duration_threshold', 0), ('slow_call_duration_threshold', None), ('sliding_window_type', 'TIME_BASED'),
    ('sliding_window_size', 0), ('sliding_window_size', 2.5), ('sliding_window_size', True), ('minimum_number_of_calls', 0), ('permitted_calls_in_half_open', 0), ('wait_duration_in_open', 0),
    ('wait_duration_in_open', -1.0), ('wait_duration_in_open', '60'), ('wait_duration_in_open', lambda n: None), ('wait_duration_in_open', lambda: 1), ('max_wait_in_half_open', -1), ('max_wait_in_half_open', None),
    ('record_exceptions', ('ValueError',)), ('ignore_exceptions', (3,)), ('record_results', ['']), ('ignore_results', ''), ('transition_on_result', 5),
])
def test_a_value_that_cannot_be_used_is_named(name, value):
    with pytest.raises(SettingsError) as e: BreakerConfig(**{name: value})
    assert str(e.value).startswith(f"{name} = ") and '\n' not in str(e.value) and isinstance(e.value, ValueError)


@pytest.mark.parametrize('config', [dict(initial=0), dict(multiplier=0.5), dict(jitter=1.0), dict(jitter=-0.1), dict(initial=20, cap=10), dict(initial='1')])
def test_waits_that_make_no_sense_are_refused(config):
    with pytest.raises(SettingsError): Exponential(**config)


def test_the_defaults_are_resilience4js():
    c = BreakerConfig()
    assert (c.failure_rate_threshold, c.slow_call_rate_threshold, c.slow_call_duration_threshold, c.sliding_window_type, c.sliding_window_size, c.minimum_number_of_calls) == (0.5, 1.0, 60, 'count_based', 100, 100)
    assert (c.wait_duration_in_open, c.permitted_calls_in_half_open, c.max_wait_in_half_open, c.automatic_transition_from_open_to_half_open) == (60, 10, 0, False)
    assert (c.ignore_exceptions, c.record_results, Exponential().initial, Exponential().multiplier) == ((), (), 0.5, 1.5)
    assert c == BreakerConfig() and hash(c) == hash(BreakerConfig())
    with pytest.raises(AttributeError): c.sliding_window_size = 1


# -- by name

def test_a_registry_makes_a_breaker_once_with_its_own_config_a_shared_one_or_the_default():
    default, own, shared = BreakerConfig(), BreakerConfig(sliding_window_size=5), BreakerConfig(sliding_window_size=7)
    registry = BreakerRegistry(default, {'fast': own, 'remote': shared})
    assert registry['fast'].config is own and registry['other'].config is default and registry.breaker('gpt', 'remote').config is shared
    assert registry['gpt'] is registry.breaker('gpt') is registry.breaker('gpt', 'remote') is registry.breaker('gpt', BreakerConfig(sliding_window_size=7))
    assert list(registry) == ['fast', 'other', 'gpt'] and 'gpt' in registry and 'x' not in registry and len(registry) == 3
    assert [s.name for s in registry.snapshots()] == ['fast', 'other', 'gpt']
    with pytest.raises(SettingsError, match="'gpt' is there with another config"): registry.breaker('gpt', own)
    with pytest.raises(SettingsError, match="no config 'remot' for breaker 'y'"): registry.breaker('y', 'remot')
    gone = registry['gpt']
    registry.remove('gpt')
    registry.remove('gpt')
    assert registry['gpt'] is not gone and registry['gpt'].config is default
    registry.reset()
    assert len(registry) == 0


def test_the_breakers_of_a_registry_have_its_clock_its_bus_and_their_names():
    clock, bus = ManualClock(1000.0), Bus()
    registry = BreakerRegistry(clock=clock, bus=bus)
    found = registry['fast'], registry.guard('remote', 'a backend')
    assert [(each.name, each.clock, each.bus) for each in found] == [('fast', clock, bus), ('remote', clock, bus)]


def test_a_process_that_is_forked_while_a_breaker_is_made_can_make_one_too():
    registry, context = BreakerRegistry(), multiprocessing.get_context('fork')
    there, here = context.Pipe()
    with registry._lock:
        process = context.Process(target=lambda: there.send(registry['x'].name))
        process.start()
    try: assert here.poll(30) and here.recv() == 'x'
    finally:
        process.kill()
        process.join()


def test_the_process_has_one_registry_for_models():
    try:
        assert breakers['a test'].config is MODEL_CONFIG and breakers['a test'] is breakers['a test']
        assert breakers['a test'].bus is events.bus
    finally: breakers.reset()
    assert 'a test' not in breakers


def test_many_threads_that_ask_for_a_name_get_one_breaker():
    registry, gate, found = BreakerRegistry(), threading.Barrier(16, timeout=60), []

    def ask():
        gate.wait()
        found.append(registry['x'])
    threads = [threading.Thread(target=ask) for _ in range(16)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert len(found) == 16 and len(set(map(id, found))) == 1


# -- memory

@pytest.mark.parametrize('config, calls', [({}, 100_000), (TIMED, 20_000)], ids=['count', 'time'])
def test_memory_does_not_grow_with_calls(config, calls):
    breaker, clock, _ = made(**config | dict(wait_duration_in_open=1))

    def use(many):
        for n in range(many):
            clock.advance(0.125)
            try: permit = breaker.acquire()
            except CallNotPermitted: continue
            if n % 11: breaker.record(permit, error=lost if n % limit == 0 else None, duration=n % 5)  # every eleventh is lost
    lost, limit = OSError(), 2 if config else 3  # a time-based one opens again and again
    use(5000)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        use(calls)
        permit = None  # noqa: F841
        gc.collect()
        assert tracemalloc.get_traced_memory()[0] - before < 20_000
    finally: tracemalloc.stop()
