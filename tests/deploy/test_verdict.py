"Who gets a canary, and what becomes of it: laws, and rollouts that are simulated with a seed."
import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.intervals import find_fisher, find_newcombe, find_sequential_z, find_wilson
from dspy_toolkit.deploy.verdict import Criteria, judge, pick_arm, read_criteria
from dspy_toolkit.registry.counts import Counts

shares = st.floats(0, 100)
CLIENTS = [f'client {n}' for n in range(2000)]


@given(st.text(), shares, shares, st.text(max_size=8))
def test_a_key_stays_with_the_canary_when_the_share_grows(key, a, b, salt):
    low, high = sorted((a, b))
    assert pick_arm(key, low, salt) == pick_arm(key, low, salt)
    assert (pick_arm(key, low, salt), pick_arm(key, high, salt)) != ('canary', 'stable')
    few, more = ({each for each in CLIENTS[:100] if pick_arm(each, share, salt) == 'canary'} for share in (low, high))
    assert few <= more
    assert pick_arm(key, 0, salt) == 'stable' and pick_arm(key, 100, salt) == 'canary'


@given(st.sampled_from([1, 5, 25, 50, 90]), st.text(max_size=8))
def test_the_share_is_met_over_many_keys(share, salt):
    found = sum(pick_arm(key, share, salt) == 'canary' for key in CLIENTS)
    low, high = find_wilson(share / 100, len(CLIENTS), 5)
    assert low <= found / len(CLIENTS) <= high


def test_another_salt_chooses_other_clients():
    chosen = [{key for key in CLIENTS if pick_arm(key, 25, salt) == 'canary'} for salt in 'ab']
    assert len(chosen[0] & chosen[1]) < .5 * len(chosen[0])


# intervals

parts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(parts, parts, st.floats(.1, 6))
def test_newcombes_interval_holds_the_difference_and_turns_round_with_the_samples(a, b, z):
    difference, low, high = find_newcombe(*a, *b, z)
    assert -1 - 1e-9 <= low <= difference + 1e-9 and difference <= high + 1e-9 and high <= 1 + 1e-9
    assert find_newcombe(*b, *a, z) == pytest.approx((-difference, -high, -low))


def test_newcombes_interval_is_that_of_the_paper():
    "Newcombe 1998, table II, method 10: (a) 56/70 - 48/80 is .0524 to .3339, (d) 5/56 - 0/29 is -.0381 to .1926, (h) 10/10 - 0/10 is .6075 to 1."
    for first, second, low, high in (((48, 80), (56, 70), .0524, .3339), ((0, 29), (5, 56), -.0381, .1926), ((0, 10), (10, 10), .6075, 1)):
        assert find_newcombe(*first, *second, 1.959964)[1:] == pytest.approx((low, high), abs=5e-5)


@given(parts, parts)
def test_fishers_test_counts_the_ways(a, b):
    from fractions import Fraction
    total, ways = a[0] + b[0], math.comb(a[1] + b[1], a[0] + b[0])
    exact = sum(Fraction(math.comb(b[1], k) * math.comb(a[1], total - k), ways) for k in range(b[0], min(total, b[1]) + 1) if total >= k)
    assert find_fisher(*a, *b) == pytest.approx(float(exact), rel=1e-6, abs=1e-12)


@given(st.floats(1, 1e6), st.floats(1e-6, .4))
def test_looking_all_the_time_takes_more_than_looking_once(n, risk):
    from statistics import NormalDist
    assert find_sequential_z(n, risk) > NormalDist().inv_cdf(1 - risk)
    assert find_sequential_z(n, risk / 2) > find_sequential_z(n, risk)
    assert find_sequential_z(0, risk) == math.inf


# the verdict

def count(requests, errors=0, bucket=40, **more):
    found = Counts(requests, errors, **more)
    found.latency[bucket] = requests - errors
    return found


def told(stable, canary, **options): return judge(stable, canary, **options).action


@pytest.mark.parametrize('what', ['errors', 'parse_failures', 'refused'])
def test_more_of_what_is_bad_takes_the_canary_back(what):
    stable, canary = count(1000, 10), count(60, 20, **({} if what == 'errors' else {what: 20}))
    found = judge(stable, canary)
    assert found.action == 'roll back' and what.replace('_', ' ') in found.reason and '20 of 60' in found.reason
    assert told(canary, stable) == 'step up'


def test_an_open_breaker_takes_the_canary_back_after_a_few_refusals():
    assert told(count(54), count(6, 6, refused=6)) == 'roll back'
    assert told(count(1000), count(50, 1, refused=1)) == 'wait'  # one error of 50 may be chance
    first = next(n for n in range(1, 100) if told(count(20_000), count(1000 + n, n, refused=n)) == 'roll back')
    assert 4 <= first <= 8
    assert told(count(1000, 300, refused=300), count(100, 30, refused=30)) == 'wait'  # a breaker of both


def test_slow_answers_take_the_canary_back():
    assert told(count(1000), count(100, bucket=41)) == 'step up'
    assert told(count(1000), count(100, bucket=46)) == 'roll back'
    assert told(count(1000), count(10, bucket=60)) == 'wait'
    assert told(count(1000, bucket=46), count(100)) == 'step up'


def scored(n, score):
    found = Counts(n, metric_count=n, metric_sum=n * score, metric_squares=n * score)
    found.latency[40] = n
    return found


def test_a_lower_score_takes_the_canary_back_and_a_score_that_is_asked_for_is_waited_for():
    criteria = Criteria(metric='helpful')
    assert told(scored(2000, .9), scored(200, .6), criteria=criteria) == 'roll back'
    assert told(scored(2000, .9), scored(2000, .9), criteria=criteria) == 'step up'
    assert told(scored(60, .9), scored(60, .88), criteria=criteria) == 'wait'
    assert told(scored(2000, .9), count(200), criteria=criteria) == 'wait' and told(scored(2000, .9), count(200)) == 'step up'
    assert told(scored(20, 1), scored(20, .95), criteria=criteria) == 'wait'  # few equal scores prove nothing


def test_a_step_waits_for_answers_and_for_time():
    good = count(1000), count(200)
    assert told(*good, seconds=59) == 'wait' and told(*good, seconds=60) == 'step up'
    assert told(count(1000), count(49)) == 'wait' == told(count(49), count(1000)) == told(Counts(), Counts())
    assert judge(count(1000), count(49)).reason == '49 of 50 answers of the new version'


@given(parts, parts)
def test_a_verdict_is_one_of_three_and_is_never_both(a, b):
    found = judge(count(a[1], a[0]), count(b[1], b[0]), seconds=60)
    assert found.action in ('step up', 'wait', 'roll back') and found.reason
    if found.action == 'step up': assert all(each.is_fine and not each.is_worse for each in found.findings) and b[0] / b[1] - a[0] / a[1] <= .05
    if found.action == 'roll back': assert b[0] / b[1] > a[0] / a[1]


@pytest.mark.parametrize('name, value', dict(samples=0, seconds=-1, margin=2, slower=.5, risk=.5).items())
def test_criteria_out_of_range_are_refused(name, value):
    with pytest.raises(InputError, match=name): Criteria(**{name: value})


def test_criteria_are_read_back_and_later_ones_are_ignored():
    criteria = Criteria(samples=9, metric='f1')
    assert read_criteria(criteria.to_json() | dict(colour='red')) == criteria and read_criteria({}) == Criteria()


# rollouts that are simulated: judged after each 40 requests, at 5%, 25% and 50%

def roll_out(rng, stable_rate, canary_rate, most=8000, slower=1.0):
    "How a rollout ends, and how many requests the canary had answered then."
    answered, criteria = 0, Criteria(seconds=0)
    for share in (.05, .25, .5):
        arms, asked = (Counts(), Counts()), 0
        while asked < most:
            new = int(rng.binomial(40, share))
            asked, answered = asked + 40, answered + new
            for counts, n, rate, pace in zip(arms, (40 - new, new), (stable_rate, canary_rate), (1.0, slower)):
                for failed, seconds in zip(rng.random(n) < rate, rng.lognormal(0, .7, n) * pace): counts.add(error=bool(failed), seconds=seconds)
            found = judge(*arms, criteria).action
            if found == 'roll back': return found, answered
            if found == 'step up': break
        else: return 'wait', answered
    return 'promoted', answered


@pytest.mark.parametrize('rate', [.02, .1])
def test_a_canary_that_is_no_worse_is_taken_back_in_at_most_5_of_100_rollouts(rate):
    rng = np.random.default_rng(5)
    ends = [roll_out(rng, rate, rate)[0] for _ in range(100)]
    assert ends.count('roll back') <= .05 * len(ends) and ends.count('promoted') >= .8 * len(ends)


@pytest.mark.parametrize('rate, most', [(.02, 60), (.1, 120), (.3, 220)])
def test_a_canary_with_20_points_more_errors_is_taken_back_within_so_many_of_its_requests(rate, most):
    rng = np.random.default_rng(6)
    ends = [roll_out(rng, rate, rate + .2) for _ in range(100)]
    assert sum(end == 'roll back' and answered <= most for end, answered in ends) >= 95


def test_a_canary_of_three_times_the_duration_is_taken_back():
    rng = np.random.default_rng(7)
    ends = [roll_out(rng, .02, .02, slower=3.0) for _ in range(50)]
    assert sum(end == 'roll back' and answered <= 250 for end, answered in ends) >= 47
