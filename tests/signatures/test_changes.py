"What a difference says: each change with the field, what was, what is, and whom it breaks."
import pytest

from dspy_toolkit.signatures.diff import Change, diff, find_renames
from dspy_toolkit.signatures.source import parse_cell

BASE = '''"""Route it."""
email: str  # as received
tone: str = "kind"
->
team: Literal["billing", "sales"]
sure: float = Field(ge=0, le=1)
'''


def read(text): return parse_cell(text, 'Triage').spec


def compare(*edits):
    "The difference between the base and the base with texts replaced."
    text = BASE
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return diff(read(BASE), read(text))


CHANGES = {
    'nothing': ([], [], 'no changes'),
    'an input that must be given': (
        [('tone:', 'order: int\ntone:')], [Change('added', 'order', after='input of type int', callers=True, examples=True)], 'breaks callers and examples: order added: input of type int'),
    'an input that may be given': ([('tone:', 'order: int = 3\ntone:')], [Change('added', 'order', after='input of type int')], 'compatible: order added: input of type int'),
    'an output': ([('sure:', 'why: str\nsure:')], [Change('added', 'why', after='output of type str', examples=True)], 'breaks examples: why added: output of type str'),
    'removed': ([('tone: str = "kind"\n', '')], [Change('removed', 'tone', before='input of type str', callers=True)], 'breaks callers: tone removed'),
    'renamed': ([('team:', 'group:')], [Change('renamed', 'group', 'team', 'group', callers=True, examples=True)], 'breaks callers and examples: team renamed to group'),
    'another default': ([('"kind"', '"dry"')], [Change('default', 'tone', '"kind"', '"dry"')], 'compatible: tone: default "kind" → "dry"'),
    'no default any more': (
        [(' = "kind"', '')], [Change('default', 'tone', '"kind"', '', callers=True, examples=True)], 'breaks callers and examples: tone: default "kind" → none'),
    'a default': ([('email: str', 'email: str = "hello"')], [Change('default', 'email', '', '"hello"')], 'compatible: email: default none → "hello"'),
    'description': ([('as received', 'its text')], [Change('description', 'email', 'as received', 'its text')], 'compatible: email: description as received → its text'),
    'no description': ([('  # as received', '')], [Change('description', 'email', 'as received', '')], 'compatible: email: description as received → none'),
    'instructions': ([('Route it.', 'Route it well.')], [Change('instructions', before='Route it.', after='Route it well.')], 'compatible: instructions'),
    'an input takes more': ([('email: str', 'email: str | None')], [Change('type', 'email', 'str', 'str | None', 'wider')], 'compatible: email: type str → str | None (wider)'),
    'an output gives more': (
        [('"sales"', '"sales", "law"')], [Change('type', 'team', 'Literal["billing", "sales"]', 'Literal["billing", "sales", "law"]', 'wider', callers=True)],
        'breaks callers: team: type Literal["billing", "sales"] → Literal["billing", "sales", "law"] (wider)'),
    'an output gives less': (
        [('"billing", ', '')], [Change('type', 'team', 'Literal["billing", "sales"]', 'Literal["sales"]', 'narrower', examples=True)],
        'breaks examples: team: type Literal["billing", "sales"] → Literal["sales"] (narrower)'),
    'another type': (
        [('email: str', 'email: int')], [Change('type', 'email', 'str', 'int', 'another type', callers=True, examples=True)], 'breaks callers and examples: email: type str → int (another type)'),
    'the order of a Literal': ([('"billing", "sales"', '"sales", "billing"')], [], 'no changes'),
    'narrower limits': (
        [('le=1', 'le=0.5')], [Change('type', 'sure', 'Annotated[float, Field(ge=0, le=1)]', 'Annotated[float, Field(ge=0, le=0.5)]', 'narrower', examples=True)],
        'breaks examples: sure: type Annotated[float, Field(ge=0, le=1)] → Annotated[float, Field(ge=0, le=0.5)] (narrower)'),
    'order': ([('email: str  # as received\ntone: str = "kind"', 'tone: str = "kind"\nemail: str  # as received')], [Change('order', before='email, tone', after='tone, email')],
              'compatible: order: tone, email'),
    'order of outputs': (
        [('team: Literal["billing", "sales"]\nsure: float = Field(ge=0, le=1)', 'sure: float = Field(ge=0, le=1)\nteam: Literal["billing", "sales"]')],
        [Change('order', before='team, sure', after='sure, team')], 'compatible: order: sure, team'),
    'details': ([('ge=0, le=1', 'ge=0, le=1, title="How sure"')], [Change('details', 'sure', '', 'title "How sure"')], 'compatible: sure: details none → title "How sure"'),
}


@pytest.mark.parametrize('name', CHANGES)
def test_a_change_is_said_with_all_it_holds(name):
    edits, changes, summary = CHANGES[name]
    found = compare(*edits)
    assert (list(found.changes), found.summary) == (changes, summary)
    assert (found.callers, found.examples) == (any(o.callers for o in changes), any(o.examples for o in changes))
    assert found.breaking is any(o.breaking for o in changes)


@pytest.mark.parametrize('before, after, changes', [
    ('examples=["x"], title="T"', 'examples=["y"]', [("examples ['x']", "examples ['y']"), ('title "T"', '')]),
    ('examples=["x"], title="T"', 'examples=["x"], title="U"', [('title "T"', 'title "U"')]), ('title="T"', 'title="T"', []),
], ids=['gone', 'changed', 'same'])
def test_details_that_are_gone_and_details_that_stay_are_told_apart(before, after, changes):
    found = diff(*(read(f'a: str = Field({o})\n->\nb: str') for o in (before, after)))
    assert list(found.changes) == [Change('details', 'a', was, now) for was, now in changes]


def test_an_input_that_becomes_an_output_breaks_everybody():
    found = diff(read('a: str\nb: str\n->\nc: str'), read('a: str\n->\nb: str\nc: str'))
    assert found.changes[0] == Change('direction', 'b', 'input', 'output', callers=True, examples=True)


def test_a_summary_names_three_changes_and_counts_the_others():
    def read_many(n): return read('\n'.join(f'i{k}: str  # {n}' for k in range(5)) + '\n->\no: str')
    few = [diff(read('\n'.join(f'i{k}: str  # {1 if k < n else 0}' for k in range(5)) + '\n->\no: str'), read_many(0)).summary for n in (3, 4, 5)]
    three = 'compatible: i0: description 1 → 0; i1: description 1 → 0; i2: description 1 → 0'
    assert few == [three, f'{three}; and 1 more', f'{three}; and 2 more']


def test_a_difference_as_json_has_every_key():
    assert compare(('team:', 'group:'), ('as received', 'its text')).to_json() == dict(
        old='Triage', new='Triage', summary='breaks callers and examples: email: description as received → its text; team renamed to group', breaks=dict(callers=True, examples=True),
        changes=[
            dict(what='description', field='email', before='as received', after='its text', breaking=False),
            dict(what='renamed', field='group', before='team', after='group', callers=True, examples=True, breaking=True)])


def test_rows_stand_side_by_side_and_removed_fields_come_last():
    found = compare(('team:', 'group:'), ('tone: str = "kind"\n', ''), ('sure:', 'why: str\nsure:'))
    named = [(a and a.name, b and b.name, [o.what for o in changes]) for a, b, changes in found.rows]
    assert named == [('email', 'email', []), ('team', 'group', ['renamed']), (None, 'why', ['added']), ('sure', 'sure', []), ('tone', None, ['removed'])]


@pytest.mark.parametrize('before, after, names', [
    ('a: str, b: int -> c: bool', 'x: str, y: int -> z: bool', {'a': 'x', 'b': 'y', 'c': 'z'}), ('a: str -> c: bool', 'x: int -> c: bool', {}),
    ('a: str, b: int -> c: bool', 'y: int, x: str -> c: bool', {'a': 'x', 'b': 'y'}), ('a: str, b: str -> c: bool', 'n: int, x: str -> c: bool', {'b': 'x'}),
    ('k: int, a: str, b: str -> c: bool', 'x: str, k: int -> c: bool', {}), ('k: int, a: str -> c: bool', 'x: str, y: str, k: int -> c: bool', {'a': 'y'}),
    ('k: int, m: int, a: str -> c: bool', 'x: str, y: str, k: int, m: int -> c: bool', {}),
], ids=['by place', 'another type', 'by type', 'by place first', 'two for one', 'place again', 'one for two'])
def test_a_rename_is_found_where_only_one_field_can_be_meant(before, after, names):
    assert find_renames(read(before), read(after)) == names
