"A worker begins anew when it is told to, and nobody is left waiting."
import threading, time
from concurrent.futures import ThreadPoolExecutor

import pytest
from dspy.lm15 import ConfigurationError, RateLimitError, ServerError

from dspy_toolkit.core.events import Bus, EngineDied, EngineLoaded, EngineRestarted
from dspy_toolkit.engine.worker import Generation, ScriptedBackend, Worker

pytestmark = pytest.mark.filterwarnings('error::pytest.PytestUnhandledThreadExceptionWarning')
words = ['one ', 'two']


def ask(text='well?'): return Generation(({'role': 'user', 'content': text},))


def until(true, seconds=10.0):
    "Wait until something is true."
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, 'it did not become true'
        time.sleep(0.001)


@pytest.fixture
def make():
    made = []

    def worker(*backends, **options):
        backends = list(backends)
        made.append(Worker(lambda: backends.pop(0) if len(backends) > 1 else backends[0], **{'name': 'test', 'bus': Bus()} | options))
        return made[-1]
    yield worker
    for each in made: each.close(5)
    assert [t.name for t in threading.enumerate() if t.name == 'dspy_toolkit test' and t.is_alive()] == []


def test_a_worker_that_hangs_is_replaced_and_its_request_may_be_asked_again(make):
    gate, bus = threading.Event(), Bus()
    old = ScriptedBackend(words, slots=1, gate=gate)
    worker = make(old, ScriptedBackend(words), bus=bus)
    with bus.record(EngineDied, EngineLoaded, EngineRestarted) as seen:
        hung = worker.submit(ask())
        until(lambda: hung.admitted)
        waiting = worker.submit(ask())
        assert worker.pending == 2 and worker.alive and worker.ready
        worker.restart(10, patience=0)
        with pytest.raises(ServerError, match='test was restarted') as caught: hung.result(5)
        assert caught.value.retry_after == 0.0
        assert waiting.result(5).text == 'one two', 'what was in the queue is served by the new one'
    assert [type(e).__name__ for e in seen] == ['EngineLoaded', 'EngineDied', 'EngineLoaded', 'EngineRestarted']
    gate.set()
    until(lambda: not old.open)
    assert worker.submit(ask()).result(5).text == 'one two' and worker.pending == 0


def test_what_a_replaced_thread_says_late_is_ignored(make):
    gate = threading.Event()
    worker = make(ScriptedBackend(['late '] * 50, gate=gate), ScriptedBackend(['new'] * 3))
    hung = worker.submit(ask())
    until(lambda: hung.admitted)
    worker.restart(10, patience=0)
    beat = worker.heartbeat
    gate.set()
    time.sleep(0.02)
    assert worker.heartbeat == beat and isinstance(hung.future.exception(5), ServerError) and hung.text == ''


def test_a_step_that_fails_after_the_thread_was_replaced_hurts_nobody(make):
    gate, held = threading.Event(), threading.Event()
    worker = make(ScriptedBackend(words, gate=gate, fail={('step', 1): RuntimeError('late')}), ScriptedBackend(words, gate=held))
    hung = worker.submit(ask())
    until(lambda: hung.admitted)
    worker.restart(10, patience=0)
    job = worker.submit(ask())
    until(lambda: job.admitted)
    gate.set()
    time.sleep(0.02)
    assert not job.ended
    held.set()
    assert job.result(5).text == 'one two'


def test_a_load_that_hangs_is_replaced_too(make):
    gate = threading.Event()

    class Hanging(ScriptedBackend):
        def load(self): gate.wait(); return super().load()
    worker = make(Hanging(words), ScriptedBackend(words))
    job = worker.submit(ask())
    assert worker.state == 'loading' and worker.alive and not worker.ready
    worker.restart(10, patience=0)
    assert job.result(5).text == 'one two'
    gate.set()


def test_a_dead_worker_is_not_alive_and_serves_again_after_a_restart(make):
    worker = make(ScriptedBackend(words, fail={('load', 1): RuntimeError('no room')}), ScriptedBackend(words))
    with pytest.raises(ServerError): worker.submit(ask()).result(5)
    until(lambda: worker.state == 'dead')
    assert not worker.alive and not worker.ready
    worker.restart(10)
    assert worker.alive and worker.submit(ask()).result(5).text == 'one two'


def test_a_restart_raises_what_loading_failed_with_and_a_closed_worker_stays_closed(make):
    worker = make(ScriptedBackend(words), ScriptedBackend(words, fail={('load', 1): RuntimeError('no room')}))
    worker.warm(5)
    with pytest.raises(ServerError, match='no room'): worker.restart(10)
    worker.close()
    assert worker.closed and not worker.alive
    with pytest.raises(ConfigurationError, match='is closed'): worker.restart(10)


def test_under_load_every_request_is_answered_or_may_be_retried(make):
    worker = make(ScriptedBackend(lambda generation: ['word '] * 20))
    worker._make = lambda: ScriptedBackend(lambda generation: ['word '] * 20)
    ends, stop = [], threading.Event()

    def caller():
        while not stop.is_set():
            try: ends.append(worker.submit(ask()).result(10).text)
            except ServerError as e: ends.append(e)
    with ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(caller) for _ in range(8)]
        for _ in range(20): worker.restart(10)
        stop.set()
        for each in callers: each.result(20)
    assert {e.message if isinstance(e, ServerError) else e for e in ends} <= {'word ' * 20, 'test was restarted'}
    assert worker.submit(ask()).result(5).output_tokens == 20


def test_a_worker_that_refuses_says_why_and_accepts_again(make):
    worker = make(ScriptedBackend(words))
    worker.refuse('memory is short')
    assert not worker.ready and worker.alive
    with pytest.raises(RateLimitError, match='test takes no prompt now: memory is short'): worker.submit(ask())
    worker.accept()
    assert worker.submit(ask()).result(5).text == 'one two'


def test_a_model_is_put_down_only_when_nobody_needs_it(make):
    gate, backend, bus = threading.Event(), None, Bus()
    backend = ScriptedBackend(words, gate=gate)
    worker = make(backend, ScriptedBackend(words), bus=bus)
    assert not worker.unload()
    job = worker.submit(ask())
    until(lambda: job.admitted)
    assert not worker.unload()
    gate.set()
    job.result(5)
    with bus.record(EngineDied, EngineRestarted) as seen:
        assert worker.unload() and not backend.open and worker.state == 'new' and worker.ready
        assert worker.submit(ask()).result(5).text == 'one two'
    assert seen == []


def test_caches_are_cleared_between_two_steps(make):
    backend = ScriptedBackend(words)
    worker = make(backend)
    assert worker.clear_caches() == 0 and backend.calls == []
    worker.warm(5)
    worker.clear_caches(5)
    assert backend.calls == ['load', 'clear_caches']
