"A name becomes a model, or one line that says why not."
import json, subprocess, sys

import dspy
import pytest

from dspy_toolkit.core.errors import MissingExtra, ModelNotAvailable, ToolkitError
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.engine.models import TINY, fetch, find, fingerprint, lm, load, random_model


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
from dspy_toolkit.engine import adapter, batch, grammar, mlx, models, worker
from dspy_toolkit.core.errors import MissingExtra
assert models.lm('openai/gpt-5-mini', api_key='none').model == 'openai/gpt-5-mini'
for make in (lambda: models.lm('mlx/tiny'), mlx.MLXEngine):
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
