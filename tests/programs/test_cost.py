"A budget is held: nothing starts after it, exactly what was used is counted, and cached answers cost nothing."
import asyncio
import pickle
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context

import dspy
import pytest
from dspy.utils import DummyLM
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedEngine

from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.errors import InputError, door
from dspy_toolkit.core.session import reset
from dspy_toolkit.programs.cost import Budget, BudgetExceeded, Meter, Spent, check_budget, read_budget
from dspy_toolkit.programs.rows import RowResult, run_rows


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
    assert lm.reached == meter.spent.calls == 20


class Slow(Counting):
    "Takes some time, so that calls run side by side."
    def forward(self, *args, **kwargs):
        time.sleep(0.02)
        return super().forward(*args, **kwargs)


@pytest.mark.parametrize('limit', [1, 5, 13])
def test_calls_that_run_count_before_they_end(limit):
    lm = Slow()
    with dspy.context(lm=lm), Meter(Budget(calls=limit)) as meter, pytest.raises(BudgetExceeded) as e:
        run_rows(lambda index, row: RowResult(index, got=dict(ask(question=row))), [f'{n}' for n in range(40)], threads=8)
    assert lm.reached == meter.spent.calls == e.value.spent.calls == limit


def test_cached_answers_beside_a_small_budget_do_not_use_it_up():
    lm = dspy.LM(f'test/{secrets.token_hex(4)}', engine=ScriptedEngine(dict()), cache=True, num_retries=0)
    label = dspy.Predict('question -> label')
    rows = [dict(question=f'Is {n} even?') for n in range(24)]
    def run(rows): return run_rows(lambda index, row: RowResult(index, got=dict(label(**row))), rows, threads=8)
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        run(rows[:22])
        with Meter('3 calls') as meter: assert len(run(rows)) == 24
    assert meter.spent.calls == 2 and lm.engine.asked == 24


def test_threads_that_dspy_leaves_behind_ask_no_more_either():
    lm = Slow()
    with dspy.context(lm=lm):
        with Meter('5 calls'), pytest.raises(BudgetExceeded):
            dspy.Evaluate(devset=examples(60), metric=lambda *_: 1.0, num_threads=8, display_progress=False)(ask)
        time.sleep(0.5)
        assert lm.reached == 5
        ask(question='outside')
    assert lm.reached == 6


def test_a_call_within_a_call_does_not_wait_for_the_call_around_it():
    class Outer(Counting):
        def forward(self, *args, **kwargs):
            with dspy.context(lm=inner): ask(question='inside')
            return super().forward(*args, **kwargs)
    outer, inner = Outer(), Counting()
    with dspy.context(lm=outer), Meter('1 call') as meter: ask(question='outside')
    assert (outer.reached, inner.reached, meter.spent.calls) == (1, 1, 2)


def test_tasks_of_an_event_loop_never_exceed_the_calls_either():
    class Waiting(Counting):
        async def aforward(self, *args, **kwargs):
            await asyncio.sleep(0.01)
            return self.forward(*args, **kwargs)
    async def call(n): return await ask.acall(question=f'{n}')
    async def work(): return await asyncio.gather(*map(call, range(8)), return_exceptions=True)
    lm = Waiting()
    with dspy.context(lm=lm), Meter('5 calls') as meter: answers = asyncio.run(work())
    assert lm.reached == meter.spent.calls == 5 and sum(isinstance(each, BudgetExceeded) for each in answers) == 3


def test_a_call_that_an_inner_meter_refuses_is_free_again_in_the_outer_one():
    lm = Counting()
    with dspy.context(lm=lm), Meter('2 calls') as outer:
        with Meter('1 call'), pytest.raises(BudgetExceeded):
            for i in range(2): ask(question=f'{i}')
        ask(question='more')
    assert outer.spent.calls == lm.reached == 2


def test_a_call_that_waits_for_the_budget_can_be_cancelled():
    began, over = threading.Event(), threading.Event()
    class Stuck(Counting):
        def forward(self, *args, **kwargs):
            began.set()
            over.wait(10)
            return super().forward(*args, **kwargs)
    scope, ended = CancelScope(), []
    def wait():
        with scope, pytest.raises(Cancelled): ask(question='second')
        ended.append(True)
    with dspy.context(lm=Stuck()), Meter('1 call'):
        first, second = (threading.Thread(target=copy_context().run, args=(work,)) for work in (lambda: ask(question='first'), wait))
        first.start()
        began.wait(10)
        second.start()
        scope.cancel()
        second.join(10)
        over.set()
        first.join(10)
    assert ended


def test_an_optimizer_that_catches_every_exception_is_left():
    lm = Counting()
    search = dspy.BootstrapFewShotWithRandomSearch(metric=lambda *_: True, num_candidate_programs=3, num_threads=2)
    with dspy.context(lm=lm), Meter('15 calls'), pytest.raises(BudgetExceeded): search.compile(ask, trainset=examples(10))
    assert lm.reached == 15


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
    with dspy.context(lm=lm), Meter('9 calls') as meter: ask(question='another run')
    assert meter.spent.calls == 1
    reset()  # a meter that is used up refuses as long as a thread may know it, or until here
    assert calls._guards == ()
