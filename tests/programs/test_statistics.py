"Intervals hold what they promise, and are the same in each run and each order of the rows."
from enum import Enum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.programs.statistics import Paired, calibration_error, compare_pairs, confusion, find_flips, interval

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


def draw_plainly(values, level, seed=0):
    "The percentile bootstrap without chunks: 9,999 draws, and the two ends."
    values = np.sort(np.asarray(values, dtype=float))
    rows = np.random.default_rng(seed).integers(0, len(values), (9_999, len(values)), dtype=np.int32)
    return tuple(np.quantile(values[rows].mean(1), [(1 - level) / 2, (1 + level) / 2]))


@pytest.mark.parametrize('n', [33, 40, 200])
@pytest.mark.parametrize('level', [.95, .5])
def test_many_different_scores_are_drawn_as_a_plain_bootstrap_draws_them(n, level):
    values = np.random.default_rng(n).random(n)
    assert interval(values, level) == pytest.approx(draw_plainly(values, level), abs=1e-12)
    found = compare_pairs(np.zeros(n), values, level)
    assert (found.low, found.high) == pytest.approx(draw_plainly(values, level), abs=1e-12)
    assert interval(values, level) == interval(values, level, seed=0) != interval(values, level, seed=1)


def test_few_different_scores_are_drawn_by_how_often_each_comes():
    "As many as 32; the draws are those of a multinomial."
    values = np.repeat(np.linspace(.1, .9, 32), 2)
    means = np.random.default_rng(0).multinomial(64, np.full(32, 1 / 32), 9_999) @ np.linspace(.1, .9, 32) / 64
    assert interval(values) == pytest.approx(tuple(np.quantile(means, [.025, .975])), abs=1e-12)
    assert compare_pairs([0] * 64, values)[1:3] == pytest.approx(interval(values), abs=1e-12)


def test_the_level_is_how_wide_an_interval_is_also_of_right_and_wrong():
    right = [1] * 7 + [0] * 3
    assert interval(right) == pytest.approx((.3968, .8922), abs=1e-4)  # Wilson's, as in tables
    low, high = interval(right, .5)
    assert .5 < low < .7 < high < .8


@pytest.mark.parametrize('low, high, verdict', [
    (.01, .2, 'better'), (0, .2, 'no clear difference'), (-.1, .1, 'no clear difference'), (-.2, 0, 'no clear difference'), (-.2, -.01, 'worse')], ids=str)
def test_an_interval_that_touches_zero_says_nothing(low, high, verdict):
    assert Paired((low + high) / 2, low, high, 1, 1).verdict == verdict


def test_the_rows_that_flipped_come_with_the_largest_change_first():
    first, second = [0, .5, .5, 1, 1, 0, .2], [.4, 1, .5, 0, .5, .5, .2]
    assert find_flips(first, second) == ([1, 5, 0], [3, 4])


def test_a_matrix_counts_repeated_pairs_and_says_which_side_is_which():
    Team = Enum('Team', {'A': 'a', 'B': 'b'})
    found = confusion([Team.A, 'a', Team.B], ['a', Team.A, 'a'])
    assert found.to_json() == dict(labels=['a', 'b'], counts=[[2, 0], [1, 0]], rows='expected', columns='got')
    assert found.counts.dtype == np.int64


def test_calibration_error_has_ten_bins_unless_told_and_one_for_few_answers():
    rng = np.random.default_rng(2)
    sure, right = rng.random(200), rng.random(200) < .5
    order = np.argsort(sure)
    for bins in (10, 4):
        parts = [abs((sure[o] - right[o]).sum()) for o in np.array_split(order, bins)]
        assert calibration_error(sure, right, bins) == pytest.approx(sum(parts) / 200)
    assert calibration_error(sure, right) == calibration_error(sure, right, 10)
    assert calibration_error([.2, .8], [1, 0]) == pytest.approx(0)  # two answers are one bin, and together they are right
    assert calibration_error([.2] * 10 + [.8] * 9, [0] * 10 + [1] * 9) == pytest.approx(abs(.2 * 10 - .2 * 9) / 19)


@pytest.mark.parametrize('call, says', [
    (lambda: compare_pairs([], [1]), 'the first scores are empty'), (lambda: compare_pairs([1], []), 'the second scores are empty'),
    (lambda: calibration_error([], [1]), 'the confidences are empty'), (lambda: calibration_error([1], []), 'the answers are empty'),
    (lambda: calibration_error([1], [1, 0]), '1 confidences and 2 answers are not of the same rows')], ids=str.splitlines('first\nsecond\nconfidences\nanswers\nrows'))
def test_what_is_empty_or_of_other_rows_is_named(call, says):
    with pytest.raises(InputError) as error: call()
    assert str(error.value) == says
