"Models of noise, made once for all tests here: whatever holds with them holds whatever a model says."
import gc, json

import pytest

from dspy_toolkit.engine.mlx import lm as make_lm
from dspy_toolkit.engine.models import random_model


@pytest.fixture(scope='session')
def noise(tmp_path_factory):
    "The folder of a small random model."
    return random_model(tmp_path_factory.mktemp('noise'), context=2048)


@pytest.fixture(scope='session')
def sliding(tmp_path_factory):
    "One whose layers see different stretches of the past, so that rows can't share caches."
    return random_model(tmp_path_factory.mktemp('sliding'), layer_types=['sliding_attention', 'full_attention'], sliding_window=16)


@pytest.fixture(scope='session')
def noise_wide(tmp_path_factory):
    "One whose heads are wide enough to be quantised."
    return random_model(tmp_path_factory.mktemp('wide'), hidden=128, heads=2)


@pytest.fixture(scope='session')
def pensive(tmp_path_factory):
    "One whose tokenizer has marks around what it thinks."
    folder = random_model(tmp_path_factory.mktemp('pensive'))
    tokenizer = json.loads((folder/'tokenizer.json').read_text())
    vocabulary, merges = tokenizer['model']['vocab'], tokenizer['model']['merges']
    for mark in ('<think>', '</think>'):  # in the place of the last words it learnt
        word = ''.join(merges.pop())
        vocabulary[mark] = vocabulary.pop(word)
        tokenizer['added_tokens'].append({**tokenizer['added_tokens'][0], 'id': vocabulary[mark], 'content': mark, 'special': False})
    (folder/'tokenizer.json').write_text(json.dumps(tokenizer))
    return folder


@pytest.fixture
def lm(noise):
    "Makes language models over noise; their engines are closed afterwards."
    made = []

    def make(**options):
        made.append(make_lm(f'mlx/{noise}', **{'cache': False, 'max_tokens': 100} | options))
        return made[-1]
    yield make
    for each in made:
        each.engine.close()
        each._async_engine_spec = None
    made.clear()
    gc.collect()
