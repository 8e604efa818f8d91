"Laws of the diff: a type that is said to take another's values takes them, and what is wider one way is narrower the other."
import decimal, enum, itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Optional, Union, get_origin

import dspy
import pytest
from dspy.experimental import Choice, Noul
from hypothesis import given, strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel, TypeAdapter, ValidationError

from dspy_toolkit.signatures.diff import Cover, diff, find_renames
from dspy_toolkit.signatures.spec import SignatureSpec


class Colour(enum.Enum): red, green = 'red', 'green'
class Place(BaseModel): town: str; zip: Optional[str] = None
class Point(BaseModel): x: int; y: int = 0
class Exact(BaseModel):
    model_config = ConfigDict(extra='forbid')
    x: int
class Tree(BaseModel): value: int; children: list['Tree'] = []


TYPES = [
    str, int, float, bool, type(None), Any, bytes, date, decimal.Decimal, list, list[int], list[float], list[Any], list[list[int]], dict, dict[str, int], dict[str, float], set[int], tuple, tuple[int, str],
    tuple[int, ...], tuple[float, ...], Literal['a', 'b'], Literal['a'], Literal[1, 2], Literal[1, 'a', None], Optional[int], Optional[str], Union[int, str], Union[str, int, None],
    Annotated[int, Field(ge=0)], Annotated[int, Field(gt=0)], Annotated[int, Field(ge=0, le=5)], Annotated[int, Field(multiple_of=2)], Annotated[int, Field(multiple_of=4)],
    Annotated[str, Field(max_length=3)], Annotated[str, Field(max_length=1)], Annotated[str, Field(min_length=1, max_length=3)], Annotated[str, Field(pattern='^a+$')],
    Annotated[list[int], Field(max_length=2)], Annotated[float, Field(gt=0, allow_inf_nan=False)], Colour, Place, Point, Exact, Tree, list[Place], Optional[Place],
    dspy.Image, dspy.History,
]
VALUES = ['', 'a', 'b', 'aa', 'long text', 0, 1, 2, 4, 5, 6, -1, -2, 0.5, 1.5, -0.5, True, False, None, b'a', date(2026, 11, 24), decimal.Decimal('1.5'), [], [1], [1, 2, 3], [0.5], [[1]], ['a'], {},
          {'a': 1}, {'a': 0.5}, {1}, (), (1, 'a'), (1, 2), (0.5,), Colour.red, Place(town='Bern'), Point(x=1), Exact(x=1), Tree(value=1, children=[Tree(value=2)]), [Place(town='Bern')],
          float('inf')]


def spec(annotation, direction='output', name='S', **more):
    fields = {'q': (str, dspy.InputField()), 'a': (str, dspy.OutputField())}
    fields['it'] = annotation, (dspy.InputField if direction == 'input' else dspy.OutputField)(**more)
    return SignatureSpec.from_dspy(dspy.Signature(fields, signature_name=name))


def covers(wide, narrow):
    wide, narrow = spec(wide), spec(narrow)
    return Cover(wide.definitions, narrow.definitions)(wide['it'].type, narrow['it'].type)


def takes(annotation, value, strict):
    try: TypeAdapter(annotation).validate_python(value, strict=strict)
    except ValidationError: return False
    return True


@pytest.mark.parametrize('annotation', TYPES, ids=str)
def test_every_type_takes_its_own_values(annotation): assert covers(annotation, annotation)


@pytest.mark.parametrize('wide, narrow', [
    (float, int), (complex, float), (complex, int), (decimal.Decimal, int), (Sequence[int], list[int]), (Sequence[float], tuple[int, int]), (Mapping[str, float], dict[str, int])], ids=str)
def test_a_type_takes_another_that_pydantic_reads_for_it(wide, narrow): assert covers(wide, narrow) and not covers(narrow, wide)


def model(*bases, **fields): return type('It', bases or (BaseModel,), {'__annotations__': fields.pop('types'), '__module__': __name__, **fields})
def kept(**config): return {'model_config': ConfigDict(**config)}


ONE = model(types=dict(x=int))
PAIRS = {  # wide, narrow: does the first take the second, and the other way
    'one DSPy type and another': (dspy.Image, dspy.History, False, False),
    'numbers of a Literal': (float, Literal[1, 2], True, False),
    'a text of a Literal': (int, Literal['a'], False, False),
    'as many of one type': (tuple[int], tuple[int, ...], False, True),
    'fewer in a tuple': (tuple[int, int], tuple[int], False, False),
    'one limit, as a whole number and as a part': (Annotated[float, Field(ge=1)], Annotated[float, Field(ge=1.0)], True, True),
    'and from above': (Annotated[float, Field(le=1)], Annotated[float, Field(le=1.0)], True, True),
    'more members': (enum.Enum('It', dict(a=1, b=2)), enum.Enum('It', dict(a=1)), True, False),
    'members of another base': (enum.IntEnum('It', dict(a=1)), enum.Enum('It', dict(a=1)), False, False),
    'members of another value': (enum.Enum('It', dict(a=1)), enum.Enum('It', dict(a=2)), False, False),
    'a field more, and no others are allowed': (model(types=dict(x=int), **kept(extra='forbid')), model(types=dict(x=int, y=int), y=0, **kept(extra='forbid')), False, True),
    'others are allowed, and are not': (ONE, model(types=dict(x=int), **kept(extra='forbid')), False, False),
    'a field more, and others are ignored': (ONE, model(types=dict(x=int, y=int), y=0), True, True),
    'a field more that must be there': (ONE, model(types=dict(x=int, y=int)), True, False),
    'a default': (model(types=dict(x=int), x=0), ONE, True, False),
    'the type of a field': (model(types=dict(x=float)), ONE, True, False),
    'another alias': (model(types=dict(x=int), x=Field(alias='a')), model(types=dict(x=int), x=Field(alias='b')), False, False),
    'an alias and none': (model(types=dict(x=int), x=Field(alias='a')), ONE, False, False),
    'another type behind an alias': (model(types=dict(x=float), x=Field(alias='a')), model(types=dict(x=int), x=Field(alias='a')), True, False),
    'a title': (model(types=dict(x=int), **kept(title='One')), ONE, True, True),
    'another rule of reading': (model(types=dict(x=str), **kept(str_strip_whitespace=True)), model(types=dict(x=str)), False, False),
    'a value alone and in a field': (model(RootModel[int], types={}), model(types=dict(root=int)), False, False),
    'a decision by the same criteria': (Choice[('a', 'first'), ('b', 'second')], Choice[('a', 'first'), ('b', 'second')], True, True),
    'a decision by other criteria': (Choice[('a', 'first'), ('b', 'second')], Choice[('a', 'one'), ('b', 'two')], False, False),
    'a yes by the same words': (Annotated[bool, Noul[(True, 'yes')]], Annotated[bool, Noul[(True, 'yes')]], True, True),
    'a yes by other words': (Annotated[bool, Noul[(True, 'yes')]], Annotated[bool, Noul[(True, 'indeed')]], False, False),
    'a yes and a truth': (Annotated[bool, Noul[(True, 'yes')]], bool, False, False),
    'a decision and a text': (Literal['a', 'b'], Choice[('a', 'first'), ('b', 'second')], False, False),
    'a value alone': (model(RootModel[float], types={}), model(RootModel[int], types={}), True, False),
}


@pytest.mark.parametrize('wide, narrow, there, back', PAIRS.values(), ids=PAIRS)
def test_what_takes_what(wide, narrow, there, back): assert (covers(wide, narrow), covers(narrow, wide)) == (there, back)


def test_what_followed_from_a_pair_that_is_not_wider_is_forgotten():
    "Other's `inner` is asked twice: within First, where it is as wide as long as First is, and alone. First is not, because of its last field."
    class Inner(BaseModel): back: Optional['First'] = None
    class First(BaseModel):
        inner: Optional[Inner] = None
        last: int
    Inner.model_rebuild(_types_namespace=dict(First=First))
    wide = spec(First).definitions
    narrow = {**wide, 'First': wide['First'] | {'fields': [wide['First']['fields'][0], wide['First']['fields'][1] | {'type': {'type': 'str'}}]}}
    cover = Cover(wide, narrow)
    assert not cover.cover_defined('First', 'First')
    assert not cover.cover_defined('Inner', 'Inner') and not cover.cover_defined('First', 'First') and cover.assumed == set()
    assert Cover(wide, wide).cover_defined('Inner', 'Inner')


def test_what_is_said_to_be_wider_takes_every_value():
    "Models are compared by what they hold, so theirs are taken as their data."
    found = 0
    for wide, narrow in itertools.permutations(TYPES, 2):
        if not covers(wide, narrow): continue
        found += 1
        for value in VALUES:
            if not takes(narrow, value, strict=True): continue
            if isinstance(value, bool) and get_origin(narrow) is Literal: continue  # to Python True is 1, to a signature it is not
            data = TypeAdapter(narrow).dump_python(value, warnings=False)
            assert takes(wide, value, strict=False) or takes(wide, data, strict=False), (wide, narrow, value)
    assert found > 100


def test_what_is_not_wider_has_a_value_that_shows_it():
    "Of types whose values are all tried here; a no without a reason would make every change a breaking one."
    plain = [str, int, bool, type(None), list[int], list[Any], dict[str, int], Literal['a', 'b'], Literal['a'], Literal[1, 'a', None], Optional[int], Optional[str], Union[int, str],
             Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0, le=5)], Annotated[int, Field(multiple_of=2)], Annotated[str, Field(max_length=3)], Place, Point, list[Place], Optional[Place]]
    for wide, narrow in itertools.permutations(plain, 2):
        if not covers(wide, narrow): assert any(takes(narrow, v, strict=True) and not takes(wide, v, strict=True) for v in VALUES), (wide, narrow)


LIMITS = [(int, rule, limit) for rule in ('ge', 'gt', 'le', 'lt') for limit in (1, 2)] + [(int, 'multiple_of', limit) for limit in (1, 2, 3)]
LIMITS += [(str, rule, limit) for rule in ('min_length', 'max_length') for limit in (1, 2)] + [(str, 'pattern', '^a+$')]


@pytest.mark.parametrize('kind, rule, limit', LIMITS, ids=[f'{kind.__name__} {rule} {limit}' for kind, rule, limit in LIMITS])
def test_the_values_of_a_literal_keep_to_a_limit_or_do_not(kind, rule, limit):
    "Each limit is met exactly, missed by one, and kept to by far. A pattern is not read, so no value is said to keep to it."
    wide = Annotated[kind, Field(**{rule: limit})]
    values = [-2, -1, 0, 1, 2, 3, 4, 6] if kind is int else ['', 'a', 'aa', 'aaa', 'abc']
    for few in [*itertools.combinations(values, 1), *itertools.combinations(values, 2)]:
        fits = rule != 'pattern' and all(takes(wide, value, strict=True) for value in few)
        assert covers(wide, Literal[few]) is fits, few
        assert covers(wide, Annotated[Literal[few], Field(title='T')]) is fits, few


@pytest.mark.parametrize('rule, value', [('ge', 'a'), ('multiple_of', None), ('min_length', 1), ('max_length', None)])
def test_a_value_that_a_limit_cannot_be_asked_of_does_not_keep_to_it(rule, value):
    assert not covers(Annotated[Any, Field(**{rule: 1})], Literal[value])


BOUNDS = {'ge': (0, 1, 2), 'gt': (0, 1, 2), 'le': (0, 1, 2), 'lt': (0, 1, 2), 'multiple_of': (1, 2, 3, 4)}


def test_a_limit_follows_from_others_where_every_number_shows_it():
    "The numbers are the limits, those between them and those beyond: what holds for them holds for all."
    numbers = [n / 2 for n in range(-12, 13)]
    rules = [(rule, limit) for rule, limits in BOUNDS.items() for limit in limits]
    def fits(rule, limit): return {n for n in numbers if takes(Annotated[float, Field(**{rule: limit})], n, strict=True)}
    sets = {each: fits(*each) for each in rules}
    for wide, narrow in itertools.product(rules, rules):
        found = covers(*(Annotated[float, Field(**{rule: limit})] for rule, limit in (wide, narrow)))
        assert found is (sets[narrow] <= sets[wide]), (wide, narrow)


@given(st.sampled_from(TYPES), st.sampled_from(TYPES), st.sampled_from(['input', 'output']))
def test_a_change_of_type_breaks_by_its_direction(one, other, direction):
    there, back = diff(spec(one, direction), spec(other, direction)), diff(spec(other, direction), spec(one, direction))
    notes = [[c.note for c in d.changes if c.what == 'type'] for d in (there, back)]
    turned = {'wider': 'narrower', 'narrower': 'wider', 'as wide': 'as wide', 'another type': 'another type'}
    assert [turned[n] for n in notes[0]] == notes[1]
    for note, d in zip(notes, (there, back)):
        if not note: assert not d.changes; continue
        fine = ('as wide', 'wider' if direction == 'input' else 'narrower')
        assert d.callers == (note[0] not in fine) and d.examples == (note[0] not in ('as wide', 'wider')), (note, d.summary)


names = st.lists(st.sampled_from(['one', 'two', 'three', 'four', 'five', 'six']), min_size=2, max_size=5, unique=True)


@given(names, names, st.data())
def test_what_was_added_one_way_was_removed_the_other(one, other, data):
    def made(names):
        cut = data.draw(st.integers(1, len(names) - 1))
        fields = {n: (data.draw(st.sampled_from([str, int])), (dspy.InputField if i < cut else dspy.OutputField)(desc=data.draw(st.sampled_from(['', 'said'])))) for i, n in enumerate(names)}
        return SignatureSpec.from_dspy(dspy.Signature(fields))
    a, b = made(one), made(other)
    there, back = diff(a, b), diff(b, a)
    of = lambda d, what: sorted(c.field for c in d.changes if c.what == what)
    assert of(there, 'added') == of(back, 'removed') and of(there, 'removed') == of(back, 'added')
    assert {n: o for o, n in find_renames(a, b).items()} == find_renames(b, a)
    assert bool(there.changes) == (a.digest != b.digest) or a.digest == b.digest
    assert (not there.changes) == (a.digest == b.digest)
    assert [x for x, _, _ in there.rows if x] != [] and {y.name for _, y, _ in there.rows if y} == set(other)
    assert there.to_json()['summary'] == there.summary


@pytest.mark.parametrize('before, after, what, callers, examples', [
    ('q -> a', 'q, r -> a', 'added', True, True), ('q -> a', 'q -> a, b', 'added', False, True), ('q, r -> a', 'q -> a', 'removed', True, False),
    ('q -> a', 'q -> answer', 'renamed', True, True), ('q, r -> a', 'r, q -> a', 'order', False, False), ('q, r -> a', 'q -> a, r', 'direction', True, True),
])
def test_who_is_broken(before, after, what, callers, examples):
    found = diff(*(SignatureSpec.from_dspy(dspy.Signature(text, 'Do it.')) for text in (before, after)))
    assert [c.what for c in found.changes] == [what] and (found.callers, found.examples) == (callers, examples), found.summary


def test_a_default_makes_an_input_optional_and_its_loss_breaks():
    plain, optional, other = spec(int, 'input'), spec(int, 'input', default=1), spec(int, 'input', default=2)
    assert not diff(plain, optional).breaking and not diff(optional, other).breaking
    assert diff(optional, plain).callers and diff(optional, plain).examples
    without = SignatureSpec(plain.name, plain.instructions, tuple(f for f in plain.fields if f.name != 'it'))
    assert not diff(without, optional).breaking and diff(without, plain).callers


def test_constraints_of_a_field_are_part_of_its_type():
    short, long = spec(str, max_length=5), spec(str, max_length=9)
    assert [c.note for c in diff(short, long).changes] == ['wider'] and diff(short, long).callers and not diff(short, long).examples
    assert [c.note for c in diff(long, short).changes] == ['narrower'] and not diff(long, short).callers and diff(long, short).examples


def test_a_model_that_changed_under_the_same_name_is_a_change_of_type():
    def signature(**more):
        made = type('Place', (BaseModel,), {'__annotations__': {'town': str, **{k: t for k, (t, _) in more.items()}}, '__module__': __name__, **{k: d for k, (_, d) in more.items() if d != 'needed'}})
        return spec(made)
    a, b, c = signature(), signature(zip=(str, '')), signature(zip=(str, 'needed'))
    assert [x.note for x in diff(a, b).changes] == ['as wide']  # what either says, the other takes
    assert diff(a, c).examples and not diff(a, c).callers
    assert diff(c, a).callers
