"What a metric is called, says and reads: names, notes and hints, metrics without a signature, confidences of every kind, keys of functions."
import functools
from decimal import Decimal
from typing import Literal, Optional

import dspy
import pytest
from dspy.experimental import Choice, Noul, Score

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.judge import JudgeMetric
from dspy_toolkit.programs.metrics import (
    METRICS, CalibrationMetric, Confidences, FunctionMetric, MetricError, NumericMetric, check_confidences, find_metric, read_parameters,
)

TICKET = dspy.Signature('email -> team: str, count: int, total: float, confidence: float')
ROW = dict(email='x', team='The Sales', count=4, total=2.5)


@pytest.mark.parametrize('name', METRICS)
def test_a_metric_without_a_signature_scores_what_the_answer_has(name):
    row = dict(count=4, extra='not answered') if name == 'numeric' else dict(team='a', extra='not answered')
    got = dict(row, confidence=1.0)
    del got['extra']
    metric = find_metric(name)
    assert metric.score(row, got).value == 1 and metric.check([row]) == []
    with pytest.raises(MetricError, match='there is no label') as caught: metric.score({}, got)
    assert f'{name} compares with labels: give the row a value for one of the outputs' in caught.value.hint


@pytest.mark.parametrize('name', [*METRICS, 'numeric(5%)', 'numeric(count, 0.5, relative)', 'calibration(team)', 'f1(team)', 'exact_match(team, count)'])
def test_a_metric_keeps_the_name_that_it_was_asked_for_by(name):
    metric = find_metric(name, TICKET)
    assert metric.name == metric.key == name
    with pytest.raises(MetricError) as caught: metric.score(dict(email='x'), ROW)
    if '(' not in name or name == 'numeric(5%)': assert f'{name} compares with labels: give the row a value for one of ' in caught.value.hint


@pytest.mark.parametrize('written, name', [("f1('team')", 'f1(team)'), ('f1( "team" )', 'f1(team)'), ('exact_match(team,count,)', 'exact_match(team, count)'), (' f1 ', 'f1'), ('f1()', 'f1')])
def test_spaces_and_quotes_of_a_name_are_no_part_of_it(written, name): assert find_metric(written, TICKET).name == name


def test_letters_of_a_field_stay(): assert find_metric('f1("XrayX")', dspy.Signature('email -> XrayX')).name == 'f1(XrayX)'


@pytest.mark.parametrize('name, note', [
    ('exact_match(team)', "team: expected 'The Sales', got nothing"), ('f1(team)', "team: expected 'The Sales', got nothing"), ('calibration(team)', "team: expected 'The Sales', got nothing")])
def test_an_answer_that_is_missing_scores_nothing_and_says_what_was_expected(name, note):
    found = find_metric(name, TICKET).score(ROW, dict(ROW, team=None, confidence=.5))
    assert (found.value, found.note) == (0.0, note)


@pytest.mark.parametrize('rows, says', [
    ([2], 'row 2 has no label for count, so no score'), ([2, 3], 'rows 2, 3 have no label for count, so no score'), ([2, 3, 4, 5, 6], 'rows 2, 3, 4, 5, 6 have no label for count, so no score'),
    ([2, 3, 4, 5, 6, 7], 'rows 2, 3, 4, 5, 6 and 1 more have no label for count, so no score'), ([3, 4, 5, 6, 7, 8, 9], 'rows 3, 4, 5, 6, 7 and 2 more have no label for count, so no score')], ids=len)
def test_rows_that_lack_a_label_are_named_up_to_five(rows, says):
    data = [dict(team='a') if n in rows else dict(team='a', count=1) for n in range(1, max(rows) + 1)]
    assert find_metric('exact_match', dspy.Signature('email -> team, count: int')).check(data) == [says]


def test_rows_that_lack_different_labels_have_all_their_names():
    signature = dspy.Signature('email -> team, count: int')
    assert find_metric('exact_match', signature).check([dict(team='a'), dict(count=1), dict(team='b')]) == ['rows 1, 2, 3 have no label for count or team, so no score']
    assert find_metric('exact_match', signature).check([dict(team='a'), dict(team='b')]) == []


@pytest.mark.parametrize('name, rows, says, hint', [
    ('exact_match', [dict(email='x')], 'the data has no labels for any output', 'exact_match compares answers with labels: add a column, such as team'),
    ('f1(team)', [dict(count=1)], 'the data has no labels for team', 'there are labels for count'),
    ('exact_match(team, count)', [dict(email='x')], 'the data has no labels for team and count', 'add a column, such as team')])
def test_data_that_lacks_labels_is_said_with_what_to_add(name, rows, says, hint):
    with pytest.raises(InputError, match=says) as caught: find_metric(name, TICKET, data=rows)
    assert hint in caught.value.hint


# numbers

@pytest.mark.parametrize('kind, number', [(int, True), (float, True), (Decimal, True), (Optional[int], True), (Optional[Decimal], True), (str, False), (bool, False), (list[str], False), (Optional[str], False)], ids=str)
def test_numeric_takes_the_outputs_that_may_be_numbers(kind, number):
    signature = dspy.Signature(dict(email=(str, dspy.InputField()), it=(kind, dspy.OutputField())), signature_name='Bill')
    if number: assert find_metric('numeric', signature).choose(dict(it=1), {}) == ('it',)
    else:
        with pytest.raises(InputError, match='Bill has no output that is a number') as caught: find_metric('numeric', signature)
        assert 'name the field: numeric(FIELD)' in caught.value.hint and find_metric('numeric(it)', signature).fields == ('it',)


@pytest.mark.parametrize('name, off, value', [
    ('numeric(10%)', .4, 1), ('numeric(10%)', .41, 0), ('numeric(10%)', 1, 0), ('numeric(0.1, relative)', .4, 1), ('numeric(0.1, relative)', .5, 0), ('numeric(0.5)', .5, 1),
    ('numeric(0.5)', .6, 0), ('numeric(0.5, absolute)', .5, 1), ('numeric(0.5, absolute)', 1.9, 0), ('numeric(0.5, relative)', 1.9, 1), ('numeric', 1e-3, 0)])
def test_a_number_is_right_within_its_tolerance(name, off, value):
    signature = dspy.Signature('email -> total: float')
    for sign in (1, -1): assert find_metric(name, signature).score(dict(total=4.0), dict(total=4.0 + sign * off)).value == value


@pytest.mark.parametrize('name', ['numeric(1, 2)', 'numeric(1.2.3)', 'numeric(total, 1%, 2%)'])
def test_a_tolerance_that_cannot_be_read_is_said(name):
    with pytest.raises(InputError) as caught: find_metric(name, TICKET)
    assert f'{name} has no tolerance that can be read' in str(caught.value) and 'numeric(total, 5%)' in caught.value.hint


def test_a_label_that_is_no_number_is_an_error_of_its_row():
    metric = NumericMetric('numeric(total)', TICKET, ('total',))
    with pytest.raises(MetricError, match="the label of total is 'much', which is no number") as caught: metric.score(dict(total='much'), ROW)
    assert caught.value.hint == 'correct the row'


# confidences

def rate(got, label='a', name='it', **more): return CalibrationMetric('calibration').read_confidence(name, {name: label}, {name: got, **more})


@pytest.mark.parametrize('got, label, more, found', [
    ('a', 'a', dict(confidence=.75), (.75, True, .0625)), ('b', 'a', dict(confidence=.75), (.75, False, .5625)), ('a', 'a', dict(confidence=0), (0, True, 1)),
    ('a', 'a', dict(confidence=1), (1, True, 0)), ('a', 'a', dict(confidence='0.5'), (.5, True, .25)),
    (Choice(value='a', confidence=.5, probabilities=dict(a=.75, b=.25)), 'a', {}, (.75, True, .0625)),
    (Choice(value='a', confidence=.5, probabilities=dict(a=.75, b=.25)), 'b', {}, (.75, False, .5625)),
    (Choice(value=True, confidence=.5, probabilities={'true': .75, 'false': .25}), True, {}, (.75, True, .0625)),
    (Choice(value=True, confidence=.5, probabilities={'True': .75, 'False': .25}), False, {}, (.75, False, .5625)),
    (Choice(value=2, confidence=.5, probabilities={'1': .25, '2': .75}), 2, {}, (.75, True, .0625)),
    (Choice(value='A', confidence=.5, probabilities=dict(A=.75, a=.25)), 'A', {}, (.75, True, .0625)),
    (Choice(value='a', confidence=.25), 'a', {}, (.25, True, .5625)), (Choice(value='a', confidence=.25), 'a', dict(confidence=.5), (.5, True, .25)),
    (Noul(value=True, confidence=.5, probability=.75), True, {}, (.75, True, .0625)), (Noul(value=False, confidence=.5, probability=.25), False, {}, (.75, True, .0625)),
    (Noul(value=False, confidence=.5, probability=.25), True, {}, (.75, False, .5625)), (Noul(value=True, confidence=.5), True, {}, (.5, True, .25)),
    (Score(value=1.0, confidence=.5, probabilities={1: .75, 2: .25}, level=1), 1.0, {}, (.75, True, .3125)),
], ids=lambda o: str(o)[:40])
def test_a_confidence_is_read_wherever_it_is(got, label, more, found): assert rate(got, label, **more) == pytest.approx(found)


@pytest.mark.parametrize('sure', [-.01, 1.01, 2, None, 'very'])
def test_a_confidence_is_a_number_from_zero_to_one(sure):
    with pytest.raises(MetricError, match='the answer has no confidence for it') as caught: rate('a', confidence=sure)
    assert 'in [0, 1]' in caught.value.hint


def test_a_field_has_its_own_confidence_or_the_one_of_all():
    signature = dspy.Signature('email -> team, team_confidence: float, kind, confidence: float')
    metric = find_metric('calibration', signature)
    row, got = dict(team='a', kind='k', confidence=1.0, team_confidence=1.0), dict(team='a', kind='k', confidence=.5, team_confidence=.75)
    assert metric.choose(row, got) == ('team', 'kind')
    assert [metric.measure_field(name, row, got) for name in ('team', 'kind')] == [(1 - .0625, 'right with confidence 0.75'), (.75, 'right with confidence 0.50')]
    assert metric.measure_field('kind', dict(kind='x'), got) == (.75, 'wrong with confidence 0.50')


@pytest.mark.parametrize('name, says', [('calibration', 'StringSignature has no confidence'), ('calibration(team)', 'team has no confidence'), ('calibration(kind, team)', 'team has no confidence')])
def test_a_field_without_a_confidence_is_named(name, says):
    text = 'email -> team, kind' + (', kind_confidence: float' if 'kind' in name else '')
    with pytest.raises(InputError, match=says) as caught: find_metric(name, dspy.Signature(text))
    assert 'confidence: float, or make the field a Choice, Noul or Score' in caught.value.hint


def test_a_summary_has_the_error_and_the_mean_brier_score_of_the_answers_that_are_there():
    for metric in (find_metric('calibration(team)', dspy.Signature('email -> team, confidence: float')), find_metric('calibration')):
        pairs = [(dict(team='a'), dict(team=team, confidence=sure)) for team, sure in (('a', .75), ('b', .25), (None, .5), ('b', .75))]
        assert metric.summarise(pairs) == 'expected calibration error 0.250, Brier score 0.229, over 3 answers'
        assert metric.summarise(pairs[2:3]) == metric.summarise([]) == ''


CHOSEN = dspy.Signature('email -> team, kind, team_confidence: float').with_updated_fields('team', type_=Choice[('a', 'x'), ('b', 'y')])
PICK = dict(value='a', confidence=.25)
SURE = [
    (Choice(**PICK, probabilities=dict(a=.75, b=.25)), {}, .75), (Choice(**PICK, probabilities=dict(a=.25, b=.75)), {}, .75), (Choice(**PICK), {}, .25),
    (Noul(value=True, confidence=.5, probability=.75), {}, .75), (Noul(value=True, confidence=.5, probability=.25), {}, .75), (Noul(value=True, confidence=.5), {}, .5),
    ('a', dict(team_confidence=.5), .5), ('a', dict(team_confidence=0), 0), ('a', dict(team_confidence=1), 1), ('a', dict(team_confidence=1.5), None), ('a', dict(team_confidence=-.5), None), ('a', {}, None),
    (Choice(**PICK), dict(confidences=dict(team=.875)), .875), (Choice(**PICK), dict(confidences=dict(kind=.875)), .25), ('a', dict(confidences=dict(team=.5), team_confidence=.25), .5),
    ('a', dict(confidences=.5), None), (None, dict(team_confidence=.5), None)]


@pytest.mark.parametrize('got, more, sure', SURE, ids=lambda o: str(o)[:40])
@pytest.mark.parametrize('label', ['a', 'b'])
def test_how_sure_an_answer_is_and_how_often_that_is_right(got, more, sure, label):
    found = check_confidences(CHOSEN, [(dict(team=label), dict(team=got, kind='k', **more))])
    if sure is None: assert found is None
    else: assert found == Confidences(pytest.approx(abs(sure - (getattr(got, 'value', got) == label))), 1)


def test_every_choice_with_a_label_and_a_confidence_counts():
    signature = dspy.Signature('email -> team, kind, level')
    sure = dict(team=.5, kind=1.0)
    pairs = [(dict(kind='k'), dict(team='a', kind='k', confidences=sure)), (dict(team='a', kind='x', level='l'), dict(team='a', kind='k', level='l', confidences=sure)), (dict(team='a'), dict(confidences=sure))]
    assert check_confidences(signature, pairs) == Confidences(pytest.approx((.5 + 1.0 + 1.0 - 2) / 3), 3)  # so few are one bin
    assert check_confidences(signature, []) is None
    assert check_confidences(signature, [(dict(team='a', kind='k'), dict(team='a', kind='k', confidences=dict(team=2, kind=.5)))]) == Confidences(.5, 1)
    assert check_confidences(signature, [(dict(kind='k'), dict(kind='k', kind_confidence=.5))]) is None  # no output of the signature


@pytest.mark.parametrize('label, got', [('2', 2), (2, '2'), (2, 2)], ids=repr)
def test_a_label_and_an_answer_are_read_by_the_type_of_their_field(label, got):
    signature = dspy.Signature('email -> count: int')
    assert check_confidences(signature, [(dict(count=label), dict(count=got, confidences=dict(count=1.0)))]) == Confidences(0.0, 1)
    assert find_metric('exact_match', signature).score(dict(count=label), dict(count=got)).value == 1


@pytest.mark.parametrize('name', ['exact_match(count)', 'calibration(count)'])
def test_a_label_is_said_and_compared_by_the_type_of_its_field(name):
    metric = find_metric(name, dspy.Signature('email -> count: int, confidence: float'))
    assert metric.score(dict(count='2'), dict(count=None, confidence=1.0)).note == 'count: expected 2, got nothing'
    for label, got in (('2', 2), (2, '2')): assert metric.score(dict(count=label), dict(count=got, confidence=1.0)).value == 1


# functions of a person

def good(example, prediction, trace=None): return example.team == prediction.team
def close(expected, got, *, within=1): return abs(expected - got) <= within


class Own:
    def __init__(self, value): self.value = value
    def __call__(self, example, prediction): return self.value


@pytest.mark.parametrize('function, name', [(good, 'good'), (functools.partial(close, within=2), 'close'), (Own(1), 'Own'), (lambda a, b: 1, 'lambda'), (functools.partial(Own(1)), 'Own')], ids=['plain', 'partial', 'object', 'lambda', 'partial of an object'])
def test_a_function_gives_its_metric_a_name(function, name):
    assert FunctionMetric(function).name == name and FunctionMetric(function, name='mine').name == 'mine'
    found = find_metric('mine', TICKET, dict(mine=function))
    assert (found.name, found.function, found.signature) == ('mine', function, TICKET)


@pytest.mark.parametrize('function, hint', [(lambda a: 1, 'write it as (example, prediction), '), (lambda a, b, *, c: 1, 'give it a default, or use functools.partial; write it as (example, prediction), ')], ids=['arity', 'keyword'])
def test_a_function_that_cannot_be_called_is_said_with_how_to_write_it(function, hint):
    with pytest.raises(InputError) as caught: read_parameters(function, 'mine')
    assert caught.value.hint.startswith(hint) and 'or (expected, got)' in caught.value.hint


class Asks(dspy.Module):
    def forward(self, example, pred, trace=None): return .5


@pytest.mark.parametrize('function, names', [
    (Asks(), ('example', 'pred', 'trace')), (lambda prediction, other: 1, ('prediction', 'other')), (lambda a, gold: 1, ('a', 'gold')), (lambda a, b, c, d, e, f=0: 1, ('a', 'b', 'c', 'd', 'e'))],
    ids=['module', 'prediction', 'gold', 'six'])
def test_the_parameters_of_a_function_are_read(function, names): assert read_parameters(function, 'mine') == names


def test_a_function_gets_the_very_answer():
    seen, prediction = [], dspy.Prediction(team='a')
    def watch(example, prediction): return seen.append(prediction) is None
    find_metric(watch, TICKET)(dspy.Example(email='x', team='a').with_inputs('email'), prediction)
    assert seen[0] is prediction


def test_a_plain_function_without_a_signature_gets_the_values_of_the_answer():
    seen = []
    def watch(expected, got): return seen.append((expected, got)) is None
    metric = find_metric(watch)
    metric.score(dict(team='a', extra=1), dict(team='b'))
    metric.score(dict(team='a', count=1), dict(team='b', count=None))
    assert seen == [('a', 'b'), (dict(team='a', count=1), dict(team='b', count=None))] and metric.check([dict(team='a')]) == []
    with pytest.raises(MetricError) as caught: metric.score(dict(extra=1), dict(team='b', count=2))
    assert 'watch takes (expected, got): give the row a value for team or count' in caught.value.hint
    find_metric(watch, dspy.Signature('email -> team, count: int')).score(dict(team='a', count=1, extra=2), dict(team='b', extra=3))
    assert seen[-1] == (dict(team='a', count=1), dict(team='b', count=None))


def test_the_trial_takes_the_first_row_with_a_label_and_fills_what_is_missing():
    seen = []
    def watch(example, prediction): return seen.append((example.email, dict(prediction))) is None
    signature = dspy.Signature('email -> team, count: int, due: str | None')
    find_metric(watch, signature, data=[dict(email='x'), dict(email='y', count=3)])
    find_metric(watch, signature, data=[dict(email='x'), dict(email='y')])
    assert seen == [('y', dict(team='', count=3, due=None)), ('x', dict(team='', count=None, due=None))]


def test_an_error_of_the_trial_is_one_of_its_row():
    def fail(example, prediction): return 1 / (prediction.count - 3)
    signature = dspy.Signature('email -> count: int')
    with pytest.raises(MetricError, match='^row 2: ') as caught: find_metric(fail, signature, data=[dict(email='x'), dict(email='y', count=3)])
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    find_metric(fail, signature, data=[dict(email='x')])  # its values were made up


def count_down(n): return n if n <= 0 else count_down(n - 1)


def make_pair(change):
    "Two metrics that differ in one thing."
    def with_default(limit):
        def metric(expected, got, limit=limit): return len(got) < limit
        return metric
    def with_closure(limit):
        def metric(expected, got): return len(got) < limit
        return metric
    def with_helper(helper, module=__name__):
        helper.__module__ = module
        def metric(expected, got): return helper(expected, got)
        return metric
    def compile_it(text, limit=0):
        space = {}
        exec(f'def help(x): return x > {limit}\ndef metric(expected, got): return {text}', space)
        return space['metric']
    def recurse(expected, got): return count_down(got)
    return {
        'helper': [with_helper(with_closure(limit)) for limit in (1, 2)], 'helper of others': [with_helper(with_closure(limit), 'elsewhere') for limit in (1, 2)],
        'compiled': [compile_it('expected == got'), compile_it('expected == got')], 'compiled name': [compile_it('expected.team'), compile_it('expected.kind')],
        'compiled value': [compile_it('got == 1'), compile_it('got == 2')], 'compiled inside': [compile_it('all(g > 1 for g in got)'), compile_it('all(g > 2 for g in got)')],
        'helper inside': [compile_it('all(help(g) for g in got)', limit) for limit in (1, 2)],
        'same': [with_default(1), with_default(1)], 'default': [with_default(1), with_default(2)], 'closure': [with_closure(1), with_closure(2)],
        'keyword': [functools.partial(close, within=1), functools.partial(close, within=2)], 'argument': [functools.partial(close, 1), functools.partial(close, 2)],
        'function': [functools.partial(good, trace=1), functools.partial(close, trace=1)], 'recursive': [recurse, recurse],
        'class': [Own(1), type('Other', (Own,), {})(1)], 'bound': [Own(1).__call__, Own(2).__call__],
    }[change]


@pytest.mark.parametrize('change, same', [('helper', False), ('helper of others', True), ('compiled', True), ('compiled name', False), ('compiled value', False), ('compiled inside', False), ('helper inside', False), ('same', True), ('default', False), ('closure', False), ('keyword', False), ('argument', False), ('function', False), ('recursive', True), ('class', False), ('bound', True)])
def test_a_key_changes_with_what_a_function_does(change, same):
    one, other = (FunctionMetric.key.fget(_keep(function)) for function in make_pair(change))
    assert (one == other) is same


def _keep(function):
    "A metric of a function that is not asked how it is to be called."
    found = FunctionMetric(good, name='m')
    found.function = function
    return found


def test_a_name_that_is_wrong_is_answered_with_functions_that_a_person_wrote():
    with pytest.raises(InputError) as caught: find_metric('zzz', TICKET, dict(number=3, _hidden=good, good=good))
    assert 'good' in caught.value.hint and 'judge' in caught.value.hint and 'number' not in caught.value.hint and '_hidden' not in caught.value.hint


def test_the_words_of_a_fixed_set_are_compared_as_they_are():
    fixed = dspy.Signature(dict(q=(str, dspy.InputField()), it=(Literal['The end', 'end'], dspy.OutputField())))
    assert find_metric('exact_match', fixed).score(dict(it='end'), dict(it='The end')).value == 0
    assert find_metric('exact_match', dspy.Signature('q -> it')).score(dict(it='end'), dict(it='The end')).value == 1


@pytest.mark.parametrize('text', ['judge', 'judge:concise', 'judge: it names the page'])
def test_a_judge_is_found_by_its_name_and_knows_the_signature_of_the_program(text):
    found = find_metric(text, TICKET)
    assert isinstance(found, JudgeMetric) and found.signature is TICKET and found.name in (text, 'judge:helpful', 'judge')


def test_the_key_of_a_function_is_of_its_text_where_that_is_known():
    "The same code, written in two ways: a key that came from the code would be another one in another Python."
    def metric(expected, got): return got['team'] == 'a'
    one = find_metric(metric, TICKET).key
    def metric(expected, got): return (got['team'] == 'a')
    assert find_metric(metric, TICKET).key != one
