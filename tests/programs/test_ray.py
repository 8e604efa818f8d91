"On Ray each row is done once in the results, whatever becomes of the workers."
import os
import signal
import threading
import time
from collections import Counter
from importlib.util import find_spec

import dspy
import pytest

import dspy_toolkit
from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.errors import InputError, MissingExtra
from dspy_toolkit.core.session import reset
from dspy_toolkit.programs.cost import BudgetExceeded, Meter
from dspy_toolkit.programs.evaluate import Evaluation, create_evaluation, plan_evaluation
from dspy_toolkit.programs.ray import RayPool, RowWorker, WorkerLost, go_on_ray, run_rows_on_ray
from dspy_toolkit.programs.rows import RowResult, run_rows
from dspy_toolkit.programs.runs import create_run

WITHOUT_RAY = "ray is not installed: pip install 'ray>=2.60,<3', and run this file"
needs_ray = pytest.mark.skipif(find_spec('ray') is None, reason=WITHOUT_RAY)


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset()
    yield
    reset()


@pytest.fixture(scope='module')
def cluster():
    import ray
    with RayPool(slow_row, 1) as pool:
        assert pool.owns
        yield ray
    assert not ray.is_initialized()


def test_without_ray_the_extra_is_named(monkeypatch):
    import sys
    monkeypatch.setitem(sys.modules, 'ray', None)
    with pytest.raises(MissingExtra, match='ray is not installed') as e: run_rows_on_ray(RowResult, [{}])
    assert "dspy_toolkit[ray]" in e.value.hint


def test_an_error_of_a_row_is_its_result_in_the_worker():
    def fail(index, row): raise ValueError('no such thing')
    found = RowWorker(fail).do(3, {})
    assert (found['index'], found['error'], found['message']) == (3, 'ValueError', 'no such thing')


def slow_row(index, row):
    time.sleep(.05)
    if row['n'] == 7: raise ValueError('seven')
    return RowResult(index, float(row['n']), dict(process=os.getpid()))


@needs_ray
def test_one_of_two_workers_is_killed_and_all_rows_are_there_none_twice(cluster, tmp_path):
    run, seen, rows = create_run('evaluate', tmp_path / 'runs'), [], [dict(n=n) for n in range(80)]
    with RayPool(slow_row, 2, 4) as pool:
        processes = [cluster.get(actor.find_process.remote()) for actor in pool.actors]
        def note(result):
            seen.append(result.index)
            if len(seen) == 20: os.kill(processes[0], signal.SIGKILL)
        results = run_rows(pool.do, rows, threads=8, run=run, on_row=note)
    assert [result.index for result in results] == list(range(80)) and sorted(seen) == list(range(80))
    assert Counter(entry['index'] for entry in run.read('rows')) == Counter(range(80))
    assert pool.lost == 1
    assert [result.index for result in results if result.error] == [7] and results[7].message == 'seven'
    used = {result.got['process'] for result in results if result.got}
    assert set(processes) <= used and len(used) == 3


@needs_ray
def test_a_cancel_stops_at_once_and_a_run_goes_on_with_the_rows_that_are_left(cluster, tmp_path):
    run, rows, scope, again = create_run('evaluate', tmp_path / 'runs'), [dict(n=n) for n in range(60)], CancelScope(), []
    def note(result):
        if result.index >= 10: threading.Thread(target=scope.cancel).start()
    with pytest.raises(Cancelled): run_rows_on_ray(slow_row, rows, workers=2, at_once=2, run=run, on_row=note, scope=scope)
    kept = {entry['index'] for entry in run.read('rows')}
    assert 10 <= len(kept) < 40
    results = run_rows_on_ray(slow_row, rows, workers=2, at_once=2, run=run, on_row=lambda result: again.append(result.index))
    assert [result.index for result in results] == list(range(60)) == sorted(again)
    assert Counter(entry['index'] for entry in run.read('rows')) == Counter(range(60))


class Parity(dspy.Signature):
    "Say whether the number is even."
    number: int = dspy.InputField()
    answer: str = dspy.OutputField()


@needs_ray
def test_an_evaluation_gives_on_ray_what_it_gives_here(cluster):
    rows = [dict(number=n, answer='yes' if n % 2 == 0 else 'no') for n in range(12)]
    plan = plan_evaluation(Parity, rows, lm=dspy_toolkit.lm('mlx/tiny', cache=False, max_tokens=16), threads=4)
    here = Evaluation(plan, create_evaluation(plan)).go(save=False)
    there = go_on_ray(Evaluation(plan, create_evaluation(plan)), 2)
    assert there.state == 'done' and there.score == here.score
    assert [row.got for row in there.rows] == [row.got for row in here.rows]
    assert [row.output_tokens for row in there.rows] == [row.output_tokens for row in here.rows]


def asking_row(index, row): return RowResult(index, 1.0, requests=(f'r{index}',), input_tokens=10)


@needs_ray
def test_a_budget_counts_what_the_workers_used(cluster):
    with Meter('6 calls') as meter, pytest.raises(BudgetExceeded): run_rows_on_ray(asking_row, [{}] * 30, workers=2, at_once=2)
    assert meter.spent.calls == 6 and meter.spent.tokens == 10 * meter.spent.calls


class Unready:
    def prepare(self): raise OSError('no such model')


@needs_ray
def test_a_worker_that_cannot_begin_says_why(cluster):
    with pytest.raises(WorkerLost, match='no such model'): RayPool(Unready(), 1)


@needs_ray
def test_no_workers_are_refused():
    with pytest.raises(InputError, match='0 workers'): run_rows_on_ray(slow_row, [{}], workers=0)
