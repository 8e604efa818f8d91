"Two windows that know the totals of a list, without keeping it."
import math
import sys
import tracemalloc

import pytest
from dspy_toolkit.resilience.window import CountWindow, ManualClock, TimeWindow
from hypothesis import given
from hypothesis import strategies as st

outcomes = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40)


def totals(window): return window.total, window.failed, window.slow, window.slow_failed
def counted(calls): return len(calls), sum(f for f, _ in calls), sum(s for _, s in calls), sum(f and s for f, s in calls)


@given(st.integers(1, 7), outcomes)
def test_a_count_window_has_the_totals_of_the_last_calls(size, calls):
    window = CountWindow(size)
    for n, (failed, slow) in enumerate(calls, 1):
        window.record(failed, slow)
        window.roll(1e9)  # time is nothing to it
        assert totals(window) == counted(calls[:n][-size:])


@given(st.integers(1, 5), st.sampled_from([0.0, 0.75, 1e9]), st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0, 1.75, 3.0, 60.0]), st.booleans(), st.booleans()), max_size=40))
def test_a_time_window_has_the_totals_of_the_last_seconds(size, now, steps):
    window, calls = TimeWindow(size, now), []
    for wait, failed, slow in steps:
        now += wait
        window.record(failed, slow, now)
        calls.append((int(now), failed, slow))
        assert totals(window) == counted([(f, s) for second, f, s in calls if second > int(now) - size])
    for later in sorted((now + 0.5, now + 1, now + size - 1, now + size)):
        window.roll(later)
        assert totals(window) == counted([(f, s) for second, f, s in calls if second > int(later) - size])
    assert totals(window) == (0, 0, 0, 0)


amended = st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0, 3.0]), st.booleans(), st.booleans(), st.none() | st.integers(0)), max_size=40)


def amend_one(window, calls, which, now, remembered):
    "Amend one of the calls that went well, in the window and in the list."
    well = [c for c in calls if not c[1]]
    if which is None or not well: return
    call = well[which % len(well)]
    call[1] = call in remembered
    assert window.amend(call[3], now) == call[1]


@given(st.integers(1, 7), amended)
def test_a_count_window_amends_what_it_still_remembers(size, steps):
    window, calls = CountWindow(size), []
    for _, failed, slow, which in steps:
        calls.append([len(calls), failed, slow, window.record(failed, slow)])
        amend_one(window, calls, which, 0.0, calls[-size:])
        assert totals(window) == counted([(f, s) for _, f, s, _ in calls[-size:]])


@given(st.integers(1, 5), st.sampled_from([-2.5, 0.0, 1e9]), amended)
def test_a_time_window_amends_what_it_still_remembers(size, now, steps):
    window, calls = TimeWindow(size, now), []
    for wait, failed, slow, which in steps:
        calls.append([math.floor(now), failed, slow, window.record(failed, slow, now)])
        now += wait
        amend_one(window, calls, which, now, [c for c in calls if c[0] > math.floor(now) - size])
        window.roll(now)
        assert totals(window) == counted([(f, s) for second, f, s, _ in calls if second > math.floor(now) - size])


def test_a_call_stamped_by_a_slower_thread_counts_in_the_newest_second():
    window = TimeWindow(2, 10.0)
    window.record(False, False, 11.5)
    window.record(True, True, 10.9)
    assert totals(window) == (2, 1, 1, 1)
    window.roll(12.0)
    assert totals(window) == (2, 1, 1, 1)
    window.roll(11.0)
    window.record(False, False, 12.5)
    assert totals(window) == (3, 1, 1, 1)
    window.roll(13.0)
    assert totals(window) == (1, 0, 0, 0)


@pytest.mark.parametrize('window', [CountWindow(100), TimeWindow(100, 0.0)], ids=['count', 'time'])
def test_memory_does_not_grow_with_calls(window):
    for n in range(2000): window.amend(window.record(n % 3 == 0, n % 7 == 0, n / 10), n / 10)
    tracemalloc.start()
    try:
        for n in range(2000, 22000): window.record(n % 3 == 0, n % 7 == 0, n / 10)
        found = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, sys.modules[type(window).__module__].__file__)])  # other threads allocate too
        assert sum(trace.size for trace in found.traces) < 2000
    finally: tracemalloc.stop()


def test_alarms_go_off_in_order_each_at_its_time_also_those_set_by_alarms():
    clock, rung = ManualClock(100.0), []
    ring = lambda name: lambda: rung.append((name, clock()))
    clock.call_later(5, ring('five'))
    clock.call_later(2, lambda: (ring('two')(), clock.call_later(1, ring('three'))))
    clock.call_later(-1, ring('at once'))
    clock.call_later(4, ring('never')).cancel()
    clock.call_later(50, ring('later'))
    clock.advance(10)
    assert rung == [('at once', 100.0), ('two', 102.0), ('three', 103.0), ('five', 105.0)]
    assert clock() == 110.0


def test_a_clock_begins_at_zero_and_an_alarm_at_the_end_of_a_step_goes_off_in_it():
    clock, rung = ManualClock(), []
    assert clock() == 0.0
    clock.call_later(5, lambda: rung.append(clock()))
    clock.advance(4.5)
    assert rung == []
    clock.advance(0.5)
    assert rung == [5.0]


def test_two_slow_calls_of_one_second_that_are_amended_are_both_forgotten_with_it():
    window = TimeWindow(2, 0.0)
    keys = [window.record(False, True, 0.5) for _ in range(2)]
    for key in keys: assert window.amend(key, 0.5)
    assert totals(window) == (2, 2, 2, 2)
    window.roll(2.0)
    assert totals(window) == (0, 0, 0, 0)
