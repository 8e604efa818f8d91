"""What the registry promises, on SQLite and on PostgreSQL."""
import json
import threading
import traceback
from dataclasses import replace
from functools import partial
from unicodedata import normalize

import pytest
import sqlalchemy as sa
from dspy_toolkit.core.errors import BundleError, InputError, InUse, NotRegistered, Protected, RegistryError
from dspy_toolkit.core.events import AliasMoved, VersionCreated, bus
from dspy_toolkit.core.settings import settings
from dspy_toolkit.registry import search
from dspy_toolkit.registry.references import Reference
from dspy_toolkit.registry.store import Registry, registry as the_registry
from dspy_toolkit.registry.tables import contents, names, versions
from dspy_toolkit.signatures.spec import FieldSpec, SignatureSpec
from registry_gatekeeper import Gatekeeper
from registry_model import FIELDS, signature


def refused(error, call, *said):
    "The call raises the error, and its two lines say all of that."
    with pytest.raises(error) as caught: call()
    text = f"{caught.value} | {caught.value.hint}"
    for words in said: assert words in text, text
    return text


# saving

def test_a_version_knows_what_was_said_when_it_was_saved(url):
    registry = Registry(url, author='ada', clock=lambda: 1000.5)
    version = registry.save(signature(), message='as found', origin={'cell': 3, 'notebook': 'a.ipynb'}, tags=['good', 'slow'])
    assert version.created and replace(version, created=False) == registry.resolve('Triage')
    assert (str(version), version.number, version.kind, version.digest) == ('Triage@1', 1, 'signature', signature().digest)
    assert (version.author, version.at, version.message, version.parent) == ('ada', 1000.5, 'as found', None)
    assert (version.origin, version.tags, version.aliases, version.latest) == ({'cell': 3, 'notebook': 'a.ipynb'}, ('good', 'slow'), (), True)
    assert json.loads(json.dumps(version.to_json()))['ref'] == 'Triage@1'
    registry.close()


def test_the_author_is_the_setting_unless_given(url):
    registry = Registry(url)
    assert registry.save(signature()).author == settings().author
    registry.close()


def test_saving_what_is_there_already_gives_the_version_that_has_it(registry):
    first, second = registry.save(signature(n=1)), registry.save(signature(n=2))
    again = registry.save(signature(n=1), message='back to the first', tags=['old'])
    assert (first.created, second.created, again.created) == (True, True, False)
    assert (again.number, again.message, again.tags, again.latest) == (1, '', ('old',), False)
    assert registry.resolve('Triage').number == 2
    assert [c.action for c in registry.trail()] == ['tag', 'save', 'save']


def test_the_same_content_under_two_names_is_kept_once(registry):
    registry.save(signature('Triage'))
    registry.save(signature('Route'))
    registry.save(signature('Triage'), name='Sorted')
    assert registry.count() == dict(versions=3, contents=1, evaluations=0, deployments=0, names=3)
    assert [str(v) for v in registry.identify(signature('Anything'))] == ['Sorted@1', 'Route@1', 'Triage@1']
    assert registry.spec('Sorted').name == 'Sorted'


def test_a_number_is_never_given_twice(registry):
    for n in (1, 2, 3): registry.save(signature(n=n), parent=1 if n > 1 else None)
    registry.delete('Triage@3')
    assert registry.resolve('Triage').number == 2
    assert registry.save(signature(n=3)).number == 4
    registry.delete('Triage')
    assert registry.save(signature(n=3)).number == 5
    assert registry.save(signature(n=3)).number == 5


def test_names_differ_by_the_case_of_their_letters(registry):
    registry.save(signature('Triage'))
    assert str(registry.save(signature('triage'))) == 'triage@1'
    assert registry.count()['names'] == 2


def test_a_signature_comes_from_the_latest_of_its_name_unless_said(registry):
    assert [registry.save(signature(n=n)).parent for n in (1, 2)] == [None, 'Triage@1']
    registry.save(signature(n=1))  # going back makes no version, and the latest stays the latest
    assert registry.save(signature(n=3)).parent == 'Triage@2'
    registry.alias('Triage@2', 'prod')
    assert registry.save(signature(n=4), parent=1).parent == 'Triage@1'
    assert registry.save(signature(n=5), parent='Triage@prod').parent == 'Triage@2'
    registry.save(signature('Other'))
    registry.save(signature('Other', 2))
    assert registry.save(signature(n=6), parent='Other@2').parent == 'Other@2'


@pytest.mark.parametrize('parent', [7, 'Triage@7', 'Nobody', -1, 2**40, 0])
def test_a_version_cannot_come_from_one_that_is_not_there(registry, parent):
    registry.save(signature())
    refused((NotRegistered, InputError), lambda: registry.save(signature(n=2), parent=parent))
    assert registry.count()['versions'] == 1
    assert len(registry.trail()) == 1


def test_a_new_name_is_not_left_behind_by_a_save_that_failed(registry):
    refused(NotRegistered, lambda: registry.save(signature(), parent=3))
    assert registry.count()['names'] == registry.count()['contents'] == 0
    assert registry.save(signature()).number == 1


def test_what_is_saved_comes_back_as_it_was(registry):
    spec = SignatureSpec('Größe', 'Mißt „alles“ 量る \0 \ud800.', (FieldSpec('größe', 'input', {'type': 'int'}, 'in cm', constraints={'ge': 1}), FieldSpec('label', 'output')))
    registry.save(spec)
    assert registry.spec('Größe') == spec
    assert registry.spec('Größe').to_json() == spec.to_json()


def test_only_a_name_of_python_names_a_version(registry):
    for name in ('', 'two words', '3x', 'class', 'a@b', 'a-b', 'x' * 201, None, 7):
        if name: refused(InputError, partial(registry.save, signature(), name=name))  # without one, its own counts
        for call in (registry.versions, registry.aliases): refused(InputError, partial(call, name))
    assert registry.count()['names'] == 0


def test_the_longest_name_and_alias_fit(registry):
    assert registry.save(signature('N' * 200)).name == 'N' * 200
    registry.alias('N' * 200, 'a' * 64)
    assert registry.tag('N' * 200, 't' * 64).tags == ('t' * 64,)
    assert registry.search('tag:' + 't' * 64)[0].aliases == ('a' * 64,)


def test_only_signatures_and_programs_are_kept(registry):
    for target in (7, 'Triage', object(), int, None): refused(InputError, partial(registry.save, target), 'neither a signature nor a program')


def test_a_tag_that_is_no_word_leaves_nothing_behind(registry):
    for tag in ('', 'two words', 'x' * 65, '3x', 'a,b', 7): refused(InputError, partial(registry.save, signature(), tags=['good', tag]), 'is not a word for a tag')
    assert registry.count()['versions'] == 0


def test_an_origin_that_is_not_json_is_refused_before_anything_is_written(registry):
    refused(InputError, lambda: registry.save(signature(), origin={'when': object()}))
    assert registry.count()['versions'] == 0


# finding

def test_each_kind_of_reference_finds_its_version(registry):
    for n in (1, 2, 3): registry.save(signature(n=n))
    registry.alias('Triage@2', 'prod')
    for ref, number in {'Triage': 3, 'Triage@latest': 3, ' Triage@1 ': 1, 'Triage@2': 2, 'Triage@prod': 2, Reference('Triage', 1): 1, Reference('Triage', alias='prod'): 2}.items():
        assert registry.resolve(ref).number == number
        assert registry.spec(ref) == signature(n=number)
    assert [v.number for v in registry.versions('Triage')] == [3, 2, 1]
    assert [v.latest for v in registry.versions('Triage')] == [True, False, False]
    assert registry.resolve('Triage', 'signature').number == 3
    refused(InputError, lambda: registry.resolve('Triage', 'program'), 'Triage@3 is a signature, not a program')
    refused(InputError, lambda: registry.spec('Triage', 'program'), 'not a program')


def test_a_reference_that_cannot_be_read_says_how_one_is_written(registry):
    registry.save(signature())
    for ref in ('Triage@', 'Triage@v2', 'Triage@0', 'Triage@-1', 'Triage@1.5', 'Triage@a b', 'Triage@2@3', 'Triage@9999999999', b'Triage', None):
        refused(InputError, partial(registry.resolve, ref), 'is not a reference |', '@')
    refused(InputError, partial(registry.resolve, '@prod'), 'is not a name')


def test_what_is_not_there_says_what_is(registry):
    refused(NotRegistered, lambda: registry.resolve('Triage'), "nothing is registered as 'Triage'", '%%dspy Signature Triage')
    registry.save(signature())
    refused(NotRegistered, lambda: registry.resolve('Triage@2'), "no version 2", 'the only version is 1')
    for n in (2, 3, 4): registry.save(signature(n=n), parent=1)
    registry.alias('Triage@3', 'production')
    registry.delete('Triage@2')
    refused(NotRegistered, lambda: registry.resolve('Triage@7'), "'Triage' has no version 7", 'versions are 1, 3–4', 'the alias production is 3')
    refused(NotRegistered, lambda: registry.resolve('Triage@prodution'), "no alias 'prodution'", 'did you mean production?')
    refused(NotRegistered, lambda: registry.resolve('Triage@Production'), 'did you mean production?')
    refused(NotRegistered, lambda: registry.resolve('Triage@zz'), "no alias 'zz'", 'the alias production is 3')
    refused(NotRegistered, lambda: registry.resolve('Triag'), 'did you mean Triage?')
    refused(NotRegistered, lambda: registry.versions('triage'), 'did you mean Triage?')
    refused(NotRegistered, lambda: registry.spec('Zzz'), 'there are Triage')
    registry.unalias('Triage@production')
    registry.delete('Triage')
    refused(NotRegistered, lambda: registry.resolve('Triage'), '%%dspy Signature Triage')


def test_whatever_is_done_to_a_name_that_is_not_there_says_which_was_meant(registry):
    registry.save(signature())
    rest = dict(alias=['prod'], tag=['good'], note=['a note'], add_evaluation=['exact', 1.0], add_deployment=['here'], diff=['Triage'])
    for call in ('alias', 'aliases', 'tag', 'note', 'notes', 'add_evaluation', 'evaluations', 'add_deployment', 'deployments', 'delete', 'diff', 'load', 'versions', 'spec'):
        refused(NotRegistered, partial(getattr(registry, call), 'Triagee', *rest.get(call, [])), "'Triagee'", 'did you mean Triage?')
    for call in (registry.unalias, registry.protect): refused(NotRegistered, partial(call, 'Triagee@prod'), "'Triagee'", 'did you mean Triage?')
    assert len(registry.trail()) == 1


def test_the_latest_of_each_name_come_newest_first(url):
    now = iter(range(1, 1000))
    registry = Registry(url, author='ada', clock=lambda: next(now))
    for name, n in [('A', 1), ('B', 1), ('C', 1), ('A', 2)]: registry.save(signature(name, n))
    assert [str(v) for v in registry.latest()] == ['A@2', 'C@1', 'B@1']
    assert [str(v) for v in registry.latest(most=1)] == ['A@2']
    assert len(registry.latest('signature')) == 3 and registry.latest('program') == []
    registry.close()


def test_content_is_identified_under_every_name_newest_first(registry):
    assert registry.identify(signature()) == []
    registry.save(signature('A'))
    registry.save(signature('A', 2))
    registry.save(signature('B'))
    assert [str(v) for v in registry.identify(signature('C'))] == ['B@1', 'A@1']


def test_a_version_at_hand_may_stand_for_its_reference(registry):
    old = registry.save(signature())
    registry.save(signature(n=2))
    registry.note(str(old), 'a note')
    registry.add_evaluation(str(old), 'exact', 0.5)
    registry.add_deployment(str(old), 'here')
    assert registry.spec(old) == signature()
    assert len(registry.notes(old)) == len(registry.evaluations(old)) == len(registry.deployments(old)) == 1


def test_a_version_at_hand_that_was_deleted_since_is_not_registered(registry):
    gone = registry.save(signature())
    registry.delete('Triage@1')
    for call in (registry.spec, registry.load): refused(NotRegistered, partial(call, gone), 'Triage')


def test_a_version_loads_as_a_signature_of_dspy(registry):
    registry.save(signature())
    loaded = registry.load('Triage')
    assert loaded.__name__ == 'Triage' and loaded.instructions == 'Route 1.'
    assert list(loaded.input_fields) == ['email'] and list(loaded.output_fields) == ['team']
    assert registry.save(loaded).created is False
    assert [str(v) for v in registry.identify(loaded)] == ['Triage@1']


def test_two_versions_are_compared(registry):
    registry.save(signature())
    registry.save(SignatureSpec('Triage', 'Route 1.', (*FIELDS, FieldSpec('urgent', 'output', {'type': 'bool'}))))
    found = registry.diff('Triage@1', registry.resolve('Triage'))
    assert (found.old, found.new) == (signature(), registry.spec('Triage')) and [c.field for c in found.changes] == ['urgent']
    assert registry.diff('Triage', 'Triage@2').changes == ()


# aliases

def test_an_alias_is_made_moved_and_taken_away(registry):
    for n in (1, 2): registry.save(signature(n=n))
    assert registry.alias('Triage@1', 'prod').aliases == ('prod',)
    assert registry.alias('Triage', 'prod').number == 2
    registry.alias('Triage@prod', 'canary')
    assert registry.aliases('Triage') == {'canary': (2, False), 'prod': (2, False)}
    assert registry.resolve('Triage').aliases == ('canary', 'prod') and registry.resolve('Triage@1').aliases == ()
    assert registry.unalias('Triage@prod') == 2
    assert registry.aliases('Triage') == {'canary': (2, False)}
    refused(NotRegistered, lambda: registry.resolve('Triage@prod'))
    refused(NotRegistered, lambda: registry.unalias('Triage@prod'))


def test_a_name_without_aliases_has_none(registry):
    registry.save(signature())
    assert registry.aliases('Triage') == {}


def test_each_name_has_aliases_of_its_own(registry):
    for name in 'AB':
        for n in (1, 2): registry.save(signature(name, n))
    registry.alias('A@1', 'prod')
    registry.alias('B@2', 'prod')
    assert registry.resolve('A@prod').number == 1 and registry.resolve('B@prod').number == 2
    registry.alias('B@1', 'prod')
    registry.alias('A@2', 'prod')
    registry.protect('A@prod')
    assert registry.aliases('A') == {'prod': (2, True)} and registry.aliases('B') == {'prod': (1, False)}
    registry.unalias('A@prod', force=True)
    assert registry.resolve('B@prod').number == 1


def test_the_history_of_an_alias_is_in_the_trail(registry):
    for n in (1, 2): registry.save(signature(n=n))
    registry.alias('Triage@1', 'prod', message='first')
    registry.alias('Triage@1', 'prod', message='it is there already')
    registry.alias('Triage@2', 'prod')
    registry.alias('Triage@2', 'canary')
    registry.protect('Triage@prod')
    registry.alias('Triage@1', 'prod', force=True, message='roll back')
    registry.unalias('Triage@prod', force=True)
    registry.alias('Triage@2', 'prod')
    assert [(c.action, c.version, c.detail) for c in registry.trail('Triage@prod')[::-1]] == [
        ('alias', 1, dict(alias='prod', message='first')), ('alias', 2, dict(alias='prod', previous=1)), ('protect', 2, dict(alias='prod')),
        ('alias', 1, dict(alias='prod', previous=2, forced=True, message='roll back')), ('unalias', 1, dict(alias='prod')), ('alias', 2, dict(alias='prod'))]
    assert [c.version for c in registry.trail('Triage@prod', most=2)] == [2, 1]


def test_a_protected_alias_is_moved_only_by_force(registry):
    for n in (1, 2): registry.save(signature(n=n))
    registry.alias('Triage@1', 'prod')
    assert registry.protect('Triage@prod') is True and registry.protect('Triage@prod') is True
    refused(Protected, lambda: registry.alias('Triage@2', 'prod'), 'Triage@prod', 'version 1', 'force')
    refused(Protected, lambda: registry.unalias('Triage@prod'), 'Triage@prod')
    assert registry.alias('Triage@1', 'prod').number == 1, "it is there already"
    assert registry.aliases('Triage') == {'prod': (1, True)}
    assert registry.alias('Triage@2', 'prod', force=True).number == 2
    assert registry.aliases('Triage') == {'prod': (2, True)}, "moved by force, it stays protected"
    assert registry.protect('Triage@prod', on=False) is False
    assert registry.alias('Triage@1', 'prod').number == 1
    assert [c.action for c in registry.trail('Triage@prod')] == ['alias', 'unprotect', 'alias', 'protect', 'alias']


def test_an_alias_is_a_word_that_cannot_be_taken_for_a_version(registry):
    registry.save(signature())
    for alias in ('', 'latest', 'LATEST', '3', 'two words', 'a@b', 'x' * 65, None): refused(InputError, partial(registry.alias, 'Triage', alias))
    assert registry.aliases('Triage') == {}


def test_only_an_alias_is_taken_away_or_protected(registry):
    registry.save(signature())
    for ref in ('Triage', 'Triage@1', 'Triage@latest'):
        for call in (registry.unalias, registry.protect): refused(InputError, partial(call, ref), 'is not an alias')


# what is said about a version

def test_tags_are_given_and_taken_away_once(registry):
    registry.save(signature())
    assert registry.tag('Triage', 'slow', 'good', 'slow').tags == ('good', 'slow')
    assert registry.tag('Triage', 'good', remove=['slow', 'unheard-of']).tags == ('good',)
    assert [(c.action, c.detail['tag']) for c in registry.trail()[::-1][1:]] == [('tag', 'slow'), ('tag', 'good'), ('untag', 'slow')]


def test_one_tag_that_is_no_word_leaves_the_others_ungiven(registry):
    registry.save(signature())
    refused(InputError, lambda: registry.tag('Triage', 'good', 'not good'), 'not a word for a tag')
    assert registry.resolve('Triage').tags == () and len(registry.trail()) == 1


def test_notes_come_oldest_first_with_who_and_when(url):
    now = iter(range(1, 100))
    registry = Registry(url, author='ada', clock=lambda: next(now))
    registry.save(signature())
    other = Registry(url, author='bob', clock=lambda: 50.0)
    assert registry.note('Triage', 'for the café ☕').number == 1
    other.note('Triage@1', 'it is\nslow')
    assert registry.notes('Triage') == [('for the café ☕', 'ada', 4.0), ('it is\nslow', 'bob', 50.0)]
    assert [(c.author, c.detail) for c in registry.trail()[:2]] == [('bob', dict(text='it is\nslow')), ('ada', dict(text='for the café ☕'))]
    other.close()
    registry.close()


def test_an_empty_note_is_refused(registry):
    registry.save(signature())
    for text in ('', ' \n\t'): refused(InputError, partial(registry.note, 'Triage', text), 'empty')


def test_an_evaluation_is_kept_with_every_result(registry):
    registry.save(signature())
    results = [{'email': 'hi', 'ok': True}, None, [1, 2.5, 'ü']]
    made = registry.add_evaluation('Triage', 'exact', 0.25, results, dataset='dev', dataset_digest='d', lm='openai/x', layout='ChatAdapter')
    assert made.layout == 'ChatAdapter'
    assert (made.version, made.metric, made.score, made.count, made.dataset, made.dataset_digest, made.lm, made.author) == ('Triage@1', 'exact', 0.25, 3, 'dev', 'd', 'openai/x', 'ada')
    registry.add_evaluation('Triage@1', 'f1', 0, count=40)
    newest, oldest = registry.evaluations('Triage', results=True)
    assert oldest == made and oldest.results == tuple(results)
    assert (newest.metric, newest.score, newest.count, newest.results) == ('f1', 0.0, 40, ())
    assert registry.evaluations('Triage')[1].results == ()
    assert [(c.action, c.detail) for c in registry.trail()[:2]] == [('evaluate', dict(metric='f1', score=0.0)), ('evaluate', dict(metric='exact', score=0.25, dataset='dev'))]
    assert json.loads(json.dumps(made.to_json()))['results'] == results


def test_the_same_record_of_an_evaluation_is_kept_once(url):
    registry = Registry(url, author='ada', clock=lambda: 7.0)
    registry.save(signature())
    first, again = [registry.add_evaluation('Triage', 'exact', 0.5, [1]) for _ in range(2)]
    assert first == again and len(registry.evaluations('Triage')) == 1
    assert registry.add_evaluation('Triage', 'exact', 0.5, [2]) != first
    assert [c.action for c in registry.trail()] == ['evaluate', 'evaluate', 'save']
    registry.close()


def test_an_evaluation_belongs_to_the_version_it_was_made_of_though_another_name_has_the_same_content(url):
    registry = Registry(url, author='ada', clock=lambda: 7.0)
    for name in ('Triage', 'Route'):
        registry.save(signature(name))
        registry.add_evaluation(name, 'exact', 0.5)
    assert [e.version for name in ('Triage', 'Route') for e in registry.evaluations(name)] == ['Triage@1', 'Route@1']
    registry.close()


def test_an_evaluation_that_is_no_json_is_refused_in_our_words(registry):
    registry.save(signature())
    for given in (dict(score=float('nan')), dict(score=float('inf')), dict(results=[object()]), dict(results=[float('nan')])):
        refused(InputError, partial(registry.add_evaluation, 'Triage', 'exact', **{'score': 0.5, **given}))
    assert registry.evaluations('Triage') == []


def test_a_deployment_is_followed_to_its_end(url):
    now = iter(range(1, 100))
    registry = Registry(url, author='ada', clock=lambda: next(now))
    registry.save(signature())
    registry.alias('Triage', 'prod')
    made = registry.add_deployment('Triage@prod', 'http://localhost:1', status='starting')
    assert (made.version, made.target, made.alias, made.status, made.author, made.ended) == ('Triage@1', 'http://localhost:1', 'prod', 'starting', 'ada', None)
    other = registry.add_deployment('Triage', 'here')
    assert (other.alias, other.status) == ('', 'serving')
    registry.update_deployment(made.id, 'serving')
    assert registry.deployments('Triage')[1].ended is None
    registry.update_deployment(made.id, 'stopped', ended=True)
    newest, first = registry.deployments('Triage@1')
    assert newest == other and (first.id, first.status) == (made.id, 'stopped') and first.ended > first.at == made.at
    refused(NotRegistered, lambda: registry.update_deployment(99, 'gone'), 'no deployment 99')
    assert [(c.action, c.version, c.detail.get('status')) for c in registry.trail(most=4)] == [('deployment', 1, 'stopped'), ('deployment', 1, 'serving'), ('deploy', 1, 'serving'), ('deploy', 1, 'starting')]
    registry.close()


def test_the_trail_tells_who_did_what_newest_first_and_stops_where_told(url):
    now = iter(range(1, 100))
    ada, bob = (Registry(url, author=who, clock=lambda: next(now)) for who in ('ada', 'bob'))
    ada.save(signature(), message='as found')
    bob.save(signature('Other'))
    bob.save(signature(n=2))
    ada.delete('Triage@2')
    assert [(c.author, c.action, c.name, c.version) for c in ada.trail()] == [
        ('ada', 'delete', 'Triage', 2), ('bob', 'save', 'Triage', 2), ('bob', 'save', 'Other', 1), ('ada', 'save', 'Triage', 1)]
    assert [c.at for c in ada.trail()] == sorted((c.at for c in ada.trail()), reverse=True)
    assert [c.version for c in ada.trail('Triage')] == [2, 2, 1]
    assert [c.action for c in ada.trail('Triage@2')] == ['delete', 'save']
    assert [c.name for c in ada.trail(most=3)] == ['Triage', 'Triage', 'Other']
    assert ada.trail('Triage@1')[0].detail == dict(kind='signature', digest=signature().digest, message='as found')
    assert ada.trail('Nobody') == [] and ada.trail()[0].to_json()['action'] == 'delete'
    ada.close(), bob.close()


# searching

def found(registry, text, **given): return [str(v) for v in registry.search(text, **given)]


@pytest.fixture
def library(registry):
    registry.save(SignatureSpec('EmailTriage', 'Route a complaint to the right team.', (FieldSpec('email', 'input'), FieldSpec('urgency', 'output', {'type': 'bool'}, 'is it pressing?'))), message='für das Café')
    registry.save(SignatureSpec('Zusammenfassung', 'Fasse den Text zusammen: Größe, Straße, naïve.', (FieldSpec('image', 'input', {'type': 'dspy', 'name': 'Image'}), FieldSpec('summary', 'output'))))
    registry.save(SignatureSpec('Translate', '日本語を英語に翻訳する。 한국어도', (FieldSpec('text', 'input'), FieldSpec('label', 'output', {'type': 'literal', 'values': ['urgent', 'later']}))))
    registry.tag('Translate', 'Asia', 'good')
    return registry


CASES = {
    'triage': ['EmailTriage'], 'TRIAGE': ['EmailTriage'], 'EmailTriage': ['EmailTriage'], 'emailtriage': ['EmailTriage'], 'Triage email': ['EmailTriage'],
    'complain': ['EmailTriage'], 'complaint team': ['EmailTriage'], 'complaint translate': [], 'omplaint': [], 'pressing': ['EmailTriage'],
    'cafe': ['EmailTriage'], 'CAFÉ': ['EmailTriage'], normalize('NFD', 'café'): ['EmailTriage'], 'fur': ['EmailTriage'],
    'grosse': ['Zusammenfassung'], 'GRÖSSE': ['Zusammenfassung'], 'strasse': ['Zusammenfassung'], 'naive': ['Zusammenfassung'],
    '日本': ['Translate'], '翻訳': ['Translate'], '語英': ['Translate'], '中国': [], '한국어': ['Translate'],
    'tag:good': ['Translate'], 'tag:asia': ['Translate'], 'tag:goo': [], 'has:email': ['EmailTriage'], 'has:mail': [], 'has:EMAIL': ['EmailTriage'],
    'type:bool': ['EmailTriage'], 'type:Image': ['Zusammenfassung'], 'type:Literal': ['Translate'], 'type:urgent': [], 'type:str': ['EmailTriage', 'Translate', 'Zusammenfassung'],
    'kind:signature': ['EmailTriage', 'Translate', 'Zusammenfassung'], 'kind:program': [], 'name:EmailTriage': ['EmailTriage'], 'name:emailtriage': ['EmailTriage'], 'name:Email': [],
    'type:str tag:good': ['Translate'], 'type:bool tag:good': [], 'complaint type:bool': ['EmailTriage'], 'TAG:good': ['Translate'], 'tag:"good"': ['Translate'],
    '"right team"': ['EmailTriage'], '"complaint:"': ['EmailTriage'], "or and not near": [], 'complaint* "': ['EmailTriage'], "a' OR 1=1 --": [], '(complaint)': ['EmailTriage'], 'complaint & team': ['EmailTriage'],
    '': [], '  ': [], '!?*()': [], 'urgent': ['Translate'], 'later': ['Translate'],
}


def test_a_search_finds_what_people_type(library): assert {text: sorted(v.name for v in library.search(text)) for text in CASES} == CASES


def test_a_filter_that_is_none_says_which_was_meant(registry):
    refused(InputError, lambda: registry.search('tags:good'), 'did you mean tag:good?')
    refused(InputError, lambda: registry.search('zzz:good'), 'there are tag:, has:, type:, kind:, name:')


def test_a_search_finds_the_latest_version_unless_history_is_asked_for(registry):
    registry.save(signature(text='Alpha words.'))
    registry.save(signature(text='Beta words.'))
    assert found(registry, 'alpha') == [] and found(registry, 'beta') == ['Triage@2']
    assert found(registry, 'alpha', history=True) == ['Triage@1']
    assert found(registry, 'words', history=True) == ['Triage@2'], "of each name the best"
    registry.delete('Triage@2')
    assert found(registry, 'alpha') == ['Triage@1'] and found(registry, 'beta', history=True) == []
    registry.save(signature(text='Gamma words.'))
    assert found(registry, 'alpha') == [] and found(registry, 'gamma') == ['Triage@3']
    registry.delete('Triage')
    assert found(registry, 'words', history=True) == []


def test_a_search_finds_what_was_said_later(registry):
    registry.save(signature())
    assert found(registry, 'splendid') == found(registry, 'tag:good') == found(registry, 'hopeless') == []
    registry.note('Triage', 'Splendid on the dev set')
    registry.tag('Triage', 'good')
    registry.note('Triage', 'hopeless elsewhere')
    assert found(registry, 'splendid') == found(registry, 'tag:good') == found(registry, 'hopeless') == found(registry, 'good') == ['Triage@1']
    registry.tag('Triage', remove=['good'])
    assert found(registry, 'tag:good') == found(registry, 'good') == [] and found(registry, 'splendid') == ['Triage@1']


def test_a_name_weighs_more_than_fields_and_those_more_than_instructions_and_notes(registry):
    word = (FieldSpec('invoice', 'input'), FieldSpec('team', 'output'))
    registry.save(signature('Ddd'), message='invoice')
    registry.save(signature('Ccc', text='An invoice.'))
    registry.save(SignatureSpec('Bbb', 'Route.', word))
    registry.save(signature('Invoice', text='Pay.'))
    registry.save(signature('InvoicesOld', text='Pay it.'))
    assert [v.name for v in registry.search('invoice')] == ['Invoice', 'InvoicesOld', 'Bbb', 'Ccc', 'Ddd']
    assert [v.name for v in registry.search('invoice', most=2)] == ['Invoice', 'InvoicesOld']


def test_every_word_of_a_version_finds_it(registry):
    text = "gpt4 1e5x 3d 007 x2 v2.1-beta snake_case_name HTTPServer2Go 50% a/b/c.txt user@example.org http://a.b/c?d=e İstanbul ŒUVRE ǅ ½ ² Ⅷ ﬁ عربي हिन्दी ไทย ελληνικά русский 𞤀𞤁 𝔘𝔫𝔦 ｶﾀｶﾅ カタカナ ʻokina don't O'Neil"
    registry.save(signature(text=text))
    missing = [word for word in text.split() if not registry.search(f'"{word}"')]
    assert missing == []


def test_a_search_of_many_versions_finds_the_best_not_only_the_newest(registry, monkeypatch):
    monkeypatch.setattr(search, 'CANDIDATES', 5)
    registry.save(signature('Invoice', text='Words.'))
    for n in range(12): registry.save(signature(f'N{n}', text=f'Of the invoice {n}.'))
    assert found(registry, 'invoice', most=1) == ['Invoice@1']
    assert len(found(registry, 'invoice', most=50)) == 6


def test_a_version_with_a_great_many_words_is_kept_and_found(registry):
    words = lambda letter: ' '.join(f'{letter}{n:06d}' for n in range(60_000))
    registry.save(signature(text=words('x')))
    registry.note('Triage', words('ж'))
    assert found(registry, 'x000007 ж000007') == ['Triage@1']


# deleting

def test_a_version_is_deleted_with_all_that_was_said_of_it(registry, engine):
    registry.save(signature(), tags=['good'])
    registry.save(signature(n=2), parent=1)
    registry.tag('Triage@2', 'slow')
    registry.note('Triage@2', 'a note')
    assert [str(v) for v in registry.delete('Triage@2')] == ['Triage@2']
    assert [v.number for v in registry.versions('Triage')] == [1] and registry.resolve('Triage').latest
    with engine.connect() as connection:
        left = {t: connection.exec_driver_sql(f'SELECT count(*) FROM {t}').scalar() for t in ('versions', 'contents', 'tags', 'notes', 'documents', 'names')}
    assert left == dict(versions=1, contents=1, tags=1, notes=0, documents=1, names=1)
    assert [v.number for v in registry.delete('Triage')] == [1]
    assert registry.count() == dict(versions=0, contents=0, evaluations=0, deployments=0, names=0)
    assert [(c.action, c.version) for c in registry.trail()[:2]] == [('delete', 1), ('delete', 2)]


def test_content_that_another_name_has_too_outlives_a_version(registry):
    registry.save(signature('A'))
    registry.save(signature('B'))
    registry.delete('A')
    assert registry.spec('B') == signature('B')
    registry.delete('B')
    assert registry.count()['contents'] == 0


@pytest.mark.parametrize('hold, said', {
    'alias': 'the alias prod', 'evaluate': 'an evaluation with exact', 'deploy': 'a deployment at here', 'child': 'made from it', 'other': 'made from it'}.items())
def test_a_version_that_something_refers_to_is_not_deleted(registry, hold, said):
    registry.save(signature())
    if hold == 'alias': registry.alias('Triage', 'prod')
    if hold == 'evaluate': registry.add_evaluation('Triage', 'exact', 1.0)
    if hold == 'deploy': registry.add_deployment('Triage', 'here')
    if hold == 'child': registry.save(signature(n=2))
    if hold == 'other': registry.save(signature('Other', 2), parent='Triage@1')
    before = registry.trail()
    refused(InUse, lambda: registry.delete('Triage@1'), 'Triage@1 cannot be deleted', said)
    if hold == 'child': assert len(registry.delete('Triage')) == 2  # together with what was made from it
    else:
        refused(InUse, lambda: registry.delete('Triage'), 'Triage cannot be deleted', said)
        assert registry.trail() == before and registry.spec('Triage@1') == signature()


def test_a_version_of_another_name_that_was_made_from_it_is_named(registry):
    registry.save(signature())
    registry.save(signature('Other', 2), parent='Triage@1')
    refused(InUse, lambda: registry.delete('Triage'), 'Other@1')


def test_all_that_holds_a_version_is_counted(registry):
    registry.save(signature())
    for alias in ('a', 'b', 'c', 'd', 'e'): registry.alias('Triage', alias)
    refused(InUse, lambda: registry.delete('Triage'), 'the alias a; the alias b; the alias c; and 2 more')


def test_what_is_not_there_is_not_deleted(registry):
    registry.save(signature())
    registry.alias('Triage', 'prod')
    refused(NotRegistered, lambda: registry.delete('Triage@2'))
    refused(NotRegistered, lambda: registry.delete('Nobody'))
    refused(InputError, lambda: registry.delete('Triage@prod'), 'is an alias')
    assert registry.count()['versions'] == 1


# what cannot be changed

def test_the_database_itself_refuses_to_change_what_was_written(registry, engine):
    registry.save(signature())
    registry.add_evaluation('Triage', 'exact', 0.5)
    read = lambda c: [c.exec_driver_sql(f'SELECT * FROM {t}').all() for t in ('contents', 'versions', 'evaluations', 'audit')]
    with engine.connect() as connection: before = read(connection)
    for statement in ("UPDATE contents SET body = '{}'", "UPDATE contents SET digest = 'x'", "UPDATE versions SET digest = 'x'", "UPDATE versions SET number = 9", "UPDATE versions SET message = 'x'",
                      "UPDATE evaluations SET score = 1", "UPDATE audit SET author = 'eve'", "DELETE FROM audit"):
        with pytest.raises(sa.exc.DBAPIError, match='are never changed'), engine.begin() as connection: connection.exec_driver_sql(statement)
    with engine.connect() as connection: assert read(connection) == before


def test_content_that_was_changed_behind_the_registrys_back_is_not_given_out(url, engine):
    registry = Registry(url, author='ada')
    for n in (1, 2): registry.save(signature(n=n))
    other = json.dumps({k: v for k, v in signature(n=3).to_json().items() if k != 'name'})
    with engine.begin() as connection: connection.exec_driver_sql('DROP TRIGGER contents_no_update' + ('' if registry.database.sqlite else ' ON contents'))
    for body in (other, 'not JSON', '', '[]', 'null', '"text"', '{}', '{"format": 1}', other.replace('"input"', '"inward"')):
        with engine.begin() as connection: connection.execute(contents.update().where(contents.c.digest == signature().digest).values(body=body))
        for call in (registry.spec, registry.load, partial(registry.diff, 'Triage@2')): refused(BundleError, partial(call, 'Triage@1'))
    assert registry.spec('Triage@2') == signature(n=2)
    registry.close()


# events

def test_each_change_is_told_once_and_only_after_others_can_see_it(url):
    registry, other, seen = Registry(url, author='ada'), Registry(url), []
    leave = bus.subscribe(lambda e: seen.append((e, other.resolve(f'{e.name}@{e.version}').number, other.resolve(f'{e.name}@{e.version}').aliases)), VersionCreated, AliasMoved)
    try:
        registry.save(signature())
        registry.save(signature())
        registry.save(signature(n=2), tags=['good'])
        for ref in ('Triage@1', 'Triage@1', 'Triage@2'): registry.alias(ref, 'prod')
        registry.protect('Triage@prod')
        refused(Protected, lambda: registry.alias('Triage@1', 'prod'))
        refused(NotRegistered, lambda: registry.save(signature(n=3), parent=9))
    finally: leave()
    assert seen == [
        (VersionCreated('signature', 'Triage', 1, signature().digest), 1, ()), (VersionCreated('signature', 'Triage', 2, signature(n=2).digest), 2, ()),
        (AliasMoved('signature', 'Triage', 'prod', 1, None), 1, ('prod',)), (AliasMoved('signature', 'Triage', 'prod', 2, 1), 2, ('prod',))]
    registry.close(), other.close()


def test_a_subscriber_may_change_the_registry_it_hears_of(registry):
    leave = bus.subscribe(lambda e: registry.alias(f'{e.name}@{e.version}', 'newest'), VersionCreated)
    try:
        for n in (1, 2): registry.save(signature(n=n))
    finally: leave()
    assert registry.resolve('Triage@newest').number == 2


def test_a_write_that_fails_at_its_end_leaves_nothing(registry):
    registry.save(signature())
    with pytest.raises(ZeroDivisionError), registry.database.writing() as connection:
        connection.execute(names.update().values(latest=7, given=7))
        raise ZeroDivisionError
    assert registry.save(signature(n=2)).number == 2


# the object

def test_a_registry_that_was_closed_opens_again_when_used(registry):
    registry.save(signature())
    registry.close()
    registry.close()
    assert registry.resolve('Triage').number == 1


def test_a_registry_in_memory_that_was_closed_can_be_used():
    registry = Registry('sqlite://')
    registry.save(signature())
    registry.close()
    assert registry.count()['versions'] in (0, 1)
    assert registry.save(signature()).number == 1


def test_two_registries_in_memory_share_nothing():
    one, two = Registry('sqlite://'), Registry('sqlite:///:memory:')
    one.save(signature())
    assert two.count()['versions'] == 0 and one.database.in_memory and two.database.in_memory


def test_a_url_has_one_registry_in_a_process(url):
    assert the_registry(url) is the_registry(url)
    assert the_registry(url).count()['versions'] == 0
    the_registry(url).close()


def test_two_registries_of_one_database_see_each_others_work_at_once(url):
    one, two = Registry(url), Registry(url)
    one.save(signature())
    assert two.resolve('Triage').number == 1
    two.alias('Triage', 'prod')
    assert one.resolve('Triage@prod').aliases == ('prod',)
    one.close(), two.close()


def test_a_reader_sees_one_state_while_others_write(registry):
    registry.save(signature())
    with registry.database.reading() as connection:
        count = lambda: connection.execute(sa.select(sa.func.count()).select_from(versions)).scalar()
        assert count() == 1
        writer = threading.Thread(target=registry.save, args=[signature(n=2)])
        writer.start()
        writer.join()
        assert count() == 1
    assert registry.count()['versions'] == 2


# programs

def test_a_program_is_kept_with_the_signature_it_was_compiled_for(registry):
    import dspy
    program = dspy.Predict(signature().to_dspy())
    program.demos = [dspy.Example(email='hi', team='sales')]
    with bus.record(VersionCreated) as told: version = registry.save(program, name='Solver')
    assert (str(version), version.kind, version.parent) == ('Solver@1', 'program', None)
    assert str(registry.resolve('Triage')) == 'Triage@1' and registry.spec('Solver', 'signature') == signature()
    assert [d.team for d in registry.load('Solver').demos] == ['sales']
    assert registry.save(program, name='Solver').created is False
    assert registry.save(signature('Triage', 2)).parent == 'Triage@1'
    registry.save(program, name='Triage')
    assert registry.resolve('Triage').parent == 'Triage@1', "a program comes from its signature, not from the latest"
    assert registry.save(signature('Triage', 4)).parent == 'Triage@2', "and a signature comes from a signature"
    assert found(registry, 'route has:email kind:program') == ['Solver@1']
    refused(InUse, lambda: registry.delete('Triage'), 'Solver@1, compiled for it')
    registry.delete('Solver')
    assert len(registry.delete('Triage')) == 4 and registry.count()['contents'] == 0
    assert {(e.kind, f'{e.name}@{e.version}') for e in told} == {('program', 'Solver@1'), ('signature', 'Triage@1')}


# passwords

SECRET = 'hunter' + '2'


def everything(error):
    "All that a person, or a log, may see of an error and of what led to it."
    return '\n'.join([str(error), repr(error), error.hint, *error._render_traceback_(), *traceback.format_exception(error)])


def test_a_wrong_password_is_said_to_be_wrong_and_never_shown():
    with Gatekeeper('28P01', 'password authentication failed for user "ada"') as port:
        registry = Registry(f'postgresql://ada:{SECRET}@127.0.0.1:{port}/db?gssencmode=disable')
        with pytest.raises(RegistryError) as caught: registry.count()
    for text in (everything(caught.value), repr(registry), registry.url): assert SECRET not in text
    assert '***' in repr(registry)
    assert 'does not take this user and password' in str(caught.value)


@pytest.mark.parametrize('bad', [
    'postgresql://ada:SECRET@127.0.0.1:1/db', 'postgresql://ada:SECRET@/db?host=/nowhere', 'mysql://ada:SECRET@h/db', 'nonsense://ada:SECRET@h/db', 'postgresql://ada:SECRET@127.0.0.1:1/db?nonsense=1',
    'postgresql//ada:SECRET@h/db', 'postgresql://ada:SECRET@h:port/db', 'postgresql://ada@/db?host=/nowhere&password=SECRET'])
def test_no_error_and_no_repr_shows_a_password(bad):
    with pytest.raises(RegistryError) as caught:
        registry = Registry(bad.replace('SECRET', SECRET))
        shown = repr(registry) + registry.url
        assert SECRET not in shown
        registry.count()
    assert SECRET not in everything(caught.value)
    assert caught.value.hint


def test_there_is_one_way_to_compare_signatures_and_programs():
    "`diff(a, b)` takes signatures, programs, a signature beside a program, and specs of them."
    import dspy
    import dspy_toolkit
    one, two = dspy.Signature('q -> a'), dspy.Signature('q, c -> a')
    assert dspy_toolkit.diff(one, two).summary == dspy_toolkit.diff(SignatureSpec.from_dspy(one), two).summary == 'breaks callers and examples: c added: input of type str'
    step = dspy_toolkit.diff(dspy.Predict(one), dspy.ChainOfThought(one)).summary
    assert step.startswith('compatible: Predict → ChainOfThought') and dspy_toolkit.diff(one, dspy.ChainOfThought(one)).summary == step
    with pytest.raises(InputError, match='neither a signature nor a program'): dspy_toolkit.diff(one, 3)
