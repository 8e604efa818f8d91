"A supervisor notices what has failed, restarts it in measure, and gives up aloud."
import logging
import os
import threading
import time
from concurrent.futures import Future

import pytest

from dspy_toolkit.core import notes
from dspy_toolkit.core.errors import InputError, SettingsError
from dspy_toolkit.core.events import Bus, ChildTransition, Escalated, GaveUp, ProbeFailed, Recovered, Restarting
from dspy_toolkit.monitoring.probes import Probe, Probing, run_inline
from dspy_toolkit.monitoring.recovery import Ladder, Probes, State, Supervisor
from dspy_toolkit.resilience.window import ManualClock


class Child:
    "A child that does as it is told."
    def __init__(self, name='child', fails=0):
        self.name, self.fails, self.alive, self.ready, self.pending, self.heartbeat, self.closed = name, fails, True, True, 0, None, False
        self.did, self.kinds = [], []

    def restart(self):
        self.did.append('restart')
        if self.fails > 0:
            self.fails -= 1
            raise RuntimeError('no room\nand a second line')
        self.alive = self.ready = True
        self.pending = 0

    def close(self): self.closed = True


MADE = []  # supervisors of the test that runs


class Watched:
    "A supervisor under a clock, with all it published."
    def __init__(self, *children, **options):
        self.clock, self.bus, self.seen = ManualClock(), Bus(), []
        self.bus.subscribe(self.seen.append)
        given = {'clock': self.clock, 'bus': self.bus, 'run': run_inline, 'backoff': lambda attempt: 1.0} | options
        self.supervisor = Supervisor(children[0] if len(children) == 1 and callable(children[0]) else children, **given)
        MADE.append(self.supervisor)

    def look(self, seconds, step=0.5):
        for _ in range(int(seconds / step)):
            self.supervisor.tick()
            self.clock.advance(step)

    def of(self, *kinds): return [e for e in self.seen if isinstance(e, kinds)]
    def path(self): return [e.state for e in self.of(ChildTransition)]
    @property
    def states(self): return {name: str(state) for name, state in self.supervisor.states.items()}


@pytest.fixture(autouse=True)
def quiet(caplog):
    "No warnings, and no note on the cards of the tests after."
    caplog.set_level(logging.CRITICAL, 'dspy_toolkit.monitoring')
    yield
    while MADE: MADE.pop().close()
    assert not notes.collect_notes()


def test_a_child_becomes_ready_and_stays_so():
    w = Watched(Child())
    w.look(30)
    assert w.states == {'child': 'ready'} and w.path() == ['ready'] and w.of(Restarting, ProbeFailed, Recovered) == []


def test_a_dead_child_is_restarted_after_the_wait_and_the_log_says_so():
    child = Child()
    w = Watched(child)
    w.look(2)
    child.alive = child.ready = False
    w.look(10)
    assert w.path() == ['ready', 'backing_off', 'restarting', 'starting', 'ready']
    assert [e.probe for e in w.of(ProbeFailed) if e.probe == 'liveness'] == ['liveness'] * 2, 'as many as the threshold'
    assert [(e.attempt, e.reason) for e in w.of(Restarting)] == [(1, 'it is not alive')]
    entry, well = w.supervisor.log
    assert (entry.happened, entry.done, entry.ok) == ('it is not alive', 'restart (attempt 1)', True) and well.seconds == w.of(Recovered)[0].seconds > 0


def test_a_snapshot_says_how_each_child_is_and_when_something_happens_next():
    child, other = Child(fails=1), Child('other')
    w = Watched(child, other, backoff=lambda attempt: 8.0)
    w.look(2)
    child.alive = child.ready = False
    w.look(3)
    one, two = w.supervisor.snapshot()
    assert (one.state, one.reason, one.serving, one.restarts) == ('backing_off', 'it is not alive', 'child', 0) and 0 < one.wait < 8
    assert (two.name, two.state, two.wait) == ('other', 'ready', None) and two.seconds > 3
    w.look(20)
    assert (w.supervisor.snapshot()[0].attempts, w.supervisor.snapshot()[0].restarts) == (2, 2)


def test_one_probe_that_fails_is_not_a_dead_child():
    child = Child()
    w = Watched(child, probes=Probes(liveness=Probe(period=1, failure_threshold=3)))
    w.look(2)
    for _ in range(5):
        child.alive = False
        w.look(2)
        child.alive = True
        w.look(1)
    assert w.path() == ['ready'] and child.did == []


def test_a_child_that_is_not_ready_is_left_alone_and_comes_back():
    child = Child()
    w = Watched(child)
    w.look(2)
    child.ready = False
    w.look(100)
    assert w.states == {'child': 'unready'} and child.did == []
    child.ready = True
    w.look(2)
    assert w.path() == ['ready', 'unready', 'ready']


def test_others_are_not_restarted():
    children = [Child('a'), Child('b'), Child('c')]
    w = Watched(*children)
    w.look(2)
    children[1].alive = False
    w.look(10)
    assert [c.did for c in children] == [[], ['restart'], []]


@pytest.mark.parametrize('ready, after', [(True, 120), (False, 600)])
def test_requests_that_wait_without_a_step_are_a_stall_and_a_load_may_take_longer(ready, after):
    child = Child()
    w = Watched(child)
    w.look(2)
    child.pending, child.ready, child.heartbeat = 3, ready, -1000.0  # an old beat: nothing was asked for since
    w.look(after - 5)
    assert child.did == []
    w.look(10)
    assert child.did == ['restart'] and [e.probe for e in w.of(ProbeFailed)][-1] == 'heartbeat'
    assert '3 pending, and no step for' in w.of(Restarting)[0].reason


def test_a_child_that_goes_on_is_no_stall_however_busy_and_idle_is_none_either():
    child = Child()
    w = Watched(child)
    for _ in range(40):
        child.pending, child.heartbeat = 8, w.clock()
        w.look(10)
    child.pending = 0
    w.look(600)
    assert child.did == []


def test_a_process_that_was_stopped_for_a_while_is_no_stall():
    child = Child()
    w = Watched(child)
    child.pending, child.heartbeat = 2, 0.0
    w.look(30)
    w.clock.advance(1000)  # a laptop was closed, or one call let no other thread run
    w.look(100)
    assert child.did == []
    w.look(30)
    assert child.did == ['restart']


def test_a_load_that_never_ends_is_restarted():
    child = Child()
    child.ready = False
    w = Watched(child, probes=Probes(startup=Probe(period=1, failure_threshold=20)))
    w.look(18)
    assert w.states == {'child': 'starting'}
    w.look(10)
    assert child.did == ['restart'] and w.states == {'child': 'ready'} and 'not ready within 20 s' in w.of(Restarting)[0].reason


def test_waits_grow_and_begin_anew_after_a_good_while():
    child, waits = Child(), []
    w = Watched(child, backoff=lambda attempt: waits.append(attempt) or 1.0, within=30)
    for pause in (5, 5, 60, 5):
        w.look(pause)
        child.alive = False
        w.look(5)
    assert waits == [1, 2, 1, 2]


def test_the_ladder_is_taken_step_by_step_and_each_is_told():
    class Full(Child):
        def clear_caches(self): self.did.append('clear_caches')
        def reload(self): self.did.append('reload'); raise RuntimeError('no room')
    child, done = Full(fails=99), []
    ladder = Ladder(degrade=lambda c: done.append('degrade'), open_breaker=lambda c, reason: done.append(f'open {reason}'), tell=done.append)
    w = Watched(child, ladder=ladder)
    child.alive = False
    w.look(60)
    assert [e.step for e in w.of(Escalated)] == ['clear_caches', 'reload', 'degrade', 'open_breaker', 'give_up']
    assert child.did == ['restart'] * 3 + ['clear_caches', 'restart', 'reload', 'restart']
    assert done == ['degrade', 'open LookupError: there is no smaller model', 'child was given up after 7 restarts: RuntimeError: no room']
    assert [e.attempts for e in w.of(GaveUp)] == [7] and w.states == {'child': 'given_up'}
    assert [note for note in notes.collect_notes() if 'child was given up: RuntimeError: no room' in note]
    w.supervisor.close()
    assert not [note for note in notes.collect_notes() if 'child was given up' in note]


def test_steps_with_nothing_to_call_are_left_out():
    child = Child(fails=99)
    w = Watched(child)
    child.alive = False
    w.look(60)
    assert [e.step for e in w.of(Escalated)] == ['reload', 'give_up']


def test_a_smaller_model_serves_and_is_watched_in_its_place():
    child, small = Child('big', fails=99), Child('small')
    w = Watched(child, ladder=Ladder(degrade=lambda c: small))
    child.alive = False
    w.look(60)
    assert w.states == {'big': 'degraded'} and 'big failed, small serves in its place' in w.supervisor.list_notes()
    small.ready = False
    w.look(5)
    small.ready = True
    w.look(5)
    assert w.path()[-2:] == ['unready', 'degraded']
    small.alive = False
    w.look(10)
    assert small.did == ['restart'] and w.states == {'big': 'degraded'}


def test_a_breaker_that_was_opened_is_closed_when_the_child_is_well_or_reset():
    done = []
    ladder = Ladder(open_breaker=lambda c, reason: done.append('open'), close_breaker=lambda c: done.append('close'))
    child = Child(fails=4)
    w = Watched(child, ladder=ladder)
    child.alive = False
    w.look(60)
    assert done == ['open', 'close'] and w.states == {'child': 'ready'}
    lost = Child(fails=99)
    w = Watched(lost, ladder=ladder)
    lost.alive = False
    w.look(60)
    assert done[2:] == ['open'] and w.states == {'child': 'given_up'}
    lost.fails = 0
    w.supervisor.reset()
    w.look(5)
    assert done[2:] == ['open', 'close'] and w.states == {'child': 'ready'}


def test_given_up_is_final_until_a_person_resets():
    child = Child(fails=5)
    w = Watched(child, max_restarts=1)
    child.alive = False
    w.look(60)
    assert w.states == {'child': 'given_up'}
    count, child.fails, child.alive = len(child.did), 0, True
    w.look(3600, step=10)
    assert w.states == {'child': 'given_up'} and len(child.did) == count
    w.supervisor.reset('child')
    w.look(5)
    assert w.states == {'child': 'ready'}
    with pytest.raises(InputError, match="'other' is not supervised") as caught: w.supervisor.reset('other')
    assert caught.value.hint == 'there are child'


def test_a_child_that_comes_back_by_itself_is_not_restarted_but_counts():
    child = Child()
    w = Watched(child, backoff=lambda attempt: 20.0)
    w.look(2)
    for _ in range(3):
        child.alive = False
        w.look(2)
        child.alive = True
        w.look(4)
    assert child.did == [] and [e.attempts for e in w.of(Recovered)] == [1, 2, 3]
    child.alive = False
    w.look(30)
    assert [e.step for e in w.of(Escalated)] == ['reload']


def test_a_restart_that_hangs_is_not_begun_a_second_time():
    hanging, small = [], Child('small')

    def run(function, name):
        if name.startswith('restarts') and not hanging:
            hanging.append(Future())
            return hanging[0]
        return run_inline(function)
    child = Child()
    w = Watched(child, run=run, probes=Probes(restart_timeout=30), ladder=Ladder(degrade=lambda c: small))
    child.alive = False
    w.look(20)
    assert w.states == {'child': 'restarting'}
    w.look(60)
    assert child.did == [] and [e.step for e in w.of(Escalated)] == ['degrade'] and w.states == {'child': 'degraded'}
    assert 'did not end within 30 s' in w.supervisor.log[0].done and not w.supervisor.log[0].ok


def test_a_probe_that_hangs_costs_one_thread_and_holds_nobody_up():
    gate, child, other = threading.Event(), Child('hung'), Child('other')

    class Hung(Child):
        @property
        def alive(self): gate.wait(); return True
        @alive.setter
        def alive(self, value): pass
    child = Hung('hung')
    supervisor = Supervisor([child, other], probes=Probes(liveness=Probe(period=0.01, timeout=0.02, failure_threshold=50)), bus=Bus())
    before = time.monotonic()
    for _ in range(200): supervisor.tick()
    assert time.monotonic() - before < 5
    hung = [t for t in threading.enumerate() if t.name == 'dspy_toolkit probes liveness']
    assert len(hung) <= 2
    gate.set()
    supervisor.close()


def test_a_probe_that_answers_late_is_a_failure_once():
    clock, futures = ManualClock(), []
    probing = Probing('liveness', Probe(period=1, timeout=2), None, clock, lambda function, name: futures.append(Future()) or futures[-1])
    assert probing.poll() is None
    clock.advance(2)
    assert probing.poll().error == 'no answer within 2 s' and probing.failures == 1
    futures[0].set_result('late')
    assert probing.poll() is None and len(futures) == 1
    assert probing.poll() is None and len(futures) == 2, 'the next question is asked'
    futures[1].set_result('in time')
    assert probing.poll().value == 'in time' and (probing.failures, probing.successes) == (0, 1)


def test_children_come_and_go_with_the_function_that_gives_them():
    there = [Child('a')]
    w = Watched(lambda: there)
    w.look(1)
    there.append(Child('a'))
    w.look(2)
    assert w.states == {'a': 'ready', 'a #2': 'ready'}
    del there[0]
    w.look(1)
    assert w.states == {'a #2': 'ready'}


def test_the_model_that_failed_is_not_watched_beside_the_one_that_stands_in():
    child, small, there = Child('big', fails=99), Child('small'), []
    there.append(child)
    w = Watched(lambda: there, ladder=Ladder(degrade=lambda c: small))
    child.alive = False
    w.look(60)
    there.append(small)
    w.look(60)
    assert w.states == {'big': 'degraded'}


def test_a_hook_that_fails_is_logged_and_hurts_nobody(caplog):
    caplog.set_level(logging.WARNING, 'dspy_toolkit.monitoring')
    def fail(*given): raise RuntimeError('no')

    class Pressure:
        is_due = True
        check = close = fail
        def list_notes(self): return []
    child = Child(fails=99)
    w = Watched(child, ladder=Ladder(tell=fail), pressure=(pressure := Pressure()))
    child.alive = False
    w.look(60)
    assert w.states == {'child': 'given_up'}
    assert [m for m in caplog.messages if 'tells of child' in m] and [m for m in caplog.messages if 'looks at memory' in m]
    assert pressure.is_due


def test_a_child_that_was_closed_is_watched_no_more():
    child = Child()
    w = Watched(child)
    w.look(2)
    child.close()
    child.alive = False
    w.look(5)
    assert w.states == {} and child.did == []


def test_one_thread_looks_and_ends_with_close():
    child = Child()
    with Supervisor([child], interval=0.01, bus=Bus(), backoff=lambda attempt: 0.01, probes=Probes(liveness=Probe(period=0.01, failure_threshold=1))) as supervisor:
        supervisor.start()
        child.alive = False
        end = time.monotonic() + 10
        while not supervisor.log or supervisor.states != {'child': State.ready}:
            assert time.monotonic() < end
            time.sleep(0.005)
        assert [t.name for t in threading.enumerate() if t.name == 'dspy_toolkit supervisor'] == ['dspy_toolkit supervisor']
    supervisor.close()
    assert not [t for t in threading.enumerate() if t.name == 'dspy_toolkit supervisor']
    with pytest.raises(InputError, match='closed'): supervisor.start()


def test_a_look_that_fails_is_logged_and_the_thread_goes_on(caplog):
    caplog.set_level(logging.WARNING, 'dspy_toolkit.monitoring')
    calls = []

    def find():
        calls.append(1)
        if len(calls) < 5: raise RuntimeError('not now')
        return [Child()]
    with Supervisor(find, interval=0.01, bus=Bus()) as supervisor:
        end = time.monotonic() + 10
        while not supervisor.states and time.monotonic() < end: time.sleep(0.005)
        assert supervisor.states
    assert len([r for r in caplog.records if 'could not look' in r.message]) == 1


def test_a_subscriber_may_ask_the_supervisor():
    child, states = Child(), []
    w = Watched(child)
    w.bus.subscribe(lambda event: states.append(w.supervisor.states['child']), ChildTransition)
    w.look(2)
    assert states == [State.ready]


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='this system has no fork')
def test_a_forked_child_has_no_supervisor_running_and_may_start_its_own():
    class Slow(Child):
        def restart(self): begun.set(); held.wait(20)
    begun, held, child = threading.Event(), threading.Event(), Slow()
    child.alive = child.ready = False
    supervisor = Supervisor([child], interval=0.01, bus=Bus(), backoff=lambda attempt: 0.0).start()
    assert begun.wait(20) and supervisor.states == {'child': State.restarting}
    read, write = os.pipe()
    with supervisor._lock:  # held by the parent at the moment of the fork
        if (pid := os.fork()) == 0:
            try:
                before = supervisor._thread
                supervisor.tick()
                supervisor.start()
                supervisor.close()
                supervisor.close()
                os.write(write, repr((before, supervisor.states)).encode())
            finally: os._exit(0)
    os.waitpid(pid, 0)
    assert os.read(read, 1000).decode().startswith("(None, {'child': <State.starting")
    held.set()
    supervisor.close()


@pytest.mark.parametrize('options, says', [
    (dict(strategy='one_for_all'), 'one_for_all'), (dict(max_restarts=0), 'max_restarts'), (dict(within=0), 'within'), (dict(interval=-1), 'interval')])
def test_settings_are_checked_at_once(options, says):
    with pytest.raises(SettingsError, match=says): Supervisor(**options)
    with pytest.raises(SettingsError): Probes(stall_seconds=0)
