"What goes wrong on purpose goes wrong as often, as long and in the ways that were asked for, and not once more."
import asyncio
import copy
import json
import pickle
import signal
import sys
import threading
from collections import Counter

import dspy
import pytest
from dspy.clients.engines.dummy_engine import DummyEngine
from dspy.clients.engines.stream_guard import achecked_stream, checked_stream
from dspy.lm15 import LM15Error, Message, Request, Response, StreamDeltaEvent, StreamEndEvent, StreamStartEvent, TextDelta, TextPart, ThinkingPart, ToolCallPart, TransportError, Usage
from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.events import Bus
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.resilience import chaos as module
from dspy_toolkit.resilience.chaos import AsyncChaosEngine, Chaos, ChaosBoard, ChaosEnded, ChaosEngine, ChaosInjected, ChaosStarted
from dspy_toolkit.resilience.window import ManualClock

REQUEST = Request(model='x/y', messages=(Message.user('hello'),))
WORDS = 'the answer is that there are seven of them in all and no more'.split(' ')
USAGE = Usage(input_tokens=3, output_tokens=len(WORDS))


class Speaker:
    "Says the words, one delta each; knows how many streams were closed before their end."
    supports_response_schema, supported_params, supports_grammar = True, frozenset({'response_format'}), True
    def __init__(self, words=WORDS): self.words, self.asked, self.left = words, 0, 0
    def complete(self, request):
        self.asked += 1
        return Response(id='1', model=request.model, message=Message.assistant(' '.join(self.words)), finish_reason='stop', usage=USAGE)
    def stream(self, request):
        self.asked += 1
        try:
            yield StreamStartEvent(id='1', model=request.model)
            for n, word in enumerate(self.words): yield StreamDeltaEvent(TextDelta(word if n == 0 else f' {word}'))
            yield StreamEndEvent(finish_reason='stop', usage=USAGE)
        except GeneratorExit: self.left += 1; raise
    def warm(self): return 'warm'
    def dump_state(self): return {'words': list(self.words)}
    @classmethod
    def load_state(cls, state): return cls(state['words'])


class AsyncSpeaker(Speaker):
    async def complete(self, request): return Speaker.complete(self, request)
    async def stream(self, request):
        for event in Speaker.stream(self, request): yield event


def made(**config):
    clock, bus = ManualClock(50.0), Bus()
    board = ChaosBoard(clock, clock.advance, bus)
    if config: board.start('e', Chaos(**config), 600)
    return board, clock, bus


def run(board, streaming=False, is_async=False, speaker=None):
    "One call to the end; the response, or the events, or the error that it ended in."
    speaker = speaker or (AsyncSpeaker() if is_async else Speaker())
    engine = (AsyncChaosEngine if is_async else ChaosEngine)(speaker, 'e', board)
    events = []
    async def later():
        if not streaming: return await engine.complete(REQUEST)
        async for event in achecked_stream(engine.stream(REQUEST)): events.append(event)
        return events
    try:
        if is_async: return asyncio.run(later())
        if not streaming: return engine.complete(REQUEST)
        for event in checked_stream(engine.stream(REQUEST)): events.append(event)
        return events
    except LM15Error as e:
        e.events = events
        return e


WAYS = pytest.mark.parametrize('streaming, is_async', [(False, False), (True, False), (False, True), (True, True)], ids=['complete', 'stream', 'acomplete', 'astream'])


# How often

CALLS = 2000
MIXED = dict(fail=0.3, errors=('server', 'timeout', 'memory'), truncate=0.1, garbage=0.05, broken=0.02, latency=1e-6, slow=0.25)


def kinds(seed, **config):
    board, clock, bus = made(**MIXED | config, seed=seed)
    engine, seen = ChaosEngine(Speaker(), 'e', board), []
    with bus.record(ChaosInjected) as told:
        for _ in range(CALLS):
            try: engine.complete(REQUEST)
            except LM15Error: pass
            seen.append(tuple(e.kind for e in told)); told.clear()
    return seen, board.active()['e'].injected


@pytest.mark.parametrize('seed', [0, 1, 2])
def test_each_fault_befalls_its_share_of_the_calls_and_only_one_of_them_a_call(seed):
    seen, injected = kinds(seed)
    shares = {'server': 0.1, 'timeout': 0.1, 'memory': 0.1, 'truncate': 0.1, 'garbage': 0.05, 'broken': 0.02, 'late': 0.25}
    assert injected == Counter(kind for call in seen for kind in call) and set(injected) == set(shares)
    for kind, share in shares.items():
        deviation = (CALLS * share * (1 - share)) ** 0.5
        assert abs(injected[kind] - CALLS * share) < 4 * deviation, kind
    assert max(len(set(call) - {'late'}) for call in seen) == 1


def test_the_same_seed_has_the_same_faults_and_another_seed_others():
    assert kinds(7)[0] == kinds(7)[0] != kinds(8)[0]
    assert kinds(None)[0] != kinds(None)[0]


def test_a_seed_gives_each_call_the_same_lot_whatever_became_of_the_calls_before():
    faults = lambda config: [[k for k in call if k == 'server'] for call in kinds(3, errors=('server',), **config)[0]]
    assert faults({}) == faults({'slow': 0.0}) == faults({'truncate': 0.0, 'garbage': 0.5})


@pytest.mark.parametrize('config, does', [({'fail': 0.0}, False), ({'fail': 1.0}, True), ({'broken': 1.0}, True), ({'fail': 0.5, 'garbage': 0.5}, True)])
def test_none_is_none_and_all_is_all(config, does):
    board, _, _ = made(**config)
    for _ in range(200): run(board)
    assert sum(board.active()['e'].injected.values()) == 200 * does


# The ways

@WAYS
@pytest.mark.parametrize('kind, error', [
    ('server', dspy.LMServerError), ('rate_limit', dspy.LMRateLimitError), ('timeout', dspy.LMTimeoutError), ('transport', dspy.LMTransportError),
    ('auth', dspy.LMAuthError), ('billing', dspy.LMBillingError), ('context_length', dspy.ContextWindowExceededError), ('invalid_request', dspy.LMInvalidRequestError),
    ('memory', dspy.LMServerError),
])
def test_each_error_reaches_a_program_as_dspys_own_and_the_engine_is_not_asked(kind, error, streaming, is_async):
    board, _, _ = made(fail=1.0, errors=kind)
    speaker, aspeaker = Speaker(), AsyncSpeaker()
    lm = dspy.LM('x/y', engine=ChaosEngine(speaker, 'e', board), async_engine=AsyncChaosEngine(aspeaker, 'e', board), cache=False, num_retries=0)
    program = dspy.Predict('question -> answer')
    streamed = dspy.streamify(program, is_async_program=is_async, stream_listeners=[dspy.streaming.StreamListener('answer')])
    async def read():
        if not streaming: return await program.acall(question='?')
        async for _ in streamed(question='?'): pass
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter()), pytest.raises(BaseException) as raised:
        if streaming or is_async: asyncio.run(read())
        else: program(question='?')
    found = raised.value
    while isinstance(found, BaseExceptionGroup): found = found.exceptions[0]
    assert type(found) is error and "chaos, on purpose, on 'e'" in str(found)
    assert (speaker.asked, aspeaker.asked) == (0, 0) and set(board.active()['e'].injected) == {kind}


def test_running_out_of_memory_looks_as_an_engine_tells_it():
    error = run(made(fail=1.0, errors='memory')[0])
    assert isinstance(error.__cause__, MemoryError) and error.status is None


@WAYS
def test_a_cut_answer_is_the_beginning_of_it_with_the_reason_length(streaming, is_async):
    board, texts = made(truncate=1.0, seed=5)[0], set()
    for _ in range(30):
        found = run(board, streaming, is_async)
        text, reason, usage = ((''.join(e.delta.text for e in found[1:-1]), found[-1].finish_reason, found[-1].usage) if streaming
                               else (found.message.text, found.finish_reason, found.usage))
        assert ' '.join(WORDS).startswith(text) and len(text) < len(' '.join(WORDS)) and reason == 'length' and usage == USAGE
        texts.add(text)
    assert len(texts) > 10


def test_complete_and_stream_are_cut_at_the_same_places():
    assert [run(made(truncate=1.0, seed=s)[0]).message.text for s in range(9)] == [''.join(e.delta.text for e in run(made(truncate=1.0, seed=s)[0], True)[1:-1]) for s in range(9)]


@WAYS
@pytest.mark.parametrize('adapter', [dspy.ChatAdapter(), dspy.JSONAdapter(), dspy.XMLAdapter(), GrammarAdapter()], ids=lambda a: type(a).__name__)
def test_no_adapter_makes_sense_of_garbage(adapter, streaming, is_async):
    board = made(garbage=1.0, seed=1)[0]
    program = dspy.Predict('question -> answer: str')
    lm = dspy.LM('x/y', engine=ChaosEngine(Speaker(), 'e', board), async_engine=AsyncChaosEngine(AsyncSpeaker(), 'e', board), cache=False, num_retries=0)
    streamed = dspy.streamify(program, is_async_program=is_async)
    async def read():
        if not streaming: return await program.acall(question='?')
        async for _ in streamed(question='?'): pass
    for _ in range(6):
        with dspy.context(lm=lm, adapter=adapter), pytest.raises(BaseException) as raised: asyncio.run(read()) if streaming or is_async else program(question='?')
        found = raised.value
        while isinstance(found, BaseExceptionGroup): found = found.exceptions[0]
        assert isinstance(found, dspy.utils.exceptions.AdapterParseError), repr(found)


def test_of_a_spoilt_answer_the_thinking_is_kept_and_tool_calls_are_not():
    class Thinker(Speaker):
        def complete(self, request):
            parts = [ThinkingPart('hm'), TextPart('yes'), ToolCallPart(id='1', name='f', input={})]
            return Response(id='1', model='x', message=Message.assistant(parts), finish_reason='tool_call', usage=USAGE)
    found = run(made(garbage=1.0)[0], speaker=Thinker())
    assert [p.type for p in found.message.parts] == ['thinking', 'text'] and found.finish_reason == 'stop'


@WAYS
def test_what_breaks_off_ends_in_a_transport_error_after_the_engine_was_asked(streaming, is_async):
    board, deltas = made(broken=1.0, seed=2)[0], set()
    for _ in range(100):
        speaker = AsyncSpeaker() if is_async else Speaker()
        error = run(board, streaming, is_async, speaker)
        assert type(error) is TransportError and speaker.asked == 1
        if streaming:
            assert [e.type for e in error.events] == ['start', *['delta'] * (len(error.events) - 1)]
            assert speaker.left == 1, "the engine's own stream is closed"
            deltas.add(len(error.events) - 1)
    if streaming: assert deltas == set(range(1, 9))
    assert board.active()['e'].injected == {'broken': 100}


@pytest.mark.parametrize('words', [['one'], []])
def test_a_short_stream_breaks_off_before_its_end(words):
    for seed in range(9):
        error = run(made(broken=1.0, seed=seed)[0], True, speaker=Speaker(words))
        assert type(error) is TransportError and len(error.events) == 1 + len(words)


def test_a_stream_that_is_closed_early_closes_the_engines():
    speaker = Speaker()
    events = ChaosEngine(speaker, 'e', made(fail=0.0, latency=1.0)[0]).stream(REQUEST)
    next(events), next(events)
    events.close()
    assert speaker.left == 1


@WAYS
@pytest.mark.parametrize('config', [{'garbage': 1.0}, {'truncate': 1.0}], ids=str)
def test_a_spoilt_answer_is_not_served_from_dspys_cache_when_it_is_over_and_a_good_one_is(config, streaming, is_async, request):
    board, _, _ = made(**config)
    speakers = Speaker(), AsyncSpeaker()
    lm = dspy.LM(f'x/{request.node.name}', engine=ChaosEngine(speakers[0], 'e', board), async_engine=AsyncChaosEngine(speakers[1], 'e', board), num_retries=0)
    class Ask(dspy.Module):
        def forward(self): return dspy.Prediction(text=lm('hello')[0])
        async def aforward(self): return dspy.Prediction(text=(await lm.acall('hello'))[0])
    def ask():
        async def read():
            if not streaming: return await Ask().acall()
            async for found in dspy.streamify(Ask(), is_async_program=is_async)(): last = found
            return last
        return (asyncio.run(read()) if streaming or is_async else Ask()()).text
    assert ask() != ' '.join(WORDS)
    board.stop()
    assert [ask(), ask()] == [' '.join(WORDS)] * 2 and sum(s.asked for s in speakers) == 2


# Late

@WAYS
def test_a_late_call_waits_once_before_anything_comes(streaming, is_async):
    board, clock, bus = made(latency=2.0)
    with bus.record() as seen: found = run(board, streaming, is_async)
    assert clock() == 52.0 and seen == [ChaosInjected('e', 'late')]
    assert len(found) == len(WORDS) + 2 if streaming else found.message.text == ' '.join(WORDS)


def test_a_call_may_be_late_and_fail():
    board, clock, bus = made(latency=2.0, fail=1.0)
    with bus.record() as seen: error = run(board)
    assert clock() == 52.0 and isinstance(error, LM15Error) and [e.kind for e in seen] == ['late', 'server']


def test_no_call_is_later_than_the_chaos_lasts_and_then_it_goes_well():
    board, clock, bus = made(latency=5000.0, fail=1.0)
    clock.advance(599)
    with bus.record() as seen: assert isinstance(run(board), Response)
    assert clock() == 650.0 and seen == [ChaosInjected('e', 'late'), ChaosEnded('e', 'expired', 1)]


def test_stopping_lets_those_go_who_are_being_late_and_they_go_well():
    bus, found = Bus(), []
    board = ChaosBoard(bus=bus)
    board.start('e', Chaos(latency=600.0, fail=1.0), 3600)
    late = threading.Semaphore(0)
    bus.subscribe(lambda event: late.release(), ChaosInjected)
    threads = [threading.Thread(target=lambda: found.append(run(board))) for _ in range(4)]
    for thread in threads: thread.start()
    for _ in threads: late.acquire()
    board.stop()
    for thread in threads: thread.join()
    assert [type(r) for r in found] == [Response] * 4


def test_an_interrupt_ends_being_late():
    bus = Bus()
    board = ChaosBoard(bus=bus)
    board.start('e', Chaos(latency=600.0), 3600)
    bus.subscribe(lambda event: threading.Timer(0.05, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start(), ChaosInjected)
    try:
        with pytest.raises(KeyboardInterrupt): run(board)
    finally: board.stop()


def test_cancelling_a_task_ends_being_late():
    bus, speaker = Bus(), AsyncSpeaker()
    board = ChaosBoard(bus=bus)
    board.start('e', Chaos(latency=600.0), 3600)
    async def main():
        task = asyncio.create_task(AsyncChaosEngine(speaker, 'e', board).complete(REQUEST))
        bus.subscribe(lambda event: asyncio.get_running_loop().call_soon(task.cancel), ChaosInjected)
        with pytest.raises(asyncio.CancelledError): await task
    try: asyncio.run(main())
    finally: board.stop()
    assert speaker.asked == 0


# How long

def test_it_ends_by_itself_and_tells_without_being_asked():
    board, clock, bus = made()
    with bus.record() as seen:
        started = board.start('e', Chaos(fail=1.0), 60)
        assert started.brief() == "100% of calls fail (server); 60 s left"
        clock.advance(59.5)
        assert isinstance(run(board), LM15Error) and board.active()['e'].left == 0.5 and board.active()['e'].injected == {'server': 1}
        clock.advance(0.5)
        assert isinstance(run(board), Response) and board.active() == {}
    assert seen == [ChaosStarted('e', '100% of calls fail (server)', 60), ChaosInjected('e', 'server'), ChaosEnded('e', 'expired', 1)]


def test_the_clock_decides_also_when_no_alarm_rings():
    now = [0.0]
    board = ChaosBoard(lambda: now[0], bus=(bus := Bus()))
    for look in (lambda: run(board), board.active):
        board.start('e', Chaos(fail=1.0), 3600)
        now[0] += 3600
        with bus.record() as seen: look()
        assert seen == [ChaosEnded('e', 'expired', 0)] and isinstance(run(board), Response)


def test_in_earnest_a_timer_ends_it_and_stopping_ends_the_timer():
    bus, ended = Bus(), threading.Event()
    board = ChaosBoard(bus=bus)
    bus.subscribe(lambda event: ended.set(), ChaosEnded)
    board.start('e', Chaos(fail=1.0), 0.02)
    assert ended.wait(30)
    before = threading.active_count()
    board.start('e', Chaos(fail=1.0), 3600)
    timer = next(t for t in threading.enumerate() if isinstance(t, threading.Timer))
    board.stop()
    timer.join(30)
    assert not timer.is_alive() and threading.active_count() <= before


@WAYS
def test_nothing_goes_wrong_after_a_stop(streaming, is_async):
    board, _, bus = made(fail=1.0)
    assert isinstance(run(board, streaming, is_async), LM15Error)
    board.stop('other')
    assert isinstance(run(board, streaming, is_async), LM15Error)
    board.stop('e')
    with bus.record() as seen:
        for _ in range(20): assert not isinstance(run(board, streaming, is_async), LM15Error)
        board.stop('e'), board.stop()
    assert seen == [] and board.active() == {}


def test_a_stream_on_its_way_goes_well_after_a_stop():
    board, _, bus = made(broken=1.0)
    events = ChaosEngine(Speaker(), 'e', board).stream(REQUEST)
    next(events), next(events)
    board.stop()
    with bus.record() as seen: assert [e.type for e in events][-1] == 'end'
    assert seen == []


def test_started_again_it_is_replaced_and_the_old_alarm_does_not_end_the_new():
    board, clock, bus = made(fail=1.0)
    clock.advance(300)
    run(board)
    with bus.record() as seen: board.start('e', Chaos(garbage=1.0), 600)
    assert seen == [ChaosEnded('e', 'replaced', 1), ChaosStarted('e', '100% of calls answer garbage', 600)]
    clock.advance(300)
    assert board.active()['e'].left == 300 and board.active()['e'].injected == {}


def test_names_are_apart():
    board, _, _ = made(fail=1.0)
    assert isinstance(ChaosEngine(Speaker(), 'other', board).complete(REQUEST), Response)
    board.start('other', Chaos(garbage=1.0), 60)
    assert set(board.active()) == {'e', 'other'}
    board.stop('e')
    assert set(board.active()) == {'other'}
    board.stop()
    assert board.active() == {}


def test_the_process_has_a_board_that_engines_use_when_none_is_named():
    engine = ChaosEngine(Speaker(), 'test_chaos')
    module.start('test_chaos', Chaos(fail=1.0), 60)
    try:
        with pytest.raises(LM15Error): engine.complete(REQUEST)
        assert module.active()['test_chaos'].injected == {'server': 1}
    finally: module.stop('test_chaos')
    assert isinstance(engine.complete(REQUEST), Response) and 'test_chaos' not in module.active()


def test_threads_share_one_run_of_faults_without_losing_any():
    board, _, bus = made(fail=0.5, seed=4)
    engine, gate, failed, told = ChaosEngine(Speaker(), 'e', board), threading.Barrier(16, timeout=60), [0] * 16, []
    bus.subscribe(told.append, ChaosInjected)
    def work(n):
        gate.wait()
        for _ in range(125):
            try: engine.complete(REQUEST)
            except LM15Error: failed[n] += 1
    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    finally: sys.setswitchinterval(interval)
    alone = made(fail=0.5, seed=4)[0]
    for _ in range(2000): run(alone)
    assert sum(failed) == len(told) == board.active()['e'].injected['server'] == alone.active()['e'].injected['server']


def test_starting_and_stopping_from_many_threads_tells_one_end_for_each_start():
    board, _, bus = made()
    with bus.record() as seen:
        def work():
            for _ in range(50): board.start('e', Chaos(fail=1.0), 60); board.stop('e')
        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    counts = Counter(type(e).__name__ for e in seen)
    assert counts == {'ChaosStarted': 400, 'ChaosEnded': 400} and board.active() == {}


# What may be asked for

@pytest.mark.parametrize('config', [
    {'fail': 30}, {'fail': -0.1}, {'slow': 1.5}, {'truncate': '1'}, {'garbage': True}, {'broken': float('nan')}, {'latency': -1}, {'latency': None},
    {'errors': ()}, {'errors': ('fire',)}, {'seed': 'a'},
])
def test_chaos_that_cannot_be_names_the_value(config):
    (name, value), = config.items()
    with pytest.raises(SettingsError, match=f'^{name} = '): Chaos(**config)


def test_shares_cannot_add_up_to_more_than_all_calls():
    assert Chaos(fail=0.1, truncate=0.2, garbage=0.3, broken=0.4)
    with pytest.raises(SettingsError, match='= 1.1 is more than all calls'): Chaos(fail=0.5, broken=0.6)


@pytest.mark.parametrize('seconds', [0, -1, 3601, None, True, '60', float('inf'), float('nan')])
def test_it_cannot_be_started_without_an_end(seconds):
    board, _, _ = made()
    with pytest.raises(SettingsError, match='at most an hour'): board.start('e', Chaos(fail=1.0), seconds)
    with pytest.raises(SettingsError, match='is not a Chaos'): board.start('e', 0.3, 60)
    with pytest.raises(TypeError): board.start('e', Chaos())
    assert board.active() == {}


@pytest.mark.parametrize('config, brief', [
    ({}, "nothing goes wrong"), ({'fail': 0.3, 'latency': 2}, "30% of calls fail (server), 2 s late"),
    ({'broken': 0.005, 'truncate': 1, 'fail': 0}, None), ({'garbage': 0.125, 'truncate': 0.1, 'latency': 0.5, 'slow': 0.2}, "10% of calls are cut short, 12.5% of calls answer garbage, 20% of calls 0.5 s late"),
    ({'fail': 1, 'errors': ['auth', 'timeout'], 'latency': 1, 'slow': 0}, "100% of calls fail (auth, timeout)"),
])
def test_it_is_said_in_one_line(config, brief):
    if brief is None:
        with pytest.raises(SettingsError): Chaos(**config)
    else: assert Chaos(**config).brief() == brief


# The engine

def test_whatever_else_is_asked_is_answered_by_the_engine_behind():
    speaker = Speaker()
    engine = ChaosEngine(speaker, 'e', made()[0])
    lm = dspy.LM('x/y', engine=engine, async_engine=AsyncChaosEngine(AsyncSpeaker(), 'e'))
    assert (lm.supports_response_schema, lm.supported_params, engine.supports_grammar, engine.warm()) == (True, {'response_format'}, True, 'warm')
    assert not hasattr(engine, 'close') and engine.complete(REQUEST).text == ' '.join(WORDS)


def test_an_engine_with_dspys_older_method_is_not_asked_behind_the_back_of_the_chaos():
    older = DummyEngine(dspy.utils.DummyLM([{'answer': 'yes'}] * 4))
    board, _, _ = made(fail=1.0)
    guarded = dspy.LM('x/y', engine=ChaosEngine(older, 'e', board), cache=False, num_retries=0)
    program = dspy.Predict('question -> answer')
    with dspy.context(lm=guarded, adapter=dspy.ChatAdapter()):
        with pytest.raises(dspy.LMServerError): program(question='?')
        board.stop()
        assert program(question='?').answer == 'yes'


def test_an_lm_is_saved_with_its_engine_and_its_name_and_without_chaos():
    module.start('saved', Chaos(fail=1.0), 60)
    try:
        lm = dspy.LM('x/y', engine=ChaosEngine(Speaker(['yes']), 'saved'), async_engine=AsyncChaosEngine(AsyncSpeaker(['no']), 'saved'))
        state = json.loads(json.dumps(lm.dump_state()))
    finally: module.stop('saved')
    assert 'fail' not in json.dumps(state)
    loaded = dspy.LM.load_state(state, allow_custom_lm_class=True)
    assert type(loaded.engine) is ChaosEngine and loaded.engine.complete(REQUEST).text == 'yes' and loaded.engine.dump_state() == lm.engine.dump_state()
    assert asyncio.run(loaded._async_engine_spec.complete(REQUEST)).text == 'no'


def test_copies_stand_before_the_same_engine_and_pickles_before_a_copy_of_it():
    engine = ChaosEngine(Speaker(['yes']), 'e')
    assert copy.deepcopy(engine) is engine and copy.copy(engine).words is engine.words
    other = pickle.loads(pickle.dumps(engine))
    assert type(other) is ChaosEngine and other.complete(REQUEST).text == 'yes' and other.words is not engine.words
