"A model that is described is made again as it was, and a description holds neither secrets nor code."
import json

import dspy
import pytest
from dspy.utils import DummyLM
from hypothesis import given, settings
from hypothesis import strategies as st

import dspy_toolkit
from dspy_toolkit.core.errors import BundleError, InputError
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.deploy.lock import check_lock, list_changes, make_lock, write_constraints
from dspy_toolkit.deploy.models import check_model, describe_model, list_keys, list_models, list_needs, make_model
from dspy_toolkit.resilience import chaos
from dspy_toolkit.resilience.chaos import ChaosEngine
from dspy_toolkit.resilience.retry import Retry
from dspy_toolkit.workspace import lms
from dspy_toolkit.workspace.kept_names import keep_name


def some(**each): return st.fixed_dictionaries({}, optional=each)


asked = some(temperature=st.floats(0, 2), max_tokens=st.integers(1, 9999), cache=st.just(False), seed=st.integers(0, 9), top_p=st.floats(0.1, 1), num_retries=st.integers(4, 9), stop=st.lists(st.sampled_from(['a', '\n', '漢']), min_size=1))
own = st.builds(lambda options: dict(model='mlx/tiny', options=options), st.builds(lambda a, b: a | b, asked, some(slots=st.integers(1, 4), queue_limit=st.integers(1, 99), kv_bits=st.sampled_from([4, 8]), timeout=st.floats(1, 99))))
other = st.builds(lambda name, options: dict(model=name, options=options), st.sampled_from(['openai/gpt-4o-mini', 'anthropic/claude-x', 'ollama/llama3', 'gpt-4o']),
                  st.builds(lambda a, b: a | b, asked, some(api_base=st.just('https://models.example/v1'), model_type=st.just('responses'), extra_body=st.just({'a': [1, None, 'b']}))))


def fallbacks(inner):
    semantics = some(refusal=st.just(True), unparsed=st.just(False), min_tokens_per_second=st.floats(1, 9))
    leg = st.builds(lambda lm, more: dict(lm=lm) | more, inner, some(timeout=st.floats(1, 99), concurrency=st.integers(1, 9), weight=st.floats(1.5, 9), context_window=st.integers(1, 9999), semantics=semantics))
    more = some(strategy=st.sampled_from(['weighted', 'adaptive']), explore=st.floats(0.1, 1), hop_on=st.just(['truncated']), options=some(temperature=st.floats(0, 1)))
    return st.builds(lambda legs, name, more: dict(fallback=name, legs=[each | dict(name=f'leg {n}') for n, each in enumerate(legs)]) | more, st.lists(leg, min_size=1, max_size=3), st.sampled_from(['safe', 'wide net']), more)


descriptions = st.recursive(own | other, fallbacks, max_leaves=4)


def bare(data):
    "Without what is empty."
    if isinstance(data, list): return [bare(each) for each in data]
    if not isinstance(data, dict): return data
    return {name: bare(each) for name, each in data.items() if each != {} or name in ('extra_body',)}


@settings(max_examples=40)
@given(descriptions)
def test_a_description_makes_a_model_that_has_this_description(data):
    data = json.loads(json.dumps(bare(data)))
    check_model(data)
    assert describe_model(make_model(data)).data == data


def test_what_dspy_renames_for_a_model_that_reasons_comes_back():
    data = describe_model(dspy.LM('openai/gpt-5-mini', temperature=1.0, max_tokens=20_000)).data
    assert data == dict(model='openai/gpt-5-mini', options=dict(temperature=1.0, max_tokens=20_000)) and describe_model(make_model(data)).data == data
    with pytest.raises(InputError, match='openai/gpt-5-mini cannot be made as the bundle says'): make_model(dict(model='openai/gpt-5-mini', options=dict(max_tokens=5)))


class Other(dspy.LM): pass


class Own:
    "An engine of somebody's own."
    def complete(self, request): raise NotImplementedError


SECRETS = {
    'a key': (dict(api_key='x'), 'api_key of openai/x is a secret'),
    'headers': (dict(headers={'Authorization': 'Bearer abcdefghijkl'}), 'headers of openai/x is a secret'),
    'extra headers': (dict(extra_headers={'x': 'y'}), 'extra_headers of openai/x is a secret'),
    'a key of a cloud': (dict(aws_secret_access_key='abc'), 'aws_secret_access_key of openai/x is a secret'),
    'a token of a cloud': (dict(azure_ad_token='abc'), 'azure_ad_token of openai/x is a secret'),
    'a password in an address': (dict(api_base='https://ada:hunter2hunter2@x.example'), 'api_base of openai/x holds a secret'),
    'a key in an address': (dict(api_base='https://x.example/v1?api_key=abcdefgh'), 'api_base of openai/x holds a secret'),
    'a key in a body': (dict(extra_body={'keys': ['sk-abcdefghijklmnop1234']}), 'holds a secret'),
    'an option that is code': (dict(fn=print), 'fn of openai/x is no option'),
    'an option with code in it': (dict(extra_body={'a': print}), 'extra_body of openai/x is no JSON data'),
}


@pytest.mark.parametrize('options, said', SECRETS.values(), ids=SECRETS)
def test_a_secret_is_refused_and_not_repeated(options, said):
    with pytest.raises(InputError, match=said) as error: describe_model(dspy.LM('openai/x', **options))
    assert not any(word in f'{error.value} {error.value.hint}' for word in ('hunter2', 'abcdefgh'))


def test_a_secret_of_a_leg_is_refused_too(monkeypatch):
    monkeypatch.setenv('MY_SECRET_KEY', 'correct-horse')
    inner = dspy_toolkit.fallback('inner', [dspy.LM('openai/x', api_base='https://correct-horse.example')])
    with pytest.raises(InputError, match='api_base of fallback/outer holds a secret'): describe_model(dspy_toolkit.fallback('outer', [dspy_toolkit.Leg(inner, 'leg')]))


@pytest.mark.parametrize('lm, said', [
    (DummyLM([{'answer': 'x'}]), 'made by code of yours .DummyLM.'), (Other('openai/x'), 'made by code of yours .Other.'), ('openai/x', 'made by code of yours .str.'),
    (dspy.LM('mine/x', engine=Own()), 'made by code of yours .Own.'),
    (dspy_toolkit.fallback('f', [dspy_toolkit.Leg('openai/x', retry=Retry())]), "the leg 'openai/x' has a retry"),
], ids=['dummy', 'subclass', 'name', 'engine', 'retry'])
def test_what_another_machine_could_not_make_is_refused(lm, said):
    with pytest.raises(InputError, match=said): describe_model(lm)


def test_a_name_of_this_machine_becomes_what_it_stands_for(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset_settings()
    keep_name('fast', 'mlx/tiny', options=dict(max_tokens=9))
    keep_name('safe', fallback=['fast', 'openai/gpt-5-mini'], strategy='hedged', hedge_after='0.5')
    try: data = describe_model(lms.resolve('safe')).data
    finally:
        lms.forget_names()
        reset_settings()
    fast, mini = dict(name='fast', lm=dict(model='mlx/tiny', options=dict(max_tokens=9))), dict(name='openai/gpt-5-mini', lm=dict(model='openai/gpt-5-mini'))
    assert data == dict(fallback='safe', strategy='hedged', hedge_after=0.5, legs=[fast, mini])
    assert make_model(data).engine.legs[0].lm.kwargs['max_tokens'] == 9  # and nobody here knows the names any more


def test_chaos_does_not_travel():
    tiny = dspy_toolkit.lm('mlx/tiny')
    wrapped = tiny.copy(engine=ChaosEngine(tiny.engine, 'shaken'))
    chaos.start('shaken', dspy_toolkit.Chaos(fail=1.0), 60)
    try: assert describe_model(dspy_toolkit.fallback('f', [dspy_toolkit.Leg(wrapped, 'shaken')])).data == dict(fallback='f', legs=[dict(name='shaken', lm=dict(model='mlx/tiny'))])
    finally: chaos.stop('shaken')


WRONG = [
    [], {}, 'x', {'model': 7}, {'model': ''}, {'model': 'x' * 401}, {'model': 'mlx/tiny', 'options': []}, {'model': 'mlx/tiny', 'options': {'engine': 'os:system'}},
    {'model': 'mlx/tiny', 'options': {'adapter_path': '/etc'}}, {'model': 'mlx/tiny', 'options': {'provider': 'x'}}, {'model': 'openai/x', 'options': {'slots': 2}},
    {'model': 'openai/x', 'options': {'api_key': 'x'}}, {'model': 'mlx/tiny', 'adapter': 'a/b'}, {'model': 'mlx/tiny', 'more': 1}, {'fallback': 'f', 'legs': []},
    {'fallback': 'f', 'legs': [{'name': 'a', 'lm': {'model': 'x', 'options': {'api_key': 'x'}}}]}, {'fallback': 'f', 'legs': [{'name': 'a', 'lm': {'model': 'x'}, 'timeout': -1}]},
    {'fallback': 'f', 'legs': [{'name': 'a', 'lm': {'model': 'x'}, 'semantics': {'odd': 1}}]}, {'fallback': 'f', 'legs': [{'name': 'a', 'lm': {'model': 'x'}}], 'strategy': 'odd'},
]


@pytest.mark.parametrize('data', WRONG, ids=lambda data: json.dumps(data)[:60])
def test_what_is_no_description_is_refused(data):
    with pytest.raises(BundleError, match='^model.json: '): check_model(data, 'model.json')


def test_what_a_machine_needs_is_said():
    legs = [dict(name=name, lm=dict(model=name)) for name in ('mlx/tiny', 'mlx/smollm2', 'mlx/org/model', 'mlx//srv/model', 'anthropic/claude-x', 'ollama/x')]
    data = dict(fallback='f', legs=[*legs, dict(name='b', lm=dict(model='openai/x', options=dict(api_base='https://x.example')))])
    check_model(data)
    assert [each['model'] for each in list_models(data)][-1] == 'openai/x' and list_keys(data) == ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY']
    needs = list_needs(data)
    assert len(needs) == 6 and 'the folder or file /srv/model' in needs[2] and needs[3] == 'openai/x at https://x.example'


# --- the lock


def test_a_lock_has_what_is_needed_and_no_more():
    lock = make_lock()
    check_lock(lock)
    assert {'dspy', 'fastapi', 'pydantic', 'starlette', 'uvicorn'} <= lock['packages'].keys() and not {'pytest', 'hypothesis', 'dspy-toolkit', 'dspy_toolkit'} & lock['packages'].keys()
    assert list_changes(lock) == [] and make_lock() == lock
    lines = write_constraints(lock).splitlines()
    assert len(lines) == len(lock['packages']) and all(line.count('==') == 1 for line in lines)


def test_other_versions_are_listed():
    lock = dict(python='2.7', packages={'dspy': '0.1', 'no-such-package': '1.0'})
    assert [name for name, *_ in list_changes(lock)] == ['python', 'dspy', 'no-such-package'] and make_lock('no-such-package')['packages'] == {}


@pytest.mark.parametrize('data', [[], {}, dict(python='3', packages={}), dict(python='3.12', packages=[]), dict(python='3.12', packages={'a b': '1'}), dict(python='3.12', packages={'a': '1 ; x'}),
                                  dict(python='3.12', packages={'a': ''}), dict(python='3.12', packages={'a': None}), dict(python='3.12', packages={}, more=1), dict(python='3.12', packages={'-e': '1'})], ids=str)
def test_what_is_no_lock_is_refused(data):
    with pytest.raises(BundleError, match='^lock.json: '): check_lock(data, 'lock.json')
