"The models of this process are watched: what dies or hangs under load serves again, and nobody waits for ever."
import logging
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import dspy
import pytest
from dspy.lm15 import ServerError

import dspy_toolkit
from dspy_toolkit.core import notes, session
from dspy_toolkit.core.events import Bus, ChildTransition, Escalated, EngineDied, GaveUp, Recovered, Restarting, bus
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.worker import Generation, ScriptedBackend, Worker
from dspy_toolkit.monitoring.pressure import PressureConfig
from dspy_toolkit.monitoring.probes import Probe
from dspy_toolkit.monitoring.recovery import Probes, State, Supervisor
from dspy_toolkit.resilience.breaker import breakers
from dspy_toolkit.workspace import lms
from dspy_toolkit.workspace.supervision import list_models_of, list_reliefs, list_workers, supervise

words = ['one ', 'two']
QUICK = dict(interval=0.02, backoff=lambda attempt: 0.05, probes=Probes(
    startup=Probe(period=0.05, failure_threshold=600), liveness=Probe(period=0.05, failure_threshold=2), stall_seconds=0.5))


def ask(text='well?'): return Generation(({'role': 'user', 'content': text},))


def until(true, seconds=30.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, 'it did not become true'
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def alone(caplog):
    caplog.set_level(logging.CRITICAL, 'dspy_toolkit')
    session.reset()
    yield
    session.reset()
    dspy.configure(lm=None, adapter=None)
    for each in list_workers(): each.close()
    assert not [t for t in threading.enumerate() if t.name == 'dspy_toolkit supervisor']


@pytest.fixture
def make():
    made = []

    def worker(make, **options):
        made.append(Worker(make, **{'name': 'test', 'bus': Bus()} | options))
        return made[-1]
    yield worker
    for each in made: each.close(5)


class Load:
    "Eight callers that ask all the time; each request has an end."
    def __init__(self, call): self.call, self.ends, self.stop, self.pool = call, [], threading.Event(), ThreadPoolExecutor(8)

    def run(self, number):
        count = 0
        while not self.stop.is_set():
            count += 1
            try: self.ends.append((time.monotonic(), 'ok', self.call(f'{number}-{count}')))
            except ServerError as e: self.ends.append((time.monotonic(), 'failed', e.message))
            except dspy.LMError as e: self.ends.append((time.monotonic(), 'failed', str(e)))

    def __enter__(self): self.callers = [self.pool.submit(self.run, number) for number in range(8)]; return self

    def __exit__(self, *error):
        self.stop.set()
        for each in self.callers: each.result(30)
        self.pool.shutdown()

    def answers(self, since): return sum(at > since and how == 'ok' for at, how, _ in self.ends)


def test_a_worker_that_hangs_under_load_serves_again(make):
    gate = threading.Event()
    gate.set()
    first = [ScriptedBackend(words, gate=gate)]
    worker = make(lambda: first.pop() if first else ScriptedBackend(words))
    with Supervisor([worker], bus=(heard := Bus()), **QUICK) as supervisor, Load(lambda text: worker.submit(ask(text)).result(20).text) as load, heard.record() as seen:
        until(lambda: load.answers(0) > 50)
        gate.clear()
        until(lambda: [e for e in seen if isinstance(e, Recovered)])
        since = time.monotonic()
        until(lambda: load.answers(since) > 50)
        assert supervisor.states == {'test': State.ready}
    gate.set()
    assert {text for _, how, text in load.ends if how == 'failed'} == {'test was restarted'}
    assert ' pending, and no step for ' in next(e.reason for e in seen if isinstance(e, Restarting))
    assert worker.pending == 0 and supervisor.log[0].ok


def test_a_worker_that_dies_under_load_serves_again(make):
    deaths = [RuntimeError('gone'), None]

    class Dying(ScriptedBackend):
        def step(self):
            if len(self.calls) > 200 and deaths[0]: deaths[0] = None; raise SystemExit('gone')
            return super().step()
    worker = make(lambda: Dying(words))
    with Supervisor([worker], bus=Bus(), **QUICK) as supervisor, Load(lambda text: worker.submit(ask(text)).result(20).text) as load:
        until(lambda: deaths[0] is None)
        since = time.monotonic()
        until(lambda: load.answers(since) > 50)
        until(lambda: supervisor.states == {'test': State.ready})
    assert {how for _, how, _ in load.ends} == {'ok', 'failed'}


def test_a_worker_that_died_while_nobody_asks_is_there_again(make):
    backends = [ScriptedBackend(words, fail={('load', 1): RuntimeError('no room')}), ScriptedBackend(words)]
    worker = make(lambda: backends.pop(0))
    with Supervisor([worker], bus=Bus(), **QUICK) as supervisor:
        with pytest.raises(ServerError): worker.submit(ask()).result(5)
        until(lambda: worker.state == 'ready')
        until(lambda: supervisor.states == {'test': State.ready})
    assert worker.submit(ask()).result(5).text == 'one two'


def test_the_built_in_model_dies_and_hangs_under_load_of_eight_threads_and_serves_again(monkeypatch):
    lm = dspy_toolkit.lm('mlx/tiny', max_tokens=4, cache=False)
    lm.engine.warm()
    step, how, gate = MLXBackend.step, ['well'], threading.Event()

    def shaky(self):
        if how[0] == 'die': how[0] = 'well'; raise SystemExit('as if it was killed')
        if how[0] == 'hang': how[0] = 'well'; gate.wait()
        return step(self)
    monkeypatch.setattr(MLXBackend, 'step', shaky)
    with bus.record(EngineDied, Recovered, Restarting) as seen, Load(lambda text: lm(f'Say {text}')) as load:
        supervisor = supervise(**QUICK | {'probes': Probes(liveness=Probe(period=0.05, failure_threshold=2), stall_seconds=2.0)})
        until(lambda: load.answers(0) > 8)
        how[0] = 'die'
        until(lambda: [e for e in seen if isinstance(e, EngineDied)])
        since = time.monotonic()
        until(lambda: load.answers(since) > 8)
        how[0] = 'hang'
        until(lambda: [e for e in seen if isinstance(e, Recovered) and supervisor.states == {'mlx/tiny': State.ready} and how[0] == 'well' and len(seen) > 2])
        since = time.monotonic()
        until(lambda: load.answers(since) > 8)
    gate.set()
    assert [e for e in seen if isinstance(e, Restarting) and 'no step for' in e.reason]
    assert Counter(how for _, how, _ in load.ends)['failed'] <= 8 * (1 + sum(isinstance(e, EngineDied) for e in seen)), 'only what was in a slot is lost'
    assert lm('once more')


def test_a_model_in_a_child_process_that_is_killed_is_there_again_before_anybody_asks():
    lm = dspy_toolkit.lm('mlx/tiny', max_tokens=4, cache=False, isolate=True)
    worker = lm.engine.worker
    worker.warm(120)
    supervisor, before = supervise(pressure=None, **QUICK), worker.pid
    until(lambda: supervisor.states == {'mlx/tiny': State.ready})
    assert worker.pending == 0 and worker.clear_caches() >= 0
    os.kill(before, signal.SIGKILL)
    until(lambda: worker.state == 'ready' and worker.pid not in (None, before), 120)
    until(lambda: supervisor.states == {'mlx/tiny': State.ready})
    assert [entry.ok for entry in supervisor.log] == [True, True] and lm('hello')


def test_models_made_later_are_watched_and_closed_ones_are_not():
    supervisor = supervise(**QUICK)
    assert supervise() is supervisor and dspy_toolkit.supervise is supervise
    lm = dspy_toolkit.lm('mlx/tiny', slots=3)
    until(lambda: supervisor.states == {'mlx/tiny': State.ready})
    assert lm.engine.worker in list_workers() and lm.engine.worker.state == 'new', 'to be watched, a model need not be loaded'
    lm.engine.worker.close()
    until(lambda: supervisor.states == {})


def test_what_is_asked_for_takes_the_place_of_the_supervisor_before():
    first = supervise()
    second = supervise(max_restarts=5)
    assert second is not first and first.closed and second.max_restarts == 5 and supervise() is second
    second.close()
    assert supervise() is not second


def test_a_smaller_model_stands_in_under_all_names(monkeypatch):
    big, small = dspy_toolkit.lm('mlx/tiny', slots=2), dspy_toolkit.lm('mlx/tiny', slots=5)
    lms.names.update(fast=big, same=big)
    dspy.configure(lm=big)
    worker = big.engine.worker
    assert set(list_models_of(worker)) == {'fast', 'same', 'mlx/tiny'}
    monkeypatch.setattr('dspy_toolkit.workspace.supervision.make_model', lambda name: small)
    monkeypatch.setattr(worker, 'restart', lambda *args: (_ for _ in ()).throw(RuntimeError('no room')))
    said = []
    with bus.record(Escalated) as seen:
        supervisor = supervise(smaller={'mlx/tiny': 'mlx/smaller'}, tell=said.append, max_restarts=1, **QUICK)
        monkeypatch.setattr(type(worker), 'alive', property(lambda self: self is not worker))
        until(lambda: State.degraded in supervisor.states.values())
    assert [e.step for e in seen] == ['clear_caches', 'reload', 'degrade'] and said == []
    assert lms.names['fast'] is lms.names['same'] is small and lms.current_model() is small
    assert any('failed, mlx/tiny serves in its place' in note for note in notes.collect_notes())  # others may have left theirs


def test_a_model_that_is_lost_opens_its_breaker_and_the_person_is_told(monkeypatch):
    lm, said = dspy_toolkit.lm('mlx/tiny', slots=2), []
    lms.names['fast'] = lm
    breaker = breakers['fast']
    worker = lm.engine.worker
    monkeypatch.setattr(worker, 'restart', lambda *args: (_ for _ in ()).throw(RuntimeError('no room')))
    with bus.record(GaveUp) as seen:
        supervisor = supervise(tell=said.append, max_restarts=1, **QUICK)
        monkeypatch.setattr(type(worker), 'alive', property(lambda self: False))
        until(lambda: seen)
    assert breaker.state.value == 'forced_open' and supervisor.states == {'mlx/tiny': State.given_up}
    until(lambda: said)
    assert said == [f'mlx/tiny was given up after {seen[0].attempts} restarts: RuntimeError: no room']
    monkeypatch.undo()
    supervisor.reset()
    until(lambda: supervisor.states == {'mlx/tiny': State.ready})
    until(lambda: breaker.state.value == 'closed')


def test_models_make_room_when_memory_is_short():
    lm = dspy_toolkit.lm('mlx/tiny', max_tokens=4, cache=False)
    lm('hello, how are you? ' * 20)
    worker = lm.engine.worker
    assert worker.stats()['prefix_bytes'] > 0
    relief = next(each for each in list_reliefs() if each.owner == 'mlx/tiny')
    assert relief.clear() > 0 and worker.stats()['prefix_bytes'] == 0 and relief.last_used > 0
    relief.refuse('memory is short')
    with pytest.raises(dspy.LMError, match='takes no prompt now: memory is short'): lm('hello again')
    relief.accept()
    assert relief.evict() and worker.state == 'new' and lm('hello once more')


def test_no_pressure_is_a_choice():
    assert supervise(pressure=None).pressure is None and supervise(pressure=PressureConfig(period=9)).pressure.config.period == 9


def test_a_transition_is_heard_on_the_bus_of_the_process():
    with bus.record(ChildTransition) as seen:
        supervise(**QUICK)
        lm = dspy_toolkit.lm('mlx/tiny', slots=4)
        until(lambda: seen)
    assert (seen[0].child, seen[0].previous, seen[0].state) == ('mlx/tiny', 'starting', 'ready') and lm


def test_the_verb_shows_the_default_model_before_any_cell_asked_it():
    from dspy_toolkit.commands.recovery import supervise as verb
    assert [each.name for each in verb().children] == ['mlx/tiny']
    verb(off=True)
