"A worker answers each request exactly once, whatever fails, stops or closes, and when."
import random, threading, time
from concurrent.futures import ThreadPoolExecutor

import pytest
from dspy.lm15 import ConfigurationError, ContextLengthError, RateLimitError, ServerError, TimeoutError, UnsupportedModelError
from hypothesis import given, settings, strategies as st

from dspy_toolkit.core.errors import MissingExtra, ModelNotAvailable
from dspy_toolkit.core.events import Bus, EngineDied, EngineLoaded, EngineRestarted, FirstToken, GenerationFinished, GenerationStarted
from dspy_toolkit.core.cancel import CancelScope, Cancelled
from dspy_toolkit.engine.worker import Generation, ScriptedBackend, Worker

pytestmark = pytest.mark.filterwarnings('error::pytest.PytestUnhandledThreadExceptionWarning')  # a worker's thread never ends by accident
words = ['one ', 'two ', 'three ', 'four']


def ask(text='well?'): return Generation(({'role': 'user', 'content': text},))


def threads(): return [t.name for t in threading.enumerate() if t.name == 'dspy_toolkit test' and t.is_alive()]


@pytest.fixture
def make():
    made = []

    def worker(backend, **options):
        made.append(Worker(backend, **{'name': 'test', 'bus': Bus()} | options))
        return made[-1]
    yield worker
    for each in made: each.close(5)
    assert threads() == []


class Clock:
    now = 0.0
    def __call__(self): return self.now


def outcome(job):
    "What a job ended with; one that does not end fails the test."
    try: return job.future.result(10)
    except BaseException as e:
        assert job.ended, 'left pending'
        return e


def test_an_answer_has_its_text_and_its_counts(make):
    answer = make(ScriptedBackend(words)).submit(ask('how are you')).result()
    assert (answer.text, answer.finish_reason, answer.input_tokens, answer.output_tokens) == ('one two three four', 'stop', 3, 4)


@pytest.mark.parametrize('call, nth', [('load', 1), ('admit', 1), ('admit', 2), ('step', 1), ('step', 2), ('step', 4), ('evict', 1), ('close', 1)])
def test_whatever_call_fails_every_job_ends_and_no_thread_is_left(make, call, nth):
    fail = {(call, nth): RuntimeError('no more memory')} | ({('step', 1): RuntimeError('x')} if call == 'evict' else {})
    worker = make(lambda: ScriptedBackend(words, slots=2, fail=fail))
    jobs = [worker.submit(ask()) for _ in range(5)]
    ends = [outcome(job) for job in jobs]
    worker.close()
    assert all(isinstance(end, ServerError) or end.text == ''.join(words) for end in ends)
    if call not in ('close',): assert any(isinstance(end, ServerError) for end in ends)


def test_a_request_that_cannot_be_served_does_not_touch_the_others(make):
    worker = make(ScriptedBackend(words, fail={('admit', 2): ContextLengthError('too long')}))
    ends = [outcome(worker.submit(ask())) for _ in range(3)]
    assert [type(end).__name__ for end in ends] == ['Answer', 'ContextLengthError', 'Answer']


@pytest.mark.parametrize('failure, seen', [
    (ModelNotAvailable('no such model', 'look again'), UnsupportedModelError), (FileNotFoundError('model.safetensors'), UnsupportedModelError),
    (ValueError('Model type foo not supported.'), UnsupportedModelError), (MissingExtra('mlx is missing', 'install it'), MissingExtra),
    (MemoryError(), ServerError), (SystemExit(), ServerError)])
def test_a_model_that_does_not_load_ends_every_job_with_the_reason(make, failure, seen):
    worker = make(lambda: ScriptedBackend(words, fail={('load', 1): failure}))
    jobs = [worker.submit(ask()) for _ in range(3)]
    assert all(isinstance(outcome(job), seen) for job in jobs)


def test_a_dead_worker_begins_anew_with_the_next_request_and_says_so(make):
    bus, backends = Bus(), [ScriptedBackend(words, fail={('load', 1): RuntimeError('no room')}), ScriptedBackend(words)]
    worker = make(lambda: backends.pop(0), bus=bus)
    with bus.record(EngineDied, EngineLoaded, EngineRestarted) as seen:
        assert isinstance(outcome(worker.submit(ask())), ServerError)
        for _ in range(100):
            if worker.state == 'dead': break
            time.sleep(0.01)
        assert worker.state == 'dead'
        assert worker.submit(ask()).result().text == ''.join(words)
        assert worker.state == 'ready'
    assert [type(e).__name__ for e in seen] == ['EngineDied', 'EngineLoaded', 'EngineRestarted']


def test_warm_loads_once_and_raises_what_loading_failed_with(make):
    backend = ScriptedBackend(words)
    worker = make(backend)
    worker.warm(5); worker.warm(5)
    assert backend.calls == ['load'] and worker.state == 'ready'
    with pytest.raises(ServerError, match='no room'): make(ScriptedBackend(words, fail={('load', 1): RuntimeError('no room')})).warm(5)


def test_slots_are_a_limit(make):
    class Counting(ScriptedBackend):
        most = 0
        def step(self):
            self.most = max(self.most, len(self.rows))
            return super().step()
    backend = Counting(words, slots=3)
    worker = make(backend)
    for job in [worker.submit(ask()) for _ in range(20)]: job.result()
    assert backend.most <= 3


def test_a_full_queue_says_so_at_once_and_when_to_come_again(make):
    gate = threading.Event()
    worker = make(ScriptedBackend(words, slots=1, gate=gate), queue_limit=2)
    first = worker.submit(ask())
    while first.admitted is None: time.sleep(0.001)
    waiting = [worker.submit(ask()), worker.submit(ask())]
    with pytest.raises(RateLimitError, match='test has 2 requests waiting') as caught: worker.submit(ask())
    assert caught.value.retry_after > 0 and '\n' not in caught.value.message and caught.value.hint
    gate.set()
    assert all(job.result().finish_reason == 'stop' for job in (first, *waiting))


# ---- cancelling

class Paced(ScriptedBackend):
    "Steps when it is told to, and says when a step is over."
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.go, self.over = threading.Semaphore(0), threading.Semaphore(0)
    def step(self):
        self.go.acquire()
        out = super().step()
        self.over.release()
        return out


@pytest.mark.parametrize('steps', [0, 1, 2, 5])
def test_a_cancelled_job_leaves_its_slot_within_one_step(make, steps):
    backend = Paced(['x'] * 50, slots=1)
    worker = make(backend)
    job, after = worker.submit(ask()), worker.submit(ask())
    for _ in range(steps): backend.go.release(); backend.over.acquire()
    while job.admitted is None: time.sleep(0.001)
    job.cancel()
    backend.go.release(2)  # at most one step in progress, and one for the request behind it
    assert isinstance(error := outcome(job), Cancelled)
    assert len(error.partial) <= steps + 1
    while after.admitted is None: time.sleep(0.001)
    after.cancel()
    backend.go.release(2)
    assert isinstance(outcome(after), Cancelled)


def test_a_waiting_job_that_is_cancelled_ends_at_once(make):
    gate = threading.Event()
    worker = make(ScriptedBackend(words, slots=1, gate=gate))
    first, second = worker.submit(ask()), worker.submit(ask())
    second.cancel()
    assert isinstance(second.future.exception(0), Cancelled)
    gate.set()
    assert first.result().text == ''.join(words)


def test_a_scope_stops_what_was_asked_inside_also_on_other_threads(make):
    from contextvars import copy_context
    backend = Paced(['x'] * 50)
    worker = make(backend)
    outside, jobs = worker.submit(ask()), []
    with CancelScope() as scope:
        jobs.append(worker.submit(ask()))
        thread = threading.Thread(target=copy_context().run, args=(lambda: jobs.append(worker.submit(ask())),))
        thread.start(); thread.join()
        with CancelScope(): jobs.append(worker.submit(ask()))
    for _ in range(3): backend.go.release(); backend.over.acquire()
    scope.cancel()
    backend.go.release(60)
    assert [type(outcome(job)) for job in jobs] == [Cancelled] * 3
    assert outside.result().finish_reason == 'stop'
    assert set(scope.partial) <= {'x'} and len(scope.partial) >= 2


def test_nothing_begins_in_a_scope_that_was_cancelled(make):
    worker = make(ScriptedBackend(words))
    with CancelScope() as scope:
        scope.cancel()
        with pytest.raises(Cancelled): worker.submit(ask())
        with CancelScope(), pytest.raises(Cancelled): worker.submit(ask())
    assert worker.submit(ask()).result().text == ''.join(words)


def test_cancelled_passes_by_handlers_of_exception():
    assert not issubclass(Cancelled, Exception)


def test_leaving_a_stream_early_frees_the_slot(make):
    backend = ScriptedBackend(['x'] * 10_000, slots=1)
    worker = make(backend)
    next(stream := worker.submit(ask(), streaming=True).pieces())
    stream.close()
    while backend.rows: time.sleep(0.001)
    assert 'evict' in backend.calls


def test_an_interrupt_while_waiting_stops_the_job(make):
    gate = threading.Event()
    job = make(ScriptedBackend(['x'] * 10_000, slots=1, gate=gate)).submit(ask())
    wait = job.future.result
    def interrupted(timeout): raise KeyboardInterrupt
    job.future.result = interrupted
    with pytest.raises(KeyboardInterrupt): job.result()
    gate.set()
    with pytest.raises(Cancelled): wait(10)


def test_a_request_that_takes_too_long_is_told_so(make):
    clock, backend = Clock(), Paced(['x'] * 50)
    worker = make(backend, timeout=3, clock=clock)
    job = worker.submit(ask())
    backend.go.release(); backend.over.acquire()
    clock.now = 3.5
    backend.go.release(2)
    assert isinstance(error := outcome(job), TimeoutError) and 'within 3 s' in str(error)


# ---- closing

def test_closing_ends_what_runs_and_what_waits_and_twice_is_no_harm(make):
    gate = threading.Event()
    worker = make(ScriptedBackend(words, slots=1, gate=gate))
    jobs = [worker.submit(ask()) for _ in range(3)]
    closers = [threading.Thread(target=worker.close) for _ in range(3)]
    for each in closers: each.start()
    assert all(isinstance(outcome(job), ConfigurationError) for job in jobs)  # at once, before the step is over
    gate.set()
    for each in closers: each.join(5)
    assert worker.state == 'closed'
    with pytest.raises(ConfigurationError, match='test is closed'): worker.submit(ask())
    with pytest.raises(ConfigurationError): worker.warm()


def test_a_job_closed_while_its_first_token_comes_still_has_it_before_its_end():
    worker = Worker(backend := ScriptedBackend(words), 'test', bus=(bus := Bus()))
    closers = []

    def clock():
        if 'step' in backend.calls and threading.current_thread() is not threading.main_thread() and not closers:  # the worker looks when the first token came
            closers.append(threading.Thread(target=worker.close, args=(5,)))
            closers[0].start()
            closers[0].join(0.3)
        return 0.0
    worker.clock = clock
    with bus.record(GenerationStarted, FirstToken, GenerationFinished) as seen:
        assert isinstance(outcome(worker.submit(ask())), ConfigurationError)
        closers[0].join(5)
    assert [type(e) for e in seen] == [GenerationStarted, FirstToken, GenerationFinished]


def test_a_worker_that_never_ran_closes_too(make):
    worker = make(ScriptedBackend(words))
    assert worker.state == 'new'
    worker.close()
    assert worker.state == 'closed'


# ---- the whole

@given(st.integers(1, 24), st.integers(1, 4), st.sampled_from(['load', 'admit', 'step', 'evict', None]), st.integers(1, 12),
       st.booleans(), st.integers(0, 2**32))
@settings(max_examples=40)
def test_every_job_ends_once_and_every_start_has_its_finish(count, slots, call, nth, close_early, seed):
    rng, bus = random.Random(seed), Bus()
    fail = {(call, nth): RuntimeError('broken')} if call else {}
    worker = Worker(lambda: ScriptedBackend(lambda g: words[:len(g.messages[0]['content'])], slots=slots, fail=fail), 'test', bus=bus)
    jobs, told = [], []
    with bus.record(GenerationStarted, GenerationFinished, FirstToken) as seen:
        for _ in range(count):
            job = worker.submit(ask('x' * rng.randint(1, 4)))
            heard = []
            job.listen(heard.append)
            jobs.append(job); told.append(heard)
            if rng.random() < 0.3: rng.choice(jobs).cancel()
        if close_early: worker.close(5)
        ends = [outcome(job) for job in jobs]
        worker.close(5)
    assert threads() == []
    assert all(heard.count(None) == 1 and heard[-1] is None for heard in told)
    for end, heard in zip(ends, told):
        if not isinstance(end, BaseException): assert ''.join(piece.text for piece in heard[:-1]) == end.text
    for kind in (GenerationStarted, GenerationFinished):
        assert sorted(e.request_id for e in seen if type(e) is kind) == sorted(job.id for job in jobs)
    for job in jobs:
        order = [type(e) for e in seen if e.request_id == job.id]
        assert order[0] is GenerationStarted and order[-1] is GenerationFinished


def test_a_thousand_requests_from_eight_threads_with_random_cancels(make):
    worker, ends = make(ScriptedBackend(words, slots=5)), []

    def caller(seed):
        rng = random.Random(seed)
        for _ in range(125):
            job = worker.submit(ask())
            if rng.random() < 0.2: job.cancel()
            ends.append(outcome(job))
    callers = [threading.Thread(target=caller, args=(seed,)) for seed in range(8)]
    for each in callers: each.start()
    for each in callers: each.join(30)
    assert len(ends) == 1000
    assert all(isinstance(end, Cancelled) or end.text == ''.join(words) for end in ends)
    assert worker._running == {} and not worker._waiting


def test_what_a_worker_holds_can_be_asked_at_any_time(make):
    gate = threading.Event()
    worker = make(ScriptedBackend(['a', 'b'], gate=gate))
    assert worker.stats() == dict(state='new', running=0, waiting=0)
    job = worker.submit(ask())
    asked = ThreadPoolExecutor(4)
    answers = [asked.submit(worker.stats) for _ in range(4)]  # while a step goes on
    gate.set()
    for answer in answers: assert answer.result(5)['rows'] in (0, 1)
    job.result(5)
    assert worker.stats(5) == dict(state='ready', running=0, waiting=0, rows=0)
    worker.close()
    assert worker.stats() == dict(state='closed', running=0, waiting=0)
    asked.shutdown()


def test_who_asks_a_worker_that_dies_is_answered(make):
    class Lost(BaseException): pass
    gate = threading.Event()
    worker = make(ScriptedBackend(['a', 'b'], gate=gate, fail={('step', 1): Lost()}))
    job = worker.submit(ask())
    while job.admitted is None: time.sleep(0.001)  # else the question may be answered in the turn before the one that fails
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(worker.stats)
        while not worker._questions and worker.state != 'dead': time.sleep(0.001)
        gate.set()
        assert 'rows' not in answer.result(5)
    assert job.future.exception(5) is not None


def test_statistics_that_fail_are_the_askers_and_the_worker_lives(make):
    backend = ScriptedBackend(['a'])
    backend.stats = lambda: 1 / 0
    worker = make(backend)
    worker.warm()
    with pytest.raises(ZeroDivisionError): worker.stats(5)
    assert worker.submit(ask()).result(5).text == 'a'


def test_gauges_do_not_wait_and_know_what_was_held():
    from dspy_toolkit.core.gauges import collect_gauges
    gate = threading.Event()
    worker = Worker(ScriptedBackend(['a', 'b'], gate=gate), 'gauged')
    assert worker.gauges() == dict(state='new', running=0, waiting=0, slots=1)
    job = worker.submit(ask())
    deadline = time.monotonic() + 10
    while not worker.gauges()['running'] and time.monotonic() < deadline: time.sleep(0.01)
    began = time.monotonic()
    assert collect_gauges()['gauged']['running'] == 1 and time.monotonic() - began < 5  # a step is held by the gate
    gate.set()
    job.result(10)
    while worker.gauges().get('rows') != 0 and time.monotonic() < deadline: time.sleep(0.01)
    assert worker.gauges()['rows'] == 0 and worker.gauges()['state'] == 'ready'
    worker.close()
    assert worker.gauges()['state'] == 'closed'
