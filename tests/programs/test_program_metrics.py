"A metric gives a number in [0, 1], or says which row it can't score and why."
import copy
import enum
import functools
import pickle
import re
from decimal import Decimal
from typing import Literal

import dspy
import numpy as np
import pytest
from dspy.experimental import Choice, Noul
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.measures import make_plain, measure_f1, measure_fields, measure_overlap, measure_same, normalise
from dspy_toolkit.programs.metrics import METRICS, FunctionMetric, Metric, MetricError, Scored, find_metric

few = settings(max_examples=60, deadline=None)


class Level(enum.Enum):
    low = 'low'
    high = 'high'


class Line(BaseModel):
    item: str
    price: Decimal | None = None


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField()
    team: Literal['a', 'the', 'sales'] = dspy.OutputField()
    level: Level = dspy.OutputField()
    human: bool = dspy.OutputField()
    count: int = dspy.OutputField()
    answer: str = dspy.OutputField()
    tags: list[str] = dspy.OutputField()
    lines: list[Line] = dspy.OutputField()
    due: str | None = dspy.OutputField()


RIGHT = dict(team='a', level='high', human=True, count=2, answer='The invoice, in May.', tags=['red', 'blue'],
             lines=[dict(item='Drill', price='12.50')], due=None)
ROW = dict(email='Hello', **RIGHT)


def answer(**changes):
    typed = dict(level=Level.high, lines=[Line(item='drill', price=Decimal('12.5'))])
    return {**RIGHT, **typed, **changes}


def score(metric, row=None, **changes): return find_metric(metric, Triage).score(ROW if row is None else row, answer(**changes))


@pytest.mark.parametrize('changes, value', [
    ({}, 1), (dict(team='the'), 0), (dict(level=Level.low), 0), (dict(human=False), 0), (dict(count=2.0), 1), (dict(count=3), 0),
    (dict(answer='invoice in may'), 1), (dict(answer='in May, the invoice'), 0), (dict(tags=['blue', 'red']), 0), (dict(tags=['Red', 'blue']), 1),
    (dict(lines=[Line(item='drill', price=Decimal('12.6'))]), 0), (dict(lines=[]), 0), (dict(due='May'), 0), (dict(level='high'), 1)])
def test_exact_match_compares_values_with_their_types(changes, value):
    found = score('exact_match', **changes)
    assert found.value == value
    assert all(name in found.note for name in changes) if value == 0 else found.note == ''


@pytest.mark.parametrize('metric, changes, value', [
    ('f1(answer)', dict(answer='the invoice'), .5), ('f1(tags)', dict(tags=['blue']), 2 / 3), ('f1(tags)', dict(tags=[]), 0),
    ('f1(human)', dict(human=False), 0), ('f1(answer, tags)', dict(answer='the invoice'), .75), ('set_overlap(tags)', dict(tags=['red', 'green']), 1 / 3),
    ('set_overlap(tags)', dict(tags=['blue', 'red']), 1), ('numeric', dict(count=3), 0), ('numeric(1)', dict(count=3), 1),
    ('numeric(50%)', dict(count=3), 1), ('numeric(count, 0.5, relative)', dict(count=3), 1), ('numeric(count, .5, absolute)', dict(count=3), 0),
    ('numeric', dict(count=None), 0), ('json_fields(lines)', dict(lines=[Line(item='drill', price=Decimal('1'))]), .5),
    ('json_fields(lines)', dict(lines=[]), 0), ('contains(answer)', dict(answer='Well: the invoice in May comes.'), 1),
    ('contains(answer)', dict(answer='the invoices in May'), 0), ('contains(tags)', dict(tags=['blue', 'x']), .5), ('exact_match(answer)', dict(answer=None), 0)])
def test_a_metric_over_fields(metric, changes, value):
    assert score(metric, **changes).value == pytest.approx(value)


def test_json_fields_names_the_leaves_that_differ():
    found = score('json_fields(lines)', lines=[Line(item='saw'), Line(item='bolt')])
    assert "lines[0]" not in found.note and re.search(r"\[0\]\.item: expected 'Drill', got 'saw'", found.note) and '1 more' in found.note


@pytest.mark.parametrize('text, plain', [
    ('The   Cat.', 'cat'), ('57.50', '57.50'), ('5750', '5750'), ('-5', '-5'), ('A', 'a'), ('+', '+'), ('well-known', 'wellknown'),
    ('2024-05-03', '2024-05-03'), ('cafe\u0301', 'caf\xe9'), ('(an apple)', 'apple'), ('A-5', 'a5'), ('end.', 'end'), ('', '')])
def test_text_is_normalised_as_squad_does_but_numbers_stay_whole(text, plain):
    assert normalise(text) == plain


@few
@given(st.text('aA the.,-15\xe9+', max_size=30))
def test_normalising_again_changes_nothing_for_most_and_equality_is_symmetric(text):
    assert measure_same(text, text).value == 1 and normalise(text) == normalise(f'  {text} ')


json_values = st.recursive(st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
                           lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3), max_leaves=8)


@few
@given(json_values, json_values)
def test_measures_are_symmetric_and_1_for_the_value_itself(one, other):
    one, other = make_plain(one), make_plain(other)
    for measure in (measure_same, measure_f1, measure_overlap, measure_fields):
        assert measure(one, one).value == 1
        assert 0 <= measure(one, other).value <= 1
        assert measure(one, other).value == pytest.approx(measure(other, one).value)


# labels that are missing

def test_a_missing_label_is_an_error_of_its_row():
    with pytest.raises(MetricError, match='^there is no label for team') as caught: score('exact_match(team)', dict(email='x'))
    assert str(caught.value.at(7)) == 'row 7: there is no label for team' and caught.value.at(7).row == 7 and caught.value.at(7).hint == caught.value.hint
    with pytest.raises(MetricError, match='there is no label'): score('exact_match', dict(email='x', team=None))


def test_all_fields_with_labels_count_and_gaps_are_said_before():
    rows = [dict(email='x', team='a', answer='yes'), dict(email='y', team='a'), dict(email='z', team='a', answer=None)]
    metric = find_metric('exact_match', Triage)
    assert metric.check(rows) == ['rows 2, 3 have no label for answer, so no score']
    assert metric.score(rows[0], answer(answer='Yes.', count=7)).value == 1
    with pytest.raises(MetricError, match='no label for answer'): metric.score(rows[1], answer())


@pytest.mark.parametrize('metric', ['exact_match', 'f1', 'exact_match(team)', 'json_fields', 'set_overlap', 'contains'])
def test_data_without_labels_is_refused_before_anything_is_spent(metric):
    with pytest.raises(InputError, match='the data has no labels for'): find_metric(metric, Triage, data=[dict(email='x'), dict(email='y')])


def test_none_is_a_label_where_the_type_has_none():
    assert score('exact_match(due)', dict(due=None), due=None).value == 1
    assert score('exact_match(due)', dict(due=None), due='May').value == 0


# functions of a person

def good(example, prediction, trace=None): return example.team == prediction.team
def plain(expected, got): return expected == got
def gepa(gold, pred, trace, pred_name, pred_trace): return dspy.Prediction(score=.25, feedback=f'{pred_name}')
def forgets(example, prediction): pass


class Own:
    def __call__(self, example, prediction): return .5


class Asks(dspy.Module):
    def forward(self, example, pred, trace=None): raise AssertionError('asked')


@pytest.mark.parametrize('function, takes', [
    (good, 3), (plain, 2), (gepa, 5), (Own(), 2), (Own().__call__, 2), (Asks(), 3), (functools.partial(good, trace=None), 2), (lambda *args: 1, 5),
    (lambda a, b, c, d=0: 1, 3), (dspy.evaluate.answer_exact_match, 3), (lambda example, prediction, weight=2: 1, 2)])
def test_a_function_is_called_with_what_it_takes(function, takes):
    assert len(FunctionMetric(function).takes) == takes


@pytest.mark.parametrize('function, says', [
    (lambda: 1, r'lambda takes 0 arguments: \(\)'), (lambda example: 1, r'takes 1 argument: \(example\)'), (lambda a, b, c, d, e, f: 1, 'takes 6 arguments'),
    (lambda a, b, *, limit: 1, 'needs limit, which nobody gives'), (lambda pred, gold: 1, 'takes pred before gold')])
def test_a_function_that_can_be_no_metric_is_refused(function, says):
    with pytest.raises(InputError, match=says): find_metric(function, Triage)


@pytest.mark.parametrize('gives, value, note', [
    (True, 1, ''), (False, 0, ''), (.5, .5, ''), (np.float32(.5), .5, ''), (np.bool_(True), 1, ''), (Decimal('.5'), .5, ''), (Scored(.2, 'why'), .2, 'why'),
    (dspy.Prediction(score=True, feedback='so'), 1, 'so'), (dspy.Prediction(score=.3), .3, ''), (dict(score=.3, feedback='x'), .3, 'x'), (1 + 1e-12, 1, '')])
def test_what_a_function_may_give(gives, value, note):
    assert find_metric(lambda example, prediction: gives, Triage).score(ROW, RIGHT) == Scored(value, note)


@pytest.mark.parametrize('gives, says', [
    (None, 'gave None'), (float('nan'), 'gave nan'), (1.5, r'gave 1.5, which is not in \[0, 1\]'), (-1, 'gave -1'), ('yes', "gave 'yes', which is no score"),
    (dspy.Prediction(feedback='x'), 'gave None'), ([1], r'gave \[1\]'), (1j, 'gave 1j, which is no score'), (float('inf'), 'gave inf'), (Scored(None), 'gave None')])
def test_what_a_function_may_not_give_is_said(gives, says):
    metric = find_metric(lambda example, prediction: gives, Triage)
    with pytest.raises(MetricError, match=says): metric.score(ROW, RIGHT)
    with pytest.raises(MetricError, match='^row 1: the metric lambda ' + says): metric.check([ROW])


def test_a_function_that_raises_is_said_with_its_line():
    def fails(example, prediction): return 1 / 0
    with pytest.raises(MetricError, match='^row 1: the metric fails failed with ZeroDivisionError: division by zero') as caught:
        find_metric(fails, Triage, data=[ROW])
    assert 'return 1 / 0' in caught.value.hint and isinstance(caught.value.__cause__, ZeroDivisionError)


def test_an_async_function_is_refused_without_a_warning(recwarn):
    async def later(example, prediction): return 1
    with pytest.raises(MetricError, match='later is async'): find_metric(later, Triage, data=[ROW])
    assert not recwarn.list


def test_the_trial_asks_no_model_and_does_not_judge_by_values_it_made_up():
    assert find_metric(Asks(), Triage, data=[ROW]).paid
    seen = []
    def counts(example, prediction):
        seen.append(prediction.tags)
        return len(prediction.tags) > 0
    find_metric(counts, Triage, data=[dict(email='x', team='a')])
    assert seen == [None]
    with pytest.raises(MetricError, match='row 2: the metric forgets gave None'): find_metric(forgets, Triage, data=[dict(email='x'), dict(email='y', team='a')])


def test_expected_and_got_are_the_values_of_the_labelled_outputs():
    seen = []
    def both(expected, got): return seen.append((expected, got)) is None
    metric = find_metric(both, Triage)
    metric.score(dict(email='x', team='a'), RIGHT)
    metric.score(dict(email='x', team='a', count=1), RIGHT)
    assert seen == [('a', 'a'), (dict(team='a', count=1), dict(team='a', count=2))]
    with pytest.raises(MetricError, match='there is no label'): metric.score(dict(email='x'), RIGHT)


def test_a_function_sees_dspys_own_objects_and_the_trace():
    seen = []
    def watches(example, prediction, trace=None): return seen.append((example, prediction, trace)) is None
    metric, example, prediction = find_metric(watches, Triage), dspy.Example(**ROW).with_inputs('email'), dspy.Prediction(**RIGHT)
    assert metric(example, prediction, ['step']) == 1.0
    assert seen[0] == (example, prediction, ['step']) and seen[0][0] is example
    metric.score(ROW, RIGHT)
    assert set(seen[1][0].inputs().keys()) == {'email'} and seen[1][1].team == 'a' and seen[1][2] is None


# as DSPy's optimisers call it

@pytest.mark.parametrize('name', ['exact_match(team)', 'f1(answer)', 'json_fields', gepa])
def test_gepa_gets_feedback_and_the_others_a_number(name):
    metric, example = find_metric(name, Triage), dspy.Example(**ROW).with_inputs('email')
    prediction = dspy.Prediction(**answer(team='sales', answer='no'))
    assert isinstance(metric(example, prediction), float) and isinstance(metric(example, prediction, []), float)
    found = metric(example, prediction, [], 'predict', [])
    assert found.feedback and 0 <= found['score'] < 1
    dspy.GEPA(metric=metric, max_metric_calls=1, reflection_lm=dspy.utils.DummyLM([]))  # it binds five arguments


def test_dspys_own_evaluation_takes_a_metric():
    program = dspy.Predict('email -> team')
    data = [dspy.Example(email=str(i), team='a' if i % 2 else 'b').with_inputs('email') for i in range(4)]
    with dspy.context(lm=dspy.utils.DummyLM([dict(team='a')] * 4, adapter=dspy.ChatAdapter()), adapter=dspy.ChatAdapter()):
        assert dspy.Evaluate(devset=data, metric=find_metric('exact_match', program.signature), num_threads=1)(program).score == 50


# names

@pytest.mark.parametrize('name, says, hint', [
    ('exact_macth', "there is no metric 'exact_macth'", 'did you mean exact_match'), ('f1(anser)', "Triage has no output 'anser'", 'did you mean answer'),
    ('exact_match(email)', "no output 'email'", ''), ('numeric(1, 2)', 'no tolerance', 'numeric(5%)'), ('', "there is no metric ''", 'exact_match'),
    ('f1(', "there is no metric 'f1('", 'f1'), ('mine', 'mine is int, not a metric', 'function'),
    ('good_', "there is no metric 'good_'", 'did you mean good'), (3, '3 is no metric', 'exact_match')])
def test_a_wrong_name_is_said_with_the_nearest_right_one(name, says, hint):
    with pytest.raises(InputError, match=re.escape(says)) as caught: find_metric(name, Triage, dict(mine=3, good=good))
    assert hint in caught.value.hint


def test_a_function_of_the_notebook_goes_before_a_built_in_metric_of_the_same_name():
    assert isinstance(find_metric('f1', Triage, dict(f1=good)), FunctionMetric) and not isinstance(find_metric('f1', Triage), FunctionMetric)
    assert find_metric('exact_match( team ,count)', Triage).name == 'exact_match(team, count)'
    assert isinstance(find_metric(find_metric('f1', Triage), Triage), Metric)


def test_scores_of_a_function_are_used_again_only_while_its_code_is_the_same():
    def make(limit):
        def metric(expected, got): return len(got) < limit
        return find_metric(metric, Triage).key
    assert make(1) == make(1) != make(2) and re.fullmatch(r'metric#[0-9a-f]{8}', make(1))
    spaces = [{}, {}]
    for space, text in zip(spaces, ('def help(x): return x > 1', 'def help(x): return x > 2')):
        exec(text + '\ndef metric(expected, got): return help(len(got))', space)
    assert len({find_metric(space['metric'], Triage).key for space in spaces}) == 2
    assert find_metric('f1(answer)', Triage).key == 'f1(answer)'


def test_every_built_in_metric_gives_one_for_the_right_answer():
    sure = dspy.Signature('email -> team: str, total: float, confidence: float')
    row = dict(team='a', total=2.0)
    for name in METRICS: assert find_metric(name, sure).score(row, dict(row, confidence=1.0)).value == 1


# confidence

def test_being_sure_and_wrong_costs_more_than_being_unsure_and_wrong():
    metric = find_metric('calibration(team)', dspy.Signature('email -> team: str, confidence: float'))
    def rate(team, sure): return metric.score(dict(team='a'), dict(team=team, confidence=sure)).value
    assert rate('a', 1) == 1 and rate('b', 1) == 0 and rate('a', .9) > rate('a', .6) > rate('b', .6) > rate('b', .9)
    with pytest.raises(MetricError, match='no confidence for team'): rate('a', None)
    assert 'calibration error 0.500' in metric.summarise([(dict(team='a'), dict(team='a', confidence=.5))] * 3)


def test_dspys_decisions_bring_their_probabilities():
    signature = dspy.Signature('email -> team, spam').with_updated_fields('team', type_=Choice[('a', 'x'), ('b', 'y')])
    signature = signature.with_updated_fields('spam', type_=Noul)
    got = dict(team=Choice(value='a', confidence=.8, probabilities=dict(a=.8, b=.2)), spam=Noul(value=True, confidence=.4, probability=.7))
    metric = find_metric('calibration', signature)
    assert metric.score(dict(team='a', spam=True), got).value == pytest.approx(1 - (.04 + .09) / 2)
    assert metric.score(dict(team='b', spam=False), got).value == pytest.approx(1 - (.64 + .49) / 2)
    assert find_metric('exact_match', signature).score(dict(team='a', spam=True), got).value == 1


def test_a_signature_without_confidence_is_refused():
    with pytest.raises(InputError, match='Triage has no confidence'): find_metric('calibration', Triage)
    with pytest.raises(InputError, match='has no output that is a number'): find_metric('numeric', Triage.delete('count'))


def test_an_error_survives_copies_and_processes():
    error = MetricError('there is no label', 'give one', 3)
    for made in (copy.copy(error), pickle.loads(pickle.dumps(error))): assert (str(made), made.row, made.hint) == (str(error), 3, 'give one')
