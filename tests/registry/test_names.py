"One rule for a name, an alias and a field, wherever it is written and wherever it is read."
import subprocess
import sys

import dspy
import pytest
from dspy.utils import DummyLM

from dspy_toolkit.commands.signatures import describe_hidden_fields
from dspy_toolkit.core.errors import InputError, SignatureSyntaxError
from dspy_toolkit.registry.references import check_alias, parse_reference
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.checks import SWALLOWED

COMPOSED, DECOMPOSED = 'Caf\u00e9', 'Cafe\u0301'


@pytest.mark.parametrize('word', ['v2', 'V10', 'latest', 'Latest', 'LATEST', '2', 'prod', 'v2.1', 'v', 'v2-beta', 'version2', 'a@b', '', 'x' * 65])
def test_an_alias_that_can_be_given_can_be_read(word):
    try: given = check_alias(word)
    except InputError: given = None
    try: read = parse_reference(f'R@{word}').alias
    except InputError: read = None
    assert read == given


def test_an_alias_that_reads_as_a_version_is_refused_with_what_to_do():
    with pytest.raises(InputError, match='would read as a version') as e: check_alias('v2')
    assert 'Name@2' in e.value.hint


def test_letters_with_their_accents_apart_are_the_same_name():
    kept = Registry('sqlite://', author='ada')
    read = parse_cell(f'{DECOMPOSED}: str\n->\nb: str\n---\n{DECOMPOSED} = 1', DECOMPOSED)
    assert (read.spec.name, read.spec.inputs[0].name, read.bindings[0].name) == (COMPOSED,) * 3
    kept.save(read.spec)
    assert str(kept.resolve(f'{DECOMPOSED}@1')) == str(kept.resolve(COMPOSED)) == f'{COMPOSED}@1'


@pytest.mark.parametrize('name', SWALLOWED)
def test_an_input_that_predict_takes_for_itself_is_refused_by_name(name):
    with pytest.raises(SignatureSyntaxError, match=f'an input cannot be called {name!r}'): parse_cell(f'{name}: str\n->\nb: str')
    assert parse_cell(f'a: str\n->\n{name}: str').spec.outputs[0].name == name
    signature = dspy.Signature({name: (str, dspy.InputField()), 'b': (str, dspy.OutputField())}, '')
    lm = DummyLM([{'b': 'x'}])
    with dspy.context(lm=lm, adapter=dspy.ChatAdapter()):  # DSPy does not take it, or loses it
        try: dspy.Predict(signature)(**{name: 'VALUE'})
        except (TypeError, ValueError, AssertionError): return
    assert 'VALUE' not in str(lm.history[-1]['messages'])


@pytest.mark.parametrize('name', ['items', 'keys', 'values', 'get', 'copy', 'labels', 'inputs', 'without', 'completions', 'toDict', 'team'])
def test_an_output_that_a_prediction_hides_is_said(name):
    hidden = getattr(dspy.Prediction(**{name: 'x'}), name) != 'x'
    assert hidden == (name != 'team') == bool(describe_hidden_fields([name])) and (f"p['{name}']" in describe_hidden_fields([name])) == hidden


FRONT = ('Registry', 'SignatureSpec', 'ProgramSpec', 'CircuitBreaker', 'Chaos')


def test_all_a_registry_can_do_is_there_from_the_start(tmp_path):
    "In a process that imported nothing else."
    code = f'''
import dspy_toolkit
kept = dspy_toolkit.registry("sqlite:///{tmp_path.as_posix()}/r.db")
from dspy_toolkit.signatures.source import parse_cell
kept.save(parse_cell("a -> b", "R").spec)
data = kept.export(path="{tmp_path.as_posix()}/r.json")
print(len(kept.lineage("R").nodes), kept.import_(data).created, kept.import_("{tmp_path.as_posix()}/r.json", dry_run=True).created)
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ['1', '0', '0'], done.stderr


@pytest.mark.parametrize('name', FRONT)
def test_no_later_import_gives_a_class_of_the_front_door_a_method(name):
    code = f'''
import dspy_toolkit, importlib, pkgutil
cls = dspy_toolkit.{name}
before = {{n for n in dir(cls) if not n.startswith("_")}}
for part in ("core", "signatures", "registry", "resilience"):
    package = importlib.import_module(f"dspy_toolkit.{{part}}")
    for m in pkgutil.iter_modules(package.__path__):
        if m.name != "migrations": importlib.import_module(f"dspy_toolkit.{{part}}.{{m.name}}")
print(sorted({{n for n in dir(cls) if not n.startswith("_")}} - before))
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == '[]', (done.stdout, done.stderr)
