"What must hold on a real GPU (Metal, CUDA): typed answers, batches, the prompt cache, a child process, stopping, and memory."
import gc
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import mlx.core as mx
import pytest
from dspy.lm15 import Config, Message, Request

from dspy_toolkit.core.cancel import Cancelled, CancelScope
from dspy_toolkit.core.events import FirstToken, bus
from dspy_toolkit.engine.hardware import hardware
from dspy_toolkit.engine.mlx import MLXEngine

pytestmark = pytest.mark.gpu
SCHEMA = {'type': 'object', 'additionalProperties': False, 'required': ['team', 'words'], 'properties': {
    'team': {'enum': ['billing', 'technical', 'sales']}, 'words': {'type': 'array', 'items': {'type': 'string', 'maxLength': 12}, 'maxItems': 3}}}
QUESTIONS = ['I was charged twice.', 'The app crashes every time I open the page of settings.', 'a', 'What do twenty seats cost? ' * 12,
             'Is the sky blue?', 'no ' * 40, '{"team": ', 'The café is open. ' * 9]


def ask(text, **config): return Request(model='m', messages=(Message.user(text),), config=Config(**{'max_tokens': 24} | config))
def typed(text, **config): return ask(text, response_format={'type': 'json_schema', 'schema': SCHEMA}, **{'max_tokens': 80} | config)


@pytest.fixture(scope='module')
def engine():
    made = MLXEngine('mlx/tiny', slots=8)
    made.warm()
    yield made
    made.close()


def test_the_device_is_the_gpu(gpu, engine):
    engine.complete(ask('a'))
    assert hardware().device == gpu and mx.get_active_memory() > 1_000_000  # the weights


def test_typed_answers_parse_also_when_the_model_is_wild(engine):
    requests = [typed(text, temperature=1.5, seed=n) for n, text in enumerate(QUESTIONS * 3)]
    with ThreadPoolExecutor(8) as pool: answers = [json.loads(o.text) for o in pool.map(engine.complete, requests)]
    assert all(o['team'] in SCHEMA['properties']['team']['enum'] and len(o['words']) <= 3 for o in answers)


@pytest.mark.parametrize('make', [ask, typed])
def test_a_batch_answers_what_each_request_is_answered_alone(engine, make):
    requests = [make(text) for text in QUESTIONS]
    with ThreadPoolExecutor(8) as pool: together = [o.text for o in pool.map(engine.complete, requests)]
    assert together == [engine.complete(request).text for request in requests]


def test_a_prompt_that_begins_as_one_before_is_answered_the_same(engine):
    begin = 'Sort the mail by the team that answers it. ' * 12
    engine.clear_caches()
    cold = engine.complete(ask(f'{begin}I was charged twice.'))
    warm = engine.complete(ask(f'{begin}I was charged twice.'))
    assert warm.text == cold.text and warm.usage.cache_read_tokens > 100 and not cold.usage.cache_read_tokens


def test_an_engine_in_a_child_process_answers_the_same(engine):
    child = MLXEngine('mlx/tiny', slots=8, isolate=True)
    try: assert [child.complete(typed(o)).text for o in QUESTIONS[:3]] == [engine.complete(typed(o)).text for o in QUESTIONS[:3]]
    finally: child.close()


def test_a_stopped_answer_ends_within_a_step_and_frees_its_slot(engine):
    scope, out = CancelScope(), []

    def call():
        with scope:
            try: engine.complete(ask('Well?', max_tokens=1500, temperature=1.2, seed=1))
            except Cancelled as e: out.append(e)
    with bus.record(FirstToken) as begun:
        thread = threading.Thread(target=call)
        thread.start()
        until = time.monotonic() + 60
        while not begun and time.monotonic() < until: time.sleep(0.001)
    scope.cancel()
    thread.join(10)
    assert out and out[0].partial and not engine.worker._running
    assert engine.complete(ask('a', max_tokens=2)).usage.output_tokens <= 2


def test_memory_comes_back_when_an_engine_is_closed(engine):
    "Another engine over the same weights, with prompts of its own in its cache, leaves nothing behind."
    gc.collect()
    mx.clear_cache()
    before = mx.get_active_memory()
    other = MLXEngine('mlx/tiny', slots=3)
    other.complete(ask('What do twenty seats cost? ' * 40))
    assert mx.get_active_memory() > before
    other.close()
    gc.collect()
    mx.clear_cache()
    assert mx.get_active_memory() <= before + 2 ** 20
