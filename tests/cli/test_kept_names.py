"A name that a shell gave to a model means the same in later shells, in a notebook and in a script; keys are not kept."
import json
import subprocess
import sys

import pytest

from dspy_toolkit.cli.main import USAGE, main
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError
from dspy_toolkit.workspace import kept_names, lms


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    session.reset()
    yield tmp_path
    session.reset()


def test_a_name_from_a_shell_is_known_in_a_new_session(capsys):
    assert main(['lm', 'small', 'mlx/tiny', '--temperature', '0']) == main(['lm', 'safe', '--fallback', 'small', 'mlx/tiny']) == 0
    session.reset()
    assert not lms.names
    assert lms.resolve('safe').engine.legs[0].name == 'small' and lms.resolve('small').kwargs['temperature'] == 0
    session.reset()
    capsys.readouterr()
    assert main(['lm', '--json']) == 0 and json.loads(capsys.readouterr().out)['names'] == {'small': 'mlx/tiny', 'safe': 'small → mlx/tiny'}


def test_a_name_of_this_session_goes_first():
    kept_names.keep_name('fast', 'mlx/tiny', options=dict(temperature=0))
    lms.name_model('fast', 'mlx/tiny', dict(temperature=.5))
    assert lms.resolve('fast').kwargs['temperature'] == .5


@pytest.mark.parametrize('words, said', [
    (['mine', 'openai/gpt-5-mini', '--api-key', 'sk-1'], 'api_key is a secret, and is not kept'), (['safe', '--fallback', 'safe', 'mlx/tiny'], 'safe is made of itself'),
])
def test_what_cannot_be_kept_is_refused_and_not_written(words, said, capsys, home):
    kept_names.keep_name('safe', 'mlx/tiny')
    before = (home/'models.json').read_text()
    assert main(['lm', *words]) == USAGE and said in capsys.readouterr().err
    assert (home/'models.json').read_text() == before and 'sk-1' not in before


@pytest.mark.parametrize('text', ['{', '[]', '{"models": 3}', '{"models": {"a": 3}}'])
def test_a_broken_file_is_named(text, home):
    (home/'models.json').write_text(text)
    with pytest.raises(InputError, match='models.json'): lms.resolve('small')


def test_two_processes_at_once_lose_no_name(home):
    code = 'import sys; from dspy_toolkit.workspace.kept_names import keep_name\nfor n in range(25): keep_name(f"{sys.argv[1]}{n}", "mlx/tiny")'
    processes = [subprocess.Popen([sys.executable, '-c', code, name]) for name in 'ab']
    assert [process.wait(60) for process in processes] == [0, 0]
    assert sorted(kept_names.read_names()) == sorted(f'{name}{n}' for name in 'ab' for n in range(25))
    assert sorted(each.name for each in home.iterdir()) == ['.models.json.lock', 'models.json']
