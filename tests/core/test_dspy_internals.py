"""What is read from DSPy's insides is still there: each test fails when DSPy changes what a function of core.dspy_internals stands on."""
import asyncio
import inspect
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import dspy
import pytest
from dspy.lm15 import (AuthError, InvalidRequestError, Message, Request, Response, ServerError, StreamDeltaEvent, StreamEndEvent, StreamStartEvent,
                       TextDelta, Usage)
from dspy.utils.dummies import DummyLM
from dspy.utils.exceptions import LMServerError, LMUnexpectedError

from dspy_toolkit.core import dspy_internals as inside

READ_FROM = '3.4.1'


class Engine:
    "An engine that answers the same to everything, and says how often it was asked."
    def __init__(self, answer='billing', error=None, during=None): self.answer, self.error, self.during, self.asked = answer, error, during, 0
    def complete(self, request):
        self.asked += 1
        if self.during: self.during()
        if self.error: raise self.error
        return Response(id='1', model=request.model, message=Message.assistant(self.answer), finish_reason='stop', usage=Usage())
    def stream(self, request):
        yield StreamStartEvent(id='1', model=request.model)
        yield StreamDeltaEvent(TextDelta(self.answer))
        yield StreamEndEvent(finish_reason='stop', usage=Usage())


class KeptEngine(Engine):
    "An engine that can be saved."
    def dump_state(self): return {'answer': self.answer}
    @classmethod
    def load_state(cls, state): return cls(state['answer'])


class AsyncEngine(Engine):
    async def complete(self, request): return super().complete(request)


def lm_of(engine, **kwargs): return dspy.LM('test/1', engine=engine, **{'cache': False, 'num_retries': 0} | kwargs)


def names_of_functions(): return [n for n, v in vars(inside).items() if inspect.isfunction(v) and v.__module__ == inside.__name__ and not n.startswith('_')]


@pytest.mark.parametrize('name', [*names_of_functions(), 'AdapterSteps'])
def test_each_function_says_what_it_was_read_from_and_has_a_test(name):
    assert f'Read from DSPy {READ_FROM}.' in getattr(inside, name).__doc__
    assert f'inside.{name}' in open(__file__).read().replace(f"'{name}'", '')


def test_nothing_is_imported_to_judge_an_error():
    code = '''import sys
from dspy_toolkit.core import dspy_internals as inside
e = ValueError()
assert inside.translate_error(e) is e and not inside.is_retryable(e) and inside.error_classes() is None and not inside.is_lm(e)
assert inside.call_history() == [] and not inside.was_retried_by_lm(e)
inside.keep_out_of_cache()
with inside.watch_stream() as shown: assert shown is None
assert 'dspy' not in sys.modules'''
    subprocess.run([sys.executable, '-c', code], check=True)


def test_the_configuration_has_an_owner_and_its_values():
    found = inside.configuration()
    for name in ('main_thread_config', 'thread_local_overrides', 'config_owner_thread_id', 'config_owner_async_task'): assert hasattr(found, name)
    with dspy.context(callbacks=[object()]): assert inside.process_callbacks() is found.main_thread_config['callbacks']


def test_what_is_set_on_the_side_takes_nobodys_place():
    code = '''import threading, dspy
from dspy_toolkit.core import dspy_internals as inside
seen = []
def aside():
    seen.append(inside.may_configure())
    with inside.ownerless(): dspy.configure(track_usage=False)
thread = threading.Thread(target=aside)
thread.start()
thread.join()
assert seen == [False] and inside.may_configure()
dspy.configure(num_threads=4)
thread = threading.Thread(target=lambda: seen.append(inside.may_configure()))
thread.start()
thread.join()
assert seen == [False, False] and inside.may_configure()'''
    subprocess.run([sys.executable, '-c', code], check=True)


def test_an_override_holds_in_its_thread_until_it_is_taken_back():
    before, elsewhere = dspy.settings.num_threads, []
    token = inside.override(num_threads=77)
    try:
        assert dspy.settings.num_threads == 77
        thread = threading.Thread(target=lambda: elsewhere.append(dspy.settings.num_threads))
        thread.start()
        thread.join()
    finally: inside.take_back(token)
    assert dspy.settings.num_threads == before and elsewhere == [before]


def test_an_error_of_an_engine_is_translated_and_judged_as_dspy_does():
    own = ServerError('503', status=503)
    assert inside.error_classes() is dspy.utils.exceptions
    assert type(inside.translate_error(own)) is LMServerError and inside.translate_error(own).status == 503
    with pytest.raises(LMServerError): lm_of(Engine(error=own))("which team?")
    plain = KeyError('team')
    assert inside.translate_error(plain) is plain
    with pytest.raises(LMUnexpectedError): lm_of(Engine(error=plain))("which team?")
    assert [inside.is_retryable(e) for e in (own, plain, AuthError('401'), InvalidRequestError('400'))] == [True, False, False, False]


@pytest.mark.parametrize('asynchronous', [False, True])
@pytest.mark.parametrize('retries', [0, 1])
def test_an_error_shows_whether_the_lm_has_tried_again(monkeypatch, retries, asynchronous):
    async def awhile(*_): pass
    monkeypatch.setattr('dspy.clients.execution.time.sleep', lambda _: None)
    monkeypatch.setattr('dspy.clients.execution.asyncio.sleep', awhile)
    kind = AsyncEngine if asynchronous else Engine
    engine = kind(error=ServerError('503', status=503))
    lm = lm_of(Engine(), async_engine=engine, num_retries=retries) if asynchronous else lm_of(engine, num_retries=retries)
    with pytest.raises(LMServerError) as failed: asyncio.run(lm.acall("which team?")) if asynchronous else lm("which team?")
    assert engine.asked == 1 + retries
    assert inside.was_retried_by_lm(failed.value) == bool(retries)


@pytest.mark.parametrize('keeps', [True, False])
@pytest.mark.parametrize('asynchronous', [False, True])
def test_an_answer_is_kept_out_of_the_cache(keeps, asynchronous):
    engine = (AsyncEngine if asynchronous else Engine)(during=None if keeps else inside.keep_out_of_cache)
    lm = lm_of(Engine(), async_engine=engine, cache=True) if asynchronous else lm_of(engine, cache=True)
    prompt = f"which team? {keeps} {asynchronous}"
    for _ in range(2): asyncio.run(lm.acall(prompt)) if asynchronous else lm(prompt)
    assert engine.asked == (1 if keeps else 2)


def test_a_stream_that_was_seen_is_noticed():
    program = dspy.Predict('question -> answer')
    async def read(**settings):
        with dspy.context(lm=lm_of(Engine('[[ ## answer ## ]]\nbilling\n\n[[ ## completed ## ]]')), adapter=dspy.ChatAdapter()), inside.watch_stream() as shown:
            run = dspy.streamify(program) if settings['stream'] else dspy.asyncify(program)
            got = run(question="which team?")
            if settings['stream']: [piece async for piece in got]
            else: await got
            return shown.emitted
    assert asyncio.run(read(stream=True)) is True
    assert asyncio.run(read(stream=False)) is False


def test_an_lm_is_known_as_one():
    assert inside.is_lm(DummyLM([{'answer': 'x'}])) and inside.is_lm(lm_of(Engine())) and not inside.is_lm(Engine())


def test_an_lm_gives_its_async_engine():
    engine = AsyncEngine()
    assert inside.async_engine_of(lm_of(Engine(), async_engine=engine)) is engine
    assert inside.async_engine_of(lm_of(Engine())) is None


def test_for_a_name_the_engine_is_chosen_as_dspy_does():
    lm = dspy.LM('openai/gpt-5-mini', api_key='x', num_retries=0)
    async def choose(): return inside.choose_async_engine(lm, Request('openai/gpt-5-mini', Message.user('which team?')))
    engine, request = asyncio.run(choose())
    assert callable(engine.stream) and asyncio.iscoroutinefunction(engine.complete) and request.messages[-1].text == 'which team?'


def test_an_engine_is_written_down_and_made_again():
    again = inside.load_engine(inside.dump_engine(KeptEngine('sales')))
    assert type(again) is KeptEngine and again.answer == 'sales'
    with pytest.raises(TypeError): inside.dump_engine(Engine())


def test_providers_have_names_for_their_keys():
    keys = inside.provider_keys()
    assert 'OPENAI_API_KEY' in keys['openai'] and len(keys) > 5
    assert inside.knows_route('openai/gpt-5-mini') and not inside.knows_route('nobody/gpt-5-mini')


def test_calls_are_remembered():
    before = len(inside.call_history())
    lm_of(Engine())("which team?")
    last = inside.call_history()[-1]
    assert last['outputs'] == ['billing'] and len(inside.call_history()) in (before, before + 1)


def test_an_example_gives_its_fields_and_inputs():
    demo = dspy.Example(question='q', answer='a', dspy_uuid='1')
    assert inside.is_example(demo) and not inside.is_example({'question': 'q'})
    assert inside.read_fields(demo) == {'question': 'q', 'answer': 'a', 'dspy_uuid': '1'}
    assert inside.read_fields(dspy.Prediction(answer='a')) == {'answer': 'a'}
    assert inside.read_input_keys(demo) is None and inside.read_input_keys(demo.with_inputs('question')) == {'question'}


def test_a_compiled_module_is_left_alone():
    program = dspy.ChainOfThought('question -> answer')
    assert len(program.named_parameters()) == 1 and not inside.is_compiled(program)
    class Outer(dspy.Module):
        def __init__(self): super().__init__(); self.inner = program
    outer = Outer()
    assert len(outer.named_parameters()) == 1
    inside.mark_compiled(program, True)
    assert inside.is_compiled(program) and outer.named_parameters() == []


def test_modules_with_an_interpreter_keep_what_makes_it_and_their_tools():
    def look_up(name: str) -> str: "Look up."; return name
    program = dspy.RLM('question -> answer', tools=[look_up])
    assert list(getattr(program, inside.RLM_TOOLS)) == ['look_up']
    assert inside.interpreter_factory(dspy.ProgramOfThought('question -> answer')) is dspy.PythonInterpreter


@pytest.mark.parametrize('base', [dspy.ChatAdapter, dspy.JSONAdapter])
@pytest.mark.parametrize('plans', [True, False])
def test_an_adapter_calls_its_steps(base, plans):
    class Own(inside.AdapterSteps, base):
        def prepare_call(self, lm, lm_kwargs, signature, inputs):
            lm_kwargs['max_tokens'] = 20
            seen.append((signature, inputs, self.tool_input(signature)))
            return signature
        def plans_response_format(self, lm): return plans
    seen = []
    answer = '{"answer": "billing"}' if base is dspy.JSONAdapter else '[[ ## answer ## ]]\nbilling\n\n[[ ## completed ## ]]'
    lm = lm_of(Engine(answer))
    with dspy.context(lm=lm, adapter=Own()): assert dspy.Predict('question, tools: list[dspy.Tool] -> answer')(question='q', tools=[]).answer == 'billing'
    (signature, inputs, tools), = seen
    assert list(signature.output_fields) == ['answer'] and inputs['question'] == 'q' and tools == 'tools'
    asked = lm.history[-1]['kwargs']
    assert asked['max_tokens'] == 20
    if base is dspy.JSONAdapter and not plans: assert 'response_format' not in asked
    assert callable(dspy.JSONAdapter._prepare_response_format)


def test_decisions_are_found_among_the_outputs():
    from dspy.experimental import Choice
    class Route(dspy.Signature):
        "Which team answers?"
        message: str = dspy.InputField()
        team: Choice['sales', 'billing'] = dspy.OutputField()  # noqa: F821
    assert inside.measures_decisions(dspy.Predict(Route)) and not inside.measures_decisions(dspy.Predict('message -> team'))


def test_a_call_record_sees_the_entry_the_usage_and_the_first_part_of_one_call():
    async def read():
        with dspy.context(lm=lm_of(Engine())):
            return [part async for part in dspy.streamify(dspy.Predict('question -> answer'))(question='q')]
    parts, records = [], []
    class Watch(dspy.utils.callback.BaseCallback):
        def on_lm_start(self, call_id, instance, inputs):
            records.append(inside.CallRecord(lambda: parts.append(1)))
            records[-1].begin()
        def on_lm_end(self, call_id, outputs, exception=None): records[-1].end()
    with dspy.context(callbacks=[Watch()]):
        lm_of(Engine())('which team?')
        try: asyncio.run(read())
        except Exception: pass  # the answer has no fields; it was streamed all the same
    assert records[0].entry['outputs'] == ['billing'] and records[0].asked_model and not records[0].streaming
    assert records[1].streaming and parts and dspy.settings.usage_tracker is None


def test_the_signature_that_asks_is_known_inside_a_call():
    records = []
    class Watch(dspy.utils.callback.BaseCallback):
        def on_lm_start(self, call_id, instance, inputs):
            records.append(inside.CallRecord())
            records[-1].begin()
        def on_lm_end(self, call_id, outputs, exception=None): records[-1].end()
    program = dspy.Predict('question -> answer')
    with dspy.context(callbacks=[Watch()], lm=lm_of(Engine('[[ ## answer ## ]]\nx')), adapter=dspy.ChatAdapter()):
        program(question='q')
        lm_of(Engine())('directly')
    assert [each.signature for each in records] == [program.signature, None]


def test_a_callback_is_added_and_removed_for_the_process():
    class Watch(dspy.utils.callback.BaseCallback): pass
    before = list(inside.process_callbacks())
    inside.add_callback(Watch())
    assert [type(each) for each in inside.process_callbacks()] == [*map(type, before), Watch]
    inside.remove_callbacks(Watch)
    assert inside.process_callbacks() == before


def test_a_call_that_blocks_has_an_engine_a_price_and_an_id():
    named, seen = dspy.LM('openai/gpt-5-mini', api_key='x', cache=False), []
    asked = Request(model='openai/gpt-5-mini', messages=(Message.user('hi'),))
    engine, sent = inside.choose_engine(named, asked)
    assert callable(engine.complete) and sent.messages == asked.messages and inside.connection_settings(named) == ['api_key']
    answer = Response(id='1', model='gpt-5-mini', message=Message.assistant('x'), finish_reason='stop', usage=Usage(input_tokens=1000, output_tokens=1000))
    price = inside.price_answer(named, asked, answer)
    assert price is None or 0 < price < 1
    class Noted(dspy.utils.callback.BaseCallback):
        def on_lm_start(self, call_id, instance, inputs): seen.append(call_id)
    engine = Engine(during=lambda: seen.append(inside.active_call()))
    lm_of(engine, callbacks=[Noted()])('which team?')
    assert len(seen) == 2 and seen[0] == seen[1] and inside.active_call() == ''


def test_a_dummy_has_an_engine_too():
    assert callable(inside.engine_of(DummyLM([{'a': 'b'}])).complete) and inside.engine_of(object()) is None


def test_a_request_and_a_response_have_a_json_form():
    asked = Request(model='test/1', messages=(Message.user('hi'),))
    answer = Response(id='1', model='test/1', message=Message.assistant('x'), finish_reason='stop', usage=Usage(input_tokens=1), provider_data={'leg': 'a'})
    assert inside.request_to_json(asked)['model'] == 'test/1' and inside.response_from_json(inside.response_to_json(answer)) == answer


def test_what_is_kept_with_a_predictor_is_saved_loaded_copied_and_forgotten_with_its_demos():
    predictor = dspy.Predict('question -> answer')
    assert predictor.train == [] and inside.read_kept(predictor, 'colour') is None and inside.read_kept(object(), 'colour') is None
    for colour in ('red', 'blue'): inside.keep_with_predictor(predictor, 'colour', colour)
    inside.keep_with_predictor(predictor, 'size', 3)
    loaded = dspy.Predict('question -> answer').load_state(predictor.dump_state())
    for each in (loaded, predictor.deepcopy()): assert (inside.read_kept(each, 'colour'), inside.read_kept(each, 'size')) == ('blue', 3)
    assert inside.read_kept(predictor.reset_copy(), 'colour') is None
    inside.keep_with_predictor(predictor, 'colour', None)
    assert inside.read_kept(predictor, 'colour') is None and inside.read_kept(predictor, 'size') == 3


@pytest.mark.parametrize('base', [dspy.ChatAdapter, dspy.JSONAdapter])
def test_an_adapter_may_complete_an_answer_and_knows_its_predictor(base):
    class Own(inside.AdapterSteps, base):
        def prepare_call(self, lm, lm_kwargs, signature, inputs): seen.append(inside.find_caller()); return signature
        def finish_call(self, answers): return [{**each, 'sure': True} for each in answers]
    seen, predictor = [], dspy.Predict('question -> answer')
    answer = '{"answer": "billing"}' if base is dspy.JSONAdapter else '[[ ## answer ## ]]\nbilling\n\n[[ ## completed ## ]]'
    with dspy.context(lm=lm_of(Engine(answer)), adapter=Own()): found = predictor(question='q')
    assert found.sure and found.answer == 'billing' and seen[-1] is predictor and inside.find_caller() is None


def test_an_asynchronous_call_hands_only_two_short_steps_to_other_threads():
    handed = []
    class Watched(ThreadPoolExecutor):
        def submit(self, job, /, *args, **kwargs):
            handed.append((job.args[0].__name__, inside.is_short_step(job)))
            return super().submit(job, *args, **kwargs)
    async def ask():
        asyncio.get_running_loop().set_default_executor(Watched(1))
        await lm_of(Engine(), async_engine=AsyncEngine()).acall('hi')
        await asyncio.to_thread(len, '')
    asyncio.run(ask())
    assert handed == [('prepare', True), ('_price_result', True), ('len', False)]
