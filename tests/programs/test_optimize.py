"What an optimisation checks first, what stops it, and what it leaves behind."
import gc
import json
import sys
import threading

import dspy
import dspy_toolkit
import optimize_child as child
import pytest

from dspy_toolkit.core.errors import InputError, ToolkitError
from dspy_toolkit.core import calls
from dspy_toolkit.core.events import OptimizeProgress, RequestStarted, bus
from dspy_toolkit.programs import optimize as module
from dspy_toolkit.programs.data import Dataset
from dspy_toolkit.programs.optimize import optimize, read_run
from dspy_toolkit.programs.optimizers import OPTIMIZERS, list_options, make_plan
from dspy_toolkit.programs.runs import Run, find_run
from dspy_toolkit.registry import store

QUICK = dict(num_candidate_programs=2, max_bootstrapped_demos=2, max_labeled_demos=4)

HALVES = {0: [[0, 4, 6, 7, 10], [1, 2, 3, 5, 8, 9]], 7: [[0, 2, 5, 6, 7], [1, 3, 4, 8, 9, 10]]}


@pytest.fixture
def lm(): return dspy.LM('scripted/1', engine=child.Engine(seconds=0.0), num_retries=0)


def search(lm, metric='exact_match', **options):
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        return optimize(child.Color, child.rows('train', 0), metric, valset=child.rows('val', 16), lm=lm,
                        **dict(optimizer='random_search', options=QUICK, save=False) | options)


def test_the_winner_is_a_version_that_knows_its_start_its_run_and_its_scores(lm):
    heard = []
    stop = bus.subscribe(heard.append, OptimizeProgress)
    found = search(lm, save=True, name='Winner')
    stop()
    version = store.registry().resolve('Winner')
    assert version == found.version and version.parent.startswith('Winner@')
    assert {k: version.origin[k] for k in ('run', 'optimizer', 'data', 'metric', 'score', 'start_score')} == dict(
        run=found.run_id, optimizer='random_search', data='train', metric='exact_match', score=round(found.score, 6), start_score=found.start_score)
    assert store.registry().spec(version).digest == next(c for c in found.candidates if c.full and c.score == found.score).spec.digest
    run = find_run(found.run_id)
    assert run.about['state'] == 'done' and len(run.read('candidates')) == len(found.candidates) == len(heard)
    assert heard[-1].best == found.score > found.start_score and found.best.predictors()[0].lm is None


@pytest.mark.parametrize('name', OPTIMIZERS)
def test_a_wrong_option_is_said_before_a_model_is_asked(lm, name):
    for options in (dict(num_thread=4), dict(num_threads='four'), dict(max_rounds=-1, bsize=-1, num_trials=-1, max_metric_calls=-1, num_candidate_programs=-1)):
        options = options if len(options) == 1 else {k: v for k, v in options.items() if k in list_options(OPTIMIZERS[name])}
        with pytest.raises(InputError): search(lm, optimizer=name, options=options)
    assert lm.engine.calls == 0


def test_a_prompt_that_does_not_fit_is_counted_before_a_model_is_asked():
    lm, rows = dspy_toolkit.lm('mlx/tiny'), [dspy.Example(text='word ' * 60, color='red').with_inputs('text')] * 20
    program = dspy.Predict(child.Color)
    with dspy.context(adapter=dspy_toolkit.GrammarAdapter()):
        plan = make_plan('bootstrap', program, rows, rows, lm)
        assert 0 < plan.make['max_labeled_demos'] < 8 and 'do not fit' in plan.remarks[0]
        with pytest.raises(InputError, match='tokens, and the model holds 1,024'): make_plan('bootstrap', program, rows, rows, lm, dict(max_labeled_demos=16))
        with pytest.raises(InputError, match='a row makes a prompt'):
            make_plan('bootstrap', program, [dspy.Example(text='word ' * 2000, color='red').with_inputs('text')], rows, lm)


def test_the_calls_of_a_run_that_goes_on_are_of_the_same_version(lm):
    store.registry().save(child.Color, 'Coloured')  # the tests before may have saved it under another name
    calls.publish_calls()
    def listen(run):
        heard = []
        stop = bus.subscribe(heard.append, RequestStarted)
        found = run()
        stop()
        return found, {e.version for e in heard}
    stopped, before = listen(lambda: search(lm, budget='17 calls'))
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()): again, after = listen(lambda: optimize(resume=stopped.run_id, budget='9999 calls', lm=lm, save=False))
    assert (stopped.state, again.state) == ('stopped', 'done') and any(before) and after == before


def test_of_equal_scores_the_first_is_the_best_also_where_they_are_no_round_numbers(lm):
    found = search(lm, lambda example, prediction: 1 / 3, save=True, name='Equal')
    assert json.loads((find_run(found.run_id).folder/'best.json').read_text())['number'] == 0 and len(found.candidates) > 3
    assert found.version is None and found.score == found.start_score


def test_a_budget_stops_each_optimiser_and_keeps_the_best(lm):
    for name in child.OPTIONS:
        lm.engine.calls = 0
        found = search(lm, optimizer=name, options=child.OPTIONS[name], budget='17 calls')
        assert found.state == 'stopped' and '17 calls' in found.problem and lm.engine.calls == found.asked == 17
        assert found.score == found.start_score is not None and find_run(found.run_id).about['state'] == 'stopped'


def test_a_metric_that_fails_on_some_rows_is_logged_and_on_all_rows_ends_the_run_early(lm):
    def odd(example, prediction): return 1 / ((int(example.text.split()[1]) + 1) % 4)
    found = search(lm, lambda example, prediction: min(1.0, odd(example, prediction)))
    assert found.state == 'done' and any('division by zero' in line for line in found.log)
    def broken(example, prediction): raise KeyError('colour')
    asked = lm.engine.calls
    with pytest.raises(ToolkitError, match='colour'): search(lm, broken)
    assert lm.engine.calls - asked <= 16


def test_a_program_that_answers_no_row_ends_the_run_before_more_is_spent(lm):
    class Broken(dspy.Module):
        def __init__(self):
            super().__init__()
            self.ask = dspy.Predict(child.Color)
        def forward(self, text): return self.ask(text=text, nothing=1 / 0)
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()), pytest.raises(ToolkitError, match='answered no row: ZeroDivisionError'):
        optimize(Broken(), child.rows('train', 0), valset=child.rows('val', 16), lm=lm, save=False)


def test_what_an_optimiser_prints_is_in_its_log_and_nothing_of_others_is(lm, capsys):
    over = threading.Event()
    def chat():
        while not over.wait(0.001): print('a line of mine')
    thread = threading.Thread(target=chat)
    thread.start()
    before = sys.stdout
    found = search(lm)
    over.set()
    thread.join()
    shown = capsys.readouterr()
    assert set(shown.out.splitlines()) == {'a line of mine'} and not shown.err and sys.stdout is before
    assert any('Best score so far' in line for line in found.log) and 'a line of mine' not in found.log
    assert (find_run(found.run_id).folder/'log.txt').read_text().splitlines() == found.log


@pytest.mark.parametrize('budget', [None, '40 calls'], ids=['to the end', 'stopped'])
@pytest.mark.parametrize('name', child.OPTIONS)
def test_nothing_that_an_optimiser_draws_or_prints_reaches_the_terminal(name, budget, lm, capfd):
    found = search(lm, optimizer=name, options=child.OPTIONS[name], seed=3, budget=budget)
    gc.collect()  # a bar that was left open draws itself once more
    assert tuple(capfd.readouterr()) == ('', '') and found.log


def test_the_halves_of_the_rows_are_the_ones_that_runs_have_always_had():
    "A run that goes on has its rows in its folder; one that begins again with the same seed must find the same halves."
    data = Dataset('rows', tuple(dict(n=n) for n in range(11)))
    halves = {seed: [[row['n'] for row in half.rows] for half in module.split_rows(data, seed)] for seed in (0, 7)}
    assert halves == HALVES
    assert [half.name for half in module.split_rows(data)] == ['rows (train)', 'rows (val)']


@pytest.mark.parametrize('options, said', [
    (dict(temperature=0.9), 'temperature was 0.2, and is 0.9 now'), (dict(temperature=None), 'temperature was 0.2, and is null now'),
    (dict(max_tokens=40), 'max_tokens was 300, and is 40 now'), (dict(top_p=0.5), 'top_p was not set, and is 0.5 now')],
    ids=['temperature', 'none', 'max_tokens', 'one more'])
def test_a_run_goes_on_only_with_the_options_of_its_model(options, said):
    make = lambda **more: dspy.LM('scripted/1', engine=child.Engine(seconds=0.0), num_retries=0, **dict(temperature=0.2, max_tokens=300) | more)
    run = find_run(search(make(), budget='17 calls').run_id)
    with dspy.context(adapter=dspy.ChatAdapter()):
        with pytest.raises(InputError, match=said): read_run(run, lm=make(**options))
        assert read_run(run, lm=make(own_key='another'), options=QUICK).seed == 0 and 'another' not in str(run.about)
        with pytest.raises(InputError, match='num_candidate_programs was 2, and is 5 now'): read_run(run, lm=make(), options=dict(num_candidate_programs=5))


def test_a_run_goes_on_only_as_it_began(lm):
    found = search(lm, budget='17 calls')
    run = find_run(found.run_id)
    with dspy.context(adapter=dspy.ChatAdapter()):
        for wrong, what in ((dict(lm=dspy.LM('scripted/2', engine=child.Engine())), 'the lm of'), (dict(metric='f1'), 'the metric of'),
                            (dict(target=dspy.Signature('text -> color', 'Another one.')), 'the program of')):
            with pytest.raises(InputError, match=what): read_run(run, **dict(lm=lm) | wrong)
    with dspy.context(adapter=dspy.JSONAdapter()), pytest.raises(InputError, match='the layout of'): read_run(run, lm=lm)
    own = search(lm, lambda example, prediction: 0.5, budget='17 calls')
    with pytest.raises(InputError, match='which no run can keep'): read_run(find_run(own.run_id), lm=lm)


def test_a_full_disk_stops_the_run_and_it_goes_on_later(lm, monkeypatch):
    append, left = Run.append, iter(range(20))
    def full(self, name, entry):
        if name == 'ledger' and next(left, None) is None: raise OSError(28, 'No space left on device')
        append(self, name, entry)
    monkeypatch.setattr(Run, 'append', full)
    failed = search(lm, name='Full')
    assert failed.state == 'stopped' and 'No space left' in failed.problem
    monkeypatch.setattr(Run, 'append', append)
    run = child.find('Full')
    kept = len(run.read('ledger'))
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()): found = optimize(resume=run, lm=lm, save=False)
    assert kept == 20 and found.state == 'done' and child.outcome(found) == child.outcome(search(lm))


def test_rows_that_teach_do_not_measure(lm):
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        job = module.plan_optimization(child.Color, child.rows('all', 0), lm=lm, seed=5)
    assert len(job.trainset) == len(job.valset) == 8 and not {r['text'] for r in job.trainset} & {r['text'] for r in job.valset}
    with pytest.raises(InputError, match='too few'): module.split_rows(Dataset('few', ({'n': 1},)))


def test_on_the_built_in_model_a_run_that_was_stopped_finds_the_same_winner():
    lm = dspy_toolkit.lm('mlx/tiny')
    def run(**options):
        with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
            return optimize(dspy.Signature('text -> color: Literal["red", "green", "blue"]'), child.rows('t', 0), valset=child.rows('v', 16), optimizer='simba',
                            options=dict(bsize=4, max_steps=2, num_candidates=2), lm=lm, save=False, **options)
    whole, stopped = run(), run(budget='40 calls')
    with dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()): again = optimize(resume=stopped.run_id, budget='9999 calls', lm=lm, save=False)
    assert child.outcome(again) == child.outcome(whole) and stopped.asked + again.asked == whole.asked
