"`pull` brings a model from a hub and goes on where a download broke; `model` says what is on this machine, and loads nothing."
import json
import os
import subprocess
import sys

import pytest

from dspy_toolkit.cli.main import NOT_FOUND, USAGE, main
from dspy_toolkit.engine.about import describe_model
from dspy_toolkit.engine.models import random_model
from tests.engine.hub import Hub


def test_a_model_is_pulled_once_and_described(tmp_path):
    folder = random_model(tmp_path/'published', hidden=64)
    with Hub(folder) as hub:
        hub.cuts = [60_000]  # bytes, after which the connection breaks
        env = os.environ | {'HF_ENDPOINT': hub.url, 'HF_HOME': str(tmp_path/'hub'), 'HF_HUB_OFFLINE': '0', 'NO_PROXY': '127.0.0.1', 'PYTHONWARNINGS': 'ignore'}
        def shell(*words): return subprocess.run([sys.executable, '-m', 'dspy_toolkit', *words], env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        before = shell('model', 'mlx/someone/noise')
        assert before.returncode == NOT_FOUND and 'dspy-toolkit pull mlx/someone/noise' in before.stderr
        pulled = shell('pull', 'mlx/someone/noise', '--json')
        assert pulled.returncode == 0, pulled.stderr
        hub.asked.clear()
        again = shell('model', 'mlx/someone/noise', '--json')
    assert json.loads(again.stdout) == json.loads(pulled.stdout) and hub.asked == []
    assert json.loads(again.stdout)['nbytes'] == sum(file.stat().st_size for file in folder.glob('*.safetensors'))


def test_the_built_in_model_is_described_as_its_files_say():
    about = describe_model('mlx/tiny')
    assert (about.kind, about.context, about.bits, about.tools, about.thinks) == ('llama', 1024, None, False, False) and about.use


@pytest.mark.parametrize('template, tools, thinks', [
    ('{{ messages }}', False, False), ('{% for tool in tools %}{% endfor %}', True, False), ("{% if enable_thinking %}<think>{% endif %}", False, True),
])
def test_the_chat_template_says_what_a_model_can(tmp_path, template, tools, thinks):
    folder = random_model(tmp_path/'model')
    (folder/'chat_template.jinja').write_text(template)
    about = describe_model(f'mlx/{folder}')
    assert (about.tools, about.thinks) == (tools, thinks)


@pytest.mark.parametrize('words, code, said', [
    (['model', 'openai/gpt-5-mini'], USAGE, 'not a model that runs here'), (['pull', 'mlx/nowhere.gguf'], NOT_FOUND, 'there is no file'), (['model', 'mlx/a b'], NOT_FOUND, 'names no model'),
])
def test_what_cannot_be_described_is_told_in_two_lines(words, code, said, capsys):
    assert main(words) == code
    first, second = capsys.readouterr().err.splitlines()
    assert said in first and second.startswith('  → ')
