"A budget is held: nothing starts after it, exactly what was used is counted, and cached answers cost nothing."
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import dspy
import pytest
from dspy.utils import DummyLM
from hypothesis import given, settings
from hypothesis import strategies as st

from dspy_toolkit.core.errors import InputError, door
from dspy_toolkit.core.session import reset
from dspy_toolkit.programs.cost import Budget, BudgetExceeded, Meter, Spent, check_budget, read_budget


@pytest.fixture(autouse=True)
def clean():
    yield
    reset()


counts = st.none() | st.integers(1, 10**12)
amounts = st.none() | st.floats(1e-6, 1e9, allow_nan=False)


@given(counts, counts, amounts, amounts)
def test_a_budget_is_read_as_it_is_written(calls, tokens, money, minutes):
    budget = Budget(calls, tokens, money, minutes)
    if budget.limits: assert read_budget(str(budget)) == budget


@pytest.mark.parametrize('text, expected', [
    ('200 calls', Budget(calls=200)), ('1 call', Budget(calls=1)), ('1,000 calls', Budget(calls=1000)), ('1_000calls', Budget(calls=1000)),
    ('50k tokens', Budget(tokens=50_000)), ('1.5M tokens', Budget(tokens=1_500_000)), ('2 USD', Budget(money=2)), ('$0.50', Budget(money=.5)),
    ('10 min', Budget(minutes=10)), ('10m', Budget(minutes=10)), ('2 h', Budget(minutes=120)), ('90 s', Budget(minutes=1.5)),
    ('200 calls,10 min', Budget(calls=200, minutes=10)), ('1,000 calls, 2,500 tokens', Budget(calls=1000, tokens=2500)),
    (None, Budget()), (Budget(calls=3), Budget(calls=3)),
])
def test_people_write_budgets_in_several_ways(text, expected): assert read_budget(text) == expected


@pytest.mark.parametrize('text', ['', '200', 'many calls', '2 EUR', '0 calls', '-1 calls', '1.5 calls', '3 calls, 4 calls', 'k calls', '$2 USD', '1 k', '5 calls,', 200])
def test_what_is_no_budget_is_refused_with_a_hint(text):
    with pytest.raises(InputError) as e: read_budget(text)
    assert e.value.hint


def test_a_misspelt_unit_is_corrected():
    with pytest.raises(InputError) as e: read_budget('50k tokns')
    assert e.value.hint == 'did you mean tokens?'


def test_money_is_refused_where_no_price_is_known():
    with pytest.raises(InputError, match='the price of x/y is not known'): check_budget('2 USD, 10 calls', False, 'x/y')
    assert check_budget('10 calls', False) == Budget(calls=10)


def run_on_threads(n, work):
    with ThreadPoolExecutor(n) as pool: return list(pool.map(work, range(n)))


@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1000)), max_size=20), min_size=2, max_size=6))
@settings(max_examples=25)
def test_the_meter_has_what_all_threads_added_together(parts):
    meter = Meter()
    run_on_threads(len(parts), lambda n: [meter.add(calls, tokens) for calls, tokens in parts[n]])
    every = [each for part in parts for each in part]
    assert (meter.spent.calls, meter.spent.tokens) == (sum(c for c, _ in every), sum(t for _, t in every))


@given(st.integers(1, 40), st.integers(1, 8))
@settings(max_examples=25)
def test_take_gives_exactly_the_calls_of_the_budget(limit, threads):
    meter, asked = Meter(Budget(calls=limit)), []
    def work(n):
        with pytest.raises(BudgetExceeded):
            while True:
                meter.take()
                asked.append(n)
    run_on_threads(threads, work)
    assert len(asked) == meter.spent.calls == limit


@given(st.integers(1, 3000), st.integers(1, 8))
@settings(max_examples=25)
def test_no_call_starts_after_the_tokens_are_used_and_at_most_one_more_a_thread_runs(limit, threads):
    meter, late = Meter(Budget(tokens=limit)), []
    def work(n):
        with pytest.raises(BudgetExceeded):
            while True:
                meter.take()
                late.append(meter.spent.tokens >= limit)
                meter.add(0, tokens=100)
    run_on_threads(threads, work)
    needed = -(-limit // 100)
    assert needed <= meter.spent.calls <= needed + threads - 1


class Clock:
    now = 100.0
    def __call__(self): return self.now


def test_minutes_are_counted_and_a_limit_stays_reached():
    clock = Clock()
    meter = Meter('2 min', Spent(seconds=60), clock=clock)
    clock.now += 59
    meter.check()
    clock.now += 1
    with pytest.raises(BudgetExceeded) as e: meter.check()
    assert e.value.limit == 'minutes' and e.value.spent.seconds == 120
    clock.now -= 60
    with pytest.raises(BudgetExceeded): meter.take()


def test_money_of_calls_without_a_price_counts_as_nothing():
    meter = Meter('1 USD')
    meter.add(money=.4)
    meter.add(money=None)
    meter.add(money=.6)
    with pytest.raises(BudgetExceeded, match='the budget of 1 USD is used up: 3 calls, 0 tokens, 1 USD'): meter.check()


def test_the_error_says_what_was_used_and_how_to_go_on_at_each_door():
    e = BudgetExceeded('calls', read_budget('200 calls, 1 h'), Spent(200, 51_230, 0, 190), 'optimize-1')
    assert str(e) == 'the budget of 200 calls is used up: 200 calls, 51,230 tokens, 3.2 min were used'
    assert e.hint.endswith("%dspy resume optimize-1 --budget '400 calls, 60 min'")
    token = door.set('shell')
    try: assert "dspy-toolkit resume optimize-1 --budget" in e.hint
    finally: door.reset(token)
    assert 'larger budget' in BudgetExceeded('calls', read_budget('200 calls'), Spent(200)).hint
    assert not isinstance(e, Exception)


def test_the_error_survives_a_trip_between_processes():
    e = pickle.loads(pickle.dumps(BudgetExceeded('tokens', read_budget('1k tokens'), Spent(2, 1_000), 'r')))
    assert (e.limit, e.budget, e.spent, e.run_id) == ('tokens', Budget(tokens=1_000), Spent(2, 1_000), 'r')


# Fed by events.

ask = dspy.Predict('question -> answer')


class Counting(DummyLM):
    "Counts the calls that reach it."
    def __init__(self):
        super().__init__([{'answer': 'yes'}] * 500)
        self.reached, self.lock = 0, threading.Lock()

    def forward(self, *args, **kwargs):
        with self.lock: self.reached += 1
        return super().forward(*args, **kwargs)


def examples(n): return [dspy.Example(question=f'Is {i} even?', answer='yes').with_inputs('question') for i in range(n)]


@pytest.mark.parametrize('threads', [1, 4])
def test_no_call_starts_after_the_limit_in_the_threads_of_dspy(threads):
    lm = Counting()
    with dspy.context(lm=lm), Meter('20 calls') as meter, pytest.raises(BudgetExceeded):
        dspy.Evaluate(devset=examples(100), metric=lambda *_: 1.0, num_threads=threads, display_progress=False)(ask)
    assert 20 <= lm.reached <= 20 + threads - 1
    assert meter.spent.calls <= lm.reached


def test_an_optimizer_that_catches_every_exception_is_left():
    lm = Counting()
    search = dspy.BootstrapFewShotWithRandomSearch(metric=lambda *_: True, num_candidate_programs=3, num_threads=2)
    with dspy.context(lm=lm), Meter('15 calls'), pytest.raises(BudgetExceeded): search.compile(ask, trainset=examples(10))
    assert lm.reached <= 15 + 1


def test_each_meter_counts_the_calls_of_its_own_block():
    lm = Counting()
    meters = [Meter() for _ in range(4)]
    def work(n):
        with dspy.context(lm=lm), meters[n]:
            for i in range(n + 1): ask(question=f'{n} {i}')
    run_on_threads(4, work)
    with dspy.context(lm=lm): ask(question='outside')
    assert [meter.spent.calls for meter in meters] == [1, 2, 3, 4]


def test_a_meter_around_another_counts_its_calls_too_and_stops_them():
    lm = Counting()
    with dspy.context(lm=lm), Meter('3 calls') as outer, Meter() as inner, pytest.raises(BudgetExceeded):
        for i in range(5): ask(question=f'{i}')
    assert outer.spent.calls == inner.spent.calls == lm.reached == 3


def test_tokens_of_the_requests_are_counted_and_answers_from_the_cache_cost_nothing(tmp_path):
    import dspy_toolkit
    lm = dspy_toolkit.lm('mlx/tiny', cache=True)
    with dspy.context(lm=lm), Meter() as meter:
        ask(question='Is this counted once, in test_cost?')
        once = meter.spent
        ask(question='Is this counted once, in test_cost?')
    assert once.calls == 1 and once.tokens > 20
    assert (meter.spent.calls, meter.spent.tokens) == (once.calls, once.tokens)


def test_after_the_block_nothing_is_stopped_and_nothing_is_left_behind():
    from dspy_toolkit.core import calls
    from dspy_toolkit.core.events import bus
    lm = Counting()
    with dspy.context(lm=lm):
        with ExitStack() as stack:
            stack.enter_context(pytest.raises(BudgetExceeded))
            stack.enter_context(Meter('1 call'))
            for i in range(3): ask(question=f'{i}')
        ask(question='more')
    assert lm.reached == 2
    assert not bus.listening or not any('Meter' in s.name for s in bus._subscriptions)
    assert calls._guards == ()
