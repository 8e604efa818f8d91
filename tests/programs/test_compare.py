"Columns of a comparison are paired row by row, and what is known is not asked again."
import json
import threading
from typing import Literal

import dspy
import pytest
from dspy.lm15 import Message, Response, Usage

from dspy_toolkit.commands.compare import compare as compare_verb
from dspy_toolkit.commands.compare import promote as promote_verb
from dspy_toolkit.core.cancel import CancelScope
from dspy_toolkit.core.errors import InputError, NotRegistered
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.programs.compare import LAYOUTS, compare, make_layout, plan_comparison, run_comparison
from dspy_toolkit.programs.evaluate import evaluate, plan_evaluation
from dspy_toolkit.programs.estimate import ASK_ABOVE, CostNotConfirmed, Estimate, add_estimates, confirm_costs
from dspy_toolkit.programs.judge import judge, read_judge
from dspy_toolkit.programs.metrics import MetricError, find_metric
from dspy_toolkit.programs.promote import Regression
from dspy_toolkit.programs.runs import list_runs
from dspy_toolkit.views.comparison import ComparisonView
from dspy_toolkit.workspace.targets import store


class Plain(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: Literal['billing', 'technical'] = dspy.OutputField()


class Careful(Plain):
    "Route an email to the team that can settle it."


class Words:
    "An engine: answers by words, and better where the instructions say more. It counts what it is asked."
    def __init__(self, fails=()): self.asked, self.fails, self.gate = 0, fails, None  # a gate holds the calls from the fiftieth on

    def complete(self, request):
        self.asked += 1
        if self.gate and self.asked >= 50: self.gate.wait(10)
        text = request.messages[-1].parts[0].text
        if any(word in text for word in self.fails): raise RuntimeError(f'<b>no</b> answer to {self.fails}')
        careful = 'settle' in request.system
        team = 'billing' if 'invoice' in text and not (careful and 'crash' in text) else 'technical'
        said = f'[[ ## team ## ]]\n{team}\n\n[[ ## completed ## ]]' if '[[ ##' in request.system else json.dumps(dict(team=team))
        usage = Usage(input_tokens=10, output_tokens=5)
        return Response(id='r', model='table', message=Message.assistant(said), finish_reason='stop', usage=usage)


DATA = [dict(email=f'{words} {i}', team=team) for i in range(10)
        for words, team in [('No invoice yet', 'billing'), ('It crashes', 'technical'), ('The invoice page crashes', 'technical')]]


@pytest.fixture
def engine(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset_settings()
    made = Words()
    with dspy.context(lm=dspy.LM('table', engine=made, cache=False), adapter=dspy.ChatAdapter()): yield made
    store().close()
    reset_settings()


def test_each_column_is_paired_with_the_first(engine):
    found = compare([Plain, Careful, Plain], DATA)
    assert [column.name for column in found.columns] == ['Plain (1)', 'Careful', 'Plain (3)'] and engine.asked == 60
    plain, careful, same = found.columns
    assert plain.difference is None and (careful.evaluated.score, plain.evaluated.score) == (1, pytest.approx(2 / 3))
    assert careful.difference.low > 0 and careful.difference.verdict == 'better' and careful.better == tuple(range(2, 30, 3)) and not careful.worse
    assert same.kept and same.difference[:3] == (0, 0, 0)
    assert found.flips == list(range(2, 30, 3)) and found.describe_row(2)['answers']['Careful']['got'] == dict(team='technical')
    assert json.loads(json.dumps(found.to_json()))['columns'][1]['better'][0] == 3


def test_what_is_known_is_not_asked_again_and_what_changed_is(engine):
    first = compare([Plain, Careful], DATA)
    again = compare([Plain, Careful], DATA)
    assert engine.asked == 60 and [column.kept for column in again.columns] == [True, True]
    assert again.columns[1].difference == first.columns[1].difference
    compare([Plain, Careful], DATA, fresh=True)
    assert engine.asked == 120
    compare([Plain, Plain.with_instructions('Route.')], DATA)
    assert engine.asked == 150
    compare([Plain, Careful], DATA[:-1])
    assert engine.asked == 208
    compare([Plain, Careful], DATA, 'f1(team)')
    assert engine.asked == 268
    hotter = dspy.LM('table', engine=engine, cache=False, temperature=0.9)
    compare([Plain, Careful], DATA, lms=[hotter])
    assert engine.asked == 328


def test_an_evaluation_made_with_other_options_of_the_model_is_not_taken(engine):
    def make_lm(**options): return dspy.LM('table', engine=engine, cache=False, **options)
    evaluate(Plain, DATA, lm=make_lm(temperature=0.9))
    assert engine.asked == 30
    compare([Plain, Careful], DATA, lms=[make_lm()])
    assert engine.asked == 90
    compare([Plain, Careful], DATA, lms=[make_lm(temperature=0.9)])
    assert engine.asked == 120  # Plain is known


def test_a_function_that_changed_is_asked_again(engine):
    def make(limit):
        def right(expected, got): return expected == got and len(got) < limit
        return right
    for limit, asked in ((9, 60), (9, 60), (10, 120)):
        compare([Plain, Careful], DATA, make(limit))
        assert engine.asked == asked


def test_models_and_layouts_are_columns(engine):
    other = Words()
    lms = [dspy.LM(name, engine=words, cache=False) for name, words in (('one', engine), ('two', other))]
    found = compare(Plain, DATA[:6], lms=lms, layouts=['dspy-chat', 'dspy-json'])
    assert [column.name for column in found.columns] == ['one · ChatAdapter', 'one · JSONAdapter', 'two · ChatAdapter', 'two · JSONAdapter']
    assert (engine.asked, other.asked) == (12, 12) and {column.evaluated.layout for column in found.columns} == {'ChatAdapter', 'JSONAdapter'}
    assert not any(column.kept for column in found.columns)
    assert [type(make_layout(word)).__name__[:4] for word in LAYOUTS] == ['Gram', 'Gram', 'JSON', 'Chat', 'XMLA']


def test_a_budget_counts_all_columns_and_the_same_again_goes_on(engine):
    stopped = compare([Plain, Careful], DATA, budget='40 calls', threads=1)
    assert stopped.state == 'stopped' and engine.asked == 40 and len(stopped.columns) == 2 and '40 calls' in stopped.problem
    assert stopped.columns[1].left_out == 20 and stopped.columns[1].difference.better == 3
    whole = compare([Plain, Careful], DATA)
    assert whole.state == 'done' and engine.asked == 60 and [column.kept for column in whole.columns] == [True, False]
    assert len(list_runs('evaluate')) == 2


def test_a_cancelled_comparison_keeps_its_rows(engine):
    scope = CancelScope()
    planned = plan_comparison([Plain, Careful], DATA, threads=1)
    def stop_at_35(column, row):
        if (column, row.index) != (1, 4): return
        scope.cancel()
        engine.gate.set()
    engine.gate = threading.Event()
    with scope: found = run_comparison(planned, on_row=stop_at_35)
    assert found.state == 'stopped' and engine.asked < 60
    asked = engine.asked
    engine.gate = None
    assert compare([Plain, Careful], DATA).state == 'done' and engine.asked - asked <= 60 - asked + 1


def test_rows_that_fail_count_as_wrong_and_rows_without_a_score_are_left_out(engine):
    engine.fails = ('It crashes 1', 'It crashes 2')
    rows = [*DATA, dict(email='What is this?', team=None)]
    found = compare([Plain, Careful], rows)
    plain, careful = found.columns
    assert sum(plain.evaluated.failures.values()) == 3 and careful.left_out == 1
    assert plain.evaluated.score == pytest.approx(18 / 30) and careful.difference.better == 10
    view = ComparisonView('t', ['Plain', 'Careful'], len(rows)).finish(found)
    assert any('left out' in remark for remark in view.remarks)


@pytest.mark.parametrize('call, error, says', [
    (lambda: plan_comparison(Plain, DATA), InputError, 'only one column'), (lambda: plan_comparison([Plain, 'Nope@1'], DATA), NotRegistered, 'Nope'),
    (lambda: plan_comparison([Plain, Careful], 'nope'), Exception, 'nope'), (lambda: plan_comparison([Plain, Careful], DATA, 'f2'), InputError, "no metric 'f2'"),
    (lambda: plan_comparison([Plain, Careful], DATA, layouts=['yaml']), InputError, "no layout 'yaml'"),
    (lambda: plan_comparison([Plain, Careful], DATA, lambda example, prediction: None), MetricError, 'row 1: the metric lambda gave None'),
    (lambda: plan_comparison([Plain, Careful], [dict(email='x')]), InputError, 'no labels')])
def test_what_is_wrong_is_said_before_anything_is_asked(engine, call, error, says):
    with pytest.raises(error, match=says): call()
    assert engine.asked == 0 and not list_runs('evaluate')


def test_an_evaluation_in_which_rows_failed_is_asked_again(engine):
    engine.fails = ('invoice',)
    assert compare([Plain, Careful], DATA).columns[0].evaluated.failures
    engine.fails = ()
    found = compare([Plain, Careful], DATA)
    assert [column.kept for column in found.columns] == [False, False] and not found.columns[0].evaluated.failures


# the line

def test_the_line_compares_versions_and_shows_the_rows_that_flipped(engine):
    for signature in (Plain, Careful): store().save(signature, name='Triage')
    view = compare_verb(['Triage@1', 'Triage@2'], dict(devset=DATA), on='devset')
    assert view.state == 'done' and (view.done, view.total) == (60, 60)
    text, html, data = str(view), str(view.html()), view.to_json()
    assert 'Triage@2' in text and '10 better, 0 worse' in text and 'better' in html and 'No invoice' not in html  # that row did not flip
    assert data['columns'][1]['difference']['verdict'] == 'better' and len(data['flips']) == 10
    assert [e.score for e in store().evaluations('Triage@2')] == [1.0]
    again = compare_verb(['Triage@1', 'Triage@2'], dict(devset=DATA), on='devset')
    assert engine.asked == 60 and 'no model was asked' in str(again) and len(store().evaluations('Triage@2')) == 1
    assert 'no model was asked' in ' '.join(again.live()['remarks'])


def test_text_of_people_and_models_is_escaped(engine):
    engine.fails = ('crash',)
    rows = [dict(email='<script>alert(1)</script> crash', team='technical'), dict(email='invoice <img src=x>', team='billing')]
    view = compare_verb(['Plain', 'Careful'], dict(Plain=Plain, Careful=Careful, rows=rows), on='rows')
    engine.fails = ()
    mixed = compare_verb(['Plain', 'Careful'], dict(Plain=Plain, Careful=Careful, rows=[dict(email='<script>invoice crash', team='technical')]), on='rows')
    for shown in (view, mixed): assert '<script' not in str(shown.html()) and '<img' not in str(shown.html()) and '<b>no' not in str(shown.html())
    assert '&lt;script&gt;' in str(mixed.html())


def test_the_view_can_be_read_while_it_runs(engine):
    seen, view_of = [], []
    def follow(watch, view):
        view_of.append(view)
        seen.append(view.live()['state'])
        result = watch.start().result()
        return result
    view = compare_verb(['Plain', 'Careful'], dict(Plain=Plain, Careful=Careful, rows=DATA), follow, on='rows')
    assert seen == ['running'] and view is view_of[0] and view.live()['table']['total'] == 10


def test_the_line_refuses_a_version_that_is_worse(engine):
    for signature in (Careful, Plain): store().save(signature, name='Triage')
    assert 'there was no alias prod before' in str(promote_verb('Triage@1', 'prod', dict(devset=DATA), on='devset'))
    with pytest.raises(Regression, match='Triage@2 is not promoted to prod: it is worse') as caught: promote_verb('Triage@2', 'prod', dict(devset=DATA), on='devset')
    assert 'worse in rows 3, 6, 9' in caught.value.hint and '%dspy promote Triage@2 prod --on devset' in caught.value.hint and '--force' in caught.value.hint
    view = promote_verb('Triage@2', 'prod', dict(devset=DATA), on='devset', force=True)
    assert 'Triage@prod points to Triage@2 now; it pointed to Triage@1' in str(view) and engine.asked == 60


# the judge

def answer(score=4, reason='It says where.'): return dict(reason=reason, score=score, passes=score > 3)


def test_a_judge_grades_with_a_reason_and_its_calls_are_paid(engine):
    support = dspy.Signature('email -> answer')
    lm = dspy.utils.DummyLM([answer(4), answer(1, 'Rude.')], adapter=dspy.ChatAdapter())
    metric, row = judge('polite', lm=lm, signature=support), dict(email='Where?')
    assert metric.paid and metric.needs == 'nothing' and metric.check([row]) == []
    found = [metric.score(row, dict(answer=text)) for text in ('There.', 'Look yourself.')]
    assert [(each.value, each.note) for each in found] == [(.75, 'It says where.'), (0, 'Rude.')]
    sent = lm.history[-1]['messages'][-1]['content']
    assert 'Where?' in sent and 'Look yourself.' in sent and 'blames nobody' in sent


def test_a_judges_call_is_no_step_of_the_program_it_judges(engine):
    lm = dspy.utils.DummyLM([answer()], adapter=dspy.ChatAdapter())
    with dspy.context(trace=[]):
        judge('helpful', lm=lm).score(dict(email='x'), dict(answer='y'))
        assert dspy.settings.trace == []


def test_gepa_learns_from_the_reason(engine):
    metric = judge('helpful', lm=dspy.utils.DummyLM([answer(2, 'It does not say where.')], adapter=dspy.ChatAdapter()), signature=dspy.Signature('email -> answer'))
    found = metric(dspy.Example(email='x').with_inputs('email'), dspy.Prediction(answer='y'), None, 'predict', None)
    assert (found.score, found.feedback) == (.25, 'It does not say where.')


@pytest.mark.parametrize('text, name, criteria', [
    ('judge', 'judge:helpful', 'act on it'), ('judge:concise', 'judge:concise', 'no preamble'), ('judge: it names the page', 'judge', 'it names the page'),
    ('judge:helpful@table', 'judge:helpful@table', 'act on it')])
def test_a_judge_by_name(engine, text, name, criteria):
    found = find_metric(text, Plain)
    assert found.name == name and criteria in found.criteria and found.key.startswith(name + '#')


def test_a_judge_that_cannot_be_is_refused(engine):
    with pytest.raises(InputError, match="no criteria 'helpfull'"): read_judge('judge:helpfull')
    with pytest.raises(InputError, match='compares with labels'): find_metric('judge:correct', Plain, data=[dict(email='x')])
    with pytest.raises(MetricError, match='failed with'): judge('helpful', lm=dspy.LM('table', engine=Words(fails=('rubric',)), cache=False)).score(dict(email='x'), dict(team='y'))
    assert len({judge(words, lm=lm).key for words in ('be kind to them', 'be brief to them') for lm in (None, dspy.LM('x'))}) == 4


@pytest.mark.parametrize('ask', [
    lambda **more: compare_verb(['Plain', 'Careful'], dict(Plain=Plain, Careful=Careful, data=DATA), on='data', **more),
    lambda **more: promote_verb('Triage@2', 'prod', dict(data=DATA), on='data', **more)], ids=['compare', 'promote'])
def test_a_dear_comparison_is_asked_about_and_only_what_is_not_known_counts(engine, ask, monkeypatch):
    monkeypatch.setitem(ASK_ABOVE, 'calls', 50)
    for signature in (Plain, Careful): store().save(signature, name='Triage')
    store().alias('Triage@1', 'prod')
    with pytest.raises(CostNotConfirmed, match='about 60 calls to table') as e: ask()
    assert '--yes' in e.value.hint and not engine.asked and not list_runs()
    try: assert ask(budget='35 calls').state == 'stopped'
    except Regression as e: assert 'budget of 35 calls is used up' in str(e) and 'the same again goes on' in e.hint
    assert engine.asked == 35
    assert ask().state == 'done' and engine.asked == 60


def test_a_dear_comparison_runs_when_its_person_says_yes(engine, monkeypatch):
    monkeypatch.setitem(ASK_ABOVE, 'calls', 50)
    notebook = dict(Plain=Plain, Careful=Careful, data=DATA)
    assert compare_verb(['Plain', 'Careful'], notebook, on='data', yes=True).state == 'done' and engine.asked == 60
    with pytest.raises(CostNotConfirmed, match='60 calls'): compare_verb(['Plain', 'Careful'], notebook, on='data', fresh=True)
    assert compare_verb(['Plain', 'Careful'], notebook, on='data').state == 'done' and engine.asked == 60


def test_estimates_add_up_and_what_one_does_not_know_the_sum_does_not_know():
    here, far = Estimate(10, 100, 20, 2.0, 0.0, 'mlx/tiny', True), Estimate(5, 50, 10, None, 0.5, 'openai/x')
    both = add_estimates([here, far])
    assert (both.calls, both.input_tokens, both.output_tokens, both.seconds, both.money) == (15, 150, 30, None, 0.5)
    assert both.model == 'mlx/tiny, openai/x' and not both.is_local and add_estimates([here, here]).is_local
    with pytest.raises(CostNotConfirmed): confirm_costs([Estimate(1, 1, 1, None, None, 'openai/y'), far])
    confirm_costs([here])
    confirm_costs([])


def test_a_name_alone_is_the_variable_of_the_notebook_for_every_verb_and_a_later_version_is_named(engine):
    kept = dspy.Signature('question -> answer', 'The first.').with_instructions('The first.')
    kept.__name__ = 'Named'
    first, later = store().save(kept), store().save(kept.with_instructions('The second.'), name='Named')
    space, rows = dict(Named=kept), [dict(question='a', answer='b')]
    lm = dspy.LM('test/none', engine=Words())
    plans = [plan_evaluation('Named', rows, lm=lm, namespace=space), plan_comparison(['Named', 'Named@2'], rows, lms=[lm], namespace=space)[0].plan]
    said = f'Named is {first}, the one of this notebook; the latest is {later}'
    assert [(plan.ref, plan.remarks) for plan in plans] == [(str(first), (said,))] * 2
    alone = plan_evaluation('Named', rows, lm=lm, namespace={})
    assert (alone.ref, alone.remarks) == (str(later), ())
