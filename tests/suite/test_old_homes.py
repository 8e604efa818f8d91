"""A home that an earlier release wrote opens today: it is migrated, and all that was in it is there and works.

tests/data has a home for each release, written by scripts/make_home.py. 0.1.0 itself kept nothing in its home; home-0.1.0 is of the code between it and the
next release (commit 6cd4b18b), which had the third of the registry's migrations, and neither runs nor names that a shell keeps.
"""
import contextlib
import io
import json
import re
import shlex
import sqlite3
import tarfile
from pathlib import Path

import dspy_toolkit
import pytest
from dspy.clients.base_lm import GLOBAL_HISTORY
from dspy_toolkit.cli.main import main
from dspy_toolkit.core import session
from dspy_toolkit.registry.database import HEAD
from dspy_toolkit.workspace import lms

HOMES = {path.name.removeprefix('home-').removesuffix('.tar.gz'): path for path in sorted((Path(__file__).parents[1]/'data').glob('home-*.tar.gz'))}
WRITTEN_WITH = {'0.1.0': '0003', '0.2.0': HEAD}  # the newest migration of a registry as it was left


@pytest.fixture(scope='module', params=HOMES)
def home(request, tmp_path_factory):
    "(release, folder) of each home, unpacked and in use."
    folder = tmp_path_factory.mktemp('old')
    with tarfile.open(HOMES[request.param]) as archive:
        archive.extractall(folder, **({'filter': 'data'} if hasattr(tarfile, 'data_filter') else {}))  # from Python 3.11.4
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv('DSPY_TOOLKIT_HOME', f'{folder}/home')
        session.reset()
        GLOBAL_HISTORY.clear()  # what DSPy remembers of other tests comes before what is in the file
        yield request.param, folder/'home'
        session.reset()


def say(line, code=0):
    "What a line of the shell prints, as JSON."
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told): found = main(shlex.split(f'{line} --json'))
    assert found == code, told.getvalue()
    return json.loads(out.getvalue())


def schema(home):
    with contextlib.closing(sqlite3.connect(home/'registry.db')) as db: return db.execute('SELECT version_num FROM alembic_version').fetchone()[0]


def test_there_is_a_home_of_each_release(): assert HOMES.keys() == WRITTEN_WITH.keys()


@pytest.mark.parametrize('release', HOMES)
def test_a_home_says_nothing_of_the_machine_that_wrote_it_and_is_small(release):
    assert HOMES[release].stat().st_size < 100_000
    with tarfile.open(HOMES[release]) as archive:
        for member in archive:
            assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, '', '')
            held = archive.extractfile(member).read() if member.isfile() else b''
            assert re.findall(rb'(?<![\w.-])/(?:root|home|Users|work|private|tmp|var|opt|usr)/[\w./-]*', held) == []
            assert b'a-machine' in held or not member.name.endswith('history.db')


def test_it_is_migrated_when_it_is_opened(home):
    release, folder = home
    assert schema(folder) == WRITTEN_WITH[release]
    assert {o['ref'] for o in say('list')['versions']} == {'Triage@2', 'router@1', 'devset@1'}
    say('tag Triage@2 opened')  # what is only read may stay as it is
    assert schema(folder) == HEAD


def test_versions_aliases_tags_and_notes_are_there(home):
    second, first = say('log Triage')['versions']
    assert (first['ref'], first['aliases'], first['tags'], first['notes']) == ('Triage@1', ['prod'], ['reviewed'], ['Asked by the support team.'])
    assert second['parent'] == 'Triage@1' and second['author'] == first['author'] == 'ada' and 'needs_human' in second['changed']
    shown = say('show Triage@prod')
    assert shown['version']['ref'] == 'Triage@1' and [o['name'] for o in shown['fields']] == ['email', 'team']
    assert first['digest'] == dspy_toolkit.SignatureSpec.from_dspy(dspy_toolkit.registry().load('Triage@1')).digest


def test_a_program_a_dataset_evaluations_and_a_deployment_are_there(home):
    registry = dspy_toolkit.registry()
    program = registry.load('router')
    assert program.demos[0]['team'] == 'billing' and list(program.signature.output_fields) == ['team']
    assert [o['team'] for o in registry.load('devset')] == ['billing', 'technical', 'sales']
    *_, first = registry.evaluations('Triage@1', results=True)
    assert (first.metric, first.score, first.count, first.dataset, first.results) == ('exact_match', 0.5, 2, 'devset', ({'score': 1.0}, {'score': 0.0}))
    assert [o.target for o in registry.deployments('Triage@1')] == ['a host of the team']
    assert {o['label'] for o in say('lineage Triage@1')['nodes']} >= {'Triage@1', 'Triage@2', 'router@1', 'exact_match 0.5', 'a host of the team'}


def test_what_was_asked_is_in_the_history(home):
    calls = say('history')['calls']
    for text, version, team in (('I was charged twice for March.', 'Triage@2', 'billing'), ('The app crashes every time.', 'Triage@1', 'technical')):
        call = next(o for o in calls if text in o['messages'][-1]['text'])
        assert (call['version'], call['model'], json.loads(call['answer'])['team']) == (version, 'mlx/tiny', team)


def test_what_this_release_kept_beside_is_there(home):
    release, folder = home
    if release == '0.1.0': return
    assert say('lm')['names'] == {'kept': 'mlx/tiny'} and lms.resolve('kept').kwargs['temperature'] == 0
    run = next(path.name for path in (folder/'runs').iterdir())
    done = say(f'resume {run}')  # a run that is done asks for nothing more
    assert (done['ref'], done['dataset'], done['done'], done['score']) == ('Triage@1', 'devset', 3, 1.0)


def test_old_versions_answer(home):
    for name, text in (('Triage@prod', 'Please send me the invoice of March again.'), ('router', 'What does it cost?')):
        assert say(f'run {name} email="{text}"')['values']['team'] in ('billing', 'technical', 'sales')
