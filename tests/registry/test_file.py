"The file of a registry may be moved, deleted, replaced or locked away while it is open: nothing that was acknowledged goes where nobody finds it."
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from dspy_toolkit.core.errors import RegistryError
from dspy_toolkit.core.settings import Settings
from dspy_toolkit.registry.database import Database
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell



def spec(name, field='a'): return parse_cell(f'{field}: str\n->\nb: str', name).spec


def opened(path, *names):
    "An open registry that keeps these names."
    kept = Registry(url_of(path), author='ada')
    for name in names: kept.save(spec(name))
    return kept


def url_of(path): return sa.URL.create('sqlite', database=str(path))
def names(kept): return sorted(v.name for v in kept.latest())


@pytest.fixture
def path(tmp_path): return tmp_path/'registry.db'


@pytest.fixture
def other(tmp_path):
    "The file of another registry, which keeps Other."
    kept = opened(tmp_path/'other.db', 'Other')
    kept.close()
    return tmp_path/'other.db'


GONE = {'the file': ['registry.db'], 'the file and its log': ['registry.db', 'registry.db-wal', 'registry.db-shm'], 'the folder': None}


def remove(path, what):
    if what is None: shutil.rmtree(path.parent)
    for name in what or (): (path.parent/name).unlink(missing_ok=True)


@pytest.mark.parametrize('what', GONE.values(), ids=list(GONE))
def test_a_deleted_file_is_made_anew_and_the_log_says_so(path, what, caplog):
    kept = opened(path, 'A', 'B')
    remove(path, what)
    kept.save(spec('C'))
    assert names(kept) == names(Registry(url_of(path))) == ['C']
    assert [r.name for r in caplog.records] == ['dspy_toolkit.registry'] and 'was deleted while it was open; a new one is made' in caplog.text


@pytest.mark.parametrize('what', GONE.values(), ids=list(GONE))
def test_reading_after_the_file_was_deleted_finds_nothing_and_does_not_fail(path, what):
    kept = opened(path, 'A')
    remove(path, what)
    assert kept.latest() == [] and kept.search('A') == []


@pytest.mark.parametrize('idle', [True, False], ids=['log full', 'log empty'])
def test_what_is_kept_after_a_file_was_replaced_is_in_the_new_one(path, other, idle, caplog):
    kept = opened(path, 'A', 'B')
    if idle: kept.save(spec('B', 'later'))
    os.replace(other, path)
    assert names(kept) == ['Other']
    kept.save(spec('C'))
    kept.close()
    assert names(Registry(url_of(path))) == ['C', 'Other']
    assert 'was replaced while it was open' in caplog.text


def test_a_file_that_was_moved_away_keeps_all_it_had(path, tmp_path):
    kept = opened(path, 'A', 'B')
    os.replace(path, tmp_path/'backup.db')
    kept.save(spec('C'))
    assert names(kept) == ['C'] and names(Registry(url_of(tmp_path/'backup.db'))) == ['A', 'B']


def test_another_registry_with_a_log_of_its_own_is_taken_with_it(path, tmp_path):
    kept, theirs = opened(path, 'A'), opened(tmp_path/'theirs.db', 'Theirs', 'More')
    for end in ('', '-wal'): shutil.copy(f'{tmp_path}/theirs.db{end}', f'{tmp_path}/copy.db{end}')
    for end in ('', '-wal'): os.replace(f'{tmp_path}/copy.db{end}', f'{path}{end}')
    assert names(kept) == ['More', 'Theirs']
    theirs.close()


def test_nothing_is_acknowledged_when_the_file_goes_while_it_is_written(path):
    kept = opened(path, 'A')
    with pytest.raises(RegistryError, match='moved away while something was kept') as e:
        with kept.database.writing() as connection:
            connection.exec_driver_sql('SELECT 1')
            path.unlink()
    assert 'do it again' in e.value.hint
    kept.save(spec('C'))
    assert names(Registry(url_of(path))) == ['C']


def test_the_place_of_a_registry_changes_with_its_file(path, other):
    kept = opened(path, 'A')
    before = kept.database.place
    kept.save(spec('B'))
    assert kept.database.place == before
    os.replace(other, path)
    assert kept.database.place != before


def test_many_threads_go_on_in_the_file_that_is_there(path):
    kept, stop, acknowledged, errors = opened(path, 'A'), threading.Event(), [], []

    def write(k):
        n = 0
        while not stop.is_set():
            n += 1
            try: acknowledged.append((f'T{k}_{n}', kept.save(spec(f'T{k}_{n}')), kept.database.place))
            except RegistryError as e: errors.append(e)
    threads = [threading.Thread(target=write, args=(k,)) for k in range(3)]
    for t in threads: t.start()
    for n in range(3):
        before = len(acknowledged)
        while len(acknowledged) < before + 5: stop.wait(0.01)
        os.replace(path, path.with_name(f'moved{n}.db'))
    before = len(acknowledged)
    while len(acknowledged) < before + 5: stop.wait(0.01)
    stop.set()
    for t in threads: t.join()
    kept.close()
    found = {name for each in (path, *path.parent.glob('moved*.db')) for name in names(Registry(url_of(each)))}
    assert {name for name, *_ in acknowledged} <= found  # moved files keep what they had; nothing is lost on the way


ODD = ['per%cent', 'per%20cent', 'what?', 'a#b', 'with space', 'Größe ñ 日本', "quo'te", 'a@b:c', 'semi;colon&x=1', '+plus']


@pytest.mark.parametrize('name', ODD)
def test_a_home_may_be_called_anything(tmp_path, name):
    home = tmp_path/name
    kept = Registry(Settings(home=home).registry_url, author='ada')
    kept.save(spec('A'))
    assert (home/'registry.db').is_file() and sorted(os.listdir(tmp_path)) == [name]
    kept.close()
    again = Registry(Settings(home=home).registry_url)
    assert names(again) == ['A'] and Database(again.database.shown_url).url == again.database.url
    again.close()


def test_a_log_of_everything_does_not_hear_of_migrations(tmp_path):
    code = f'''
import logging; logging.basicConfig(level=logging.INFO)
from dspy_toolkit.registry.store import Registry
Registry("sqlite:///{tmp_path.as_posix()}/new.db").database.open()
print(logging.getLogger("alembic").level)
'''
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == '0' and 'alembic' not in done.stderr, done.stderr


FORMS = {'whole': ['', '-wal', '-shm'], 'without the index of the log': ['', '-wal'], 'alone': ['']}
READ = '''
import os, sys, json
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.core.errors import RegistryError
from dspy_toolkit.signatures.source import parse_cell
Registry("sqlite://").latest()  # imports all that is needed
if os.getuid() == 0: os.setuid(65534)  # root may write anywhere
kept = Registry(sys.argv[1], author="ada")
found = sorted(v.name for v in kept.latest()), [v.name for v in kept.search("name:B")], str(kept.resolve("B@prod")), len(kept.trail())
try: kept.save(parse_cell("a: str -> b: str", "C").spec)
except RegistryError as e: print(json.dumps([*found, str(e), e.hint]))
'''


@pytest.fixture
def mount():
    "A folder that anybody may look into, which pytest's are not."
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        os.chmod(folder, 0o755)


@pytest.mark.skipif(sys.platform == 'win32', reason='folders have no such modes there')
@pytest.mark.parametrize('form', FORMS.values(), ids=list(FORMS))
def test_a_registry_that_may_only_be_read_can_be_read(tmp_path, mount, form):
    "All versions that were acknowledged are there, also those that stand only in the log; and who writes is told."
    kept = opened(tmp_path/'registry.db', 'A')
    with kept.database.reading() as c: c.connection.dbapi_connection.execute('SELECT 1')
    if len(form) == 1: kept.save(spec('B')); kept.alias('B@1', 'prod'); kept.close()
    else: kept.close(); kept.save(spec('B')); kept.alias('B@1', 'prod')
    for end in form: shutil.copy(f'{tmp_path}/registry.db{end}', mount); (mount/f'registry.db{end}').chmod(0o444)
    mount.chmod(0o555)
    done = subprocess.run([sys.executable, '-c', READ, f'sqlite:///{mount}/registry.db'], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    latest, found, prod, changes, message, hint = json.loads(done.stdout)
    assert (latest, found, prod) == (['A', 'B'], ['B'], 'B@1') and changes == 3
    assert 'may only be read' in message and 'the right to write' in hint
    kept.close()
