"Every call that DSPy makes is on the bus once, with one id, whatever the model and whoever calls."
import asyncio, gc, threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import dspy
import pytest
from dspy.lm15 import Message, RateLimitError, Response, TextDelta, StreamDeltaEvent, StreamEndEvent, StreamStartEvent, Usage
from dspy.utils.exceptions import AdapterParseError, LMError

import dspy_toolkit
from dspy_toolkit.core import calls, events, session
from dspy_toolkit.core.events import (CallRefused, FallbackHop, FirstToken, GenerationFinished, RequestFinished, RequestStarted, StepFinished, StepStarted,
                                      bus, current_request, serving)


class Engine:
    "Answers with its text; fails with the errors it is given, first."
    supported_params = frozenset({'temperature', 'max_tokens'})
    def __init__(self, text='[[ ## answer ## ]]\nParis\n\n[[ ## completed ## ]]', errors=(), extra=None):
        self.text, self.errors, self.extra, self.seen = text, list(errors), extra, []

    def complete(self, request):
        self.seen.append(current_request())
        if self.errors: raise self.errors.pop(0)
        return Response(id='1', model=request.model, message=Message.assistant(self.text), finish_reason='stop',
                        usage=Usage(input_tokens=7, output_tokens=3, cache_read_tokens=2), provider_data=self.extra)

    def stream(self, request):
        self.seen.append(current_request())
        yield StreamStartEvent(id='1', model=request.model)
        yield StreamDeltaEvent(TextDelta(self.text))
        yield StreamEndEvent(finish_reason='stop', usage=Usage(input_tokens=7, output_tokens=3))

    def close(self): pass


class AsyncEngine:
    def __init__(self, engine): self.engine = engine
    async def complete(self, request):
        await asyncio.sleep(0.001)
        return self.engine.complete(request)
    async def stream(self, request):
        for event in self.engine.stream(request): yield event


def lm_of(engine, **options):
    return dspy.LM('test/capital', engine=engine, async_engine=AsyncEngine(engine), **{'cache': False, 'num_retries': 0} | options)


@pytest.fixture(autouse=True)
def published():
    calls.publish_calls()
    yield
    session.reset()


program = dspy.Predict('question -> answer')  # made once: before Python 3.11.8 threads cannot parse this text at a time (core.syntax)


def ask(lm, **more):
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter(), **more): return program(question='Where?')


def test_one_call_has_one_start_and_one_finish_with_the_same_id_as_what_happens_inside():
    engine = Engine(extra={'forced_tokens': 2, 'relaxed': ['pattern'], 'cut_short': True})
    with bus.record(RequestStarted, RequestFinished) as seen: ask(lm_of(engine))
    start, end = seen
    assert start.request_id == end.request_id == engine.seen[0] != ''
    assert (start.model, start.signature, start.streaming) == ('test/capital', 'StringSignature', False) and start.prompt
    assert (end.input_tokens, end.output_tokens, end.cached_tokens, end.finish_reason) == (7, 3, 2, 'stop')
    assert (end.forced_tokens, end.relaxed, end.cut_short, end.from_cache, end.error) == (2, ('pattern',), ('answer',), False, None)
    assert 'Paris' in str(end.outputs) and current_request() == ''


def test_a_second_publish_changes_nothing_and_reset_takes_it_away():
    calls.publish_calls()
    with bus.record(RequestStarted) as seen: ask(lm_of(Engine()))
    assert len(seen) == 1
    session.reset()
    with bus.record(RequestStarted) as seen: ask(lm_of(Engine()))
    assert seen == []


def test_an_answer_from_the_cache_says_so_and_counts_no_tokens(tmp_path):
    dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=True)
    lm = lm_of(Engine(), cache=True)
    with bus.record(RequestFinished) as seen: ask(lm); ask(lm)
    assert [e.from_cache for e in seen] == [False, True] and [e.output_tokens for e in seen] == [3, 0]
    assert [e.finish_reason for e in seen] == ['stop', 'stop']


@pytest.mark.parametrize('error, finished', [
    (RateLimitError('slow down'), ('LMRateLimitError', None)),
    (KeyError('x'), ('LMUnexpectedError', None)),
    (dspy_toolkit.Cancelled(), (None, 'cancelled')),
    (KeyboardInterrupt(), (None, 'cancelled'))])
def test_a_call_that_fails_is_finished_with_its_error(error, finished):
    with bus.record(RequestFinished) as seen, pytest.raises((LMError, dspy_toolkit.Cancelled, KeyboardInterrupt)): ask(lm_of(Engine(errors=[error])))
    assert [(e.error, e.finish_reason) for e in seen] == [finished] and current_request() == ''


def test_requests_on_many_threads_keep_their_own_details():
    engines = [Engine(f'[[ ## answer ## ]]\nanswer {n}\n\n[[ ## completed ## ]]') for n in range(8)]
    shared = Engine()
    lms = [lm_of(e) for e in engines] + [lm_of(shared)] * 8
    with bus.record(RequestStarted, RequestFinished) as seen, ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: ask(lms[n % 16]), range(160)))
    ends = [e for e in seen if isinstance(e, RequestFinished)]
    count = Counter((type(e).__name__, e.request_id) for e in seen)
    assert len(count) == 320 and set(count.values()) == {1}
    assert all(e.output_tokens == 3 for e in ends) and not any(e.from_cache for e in ends)
    inside = {i for e in engines + [shared] for i in e.seen}
    assert inside == {e.request_id for e in ends}


def test_tasks_of_one_loop_keep_their_own_request():
    engine = Engine()
    async def main():
        with dspy.context(lm=lm_of(engine), adapter=dspy.ChatAdapter()):
            program = dspy.Predict('question -> answer')
            await asyncio.gather(*(program.acall(question=str(n)) for n in range(20)))
    with bus.record(RequestFinished) as seen: asyncio.run(main())
    assert len({e.request_id for e in seen}) == 20 and {e.request_id for e in seen} == set(engine.seen)


def test_a_cancelled_task_ends_its_request_once():
    class Slow:
        async def complete(self, request): await asyncio.sleep(30)
    async def main():
        lm = dspy.LM('test/slow', engine=Engine(), async_engine=Slow(), cache=False)
        task = asyncio.ensure_future(lm.acall('hello'))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError): await task
    with bus.record(RequestFinished) as seen: asyncio.run(main())
    assert [(e.finish_reason, e.error) for e in seen] == [('cancelled', None)]


def test_dspy_parallel_keeps_requests_apart():
    engine = Engine()
    with dspy.context(lm=lm_of(engine), adapter=dspy.ChatAdapter()), bus.record(RequestStarted, RequestFinished) as seen:
        program = dspy.Predict('question -> answer')
        dspy.Parallel(num_threads=4, disable_progress_bar=True)([(program, {'question': str(n)}) for n in range(12)])
    assert len({e.request_id for e in seen}) == 12 and len(seen) == 24


def test_the_first_part_of_a_stream_is_the_first_token_of_any_model():
    program = dspy.streamify(dspy.Predict('question -> answer'), async_streaming=False)
    with dspy.context(lm=lm_of(Engine()), adapter=dspy.ChatAdapter()), bus.record(RequestStarted, FirstToken, RequestFinished) as seen:
        parts = list(program(question='Where?'))
    assert parts[-1].answer == 'Paris'
    assert [type(e) for e in seen] == [RequestStarted, FirstToken, RequestFinished] and seen[0].streaming
    assert len({e.request_id for e in seen}) == 1 and 0 <= seen[1].seconds <= seen[2].seconds


def test_refusals_and_hops_inside_a_request_carry_its_id():
    failing = Engine(errors=[RateLimitError('no')] * 9)
    config = dspy_toolkit.BreakerConfig(minimum_number_of_calls=2, sliding_window_size=2)
    legs = [dspy_toolkit.Leg(lm_of(failing), 'first', breaker=config), dspy_toolkit.Leg(lm_of(Engine()), 'second')]
    model = dspy_toolkit.fallback('safe', legs, cache=False)
    for _ in range(2): ask(model)
    with bus.record(CallRefused, FallbackHop, RequestFinished) as seen: ask(model)
    assert {type(e) for e in seen} == {CallRefused, FallbackHop, RequestFinished} and len({e.request_id for e in seen}) == 1
    end = next(e for e in seen if isinstance(e, RequestFinished))
    assert (end.leg, end.attempts, end.model) == ('second', ('first',), 'fallback/safe')


def test_a_fallback_that_fails_names_all_its_legs():
    legs = [dspy_toolkit.Leg(lm_of(Engine(errors=[RateLimitError('no')])), name) for name in ('first', 'second')]
    with bus.record(RequestFinished) as seen, pytest.raises(dspy_toolkit.AllLegsFailed): ask(dspy_toolkit.fallback('none', legs, cache=False))
    assert seen[0].error == 'AllLegsFailed' and seen[0].attempts == ('first', 'second')


def test_steps_are_a_tree_and_a_parse_belongs_to_its_request():
    def look_up(place: str) -> str: "Look up."; return place
    with bus.record(RequestStarted, RequestFinished, StepFinished) as seen: ask(lm_of(Engine()))
    request = next(e for e in seen if isinstance(e, RequestStarted))
    steps = {e.kind: e for e in seen if isinstance(e, StepFinished)}
    assert set(steps) == {'module', 'format', 'parse'}
    assert request.parent_id == steps['module'].step_id and steps['parse'].parent_id == steps['module'].step_id
    assert steps['parse'].request_id == request.request_id and steps['parse'].error is None
    with bus.record(StepFinished) as seen: dspy.Tool(look_up)(place='Paris')
    assert [(e.kind, e.name) for e in seen] == [('tool', 'look_up')]


def test_what_an_adapter_asks_while_it_reads_is_asked_by_its_module():
    reader = lm_of(Engine(), model_type='chat')
    with dspy.context(lm=lm_of(Engine('It is Paris.')), adapter=dspy.TwoStepAdapter(reader)), bus.record() as seen: program(question='Where?')
    module, = [e for e in seen if isinstance(e, StepStarted)]
    asked = [e for e in seen if isinstance(e, RequestStarted)]
    assert len(asked) == 2 and {e.parent_id for e in asked} == {module.step_id}
    ended = [e for e in seen if isinstance(e, StepFinished)]
    assert {e.kind for e in ended} == {'format', 'parse', 'module'} and {e.parent_id for e in ended if e.kind != 'module'} == {module.step_id}


def test_an_answer_that_does_not_parse_is_an_error_of_its_parse():
    with bus.record(RequestFinished, StepFinished) as seen, pytest.raises(AdapterParseError): ask(lm_of(Engine('nothing here')))
    first = next(e for e in seen if isinstance(e, RequestFinished))
    parse = next(e for e in seen if isinstance(e, StepFinished) and e.kind == 'parse')
    assert first.error is None and parse.error == 'AdapterParseError' and parse.request_id == first.request_id


def test_a_step_inside_a_step_is_not_published_while_nobody_listens():
    with bus.record(RequestFinished) as seen: ask(lm_of(Engine()))
    assert len(seen) == 1 and calls._running == {}


def test_the_version_is_that_of_the_signature_or_of_the_program():
    class Capital(dspy.Signature):
        "Name the capital."
        question: str = dspy.InputField()
        answer: str = dspy.OutputField()
    calls.name_version(Capital, 'Capital@2')
    with dspy.context(lm=lm_of(Engine()), adapter=dspy.ChatAdapter()), bus.record(RequestStarted) as seen:
        dspy.Predict(Capital)(question='Where?')
        with serving('Atlas@7'): dspy.Predict(Capital)(question='Where?')
    assert [(e.version, e.signature) for e in seen] == [('Capital@2', 'Capital'), ('Atlas@7', 'Capital')]


def test_a_history_that_is_switched_off_loses_the_details_only():
    with dspy.context(disable_history=True), bus.record(RequestFinished) as seen: ask(lm_of(Engine()))
    assert [(e.error, e.from_cache) for e in seen] == [(None, False)]


def test_a_usage_tracker_of_the_program_still_counts():
    with dspy.track_usage() as tracker: ask(lm_of(Engine()))
    assert tracker.get_total_tokens()['test/capital']['prompt_tokens'] == 7
    prediction = ask(lm_of(Engine()), track_usage=True)
    assert prediction.get_lm_usage()['test/capital']['completion_tokens'] == 3


def test_our_engine_says_where_its_time_went():
    lm = dspy_toolkit.lm('mlx/tiny', cache=False)
    with bus.record(RequestStarted, GenerationFinished, FirstToken, RequestFinished) as seen, dspy.context(lm=lm, adapter=dspy_toolkit.GrammarAdapter()):
        dspy.Predict('question -> answer: bool')(question='Is it?')
    done = next(e for e in seen if isinstance(e, GenerationFinished))
    assert {e.request_id for e in seen} == {done.request_id} and [type(e) for e in seen].count(FirstToken) == 1
    assert done.read > 0 and done.queued >= 0 and done.prepared >= 0 and done.queued + done.prepared + done.read <= done.seconds
    end = seen[-1]
    assert (end.input_tokens, end.output_tokens) == (done.input_tokens, done.output_tokens)


def test_no_thread_keeps_a_request_that_has_ended():
    done = []
    def work():
        ask(lm_of(Engine()))
        done.append(current_request())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [''] and events.current_version() == ''


def test_another_thread_than_the_one_that_configured_dspy_may_publish_and_what_was_replaced_begins_again():
    session.reset()
    dspy.configure(callbacks=[])  # this thread is the one
    thread = threading.Thread(target=calls.publish_calls)
    thread.start()
    thread.join()
    with bus.record(RequestStarted) as seen: ask(lm_of(Engine()))
    assert len(seen) == 1
    dspy.configure(callbacks=[])
    calls.publish_calls()
    with bus.record(RequestStarted) as seen: ask(lm_of(Engine()))
    assert len(seen) == 1


def test_calls_that_have_ended_leave_nothing_to_the_garbage_collector():
    "What refers to itself stays until the next collection, and makes it come sooner: it costs every call."
    lm = lm_of(Engine())
    with bus.record(RequestFinished) as seen, dspy.context(lm=lm, adapter=dspy.ChatAdapter()):
        program(question='q')
        gc.collect()
        gc.disable()
        try:
            for _ in range(50): program(question='q')
            left = gc.collect()
        finally: gc.enable()
    assert len(seen) == 51 and left < 50
