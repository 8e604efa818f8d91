"Fallbacks: who is asked, when, and what becomes of failures, hedges and streams that break."
import asyncio, copy, json, pickle, threading, time
from collections import Counter
from dataclasses import replace

import dspy
import pytest
from dspy.lm15 import (AuthError, BillingError, Config, ContextLengthError, InvalidRequestError, Message, RateLimitError, Request, Response, ServerError, StreamDeltaEvent,
                       StreamEndEvent, StreamStartEvent, TextDelta, ThinkingDelta, ToolCallDelta, TransportError, Usage)
from dspy.lm15 import TimeoutError as Late
from dspy.utils.exceptions import ContextWindowExceededError, LMError, is_retryable_lm_error
from hypothesis import given, settings as law, strategies as st

from dspy_toolkit.core import events
from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.errors import InputError, SettingsError, ToolkitError
from dspy_toolkit.core.events import FallbackHop
from dspy_toolkit.resilience.breaker import BreakerConfig, CircuitBreaker, State, breakers
from dspy_toolkit.resilience.fallback import AllLegsFailed, AsyncFallbackEngine, FallbackEngine, FallbackHedged, FallbackSeam, FallbackServed, TooLongForAll, fallback
from dspy_toolkit.resilience.legs import Leg, begin
from dspy_toolkit.resilience.retry import Retry, RetryConfig
from dspy_toolkit.core.seam import SEAM, after_seam
from dspy_toolkit.resilience.semantic import Semantics, unwatch
from dspy_toolkit.resilience.window import ManualClock


@pytest.fixture(autouse=True)
def _own_breakers():
    breakers.reset()
    yield
    breakers.reset()
    unwatch()


class Said:
    "An async engine that says its lines, the last one for ever. A line is an error, a text, or a list of pieces, errors and pauses in seconds."
    supported_params = frozenset({'temperature', 'max_tokens', 'response_format'})

    def __init__(self, *lines, seconds=0.0, **abilities):
        self.lines, self.seconds, self.asked, self.now, self.most, self.cancelled, self.lock = list(lines), seconds, [], 0, 0, 0, threading.Lock()
        vars(self).update(abilities)

    def _line(self, request):
        with self.lock:
            self.asked.append(request)
            return self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]

    async def _pause(self, seconds):
        self.now += 1
        self.most = max(self.most, self.now)
        try: await asyncio.sleep(seconds)
        except asyncio.CancelledError: self.cancelled += 1; raise
        finally: self.now -= 1

    async def complete(self, request):
        line = self._line(request)
        await self._pause(self.seconds)
        if isinstance(line, Exception): raise line
        text = line if isinstance(line, str) else ''.join(piece for piece in line if isinstance(piece, str))
        return Response(id='1', model=request.model, message=Message.assistant(text), finish_reason='stop', usage=Usage(input_tokens=5, output_tokens=3))

    async def stream(self, request):
        line = self._line(request)
        await self._pause(self.seconds)
        if isinstance(line, Exception): raise line
        yield StreamStartEvent(id='1', model=request.model)
        for piece in [line] if isinstance(line, str) else line:
            if isinstance(piece, Exception): raise piece
            if isinstance(piece, float): await self._pause(piece)
            else: yield StreamDeltaEvent(piece if not isinstance(piece, str) else TextDelta(piece))
        yield StreamEndEvent(finish_reason='stop', usage=Usage(input_tokens=5, output_tokens=3))


class Writes(Said):
    "Writes a text, and goes on with one that was begun."
    supports_prefill = True
    def __init__(self, text, **more): super().__init__(text, **more); self.text = text
    def _line(self, request):
        super()._line(request)
        last = request.messages[-1]
        if last.role != 'assistant': return list(self.text)
        if not self.text.startswith(last.text): raise InvalidRequestError('this is not how it begins')
        return list(self.text[len(last.text):])


class Reads(dspy.ChatAdapter):
    reads_seams = True


def engine(*legs, **kwargs): return FallbackEngine([leg if isinstance(leg, Leg) else Leg(leg, f'leg{n}') for n, leg in enumerate(legs)], **kwargs)

REQUEST = Request('fallback/x', Message.user('which team?'), config=Config())
def complete(made): return made.complete(REQUEST)
def story(response): return response.provider_data['fallback']
def text_of(made, request=REQUEST): return ''.join(e.delta.text for e in made.stream(request) if e.type == 'delta' and e.delta.type == 'text')


# who is asked

def test_the_first_leg_answers_and_no_other_is_asked():
    first, second = Said('a'), Said('b')
    response = complete(engine(first, second))
    assert response.text == 'a' and story(response) == {'leg': 'leg0', 'attempts': []} and not second.asked


@pytest.mark.parametrize('error', [ServerError('x'), RateLimitError('x'), TransportError('x'), AuthError('x'), BillingError('x'), InvalidRequestError('x'), ContextLengthError('x'),
                                   ImportError('no mlx'), ValueError('x'), MemoryError('x')])
def test_whatever_error_a_leg_has_the_next_one_is_asked(error):
    with events.bus.record(FallbackHop, FallbackServed) as seen: response = complete(engine(Said(error), Said('b')))
    assert response.text == 'b' and [a['error'] for a in story(response)['attempts']] == [type(error).__name__]
    assert seen[0] == FallbackHop('fallback', 'leg0', 'leg1', type(error).__name__)
    assert (seen[1].leg, seen[1].attempts) == ('leg1', 1)


def test_each_leg_is_asked_by_its_own_model_name():
    first, second = Said(ServerError('x'), model='local/one'), Said('b', model='cloud/two')
    complete(FallbackEngine([Leg(first), Leg(second)]))
    assert [each.asked[0].model for each in (first, second)] == ['local/one', 'cloud/two']


def test_when_no_leg_answers_one_error_names_them_all():
    with pytest.raises(AllLegsFailed) as e: complete(engine(Said(ServerError('boom')), Said(RateLimitError('slowly', retry_after=7)), Said(TransportError('gone')), name='safe'))
    assert [(a.leg, a.error, a.retry_after) for a in e.value.attempts] == [('leg0', 'ServerError', None), ('leg1', 'RateLimitError', 7), ('leg2', 'TransportError', None)]
    said = str(e.value)
    assert "no leg of 'safe' answered" in said and 'leg0: ServerError: boom' in said and 'leg1: RateLimitError: slowly; may be tried again in 7 s' in said
    assert e.value.retry_after == 7 and 'in 7 s' in e.value.hint
    assert pickle.loads(pickle.dumps(e.value)).attempts == e.value.attempts


def test_with_every_leg_open_the_error_says_why_and_when():
    made = engine(Said(ServerError('out of memory')), Said(TransportError('no route')))
    for n, leg in enumerate(made.legs):
        config = BreakerConfig(minimum_number_of_calls=1, wait_duration_in_open=30.0 * (n + 1))
        leg.breaker = CircuitBreaker(leg.name, config, clock=ManualClock())
    with pytest.raises(AllLegsFailed): complete(made)
    with pytest.raises(AllLegsFailed) as e: complete(made)
    first, second = map(str, e.value.attempts)
    assert first == 'leg0: its breaker is open, after ServerError: out of memory; may be tried again in 30 s'
    assert second == 'leg1: its breaker is open, after TransportError: no route; may be tried again in 60 s'
    assert len(made.legs[0].lm.asked) == 1 and round(e.value.retry_after) == 30


def test_dspy_hands_the_error_through_as_it_is_and_does_not_retry():
    leg = Said(ServerError('x'))
    made = engine(leg)
    lm = dspy.LM('fallback/x', engine=made, async_engine=made.asynchronous, num_retries=3, cache=False)
    with pytest.raises(AllLegsFailed) as e: lm('hello')
    assert isinstance(e.value, (ToolkitError, LMError)) and not is_retryable_lm_error(e.value) and len(leg.asked) == 1
    with pytest.raises(AllLegsFailed): asyncio.run(lm.acall('hello'))


def test_a_wrong_key_does_not_count_against_a_legs_health():
    made = engine(Said(AuthError('x')), Said('b'))
    for _ in range(30): complete(made)
    assert made.legs[0].breaker.snapshot().failed == 0 and made.legs[0].breaker.state is State.closed


def test_an_open_leg_is_passed_over_until_its_time_has_come():
    made = engine(Said(*[ServerError('x')] * 5, 'well again'), Said('b'))
    for _ in range(8): complete(made)
    assert len(made.legs[0].lm.asked) == 5 and made.legs[0].breaker.state is State.open
    made.legs[0].breaker.transition_to('half_open')
    assert complete(made).text == 'well again' and made.legs[0].breaker.state is State.closed


# what is too long

def test_a_prompt_that_is_too_long_goes_to_a_leg_that_holds_more():
    long, small, large = Said(ContextLengthError('8000 tokens')), Said('small'), Said('large')
    made = FallbackEngine([Leg(long, 'a', context_window=4096), Leg(small, 'b', context_window=2048), Leg(large, 'c', context_window=32768)])
    assert complete(made).text == 'large' and not small.asked
    assert made.legs[0].breaker.snapshot().failed == 0


def test_a_leg_of_unknown_window_is_asked():
    assert complete(FallbackEngine([Leg(Said(ContextLengthError('x')), 'a', context_window=4096), Leg(Said('b'), 'b')])).text == 'b'


def test_a_prompt_too_long_for_all_is_the_error_that_dspys_agents_shorten_their_history_for():
    made = FallbackEngine([Leg(Said(ContextLengthError('x')), 'a', context_window=4096), Leg(Said('b'), 'b', context_window=2048)])
    with pytest.raises(TooLongForAll) as e: complete(made)
    assert isinstance(e.value, ContextWindowExceededError) and isinstance(e.value, AllLegsFailed)
    assert 'b: not asked, as it holds 2048 tokens and 4096 were too few' in str(e.value)


# time and room

def test_a_leg_that_takes_too_long_is_given_up_and_its_request_cancelled():
    slow = Said('a', seconds=30)
    response = complete(FallbackEngine([Leg(slow, 'slow', timeout=0.05), Leg(Said('b'), 'b')]))
    assert response.text == 'b' and 'slow took more than 0.05 s' in story(response)['attempts'][0]['message'] and slow.cancelled == 1
    assert story(response)['attempts'][0]['error'] == 'TimeoutError'


def test_a_stream_that_falls_silent_is_given_up():
    made = FallbackEngine([Leg(Said(['bil', 30.0, 'ling']), 'slow', timeout=0.1), Leg(Writes('billing'), 'b')])
    assert text_of(made) == 'billing'


def test_a_blocking_engine_is_left_behind_when_its_time_is_over():
    go = threading.Event()
    class Blocks:
        def complete(self, request): go.wait(30)
    assert complete(FallbackEngine([Leg(Blocks(), 'slow', timeout=0.05), Leg(Said('b'), 'b')])).text == 'b'
    go.set()


def test_no_more_requests_than_its_places_are_at_a_leg():
    narrow, wide = Said('a', seconds=0.02), Said('b', seconds=0.02)
    made = FallbackEngine([Leg(narrow, 'narrow', concurrency=3), Leg(wide, 'wide')])
    async def many(): return await asyncio.gather(*(made.asynchronous.complete(REQUEST) for _ in range(40)))
    answers = Counter(r.text for r in asyncio.run(many()))
    assert narrow.most == 3 and answers['a'] >= 3 and answers['b'] > 0 and sum(answers.values()) == 40


def test_where_there_is_no_other_leg_requests_wait_for_a_place():
    narrow = Said('a', seconds=0.005)
    made = FallbackEngine([Leg(narrow, 'narrow', concurrency=2)])
    async def many(): return await asyncio.gather(*(made.asynchronous.complete(REQUEST) for _ in range(20)))
    assert len(asyncio.run(many())) == 20 and narrow.most == 2


# hedging

def test_the_slow_one_is_cancelled_when_the_other_has_answered():
    slow, quick = Said('a', seconds=30), Said('b')
    made = engine(slow, quick, hedge_after=0.03)
    with events.bus.record(FallbackHedged, FallbackHop) as seen: assert complete(made).text == 'b'
    assert [(type(e).__name__, getattr(e, 'slow', ''), e.leg) for e in seen] == [('FallbackHedged', 'leg0', 'leg1')]
    begin(asyncio.sleep(0.01)).result()
    assert slow.cancelled == 1 and made.legs[0].breaker.snapshot().buffered == 0 and made.legs[1].breaker.snapshot().successful == 1


def test_the_first_one_counts_when_it_is_quicker_than_its_hedge():
    first, second = Said('a', seconds=0.08), Said('b', seconds=30)
    assert complete(engine(first, second, hedge_after=0.02)).text == 'a' and len(second.asked) == 1


def test_a_hedge_that_fails_leaves_the_first_one_running():
    response = complete(engine(Said('a', seconds=0.1), Said(ServerError('x')), hedge_after=0.01))
    assert response.text == 'a' and [a['leg'] for a in story(response)['attempts']] == ['leg1']


def test_nobody_is_hedged_before_enough_is_known():
    slow, second = Said('a', seconds=0.02), Said('b')
    made = engine(slow, second, strategy='hedged')
    for _ in range(19): complete(made)
    assert not second.asked and made.legs[0].percentile(0.95) is None
    complete(made)
    slow.seconds = 30
    assert complete(made).text == 'b'


def test_a_leg_whose_breaker_is_open_is_no_hedge():
    made = engine(Said('a', seconds=0.08), Said('b'), hedge_after=0.01)
    made.legs[1].breaker.transition_to('forced_open')
    with events.bus.record(FallbackHedged) as seen: assert complete(made).text == 'a'
    assert not seen


def test_a_stream_is_hedged_until_its_first_piece_only():
    made = engine(Said(['a', 0.2, 'b']), Said('other'), hedge_after=0.05)
    with events.bus.record(FallbackHedged) as seen: assert text_of(made) == 'ab'
    assert not seen
    made = engine(Said('a', seconds=30), Said(['x', 'y']), hedge_after=0.05)
    assert text_of(made) == 'xy'


# strategies

def test_weighted_legs_are_asked_by_their_weights():
    first, second, third = Said('a'), Said('b'), Said('c')
    made = FallbackEngine([Leg(first, 'a', weight=6), Leg(second, 'b', weight=3), Leg(third, 'c', weight=1)], strategy='weighted', seed=0)
    firsts = Counter(made.core.order()[0].name for _ in range(4000))
    assert abs(firsts['a'] / 4000 - .6) < .03 and abs(firsts['b'] / 4000 - .3) < .03 and abs(firsts['c'] / 4000 - .1) < .02
    again = FallbackEngine(made.legs, strategy='weighted', seed=1)
    assert sorted(leg.name for leg in again.core.order()) == ['a', 'b', 'c']


class Timed(Said):
    "Takes its seconds by a clock that only it moves, so that a busy machine changes nothing."
    async def _pause(self, seconds): self.clock.advance(seconds)


def test_an_adaptive_fallback_begins_with_the_leg_that_answers_soonest_and_still_looks_at_the_others():
    clock = ManualClock()
    slow, quick = Timed('slow', seconds=0.02, clock=clock), Timed('quick', seconds=0.001, clock=clock)
    made = engine(slow, quick, strategy='adaptive', explore=0.1, seed=1, clock=clock)
    answers = [complete(made).text for _ in range(60)]
    assert answers.count('quick') > 45 and answers.count('slow') >= 2


def test_an_adaptive_fallback_leaves_a_leg_that_fails_and_comes_back():
    clock = ManualClock()
    flaky, steady = Timed('flaky', seconds=0.001, clock=clock), Timed('steady', seconds=0.004, clock=clock)
    made = engine(flaky, steady, strategy='adaptive', explore=0.2, seed=3, clock=clock)
    for _ in range(10): complete(made)
    assert made.core.legs[0].expected_seconds < made.core.legs[1].expected_seconds
    flaky.lines = [ServerError('x')]
    for _ in range(30): complete(made)
    assert made.legs[0].expected_seconds > made.legs[1].expected_seconds
    flaky.lines = ['flaky']
    made.legs[0].breaker.reset()
    assert made.legs[0].expected_seconds < made.legs[1].expected_seconds


@pytest.mark.parametrize('more, said', [
    (dict(strategy='best'), "strategy = 'best'"), (dict(hedge_after='95'), None), (dict(hedge_after='p0'), "hedge_after = 'p0'"), (dict(hedge_after='soon'), "hedge_after = 'soon'"),
    (dict(hedge_after=-1), 'less than 0 s'), (dict(explore=2), 'explore = 2')])
def test_a_setting_that_cannot_be_is_named(more, said):
    if said is None: assert engine(Said('a'), **more).core.percentile == 0.95; return
    with pytest.raises(SettingsError, match=said.replace('(', r'\(')): engine(Said('a'), **more)


@pytest.mark.parametrize('make, said', [
    (lambda: FallbackEngine([]), 'has no legs'), (lambda: FallbackEngine('openai/m'), 'is one name'), (lambda: FallbackEngine([Leg(Said('a'), 'a'), Leg(Said('b'), 'a')]), "two legs of 'fallback' are called 'a'"),
    (lambda: Leg(7), 'is no model'), (lambda: Leg('mlx/tiny'), 'has to be made first'), (lambda: Leg(Said('a'), timeout=0), 'timeout = 0'),
    (lambda: Leg(Said('a'), weight=-1), 'weight = -1'), (lambda: Leg(Said('a'), concurrency=0), 'concurrency = 0')])
def test_a_leg_that_cannot_be_is_named(make, said):
    with pytest.raises((InputError, SettingsError), match=said): make()


# answers that are none

def test_an_empty_answer_is_left_for_the_next_leg_and_counted():
    made = engine(Said('  '), Said('b'))
    response = complete(made)
    assert response.text == 'b' and story(response)['attempts'][0]['error'] == 'empty' and made.legs[0].breaker.snapshot().failed == 1


def test_where_all_answers_are_empty_the_first_one_is_given():
    response = complete(engine(Said(''), Said('')))
    assert response.text == '' and [a['error'] for a in story(response)['attempts']] == ['empty', 'empty']
    assert [e.type for e in engine(Said(''), Said('')).stream(REQUEST)][-1] == 'end'


def test_an_empty_stream_is_left_for_the_next_leg():
    assert text_of(engine(Said([]), Said(['b']))) == 'b'


def test_which_answers_another_leg_shall_give_can_be_said():
    assert complete(engine(Said(''), Said('b'), hop_on=())).text == ''


def test_an_answer_that_does_not_parse_counts_against_the_leg_that_gave_it():
    class Triage(dspy.Signature):
        email: str = dspy.InputField()
        urgent: bool = dspy.OutputField()
    made = engine(Said('no such layout'))
    lm = dspy.LM('fallback/x', engine=made, cache=False, num_retries=0)
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter(use_json_adapter_fallback=False)), pytest.raises(Exception, match='parse'): dspy.Predict(Triage)(email='x')
    now = made.legs[0].breaker.snapshot()
    assert (now.buffered, now.failed, now.reasons) == (1, 1, {'unparsed': 1})


def test_a_second_best_answer_is_not_kept_in_dspys_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(dspy, 'cache', dspy.clients.cache.Cache(enable_disk_cache=False, enable_memory_cache=True, disk_cache_dir=str(tmp_path), memory_max_entries=100))
    lm = fallback('safe', [Leg(Said(ServerError('x'), 'first'), 'a'), Leg(Said('second'), 'b')])
    assert [lm('hello') for _ in range(3)] == [['second'], ['first'], ['first']] and len(lm.engine.legs[0].lm.asked) == 2
    lm = fallback('safe', [Leg(Said(ServerError('x'), 'first'), 'c'), Leg(Said('second'), 'd')])
    async def run(): return [await lm.acall('hullo') for _ in range(3)]
    assert asyncio.run(run()) == [['second'], ['first'], ['first']]


# retries

def test_a_leg_is_retried_before_the_next_one_is_asked():
    flaky, second = Said(ServerError('x'), ServerError('x'), 'a'), Said('b')
    made = FallbackEngine([Leg(flaky, 'flaky', retry=Retry(RetryConfig(attempts=3, wait=lambda attempt: 0.001))), Leg(second, 'second')])
    assert complete(made).text == 'a' and not second.asked and len(flaky.asked) == 3
    flaky.lines = [ServerError('x'), 'again']
    assert text_of(made) == 'again' and not second.asked


def test_retries_of_the_leg_and_of_dspy_do_not_multiply():
    leg = Said(ServerError('x'))
    made = FallbackEngine([Leg(leg, 'leg', retry=Retry(RetryConfig(attempts=3, wait=lambda attempt: 0.001)))])
    with pytest.raises(AllLegsFailed): dspy.LM('fallback/x', engine=made, num_retries=5, cache=False)('hello')
    assert len(leg.asked) == 3


# streams that break

def test_a_stream_that_cannot_begin_is_left_without_a_trace():
    with events.bus.record(FallbackHop) as seen: found = list(engine(Said(TransportError('x')), Said(['b', 'c'])).stream(REQUEST))
    assert [e.type for e in found] == ['start', 'delta', 'delta', 'end'] and len(seen) == 1


@given(cut=st.integers(1, 26))
@law(deadline=None, max_examples=26)
def test_a_broken_stream_is_continued_from_wherever_it_broke(cut):
    text = 'the answer goes on and on.'
    breakers.reset()
    made = engine(Said([*text[:cut], TransportError('reset')]), Writes(text))
    with events.bus.record(FallbackSeam) as seen: *_, end = found = list(made.stream(REQUEST))
    assert seen == [FallbackSeam('fallback', 'leg0', 'leg1', 'continued', cut)]
    assert ''.join(e.delta.text for e in found if e.type == 'delta') == text
    assert len({e.delta.part_index for e in found if e.type == 'delta'}) == 1
    assert end.provider_data['fallback']['seam'] == {'how': 'continued', 'after': cut, 'from': 'leg0', 'to': 'leg1'}
    assert end.provider_data['fallback']['attempts'][0]['written'] == cut


def test_a_stream_is_begun_anew_behind_a_seam_where_the_adapter_reads_seams():
    with dspy.context(adapter=Reads()): text = text_of(engine(Said(['bil', TransportError('x')]), Said(['tech', 'nical'])))
    assert text == f'bil{SEAM}technical'


def test_what_cannot_be_continued_is_begun_anew():
    with dspy.context(adapter=Reads()): text = text_of(engine(Said(['bil', TransportError('x')]), Writes('technical')))
    assert text == f'bil{SEAM}technical'


def test_a_stream_may_break_twice():
    with dspy.context(adapter=Reads()):
        made = engine(Said(['bil', TransportError('x')]), Said(['tec', TransportError('x')]), Writes('technical'))
        text = text_of(made)
    assert after_seam(text) == 'technical' and text.count(SEAM) == 1


def test_without_a_way_to_go_on_the_error_names_the_break():
    with dspy.context(adapter=dspy.ChatAdapter()), pytest.raises(AllLegsFailed) as e: text_of(engine(Said(['bil', TransportError('reset')]), Said(['tech'])))
    assert [(a.error, a.written) for a in e.value.attempts][0] == ('TransportError', 3) and 'reads no seams' in e.value.attempts[1].message


def test_half_a_tool_call_is_not_begun_anew():
    half = Said([ToolCallDelta('{"a"', id='1', name='f'), TransportError('x')])
    second = Said(['b'])
    with dspy.context(adapter=Reads()), pytest.raises(AllLegsFailed): list(engine(half, second).stream(REQUEST))
    assert not second.asked


def test_after_nothing_but_thinking_a_stream_is_begun_anew_without_a_seam():
    found = list(engine(Said([ThinkingDelta('hm'), TransportError('x')]), Said([ThinkingDelta('well', part_index=0), TextDelta('b', part_index=1)])).stream(REQUEST))
    assert [(e.delta.type, e.delta.text, e.delta.part_index) for e in found if e.type == 'delta'] == [('thinking', 'hm', 0), ('thinking', 'well', 1), ('text', 'b', 2)]


def test_dspy_reads_a_restarted_stream_as_the_second_answer_alone():
    from dspy_toolkit.engine.adapter import GrammarAdapter
    first, second = '{"team": "bil', '{"team": "sales"}'
    made = engine(Said([*first, TransportError('x')]), Said(list(second)))
    lm = dspy.LM('fallback/x', engine=made, async_engine=made.asynchronous, cache=False, num_retries=0)
    async def run():
        program = dspy.streamify(dspy.Predict('email -> team'))
        with dspy.context(lm=lm, adapter=GrammarAdapter()): return [item async for item in program(email='x')][-1]
    assert asyncio.run(run()).team == 'sales'


# stopping

def test_leaving_a_stream_early_cancels_the_request_and_gives_the_permit_back():
    leg = Said(['a', 30.0, 'b'])
    made = engine(leg)
    stream = made.stream(REQUEST)
    assert [next(stream).type, next(stream).type] == ['start', 'delta']
    stream.close()
    begin(asyncio.sleep(0.01)).result()
    assert leg.cancelled == 1 and made.legs[0].breaker.snapshot().buffered == 0


def test_cancelling_a_task_cancels_the_request():
    leg = Said('a', seconds=30)
    made = engine(leg)
    async def run():
        task = asyncio.create_task(made.asynchronous.complete(REQUEST))
        while not leg.asked: await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError): await task
    asyncio.run(run())
    begin(asyncio.sleep(0.01)).result()
    assert leg.cancelled == 1


@pytest.mark.parametrize('streaming', [False, True])
def test_a_scope_stops_what_was_asked_in_it(streaming):
    leg = Said('a', seconds=30)
    made, scope, found = engine(leg, Said('b')), CancelScope(), []
    def run():
        try:
            with scope: list(made.stream(REQUEST)) if streaming else complete(made)
        except BaseException as e: found.append(e)
    thread = threading.Thread(target=run)
    thread.start()
    while not leg.asked: time.sleep(0.005)
    scope.cancel()
    thread.join(5)
    assert isinstance(found[0], Cancelled)
    with scope, pytest.raises(Cancelled): complete(made)


def test_a_scopes_deadline_ends_the_wait():
    made = engine(Said(['a', 30.0, 'b'], seconds=0.0), Said('b'))
    with CancelScope(timeout=0.05), pytest.raises(Late, match='that were left'): list(made.stream(REQUEST))
    made = engine(Said('a', seconds=30))
    with CancelScope(timeout=0.05), pytest.raises(Late): complete(made)
    async def run():
        with CancelScope(timeout=0.05): await made.asynchronous.complete(REQUEST)
    with pytest.raises(Late): asyncio.run(run())
    begin(asyncio.sleep(0.01)).result()
    assert made.legs[0].lm.cancelled == 2


def test_nothing_is_left_running_on_the_loop():
    made = engine(Said(['a', 30.0]), Said('b', seconds=30), hedge_after=0.01)
    for _ in range(5):
        stream = made.stream(REQUEST)
        next(stream), next(stream)
        stream.close()
    async def left(): await asyncio.sleep(0.05); return [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
    assert begin(left()).result() == []


# in its place

def test_a_request_becomes_what_each_leg_takes():
    schema = {'type': 'object', 'properties': {'a': {'type': 'string'}}, 'required': ['a'], 'x-evidence': {}}
    asked = replace(REQUEST, config=Config(seed=3, top_k=4, response_format={'type': 'json_schema', 'name': 'A', 'schema': schema, 'strict': True}))
    def sent(**abilities):
        leg = Said('a', **abilities)
        response = FallbackEngine([Leg(leg, 'leg')]).complete(asked)
        breakers.reset()
        return leg.asked[0].config, {(a.field, a.action) for a in response.adaptations}
    config, noted = sent(supports_grammar=True, supported_params=frozenset())
    assert config == asked.config and not noted
    config, noted = sent(supports_response_schema=True)
    assert 'x-evidence' not in config.response_format['schema'] and config.response_format['strict'] is False and config.seed is None
    assert noted == {('config.seed', 'dropped'), ('config.top_k', 'dropped'), ('config.response_format', 'substituted')}
    assert sent()[0].response_format == {'type': 'json_object'}
    assert sent(supported_params=frozenset({'seed'}))[0].response_format is None
    chat = replace(asked, config=Config(response_format={'type': 'json_schema', 'name': 'A', 'schema': {**schema, 'x-layout': 'chat'}}))
    leg = Said('a', supports_response_schema=True)
    FallbackEngine([Leg(leg, 'leg')]).complete(chat)
    assert leg.asked[0].config.response_format is None


def test_a_leg_that_takes_no_grammars_is_sent_no_word_of_ours_however_deep():
    code = {'type': 'string', 'pattern': '^a$'}
    clean = {'type': 'object', '$defs': {'x-kind': code}, 'properties': {'x-ray': code, 'many': {'type': 'array', 'items': {'anyOf': [code, {'type': 'null'}]}}},
             'required': ['x-ray'], 'default': {'x-ray': 'a'}}
    ours = {**code, 'x-dialect': 'python'}
    schema = {**clean, 'x-dialect': 'rust', '$defs': {'x-kind': ours}, 'properties': {'x-ray': ours, 'many': {'type': 'array', 'items': {'anyOf': [ours, {'type': 'null'}]}}}}
    leg = Said('a', supports_response_schema=True)
    FallbackEngine([Leg(leg, 'leg')]).complete(replace(REQUEST, config=Config(response_format={'type': 'json_schema', 'name': 'A', 'schema': schema})))
    assert leg.asked[0].config.response_format['schema'] == clean


def test_it_can_what_all_its_legs_can():
    able, plain = Said('a', supports_response_schema=True, supports_grammar=True, supports_reasoning=True), Said('b', supports_response_schema=True, supported_params=frozenset({'temperature'}))
    made = engine(able, plain)
    assert made.supports_response_schema and made.supports_grammar and not made.supports_reasoning and made.supported_params == {'temperature'}


def test_two_fallbacks_know_the_health_of_a_model_they_share():
    one, other = engine(Said(ServerError('x')), Said('b')), engine(Said('a'), Said('b'))
    for _ in range(5): complete(one)
    assert other.legs[0].breaker.state is State.open


def test_it_can_be_saved_and_copied():
    made = fallback('safe', [Leg('openai/gpt-5-mini', timeout=3, concurrency=2, semantics=Semantics(refusal=True)), 'openai/gpt-5-nano'], 'hedged', temperature=0.3)
    state = json.loads(json.dumps(made.dump_state()))
    again = dspy.LM.load_state(state, allow_custom_lm_class=True)
    assert again.engine.dump_state() == made.engine.dump_state() and again.model == 'fallback/safe' and again.kwargs['temperature'] == 0.3
    assert isinstance(again._async_engine_spec, AsyncFallbackEngine) and again.engine.legs[0].semantics.refusal and again.engine.core.percentile == 0.95
    assert copy.deepcopy(made).engine is made.engine
    assert pickle.loads(pickle.dumps(made.engine)).dump_state() == made.engine.dump_state()
    with pytest.raises(TypeError, match='cannot be saved'): engine(Said('a')).dump_state()


def test_no_secret_is_saved():
    leg = dspy.LM('openai/m', api_key='sk-1', api_base='http://ada:sk-2@host/v1', extra_headers={'Authorization': 'sk-3'}, azure_ad_token='sk-4', max_tokens=7)
    state = fallback('safe', [Leg(leg, 'leg')]).engine.dump_state()
    assert 'sk-' not in json.dumps(state) and state['legs'][0]['lm']['api_base'] == 'http://host/v1' and state['legs'][0]['lm']['max_tokens'] == 7


def test_an_answer_that_the_caller_began_is_continued_as_one():
    made = engine(Said([' no', TransportError('x')]), Writes('yes, no, maybe'))
    asked = replace(REQUEST, messages=(Message.user('so?'), Message.assistant('yes,')))
    assert text_of(made, asked) == ' no, maybe' and made.legs[1].lm.asked[0].messages[-1].text == 'yes, no'


def test_a_file_may_name_no_engine_but_ours():
    state = fallback('safe', ['openai/gpt-5-mini']).engine.dump_state()
    state['legs'][0]['lm']['engine'] = {'class': 'subprocess:Popen', 'state': {}}
    with pytest.raises(InputError, match='subprocess:Popen'): FallbackEngine.load_state(state)


def test_a_forked_process_has_a_loop_of_its_own():
    import multiprocessing
    made = engine(Said('a'))
    complete(made)
    def child(pipe): pipe.send(complete(made).text)
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context('fork').Process(target=child, args=(there,))
    process.start()
    assert here.poll(10) and here.recv() == 'a'
    process.join(5)


def test_threads_and_loops_share_a_fallback():
    made, found = engine(Said('a', seconds=0.001)), []
    def sync(): found.extend(complete(made).text for _ in range(20))
    def loop():
        async def run(): return await asyncio.gather(*(made.asynchronous.complete(REQUEST) for _ in range(20)))
        found.extend(r.text for r in asyncio.run(run()))
    threads = [threading.Thread(target=f) for f in (sync, loop) * 4]
    for t in threads: t.start()
    for t in threads: t.join(20)
    assert found == ['a'] * 160 and made.legs[0].breaker.snapshot().failed == 0
