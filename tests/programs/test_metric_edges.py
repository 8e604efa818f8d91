"What a metric makes of names, tolerances, confidences and code, at the places where a small mistake would give another score."
import functools
from decimal import Decimal

import dspy
import pytest
from dspy.experimental import Choice, Noul

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.metrics import CalibrationMetric, FieldMetric, FunctionMetric, MetricError, check_confidences, find_metric

Sure = dspy.Signature('email -> team: str, team_confidence: float, urgent: bool')
Decided = dspy.Signature('email -> team, spam').with_updated_fields('team', type_=Choice[('a', 'x'), ('b', 'y')]).with_updated_fields('spam', type_=Noul)
TOTAL = dspy.Signature('bill -> total: float')


def team(value, share): return Choice(value=value, confidence=.5, probabilities={'a': share, 'b': 1 - share})


# numbers

@pytest.mark.parametrize('name, got, value', [
    ('numeric', 200, 1), ('numeric', 200.5, 0), ('numeric(0.5)', 200.5, 1), ('numeric(0.5)', 200.6, 0), ('numeric(5%)', 210, 1), ('numeric(5%)', 190, 1),
    ('numeric(5%)', 210.1, 0), ('numeric(.05, relative)', 210, 1), ('numeric(.05, relative)', 211, 0), ('numeric(5, absolute)', 205, 1), ('numeric(total, 5%)', 211, 0),
    ('numeric(5, absolute)', 206, 0), ('numeric', '200', 1), ('numeric', None, 0)])
def test_a_tolerance_is_absolute_unless_it_is_a_share(name, got, value):
    assert find_metric(name, TOTAL).score(dict(total=200.0), dict(total=got)).value == value


@pytest.mark.parametrize('kind, fits', [
    (int, True), (float, True), (Decimal, True), (int | None, True), (Decimal | None, True), (str, False), (bool, False), (list[int], True), (str | None, False)])
def test_numeric_is_for_outputs_that_may_be_numbers(kind, fits):
    signature = dspy.Signature({'bill': (str, dspy.InputField()), 'total': (kind, dspy.OutputField())})
    if fits: assert find_metric('numeric', signature).score(dict(total=2), dict(total=2)).value == 1
    else:
        with pytest.raises(InputError, match='has no output that is a number') as caught: find_metric('numeric', signature)
        assert 'numeric(FIELD)' in caught.value.hint


@pytest.mark.parametrize('text, name', [
    ('numeric', 'numeric'), ('numeric(total,5%)', 'numeric(total, 5%)'), ("exact_match('total')", 'exact_match(total)'), ('exact_match("total")', 'exact_match(total)')])
def test_a_metric_is_called_as_it_was_asked_for(text, name): assert find_metric(text, TOTAL).name == name


def test_a_metric_with_a_confidence_is_called_as_it_was_asked_for():
    assert find_metric('calibration(team)', Sure).name == 'calibration(team)' and find_metric('calibration', Sure).name == 'calibration'


# labels

@pytest.mark.parametrize('gaps, says', [
    ([2], 'row 2 has no label for total, so no score'), ([1, 3], 'rows 1, 3 have no label'), ([1, 2, 3, 4, 5], 'rows 1, 2, 3, 4, 5 have no label'),
    ([1, 2, 3, 4, 5, 6], 'rows 1, 2, 3, 4, 5 and 1 more have'), ([1, 2, 3, 4, 5, 6, 7], 'rows 1, 2, 3, 4, 5 and 2 more have no label')])
def test_rows_without_a_label_are_named_as_far_as_five(gaps, says):
    rows = [dict(bill='x', total=None if n in gaps else 1.0) for n in range(1, 9)]
    (found,) = find_metric('exact_match', TOTAL).check(rows)
    assert found.startswith(says)


@pytest.mark.parametrize('name', ['exact_match', 'exact_match(total)', 'numeric(total)', 'numeric(total, 5%)'])
def test_data_with_all_its_labels_needs_no_remark(name): assert find_metric(name, TOTAL).check([dict(bill='x', total=1.0), dict(bill='y', total=2.0)]) == []


def test_a_field_without_a_label_is_named_with_those_that_have_one():
    with pytest.raises(InputError, match='^the data has no labels for urgent') as caught: find_metric('exact_match(urgent, team)', Sure, data=[dict(email='x', team='a')])
    assert caught.value.hint == 'exact_match(urgent, team) compares answers with labels: there are labels for team'


def test_numeric_takes_a_field_that_is_named_whatever_its_type():
    metric = find_metric('numeric(team, 1)', Sure)
    assert metric.score(dict(team='3', urgent=True), dict(team='4')).value == 1
    with pytest.raises(MetricError, match="the label of team is 'three', which is no number"): metric.score(dict(team='three'), dict(team='4'))


def test_the_outputs_that_need_a_label_are_named():
    with pytest.raises(MetricError) as caught: find_metric('exact_match', Sure).score(dict(email='x'), dict(team='a'))
    assert caught.value.hint == 'exact_match compares with labels: give the row a value for one of team, team_confidence, urgent'


def test_without_a_signature_the_outputs_of_the_answer_are_compared():
    metric = find_metric('exact_match')
    assert metric.score(dict(email='x', team='a'), dict(team='a')).value == 1 and metric.score(dict(email='x', team='a'), dict(team='b')).value == 0
    with pytest.raises(MetricError) as caught: metric.score(dict(email='x'), dict(team='a'))
    assert 'one of the outputs' in caught.value.hint


def test_an_answer_without_a_field_shows_what_was_expected():
    assert FieldMetric('same', lambda *_: None, Sure).measure_field('team', dict(team='a'), {}).note == "expected 'a', got nothing"
    found = CalibrationMetric('calibration', Sure).measure_field('team', dict(team='a'), {})
    assert found.value == 0 and found.note == "expected 'a', got nothing"


# confidence

@pytest.mark.parametrize('got, share', [
    (dict(team='a', team_confidence=.7), .7), (dict(team='b', team_confidence=0), 0), (dict(team='a', team_confidence='0.25'), .25),
    (dict(team='a', team_confidence=.7, confidences=dict(team=.9)), .9), (dict(team='a', team_confidence=.7, confidences=dict(urgent=.9)), .7)])
def test_how_sure_an_answer_is(got, share):
    right = got['team'] == 'a'
    assert check_confidences(Sure, [(dict(team='a'), got)]) == (pytest.approx(abs(share - right)), 1)


@pytest.mark.parametrize('got, share, right', [
    (dict(team=team('a', .8)), .8, True), (dict(team=team('b', .2)), .8, False), (dict(spam=Noul(value=True, confidence=.4, probability=.7)), .7, True),
    (dict(spam=Noul(value=False, confidence=.4, probability=.1)), .9, False), (dict(spam=Noul(value=True, confidence=.4)), .4, True)])
def test_how_sure_a_decision_of_dspy_is(got, share, right):
    expected = dict(team='a', spam=True)
    assert check_confidences(Decided, [(expected, got)]) == (pytest.approx(abs(share - right)), 1)


@pytest.mark.parametrize('expected, got', [
    ({}, dict(team='a', team_confidence=.7)), (dict(team='a'), dict(team_confidence=.7)), (dict(team='a'), dict(team='a')), (dict(team='a'), dict(team='a', team_confidence=1.2)),
    (dict(team='a'), dict(team='a', team_confidence=-.1)), (dict(team='a'), dict(team='a', team_confidence='sure'))])
def test_an_answer_without_a_label_or_a_confidence_is_passed_over(expected, got):
    counted = dict(team='a'), dict(team='a', team_confidence=.75)
    assert check_confidences(Sure, [(expected, got)]) is None
    assert check_confidences(Sure, [(expected, got), counted]) == (.25, 1)


def test_all_choices_of_a_row_count():
    rows = [(dict(team='a', urgent=True), dict(team='a', urgent=False, confidences=dict(team=.9, urgent=.5))), (dict(team='a', urgent=None), dict(team='a', urgent=True, confidences=dict(team=.9, urgent=1)))]
    assert check_confidences(Sure, rows) == (pytest.approx(abs((.9 + .5 + .9) - 2) / 3), 3)


def test_an_answer_that_cannot_be_counted_stops_nothing():
    got = dict(team='a', urgent=True, confidences=dict(team=7, urgent=1))
    assert check_confidences(Sure, [(dict(team='a', urgent=True), got)]) == (0, 1)


def test_only_what_has_a_confidence_is_scored():
    got = dict(team='a', team_confidence=.9, urgent=False)
    assert find_metric('calibration', Sure).score(dict(team='a', urgent=True), got).value == pytest.approx(.99)


def test_a_decision_without_probabilities_has_its_own_confidence():
    got = dict(team=Choice(value='a', confidence=.8))
    assert find_metric('calibration(team)', Decided).read_confidence('team', dict(team='a'), got) == (.8, True, pytest.approx(.04))
    assert check_confidences(Decided, [(dict(team='a'), got)]) == (pytest.approx(.2), 1)


@pytest.mark.parametrize('sure, fits', [(0, True), (1, True), (.5, True), (1.01, False), (2, False), (-.01, False), (None, False)])
def test_a_confidence_is_a_share(sure, fits):
    metric = find_metric('calibration(team)', Sure)
    if fits: assert metric.score(dict(team='b'), dict(team='a', team_confidence=sure)).value == pytest.approx(1 - sure ** 2)
    else:
        with pytest.raises(MetricError, match='no confidence for team'): metric.score(dict(team='b'), dict(team='a', team_confidence=sure))


@pytest.mark.parametrize('probability, label, brier, shown', [(.7, True, .09, 'right with confidence 0.70'), (.3, True, .49, 'wrong with confidence 0.70'), (.3, False, .09, 'right with confidence 0.70')])
def test_a_yes_or_no_is_as_sure_as_its_likelier_side(probability, label, brier, shown):
    got = dict(spam=Noul(value=probability > .5, confidence=.1, probability=probability))
    found = find_metric('calibration(spam)', Decided).measure_field('spam', dict(spam=label), got)
    assert found.value == pytest.approx(1 - brier) and found.note == shown


@pytest.mark.parametrize('label', [True, 'true', 'True'])
def test_the_label_of_a_choice_is_found_however_it_is_written(label):
    Flag = dspy.Signature('email -> ok').with_updated_fields('ok', type_=Choice[('true', 'x'), ('false', 'y')])
    got = dict(ok=Choice(value='true', confidence=.5, probabilities={'true': .8, 'false': .2}))
    assert find_metric('calibration', Flag).read_confidence('ok', dict(ok=label), got)[2] == pytest.approx(.04)


def test_the_summary_is_over_all_answers_that_came():
    pairs = [(dict(team='a'), dict(team='a', team_confidence=.9)), (dict(team='a'), dict(team='b', team_confidence=.9)), (dict(team='a'), dict(team=None))]
    assert find_metric('calibration(team)', Sure).summarise(pairs) == 'expected calibration error 0.400, Brier score 0.410, over 2 answers'
    assert find_metric('calibration(team)', Sure).summarise(pairs[2:]) == ''


@pytest.mark.parametrize('name, who', [('calibration(urgent)', 'urgent'), ('calibration', 'StringSignature')])
def test_what_has_no_confidence_is_named(name, who):
    plain = dspy.Signature('email -> team: str, urgent: bool')
    with pytest.raises(InputError, match=f'{who} has no confidence') as caught: find_metric(name, Sure if who == 'urgent' else plain)
    assert 'confidence: float' in caught.value.hint


# functions

def within(limit, expected, got, unit=1): return len(got) * unit < limit


def test_the_key_of_a_function_is_that_of_what_it_does():
    def deeper(n): return n if n <= 0 else deeper(n - 1)
    def by_default(limit):
        def metric(expected, got, trace=limit): return len(got) < trace
        return metric
    def asks(expected, got): return deeper(2) == 0
    keys = [find_metric(each, TOTAL).key for each in (
        functools.partial(within, 1), functools.partial(within, 2), functools.partial(within, 1, unit=2), functools.partial(lambda n, expected, got: n, 1),
        by_default(1), by_default(2), asks)]
    assert len(set(keys)) == len(keys)
    assert keys[0] == find_metric(functools.partial(within, 1), TOTAL).key and keys[6] == find_metric(asks, TOTAL).key


class Named:
    def __call__(self, example, prediction): return .5

class Other(Named): pass


def test_a_metric_of_a_person_has_the_name_it_was_asked_for_by():
    mine = find_metric('mine', TOTAL, dict(mine=lambda example, prediction: prediction.total / 4))
    assert mine.name == 'mine' and mine.signature is TOTAL and mine.score(dict(total=1), dict(total=1)).value == .25
    assert find_metric(Named(), TOTAL).key == find_metric(Named(), TOTAL).key != find_metric(Other(), TOTAL).key
    assert FunctionMetric(Named()).name == 'Named' and FunctionMetric(functools.partial(within, 3)).name == 'within' and FunctionMetric(lambda a, b: 1).name == 'lambda'


def test_without_a_signature_a_function_sees_what_the_row_and_the_answer_have():
    seen = []
    metric = find_metric(lambda expected, got: seen.append((expected, got)) is None)
    assert metric.score(dict(team='a', urgent=True), dict(team='b', urgent=True)).value == 1 and seen == [(dict(team='a', urgent=True), dict(team='b', urgent=True))]


@pytest.mark.parametrize('function', [lambda prediction, truth: 1, lambda first, example: 1])
def test_one_word_alone_does_not_say_that_an_order_is_wrong(function): assert find_metric(function, TOTAL).score(dict(total=1), dict(total=1)).value == 1


def test_an_answer_that_lacks_an_output_is_seen_as_none():
    seen = []
    metric = find_metric(lambda expected, got: seen.append((expected, got)) is None, Sure)
    metric.score(dict(email='x', team='a'), dict(email='x'))
    assert seen == [('a', None)]
    with pytest.raises(MetricError) as caught: metric.score(dict(email='x'), dict(team='a'))
    assert caught.value.hint == 'lambda takes (expected, got): give the row a value for team or team_confidence or urgent'


def test_dspys_own_prediction_is_handed_on():
    seen, prediction = [], dspy.Prediction(total=1.0)
    find_metric(lambda example, got: seen.append(got) is None, TOTAL)(dspy.Example(total=1.0), prediction)
    assert seen[0] is prediction


def test_the_trial_is_on_the_first_row_with_a_label():
    seen = []
    def watches(example, prediction): return seen.append(prediction.team) is None
    assert find_metric(watches, Sure).check([dict(email='x'), dict(email='y', team='b'), dict(email='z', team='c')]) == [] and seen == ['b']
    assert find_metric(watches, Sure).check([dict(email='x')]) == [] and seen == ['b', '']


def test_the_trial_gives_a_text_where_an_output_without_a_label_is_one():
    seen = []
    def watches(example, prediction): return seen.append((prediction.team, prediction.urgent)) is None
    find_metric(watches, Sure, data=[dict(email='x', team_confidence=.5)])
    assert seen == [('', None)]


@pytest.mark.parametrize('function, hint', [(lambda example: 1, '(example, prediction), (example, prediction, trace=None) or (expected, got)'), (lambda a, b, *, n: 1, 'functools.partial')])
def test_how_a_metric_is_written_is_said(function, hint):
    with pytest.raises(InputError) as caught: find_metric(function, TOTAL)
    assert hint in caught.value.hint


def test_a_judge_knows_the_signature():
    assert find_metric('judge:helpful', Sure).signature is Sure
