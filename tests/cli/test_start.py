"A command that asks one question imports little, and the quick reader of a registry says what the registry says."
import subprocess
import sys
from random import Random

import dspy
import pytest

from dspy_toolkit.registry.quick import open_quickly
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.dataset import Dataset
from dspy_toolkit.signatures.source import parse_cell

HEAVY = 'dspy', 'mlx', 'matplotlib', 'sqlalchemy', 'pydantic_settings', 'IPython', 'litellm'


@pytest.fixture
def place(tmp_path): return f"sqlite:///{(tmp_path/'registry.db').as_posix()}"


def imports(tmp_path, *words):
    "The heavy packages that a command imports."
    code = f"import sys; from dspy_toolkit.cli.main import main; main({list(words)!r}); sys.stdout = sys.stderr; print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, encoding='utf-8', cwd=tmp_path, check=True)
    return ran.stdout, ran.stderr.strip()


@pytest.mark.parametrize('words', [('--help',), ('help', 'run'), ('list',), ('list', '--json'), ('--version',), ('lst',)], ids=' '.join)
def test_a_question_imports_nothing_heavy(words, tmp_path, place, monkeypatch):
    store = Registry(place)
    store.save(parse_cell('email -> team', 'Triage').spec)
    store.close()
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', place)
    said, told = imports(tmp_path, *words)
    assert told.splitlines()[-1] == '[]', told
    if words[0] == 'list': assert 'Triage@1' in said


def live_through(store, rng, steps):
    "Change a registry in all the ways that a list shows."
    for _ in range(steps):
        step, name = rng.choice(['save', 'save', 'save', 'alias', 'tag', 'delete']), rng.choice(['Triage', 'triage2', 'Reply', 'Übersicht'])
        if step == 'save': store.save(parse_cell(f'"""Wording {rng.randrange(4)}."""\ntext: str\n->\nlabel: str', name).spec, message='why')
        elif name not in {version.name for version in store.latest()}: continue
        elif step == 'alias': store.alias(name, rng.choice(['prod', 'dev']))
        elif step == 'tag': store.tag(name, rng.choice(['good', 'old']))
        elif not any(version.aliases for version in store.versions(name)): store.delete(name)


@pytest.mark.parametrize('seed', range(3))
def test_the_quick_reader_and_the_registry_give_the_same(place, seed):
    store = Registry(place)
    store.save(Dataset('devset', [{'text': 'hello'}], ('text',)))
    store.save(dspy.ChainOfThought('text -> label'), name='Label')
    live_through(store, Random(seed), 40)
    with open_quickly(place) as quick:
        for kind in (None, 'signature', 'program', 'dataset'):
            found = quick.latest(kind)
            assert [version for version, _ in found] == store.latest(kind) and found
            assert all(spec == store.spec(version) for version, spec in found if version.kind != 'dataset')
        assert quick.names() == [version.name for version in store.latest()]
        for name in quick.names():
            versions = store.versions(name)
            assert quick.marks(name) == [*sorted(alias for version in versions for alias in version.aliases), *(str(version.number) for version in versions)]
    store.close()


def test_other_registries_are_left_to_the_registry(tmp_path, place):
    assert open_quickly(place) is None  # there is no file yet, and reading makes none
    assert not (tmp_path/'registry.db').exists()
    (tmp_path/'registry.db').write_text('not a database')
    assert open_quickly(place) is None
    assert open_quickly('postgresql://user@host/name') is None and open_quickly('sqlite://') is None


def test_a_changed_content_is_told_by_the_usual_way(place, tmp_path, monkeypatch, capsys):
    import sqlite3
    from dspy_toolkit.cli.main import FAILED, main
    from dspy_toolkit.core import session
    store = Registry(place)
    store.save(parse_cell('email -> team', 'Triage').spec)
    store.close()
    with sqlite3.connect(tmp_path/'registry.db') as connection:
        for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall(): connection.execute(f'DROP TRIGGER {name}')
        connection.execute("UPDATE contents SET body = replace(body, 'team', 'crew')")
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', place)
    session.reset()
    assert main(['list']) == FAILED
    assert 'is not what its digest says' in capsys.readouterr().err
