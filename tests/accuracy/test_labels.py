"The labelled rows are what their README says, and a measurement compares the same rows."
import json
from collections import Counter

import pytest

from scripts.accuracy import read_report, save_report, write_fitted
from scripts.choices import FITTED, HALVES, Asked, describe_fit, make_fit, print_choices, read_tasks

TASKS = read_tasks()


@pytest.mark.parametrize('name', TASKS)
def test_each_half_has_twenty_rows_a_label_and_no_text_twice(name):
    task = TASKS[name]
    kind = task.signature.output_fields[task.output].annotation
    known = {True, False} if kind is bool else set(kind.__args__)
    for half in HALVES:
        counts = Counter(row['expected'][task.output] for row in task.half(half))
        assert counts == dict.fromkeys(known, 20), half
    texts = [' '.join(row['inputs'].values()).casefold() for row in task.rows]
    assert len(set(texts)) == len(texts) and len({row['id'] for row in task.rows}) == len(texts)
    assert all(list(row['inputs']) == list(task.signature.input_fields) for row in task.rows)


def test_no_two_rows_are_made_from_one_template():
    "Texts of a label rarely begin alike."
    for task in TASKS.values():
        for half in HALVES:
            starts = Counter(tuple(next(iter(row['inputs'].values())).split()[:3]) for row in task.half(half))
            assert max(starts.values()) <= 3, (task.name, starts.most_common(1))


def rows(*labels, a=.2): return [Asked(label, dict(a=a + .2 * (label == 'a'), b=1 - a - .2 * (label == 'a')), 'b') for label in labels]


@pytest.mark.parametrize('how, right', [('none', .5), ('batch', 1), ('labels', 1)])
def test_a_fit_is_compared_with_the_greedy_answer(how, right):
    fit, held = rows(*'ab' * 20), rows(*'ba' * 20)
    found = describe_fit(how, *make_fit(how, fit, 0), held)
    assert found['right'] == right and found['kept'] and found['low'] <= right <= found['high']
    if how != 'none': assert found['against'] == dict(difference=.5, low=pytest.approx(.35, abs=.06), high=pytest.approx(.65, abs=.06), better=20, worse=0)


def test_fitted_choices_stand_beside_the_runs_of_a_report(tmp_path, capsys):
    path = tmp_path/'report.json'
    save_report(path, dict(version='1', runs=[dict(model='m')]))
    figures = dict(right=.5, low=.4, high=.6, calibration_error=.1, log_loss=.7, kept=False)
    found = dict(model='m', layout='json', seconds=1, tasks=dict(spam=dict(labels=2, fit=4, held=4, fitted=dict.fromkeys(FITTED, figures))))
    for seconds in (1, 2): write_fitted(path, found | dict(seconds=seconds))
    report = read_report(path)
    assert report['runs'] == [dict(model='m')] and [each['seconds'] for each in report['fitted']] == [2] and json.loads(path.read_text())
    print_choices(found)
    assert 'not kept' in capsys.readouterr().out
