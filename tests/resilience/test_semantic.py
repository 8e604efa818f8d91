"""What is wrong with an answer, and whose answer it was.

The second half runs DSPy itself over engines that answer as they are told, each leg behind its breaker.
"""
import asyncio
import pickle
import subprocess
import sys
import threading
import weakref
from collections import Counter
from contextvars import Context, copy_context

import dspy
import pytest
from dspy import lm15
from dspy.utils.callback import BaseCallback
from dspy.utils.exceptions import AdapterParseError
from dspy_toolkit.core.errors import SettingsError
from dspy_toolkit.core.events import Bus
from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter
from dspy_toolkit.resilience import semantic
from dspy_toolkit.resilience.breaker import BreakerConfig, BreakerRegistry, CallFailed, CallSucceeded, CircuitBreaker
from dspy_toolkit.resilience.semantic import MIN_TOKENS, Outcome, ParseWatch, Semantics, note_answer, unwatch, watch

ALL = Semantics(truncated=True, refusal=True, min_tokens_per_second=10, max_time_to_first_token=5)
OFF = Semantics(unparsed=False, empty=False)


def response(*parts, finish='stop', tokens=40):
    parts = tuple(lm15.TextPart(p) if isinstance(p, str) else p for p in parts)
    return lm15.Response(id=None, model='m', message=lm15.Message(role='assistant', parts=parts), finish_reason=finish, usage=lm15.Usage(output_tokens=tokens))


def outcome(*parts, seconds=1.0, first_token=None, **kwargs): return Outcome(response(*parts, **kwargs), seconds, first_token)


CALL, IMAGE = lm15.ToolCallPart(id='1', name='search', input={}), lm15.ImagePart(url='https://example.com/a.png')
FOUND = {
    'a good answer': (outcome("billing"), ()),
    'cut off': (outcome("The customer", finish='length'), ('truncated',)),
    'no text': (outcome(''), ('empty',)),
    'white space only': (outcome(" \n\t", "\n"), ('empty',)),
    'thinking alone': (outcome(lm15.ThinkingPart("Hmm.")), ('empty',)),
    'thinking and a citation': (outcome(lm15.ThinkingPart("Hmm."), lm15.CitationPart(title="A", text="B")), ('empty',)),
    'thinking cut off': (outcome(lm15.ThinkingPart("Hmm."), finish='length'), ('truncated', 'empty')),
    'thinking and text': (outcome(lm15.ThinkingPart("Hmm."), "billing"), ()),
    'a tool call': (outcome('', CALL, finish='tool_call'), ()),
    'data': (outcome(lm15.DataPart(None)), ()),
    'an image': (outcome(IMAGE), ()),
    'a refusal of its own kind': (outcome(lm15.RefusalPart("No.")), ('refusal',)),
    'withheld by a filter': (outcome('', finish='content_filter'), ('refusal',)),
    'a refusal in words': (outcome("I'm sorry, but I can't help with that."), ('refusal',)),
    'too slow': (outcome("billing", seconds=4.5), ('too_few_tokens_per_second',)),
    'just fast enough': (outcome("billing", seconds=4.0), ()),
    'slow to begin, then fast': (outcome("billing", seconds=5.0, first_token=4.5), ()),
    'too slow after a late beginning': (outcome("billing", seconds=50.0, first_token=5.5), ('too_few_tokens_per_second', 'late_first_token')),
    'began exactly in time': (outcome("billing", seconds=5.0, first_token=5.0), ()),
    'all at once at the end': (outcome("billing", seconds=4.5, first_token=4.5), ()),
    'too short to have a rate': (outcome("yes", tokens=MIN_TOKENS - 1, seconds=100.0), ()),
    'just long enough to have one': (outcome("yes", tokens=MIN_TOKENS, seconds=100.0), ('too_few_tokens_per_second',)),
    'not counted': (outcome("billing", tokens=None, seconds=100.0), ()),
    'everything at once': (outcome('', finish='length', seconds=100.0, first_token=6.0), ('truncated', 'empty', 'too_few_tokens_per_second', 'late_first_token')),
}


@pytest.mark.parametrize('answer, names', FOUND.values(), ids=FOUND.keys())
def test_what_is_wrong_with_an_answer(answer, names):
    assert ALL.failures(answer) == names
    assert Semantics().failures(answer) == tuple(n for n in names if n == 'empty')
    assert OFF.failures(answer) == ()


@pytest.mark.parametrize('text', [
    "I'm sorry, but I can't help with that.", "I’m sorry but this is not something I do.", "I am very sorry, but no.", "Sorry, I cannot do that.", "Sorry, but I won't.", "I apologize, but this request",
    "I cannot assist with this.", "I can't provide instructions", "I can’t help you here", "I'm unable to fulfil this request.", "I am not able to discuss that", "As an AI language model, I", "as a large language model I have",
    "I must decline.", "  \n**I cannot help with that.**", '"I will not comply."'])
def test_what_begins_as_a_refusal(text):
    assert ALL.failures(outcome(text)) == ('refusal',)
    assert ALL.failures(outcome(text[:3], text[3:])) == ('refusal',)  # in two parts


@pytest.mark.parametrize('text', [
    "billing", "Sorry is what the customer says.", "I'm sorry for the delay, said the agent.", "I cannot find a phone number in the text.", "I can't wait to help!", "As an accountant, she knew.", "As a language teacher, he",
    "The model said: I'm sorry, but I can't help with that.", "I must admit", " " * 200 + "I cannot help with that."])
def test_what_does_not(text): assert 'refusal' not in ALL.failures(outcome(text))


@pytest.mark.parametrize('wrong, said', [
    ({'truncated': 1}, "truncated = 1 is neither"), ({'unparsed': 'yes'}, "unparsed = 'yes'"), ({'empty': None}, "empty = None"), ({'refusal': 0}, "refusal = 0"), ({'min_tokens_per_second': 0}, "min_tokens_per_second = 0 is not"),
    ({'min_tokens_per_second': True}, "= True"), ({'max_time_to_first_token': -1.0}, "max_time_to_first_token = -1.0"), ({'max_time_to_first_token': '5 s'}, "= '5 s'"), ({'min_tokens_per_second': float('nan')}, "= nan")])
def test_a_setting_that_makes_no_sense_is_named(wrong, said):
    with pytest.raises(SettingsError, match=said): Semantics(**wrong)


# -- in a breaker

def test_a_breaker_counts_each_policy_by_its_name_and_a_call_once():
    bus = Bus()
    breaker = CircuitBreaker('b', ALL.config(BreakerConfig()), bus=bus)
    with bus.record() as seen:
        for answer, _ in FOUND.values(): breaker.record(breaker.acquire(), result=answer, duration=1.0)
    first = Counter(names[0] for _, names in FOUND.values() if names)
    assert breaker.snapshot().reasons == first
    assert Counter(e.error for e in seen if isinstance(e, CallFailed)) == first
    assert breaker.snapshot().buffered == len(FOUND)


def test_a_config_keeps_what_it_had_and_takes_each_policy_once():
    def rude(answer): return 'nonsense' in answer.response.text
    base = BreakerConfig(record_results=rude, sliding_window_size=7, minimum_number_of_calls=7)
    made = Semantics().config(base)
    assert (made.sliding_window_size, [p.__name__ for p in made.record_results]) == (7, ['rude', 'empty'])
    assert Semantics().config(made) == made
    assert [p.__name__ for p in ALL.config(made).record_results] == ['rude', 'empty', 'truncated', 'refusal', 'too_few_tokens_per_second', 'late_first_token']
    assert OFF.config(base) == base


def test_configs_made_alike_are_of_one_breaker():
    known = BreakerRegistry(bus=Bus())
    config = Semantics(min_tokens_per_second=5).config(BreakerConfig())
    assert known.breaker('b', config) is known.breaker('b', Semantics(min_tokens_per_second=5).config(BreakerConfig()))
    assert hash(config) == hash(Semantics(min_tokens_per_second=5).config(BreakerConfig()))
    with pytest.raises(SettingsError): known.breaker('b', Semantics(min_tokens_per_second=6).config(BreakerConfig()))


def test_a_result_that_is_no_outcome_is_not_judged():
    breaker = CircuitBreaker('b', ALL.config(BreakerConfig()), bus=Bus())
    for result in ('', None, response('')): breaker.record(breaker.acquire(), result=result)
    breaker.call(lambda: 5)
    assert (breaker.snapshot().successful, breaker.snapshot().failed) == (4, 0)


# -- DSPy itself

@pytest.fixture(autouse=True)
def no_callback_fails(monkeypatch):
    "DSPy only logs what a callback raises."
    said = []
    monkeypatch.setattr('dspy.utils.callback.logger.warning', said.append)
    yield
    assert said == []


def leg(name='leg'): return CircuitBreaker(name, Semantics().config(BreakerConfig()), bus=Bus())


class Engine:
    "Each request is served by the next of the legs, with its text."
    supports_response_schema, supported_params = True, {'temperature', 'response_format', 'tools'}

    def __init__(self, *answers): self.answers, self.lock = list(answers), threading.Lock()  # (breaker, text or parts)

    def take(self):
        with self.lock: breaker, parts = self.answers.pop(0)
        permit, answer = breaker.acquire(), response(*([parts] if isinstance(parts, str) else parts))
        breaker.record(permit, result=Outcome(answer, 1.0))
        return answer, breaker, permit

    def serve(self, request):
        answer, *who = self.take()
        note_answer(*who)
        return answer

    def complete(self, request): return self.serve(request)

    def stream(self, request):
        answer, *who = self.take()
        yield from lm15.response_to_events(answer)
        note_answer(*who)

    def close(self): pass


class AsyncEngine(Engine):
    async def complete(self, request): return self.serve(request)

    async def stream(self, request):
        for event in super().stream(request): yield event

    async def aclose(self): pass


JSON, CHAT, BAD = '{"team": "billing"}', '[[ ## team ## ]]\nbilling\n\n[[ ## completed ## ]]', 'It goes to the billing team.'
triage = dspy.Predict('email -> team')


class Calling(dspy.LM):
    "One that takes tools."
    supports_function_calling = True


def lm_of(*answers, kind=dspy.LM, **kwargs):
    engine = Engine(*answers)
    twin = AsyncEngine()
    twin.answers, twin.lock = engine.answers, engine.lock
    return kind('m', engine=engine, async_engine=twin, **{'cache': False, 'num_retries': 0} | kwargs)


def sync_call(**kwargs): return triage(email="I was charged twice", **kwargs)
def async_call(**kwargs): return asyncio.run(triage.acall(email="I was charged twice", **kwargs))
def streamed(**kwargs):
    async def work():
        async for value in dspy.streamify(triage)(email="I was charged twice", **kwargs):
            if isinstance(value, dspy.Prediction): return value
    return asyncio.run(work())
def async_streamed(**kwargs):
    async def work():
        async for value in dspy.streamify(triage, is_async_program=True)(email="I was charged twice", **kwargs):
            if isinstance(value, dspy.Prediction): return value
    return asyncio.run(work())


WAYS = [sync_call, async_call, streamed, async_streamed]


def unparsed(*breakers): return tuple(b.snapshot().reasons.get('unparsed', 0) for b in breakers)


def settled(call, **kwargs):
    "The prediction, or the parse error; also from inside of what a task group raises."
    try: return call(**kwargs)
    except BaseException as e:
        while isinstance(e, BaseExceptionGroup): e, = e.exceptions
        if not isinstance(e, AdapterParseError): raise
        return e


@pytest.mark.parametrize('call', WAYS)
@pytest.mark.parametrize('adapter, good', [(dspy.JSONAdapter, JSON), (GrammarAdapter, JSON), (lambda: dspy.ChatAdapter(use_json_adapter_fallback=False), CHAT), (lambda: GrammarChatAdapter(use_json_adapter_fallback=False), CHAT), (lambda: dspy.XMLAdapter(use_json_adapter_fallback=False), '<team>billing</team>')],
                         ids=['json', 'grammar', 'chat', 'grammar chat', 'xml'])
def test_an_answer_that_does_not_parse_is_a_failure_of_its_leg(adapter, good, call):
    one, other = leg(), leg()
    with dspy.context(lm=lm_of((one, good), (other, BAD), (one, good)), adapter=adapter(), callbacks=[ParseWatch()]):
        told = [settled(call) for _ in range(3)]
    assert [isinstance(t, AdapterParseError) for t in told] == [False, True, False]
    assert unparsed(one, other) == (0, 1)
    assert (one.snapshot().successful, other.snapshot().buffered, other.snapshot().failed) == (2, 1, 1)


def test_it_is_told_after_its_success_and_once():
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, BAD)), adapter=GrammarAdapter(), callbacks=[ParseWatch()]), breaker.bus.record() as seen: settled(sync_call)
    assert [(type(e), getattr(e, 'error', '')) for e in seen] == [(CallSucceeded, ''), (CallFailed, 'unparsed')]


@pytest.mark.parametrize('call', WAYS[:2])
@pytest.mark.parametrize('second, counts', [(JSON, (1, 0)), (BAD, (1, 1))], ids=['saved', 'lost'])
def test_the_fallback_of_the_chat_adapter_is_a_request_of_its_own(second, counts, call):
    one, other = leg(), leg()
    with dspy.context(lm=lm_of((one, BAD), (other, second)), adapter=dspy.ChatAdapter(), callbacks=[ParseWatch()]): settled(call)
    assert unparsed(one, other) == counts


@pytest.mark.parametrize('call', WAYS[:2])
@pytest.mark.parametrize('texts, counts', [([JSON, JSON], (0, 0)), ([JSON, BAD], (0, 1)), ([BAD, JSON], (1, 0)), ([BAD, BAD], (1, 0))], ids=['none', 'second', 'first', 'DSPy stops at the first'])
def test_of_several_completions_each_is_of_the_leg_that_gave_it(texts, counts, call):
    legs = leg(), leg()
    with dspy.context(lm=lm_of(*zip(legs, texts)), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]):
        told = settled(call, config={'n': 2, 'temperature': 1.0})
    assert isinstance(told, AdapterParseError) or len(told.completions) == 2
    assert unparsed(*legs) == counts and [b.snapshot().buffered for b in legs] == [1, 1]


class Agent(dspy.Signature):
    tools: list[dspy.Tool] = dspy.InputField()
    calls: dspy.ToolCalls = dspy.OutputField()
    team: str = dspy.OutputField()


def search(): "Look something up."


def test_a_completion_that_is_not_parsed_does_not_shift_the_others():
    "One of three calls a tool and says nothing."
    legs = leg('a'), leg('b'), leg('c')
    answers = [JSON, ['', CALL], BAD]
    with dspy.context(lm=lm_of(*zip(legs, answers), kind=Calling), adapter=dspy.JSONAdapter(use_native_function_calling=True), callbacks=[ParseWatch()]), pytest.raises(AdapterParseError):
        dspy.Predict(Agent)(tools=[dspy.Tool(search)], config={'n': 3, 'temperature': 1.0})
    assert unparsed(*legs) == (0, 0, 1)


def test_words_beside_a_tool_call_need_not_parse():
    breaker, parsed = leg(), []
    class Seen(BaseCallback):
        def on_adapter_parse_end(self, call_id, outputs, exception=None): parsed.append(exception)
    with dspy.context(lm=lm_of((breaker, ["Let me look that up.", CALL]), kind=Calling), adapter=dspy.JSONAdapter(use_native_function_calling=True), callbacks=[ParseWatch(), Seen()]):
        got = dspy.Predict(Agent)(tools=[dspy.Tool(search)])
    assert got.calls.tool_calls[0].name == 'search' and isinstance(parsed[0], AdapterParseError)
    assert unparsed(breaker) == (0,)


@pytest.mark.parametrize('call', WAYS[:2])
def test_an_answer_from_the_cache_was_served_by_nobody(call):
    breaker = leg()
    lm = lm_of((breaker, BAD), cache=True)
    with dspy.context(lm=lm, adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]):
        for _ in range(3): assert isinstance(settled(call, config={'temperature': 0.5 if call is sync_call else 0.6}), AdapterParseError)
    assert lm.engine.answers == [] and unparsed(breaker) == (1,) and breaker.snapshot().buffered == 1


# -- parses in parses, calls in calls

class Trying(dspy.JSONAdapter):
    "Reads JSON, or else a plain word; with a bug on request."
    def parse(self, signature, completion):
        if completion == 'bug': raise ValueError("not a parse error")
        try: return super().parse(signature, completion)
        except AdapterParseError:
            if ' ' in completion: raise
            return {'team': completion}


class Stripping(Trying):
    def parse(self, signature, completion): return super().parse(signature, completion.removeprefix('Answer: '))


@pytest.mark.parametrize('adapter', [Trying, Stripping])
@pytest.mark.parametrize('text, count', [('billing', 0), (JSON, 0), ('to billing', 1)])
def test_only_the_outermost_parse_counts(adapter, text, count):
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, text)), adapter=adapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(breaker) == (count,)


def test_a_bug_in_an_adapter_is_nobodys_failure_and_hides_nothing():
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, 'bug'), (breaker, BAD)), adapter=Trying(), callbacks=[ParseWatch()]):
        with pytest.raises(ValueError, match="not a parse error"): sync_call()
        assert unparsed(breaker) == (0,)
        settled(sync_call)
    assert unparsed(breaker) == (1,)


@pytest.mark.parametrize('call', WAYS[:2])
def test_where_a_parse_asks_a_model_it_is_that_models_answer(call):
    main, extractor = leg('main'), leg('extractor')
    adapter = dspy.TwoStepAdapter(lm_of((extractor, BAD), (extractor, BAD)))
    with dspy.context(lm=lm_of((main, BAD)), adapter=adapter, callbacks=[ParseWatch()]): assert isinstance(settled(call), AdapterParseError)
    assert unparsed(main, extractor) == (0, 2)


class Unwatched(Engine):
    "One without a breaker."
    def serve(self, request): return response(self.answers[0])


@pytest.mark.parametrize('guarded, counts', [(True, (0, 1)), (False, (1, 0))])
def test_an_engine_that_asks_a_whole_lm_is_served_by_the_inner_leg_or_else_its_own(guarded, counts):
    outer, inner = leg('outer'), leg('inner')

    class Asking(Engine):
        def serve(self, request):
            text, = inside("hello")
            self.answers.append((outer, text if isinstance(text, str) else text['text']))
            return super().serve(request)
    inside = lm_of((inner, BAD)) if guarded else dspy.LM('plain', engine=Unwatched(BAD), cache=False)
    with dspy.context(lm=dspy.LM('m', engine=Asking(), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(outer, inner) == counts


def test_what_an_engine_asks_in_vain_is_not_held_against_who_answers():
    outer, inner = leg('outer'), leg('inner')

    class Asking(Engine):
        def complete(self, request):
            inside("hello")
            return self.serve(request)
    inside = lm_of((inner, BAD))
    with dspy.context(lm=dspy.LM('m', engine=Asking((outer, 'to billing')), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(outer, inner) == (1, 0)


@pytest.mark.filterwarnings('ignore::DeprecationWarning')
def test_an_lm_that_routes_is_served_by_the_leg_of_the_lm_it_chose():
    one, other = leg(), leg()

    class Router(dspy.LM):
        def __call__(self, prompt=None, messages=None, **kwargs):
            lm_of((one, JSON))(messages=messages)  # asks twice and takes the second
            return lm_of((other, BAD))(messages=messages)
    with dspy.context(lm=Router('router', engine=Unwatched(BAD)), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(one, other) == (0, 1)


def test_where_more_served_than_answered_nobody_is_blamed():
    one, other = leg(), leg()

    class Twice(Engine):
        def complete(self, request): self.serve(request); return self.serve(request)
    with dspy.context(lm=dspy.LM('m', engine=Twice((one, BAD), (other, BAD)), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(one, other) == (0, 0)


def test_what_is_parsed_where_nothing_was_asked_is_nobodys():
    def work():
        with dspy.context(callbacks=[ParseWatch()]), pytest.raises(AdapterParseError): dspy.JSONAdapter().parse(triage.signature, BAD)
    Context().run(work)


def test_what_is_parsed_later_and_was_not_answered_is_nobodys():
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, JSON), (breaker, JSON)), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]):
        with pytest.raises(AdapterParseError): dspy.JSONAdapter().parse(triage.signature, BAD)
        dspy.settings.lm("hello")
        with pytest.raises(AdapterParseError): dspy.JSONAdapter().parse(triage.signature, BAD)
        sync_call()
        with pytest.raises(AdapterParseError): dspy.JSONAdapter().parse(triage.signature, BAD)
    assert unparsed(breaker) == (0,)


def test_a_call_that_fails_is_not_confused_with_the_next():
    one, other = leg(), leg()

    class Breaking(Engine):
        def complete(self, request):
            answer = self.serve(request)
            if self.answers: raise lm15.ServerError("the connection broke")
            return answer
    with dspy.context(lm=dspy.LM('m', engine=Breaking((one, BAD), (other, BAD)), cache=False, num_retries=0), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]):
        with pytest.raises(dspy.LMServerError): sync_call()
        settled(sync_call)
    assert unparsed(one, other) == (0, 1)


# -- threads and tasks

class ByName(Engine):
    "The leg whose name is in the prompt answers; what it answers is in the prompt too."
    def __init__(self, *legs): super().__init__(); self.legs = legs

    def serve(self, request):
        text = str(request.messages[-1])
        breaker, = [b for b in self.legs if b.name in text]
        permit = breaker.acquire()
        breaker.record(permit)
        note_answer(breaker, permit)
        return response(BAD if 'garble' in text else JSON)

    async def acomplete(self, request):
        await asyncio.sleep(0)
        answer = self.serve(request)
        await asyncio.sleep(0)
        return answer


def examples(): return [f"{name} {'garble' if n % k == 0 else 'well'} {n}" for n in range(24) for name, k in (('left', 3), ('right', 4))]


def test_in_threads_each_failure_lands_on_the_leg_that_served_it():
    legs = leg('left'), leg('right')
    with dspy.context(lm=dspy.LM('m', engine=ByName(*legs), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]):
        dspy.Parallel(num_threads=8, max_errors=100, disable_progress_bar=True)([(triage, dspy.Example(email=e).with_inputs('email')) for e in examples()])
    assert unparsed(*legs) == (8, 6) and [b.snapshot().buffered for b in legs] == [24, 24]


def test_in_tasks_too():
    legs = leg('left'), leg('right')

    class Twin(ByName):
        async def complete(self, request): return await self.acomplete(request)
        async def aclose(self): pass

    async def work(): return await asyncio.gather(*(triage.acall(email=e) for e in examples()), return_exceptions=True)
    with dspy.context(lm=dspy.LM('m', engine=ByName(*legs), async_engine=Twin(*legs), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): told = asyncio.run(work())
    assert sum(isinstance(t, AdapterParseError) for t in told) == 14
    assert unparsed(*legs) == (8, 6) and [b.snapshot().buffered for b in legs] == [24, 24]


def test_an_engine_may_serve_in_a_thread_that_has_its_context():
    breaker = leg()

    class Threaded(Engine):
        def complete(self, request):
            got = []
            thread = threading.Thread(target=copy_context().run, args=(lambda: got.append(self.serve(request)),))
            thread.start()
            thread.join()
            return got[0]
    with dspy.context(lm=dspy.LM('m', engine=Threaded((breaker, BAD)), cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): settled(sync_call)
    assert unparsed(breaker) == (1,)


# -- watching

@pytest.fixture
def unwatched():
    from dspy.dsp.utils.settings import main_thread_config
    before, main_thread_config['callbacks'] = main_thread_config['callbacks'], []  # others may have left some in this process
    yield lambda: main_thread_config['callbacks']
    main_thread_config['callbacks'] = before


def test_watch_is_put_once_and_unwatch_leaves_others_in_peace(unwatched):
    mine = BaseCallback()
    dspy.configure(callbacks=[mine])
    watch(), watch()
    assert [type(c) for c in unwatched()] == [BaseCallback, ParseWatch]
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, BAD), (breaker, BAD)), adapter=dspy.JSONAdapter()): settled(sync_call)
    unwatch(), unwatch()
    assert unwatched() == [mine]
    with dspy.context(lm=lm_of((breaker, BAD)), adapter=dspy.JSONAdapter()): settled(sync_call)
    assert unparsed(breaker) == (1,)


def test_watch_does_not_make_the_callbacks_of_a_block_those_of_the_process(unwatched):
    with dspy.context(callbacks=[BaseCallback()]): watch()
    assert [type(c) for c in unwatched()] == [ParseWatch]
    with dspy.context(callbacks=[]): unwatch()
    assert unwatched() == []


def test_another_thread_than_the_one_that_configured_dspy_may_watch_and_unwatch(unwatched):
    dspy.configure(callbacks=[])  # this thread is the one
    for work, left in ((watch, [ParseWatch]), (unwatch, [])):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert [type(c) for c in unwatched()] == left


@pytest.mark.parametrize('where', ['process and lm', 'twice in the process'])
def test_two_watches_count_once(where):
    breaker = leg()
    lm = lm_of((breaker, BAD), callbacks=[ParseWatch()] if where == 'process and lm' else [])
    with dspy.context(lm=lm, adapter=Trying(callbacks=[ParseWatch()]), callbacks=[ParseWatch()] * (1 if where == 'process and lm' else 2)), breaker.bus.record(CallFailed) as seen: settled(sync_call)
    assert len(seen) == 1 and unparsed(breaker) == (1,)


def test_who_serves_while_nobody_watches_is_not_noted():
    breaker = leg()
    with dspy.context(lm=lm_of((breaker, BAD)), adapter=dspy.JSONAdapter(), callbacks=[]): settled(sync_call)
    assert unparsed(breaker) == (0,) and breaker.snapshot().successful == 1


def test_who_serves_outside_of_a_call_of_dspy_is_not_noted_either():
    breaker, engine = leg(), Unwatched(JSON)
    with dspy.context(lm=dspy.LM('m', engine=engine, cache=False), adapter=dspy.JSONAdapter(), callbacks=[ParseWatch()]): sync_call()
    permit = breaker.acquire()
    note_answer(breaker, permit)
    forgotten = weakref.ref(permit)
    del permit
    assert forgotten() is None


def test_the_watch_is_a_callback_of_dspy_that_can_be_pickled():
    assert isinstance(pickle.loads(pickle.dumps(ParseWatch())), BaseCallback) and semantic.ParseWatch is ParseWatch
    with pytest.raises(AttributeError, match="has no attribute 'Nonsense'"): print(semantic.Nonsense)


def test_dspy_is_not_imported_before_it_is_asked_for():
    code = ("import sys; from dspy_toolkit.resilience.semantic import *; Semantics().failures; note_answer(None, None)\n"
            "print(sorted({'dspy', 'asyncio', 'logging', 'mlx', 'numpy'} & set(sys.modules)))")
    run = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert run.stdout.strip() == '[]', run.stderr
