"Schemas are read and compiled off the model's thread: nobody else waits for them, and they end with the requests that want them."
import threading
from functools import partial

import pytest
from dspy.lm15 import InvalidRequestError
from dspy.lm15 import TimeoutError as RequestTimeoutError

from dspy_toolkit.core.cancel import Cancelled
from dspy_toolkit.core.events import Bus, SchemaRelaxed
from dspy_toolkit.engine.worker import Admitted, Generation, ScriptedBackend, Worker

WAIT = 20  # seconds after which something hangs


class Compiling(ScriptedBackend):
    "A backend whose schemas take until a gate opens."
    def __init__(self, script=('yes',), error=None):
        super().__init__(list(script), slots=2)
        self.opened, self.begun, self.works, self.left, self.error = threading.Event(), threading.Event(), [], threading.Event(), error
        self.done = set()

    def preparation(self, generation):
        key = str(generation.schema)
        return None if generation.schema is None or key in self.done else (key, partial(self.compile, generation.schema))

    def compile(self, schema, check):
        self.works.append((schema, threading.current_thread().name))
        self.begun.set()
        try:
            while not self.opened.wait(0.005): check()
        except BaseException: self.left.set(); raise
        if self.error: raise self.error
        self.done.add(str(schema))

    def admit(self, uid, generation):
        found = super().admit(uid, generation)
        return Admitted(found.input_tokens, relaxed=('not',)) if generation.schema == {'not': {}} else found


def asked(schema=None): return Generation(({'role': 'user', 'content': 'x'},), schema=schema)


@pytest.fixture
def made():
    workers = []
    def make(**options):
        backend = Compiling(**options)
        workers.append(Worker(backend, 'test', bus=Bus()))
        return workers[-1], backend
    yield make
    for worker in workers: worker.close()


def test_others_are_answered_while_a_schema_is_compiled(made):
    worker, backend = made()
    slow = worker.submit(asked({'type': 'object'}))
    assert backend.begun.wait(WAIT)
    assert [worker.submit(asked()).result(WAIT).text for _ in range(3)] == ['yes'] * 3 and not slow.ended
    backend.opened.set()
    assert slow.result(WAIT).text == 'yes'
    assert all('prepares' in name for _, name in backend.works)


def test_those_who_need_the_same_schema_wait_for_one_compilation(made):
    worker, backend = made()
    jobs = [worker.submit(asked({'type': 'object'})) for _ in range(8)]
    assert backend.begun.wait(WAIT)
    other = worker.submit(asked({'type': 'array'}))
    backend.opened.set()
    assert [job.result(WAIT).text for job in [*jobs, other]] == ['yes'] * 9
    assert sorted(str(schema) for schema, _ in backend.works) == ["{'type': 'array'}", "{'type': 'object'}"]


def test_a_cancelled_request_ends_at_once_and_with_the_last_one_its_compilation(made):
    worker, backend = made()
    first, second = (worker.submit(asked({'type': 'object'})) for _ in range(2))
    assert backend.begun.wait(WAIT)
    first.cancel()
    with pytest.raises(Cancelled): first.result(WAIT)
    assert not backend.left.is_set() and not second.ended
    second.cancel()
    with pytest.raises(Cancelled): second.result(WAIT)
    assert backend.left.wait(WAIT)
    assert worker.submit(asked()).result(WAIT).text == 'yes'


def test_a_request_whose_time_is_over_does_not_wait_for_its_schema(made):
    worker, backend = made()
    with pytest.raises(RequestTimeoutError): worker.submit(asked({'type': 'object'}), timeout=0.05).result(WAIT)
    assert backend.left.wait(WAIT)


def test_what_a_schema_fails_with_is_what_its_requests_fail_with(made):
    worker, backend = made(error=InvalidRequestError('the output schema is too large'))
    jobs = [worker.submit(asked({'type': 'object'})) for _ in range(3)]
    backend.opened.set()
    for job in jobs:
        with pytest.raises(InvalidRequestError, match='too large'): job.result(WAIT)
    assert worker.state == 'ready' and worker.submit(asked()).result(WAIT).text == 'yes'


def test_a_worker_that_is_closed_leaves_no_thread_behind(made):
    worker, backend = made()
    job = worker.submit(asked({'type': 'object'}))
    assert backend.begun.wait(WAIT)
    worker.close(WAIT)
    assert job.ended and backend.left.wait(WAIT)
    assert not [t for t in threading.enumerate() if 'dspy_toolkit test' in t.name and t.is_alive()]


def test_a_relaxed_schema_is_an_event_and_part_of_the_answer(made):
    worker, backend = made()
    heard = []
    worker.bus.subscribe(heard.append, SchemaRelaxed)
    backend.opened.set()
    assert worker.submit(asked({'not': {}})).result(WAIT).relaxed == ('not',)
    assert worker.submit(asked({'type': 'object'})).result(WAIT).relaxed == ()
    assert [event.relaxed for event in heard] == [('not',)]
