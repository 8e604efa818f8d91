"Equal calls are one call, an answer that was paid for is on disk before it is used, and what is read back is what was given."
import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace

import dspy
import dspy_toolkit
import pytest
from dspy.lm15 import (AuthError, BillingError, ContextLengthError, InvalidRequestError, Message, RateLimitError, Request, Response, ServerError,
                       UnsupportedFeatureError, UnsupportedModelError, Usage)
from hypothesis import given
from hypothesis import strategies as st

from dspy_toolkit.core.calls import publish_calls
from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.core.events import RequestFinished, bus
from dspy_toolkit.programs.cost import BudgetExceeded, Meter
from dspy_toolkit.programs.ledger import Ledger, LedgerFailed, make_key, unwrap
from dspy_toolkit.programs.runs import Run, create_run


class Engine:
    "Answers with the number of the call and the seed."
    supports_response_schema, supports_grammar, supported_params = True, True, frozenset({'seed', 'temperature', 'response_format'})

    def __init__(self, error=None, wait=0.0): self.asked, self.error, self.wait, self.lock = [], error, wait, threading.Lock()

    def complete(self, request):
        with self.lock: self.asked.append(request)
        time.sleep(self.wait)
        if self.error is not None: raise self.error
        return Response(id='1', model=request.model, message=Message.assistant(f"answer {len(self.asked)} {request.config.seed}"),
                        finish_reason='stop', usage=Usage(input_tokens=3, output_tokens=2))


class AsyncEngine(Engine):
    async def complete(self, request):
        await asyncio.sleep(self.wait)
        return Engine.complete(self, request)


@pytest.fixture
def ledger(tmp_path): return Ledger(create_run('optimize', tmp_path))


def lm_of(engine, **options): return dspy.LM('test/1', engine=engine, num_retries=0, **options)


def request(text='Which team?', **config): return Request(model='test/1', messages=(Message.user(text),), config=dspy.lm15.Config(**config))


def lines(ledger): return Run(ledger.run.folder).read('ledger')


def test_threads_with_one_key_make_one_call_and_all_get_its_answer(ledger):
    engine, found = Engine(wait=0.05), []
    lm = ledger.wrap(lm_of(engine))
    threads = [threading.Thread(target=lambda: found.append(lm('Which team?')[0])) for _ in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert len(engine.asked) == ledger.asked == len(lines(ledger)) == 1 and set(found) == {found[0]} and ledger.hits == 7


@pytest.mark.parametrize('n', [1, 2])
@pytest.mark.parametrize('how', ['threads', 'tasks'])
def test_who_watches_the_calls_counts_each_answer_once_also_in_the_next_process(ledger, how, n):
    found = []
    publish_calls()
    end = bus.subscribe(lambda e: found.append((e.from_cache, e.input_tokens)), RequestFinished)
    try:
        for turn in range(3):
            lm = (ledger if turn < 2 else Ledger(ledger.run.folder)).wrap(dspy.LM('test/1', engine=Engine(), async_engine=AsyncEngine(), num_retries=0))
            if how == 'threads': lm('Which team?', n=n)
            else: asyncio.run(lm.acall('Which team?', n=n))
    finally: end()
    assert found == [(False, 3 * n), (True, 0), (True, 0)] and len(lines(ledger)) == n


def test_tasks_with_one_key_make_one_call(ledger):
    engine = AsyncEngine(wait=0.02)
    lm = ledger.wrap(dspy.LM('test/1', engine=Engine(), async_engine=engine, num_retries=0))
    async def main(): return await asyncio.gather(*(lm.acall('Which team?') for _ in range(5)))
    assert len(set(map(str, asyncio.run(main())))) == 1 and len(engine.asked) == ledger.asked == 1


@pytest.mark.parametrize('how', ['blocking', 'async'])
def test_a_call_that_fails_lets_the_next_one_try(ledger, how):
    engine, errors = Engine(ServerError('busy', status=503), wait=0.02), []
    if how == 'blocking': ask = lambda: ledger.answer(request(), engine.complete)
    else:
        async def acomplete(asked): return engine.complete(asked)
        ask = lambda: asyncio.run(ledger.aanswer(request(), acomplete))
    def work():
        try: ask()
        except ServerError as e: errors.append(e)
    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads: each.start()
    for each in threads: each.join(20)
    assert len(errors) == len(engine.asked) == ledger.failed == 3 and not lines(ledger)
    engine.error = None
    assert ask() and len(lines(ledger)) == 1


@pytest.mark.parametrize('error,kept', [(ContextLengthError('long'), True), (InvalidRequestError('odd'), True), (UnsupportedFeatureError('no', feature='tools'), True),
                                        (ServerError('busy'), False), (RateLimitError('slow'), False), (AuthError('key'), False), (BillingError('empty'), False),
                                        (UnsupportedModelError('none'), False), (ImportError('gone'), False), (ValueError('bug'), False)], ids=lambda v: type(v).__name__)
def test_a_refusal_of_the_request_is_kept_and_other_errors_are_not(ledger, error, kept):
    engine = Engine(error)
    for again in (False, False, True):
        with pytest.raises(type(error), match=str(error).split()[0]): (Ledger(ledger.run) if again else ledger).answer(request(), engine.complete)
    assert len(engine.asked) == (1 if kept else 3) and len(lines(ledger)) == kept


def test_a_sampled_call_has_a_seed_of_its_key_and_a_greedy_one_has_none(ledger):
    engine = Engine()
    lm = ledger.wrap(lm_of(engine))
    for rollout in (None, 1, 2): lm('Which team?', temperature=1.0, rollout_id=rollout)
    lm('Which team?', temperature=0.0)
    lm('Which team?', temperature=1.0, seed=7)
    lm('Which team?', temperature=1.0, seed=7, rollout_id=3)
    seeds = [asked.config.seed for asked in engine.asked]
    assert seeds[3] is None and seeds[4] == 7 and len({*seeds[:3], seeds[5]}) == 4 and all(0 <= seed < 2 ** 31 for seed in seeds if seed is not None)


def test_several_answers_of_one_call_are_several_calls(ledger):
    engine = Engine()
    lm = ledger.wrap(lm_of(engine))
    first, again = lm('Which team?', n=3, temperature=1.0), lm('Which team?', n=3, temperature=1.0)
    assert len(set(first)) == 3 and first == again and len(engine.asked) == 3


@given(st.text(), st.text(), st.none() | st.integers(0, 9), st.none() | st.integers(0, 9))
def test_two_calls_have_one_key_exactly_when_they_are_equal(one, two, first, second):
    try: a, b = request(one or 'x'), request(two or 'x')
    except ValueError: return
    assert (make_key(a, first) == make_key(b, second)) == ((one or 'x', first) == (two or 'x', second))


def test_a_wrapped_model_can_what_the_model_can_and_answers_only_through_the_ledger(ledger):
    for lm in (dspy_toolkit.lm('mlx/tiny'), lm_of(Engine()), dspy.LM('openai/gpt-5-mini', api_key='secret')):
        kept = ledger.wrap(lm)
        for name in ('model', 'supported_params', 'supports_response_schema', 'supports_function_calling', 'supports_reasoning'):
            assert getattr(kept, name) == getattr(lm, name), name
        for name in ('supports_grammar', 'context_window', 'legs', 'worker'): assert getattr(kept.engine, name, None) == getattr(lm.engine, name, None), name
        assert not kept.cache and unwrap(kept) is lm and unwrap(ledger.wrap(kept)).model == lm.model and not hasattr(kept.engine, 'complete_legacy')
        assert 'secret' not in str(kept.kwargs)
    with pytest.raises(InputError): ledger.wrap('mlx/tiny')


@pytest.mark.parametrize('adapter', [dspy.ChatAdapter, dspy.JSONAdapter, dspy_toolkit.GrammarAdapter])
def test_models_of_every_kind_answer_the_same_behind_a_ledger(ledger, adapter):
    asked = dspy.utils.DummyLM([dict(team='billing'), dict(team='other')], adapter=adapter())
    models = [asked] + [dspy_toolkit.lm('mlx/tiny'), dspy_toolkit.fallback('safe', [dspy_toolkit.lm('mlx/tiny')])] * (adapter is dspy_toolkit.GrammarAdapter)
    for lm in models:
        before = ledger.asked
        with dspy.context(lm=ledger.wrap(lm), adapter=adapter()):
            found = [dspy.Predict('ticket -> team')(ticket='I was charged twice').team for _ in range(2)]
            found.append(asyncio.run(dspy.Predict('ticket -> team').acall(ticket='I was charged twice')).team)
        assert len(set(found)) == 1 and ledger.asked == before + 1
    assert asked is not None


def test_a_stream_is_the_kept_answer_in_pieces(ledger):
    engine = ledger.wrap(lm_of(Engine())).engine
    events = [list(engine.stream(request())) for _ in range(2)]
    assert events[0] == events[1] and [events[0][0].type, events[0][-1].type] == ['start', 'end'] and ledger.asked == 1


KILLED = '''import sys, threading, dspy
from dspy.lm15 import Message, Request, Response, Usage
from dspy_toolkit.programs.ledger import Ledger
ledger = Ledger(sys.argv[1])
def ask(request): return Response(id='1', model='m', message=Message.assistant('x' * 3000), finish_reason='stop', usage=Usage())
def work(n):
    for i in range(10 ** 6):
        ledger.answer(Request(model='m', messages=(Message.user(f'{n} {i}'),)), ask)
        sys.stdout.write(f'{n} {i}\\n')
        sys.stdout.flush()
for n in range(4): threading.Thread(target=work, args=(n,)).start()
'''


def test_kill_9_loses_no_answer_that_was_given(tmp_path):
    run = create_run('optimize', tmp_path)
    process = subprocess.Popen([sys.executable, '-c', KILLED, str(run.folder)], stdout=subprocess.PIPE, text=True)
    given_out = [process.stdout.readline() for _ in range(300)]
    os.kill(process.pid, signal.SIGKILL)
    given_out += process.communicate()[0].splitlines()
    ledger = Ledger(run)
    for line in given_out:
        if len(line.split()) == 2: assert make_key(Request(model='m', messages=(Message.user(line.strip()),))) in ledger.entries


def test_a_full_disk_stops_the_run_and_loses_no_answer(ledger, monkeypatch):
    engine, append = Engine(), Run.append
    def full(self, name, entry): raise OSError(28, 'No space left on device')
    monkeypatch.setattr(Run, 'append', full)
    for _ in range(2):
        with pytest.raises(LedgerFailed, match='No space left'): ledger.answer(request(), engine.complete)
    assert len(engine.asked) == 1 and isinstance(ledger.stopped_early, LedgerFailed)
    monkeypatch.setattr(Run, 'append', append)
    ledger.flush()
    assert ledger.answer(request(), engine.complete) and len(engine.asked) == len(lines(ledger)) == 1


def test_a_budget_is_held_exactly_and_stops_for_good(tmp_path):
    engine, refused = Engine(wait=0.002), []
    ledger = Ledger(create_run('optimize', tmp_path), Meter('20 calls'))
    def work(n):
        for i in range(10):
            try: ledger.answer(request(f'{n} {i}'), engine.complete)
            except BudgetExceeded as e: refused.append(e)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert len(engine.asked) == len(lines(ledger)) == 20 and len(refused) == 60
    with pytest.raises(BudgetExceeded): ledger.answer(request(str(lines(ledger)[0])), engine.complete)


def test_a_cancelled_scope_stops_all_threads_and_what_was_under_way_is_kept(tmp_path):
    scope, engine = CancelScope(), Engine(wait=0.05)
    ledger, ends = Ledger(create_run('optimize', tmp_path), scope=scope), []
    def work(n):
        try:
            for i in range(100): ledger.answer(request(f'{n} {i}'), engine.complete)
        except Cancelled as e: ends.append(e)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for each in threads: each.start()
    time.sleep(0.08)
    scope.cancel()
    assert ledger.finish()
    for each in threads: each.join(5)
    assert len(ends) == 4 and len(engine.asked) == len(lines(ledger)) <= 16


@pytest.mark.parametrize('change', [dict(key='xyz'), dict(response=None), dict(response={'model': 1}), dict(error={'kind': 'SystemExit', 'message': 'x'}, response=None), dict(more=1)], ids=str)
def test_a_line_that_was_changed_is_named(ledger, change):
    ledger.answer(request(), Engine().complete)
    entry = lines(ledger)[0] | change
    (ledger.run.folder/'ledger.jsonl').write_text(json.dumps(entry) + '\n')
    with pytest.raises(InputError, match='line 1 of the ledger'): Ledger(ledger.run)


def test_tokens_and_cost_are_those_of_the_entries(ledger):
    ledger.answer(request(), Engine().complete, price=lambda response: 0.25)
    ledger.answer(replace(request(), model='test/2'), Engine().complete)
    assert (Ledger(ledger.run).tokens, Ledger(ledger.run).cost) == (10, 0.25)
