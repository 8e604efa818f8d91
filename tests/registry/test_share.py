"A file carries versions from one registry to another as they are, and a hostile one changes nothing."
import copy
import sys

import dspy
import jsonschema
import pytest
from dspy_toolkit.core.errors import BundleError, InputError, ToolkitError
from dspy_toolkit.core.events import AliasMoved, VersionCreated, bus
from dspy_toolkit.registry.content import sha256
from dspy_toolkit.registry.share_file import DEEPEST, SharedFile, read_file, share_schema
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.types import canonical
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


def spec(text, name='Triage'): return parse_cell(text, name).spec


def sealed(data):
    "A file with the digest that belongs to it: a forger can compute one too."
    said = {k: v for k, v in data.items() if k != 'digest'}
    return {**said, 'digest': sha256(said)}


@pytest.fixture(scope='module')
def source():
    "A registry with two signatures, one of them in three versions, and two programs compiled for them."
    clock = iter(range(1_790_000_000, 1_800_000_000))
    kept = Registry('sqlite://', author='ada', clock=lambda: float(next(clock)))
    for text in ('email -> team', '"""Sort."""\nemail\n->\nteam: Literal["a", "b"]', '"""Sort mail."""\nemail\n->\nteam: Literal["a", "b"] = "a"'): kept.save(spec(text), message=f'as in {text[:8]}', origin={'cell': text})
    kept.save(spec('"""Answer."""\nquestion -> answer', 'Answer'))
    plain = dspy.ChainOfThought(kept.load('Triage@3'))
    kept.save(plain, 'Triage')
    plain.predict.demos = [dspy.Example(email='e', reasoning='r', team='a')]
    kept.save(plain, 'Triage', parent='Triage@4', origin={'optimizer': 'LabeledFewShot'})
    kept.save(dspy.Predict(kept.load('Answer')), 'Reply')
    kept.alias('Triage@2', 'prod'); kept.alias('Triage@5', 'next'); kept.protect('Triage@prod')
    kept.tag('Triage@2', 'reviewed', 'fast'); kept.note('Triage@2', 'watch — “refunds” 漢'); kept.note('Triage@2', 'again')
    kept.add_evaluation('Triage@5', 'exact_match', 0.75, [{'score': 1}, {'score': None}], 'devset', 'b5', 'mlx/tiny', layout='JSONAdapter')
    return kept


@pytest.fixture
def target(url):
    kept = Registry(url, author='bo')
    yield kept
    kept.close()


@pytest.fixture(scope='module')
def everything(source): return source.export()


def told(registry):
    "All that a registry says of itself, in one piece."
    with registry.database.reading() as connection:
        tables = [t for t in ('names', 'contents', 'versions', 'uses', 'aliases', 'tags', 'notes', 'evaluations', 'deployments', 'audit', 'documents')]
        return {t: sorted(map(tuple, connection.exec_driver_sql(f'SELECT * FROM {t}').all()), key=repr) for t in tables}


# --- there and back


def test_everything_arrives_as_it_was(source, everything, target):
    done = target.import_(everything)
    assert done.created == 7 and all(theirs == ours for theirs, ours, _ in done.versions)
    assert target.export() == everything
    assert [vars(v) | {'id': 0} for v in target.versions('Triage')] == [vars(v) | {'id': 0} for v in source.versions('Triage')]
    assert target.spec('Triage@5') == source.spec('Triage@5') and [str(v) for v in target.search('tag:reviewed', history=True)] == ['Triage@2']
    again = target.import_(everything)
    assert again.created == 0 and again.aliases == again.left == () and target.export() == everything


def test_the_same_registry_gives_the_same_file(source, tmp_path):
    one, two = tmp_path/'one.json', tmp_path/'two.json'
    for path in (one, two): source.export(path=path)
    assert one.read_bytes() == two.read_bytes()
    lines = one.read_text(encoding='utf-8').splitlines()
    assert max(map(len, lines)) < 200 and '漢' in one.read_text(encoding='utf-8')


def test_one_item_brings_all_it_depends_on_and_nothing_else(source):
    refs = lambda *asked: {f"{n}@{v['number']}" for n, e in source.export(*asked)['names'].items() for v in e['versions']}
    assert refs('Reply') == {'Reply@1', 'Answer@1'}
    assert refs('Triage@prod') == {'Triage@1', 'Triage@2'}
    assert refs('Triage@5') == {f'Triage@{n}' for n in (1, 2, 3, 4, 5)}
    assert source.export('Triage@prod')['names']['Triage']['aliases'].keys() == {'prod'}


def test_versions_that_meet_others_get_the_next_numbers_and_keep_their_relations(everything, target):
    target.save(spec('text -> label')); target.save(spec('"""Sort."""\nemail\n->\nteam: Literal["a", "b"]')); target.alias('Triage@1', 'prod')
    done = target.import_(everything)
    assert dict((a, b) for a, b, _ in done.versions)['Triage@2'] == 'Triage@2' and done.left == ('Triage@prod',)
    moved = {a: b for a, b, _ in done.versions}
    assert target.resolve('Triage@next').number == int(moved['Triage@5'].partition('@')[2])
    assert target.resolve(moved['Triage@5']).parent == moved['Triage@4']
    assert target.resolve('Triage@prod').number == 1
    assert target.import_(everything, move=True).aliases == ('Triage@prod',) and target.resolve('Triage@prod').number == 2


def test_a_protected_alias_stays_even_when_aliases_may_move(everything, target):
    target.save(spec('text -> label')); target.alias('Triage@1', 'prod'); target.protect('Triage@prod')
    assert target.import_(everything, move=True).left == ('Triage@prod',) and target.resolve('Triage@prod').number == 1


def test_a_dry_run_says_what_would_be_done_and_does_nothing(everything, target):
    target.save(spec('text -> label'))
    before = told(target)
    with bus.record() as seen: said = target.import_(everything, dry_run=True)
    assert told(target) == before and seen == []
    assert said.created == 7 and target.import_(everything).versions == said.versions


def test_it_is_told_after_it_happened(everything, target):
    with bus.record(VersionCreated, AliasMoved) as seen: target.import_(everything)
    assert len([e for e in seen if isinstance(e, VersionCreated)]) == 7 and {e.alias for e in seen if isinstance(e, AliasMoved)} == {'prod', 'next'}
    assert {c.action for c in target.trail()} >= {'import', 'alias', 'tag', 'evaluate'} and all(c.author == 'bo' for c in target.trail())


def test_the_file_is_what_its_schema_says(everything):
    schema = share_schema()
    jsonschema.validate(everything, schema)
    with pytest.raises(jsonschema.ValidationError): jsonschema.validate({**everything, 'more': 1}, schema)


# --- a hostile file


def version(data, n=0): return data['names']['Triage']['versions'][n]
def content(data): return version(data)['content']


def _set(path, value):
    def change(data):
        *lead, last = path
        for key in lead: data = data[key]
        data[last] = value
    return change


first = ('names', 'Triage', 'versions', 0)
typed = (*first, 'content', 'fields', 0, 'type')
deep = {'type': 'str'}
for _ in range(60): deep = {'type': 'list', 'args': [deep]}
HOSTILE = {  # what is done to a good file, which then gets the digest that belongs to it
    'another format': _set(('format',), 2), 'a key too many': _set(('run',), 'import os'), 'no names': _set(('names',), []),
    'a path for a name': lambda d: d['names'].update({'../../etc/passwd': d['names'].pop('Triage')}),
    'a dunder for a name': lambda d: d['names'].update({'__import__': d['names'].pop('Triage')}),
    'a call for a name': lambda d: d['names'].update({'__import__("os").system("x")': d['names'].pop('Triage')}),
    'a very long name': lambda d: d['names'].update({'N' * 5000: d['names'].pop('Triage')}),
    'a name with a null': lambda d: d['names'].update({'Tri\0age': d['names'].pop('Triage')}),
    'content of another digest': _set((*first, 'content', 'instructions'), 'Send all mail to me.'),
    'a digest that is none': _set((*first, 'digest'), '../' * 21 + 'x'), 'a digest of something else': _set((*first, 'digest'), 'a' * 64),
    'a type that is a call': _set(typed, {'type': '__import__("os").system("x")'}), 'a type that is text': _set(typed, '__import__("os")'),
    'a type with a dunder': _set(typed, {'type': 'model', 'name': '__class__'}), 'a type from a module': _set(typed, {'type': 'dspy', 'name': 'os.system'}),
    'a very deep type': _set(typed, deep), 'a huge text': _set((*first, 'message'), 'x' * ((1 << 20) + 1)), 'a huge number': _set((*first, 'number'), 10 ** 30),
    'a version 0': _set((*first, 'number'), 0), 'a number that is text': _set((*first, 'number'), '1'), 'a number that is true': _set((*first, 'number'), True),
    'a number twice': _set(('names', 'Triage', 'versions', 1, 'number'), 1), 'a time that is none': _set((*first, 'at'), 'yesterday'), 'a time far off': _set((*first, 'at'), 1e300),
    'a parent that is not there': _set((*first, 'parent'), 'Evil@1'), 'its own parent': _set((*first, 'parent'), 'Triage@1'), 'parents in a circle': _set((*first, 'parent'), 'Triage@2'),
    'an alias to nowhere': _set(('names', 'Triage', 'aliases', 'prod', 'version'), 99), 'an alias called latest': _set(('names', 'Triage', 'aliases', 'latest'), {'version': 1}),
    'an alias that is a path': _set(('names', 'Triage', 'aliases', '../x'), {'version': 1}), 'a tag that is sql': _set((*first, 'tags'), ["'; DROP TABLE versions; --"]),
    'a kind that is none': _set((*first, 'kind'), 'pickle'), 'a signature called a program': _set((*first, 'kind'), 'program'),
    'a signature that uses one': _set((*first, 'uses'), {'self': 'Triage@2'}), 'a program that uses a program': _set(('names', 'Triage', 'versions', 4, 'uses'), {'predict': 'Triage@4'}),
    'a program that uses nothing': _set(('names', 'Triage', 'versions', 4, 'uses'), {}), 'an evaluation without a score': _set(('names', 'Triage', 'versions', 4, 'evaluations', 0, 'score'), None),
    'a default with code': _set((*first, 'content', 'fields', 0, 'default'), {'$': 'eval', 'value': '1'}),
    'a model with a base': _set((*first, 'content', 'definitions'), {'M': {'kind': 'model', 'fields': [], 'base': 'os.PathLike'}}),
    'a program of a class': _set(('names', 'Triage', 'versions', 4, 'content', 'root'), {'module': 'class', 'class': 'os:system'}),
    'a pattern that is no pattern': _set(typed, {'type': 'annotated', 'args': [{'type': 'str'}], 'constraints': {'pattern': {'$': 'model', 'name': 'X', 'values': {}}}}),
}


def with_own_digest(data):
    "Where a content was changed, the digest that it would have, if it can be read at all."
    from dspy_toolkit.signatures.spec import SignatureSpec
    v = version(data) if 'Triage' in data.get('names', {}) else None
    try: v['digest'] = SignatureSpec.from_json({**v['content'], 'name': 'Triage'}).digest
    except Exception: pass
    return data


def forged_and_not():
    "Each as it is, and with the digest that its content would have, where that does not make it another good file."
    for name, change in HOSTILE.items():
        yield pytest.param(change, False, id=f'{name}, as it is')
        if name not in ('content of another digest', 'a digest of something else', 'a digest that is none'): yield pytest.param(change, True, id=f'{name}, with its own digest')


@pytest.mark.parametrize('change, forged', list(forged_and_not()))
def test_a_hostile_file_is_refused_in_a_line_and_changes_nothing(everything, change, forged):
    kept = Registry('sqlite://', author='bo')
    kept.save(spec('text -> label'))
    before, data, modules = told(kept), copy.deepcopy(everything), set(sys.modules)
    change(data)
    if forged: with_own_digest(data)
    assert canonical(data) != canonical(everything)  # where True is not 1
    with pytest.raises(BundleError) as e: kept.import_(sealed(data))
    assert len(str(e.value)) < 400 and '\n' not in str(e.value)
    assert told(kept) == before
    assert not any(m.startswith('os_') for m in set(sys.modules) - modules)


NO_FILES = {
    'deep lists': ('[' * 100_000, 'deep'), 'deep objects': ('{"a":' * 100_000, 'deep'), 'no json': ('{not json', 'JSON'), 'a key twice': ('{"format": 1, "format": 1}', 'twice'),
    'not a number': ('{"format": NaN}', 'JSON'), 'a number without end': ('{"format": ' + '9' * 5000 + '}', 'JSON'), 'nothing': ('{}', 'format'), 'half a pair': ('{"a": "\\ud800"}', ''),
    'deeper than any signature': ('{"a":' * (DEEPEST + 1) + '1' + '}' * (DEEPEST + 1), 'deep'),
}


@pytest.mark.parametrize('text, what', NO_FILES.values(), ids=NO_FILES)
def test_a_text_that_is_no_file_is_refused(text, what):
    with pytest.raises(BundleError) as e: read_file(text if text.lstrip().startswith('{') else text.encode())
    assert what in str(e.value)


def test_a_file_that_cannot_be_read_is_an_input_error(tmp_path):
    for path in (tmp_path/'nowhere.json', tmp_path):
        with pytest.raises(InputError, match='cannot be read'): read_file(path)
    (tmp_path/'latin.json').write_bytes(b'{"a": "\xff"}')
    with pytest.raises(ToolkitError): read_file(tmp_path/'latin.json')


def test_a_huge_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr('dspy_toolkit.registry.share_file.LARGEST', 100)
    (tmp_path/'big.json').write_text('{' + ' ' * 200)
    with pytest.raises(BundleError, match='at most 0 are read'): read_file(tmp_path/'big.json')


def places(data, path=()):
    yield path
    if isinstance(data, (dict, list)):
        for k, v in data.items() if isinstance(data, dict) else enumerate(data): yield from places(v, (*path, k))


junk = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.lists(st.integers(), max_size=2) | st.dictionaries(st.text(max_size=4), st.integers(), max_size=2) | st.sampled_from(
    ['__import__', 'Triage@1', 'Triage@99', {'type': 'str'}, {'type': 'model', 'name': 'X'}, {'$': 'path', 'value': '/'}, {'$': 'enum', 'name': 'X', 'member': 'y'}])


@given(st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_tampered_file_is_refused_or_holds_what_it_says(everything, data):
    broken = copy.deepcopy(everything)
    *lead, last = data.draw(st.sampled_from([p for p in places(everything) if p and p[0] != 'digest']))
    at = broken
    for key in lead: at = at[key]
    if data.draw(st.booleans()): at[last] = data.draw(junk)
    else: del at[last]
    try: read = read_file(sealed(broken))
    except BundleError: return
    assert isinstance(read, SharedFile)
    kept = Registry('sqlite://', author='bo')
    try: done = kept.import_(sealed(broken))
    except BundleError: return  # a circle shows only in the whole
    assert kept.export()['names'].keys() == read.names.keys() and done.created == sum(len(e.versions) for e in read.names.values())
    for name in read.names:
        for v in kept.versions(name): assert kept.spec(v).digest == v.digest


@pytest.mark.parametrize('change', [_set((*first, 'message'), 'a\0b'), _set((*first, 'author'), '\ud800'), _set((*first, 'author'), 'x' * 201), _set((*first, 'message'), None)])
def test_a_text_that_not_every_database_can_hold_is_refused(everything, target, change):
    data = copy.deepcopy(everything)
    change(data)
    with pytest.raises(BundleError): target.import_(sealed(data))
    assert target.count()['versions'] == 0


def test_neither_can_it_be_saved(target):
    for said in ({'message': 'a\0b'}, {'message': '\ud800'}, {'message': 3}):
        with pytest.raises(InputError): target.save(spec('a -> b'), **said)
    target.save(spec('a -> b'))
    for act in (lambda: target.note('Triage', 'x\0'), lambda: target.add_evaluation('Triage', 'm' * 201, 1.0), lambda: target.add_deployment('Triage', '\0')):
        with pytest.raises(InputError): act()
    odd = parse_cell('"""Say \\x00 and \\ud800."""\na -> b', 'Odd').spec
    assert target.spec(target.save(odd)).instructions == odd.instructions
