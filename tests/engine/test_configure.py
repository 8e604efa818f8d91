"One line in a program sets the model and the adapter; a block gives back what was there; the network is left alone."
import asyncio
import logging
import os
import subprocess
import sys
import threading

import dspy
import pytest
from dspy.utils import DummyLM

import dspy_toolkit
from dspy_toolkit.core.dspy_internals import configuration
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.engine import mlx


@pytest.fixture(autouse=True)
def unset():
    "DSPy as nobody configured it, before and after."
    inside = configuration()
    def clear():
        inside.main_thread_config.update(lm=None, adapter=None)
        inside.config_owner_thread_id = inside.config_owner_async_task = None
    clear()
    yield inside
    clear()


def on_a_thread(fn):
    "What a function gives on another thread."
    out = []
    thread = threading.Thread(target=lambda: out.append(fn()))
    thread.start()
    thread.join(60)
    return out[0]


def now(): return dspy.settings.lm, type(dspy.settings.adapter).__name__


def test_one_line_sets_the_model_and_the_adapter():
    lm = dspy_toolkit.configure('mlx/tiny', temperature=0.7, max_tokens=30, slots=2)
    assert isinstance(lm, dspy.LM) and now() == (lm, 'GrammarAdapter')
    assert (lm.kwargs['temperature'], lm.kwargs['max_tokens'], lm.engine.options['slots']) == (0.7, 30, 2)
    assert isinstance(dspy.Predict('email -> urgent: bool')(email='x').urgent, bool)


def test_a_name_that_nobody_serves_configures_nothing():
    with pytest.raises(InputError, match="no model is called 'fats'"): dspy_toolkit.configure('fats')
    assert dspy.settings.lm is None


def test_a_block_gives_back_what_was_there(unset):
    mine, adapter = DummyLM([{'a': 'b'}]), dspy.JSONAdapter()
    dspy.configure(lm=mine, adapter=adapter)
    with dspy_toolkit.configure('mlx/tiny') as outer:
        assert now() == (outer, 'GrammarAdapter')
        with dspy_toolkit.configure('mlx/tiny', adapter=dspy.ChatAdapter(), temperature=0.5) as inner: assert now() == (inner, 'ChatAdapter')
        assert now() == (outer, 'GrammarAdapter') and on_a_thread(lambda: dspy.settings.lm) is mine
    assert dspy.settings.lm is mine and dspy.settings.adapter is adapter
    with pytest.raises(ZeroDivisionError):
        with dspy_toolkit.configure('mlx/tiny'): 1 / 0  # noqa: B018
    assert dspy.settings.lm is mine


def test_a_block_inside_of_a_context_has_its_own_model():
    with dspy.context(lm=DummyLM([{'a': 'b'}])):
        with dspy_toolkit.configure('mlx/tiny') as lm: assert dspy.settings.lm is lm
        assert isinstance(dspy.settings.lm, DummyLM)
    assert dspy.settings.lm is None


def test_a_thread_that_may_not_configure_has_the_model_for_itself():
    mine = dspy_toolkit.configure('mlx/tiny')
    def block():
        with dspy_toolkit.configure('mlx/tiny', temperature=0.5) as lm: inside = dspy.settings.lm is lm
        return inside, dspy.settings.lm is mine
    assert on_a_thread(block) == (True, True)
    def line():
        lm = dspy_toolkit.configure('mlx/tiny', temperature=0.5)
        return now() == (lm, 'GrammarAdapter')
    assert on_a_thread(line) and dspy.settings.lm is mine


def test_a_thread_that_comes_first_does_not_take_the_place_of_the_main_one(unset):
    lm = on_a_thread(lambda: dspy_toolkit.configure('mlx/tiny'))
    assert dspy.settings.lm is lm and unset.config_owner_thread_id is None
    def block():
        with dspy_toolkit.configure('mlx/tiny'): return True
    assert on_a_thread(block) and dspy.settings.lm is lm and unset.config_owner_thread_id is None
    dspy.configure(lm=None)


def test_a_task_that_may_not_configure_has_the_model_for_itself():
    async def task(temperature):
        with dspy_toolkit.configure('mlx/tiny', temperature=temperature) as lm:
            await asyncio.sleep(0.01)
            return dspy.settings.lm is lm
    async def tasks(): return await asyncio.gather(*map(task, (0.1, 0.2, 0.3)))
    assert asyncio.run(tasks()) == [True] * 3 and dspy.settings.lm is None


def test_a_model_that_is_made_can_be_given():
    safe = dspy_toolkit.fallback('safe', [dspy_toolkit.lm('mlx/tiny')])
    given = dspy_toolkit.configure(safe)
    assert now() == (safe, 'GrammarAdapter') and given.model == 'fallback/safe'
    with dspy_toolkit.configure(dspy.LM('openai/x')) as lm: assert dspy.settings.lm is lm
    assert dspy.settings.lm is safe


def test_it_is_saved_and_copied_as_the_model_that_it_is():
    lm = dspy_toolkit.configure('openai/gpt-99', temperature=0.2)
    loaded = dspy.clients.base_lm.BaseLM.load_state(lm.dump_state())
    assert type(loaded) is dspy.LM and loaded.kwargs['temperature'] == 0.2
    with lm.copy(temperature=0.9) as other: assert dspy.settings.lm is other
    assert dspy.settings.lm is lm


@pytest.mark.parametrize('adapter, signature, warns', [
    (dspy.ChatAdapter, 'email -> team: Literal["billing", "sales"]', True), (dspy.ChatAdapter, 'email -> team', False), (dspy.JSONAdapter, 'email -> team: Literal["billing", "sales"]', False),
    (dspy_toolkit.GrammarAdapter, 'email -> n: int', False), (dspy_toolkit.GrammarChatAdapter, 'email -> n: int', False)])
def test_typed_outputs_without_a_schema_are_told_of_once(adapter, signature, warns, caplog):
    from typing import Literal  # noqa: F401  named in a signature
    mlx._warned.clear()
    caplog.set_level(logging.WARNING, 'dspy_toolkit.engine')
    with dspy.context(lm=dspy_toolkit.lm('mlx/tiny', max_tokens=20, cache=False), adapter=adapter()):
        for _ in range(3):
            try: dspy.Predict(signature)(email='I was charged twice')
            except Exception: assert adapter is dspy.ChatAdapter  # the very thing the warning is about
    told = [r.getMessage() for r in caplog.records if r.name == 'dspy_toolkit.engine' and 'without a schema' in r.getMessage()]
    assert len(told) == warns and all("dspy_toolkit.configure('mlx/tiny')" in each for each in told)


def test_the_first_use_of_a_named_model_asks_the_network_for_no_price_list():
    code = '''
import socket, urllib.request, warnings, dspy_toolkit, dspy
asked = []
def refuse(*where, **more): asked.append(str(where[0])); raise OSError('no network')
socket.create_connection = socket.getaddrinfo = refuse
urllib.request.urlopen = refuse
lm = dspy.LM('openai/gpt-5-mini')
lm.supports_response_schema, lm.supports_reasoning, dspy.LM('mistral/mistral-large-latest').supported_params
print(asked)
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=200)
    assert done.stdout.strip() == '[]' and 'cost map' not in done.stderr and 'refresh failed' not in done.stderr, done.stdout + done.stderr


@pytest.mark.parametrize('said, kept', [({}, 'true'), ({'DSPY_TOOLKIT_LOOK_UP_PRICES': 'true'}, None), ({'LITELLM_LOCAL_MODEL_COST_MAP': 'false'}, 'false')])
def test_a_person_may_have_prices_looked_up(said, kept):
    env = {name: value for name, value in os.environ.items() if name != 'LITELLM_LOCAL_MODEL_COST_MAP'} | said
    out = subprocess.run([sys.executable, '-c', "import os, dspy_toolkit; print(os.environ.get('LITELLM_LOCAL_MODEL_COST_MAP'))"], env=env, capture_output=True, text=True, timeout=60).stdout
    assert out.strip() == str(kept)
