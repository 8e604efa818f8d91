"A name becomes a model, or one line that says why not."
import json
import logging
import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace

import dspy
import pytest

from dspy_toolkit.core.errors import MissingExtra, ModelNotAvailable, ToolkitError
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.core import memory as machine_memory
from dspy_toolkit.engine import hardware as machine, hub, memory, models
from dspy_toolkit.engine.hardware import hardware
from dspy_toolkit.engine.hub import TINY, fetch, find
from dspy_toolkit.engine.memory import NotEnoughMemory, check_memory, estimate_memory
from dspy_toolkit.engine.mlx import fingerprint, lm
from dspy_toolkit.engine.models import load, random_model


def lines(error): return [str(error), error.hint]


def test_the_built_in_model_is_always_there():
    assert find('mlx/tiny').path == TINY and (TINY/'config.json').exists()


def test_no_name_means_the_setting(monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_DEFAULT_LM', 'openai/gpt-5-mini')
    reset_settings()
    try: assert lm(api_key='none').model == 'openai/gpt-5-mini'
    finally:
        monkeypatch.undo()
        reset_settings()
    assert lm().model == 'mlx/tiny'


def test_other_names_go_to_dspy_as_they_are():
    made = lm('openai/gpt-5-mini', api_key='none', num_retries=7)
    assert made.engine == 'auto' and made.num_retries == 7


@pytest.mark.parametrize('name, says', [
    ('mlx/tinny', "'mlx/tinny' names no model"), ('mlx/./nowhere', 'there is no folder'), ('mlx//no/where', "there is no folder '/no/where'"),
    ('mlx/a/b/c', 'names no model'), ('mlx/', 'names no model')])
def test_a_name_that_can_be_no_model_is_told_at_once(name, says):
    with pytest.raises(ModelNotAvailable, match=says) as caught: lm(name)
    assert all(lines(caught.value)) and not any('\n' in line for line in lines(caught.value))


@pytest.mark.parametrize('missing, says', [('config.json', 'has no config.json'), ('model.safetensors', 'has no weights'), ('tokenizer*', 'has no tokenizer')])
def test_a_folder_that_lacks_something_says_what(tmp_path, missing, says):
    random_model(tmp_path)
    for path in tmp_path.glob(missing): path.unlink()
    with pytest.raises(ModelNotAvailable, match=says): lm(f'mlx/{tmp_path}')


def test_a_folder_may_be_relative_or_below_home(tmp_path, monkeypatch):
    random_model(tmp_path/'models'/'noise')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('HOME', str(tmp_path))
    folders = {str(find(f'mlx/{name}').path) for name in ('models/noise', './models/noise', '~/models/noise', tmp_path/'models'/'noise')}
    assert folders == {str(tmp_path/'models'/'noise')}


def test_a_repository_that_cannot_be_downloaded_is_one_line_and_a_hint():
    "conftest sets HF_HUB_OFFLINE."
    with pytest.raises(ModelNotAvailable, match="'mlx-community/Qwen3-4B-4bit' is not on this machine, and it could not be downloaded") as caught:
        lm('mlx/mlx-community/Qwen3-4B-4bit')
    assert 'HF_HUB_OFFLINE' in str(caught.value) and 'mlx/tiny' in caught.value.hint and '\n' not in str(caught.value)


def test_a_repository_in_the_cache_needs_no_network(tmp_path, monkeypatch):
    from huggingface_hub import constants
    monkeypatch.setattr(constants, 'HF_HUB_CACHE', str(tmp_path))
    commit = 'a' * 40
    repo = tmp_path/'models--someone--noise'
    (repo/'refs').mkdir(parents=True)
    (repo/'refs'/'main').write_text(commit)
    random_model(repo/'snapshots'/commit)
    source = find('mlx/someone/noise')
    monkeypatch.setattr('huggingface_hub.snapshot_download', __import__('functools').partial(
        __import__('huggingface_hub').snapshot_download, cache_dir=str(tmp_path)))
    assert fetch(source) == repo/'snapshots'/commit


def test_new_weights_behind_a_name_make_old_cached_answers_unreachable(tmp_path):
    first = fingerprint(random_model(tmp_path, seed=1))
    assert fingerprint(random_model(tmp_path, seed=2)) != first == fingerprint(random_model(tmp_path, seed=1))
    answers = []
    for seed in (1, 2, 1):
        random_model(tmp_path, seed=seed)
        model = lm(f'mlx/{tmp_path}', max_tokens=12)
        answers.append(model('Well?')[0])
        model.engine.close(); model._async_engine_spec = None
    assert answers[0] == answers[2] != answers[1]


@pytest.mark.parametrize('kind, options', [
    ('llama', {}), ('qwen3', {}), ('llama', dict(layer_types=['sliding_attention', 'full_attention'], sliding_window=16)),
    ('mamba2', dict(num_heads=4, head_dim=32, state_size=16, conv_kernel=4, n_groups=1, expand=2, time_step_limit=[0.0, 1e9], time_step_rank='auto',
                    layer_norm_epsilon=1e-5, use_conv_bias=True, use_bias=False, time_step_min=0.001, time_step_max=0.1, time_step_floor=1e-4))])
def test_random_models_of_several_kinds_answer_under_a_schema(tmp_path, kind, options):
    model = lm(f'mlx/{random_model(tmp_path, model_type=kind, **options)}', cache=False, max_tokens=60)
    schema = {'type': 'object', 'required': ['a'], 'properties': {'a': {'type': 'integer'}}}
    assert isinstance(json.loads(model('Well?', response_format={'type': 'json_schema', 'json_schema': {'name': 'x', 'schema': schema}})[0])['a'], int)
    model.engine.close()


def test_a_model_is_widened_on_a_cpu_and_says_what_it_holds(tmp_path):
    import mlx.core as mx
    found = load(random_model(tmp_path, context=321))
    assert found.context == 321 and found.nbytes > 0
    if mx.default_device() == mx.Device(mx.cpu): assert load(TINY).model.layers[0].self_attn.q_proj.weight.dtype == mx.float32


no_mlx = '''
import importlib.abc, importlib.util, sys
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split('.')[0] in ('mlx', 'mlx_lm') else real(name, *rest)
class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in ('mlx', 'mlx_lm'): raise ModuleNotFoundError(f'No module named {name!r}')
sys.meta_path.insert(0, Absent())
'''


def test_without_mlx_everything_imports_and_only_asking_for_it_fails():
    code = no_mlx + '''
from dspy_toolkit.engine import adapter, batch, grammar, hardware, hub, memory, mlx, models, worker
from dspy_toolkit.core.errors import MissingExtra
assert mlx.lm('openai/gpt-5-mini', api_key='none').model == 'openai/gpt-5-mini'
for make in (lambda: mlx.lm('mlx/tiny'), mlx.MLXEngine):
    try: make()
    except MissingExtra as e: print(e, '|', e.hint)
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True)
    assert done.stdout.count('mlx/ models need MLX, which is not installed here | it runs on macOS and Linux') == 2
    assert issubclass(MissingExtra, ImportError) and issubclass(MissingExtra, ToolkitError)  # DSPy lets ImportError pass


def test_what_lm_gives_is_an_ordinary_dspy_lm():
    made = lm('mlx/tiny', temperature=0.3)
    assert type(made) is dspy.LM and made.kwargs['temperature'] == 0.3 and made.cache and made.num_retries == 0
    assert made.supports_response_schema and 'response_format' in made.supported_params and not made.supports_function_calling


GB = 10 ** 9


def test_the_machine_is_known_without_importing_mlx():
    code = 'import sys; from dspy_toolkit.engine.hardware import hardware; print(hardware()); assert "mlx" not in sys.modules and "dspy" not in sys.modules'
    assert 'Hardware(chip=' in subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stdout
    here = hardware()
    assert here.chip and here.cores >= 1 and 0 < here.free <= here.memory


def test_a_mac_says_what_it_can_give():
    pages = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               5000.
Pages active:                           200000.
Pages inactive:                          30000.
Pages speculative:                         700.
Pages wired down:                       100000.
Pages purgeable:                           300.
"Translation faults":                  9999999.
"""
    assert machine_memory._mac_memory('17179869184\n', pages) == (2 ** 34, 36_000 * 16384)
    assert machine_memory._mac_memory(None, None) == (None, None) and machine_memory._mac_memory('1024', None) == (1024, None)


def test_linux_counts_what_the_page_cache_would_give_back():
    assert machine_memory._meminfo('MemTotal:  1000 kB\nMemFree:  10 kB\nMemAvailable:  600 kB\n') == (1000 * 1024, 600 * 1024)


@pytest.mark.parametrize('files, found', [
    ({'memory.max': '1000\n', 'memory.current': '700\n', 'memory.stat': 'anon 5\ninactive_file 200\n'}, (1000, 500)),
    ({'memory.max': 'max\n', 'memory.current': '700\n', 'memory.stat': ''}, None), ({}, None),
    ({'memory.limit_in_bytes': '1000', 'memory.usage_in_bytes': '400', 'memory.stat': 'total_inactive_file 100\n'}, (1000, 700)),
    ({'memory.limit_in_bytes': str(2 ** 63 - 4096), 'memory.usage_in_bytes': '400', 'memory.stat': ''}, None)])
def test_a_container_has_no_more_than_its_limit(tmp_path, files, found):
    for name, text in files.items(): (tmp_path/name).write_text(text)
    assert machine_memory._group_memory(tmp_path) == found


def test_a_gpu_is_described_by_its_driver(monkeypatch):
    monkeypatch.setattr(machine, 'run_command', lambda *command: 'NVIDIA H200, 143771, 143000\nNVIDIA H200, 143771, 1\n')
    assert machine._gpu() == ('NVIDIA H200', 143771 * 2 ** 20, 143000 * 2 ** 20)
    monkeypatch.setattr(machine, 'run_command', lambda *command: None)
    assert machine._gpu() is None


def test_openblas_is_used_where_it_is_installed_without_anybody_setting_anything():
    "Only on a Linux CPU does anything have to be done; the names MLX looks for are then OpenBLAS's."
    code = """
import ctypes, sys
from dspy_toolkit.engine import hardware
hardware.need_mlx()
import mlx.core
found = hardware.hardware()
print(found.device, found.blas, hardware._openblas_installed() if sys.platform == 'linux' else None, hasattr(ctypes.CDLL(None), 'openblas_get_config'))
"""
    env = {k: v for k, v in os.environ.items() if k != 'LD_PRELOAD'}
    device, blas, installed, visible = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True, env=env).stdout.split()
    if sys.platform == 'linux' and device == 'cpu': assert (blas, visible) == (('openblas', 'True') if installed == 'True' else ('reference', 'False'))
    else: assert blas == 'None'


def test_a_slow_blas_is_told_once_and_not_for_a_small_model(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(models, 'uses_slow_blas', lambda: True)
    models._warn_of_slow_blas.cache_clear()
    folder = random_model(tmp_path)
    with caplog.at_level(logging.WARNING, 'dspy_toolkit'):
        load(folder)
        assert caplog.messages == []
        monkeypatch.setattr(models, '_NOTICED', 1)
        load(folder), load(folder)
    models._warn_of_slow_blas.cache_clear()
    assert len(caplog.messages) == 1
    first, hint = caplog.messages[0].splitlines()
    assert 'reference BLAS' in first and 'GFLOP/s' in first and ('libopenblas0-pthread' in hint or 'LD_PRELOAD' in hint)


@pytest.mark.parametrize('options', [
    dict(heads=4), dict(heads=4, num_key_value_heads=2), dict(model_type='qwen3', heads=2, head_dim=64),
    dict(layer_types=['sliding_attention', 'full_attention'], sliding_window=256)])
@pytest.mark.parametrize('tokens, bits', [(300, None), (1000, None), (512, 8), (512, 4)])
def test_what_the_caches_take_is_reckoned_to_the_byte(tmp_path, options, tokens, bits):
    import mlx.core as mx
    from mlx_lm.models.cache import KVCache, make_prompt_cache
    folder = random_model(tmp_path, hidden=256, **options)
    model = load(folder).model
    caches = make_prompt_cache(model)
    model(mx.array([[1] * tokens]), cache=caches)
    if bits and not all(type(c) is KVCache for c in caches): bits = None  # mlx-lm quantises no others
    found = sum((c.to_quantized(64, bits) if bits else c).nbytes for c in caches)
    reckoned = estimate_memory(folder, slots=1, context=tokens, kv_bits=bits, prefix_bytes=0).kv
    if 'sliding_window' in options: assert reckoned <= found <= 2 * reckoned  # while a prompt is read, a window's cache may hold all of it
    else: assert found == reckoned


@pytest.mark.parametrize('config, layers, numbers', [
    (dict(num_hidden_layers=61, kv_lora_rank=512, qk_rope_head_dim=64, num_attention_heads=128), 61, 576),
    (dict(num_hidden_layers=48, full_attention_interval=4, num_attention_heads=16, num_key_value_heads=2, head_dim=256), 12, 1024),
    (dict(num_hidden_layers=24, state_size=16), 24, 0),
    (dict(n_layer=12, n_head=12, n_embd=768), 12, 1536),
    (dict(num_hidden_layers=4, layer_types=['linear_attention'] * 3 + ['full_attention'], num_attention_heads=2, hidden_size=8), 1, 16)])
def test_models_of_every_make_are_reckoned(config, layers, numbers):
    assert len(memory._windows(config)) == layers and memory._kv_numbers(config) == numbers


def test_weights_are_counted_as_they_will_be_in_memory(tmp_path):
    loaded = load(TINY)
    assert estimate_memory(TINY).weights == loaded.nbytes
    folder = random_model(tmp_path)
    assert estimate_memory(folder).weights == load(folder).nbytes


def test_a_model_that_fits_is_not_refused_for_what_requests_could_take_in_theory(tmp_path):
    folder = random_model(tmp_path, context=10 ** 6, hidden=256, layers=8)
    assert estimate_memory(folder).total < 1 * GB < estimate_memory(folder, context=10 ** 6).total
    assert check_memory(folder, free=1 * GB) == estimate_memory(folder)


@pytest.mark.parametrize('free, says, hint', [
    (160, 'noise takes 290 MB of memory, and 160 MB are free', 'prefix_bytes=0 would fit'), (140, '134 MB of keys and values', 'kv_bits=8 would fit'),
    (70, '134 MB of earlier prompts', 'kv_bits=4 would fit'), (60, '60 MB are free', 'slots=1 would fit'),
    (31, '31 MB are free', 'slots=1 and context=256 would fit'), (20, '21.8 MB of weights', 'close other programs')])
def test_too_little_memory_is_one_line_with_the_sums_and_what_would_help(tmp_path, free, says, hint):
    folder = random_model(tmp_path/'noise', hidden=256, layers=8, context=1024)
    with pytest.raises(NotEnoughMemory, match=says) as caught: check_memory(folder, slots=8, free=free * 10 ** 6)
    assert hint in caught.value.hint and '\n' not in str(caught.value) and 'of weights' in str(caught.value)
    assert isinstance(caught.value, (ModelNotAvailable, MemoryError)) and caught.value.need.total > caught.value.free == free * 10 ** 6
    again = pickle.loads(pickle.dumps(caught.value))
    assert lines(again) == lines(caught.value) and again.need == caught.value.need


def test_what_is_advised_would_fit(tmp_path):
    folder = random_model(tmp_path/'noise', hidden=256, layers=8, context=1024)
    for free in range(8_000_000, 280_000_000, 4_000_000):
        try: check_memory(folder, slots=8, free=free)
        except NotEnoughMemory as e:
            if 'would fit' not in e.hint: continue
            advised = {name: int(value) for name, value in re.findall(r'(\w+)=(\d+)', e.hint)}
            check_memory(folder, **{'slots': 8, **advised}, free=free)


def test_the_most_requests_that_fit_are_advised_however_many_were_asked_for(tmp_path):
    "They are looked for by halves: a million of them one by one took minutes."
    folder = random_model(tmp_path/'noise', hidden=256, layers=8, context=1024)
    with pytest.raises(NotEnoughMemory) as caught: check_memory(folder, slots=10 ** 6, prefix_bytes=0, free=300 * 10 ** 6)
    advised = int(re.match(r'slots=(\d+) would fit', caught.value.hint)[1])
    check_memory(folder, slots=advised, prefix_bytes=0, free=300 * 10 ** 6)
    with pytest.raises(NotEnoughMemory): check_memory(folder, slots=advised + 1, prefix_bytes=0, free=300 * 10 ** 6)


def test_memory_is_looked_at_before_anything_is_loaded(tmp_path, monkeypatch):
    small = replace(hardware(), free=1000)
    monkeypatch.setattr(memory, 'hardware', lambda: small)
    monkeypatch.setattr(models, '_read', lambda *args: pytest.fail('it was loaded'))
    with pytest.raises(NotEnoughMemory): load(random_model(tmp_path))


@pytest.mark.parametrize('spoil, says', [
    (lambda data: data[:len(data) // 2], 'is cut off: it has'), (lambda data: b'not a model at all', 'is not in the safetensors format'), (lambda data: b'', 'is not in')])
def test_a_file_of_weights_that_is_broken_is_told_before_loading(tmp_path, spoil, says):
    path = random_model(tmp_path)/'model.safetensors'
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ModelNotAvailable, match=says) as caught: load(tmp_path)
    assert all(lines(caught.value))


@pytest.fixture
def adapter(tmp_path):
    "Makes random LoRA adapters for a model."
    def make(folder, name='adapter', rank=4, seed=0):
        import mlx.core as mx
        from mlx.utils import tree_flatten
        from mlx_lm.tuner.utils import linear_to_lora_layers
        model, out = load(folder).model, tmp_path/name
        config = dict(rank=rank, scale=20.0, dropout=0.0)
        model.freeze()
        linear_to_lora_layers(model, 2, config)
        mx.random.seed(seed)
        weights = {k: mx.random.normal(v.shape) for k, v in tree_flatten(model.trainable_parameters())}
        out.mkdir()
        mx.save_safetensors(str(out/'adapters.safetensors'), weights)
        (out/'adapter_config.json').write_text(json.dumps(dict(fine_tune_type='lora', num_layers=2, lora_parameters=config)))
        return out
    return make


def says(folder, adapter_path=None):
    import mlx.core as mx
    return load(folder, adapter_path).model(mx.array([[1, 2, 3]]))[0, -1].tolist()


def test_an_adapter_changes_what_a_model_says_and_nothing_else(noise, adapter):
    first, second = adapter(noise, 'first', seed=1), adapter(noise, 'second', seed=2)
    plain = says(noise)
    assert says(noise, first) == says(noise, str(first)) != plain != says(noise, second) != says(noise, first)
    assert says(noise) == plain
    assert len({fingerprint(noise), fingerprint(noise, first), fingerprint(noise, second)}) == 3
    assert estimate_memory(noise, adapter_path=first).weights == load(noise, first).nbytes > load(noise).nbytes


def test_an_adapter_that_is_none_or_of_another_model_is_one_line_and_a_hint(noise, tmp_path, adapter):
    wide = adapter(random_model(tmp_path/'wide', hidden=128), 'for wide')
    spoiled = adapter(noise, 'spoiled')
    (spoiled/'adapter_config.json').write_text('{"num_layers": 2, "lora_parameters": {"rank": 4, "alpha": 16}}')
    (tmp_path/'empty').mkdir()
    for path, why in ((tmp_path/'nowhere', 'there is no adapter folder'), (tmp_path/'empty', 'has no adapter_config.json'),
                      (wide, 'does not fit the model'), (spoiled, 'does not fit the model')):
        with pytest.raises(ModelNotAvailable, match=why) as caught: load(noise, path)
        assert all(lines(caught.value)) and not any('\n' in line for line in lines(caught.value))


def test_an_adapter_is_looked_at_before_a_model_is_named(noise, adapter):
    assert hub.find_adapter(None) is None and hub.find_adapter(str(adapter(noise))).is_absolute()
    with pytest.raises(ModelNotAvailable, match='there is no adapter folder'): hub.find_adapter('/no/where')
