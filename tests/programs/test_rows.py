"Each row is done once, whatever stops the rows in between; and nothing is alive afterwards."
import errno
import json
import random
import sys
import threading
import time
from collections import Counter
from contextvars import ContextVar

import pytest
from hypothesis import given, settings, strategies as st

from dspy_toolkit.core.cancel import Cancelled, CancelScope, current_scope
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.watch import Watch
from dspy_toolkit.programs import rows as module
from dspy_toolkit.programs.rows import RowResult, RowRunner, RowsNotKept, read_result, run_rows
from dspy_toolkit.programs.runs import Run, create_run


class Stop(BaseException): "As a used-up budget."


@pytest.fixture
def run(tmp_path):
    made = create_run('evaluate', tmp_path)
    yield made
    made.release()


def row_threads(): return [t for t in threading.enumerate() if t.name.startswith('dspy_toolkit row')]


@pytest.fixture(autouse=True)
def nothing_stays_alive():
    yield
    until = time.monotonic() + 2
    while row_threads() and time.monotonic() < until: time.sleep(0.01)
    assert not row_threads()


def one(index, row): return RowResult(index, 1.0, {'answer': row})


# --- the results


def test_results_come_in_the_order_of_the_rows():
    def work(index, row):
        time.sleep(random.random() / 500)
        return one(index, row)
    assert [r.got['answer'] for r in run_rows(work, iter('abcdefgh'), threads=4)] == [*'abcdefgh']


def test_a_row_that_fails_is_a_result_with_its_error_and_the_others_go_on():
    def work(index, row):
        if row % 3 == 0: raise LookupError(f'no {row}')
        return one(index, row)
    found = run_rows(work, range(10))
    assert [(r.index, r.error, r.message, r.score) for r in found if r.error] == [(n, 'LookupError', f'no {n}', None) for n in (0, 3, 6, 9)]
    assert len(found) == 10


def test_at_most_so_many_rows_run_at_once_and_rows_are_read_one_by_one():
    now, most, read = set(), [], []
    def rows():
        for n in range(40):
            read.append(n)
            yield n
    def work(index, row):
        now.add(index)
        most.append((len(now), len(read) - index))
        time.sleep(0.002)
        now.discard(index)
        return one(index, row)
    run_rows(work, rows(), threads=3)
    assert max(n for n, _ in most) <= 3 and max(ahead for _, ahead in most) <= 4


def test_rows_that_cannot_be_read_stop_the_rows():
    def rows():
        yield from 'abc'
        raise UnicodeError('line 4')
    seen = []
    with pytest.raises(UnicodeError, match='line 4'): run_rows(one, rows(), on_row=seen.append)
    assert len(seen) == 3


def test_no_threads_is_an_error():
    with pytest.raises(InputError, match='0 threads'): run_rows(one, [1], threads=0)


def test_an_output_that_is_no_json_is_kept_as_python_shows_it(run):
    run_rows(lambda index, row: RowResult(index, 1.0, {'answer': object, 'text': '\udc80 half a character'}), [1], run=run)
    assert [r.got for r in map(read_result, run.read('rows'))] == [{'answer': "<class 'object'>", 'text': '\udc80 half a character'}]


@settings(max_examples=20)
@given(st.builds(RowResult, st.integers(0), st.none() | st.floats(0, 1), st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.booleans())),
                 st.text(), st.text(), st.text(), st.floats(0, 9), st.integers(0), st.integers(0), st.none() | st.floats(0, 9), st.lists(st.text()).map(tuple)))
def test_what_is_written_reads_the_same(result):
    assert read_result(json.loads(json.dumps(result.to_json()))) == result


# --- the context


def test_each_row_has_a_copy_of_the_callers_context():
    who = ContextVar('who', default='nobody')
    who.set('me')
    seen = []
    def work(index, row):
        seen.append((who.get(), current_scope() is not None))
        who.set(f'row {index}')
        return one(index, row)
    run_rows(work, range(20), threads=2)
    assert set(seen) == {('me', True)} and who.get() == 'me'


def test_on_row_is_called_on_the_callers_thread_once_a_row():
    seen = []
    run_rows(one, range(50), on_row=lambda result: seen.append((result.index, threading.current_thread())))
    assert sorted(n for n, _ in seen) == [*range(50)] and {t for _, t in seen} == {threading.current_thread()}


def test_an_on_row_that_fails_stops_the_rows_and_raises_its_error(run):
    def show(result): raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError): run_rows(one, range(10_000), run=run, on_row=show)
    kept = [data['index'] for data in run.read('rows')]
    assert len(kept) == len(set(kept)) < 10_000


# --- stopping


def test_a_cancelled_scope_stops_rows_that_listen_and_begins_no_more():
    began = []
    def work(index, row):
        began.append(index)
        stopped = threading.Event()
        job = type('Job', (), dict(cancel=lambda self: stopped.set()))()
        current_scope().add(job)
        assert stopped.wait(10)
        raise Cancelled()
    scope, since = CancelScope(), []
    def cancel():
        since.append(time.monotonic())
        scope.cancel()
    timer = threading.Timer(0.1, cancel)
    timer.start()
    with pytest.raises(Cancelled): run_rows(work, range(100), threads=4, scope=scope)
    assert len(began) == 4 and time.monotonic() - since[0] < module.GRACE


@pytest.mark.parametrize('inside', [True, False])
def test_the_scope_around_stops_the_rows(inside):
    scope = CancelScope()
    def work(index, row):
        if index == 5: scope.cancel()
        return one(index, row)
    with scope, pytest.raises(Cancelled): run_rows(work, range(100_000), scope=scope if inside else None)


def test_a_row_that_fails_because_everything_stops_is_not_kept(run):
    scope = CancelScope()
    def work(index, row):
        if index < 3: return one(index, row)
        scope.cancel()
        raise ConnectionError('closed while it was asked')
    with scope, pytest.raises(Cancelled): run_rows(work, range(100), threads=1, run=run)
    assert [data['index'] for data in run.read('rows')] == [0, 1, 2]


def test_a_row_that_was_paid_while_everything_stops_is_kept(run):
    scope = CancelScope()
    def work(index, row):
        scope.cancel()
        return RowResult(index, None, {'answer': 'paid'}, error='MetricError')
    with scope, pytest.raises(Cancelled): run_rows(work, range(100), threads=1, run=run)
    assert [data['got'] for data in run.read('rows')] == [{'answer': 'paid'}]


def test_the_time_of_a_scope_that_is_up_stops_the_rows():
    def work(index, row):
        time.sleep(0.01)
        return one(index, row)
    seen = []
    with CancelScope(timeout=0.2), pytest.raises(Cancelled): run_rows(work, range(10_000), threads=2, on_row=seen.append)
    assert 2 < len(seen) < 100 and not any(r.error for r in seen)


def test_a_row_that_does_not_listen_is_left_alone_after_the_grace_and_keeps_nothing_later(run, monkeypatch):
    monkeypatch.setattr(module, 'GRACE', 0.1)
    go, scope = threading.Event(), CancelScope()
    def work(index, row):
        if index == 0:
            go.wait(5)
            return one(index, row)
        scope.cancel()
        return one(index, row)
    with scope, pytest.raises(Cancelled): run_rows(work, range(100), threads=2, run=run)
    kept = run.read('rows')
    assert row_threads()
    go.set()
    for thread in row_threads(): thread.join(2)
    assert run.read('rows') == kept and 0 not in [data['index'] for data in kept]


@pytest.mark.parametrize('cause', [Stop, KeyboardInterrupt, Cancelled, SystemExit])
def test_what_is_no_exception_stops_the_rows_and_comes_to_the_caller(cause, run):
    def work(index, row):
        if index == 20: raise cause('enough')
        return one(index, row)
    seen = []
    with pytest.raises(cause, match='enough'): run_rows(work, range(100_000), run=run, on_row=seen.append)
    assert sorted(r.index for r in seen) == sorted(data['index'] for data in run.read('rows'))
    assert 20 <= len(seen) < 1_000 and 20 not in [r.index for r in seen]


def test_a_used_up_budget_lets_the_rows_that_run_end(run):
    began = threading.Barrier(4, timeout=60)
    def work(index, row):
        began.wait(5)
        if index == 0: raise Stop
        time.sleep(0.1)
        return one(index, row)
    with pytest.raises(Stop): run_rows(work, range(4), threads=4, run=run)
    assert sorted(data['index'] for data in run.read('rows')) == [1, 2, 3]


def test_a_watch_that_is_cancelled_stops_its_rows():
    seen = []
    def work(index, row):
        time.sleep(0.005)
        return one(index, row)
    watch = Watch(lambda watch: run_rows(work, range(100_000), on_row=seen.append)).start()
    while not seen: time.sleep(0.01)
    assert watch.stop()
    with pytest.raises(Cancelled): watch.result()


# --- the store


def test_rows_that_are_kept_are_not_run_again_and_are_handed_out_first(run):
    for n in (3, 1): run.append('rows', RowResult(n, 0.5, {'answer': 'kept'}).to_json())
    did, seen = [], []
    def work(index, row):
        did.append(index)
        return one(index, row)
    found = run_rows(work, range(5), threads=1, run=run, on_row=seen.append)
    assert did == [0, 2, 4] and [r.index for r in seen[:2]] == [3, 1]
    assert [r.score for r in found] == [1.0, 0.5, 1.0, 0.5, 1.0]


def test_a_full_disk_stops_the_rows_and_says_what_is_kept_and_loses_no_result(run, monkeypatch):
    append, count = Run.append, []
    def full(self, name, entry):
        count.append(entry)
        if len(count) > 12: raise OSError(errno.ENOSPC, 'No space left on device')
        append(self, name, entry)
    monkeypatch.setattr(Run, 'append', full)
    with pytest.raises(RowsNotKept) as e: run_rows(one, range(10_000), run=run)
    kept = len(run.read('rows'))
    assert 'No space left on device' in str(e.value) and f'{kept} rows are kept in the run {run.id}' in str(e.value)
    assert f'resume {run.id}' in e.value.hint
    assert kept == 12 < len(e.value.rows) == len(count) < 100
    monkeypatch.undo()
    assert len(run_rows(one, range(100), run=run)) == 100


@settings(max_examples=30)
@given(st.data())
def test_whatever_happens_no_row_is_paid_twice_and_none_is_missing(tmp_path_factory, data):
    "Failures, cancels and stops at random rows; the run goes on until it ends by itself."
    total, threads = data.draw(st.integers(1, 60), 'rows'), data.draw(st.integers(1, 6), 'threads')
    row = st.integers(0, total - 1)
    fail, stops, cancels = (data.draw(st.lists(row, max_size=4, unique=True), name) for name in ('fail', 'stop', 'cancel'))
    paid, run = Counter(), create_run('evaluate', tmp_path_factory.mktemp('run'))
    def work(index, row):
        if index in stops:
            stops.remove(index)
            raise Stop
        if index in cancels:  # cancelled in the middle of others, which had been asked already: they are kept
            cancels.remove(index)
            scopes[-1].cancel()
            raise Cancelled()
        paid[index] += 1
        if index in fail: return RowResult(index, None, {'answer': row}, error='MetricError')
        return one(index, row)
    scopes, found = [], None
    for _ in range(20):
        scopes.append(CancelScope())
        try: found = run_rows(work, range(total), threads=threads, run=Run(run.folder), scope=scopes[-1])
        except (Stop, Cancelled): continue
        break
    assert [r.index for r in found] == [*range(total)]
    assert set(paid) == set(range(total)) and set(paid.values()) == {1}
    assert sorted(r.index for r in found if r.error) == sorted(fail)


class Interrupter:
    "Raises KeyboardInterrupt at the n-th line that a thread runs in the module, as Ctrl+C does."
    def __init__(self, n): self.left = n

    def __call__(self, frame, event, arg):
        if frame.f_code.co_filename != module.__file__: return None
        if event == 'line':
            self.left -= 1
            if self.left == 0: raise KeyboardInterrupt
        return self


def test_an_interrupt_at_any_line_of_the_caller_loses_no_row(run):
    for n in range(1, 60, 3):
        runner, before = RowRunner(one, range(30), run), sys.gettrace()
        sys.settrace(Interrupter(n))
        try: runner.go(2)
        except KeyboardInterrupt: pass
        finally: sys.settrace(before)
        assert sorted(r.index for r in runner.results) == sorted(data['index'] for data in run.read('rows'))
    assert len(run_rows(one, range(30), run=run)) == 30
    assert sorted(data['index'] for data in run.read('rows')) == [*range(30)]


def test_the_own_time_of_a_row_does_not_grow_with_the_rows():
    def seconds(n):
        began = time.thread_time(), time.process_time()
        run_rows(one, range(n), threads=2)
        return (time.process_time() - began[1]) / n
    seconds(200)
    few, many = min(seconds(500) for _ in range(5)), min(seconds(10_000) for _ in range(2))
    assert many < 2.5 * few


def test_the_benchmark_says_what_evaluate_takes_for_a_row_by_itself(tmp_path, monkeypatch):
    from dspy_toolkit.programs import bench
    with bench.keep_apart(str(tmp_path)): assert 0 < bench.measure_own(30) < 0.05
