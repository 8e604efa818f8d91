"Models of noise, made once for all tests here: whatever holds with them holds whatever a model says."
import gc

import pytest

from dspy_toolkit.engine.models import lm as make_lm, random_model


@pytest.fixture(scope='session')
def noise(tmp_path_factory):
    "The folder of a small random model."
    return random_model(tmp_path_factory.mktemp('noise'), context=2048)


@pytest.fixture(scope='session')
def sliding(tmp_path_factory):
    "One whose layers see different stretches of the past, so that rows can't share caches."
    return random_model(tmp_path_factory.mktemp('sliding'), layer_types=['sliding_attention', 'full_attention'], sliding_window=16)


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
