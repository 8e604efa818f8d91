"""Opening a database: new, old, newer, somebody else's, damaged, or not there at all."""
import json
import os
import sqlite3
import threading
from enum import Enum
from typing import Literal

import dspy
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from dspy_toolkit.core.errors import RegistryError
from dspy_toolkit.registry import database
from dspy_toolkit.registry.database import HEAD
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.registry.tables import aliases, audit, contents, evaluations, metadata, names, notes, tags, versions
from registry_gatekeeper import Gatekeeper
from registry_model import check, signature


def config(connection=None):
    found = Config()
    found.set_main_option('script_location', 'dspy_toolkit.registry:migrations')
    found.attributes['connection'] = connection
    return found


def old(engine):
    "Make the database what the first release made, with two versions in it and what was said of them."
    with engine.connect() as connection:
        if engine.dialect.name == 'sqlite': connection.exec_driver_sql('PRAGMA foreign_keys = ON')
        command.upgrade(config(connection), '0001')
        connection.execute(names.insert(), dict(id=1, name='Triage', latest=3, given=3, at=1.0))
        for number in (1, 3):
            spec = signature(n=number, text='Route the parcel {}.')
            body = json.dumps({k: v for k, v in spec.to_json().items() if k != 'name'})
            connection.execute(contents.insert(), dict(digest=spec.digest, kind='signature', body=body))
            connection.execute(versions.insert(), dict(id=number, name_id=1, number=number, kind='signature', digest=spec.digest, parent_id=1 if number > 1 else None,
                                                       message=f'message {number}', author='ada', at=float(number), origin='{"cell":3}'))
            connection.execute(audit.insert(), dict(at=float(number), author='ada', action='save', name='Triage', version=number, detail=json.dumps(dict(digest=spec.digest))))
        connection.execute(aliases.insert(), dict(name_id=1, alias='prod', version_id=1, protected=True))
        connection.execute(tags.insert(), dict(version_id=1, tag='good'))
        connection.execute(notes.insert(), dict(version_id=3, text='too slow', author='bob', at=5.0))
        connection.execute(evaluations.insert(), dict(version_id=1, dataset='dev', dataset_digest='d', metric='exact', score=0.5, count=1, lm='x', results='[1]', author='ada', at=6.0, digest='e'))
        for action, version, detail in (('alias', 1, dict(alias='prod')), ('protect', 1, dict(alias='prod')), ('tag', 1, dict(tag='good')), ('note', 3, dict(text='too slow')), ('evaluate', 1, dict(score=0.5))):
            connection.execute(audit.insert(), dict(at=7.0, author='ada', action=action, name='Triage', version=version, detail=json.dumps(detail)))
        if engine.dialect.name != 'sqlite':  # the rows above were given their ids by hand
            connection.exec_driver_sql("SELECT setval('versions_id_seq', 3), setval('names_id_seq', 1)")
        connection.commit()


def everything(engine):
    "All rows of the tables of the first release."
    later = {'cases', 'marks', 'evaluations.layout', 'rollouts', 'rollout_counts'}
    tables = {t.name: [c for c in t.c if str(c) not in later] for t in metadata.sorted_tables if t.name not in later}
    with engine.connect() as connection: return {t: sorted(map(tuple, connection.execute(sa.select(*c)).all()), key=str) for t, c in tables.items()}


def is_there(registry):
    "All that was in the old database is in this one, and can be found."
    assert [(str(v), v.parent, v.message, v.author, v.at, v.origin, v.aliases, v.tags) for v in registry.versions('Triage')] == [
        ('Triage@3', 'Triage@1', 'message 3', 'ada', 3.0, {'cell': 3}, (), ()), ('Triage@1', None, 'message 1', 'ada', 1.0, {'cell': 3}, ('prod',), ('good',))]
    assert registry.spec('Triage@1') == signature(n=1, text='Route the parcel {}.')
    assert registry.aliases('Triage') == {'prod': (1, True)}
    assert registry.notes('Triage') == [('too slow', 'bob', 5.0)]
    assert [(e.metric, e.score, e.layout, e.results) for e in registry.evaluations('Triage@1', results=True)] == [('exact', 0.5, '', (1,))]
    assert len(registry.trail()) == 7
    for text in ('parcel', 'slow', 'has:team', 'name:triage'): assert [str(v) for v in registry.search(text)] == ['Triage@3']
    assert [str(v) for v in registry.search('tag:good', history=True)] == ['Triage@1']
    assert registry.database.schema() == HEAD


# new

def test_the_newest_schema_is_the_last_migration(): assert ScriptDirectory.from_config(config()).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_code_works_with(registry, engine):
    registry.count()
    ours = lambda name, kind, parents: not (kind == 'table' and name.startswith('documents'))
    options = dict(include_name=ours, compare_type=True, compare_server_default=True)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []
        other = sa.MetaData()  # and a difference would be seen
        for table in metadata.sorted_tables: table.to_metadata(other)
        other.tables['tags'].append_column(sa.Column('colour', sa.String(9)))
        assert len(compare_metadata(MigrationContext.configure(connection, opts=options), other)) == 1


def test_an_index_made_before_values_were_read_finds_them_after_the_migration(url, engine):
    class Level(Enum): HIGH = 'lighthouse'
    class Rate(dspy.Signature):
        text: str = dspy.InputField()
        level: Level = dspy.OutputField()
        tone: Literal['harpsichord'] = dspy.OutputField()
    registry = Registry(url)
    registry.save(Rate)
    registry.close()
    with engine.begin() as connection:  # as the release with schema 0002 left it
        connection.execute(sa.text("UPDATE documents SET fields = 'text level tone', facets = 'qlatest'"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0002'"))
        for table in ('cases', 'marks', 'rollout_counts', 'rollouts'): connection.execute(sa.text(f"DROP TABLE {table}"))
        connection.execute(sa.text("ALTER TABLE evaluations DROP COLUMN layout"))
    registry = Registry(url)
    for text in ('lighthouse', 'harpsichord', 'type:Level'): assert [str(v) for v in registry.search(text)] == ['Rate@1']
    assert registry.database.schema() == HEAD
    registry.close()


def test_an_old_database_takes_cases_and_marks_after_the_migration(url, engine):
    old(engine)
    registry = Registry(url)
    assert registry.cases('Triage') == [] == registry.marks()
    registry.keep_case('Triage', 'urgent', dict(text='It crashes'), dict(team='technical'))
    registry.add_mark('Triage', 'right', dict(text='It crashes'), dict(team='technical'))
    assert [str(case) for case in registry.cases('Triage')] == ['Triage/urgent'] and registry.marks('Triage')[0].verdict == 'right'
    registry.close()


def test_an_old_database_takes_rollouts_after_the_migration(url, engine):
    old(engine)
    registry = Registry(url)
    assert registry.rollouts() == []
    found = registry.start_rollout('Triage@3', alias='prod', steps=[20], force=True)
    assert (found.stable, found.canary, found.share, found.revision) == ('Triage@1', 'Triage@3', 20, 2)
    assert registry.step_rollout('Triage').stable == 'Triage@3' == str(registry.resolve('Triage@prod'))
    registry.close()


def test_an_empty_file_becomes_a_registry(tmp_path):
    (tmp_path / 'empty.db').touch()
    registry = Registry(f'sqlite:///{tmp_path}/empty.db')
    assert registry.database.schema() is None
    registry.save(signature())
    assert registry.database.schema() == HEAD
    registry.close()


def test_eight_threads_that_open_a_new_database_at_once_make_it_once(url):
    at_once([url] * 8, lambda registry: registry.save(signature()))
    registry = Registry(url)
    check(registry)
    assert [v.number for v in registry.versions('Triage')] == [1] and len(registry.trail()) == 1
    registry.close()


def test_eight_threads_make_eight_databases_at_once(tmp_path):
    at_once([f'sqlite:///{tmp_path}/{n}.db' for n in range(8)], lambda registry: registry.save(signature()))


def test_the_folder_of_a_new_registry_is_made(tmp_path):
    registry = Registry(f'sqlite:///{tmp_path}/a/b c/ü.db')
    registry.save(signature())
    registry.close()
    assert (tmp_path / 'a/b c/ü.db').stat().st_size


# old

def test_an_old_database_is_migrated_when_it_is_opened_and_nothing_is_lost(url, engine):
    old(engine)
    before = everything(engine)
    registry = Registry(url, author='ada')
    is_there(registry)
    check(registry)
    assert everything(engine) == before
    assert str(registry.save(signature(n=4), tags=['new'])) == 'Triage@4'
    assert [str(v) for v in registry.search('route')] == ['Triage@4']
    check(registry)
    registry.close()


def at_once(urls, use):
    "Open each of them on a thread of its own, all at the same moment, and use it."
    start, problems = threading.Barrier(len(urls), timeout=60), []

    def run(url):
        registry = Registry(url)
        try:
            start.wait()
            use(registry)
        except Exception as e: problems.append(e)
        finally: registry.close()

    threads = [threading.Thread(target=run, args=[url]) for url in urls]
    for t in threads: t.start()
    for t in threads: t.join()
    assert problems == []


def test_eight_threads_that_open_one_old_database_at_once_migrate_it_once(url, engine):
    old(engine)
    at_once([url] * 8, is_there)
    registry = Registry(url)
    check(registry)
    registry.close()


def test_a_migration_that_fails_leaves_the_old_database_and_is_tried_again(url, engine, monkeypatch):
    old(engine)
    before = everything(engine)
    registry = Registry(url)
    with monkeypatch.context() as patch:
        patch.setattr(database, 'rebuild', lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError): registry.count()
    assert registry.database.schema() == '0001'
    assert everything(engine) == before
    with engine.connect() as connection: assert 'documents' not in sa.inspect(connection).get_table_names()
    is_there(registry)
    registry.close()


def test_a_file_that_somebody_is_writing_is_opened_when_they_are_done(tmp_path, monkeypatch):
    registry, waits = Registry(f'sqlite:///{tmp_path}/registry.db'), []
    registry.save(signature())
    registry.close()
    writer = sqlite3.connect(tmp_path / 'registry.db', isolation_level=None)
    for statement in ('PRAGMA journal_mode = delete', 'BEGIN IMMEDIATE'): writer.execute(statement)  # the log is off, and cannot be turned on now

    def wait(seconds):
        waits.append(seconds)
        writer.execute('COMMIT')

    monkeypatch.setattr(database.time, 'sleep', wait)
    again = Registry(f'sqlite:///{tmp_path}/registry.db')
    assert again.save(signature(n=2)).number == 2
    assert len(waits) == 1
    writer.close()
    again.close()


# not ours to open

def refused(url, *said):
    "Opening it is one error, which a notebook shows in two lines, and which says all of that."
    with pytest.raises(RegistryError) as caught:
        registry = Registry(url)
        try: registry.save(signature())
        finally: registry.close()
    shown = caught.value._render_traceback_()
    assert len(shown) == 2 and caught.value.hint, shown
    for words in ('sqlalche.me', 'Background on', 'SELECT', 'CREATE TABLE'): assert words not in '\n'.join(shown)
    for words in said: assert words in '\n'.join(shown), shown
    return '\n'.join(shown)


def set_schema(engine, number):
    with engine.begin() as connection: connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{number}'")


def test_a_database_with_a_newer_schema_is_left_as_it_is(url, engine):
    registry = Registry(url)
    registry.save(signature())
    registry.close()
    set_schema(engine, '0099')
    before = everything(engine)
    refused(url, '0099', HEAD, 'pip install -U dspy_toolkit')
    assert everything(engine) == before


@pytest.mark.parametrize('journal', ['wal', 'delete'])
def test_no_byte_of_a_file_with_a_newer_schema_is_changed(tmp_path, journal):
    url = f'sqlite:///{tmp_path}/newer.db'
    registry = Registry(url)
    registry.save(signature())
    registry.close()
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    set_schema(engine, '0099')
    with engine.connect() as connection: assert connection.exec_driver_sql(f'PRAGMA journal_mode = {journal}').scalar() == journal
    before = (tmp_path / 'newer.db').read_bytes()
    refused(url, '0099', 'the database was left as it is')
    assert (tmp_path / 'newer.db').read_bytes() == before


@pytest.mark.parametrize('table', ['versions', 'names', 'audit', 'documents'])
def test_a_database_of_something_else_is_left_as_it_is(url, engine, table):
    with engine.begin() as connection: connection.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, words TEXT)")
    path = engine.url.database if engine.dialect.name == 'sqlite' else None
    before = open(path, 'rb').read() if path else None
    refused(url, 'tables of something else', 'a database of its own')
    with engine.connect() as connection: assert sa.inspect(connection).get_table_names() == [table]
    if path: assert open(path, 'rb').read() == before


def test_a_database_that_another_program_migrates_with_alembic_is_left_as_it_is(url, engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('cc1f77228345')")
        connection.exec_driver_sql("CREATE TABLE experiments (id INTEGER PRIMARY KEY)")
    for number in ('cc1f77228345', '0001', HEAD):
        set_schema(engine, number)
        refused(url)
        with engine.connect() as connection: assert sorted(sa.inspect(connection).get_table_names()) == ['alembic_version', 'experiments']


# damaged, closed, not there

def file_of(tmp_path, content):
    (tmp_path / 'registry.db').write_bytes(content)
    return f'sqlite:///{tmp_path}/registry.db'


def test_a_file_that_is_no_database_is_said_to_be_none_and_left_as_it_is(tmp_path):
    content = b'{"not": "a database"}' * 300
    refused(file_of(tmp_path, content), 'is not a database', 'registry.db', 'move the file away')
    assert (tmp_path / 'registry.db').read_bytes() == content


@pytest.mark.parametrize('where', [(100, 4096), (4096, 40960), (-20480, None)], ids=['schema', 'first pages', 'last pages'])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path, where):
    url = f'sqlite:///{tmp_path}/registry.db'
    registry = Registry(url)
    for n in range(60): registry.save(signature(n=n))
    registry.close()
    content = bytearray((tmp_path / 'registry.db').read_bytes())
    start, end = where
    if end is None: del content[start:]
    else: content[start:end] = b'\xa5' * (end - start)
    refused(file_of(tmp_path, bytes(content)), 'damaged', '.recover')


def test_a_folder_in_place_of_the_file_cannot_be_opened(tmp_path):
    refused(f'sqlite:///{tmp_path}', 'cannot be opened', 'DSPY_TOOLKIT_HOME')


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / 'file').touch()
    refused(f'sqlite:///{tmp_path}/file/folder/registry.db', f'{tmp_path}/file/folder', 'DSPY_TOOLKIT_HOME')


def test_a_registry_that_may_only_be_read_is_read_and_says_why_it_is_not_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    registry = Registry(f'sqlite:///{tmp_path}/registry.db')
    registry.save(signature())
    registry.close()
    with sqlite3.connect(tmp_path / 'registry.db') as connection: connection.execute('PRAGMA journal_mode = delete')
    url = f'sqlite:///file:{tmp_path}/registry.db?mode=ro&uri=true'
    reader = Registry(url)
    assert reader.resolve('Triage').number == 1 and [str(v) for v in reader.search('route')] == ['Triage@1']
    reader.close()
    with pytest.raises(RegistryError, match='may only be read') as caught: Registry(url).save(signature(n=2))
    assert 'DSPY_TOOLKIT_HOME' in caught.value.hint
    assert os.listdir(tmp_path) == ['registry.db'], "nothing else is made"


def test_a_file_that_may_only_be_read_and_is_not_there_cannot_be_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    refused(f'sqlite:///file:{tmp_path}/registry.db?mode=ro&uri=true', 'cannot be opened')
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize('address, said', {
    'nonsense://somewhere': 'not a supported database', 'mysql://user@host/db': 'not a supported database', 'postgresql+nonsense://user@host/db': 'not a supported database',
    'registry.db': 'is not the URL of a database', '://': 'is not the URL of a database', 'postgresql://user@host:port/db': 'is not the URL of a database',
    'postgresql://user@127.0.0.1:1/db': 'does not answer', 'postgresql://user@/db?host=/nowhere': 'does not answer', 'postgresql://user@127.0.0.1:1/db?nonsense=1': 'nonsense',
}.items())
def test_an_address_that_leads_nowhere_says_what_is_wrong_with_it(address, said): refused(address, said)


def test_a_server_that_does_not_have_the_database_is_not_taken_for_one_that_is_off():
    with Gatekeeper('3D000', 'database "nowhere" does not exist') as port:
        refused(f'postgresql://ada@127.0.0.1:{port}/nowhere?gssencmode=disable&password=x', 'database "nowhere" does not exist', 'DSPY_TOOLKIT_REGISTRY_URL')


def test_a_server_that_says_nothing_is_not_waited_for_long():
    "It takes the connection and is silent, as a firewall or a stopped machine is; without a limit a cell would hang for minutes."
    import socket
    with socket.create_server(('127.0.0.1', 0)) as silent:
        with pytest.raises(RegistryError, match='does not answer'): database.Database(f'postgresql://ada@127.0.0.1:{silent.getsockname()[1]}/x').open()
