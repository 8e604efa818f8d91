"DSPy's engine contract, with a model of noise behind it."
import asyncio, json, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import dspy
import pytest
from dspy.lm15 import (CacheConfig, Config, ConfigurationError, ContextLengthError, FunctionTool, Message, Reasoning, Request, TextPart, ThinkingPart,
                       UnsupportedFeatureError)

from dspy_toolkit.core.events import EngineLoaded, FirstToken, GenerationFinished, GenerationStarted, bus
from dspy_toolkit.engine.mlx import AsyncMLXEngine, MLXEngine, generation
from dspy_toolkit.engine.models import random_model
from dspy_toolkit.core.cancel import CancelScope, Cancelled

schema = {'type': 'object', 'required': ['answer', 'names'], 'properties': {
    'answer': {'enum': ['yes', 'no']}, 'names': {'type': 'array', 'items': {'type': 'string', 'maxLength': 9}, 'maxItems': 2}}}


@pytest.fixture(scope='module')
def engine(noise):
    made = MLXEngine(f'mlx/{noise}')
    yield made
    made.close()


def ask(engine, text='Is the sky blue?', **config):
    return Request(model=engine.model, messages=(Message.user(text),), config=Config(**{'max_tokens': 30} | config))


def typed(**config): return dict(response_format={'type': 'json_schema', 'schema': schema}, **config)


# ---- requests

def test_a_request_becomes_what_it_says(engine):
    request = Request(model='mlx/tiny', system='Be brief.', messages=(
        Message.user('One'), Message.assistant([ThinkingPart('hm'), TextPart('two')]), Message.developer('Go on'), Message.user('three')),
        config=Config(max_tokens=5, temperature=0.5, top_p=0.9, top_k=7, seed=3, stop=('x',)))
    made = generation(request)
    assert [(m['role'], m['content']) for m in made.messages] == [
        ('system', 'Be brief.'), ('user', 'One'), ('assistant', 'two'), ('system', 'Go on'), ('user', 'three')]
    assert (made.max_tokens, made.temperature, made.top_p, made.top_k, made.seed, made.stop) == (5, 0.5, 0.9, 7, 3, ('x',))


@pytest.mark.parametrize('config, feature', [
    (dict(service_tier='fast'), 'config.service_tier'), (dict(reasoning=Reasoning(effort='low')), 'config.reasoning'),
    (dict(extensions={'logit_bias': {'1': 2}}), 'config.extensions.logit_bias'), (dict(cache=CacheConfig(resource='r')), 'config.cache.resource'),
    (typed(stop=('x',)), 'config.stop')])
def test_what_is_not_honoured_is_refused_by_name(engine, config, feature):
    with pytest.raises(UnsupportedFeatureError) as caught: engine.complete(ask(engine, **config))
    assert caught.value.feature == feature and '\n' not in caught.value.message


def test_what_has_no_effect_on_the_answer_is_no_reason_to_refuse(engine):
    config = dict(frequency_penalty=0.0, presence_penalty=0, reasoning=Reasoning(effort='off'), user_id='ada', store=False,
                  extensions={'metadata': {'a': 'b'}}, cache=CacheConfig(), max_tokens=2)
    assert engine.complete(ask(engine, **config)).usage.output_tokens == 2


def test_tools_are_refused(engine):
    with pytest.raises(UnsupportedFeatureError): engine.complete(replace(ask(engine), tools=(FunctionTool(name='look', parameters={'type': 'object'}),)))


# ---- answers

def test_streaming_gives_the_same_as_completing(engine):
    for config in (dict(), typed(max_tokens=60), dict(temperature=1.0, seed=4), dict(stop=('a',))):
        request = ask(engine, **config)
        response, events = engine.complete(request), list(engine.stream(request))
        assert [e.type for e in events] == ['start'] + ['delta'] * (len(events) - 2) + ['end']
        assert ''.join(e.delta.text for e in events[1:-1]) == response.text
        end = events[-1]
        assert end.finish_reason == response.finish_reason and end.usage.output_tokens == response.usage.output_tokens


def test_the_async_engine_gives_the_same_over_the_same_model(engine):
    async def both():
        other = AsyncMLXEngine(engine.model)
        assert other.worker is engine.worker
        request = ask(engine, **typed(max_tokens=60))
        response, events = await other.complete(request), [e async for e in other.stream(request)]
        await other.aclose(); await other.aclose()
        return response.text, ''.join(e.delta.text for e in events[1:-1])
    assert asyncio.run(both()) == (text := engine.complete(ask(engine, **typed(max_tokens=60))).text, text)


def test_many_threads_get_what_one_gets(engine):
    requests = [ask(engine, f'Is {n} even?', **(typed(max_tokens=50) if n % 2 else {}), temperature=0.7, seed=n) for n in range(24)]
    with ThreadPoolExecutor(24) as pool: together = [r.text for r in pool.map(engine.complete, requests)]
    assert together == [engine.complete(request).text for request in requests]


@pytest.mark.parametrize('max_tokens', range(1, 50, 3))
def test_under_a_schema_the_answer_is_whole_or_the_request_is_refused(engine, max_tokens):
    try: response = engine.complete(ask(engine, **typed(max_tokens=max_tokens, temperature=1.5, seed=max_tokens)))
    except ContextLengthError as e: assert f'and {max_tokens} are allowed' in e.message and max_tokens < 24; return
    answer = json.loads(response.text)
    assert answer['answer'] in ('yes', 'no') and len(answer['names']) <= 2
    assert response.usage.output_tokens <= max_tokens
    assert response.finish_reason == ('length' if (response.provider_data or {}).get('cut_short') else 'stop')


def test_json_object_is_any_object(engine):
    assert isinstance(json.loads(engine.complete(ask(engine, response_format={'type': 'json_object'})).text), dict)


def test_what_happened_is_told_on_the_bus(noise):
    engine = MLXEngine(f'mlx/{noise}', slots=3)
    with bus.record(GenerationStarted, FirstToken, GenerationFinished, EngineLoaded) as seen: response = engine.complete(ask(engine))
    assert [type(e) for e in seen] == [GenerationStarted, EngineLoaded, FirstToken, GenerationFinished]
    assert seen[1].nbytes > 0 and seen[1].model == engine.model
    last = seen[-1]
    assert (last.input_tokens, last.output_tokens, last.finish_reason) == (response.usage.input_tokens, 30, 'length')
    assert 0 < seen[2].seconds <= last.seconds
    engine.close()


# ---- stopping

endless = dict(max_tokens=1500)


def test_a_scope_stops_a_call_within_a_step_and_keeps_its_text(engine, lm):
    model, scope, out = lm(**endless), CancelScope(), []

    def call():
        with scope:
            try: model('Well?')
            except Cancelled as e: out.append(e)  # not an LMError: DSPy lets it pass
    with bus.record(FirstToken) as begun:
        thread = threading.Thread(target=call)
        thread.start()
        while not begun: time.sleep(0.001)
    scope.cancel()
    thread.join(10)
    assert out and out[0].partial == scope.partial != ''
    assert not engine.worker._running


def test_leaving_a_stream_and_cancelling_a_task_free_the_slot(engine):
    stream = engine.stream(ask(engine, **endless))
    for event in stream:
        if event.type == 'delta': break
    stream.close()

    async def tasks():
        other = AsyncMLXEngine(engine.model)
        task = asyncio.create_task(other.complete(ask(engine, **endless)))
        async for event in (events := other.stream(ask(engine, **endless))):
            if event.type == 'delta': break
        await events.aclose()
        task.cancel()
        with pytest.raises(asyncio.CancelledError): await task
        await other.aclose()
    asyncio.run(tasks())
    engine.complete(ask(engine, max_tokens=3))
    assert not engine.worker._running


def test_a_call_may_take_only_so_long(noise):
    engine = MLXEngine(f'mlx/{noise}', timeout=0.3)
    engine.warm()
    with pytest.raises(TimeoutError, match='gave no answer within 0.3 s'): engine.complete(ask(engine, **endless))
    engine.close()


# ---- living and closing

def test_a_closed_engine_says_so_and_the_others_go_on(noise):
    first, second = MLXEngine(f'mlx/{noise}', slots=5), MLXEngine(f'mlx/{noise}', slots=5)
    worker = first.worker
    first.close(); first.close()
    with pytest.raises(ConfigurationError, match='is closed'): first.complete(ask(first))
    assert second.worker is worker and second.complete(ask(second, max_tokens=2)).usage.output_tokens == 2
    second.close()
    assert worker.state == 'closed'
    third = MLXEngine(f'mlx/{noise}', slots=5)
    assert third.worker is not worker and third.complete(ask(third, max_tokens=2)).usage.output_tokens == 2
    third.close()


def test_an_engine_that_is_forgotten_frees_its_model(noise):
    import gc
    engine = MLXEngine(f'mlx/{noise}', slots=6)
    engine.warm()
    worker = engine.worker
    del engine
    gc.collect()
    assert worker.state == 'closed'
    for _ in range(300):
        if worker._thread is None: break
        time.sleep(0.01)
    assert worker._thread is None


def test_a_model_that_cannot_be_read_is_told_as_such(tmp_path, noise):
    random_model(tmp_path)
    (tmp_path/'model.safetensors').write_bytes(b'junk')
    engine = MLXEngine(f'mlx/{tmp_path}')
    with pytest.raises(Exception, match='failed|cannot be loaded|not in the safetensors format') as caught: engine.complete(ask(engine))
    assert '\n' not in caught.value.message
    random_model(tmp_path)  # mended: the next request loads it anew
    assert engine.complete(ask(engine, max_tokens=2)).usage.output_tokens == 2
    engine.close()


script = '''
import threading, time, sys
from dspy.lm15 import *
from dspy_toolkit.engine.mlx import MLXEngine
engine = MLXEngine('mlx/' + sys.argv[1])
ask = lambda n: Request(model=engine.model, messages=(Message.user('Well?'),), config=Config(max_tokens=n))
engine.complete(ask(3))
{}
print('end')
'''


@pytest.mark.parametrize('last', [
    'pass', 'engine.close()', 'stream = engine.stream(ask(1500)); next(stream); next(stream)',
    'threading.Thread(target=engine.complete, args=(ask(1500),), daemon=True).start(); time.sleep(0.2)'])
def test_a_process_ends_cleanly_whatever_the_engine_is_doing(noise, last):
    done = subprocess.run([sys.executable, '-c', script.format(last), str(noise)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout == 'end\n', done.stderr
    assert not any(word in done.stderr for word in ('Fatal', 'terminate', 'Aborted', 'libc++')), done.stderr


# ---- through dspy.LM

def test_dspy_turns_our_errors_into_its_own_once(lm):
    with pytest.raises(dspy.ContextWindowExceededError) as caught: lm()('no ' * 3000)
    assert 'prompt has' in caught.value.message and '\n' not in caught.value.message and caught.value.__cause__.hint
    assert not dspy.is_retryable_lm_error(caught.value)


def test_a_seed_repeats_and_a_cache_hit_asks_nobody(lm):
    model = lm(temperature=1.0, seed=7, cache=True, max_tokens=11)
    with bus.record(GenerationStarted) as seen: assert model('Well, well?') == model('Well, well?')
    assert len(seen) == 1
    assert model.copy(cache=False)('Well, well?') == model('Well, well?')


def test_a_saved_program_finds_its_model_in_another_process(lm, tmp_path):
    program = dspy.Predict('question -> answer')
    program.lm = lm(max_tokens=40, temperature=0.5, seed=1)
    with dspy.context(adapter=dspy.JSONAdapter()): expected = program(question='Why?').answer
    program.save(tmp_path/'program.json')
    code = '''
import dspy, sys
program = dspy.Predict('question -> answer')
program.load(sys.argv[1], allow_unsafe_lm_state=True)
with dspy.context(adapter=dspy.JSONAdapter()): sys.stdout.buffer.write(program(question='Why?').answer.encode())
'''
    done = subprocess.run([sys.executable, '-c', code, str(tmp_path/'program.json')], capture_output=True)
    assert done.stdout.decode() == expected, done.stderr.decode()


def test_a_program_with_its_model_can_be_copied_pickled_and_optimized(lm):
    import copy, pickle
    program = dspy.Predict('question -> answer: bool')
    program.set_lm(model := lm(max_tokens=30))
    assert copy.deepcopy(program).lm.engine is model.engine
    twin = pickle.loads(pickle.dumps(model))
    assert twin.engine.worker is model.engine.worker and twin('Why?') == model('Why?')
    trainset = [dspy.Example(question=f'Is {n} even?', answer=bool(n % 2)).with_inputs('question') for n in range(6)]
    from dspy_toolkit.engine.adapter import GrammarAdapter
    with dspy.context(lm=model, adapter=GrammarAdapter()):
        better = dspy.BootstrapFewShot(metric=lambda example, found, trace=None: True, max_bootstrapped_demos=2).compile(program, trainset=trainset)
        assert len(better.demos) >= 2 and type(better(question='Is 8 even?').answer) is bool


def test_a_program_is_warmed_with_its_demos_and_its_calls_begin_there(lm):
    model = lm(prefix_bytes=2 ** 24)
    program = dspy.Predict('question -> answer')
    program.demos = [dspy.Example(question=f'What is {i}?', answer=str(i)) for i in range(6)]
    with dspy.context(lm=model, adapter=dspy.JSONAdapter(), track_usage=True):
        warmed = model.engine.warm(program)
        used = program(question='Why?').get_lm_usage()[model.model]
    assert warmed > 200 and used['prompt_tokens_details']['cached_tokens'] > warmed - 60
    assert model.engine.warm() == 0
