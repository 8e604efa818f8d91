"Intervals hold what they promise, and are the same in each run and each order of the rows."
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.statistics import calibration_error, confusion, find_flips, interval, compare_pairs

unit = st.floats(0, 1, allow_subnormal=False)
scores = st.one_of(st.lists(unit, min_size=1, max_size=40), st.lists(st.sampled_from([0, 1]), min_size=1, max_size=40),
                   st.lists(st.sampled_from([0, .25, .5, 1]), min_size=1, max_size=40))
pairs = st.lists(st.tuples(unit, unit), min_size=1, max_size=40)
few = settings(max_examples=40, deadline=None)


@few
@given(scores)
def test_an_interval_holds_the_mean_and_stays_within_0_and_1(values):
    low, high = interval(values)
    assert 0 <= low <= np.mean(values) + 1e-12 and np.mean(values) - 1e-12 <= high <= 1


@few
@given(scores, st.randoms())
def test_the_order_of_the_rows_changes_nothing(values, random):
    mixed = list(values)
    random.shuffle(mixed)
    assert interval(mixed) == interval(values)


@few
@given(scores)
def test_nine_times_the_rows_give_a_narrower_interval(values):
    (low, high), (lower, higher) = interval(values), interval(values * 9)
    assert higher - lower <= (high - low) * .9 + 1e-9


@few
@given(pairs, st.randoms())
def test_a_paired_difference_does_not_depend_on_the_order_of_the_rows(rows, random):
    mixed = list(rows)
    random.shuffle(mixed)
    assert compare_pairs(*zip(*mixed)) == compare_pairs(*zip(*rows))


@few
@given(scores)
def test_equal_lists_do_not_differ(values):
    assert compare_pairs(values, values) == (0, 0, 0, 0, 0)


@few
@given(pairs)
def test_the_other_way_round_is_better_where_it_was_worse(rows):
    first, second = zip(*rows)
    there, back = compare_pairs(first, second), compare_pairs(second, first)
    assert (there.better, there.worse) == (back.worse, back.better)
    assert there.difference == pytest.approx(-back.difference)
    assert there.low <= there.difference <= there.high
    better, worse = find_flips(first, second)
    assert (len(better), len(worse)) == (there.better, there.worse)


@pytest.mark.parametrize('n', [50, 150, 500])
@pytest.mark.parametrize('kind', ['right or wrong', 'in parts'])
def test_19_of_20_intervals_hold_the_true_mean(n, kind):
    rng, times = np.random.default_rng(n), 400 if kind == 'right or wrong' else 300
    draw = (lambda: rng.random(n) < .7) if kind == 'right or wrong' else (lambda: (rng.beta(2, 1, n) * 4).round() / 4)
    true = .7 if kind == 'right or wrong' else ((np.random.default_rng(0).beta(2, 1, 2_000_000) * 4).round() / 4).mean()
    held = sum(low <= true <= high for low, high in (interval(draw()) for _ in range(times)))
    assert .92 <= held / times <= .98


def test_19_of_20_paired_intervals_hold_the_true_difference():
    rng, times = np.random.default_rng(5), 400
    held = 0
    for _ in range(times):
        hard = rng.random(150)
        low, high = compare_pairs(hard < .6, (hard < .6) ^ (rng.random(150) < .1))[1:3]  # each answer flips with probability .1
        held += low <= .1 * (.4 - .6) <= high
    assert .92 <= held / times <= .98


def test_memory_stays_small_for_2000_rows():
    import tracemalloc
    rng = np.random.default_rng(1)
    first, second = rng.random(2_000), rng.random(2_000)
    tracemalloc.start()
    found = compare_pairs(first, second)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10e6 and found.low < found.difference < found.high


def test_all_right_does_not_mean_surely_right():
    assert interval([1] * 20)[0] < .9 and interval([0] * 20)[1] > .1


@pytest.mark.parametrize('call, says', [
    (lambda: interval([]), 'the scores are empty'), (lambda: interval([1, float('nan')]), 'no number, in row 2'),
    (lambda: compare_pairs([1], [1, 0]), '1 and 2 scores'), (lambda: interval([1, None]), 'no number, in row 2'),
    (lambda: calibration_error([1.2], [1]), r'not in \[0, 1\]'), (lambda: confusion(['a'], []), '1 labels and 0 answers')])
def test_scores_that_cannot_be_used_are_named(call, says):
    with pytest.raises(InputError, match=says): call()


def test_a_matrix_counts_each_row_once_with_answers_that_nobody_expected():
    found = confusion(['b', 'a', 'a', True], ['b', 'c', None, False])
    assert found.labels == ('True', 'a', 'b', 'False', 'c', 'no answer') and found.counts.sum() == 4
    assert found.to_json()['counts'][1] == [0, 0, 0, 0, 1, 1]


@few
@given(st.lists(st.tuples(unit, st.booleans()), min_size=1, max_size=30))
def test_calibration_error_is_a_share(rows):
    sure, right = zip(*rows)
    assert 0 <= calibration_error(sure, right) <= 1 + 1e-9
    assert calibration_error([float(r) for r in right], right) == 0


def test_calibration_error_has_bins_of_equally_many_answers():
    "Against a plain sum: 40 answers make four bins, and answers of one confidence share their mean, in whatever order they come."
    rng = np.random.default_rng(1)
    sure, right = rng.random(40), rng.random(40) < .5
    order = np.argsort(sure)
    bins = [abs(sure[part].mean() - right[part].mean()) for part in np.split(order, 4)]
    assert calibration_error(sure, right) == pytest.approx(np.mean(bins))
    assert calibration_error([.9] * 30, [1] * 15 + [0] * 15) == pytest.approx(.4) == calibration_error([.9] * 30, [0, 1] * 15)
