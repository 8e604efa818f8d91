"A dataset is the third kind of version; cases and marks belong to names, and are on disk before the call returns."
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from dspy_toolkit.core.errors import BundleError, InputError, NotRegistered
from dspy_toolkit.registry import datasets, lookup
from dspy_toolkit.registry.content import read_content, sha256
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.registry.tables import contents
from dspy_toolkit.signatures.dataset import Dataset
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry_model import signature

ROWS = [dict(email='It crashes', team='technical'), dict(email='No invoice', team='billing')]


def devset(*rows, **more): return Dataset('devset', rows or ROWS, **more)


def test_versions_of_a_dataset_have_numbers_parents_aliases_and_a_trail(registry):
    first = registry.save(devset(origin='emails.csv'), message='first')
    assert (str(first), first.kind, first.digest, first.origin) == ('devset@1', 'dataset', devset().digest, {'columns': ['email', 'team'], 'rows': 2, 'from': 'emails.csv'})
    assert registry.save(devset()).number == 1, "the same rows are the same version"
    second = registry.save(devset(*ROWS, dict(email='Hello')))
    assert second.parent == 'devset@1' and registry.diff('devset@1', 'devset@2').summary == 'rows: 1 added'
    registry.alias('devset@1', 'gold')
    assert registry.load('devset@gold').rows == tuple(ROWS) and registry.identify(devset())[0].number == 1
    assert [(each.action, each.version) for each in reversed(registry.trail('devset'))] == [('save', 1), ('save', 2), ('alias', 1)]
    assert [node.kind for node in registry.lineage('devset').nodes] == ['dataset', 'dataset']


@pytest.fixture
def other():
    "A registry of somebody else, in memory."
    found = Registry('sqlite://', author='bob')
    yield found
    found.close()


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=['Cs'])), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=5)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.dictionaries(st.sampled_from(['email', 'team', 'größe']), VALUES, min_size=1), min_size=1, max_size=4))
def test_what_was_saved_is_what_is_read_and_what_an_import_brings(registry, other, rows):
    data = Dataset('devset', rows)
    version = registry.save(data)
    assert registry.spec(version).plain == data.plain
    other.import_(json.dumps(registry.export(str(version))))
    assert other.identify(data)[0].kind == 'dataset' and other.spec(other.identify(data)[0]).plain == data.plain


def test_rows_that_were_changed_outside_the_registry_are_found():
    with pytest.raises(BundleError, match='is not what its digest says'): read_content('dataset', 'devset', devset().digest, dict(rows=ROWS[:1]), 'devset@1')
    assert read_content('dataset', 'devset', devset().digest, dict(rows=ROWS), 'devset@1').rows == tuple(ROWS)


@pytest.mark.parametrize('content', [{}, {'rows': []}, {'rows': {}}, {'rows': [1]}, {'rows': [{}]}, {'rows': [{'': 1}]}, {'rows': ROWS, 'more': 1}, {'rows': [{'a': '\ud800'}]}, {'rows': [{'x' * 300: 1}]}])
def test_a_file_with_rows_that_are_none_is_refused(registry, content):
    registry.save(devset())
    file = registry.export('devset')
    file['names']['devset']['versions'][0]['content'] = content
    file['digest'] = sha256({k: v for k, v in file.items() if k != 'digest'})
    with pytest.raises(BundleError): Registry('sqlite://').import_(file)


def test_a_dataset_and_a_signature_never_share_a_name(registry):
    registry.save(devset())
    registry.save(signature())
    for target, name in ((signature('devset'), 'devset'), (Dataset('Triage', ROWS), 'Triage')):
        with pytest.raises(InputError, match='cannot name a') as e: registry.save(target, name=name)
        assert e.value.hint
    file = registry.export('devset')
    other = Registry('sqlite://')
    other.save(signature('devset'))
    with pytest.raises(InputError, match='devset is a signature already'): other.import_(file)
    assert [v.kind for v in other.versions('devset')] == ['signature']


def test_kinds_are_checked_where_one_is_wanted(registry):
    registry.save(devset())
    registry.save(signature())
    with pytest.raises(InputError, match='devset@1 is a dataset, not a signature'): registry.spec('devset', 'signature')
    with pytest.raises(InputError, match='Triage@1 is a signature, not a dataset'): registry.resolve('Triage', 'dataset')
    with pytest.raises(InputError, match='devset is a dataset, and Triage is a signature'): registry.diff('devset', 'Triage')
    assert [str(v) for v in registry.latest('dataset')] == ['devset@1'] and [str(v) for v in registry.latest('signature')] == ['Triage@1']
    assert [str(v) for v in registry.search('kind:dataset')] == ['devset@1'] == [str(v) for v in registry.search('has:email devset')]


def test_the_rows_of_a_dataset_are_not_in_the_index_and_lists_do_not_read_them(registry, monkeypatch):
    registry.save(Dataset('big', [dict(text='harpsichord ' * 1000, n=n) for n in range(200)]))
    registry.tag('big', 'large')
    registry.note('big', 'from the archive')
    assert registry.search('harpsichord') == [] and [str(v) for v in registry.search('archive tag:large has:text')] == ['big@1']
    with registry.database.reading() as connection:
        assert len(connection.exec_driver_sql('SELECT name, fields, instructions, notes, facets FROM documents').one()[1]) < 200
    monkeypatch.setattr(lookup, 'read_content', None)  # nothing that follows reads the rows
    assert [v.origin['rows'] for v in registry.latest()] == [200] == [v.origin['rows'] for v in registry.versions('big')]


def test_a_dataset_that_is_too_large_is_refused_with_its_size(registry, monkeypatch):
    monkeypatch.setattr(datasets.check_size, '__defaults__', (1000,))
    with pytest.raises(InputError, match='the registry keeps at most 0 MiB'): registry.save(devset(dict(text='x' * 2000)))
    assert registry.latest() == []


def test_a_dataset_is_deleted_like_any_version(registry):
    registry.save(devset())
    registry.save(devset(*ROWS, dict(email='x')))
    assert [str(v) for v in registry.delete('devset')] == ['devset@2', 'devset@1']
    with registry.database.reading() as connection: assert connection.execute(sa.select(contents)).all() == []
    registry.save(signature('devset'))  # the name is free again


# cases

def test_a_case_is_kept_replaced_listed_exported_and_gone_with_its_signature(registry):
    registry.save(signature())
    registry.keep_case('Triage', 'urgent', dict(text='a'), dict(team='x'), dict(team='y'))
    registry.keep_case('Triage', 'calm', dict(text='b'))
    registry.keep_case('Triage', 'urgent', dict(text='c'))
    assert [(c.name, c.inputs, c.expected) for c in registry.cases('Triage')] == [('calm', dict(text='b'), {}), ('urgent', dict(text='c'), {})]
    other = Registry('sqlite://', author='bob')
    other.save(signature())
    other.keep_case('Triage', 'calm', dict(text='mine'))
    other.import_(json.dumps(registry.export('Triage')))
    assert {c.name: (c.inputs, c.author) for c in other.cases('Triage')} == {'calm': (dict(text='mine'), 'bob'), 'urgent': (dict(text='c'), 'ada')}
    assert registry.delete_case('Triage', 'calm').name == 'calm'
    registry.save(signature(text='another'))
    registry.delete('Triage@2')
    assert [c.name for c in registry.cases('Triage')] == ['urgent'], "a version is left"
    registry.delete('Triage')
    assert registry.cases('Triage') == []
    assert [c.action for c in registry.trail('Triage')].count('case') == 3


def test_a_dry_run_brings_no_cases(registry):
    registry.save(signature())
    registry.keep_case('Triage', 'urgent', dict(text='a'))
    other = Registry('sqlite://')
    other.import_(registry.export(), dry_run=True)
    assert other.cases('Triage') == []


@pytest.mark.parametrize('name, case, inputs', [('Nope', 'a', dict(a=1)), ('Triage', 'a b', dict(a=1)), ('Triage', 'a', {}), ('Triage', 'a', dict(a=float('nan'))), ('Triage', 'a', dict(a='\ud800')), ('devset', 'a', dict(a=1))])
def test_a_case_that_cannot_be_kept_is_refused(registry, name, case, inputs):
    registry.save(signature())
    registry.save(devset())
    with pytest.raises((InputError, NotRegistered)) as e: registry.keep_case(name, case, inputs)
    assert len(str(e.value).splitlines()) == 1 and e.value.hint
    assert registry.cases('Triage') == []


# marks

def test_the_newest_word_on_the_same_inputs_counts(registry):
    registry.add_mark('Triage', 'right', dict(text='a'), dict(team='x'))
    registry.add_mark('Triage', 'right', dict(text='b'), dict(team='x'))
    registry.add_mark('Triage', 'corrected', dict(text='a'), dict(team='y'))
    assert [(m.verdict, m.inputs, m.outputs) for m in registry.marks('Triage')] == [('right', dict(text='b'), dict(team='x')), ('corrected', dict(text='a'), dict(team='y'))]
    assert registry.marks('Triage', ('wrong',)) == [] == registry.marks('Other')
    with pytest.raises(InputError): registry.add_mark('Triage', 'perhaps', dict(text='a'), {})


WORKER = '''
import sys
from dspy_toolkit.registry.store import Registry
registry = Registry(sys.argv[1], author='bob')
registry.count(); print('ready', flush=True); sys.stdin.readline()
for n in range(10_000):
    registry.add_mark('Triage', 'right', dict(n=n), dict(team='x')); print(n, flush=True)
'''


def test_a_mark_that_was_acknowledged_survives_kill_9(url):
    rng = random.Random(7)
    for _ in range(3):
        worker = subprocess.Popen([sys.executable, '-c', WORKER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert worker.stdout.readline() == 'ready\n'
        worker.stdin.write('\n')
        worker.stdin.flush()
        time.sleep(0.05 + rng.random() * 0.1)
        os.kill(worker.pid, signal.SIGKILL)
        said = [int(line) for line in worker.communicate()[0].splitlines() if line.strip().isdigit()]
        registry = Registry(url)
        assert {m.inputs['n'] for m in registry.marks('Triage')} >= set(said)
        assert all(m.outputs == dict(team='x') for m in registry.marks('Triage'))
        registry.close()
