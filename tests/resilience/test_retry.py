"Asking again: when, how long after, how often, and never more than a budget and the retries of others allow."
import asyncio
import contextvars
import copy
import signal
import sys
import threading
import time

import dspy
import pytest
from dspy.lm15 import ContextLengthError, LM15Error, Message, RateLimitError, Response, ServerError, StreamDeltaEvent, StreamStartEvent, TextDelta, TransportError, Usage
from dspy_toolkit.core.errors import CallNotPermitted, SettingsError
from dspy_toolkit.core.events import Bus
from dspy_toolkit.resilience.retry import Retried, Retry, RetryBudget, RetryConfig, RetryRefused, without_retries, worth_retrying
from dspy_toolkit.resilience.window import ManualClock
from hypothesis import given
from hypothesis import strategies as st


class Flaky:
    "Fails with each of `errors` in turn, then answers."
    def __init__(self, *errors): self.errors, self.calls = list(errors), 0
    def __call__(self):
        self.calls += 1
        if self.errors: raise self.errors.pop(0)
        return 'answer'
    async def later(self): return self()


def made(budget=None, **config):
    clock, bus = ManualClock(), Bus()
    return Retry(RetryConfig(**{'wait': 1.0} | config), budget, 'r', clock.advance, bus), clock, bus


# What is worth another try

@pytest.mark.parametrize('error, worth', [
    (ServerError(), True), (RateLimitError(), True), (TransportError(), True), (dspy.LMServerError(), True), (dspy.LMTimeoutError(), True),
    (ContextLengthError(), False), (LM15Error(), False), (dspy.LMAuthError(), False), (dspy.LMUnexpectedError(), False),
    (KeyError('a'), False), (ConnectionError(), False), (ImportError(), False), (CallNotPermitted('b', 'open', 1.0), False),
], ids=lambda o: type(o).__name__)
def test_dspy_judges_what_is_worth_another_try_and_what_is_no_error_of_a_model_is_not(error, worth):
    assert worth_retrying(error) is worth
    retry, _, _ = made()
    fn = Flaky(error)
    if worth: assert retry.call(fn) == 'answer'
    else:
        with pytest.raises(type(error)) as raised: retry.call(fn)
        assert raised.value is error
    assert fn.calls == 1 + worth


def test_classes_and_predicates_can_be_named_in_place_of_dspys_judgement():
    retry, _, _ = made(retry_on=[ConnectionError, lambda e: 'busy' in str(e)])
    fn = Flaky(ConnectionResetError(), ValueError("busy"))
    assert retry.call(fn) == 'answer' and fn.calls == 3
    with pytest.raises(ServerError): retry.call(Flaky(ServerError("down")))


# How often and when

def test_the_last_error_is_raised_itself_when_the_attempts_run_out_and_each_step_is_told():
    retry, clock, bus = made(wait=lambda attempt: 10.0 * attempt)
    errors = [ServerError("first"), TransportError("second"), ServerError("third")]
    with bus.record() as seen, pytest.raises(ServerError) as raised: retry.call(Flaky(*errors))
    assert raised.value is errors[2]
    assert seen == [Retried('r', 1, 10.0, 'ServerError'), Retried('r', 2, 20.0, 'TransportError'), RetryRefused('r', 'attempts', 'ServerError')]
    assert clock() == 30.0


def test_a_call_that_goes_well_or_fails_for_good_is_no_event():
    retry, clock, bus = made()
    with bus.record() as seen:
        assert retry.call(Flaky()) == 'answer'
        with pytest.raises(KeyError): retry.call(Flaky(KeyError('a')))
    assert seen == [] and clock() == 0.0


@pytest.mark.parametrize('wait, asked, waited', [(1.0, 4.0, 4.0), (6.0, 4.0, 6.0), (1.0, None, 1.0), (1.0, -3.0, 1.0), (1.0, float('nan'), 1.0), (1.0, 60.0, 60.0), (1.0, 'soon', 1.0)])
def test_the_wait_is_at_least_what_the_error_asks_for(wait, asked, waited):
    retry, clock, _ = made(wait=wait)
    assert retry.call(Flaky(ServerError(retry_after=asked))) == 'answer'
    assert clock() == waited


def test_an_open_breaker_is_waited_for_when_it_is_named():
    retry, clock, _ = made(retry_on=CallNotPermitted)
    assert retry.call(Flaky(CallNotPermitted('b', 'open', 12.0))) == 'answer'
    assert clock() == 12.0


@pytest.mark.parametrize('asked', [60.1, float('inf')])
def test_a_server_that_asks_for_too_long_a_wait_is_not_waited_for_and_the_error_says_so(asked):
    retry, clock, bus = made()
    fn = Flaky(RateLimitError(retry_after=asked))
    with bus.record() as seen, pytest.raises(RateLimitError) as raised: retry.call(fn)
    assert fn.calls == 1 and clock() == 0.0 and seen == [RetryRefused('r', 'retry_after', 'RateLimitError')]
    assert f"asks to wait {asked:g} s, and max_retry_after = 60 s" in raised.value.__notes__[0]


def test_waits_grow_and_are_jittered_by_half_by_default():
    waits = [[RetryConfig().wait(attempt) for _ in range(200)] for attempt in (1, 2, 3)]
    for mean, drawn in zip((0.5, 1.0, 2.0), waits): assert mean * 0.5 <= min(drawn) < mean * 0.7 and mean * 1.3 < max(drawn) <= mean * 1.5


@pytest.mark.parametrize('config', [
    {'attempts': 0}, {'attempts': 2.0}, {'attempts': True}, {'wait': -1}, {'wait': 'long'}, {'wait': None}, {'retry_on': 'ServerError'}, {'retry_on': (503,)}, {'max_retry_after': -1}, {'max_retry_after': None},
])
def test_a_config_that_cannot_be_used_names_the_value(config):
    (name, value), = config.items()
    with pytest.raises(SettingsError, match=f'^{name} = '): RetryConfig(**config)


@pytest.mark.parametrize('settings', [
    {'share': 1.1}, {'share': -0.1}, {'share': '20%'}, {'floor_per_second': -1}, {'ttl': 0}, {'ttl': 1.5}, {'ttl': 61},
])
def test_a_budget_that_cannot_be_used_names_the_value(settings):
    (name, value), = settings.items()
    with pytest.raises(SettingsError, match=f'^{name} = '): RetryBudget(**settings)


# Ways to call

def test_arguments_of_any_name_are_handed_on():
    retry, _, _ = made()
    assert retry.call(lambda *args, **kwargs: (args, kwargs), 1, fn=2, self=3) == ((1,), {'fn': 2, 'self': 3})
    assert asyncio.run(retry.acall(lambda *args, **kwargs: (args, kwargs), 1, fn=2, self=3)) == ((1,), {'fn': 2, 'self': 3})


def test_decorated_functions_are_retried_and_keep_their_names():
    retry, _, _ = made()
    flaky, slow = Flaky(ServerError()), Flaky(ServerError(), ServerError())

    @retry
    def plain(): "doc"; return flaky()

    @retry
    async def later(): return await slow.later()

    assert (plain(), asyncio.run(later())) == ('answer', 'answer') and (flaky.calls, slow.calls) == (2, 3)
    assert plain.__doc__ == 'doc' and later.__name__ == 'later' and asyncio.iscoroutinefunction(later)


def test_a_generator_cannot_be_decorated():
    retry, _, _ = made()
    def pieces(): yield 1
    async def later(): yield 1
    for fn in (pieces, later):
        with pytest.raises(SettingsError, match=f'{fn.__name__} is a generator'): retry(fn)


def test_async_calls_are_retried_alike_with_an_async_sleep_too():
    waited = []
    async def sleep(seconds): waited.append(seconds)
    for how in (waited.append, sleep):
        waited.clear()
        retry, fn = Retry(RetryConfig(wait=2.0), sleep=how, bus=Bus()), Flaky(ServerError(retry_after=5.0), ServerError())
        assert asyncio.run(retry.acall(fn.later)) == 'answer' and waited == [5.0, 2.0]


def test_tasks_and_threads_share_one_retry_without_mixing_up_their_attempts():
    retry = Retry(RetryConfig(attempts=4, wait=0), bus=Bus(), sleep=lambda s: asyncio.sleep(0))
    fns = [Flaky(*[ServerError()] * (n % 4)) for n in range(40)]
    async def all_of(): return await asyncio.gather(*(retry.acall(fn.later) for fn in fns))
    assert asyncio.run(all_of()) == ['answer'] * 40 and [fn.calls for fn in fns] == [n % 4 + 1 for n in range(40)]

    sync = Retry(RetryConfig(attempts=4, wait=0), bus=Bus())
    fns = [Flaky(*[ServerError()] * (n % 4)) for n in range(16)]
    threads = [threading.Thread(target=sync.call, args=(fn,)) for fn in fns]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    assert [fn.calls for fn in fns] == [n % 4 + 1 for n in range(16)]


def test_a_copy_of_a_program_keeps_its_retry_and_its_budget():
    retry, _, _ = made(RetryBudget())
    assert copy.deepcopy([retry, retry.budget]) == [retry, retry.budget]


# Cancellation

@pytest.mark.parametrize('error', [KeyboardInterrupt(), SystemExit(1), asyncio.CancelledError()], ids=lambda o: type(o).__name__)
def test_what_ends_a_call_from_outside_passes_at_once_also_when_everything_is_retried(error):
    retry, clock, bus = made(retry_on=(BaseException,))
    fn = Flaky(error)
    with bus.record() as seen, pytest.raises(type(error)): retry.call(fn)
    assert fn.calls == 1 and seen == [] and clock() == 0.0


def test_an_interrupt_ends_the_wait():
    bus, fn = Bus(), Flaky(ServerError())
    main = threading.main_thread().ident
    bus.subscribe(lambda event: threading.Timer(0.05, signal.pthread_kill, (main, signal.SIGINT)).start(), Retried)
    with pytest.raises(KeyboardInterrupt): Retry(RetryConfig(wait=600.0), bus=bus).call(fn)
    assert fn.calls == 1


def test_cancelling_a_task_ends_its_wait():
    bus, fn = Bus(), Flaky(ServerError())
    async def main():
        task = asyncio.create_task(Retry(RetryConfig(wait=600.0), bus=bus).acall(fn.later))
        bus.subscribe(lambda event: asyncio.get_running_loop().call_soon(task.cancel), Retried)
        with pytest.raises(asyncio.CancelledError): await task
    asyncio.run(main())
    assert fn.calls == 1


# Never multiplied

def test_inside_a_retry_another_one_makes_a_single_attempt_and_spends_nothing():
    budget = RetryBudget(floor_per_second=1)
    outer, _, outer_bus = made()
    inner, _, inner_bus = made(budget)
    fn = Flaky(*[ServerError()] * 9)
    with outer_bus.record() as seen, inner_bus.record() as unseen, pytest.raises(ServerError): outer.call(lambda: inner.call(fn))
    assert fn.calls == 3 and len(seen) == 3 and unseen == [] and budget.left == 10
    async def both(): return await outer.acall(lambda: inner.acall(fn.later))
    with pytest.raises(ServerError): asyncio.run(both())
    assert fn.calls == 6
    with pytest.raises(ServerError): inner.call(fn)
    assert fn.calls == 9, "afterwards it retries again"


def test_inside_a_retry_an_lm_is_asked_once_by_another_one():
    engine, (outer, _, _), (inner, _, _) = Counting(), made(), made()
    lm = lm_of(engine)
    with pytest.raises(dspy.LMServerError): outer.call(lambda: inner.call(lm, 'hello'))
    async def both(): return await outer.acall(lambda: inner.acall(lm, 'hello'))
    with pytest.raises(dspy.LMServerError): asyncio.run(both())
    assert engine.asked == 6


def test_a_retry_in_another_context_is_not_inside():
    outer, _, _ = made(attempts=2)
    fn = Flaky(*[ServerError()] * 9)
    with pytest.raises(ServerError): outer.call(lambda: contextvars.Context().run(outer.call, fn))
    assert fn.calls == 4


class Counting:
    "An engine whose server is down; sync and async, complete and stream."
    def __init__(self, *deltas): self.asked, self.deltas = 0, deltas
    def complete(self, request): self.asked += 1; raise ServerError("down", retry_after=0.0)
    def stream(self, request):
        self.asked += 1
        yield StreamStartEvent(id='1', model='x/y')
        for text in self.deltas: yield StreamDeltaEvent(TextDelta(text))
        raise ServerError("down", retry_after=0.0)


class AsyncCounting:
    def __init__(self, engine): self.engine = engine
    async def complete(self, request): return self.engine.complete(request)
    async def stream(self, request):
        for event in self.engine.stream(request): yield event


def lm_of(engine, num_retries=3): return dspy.LM('x/y', engine=engine, async_engine=AsyncCounting(engine), cache=False, num_retries=num_retries)


def test_an_lm_that_retries_by_itself_makes_three_requests_under_three_attempts_and_not_twelve():
    engine = Counting()
    lm = lm_of(engine)
    retry, _, bus = made()
    with bus.record(Retried) as seen, pytest.raises(dspy.LMServerError): retry.call(lm, 'hello')
    assert engine.asked == 3 and len(seen) == 2
    with pytest.raises(dspy.LMServerError): asyncio.run(retry.acall(lm, 'hello'))
    assert engine.asked == 6 and lm.num_retries == 3


@pytest.mark.parametrize('own', ['default', 'predictor'])
@pytest.mark.parametrize('way', ['call', 'acall'])
def test_a_program_whose_lm_has_retried_is_not_run_again_wherever_the_lm_came_from(own, way):
    engine, program = Counting(), dspy.Predict('question -> answer')
    lm = lm_of(engine)
    retry, _, bus = made()
    if own == 'predictor': program.set_lm(lm)
    with dspy.context(lm=lm), bus.record() as seen, pytest.raises(dspy.LMServerError):
        retry.call(program, question='?') if way == 'call' else asyncio.run(retry.acall(program, question='?'))
    assert engine.asked == 4 and seen == [RetryRefused('r', 'lm', 'LMServerError')]


@pytest.mark.parametrize('way', ['call', 'acall'])
def test_a_program_on_an_lm_that_does_not_retry_is_run_again(way):
    engine, program = Counting(), dspy.Predict('question -> answer')
    retry, _, bus = made()
    with dspy.context(lm=without_retries(lm_of(engine))), bus.record(Retried) as seen, pytest.raises(dspy.LMServerError):
        retry.call(program, question='?') if way == 'call' else asyncio.run(retry.acall(program, question='?'))
    assert engine.asked == 3 and len(seen) == 2


def test_an_lm_without_retries_is_a_copy_that_shares_its_history():
    lm = lm_of(Counting())
    single = without_retries(lm)
    assert (lm.num_retries, single.num_retries, single.model, single.engine) == (3, 0, lm.model, lm.engine)
    assert single.history is lm.history and without_retries(single) is single


@pytest.mark.parametrize('deltas, asked', [((), 3), (('[[ ## answer ## ]]\n', 'half an ', 'answer and more', ' and more'), 1)], ids=['unseen', 'seen'])
def test_what_a_reader_has_seen_of_a_stream_is_not_written_again(deltas, asked):
    engine, program = Counting(*deltas), dspy.Predict('question -> answer')
    retry, _, bus = made(wait=0)
    class Guarded(dspy.Module):
        def __init__(self): super().__init__(); self.answer = program
        async def aforward(self, question): return await retry.acall(self.answer.acall, question=question)
    streaming = dspy.streamify(Guarded(), stream_listeners=[dspy.streaming.StreamListener('answer')], is_async_program=True)
    async def read():
        async for _ in streaming(question='?'): pass
    with dspy.context(lm=lm_of(engine, num_retries=0)), bus.record(RetryRefused) as seen, pytest.raises(BaseException) as raised: asyncio.run(read())
    assert 'down' in repr(raised.value) or 'down' in repr(getattr(raised.value, 'exceptions', ''))
    assert engine.asked == asked and [e.reason for e in seen] == ['streamed' if deltas else 'attempts']


# The budget

def test_an_empty_budget_raises_the_error_at_once_and_tells():
    retry, clock, bus = made(RetryBudget(floor_per_second=0))
    error = ServerError()
    with bus.record() as seen, pytest.raises(ServerError) as raised: retry.call(Flaky(error))
    assert raised.value is error and clock() == 0.0 and seen == [RetryRefused('r', 'budget', 'ServerError')]


def test_calls_that_are_not_worth_a_retry_or_are_at_their_last_attempt_spend_nothing():
    budget = RetryBudget(share=0, clock=ManualClock())
    retry, _, _ = made(budget, attempts=1)
    for error in (ServerError(), KeyError('a')):
        with pytest.raises(type(error)): retry.call(Flaky(error))
    assert budget.left == 10


def test_a_share_of_the_calls_may_be_retried_exactly_also_where_floats_are_not():
    budget = RetryBudget(share=0.29, floor_per_second=0, clock=ManualClock())
    for _ in range(100): budget.deposit()
    assert budget.left == 29 and sum(budget.withdraw() for _ in range(100)) == 29 and budget.left == 0


def test_a_call_is_worth_retries_for_the_ttl_and_less_than_a_second_more():
    clock = ManualClock(0.7)
    budget = RetryBudget(share=1.0, floor_per_second=0, ttl=3, clock=clock)
    budget.deposit()
    clock.advance(3.2)
    assert budget.left == 1
    clock.advance(0.1)
    assert budget.left == 0


def test_one_budget_serves_many_retries():
    clock = ManualClock()
    budget = RetryBudget(share=0, floor_per_second=0.3, clock=clock)
    made_of = [made(budget)[0] for _ in range(6)]
    fns = [Flaky(*[ServerError()] * 9) for _ in made_of]
    for retry, fn in zip(made_of, fns):
        with pytest.raises(ServerError): retry.call(fn)
    assert sum(fn.calls for fn in fns) == 6 + 3
    clock.advance(12)
    assert budget.left == 3


@given(st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0]), st.sampled_from([0.0, 0.25, 1.0]), st.integers(1, 5), st.integers(1, 4),
       st.lists(st.tuples(st.sampled_from([0.0, 0.0, 0.1, 0.5, 0.9, 1.0, 2.5, 7.0]), st.integers(0, 4)), max_size=60))
def test_in_any_window_there_are_no_more_retries_than_the_budget_allows(share, floor, ttl, attempts, script):
    "Over the `ttl` seconds up to any retry: at most the share of the calls remembered, which are those of at most one second more, and the floor."
    clock, bus, calls, retries = ManualClock(0.7), Bus(), [], []
    budget = RetryBudget(share, floor, ttl, clock)
    bus.subscribe(lambda event: retries.append(clock()), Retried)
    retry = Retry(RetryConfig(attempts=attempts, wait=0.3), budget, sleep=clock.advance, bus=bus)
    for wait, failures in script:
        clock.advance(wait)
        calls.append(clock())
        try: retry.call(Flaky(*[ServerError()] * failures))
        except ServerError: pass
    for n, now in enumerate(retries, 1):
        recent = sum(now - ttl < t for t in retries[:n])
        paid = sum(now - ttl - 1 < t <= now for t in calls)
        assert recent <= share * paid + floor * ttl + 1e-6


@given(st.lists(st.booleans(), max_size=40), st.sampled_from([0.1, 0.2, 1.0]))
def test_within_one_moment_a_budget_gives_exactly_what_it_may(steps, share):
    budget, calls, retries = RetryBudget(share, 0.1, clock=ManualClock()), 0, 0
    for deposit in steps:
        if deposit: budget.deposit(); calls += 1
        else:
            may = retries + 1 <= share * calls + 1 + 1e-6
            assert budget.withdraw() is may
            retries += may


def in_sixteen_threads(work):
    "Run `work(n)` in each, with as many switches between them as there can be; an error of one is the error of all."
    failed = []
    def run(n):
        try: work(n)
        except BaseException as error: failed.append(error)
    threads, interval = [threading.Thread(target=run, args=(n,)) for n in range(16)], sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    finally: sys.setswitchinterval(interval)
    if failed: raise failed[0]


def test_sixteen_threads_never_take_more_than_one_budget_holds():
    clock, gate = ManualClock(), threading.Barrier(16, timeout=60)  # nobody waits for ever for a thread that failed
    def slowly(): time.sleep(0); return clock()  # others get their turn
    budgets, taken = [RetryBudget(share=0, floor_per_second=1, clock=slowly) for _ in range(300)], [[0] * 16 for _ in range(300)]
    def work(n):
        for budget, mine in zip(budgets, taken):
            gate.wait()
            mine[n] = budget.withdraw()
    in_sixteen_threads(work)
    assert [sum(each) for each in taken] == [10] * 300


def test_sixteen_threads_that_retry_use_a_budget_up_and_no_more():
    budget, made_calls = RetryBudget(share=0.2, floor_per_second=1, clock=ManualClock()), [0] * 16
    retry = Retry(RetryConfig(wait=0), budget, bus=Bus())
    def work(n):
        def fail(): made_calls[n] += 1; raise ServerError()
        for _ in range(100):
            with pytest.raises(ServerError): retry.call(fail)
    in_sixteen_threads(work)
    assert sum(made_calls) == 1600 + 320 + 10


def test_many_tasks_never_take_more_than_one_budget_holds():
    budget, asked = RetryBudget(share=0.1, floor_per_second=0, clock=ManualClock()), []
    retry = Retry(RetryConfig(wait=0), budget, bus=Bus(), sleep=lambda s: asyncio.sleep(0))
    async def fail(): asked.append(1); await asyncio.sleep(0); raise ServerError()
    async def main(): return await asyncio.gather(*(retry.acall(fail) for _ in range(200)), return_exceptions=True)
    assert {type(e) for e in asyncio.run(main())} == {ServerError} and len(asked) == 220


def test_a_response_passes_through_untouched():
    response = Response(id='1', model='x', message=Message.assistant('yes'), finish_reason='stop', usage=Usage())
    assert made()[0].call(lambda: response) is response
