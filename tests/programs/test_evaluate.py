"An evaluation checks first, spends after that, and loses nothing that was paid for."
import errno
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextvars import copy_context
from pathlib import Path
from typing import Literal

import dspy
import pytest

from dspy_toolkit.commands import evaluate as verb, runs as runs_verbs
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.core.errors import InputError, ToolkitError
from dspy_toolkit.core.events import EvaluationProgress, RequestStarted, bus
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.programs.evaluate import Evaluation, create_evaluation, evaluate, plan_evaluation
from dspy_toolkit.programs.rows import RowsNotKept
from dspy_toolkit.programs.runs import Run, find_run, list_runs
from dspy_toolkit.registry.store import registry
from tests.typist import Typist, typist

BILLING = '{"team": "billing"}'


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: Literal['billing', 'sales'] = dspy.OutputField()


def make_rows(n): return [dict(email=f'invoice number {i} .', team='billing' if i % 2 else 'sales') for i in range(n)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'home'))
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{tmp_path}/registry.db')
    reset_settings()
    with dspy.context(adapter=dspy.JSONAdapter()): yield tmp_path
    reset_settings()


@pytest.fixture
def lm(): return typist(BILLING)


def asked(lm): return len(lm.engine.requests)


class Failing(Typist):
    "Fails on some rows."
    def __init__(self, *rows, error=ConnectionError): super().__init__(BILLING); self.rows, self.error = {f'number {n} ' for n in rows}, error

    def complete(self, request):
        if any(each in request.messages[-1].text for each in self.rows): raise self.error('the line is dead')
        return super().complete(request)


def made_of(engine): return dspy.LM('test/failing', engine=engine, cache=False, num_retries=0)


# --- before anything is spent


def gives_none(example, prediction): pass


@pytest.mark.parametrize('mistake, said', [
    (dict(target='Triag'), "'Triag'"), (dict(data=[dict(text='x', team='sales')]), "no column 'email'"), (dict(data=[]), 'no'), (dict(data='devset'), "'devset'"),
    (dict(data=[dict(email='x', team='legal')]), 'row 1'), (dict(metric='exact'), "'exact'"), (dict(metric='exact_match(tean)'), "'tean'"), (dict(data=[dict(email='x')]), 'label'),
    (dict(metric=lambda: 1), 'lambda'), (dict(lm='opena/x'), 'opena/x'), (dict(threads=0), '0 threads'), (dict(budget='five'), "'five'"), (dict(module='ReAct'), "'ReAct'")],
    ids=lambda value: value if isinstance(value, str) else '-'.join(value))
def test_a_mistake_is_told_before_a_model_is_asked_and_no_run_is_made(mistake, said, lm):
    options = dict(target=Triage, data=make_rows(4), metric='exact_match', lm=lm) | mistake
    with pytest.raises(ToolkitError) as e: evaluate(options.pop('target'), options.pop('data'), options.pop('metric'), **options)
    assert said in str(e.value) and e.value.hint
    assert not asked(lm) and not list_runs()


# --- rows that fail


def test_a_program_that_fails_has_no_points_and_says_why():
    found = evaluate(Triage, make_rows(20), lm=made_of(Failing(3, 5)))
    assert found.state == 'done' and len(found.rows) == 20 and sum(found.failures.values()) == 2
    assert [(r.index, r.score, r.message) for r in found.rows if r.error] == [(n, 0.0, found.rows[3].message) for n in (3, 5)]
    assert 'the line is dead' in found.rows[3].message and found.score == 8 / 20


@pytest.mark.parametrize('metric, said', [
    (lambda example, prediction: 1 / (' 10 ' not in example.email), 'ZeroDivisionError'),
    (lambda example, prediction: None if ' 10 ' in example.email else 1.0, 'gave None'),
    (lambda example, prediction: float('nan') if ' 10 ' in example.email else 1.0, 'nan')])
def test_a_metric_that_raises_or_gives_nothing_is_said_with_its_row_and_the_answer_is_kept(metric, said, lm):
    found = evaluate(Triage, make_rows(11), metric, lm=lm)
    (failed,) = [r for r in found.rows if r.error]
    assert failed.index == 10 and failed.score is None and failed.got == {'team': 'billing'} and said in failed.message
    assert failed.input_tokens == 20 and found.failures == {'MetricError': 1} and found.state == 'done'
    assert [r['index'] for r in find_run(found.run_id).read('rows')].count(10) == 1


def test_a_missing_label_is_said_and_its_row_is_not_paid_for(lm):
    rows = make_rows(6)
    del rows[2]['team']
    found = evaluate(Triage, rows, lm=lm)
    assert found.rows[2].error == 'MetricError' and 'row 3 has no label' in found.rows[2].message and found.rows[2].score is None
    assert asked(lm) == 5 and found.score == 3 / 5


def test_a_full_disk_stops_the_run_and_no_result_is_lost(lm, monkeypatch):
    append = Run.append
    def full(self, name, entry):
        if name == 'rows' and len(self.read('rows')) >= 7: raise OSError(errno.ENOSPC, 'No space left on device')
        append(self, name, entry)
    monkeypatch.setattr(Run, 'append', full)
    with pytest.raises(RowsNotKept, match='7 rows are kept') as e: evaluate(Triage, make_rows(100), lm=lm)
    found = e.value.evaluated
    assert found.state == 'failed' and 7 < len(found.rows) == asked(lm) < 30 and found.score is not None
    monkeypatch.undo()
    again = evaluate(Triage, make_rows(100), lm=lm, resume=find_run(found.run_id))
    assert again.state == 'done' and len(again.rows) == 100


def test_the_verb_shows_what_is_there_when_the_disk_is_full(lm, monkeypatch):
    append = Run.append
    def full(self, name, entry):
        if name == 'rows' and len(self.read('rows')) >= 7: raise OSError(errno.ENOSPC, 'No space left on device')
        append(self, name, entry)
    monkeypatch.setattr(Run, 'append', full)
    from dspy_toolkit.workspace import lms
    lms.names['mine'] = lm
    view = verb.evaluate('Triage', dict(Triage=Triage, devset=make_rows(50)), on='devset', lm='mine')
    lms.names.clear()
    assert view.state == 'failed' and len(view.rows) > 7
    assert any('No space left' in line for line in view.remarks) and any('resume' in line for line in view.remarks)


# --- what a row used


def test_each_row_knows_its_tokens_and_its_calls(lm):
    class Twice(dspy.Module):
        def __init__(self): self.one, self.two = dspy.Predict(Triage), dspy.Predict(Triage)
        def forward(self, email): self.one(email=email); return self.two(email=email)
    found = evaluate(Twice(), make_rows(16), lm=lm, threads=4)
    assert {(r.input_tokens, r.output_tokens, len(r.requests)) for r in found.rows} == {(40, 24, 2)}
    assert len({id for r in found.rows for id in r.requests}) == 32 == asked(lm)


def test_an_answer_from_the_cache_costs_nothing():
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
    lm = dspy.LM('test/cached', engine=Typist(BILLING), cache=True, num_retries=0)
    rows = [dict(email=f'{random.random()}', team='sales') for _ in range(5)]
    assert sum(r.input_tokens for r in evaluate(Triage, rows, lm=lm).rows) == 100
    again = evaluate(Triage, rows, lm=lm)
    assert sum(r.input_tokens for r in again.rows) == 0 and len(lm.engine.requests) == 5 and all(r.requests for r in again.rows)


def test_tokens_are_counted_where_a_context_has_callbacks_of_its_own(lm):
    with dspy.context(callbacks=[]): found = evaluate(Triage, make_rows(4), lm=lm)
    assert {r.input_tokens for r in found.rows} == {20}


def test_two_evaluations_at_once_count_their_own_rows(lm):
    found = []
    def one(): found.append(evaluate(Triage, make_rows(20), lm=lm, threads=3))
    threads = [threading.Thread(target=copy_context().run, args=(one,)) for _ in range(2)]
    for t in threads: t.start()
    for t in threads: t.join()
    assert [sum(r.input_tokens for r in each.rows) for each in found] == [400, 400]


def test_the_calls_of_a_judge_are_not_those_of_the_version(lm):
    version = registry().save(Triage)
    def judge(example, prediction, trace=None):
        dspy.Predict('email -> team')(email=example.email)
        return 1.0
    with bus.record(RequestStarted) as seen: evaluate(Triage, make_rows(6), judge, lm=lm, save=False)
    assert Counter(event.version for event in seen) == {str(version): 6, '': 7}  # the metric is tried once before


@pytest.mark.parametrize('change, said', [
    (dict(lm=dict(temperature=0.9)), 'temperature was 0.2, and is 0.9 now'), (dict(lm=dict(max_tokens=40)), 'max_tokens was 300, and is 40 now'),
    (dict(lm=dict(top_p=0.5)), 'top_p was not set, and is 0.5 now'), (dict(module='ChainOfThought'), 'module was null, and is "ChainOfThought" now'),
    (dict(adapter=dspy.ChatAdapter()), 'layout was "JSONAdapter", and is "ChatAdapter" now')], ids=['temperature', 'max_tokens', 'one more', 'module', 'layout'])
def test_an_evaluation_goes_on_only_with_the_options_of_its_model_its_module_and_its_layout(change, said):
    make = lambda **more: typist(BILLING).copy(**dict(temperature=0.2, max_tokens=300) | more)
    run = find_run(evaluate(Triage, make_rows(4), lm=make(), budget='2 calls').run_id)
    with dspy.context(adapter=change.get('adapter', dspy.settings.adapter)), pytest.raises(InputError, match=said):
        evaluate(Triage, make_rows(4), lm=make(**change.get('lm', {})), resume=run, module=change.get('module'))
    assert evaluate(Triage, make_rows(4), lm=make(), resume=run, threads=3).state == 'done'


# --- what is kept


def test_the_result_is_kept_with_data_metric_model_and_layout(lm):
    version = registry().save(Triage)
    found = evaluate(Triage, make_rows(10), lm=lm)
    (kept,) = registry().evaluations(str(version), results=True)
    assert (kept.score, kept.count, kept.metric, kept.lm, kept.layout) == (found.score, 10, 'exact_match', 'test/typist', 'JSONAdapter')
    assert kept.dataset_digest == found.data.digest and kept.results[0]['got'] == {'team': 'billing'} and kept.results[0]['layout'] == 'JSONAdapter'
    assert found.layout == 'JSONAdapter' and find_run(found.run_id).about['layout'] == 'JSONAdapter'
    assert json.dumps(found.to_json())
    again = evaluate(Triage, make_rows(10), lm=lm, resume=find_run(found.run_id))
    assert again.score == found.score and len(registry().evaluations(str(version))) == 1 and asked(lm) == 10


def test_the_registry_keeps_which_of_two_functions_with_one_name_was_the_metric(lm):
    version = registry().save(Triage)
    def make(points):
        def right(expected, got): return points * (expected == got)
        return right
    for points in (1.0, 0.5): evaluate(Triage, make_rows(4), make(points), lm=lm)
    newest, oldest = registry().evaluations(str(version), results=True)
    assert newest.metric == oldest.metric == 'right'
    assert len({row['metric_key'] for row in newest.results + oldest.results}) == 2


def test_a_registry_that_cannot_be_written_is_said_and_the_result_is_there(lm, monkeypatch):
    from dspy_toolkit.core.errors import RegistryError
    from dspy_toolkit.registry.base import Registry
    registry().save(Triage)
    def broken(self, *args, **kwargs): raise RegistryError('the disk is gone')
    monkeypatch.setattr(Registry, 'add_evaluation', broken)
    found = evaluate(Triage, make_rows(4), lm=lm)
    assert found.state == 'done' and found.score == 0.5 and 'not saved: the disk is gone' in found.problem


def test_progress_is_published_at_a_bounded_rate(lm):
    with bus.record(EvaluationProgress) as seen: evaluate(Triage, make_rows(300), lm=lm)
    assert 1 <= len(seen) <= 40 and (seen[-1].done, seen[-1].total, seen[-1].score) == (300, 300, 0.5)


# --- stop and go on


class Waiting(Typist):
    "Answers so many questions, and the others when it may: the rows do not run away from the thread that hears of them."
    def __init__(self, most): super().__init__(BILLING); self.most, self.may = most, threading.Event()

    def complete(self, request):
        if len(self.requests) >= self.most: self.may.wait(30)
        return super().complete(request)


def test_a_cancelled_scope_gives_what_is_done_and_the_run_goes_on():
    scope, lm = CancelScope(), made_of(Waiting(12))
    def cancel(row):
        if row.index != 9: return
        scope.cancel()
        lm.engine.may.set()
    with scope: part = evaluate(Triage, make_rows(40), lm=lm, threads=2, on_row=cancel)
    assert part.state == 'stopped' and 10 <= len(part.rows) <= 14 and f'resume {part.run_id}' in repr(part)
    before = asked(lm)
    whole = evaluate(Triage, make_rows(40), lm=lm, resume=find_run(part.run_id))
    assert whole.state == 'done' and len(whole.rows) == 40 and whole.score == 0.5
    assert asked(lm) - before == 40 - len(part.rows)


def test_an_interrupt_is_raised_with_what_is_done_and_how_to_go_on(lm):
    def interrupt(row):
        if row.index == 9: raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt) as e: evaluate(Triage, make_rows(400), lm=lm, on_row=interrupt)
    part = e.value.evaluated
    assert find_run(part.run_id).about['state'] == part.state == 'stopped' and f'resume {part.run_id}' in e.value.__notes__[-1]


def test_a_used_up_budget_gives_what_is_done_and_a_larger_one_goes_on(lm):
    part = evaluate(Triage, make_rows(40), lm=lm, threads=2, budget='10 calls')
    assert part.state == 'stopped' and 10 <= len(part.rows) <= 11 and 'used up' in part.problem and f'resume {part.run_id}' in part.problem
    whole = evaluate(Triage, make_rows(40), lm=lm, threads=2, budget='20 calls', resume=find_run(part.run_id))
    assert whole.state == 'stopped' and 20 <= len(whole.rows) <= 21


@pytest.mark.parametrize('other, said', [
    (dict(data=make_rows(41)), 'dataset'), (dict(metric='f1'), 'metric'), (dict(lm=typist(BILLING, name='test/other')), 'model'), (dict(target=dspy.ChainOfThought(Triage)), 'target')])
def test_a_run_goes_on_only_with_what_it_began_with(other, said, lm):
    part = evaluate(Triage, make_rows(40), lm=lm, threads=1, budget='5 calls')
    options = dict(target=Triage, data=make_rows(40), metric='exact_match', lm=lm) | other
    with pytest.raises(InputError, match=said):
        evaluate(options['target'], options['data'], options['metric'], lm=options['lm'], resume=find_run(part.run_id))


def test_a_signature_that_was_changed_is_another_program(lm):
    part = evaluate(Triage, make_rows(40), lm=lm, threads=1, budget='5 calls')
    changed = Triage.with_instructions('Route it well.')
    changed.__name__ = 'Triage'
    with pytest.raises(InputError, match='another program'): evaluate(changed, make_rows(40), lm=lm, resume=find_run(part.run_id))


def test_a_run_that_goes_on_elsewhere_is_left_alone(lm):
    plan = plan_evaluation(Triage, make_rows(4), lm=lm)
    run = create_evaluation(plan)
    other = Run(run.folder)
    other.hold()
    with pytest.raises(InputError, match='going on in another'): Evaluation(plan, run).go()
    other.release()
    assert Evaluation(plan, run).go().state == 'done'


def test_tiny_stops_within_a_step():
    from dspy_toolkit.engine.mlx import lm as make_lm
    class Story(dspy.Signature):
        "Write a long story."
        topic: str = dspy.InputField()
        text: str = dspy.OutputField()
    lm, scope, since = make_lm('mlx/tiny', cache=False, max_tokens=600), CancelScope(), []
    def cancel():
        since.append(time.monotonic())
        scope.cancel()
    timer = threading.Timer(1.0, cancel)
    rows = [dict(topic=f'ship {n}', text='x') for n in range(200)]
    plan = plan_evaluation(Story, rows, lambda example, prediction: 1.0, lm=lm)
    evaluation = Evaluation(plan, create_evaluation(plan))
    timer.start()
    with scope: part = evaluation.go()
    took = time.monotonic() - since[0]
    assert part.state == 'stopped' and len(part.rows) < 200 and took < 1.0


def child(folder, *words, **options):
    env = os.environ | dict(DSPY_TOOLKIT_HOME=str(folder/'home'), DSPY_TOOLKIT_REGISTRY_URL=f'sqlite:///{folder}/registry.db')
    script = Path(__file__).parent/'evaluate_child.py'
    return subprocess.Popen([sys.executable, str(script), str(folder), *words], env=env, stdout=subprocess.PIPE, text=True, **options)


def test_a_killed_evaluation_goes_on_in_another_process_and_runs_no_kept_row_again(tmp_path):
    process = child(tmp_path)
    assert process.stdout.readline() == 'begun\n'
    asked = tmp_path/'asked.txt'
    while not asked.exists() or asked.read_text().count('\n') < 19:  # 15 are answered, and four threads wait
        assert process.poll() is None
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    run = find_run('last', 'evaluate', tmp_path/'home/runs')
    kept, before = [row['index'] for row in run.read('rows')], asked.read_text().split()
    assert run.describe()['state'] == 'stopped' and run.describe()['done'] == len(kept) == len(set(kept)) == 15
    out, _ = child(tmp_path, 'resume').communicate(timeout=120)
    found = json.loads(out.splitlines()[-1])
    assert found == dict(state='done', rows=[*range(40)], score=0.5, lm='test/asked')
    after = asked.read_text().split()[len(before):]
    assert not {int(n) for n in after} & set(kept) and len(after) == 40 - len(kept)
    assert sum(n > 1 for n in Counter(before + after).values()) == 4  # those that were asked when it was killed


# --- the verbs


def test_runs_and_resume_work_on_what_was_stopped(lm):
    from dspy_toolkit.workspace import lms
    lms.names['mine'] = lm
    notebook = dict(Triage=Triage, devset=make_rows(30))
    view = verb.evaluate('Triage', notebook, on='devset', lm='mine', first=20, threads=2, budget='10 calls')
    assert view.state == 'stopped' and view.total == 20 and sum('resume' in line for line in view.remarks) == 1
    (shown,) = runs_verbs.runs().runs
    assert (shown['state'], shown['total'], shown['kind'], shown['target']) == ('stopped', 20, 'evaluate', 'Triage') and shown['done'] >= 10
    again = runs_verbs.resume('last', notebook)
    assert again.state == 'done' and len(again.rows) == 20 and again.result.score == 0.5 and asked(lm) == 20
    assert verb.evaluate('Triage', notebook, resume=shown['id']).result.score == 0.5 and asked(lm) == 20
    lms.names.clear()
    assert not [t for t in threading.enumerate() if t.name.startswith('dspy_toolkit row')]


def test_a_dear_evaluation_is_asked_about_first(lm):
    from dspy_toolkit.workspace import lms
    lms.names['mine'] = lm
    notebook = dict(Triage=Triage, devset=make_rows(2_100))
    with pytest.raises(ToolkitError, match='2,100 calls') as e: verb.evaluate('Triage', notebook, on='devset', lm='mine')
    assert '--yes' in e.value.hint and not asked(lm) and not list_runs()
    assert verb.evaluate('Triage', notebook, on='devset', lm='mine', yes=True).state == 'done'
    lms.names.clear()
