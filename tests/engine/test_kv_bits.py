"Keys and values of fewer bits, for heads of any size: they fit, or a line says which would."
import json

import dspy
import pytest
from dspy.lm15 import Config, Message, Request, UnsupportedModelError

from dspy_toolkit.core.errors import ModelNotAvailable
from dspy_toolkit.engine.batch import MLXBackend
from dspy_toolkit.engine.mlx import MLXEngine
from dspy_toolkit.engine.memory import NotEnoughMemory, check_kv_bits, check_memory, choose_group_size, estimate_memory
from dspy_toolkit.engine.models import load, random_model
from dspy_toolkit.engine.worker import Generation

SCHEMA = {'type': 'object', 'required': ['a'], 'properties': {'a': {'enum': ['yes', 'no']}}}


@pytest.mark.parametrize('size, bits, group', [(96, 8, 32), (96, 4, 32), (160, 8, 32), (32, 8, 32), (64, 8, 64), (128, 4, 64)])
def test_heads_of_any_multiple_of_32_are_quantised(tmp_path, size, bits, group):
    made = MLXBackend(f'mlx/{random_model(tmp_path, heads=2, head_dim=size)}', kv_bits=bits)
    made.load()
    try:
        made.admit(0, Generation(({'role': 'user', 'content': 'Is the sky blue?'},), schema=SCHEMA, max_tokens=40))
        pieces, groups = [], set()
        while not pieces or not pieces[-1].finish_reason:
            pieces += made.step()
            groups |= {cache.group_size for row in (*made.scheduler.batch.caches, *made.scheduler.prefill_batch.caches) for cache in row}
        assert json.loads(''.join(piece.text for piece in pieces))['a'] in ('yes', 'no') and groups == {group} == {choose_group_size(size)}
    finally: made.close()


@pytest.mark.parametrize('size', [80, 112, 40])
def test_heads_that_fit_no_group_are_told_at_loading_and_not_asked_again(tmp_path, size):
    engine = MLXEngine(f'mlx/{random_model(tmp_path, heads=2, head_dim=size)}', kv_bits=8)
    request = Request(model='mlx/x', messages=(Message.user('Hi'),), config=Config(max_tokens=3))
    with pytest.raises(UnsupportedModelError, match=f'multiple of 32, and this model has heads of {size}') as caught: engine.complete(request)
    assert 'leave kv_bits out' in caught.value.hint
    with pytest.raises(dspy.LMError) as caught: dspy.LM('mlx/x', engine=engine, cache=False)('Hi')
    assert not dspy.is_retryable_lm_error(caught.value)
    engine.close()


@pytest.mark.parametrize('bits', [1, 3, 7, 16])
def test_bits_that_nothing_can_be_kept_in_are_refused_by_name(noise, bits):
    with pytest.raises(ModelNotAvailable, match=f'kv_bits={bits} is no number of bits') as caught: load(noise, kv_bits=bits)
    assert 'takes 8 or 4' in caught.value.hint
    check_kv_bits(None, 80), check_kv_bits(8, 96, 64)


@pytest.mark.parametrize('size, bits', [(96, 8), (96, 4), (128, 8)])
def test_what_they_take_is_reckoned_to_the_byte(tmp_path, size, bits):
    import mlx.core as mx
    from mlx_lm.models.cache import make_prompt_cache
    folder = random_model(tmp_path, heads=2, head_dim=size)
    model = load(folder).model
    caches = make_prompt_cache(model)
    model(mx.array([[1] * 512]), cache=caches)
    assert estimate_memory(folder, slots=1, context=512, kv_bits=bits, prefix_bytes=0).kv == sum(c.to_quantized(choose_group_size(size), bits).nbytes for c in caches)


def test_fewer_bits_are_advised_only_where_they_would_work(tmp_path):
    for size, advised in ((96, True), (80, False)):
        folder = random_model(tmp_path/str(size), hidden=64, heads=4, head_dim=size, layers=2, context=1024)
        found = []
        for free in range(1_000_000, 40_000_000, 500_000):
            try: check_memory(folder, slots=8, free=free, prefix_bytes=0)
            except NotEnoughMemory as e: found.append('kv_bits' in e.hint)
        assert any(found) == advised
