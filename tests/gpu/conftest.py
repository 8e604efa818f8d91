"These tests ask a real GPU. Where there is none they are skipped, and fail where NEED_GPU is set, as `make test-gpu` does."
import os

import mlx.core as mx
import pytest


def find_gpu():
    "metal or cuda; '' where MLX computes on the processor."
    if mx.default_device() != mx.Device(mx.gpu): return ''
    return 'metal' if mx.metal.is_available() else 'cuda'


@pytest.fixture(scope='session', autouse=True)
def gpu():
    if found := find_gpu(): return found
    said = f'MLX has no GPU here: its device is {mx.default_device()}'
    if os.environ.get('NEED_GPU'): pytest.fail(said)
    pytest.skip(said)
