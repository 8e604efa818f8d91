"Opening the front door costs next to nothing; what is heavy comes when it is first used."
import json
import subprocess
import sys

import pytest

import dspy_toolkit

heavy = {'dspy', 'litellm', 'openai', 'mlx', 'mlx_lm', 'transformers', 'llguidance', 'numpy', 'matplotlib', 'sqlalchemy', 'fastapi',
         'pydantic', 'pydantic_settings', 'ipywidgets', 'anywidget', 'typer', 'rich', 'ray', 'torch', 'opentelemetry'}
import_it = 'import dspy_toolkit'
load_it = '''
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
shell.run_line_magic('load_ext', 'dspy_toolkit')
'''


def brought(code: str) -> set[str]:  # top-level names, without the standard library
    "What a fresh process has imported at the end of `code`, over what it had where `code` sets `before`."
    code = f'import sys, json\nbefore = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)))'
    out = subprocess.run([sys.executable, '-c', code], check=True, capture_output=True, text=True).stdout
    return {o.partition('.')[0] for o in json.loads(out.splitlines()[-1])} - set(sys.stdlib_module_names)


@pytest.mark.parametrize('code', [import_it, load_it], ids=['import dspy_toolkit', '%load_ext dspy_toolkit'])
def test_the_front_door_imports_nothing_heavy(code):
    assert brought(code) & heavy == set()


@pytest.mark.parametrize('code', [import_it, load_it], ids=['import dspy_toolkit', '%load_ext dspy_toolkit'])
def test_the_front_door_imports_only_what_is_there_already(code):
    assert brought(code) <= {'dspy_toolkit', 'IPython', 'fastcore'}  # fastcore.basics, for `@patch`: about 10 ms


def test_a_heavy_import_would_be_seen():
    assert 'dspy' in brought(import_it + '; dspy_toolkit.GrammarAdapter')


@pytest.mark.parametrize('name', dspy_toolkit.__all__)
def test_every_public_name_is_there(name):
    assert getattr(dspy_toolkit, name) is not None
    assert name in dir(dspy_toolkit)


def test_a_name_that_is_not_public_raises_as_for_any_module():
    with pytest.raises(AttributeError, match="module 'dspy_toolkit' has no attribute 'no_such_name'"): _ = dspy_toolkit.no_such_name
