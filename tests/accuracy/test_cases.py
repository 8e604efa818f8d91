"The handwritten cases are what their README says: complete, of the right types, and fairly divided."
import json
from collections import Counter, defaultdict
from typing import Literal, get_args, get_origin

import pytest
from pydantic import TypeAdapter

from scripts.accuracy import CASES, FILES, HALVES, Answer, Run, add_differences, can_ask, describe_group, find_groups, read_cases, read_rows
from scripts.tiny.evaluate import right, signature_of

ROWS = read_rows(CASES)
TESTS = list(read_cases())
KINDS = sorted({row['task'] for row in ROWS})


def labels(signature):
    "The outputs that are one of several values: (place among the outputs, values)."
    kinds = [field.annotation for field in signature.output_fields.values()]
    return [(n, (True, False) if kind is bool else get_args(kind)) for n, kind in enumerate(kinds) if kind is bool or get_origin(kind) is Literal]


def test_there_are_enough_and_each_has_its_own_id_and_inputs():
    assert len(TESTS) >= 150 and len(KINDS) == 10
    assert len({row['id'] for row in ROWS}) == len(ROWS)
    assert len({json.dumps(list(row['inputs'].values())) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize('kind', KINDS)
def test_inputs_and_answers_have_the_types_of_the_signature(kind):
    for row in (r for r in ROWS if r['task'] == kind):
        signature = signature_of(row['signature'])
        assert list(row['inputs']) == list(signature.input_fields) and list(row['expected']) == list(signature.output_fields)
        for name, value in row['expected'].items():
            said = TypeAdapter(signature.output_fields[name].annotation).validate_json(json.dumps(value), strict=True)
            assert right(said, value) == 1, row['id']


@pytest.mark.parametrize('kind', KINDS)
def test_every_label_is_an_answer_in_about_the_same_number_of_tests(kind):
    counts, values = defaultdict(Counter), {}
    for case in (c for c in TESTS if c.task == kind):
        for n, known in labels(case.signature):
            group = case.id.rpartition('-test-')[0], n
            values[group] = known
            counts[group][list(case.expected.values())[n]] += 1
    for group, known in values.items():
        assert set(counts[group]) == set(known), group
        assert max(counts[group].values()) - min(counts[group].values()) <= 1, group


@pytest.mark.parametrize('kind', KINDS)
def test_each_test_has_four_demos_that_fit_it_and_the_halves_are_equal(kind):
    cases = [c for c in TESTS if c.task == kind]
    for case in cases:
        names = [*case.signature.input_fields, *case.signature.output_fields]
        assert [list(demo.keys()) for demo in case.demos] == [names] * 4
    halves = Counter(c.half for c in cases)
    assert abs(halves['tune'] - halves['report']) <= 1
    assert [c.half for c in cases[:2]] == list(HALVES)


@pytest.mark.parametrize('said, wanted, score', [
    ([dict(p='Mugs', n=2), dict(p='pans', n=1)], [dict(p='pans', n=1), dict(p='mugs', n=2)], 1),
    ([dict(p='mugs', n=2)] * 2, [dict(p='mugs', n=2)], 2 / 3),  # a line that is said twice is ordered twice
    ([dict(p='mugs', n=3)], [dict(p='mugs', n=2)], 0),
    ([2, 2, 3], [3, 2], 1), ([], [], 1), ([1], [], 0), ([], [1], 0), ([1, 2], [2], 2 / 3),
    (dict(who='Ali', lines=[]), dict(who='Ali', lines=[dict(p='mugs', n=2)]), .5),
    (None, dict(who='Ali'), 0), (None, [1], 0), (7.5, 7.5, 1), (7, 7.5, 0), (True, False, 0), ('The bank.', 'a bank', 1),
], ids=str)
def test_an_answer_is_compared_by_its_parts(said, wanted, score): assert right(said, wanted) == pytest.approx(score)


def answer(name, score): return Answer(name, name.rstrip('12'), HALVES[name[-1] == '2'], score, True, 10, 2, .5, {})


def test_figures_count_only_what_is_right_altogether_and_differences_are_of_the_same_cases():
    answers = [answer('qa1', 1.), answer('qa2', .5), answer('yn1', 1.), answer('tiny: qa1', 0.)]
    groups = find_groups(answers)
    assert {name: len(some) for name, some in groups.items()} == {'qa': 2, 'yn': 1, 'tiny: qa': 1, 'all new': 3, 'all tiny': 1, 'all tune': 3, 'all report': 1, 'all': 4}
    figures = describe_group(groups['qa'])
    assert (figures['n'], figures['right'], figures['score']) == (2, .5, .75) and figures['low'] < .5 < figures['high']
    base, run = (Run('m', layout, 0, 'tune', '', '', 4, wrong=wrong) for layout, wrong in (('json', ['b', 'c']), ('short', ['c'])))
    run.tasks = {'all': {}}
    add_differences(run, base, {'all': ['a', 'b', 'c', 'd']})
    assert {k: run.tasks['all']['against'][k] for k in ('base', 'difference', 'better', 'worse')} == dict(base='json', difference=.25, better=1, worse=0)


def test_made_up_labels_are_asked_only_with_demos():
    mapping = next(c for c in read_cases(FILES['tiny: '], 'tiny: ') if c.task == 'tiny: mapping')
    assert can_ask(mapping, 4) and not can_ask(mapping, 0)
    assert len(mapping.demos) == 8
