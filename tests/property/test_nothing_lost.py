"""Nothing that a model says is lost: a valid value of any size that fits the room comes back as it was said.

A bound that no person wrote may bite only when room ends. Then the answer still parses, and the constraint says that it was cut short.
"""
import dataclasses, enum, functools, json, random, string, unicodedata, uuid
from collections import deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Optional, Union

import dspy
import jsonschema
import numpy as np
import pytest
from dspy.lm15 import ContextLengthError
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypedDict

from tests.engine.vocabularies import spellings, vocabulary

from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter, _calls
from dspy_toolkit.engine.grammar import Grammar, babble
from dspy_toolkit.signatures.schema import output_schema, read_outputs

NAMES = 'sentencepiece-32k', 'byte-bpe-65k', 'byte-bpe-151k'
vocabularies = st.sampled_from(NAMES)
ADAPTERS = {'json': GrammarAdapter, 'chat': GrammarChatAdapter}


# ---- values

class Mood(enum.Enum): calm = 'calm'; two = '2'; many = 'a "quoted" one'
class Level(enum.IntEnum): low = 1; high = 2


class Line(BaseModel):
    article: str
    count: int = Field(ge=1)
    price: float
    note: str | None = None


class Order(BaseModel):
    customer: str
    placed: date
    lines: list[Line]
    tags: set[str] = set()
    moods: dict[str, Mood] = {}


class Tree(BaseModel):
    name: str
    children: list['Tree'] = []


class Text(BaseModel):
    kind: Literal['text'] = 'text'
    text: str


class Box(BaseModel):
    kind: Literal['box'] = 'box'
    inside: list['Box | Text']


class Point(NamedTuple): x: int; y: float
class Row(TypedDict): a: int; b: list[str]


@dataclasses.dataclass
class Pair: left: str; right: list[int]


any_text = st.text(st.characters(exclude_categories=['Cs']), max_size=40)
hard_texts = st.sampled_from(['', ' ', '"', '\\', '\\"', '"}], "a": 1}', '\n', '\r\n\t', 'C:\\new\\table', 'naïve café', '😀👩‍👩‍👧🇳🇱', 'مرحبا בית', '\u2028\u2029\x7f\x85', '</tool_call>', '<|im_end|>', '[[ ## completed ## ]]', '```json\n{"a": 1}\n```',
                              'null', 'true', '12', '\ufeff', '\x00\x01\x1f', '\U0010ffff', ' leading and trailing ', 'x' * 600])
texts = any_text | hard_texts
ints = st.integers(-99, 99) | st.integers(-2 ** 63, 2 ** 63) | st.integers(-10 ** 30, 10 ** 30)
floats = st.floats(allow_nan=False, allow_infinity=False) | st.floats(0, 1) | st.sampled_from([0.1, 1e-7, 5e-324, 1.7976931348623157e308, 1e22, 1e16, -0.0, 123456.789012345])
SIZES = st.sampled_from([0, 1, 2, 3, 17, 33, 130, 300])
seeds = st.integers(0, 2 ** 32)
LETTERS = string.ascii_letters + string.digits + ' .,;:-_"\\/\n\té😀ñ東'


def word(rng, longest=12): return ''.join(rng.choice(LETTERS) for _ in range(rng.randrange(longest)))
def long_text(rng, size): return ''.join(rng.choice(LETTERS) for _ in range(size * 9))
def number(rng): return rng.choice([rng.randrange(10), rng.randrange(-10 ** 6, 10 ** 6), rng.randrange(-10 ** 18, 10 ** 18)])
def real(rng): return rng.choice([rng.random(), rng.uniform(-1e6, 1e6), float(rng.randrange(1000)), rng.random() * 1e-9])
def line(rng): return Line(article=word(rng), count=rng.randrange(1, 10 ** 6), price=real(rng), note=rng.choice([None, word(rng)]))
def many(make): return st.builds(lambda seed, size: [make(rng) for rng in [random.Random(seed)] for _ in range(size)], seeds, SIZES)


def order(seed, size):
    rng = random.Random(seed)
    return Order(customer=word(rng), placed=date(2024, 2, 29), lines=[line(rng) for _ in range(size // 4)], tags={word(rng) for _ in range(size // 10)}, moods={word(rng): rng.choice(list(Mood)) for _ in range(size // 10)})


def tree(seed, size):
    rng, found = random.Random(seed), [Tree(name='root')]
    for n in range(size // 3):
        found.append(Tree(name=f'{n} {word(rng)}'))
        found[rng.randrange(max(len(found) - 3, 0), len(found) - 1)].children.append(found[-1])
    return found[0]


def boxes(seed, size):
    rng = random.Random(seed)
    def make(left): return Text(text=word(rng)) if left < 2 or rng.random() < .2 else Box(inside=[make(left // 3) for _ in range(rng.randrange(4))])
    return Box(inside=[make(20) for _ in range(size // 10)])


anything = st.recursive(st.none() | st.booleans() | ints | floats | texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12)
zones = st.none() | st.just(UTC) | st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
LONG_TEXT = Annotated[str, Field(max_length=2000)]
KINDS = {
    str: texts | st.builds(lambda seed, size: long_text(random.Random(seed), size), seeds, SIZES), int: ints, float: floats, bool: st.booleans(), type(None): st.none(), bytes: texts.map(str.encode),
    list[int]: many(number), list[float]: many(real), list[str]: many(word), list[bool]: many(lambda rng: rng.random() < .5), list[list[int]]: many(lambda rng: [number(rng) for _ in range(rng.randrange(4))]),
    dict[str, int]: many(lambda rng: (word(rng), number(rng))).map(dict), dict[str, list[str]]: many(lambda rng: (word(rng), [word(rng)] * rng.randrange(3))).map(dict), dict[int, str]: many(lambda rng: (number(rng), word(rng))).map(dict),
    set[int]: many(number).map(set), frozenset[str]: many(word).map(frozenset), set[Mood]: st.sets(st.sampled_from(Mood)), tuple[int, ...]: many(number).map(tuple), tuple[int, str, bool]: st.tuples(ints, texts, st.booleans()),
    Order: st.builds(order, seeds, SIZES), list[Line]: many(line), Tree: st.builds(tree, seeds, SIZES), Box: st.builds(boxes, seeds, SIZES), Point: st.builds(Point, ints, floats), Row: st.builds(lambda a, b: {'a': a, 'b': b}, ints, st.lists(texts, max_size=3)), Pair: st.builds(Pair, texts, many(number)),
    Optional[str]: st.none() | texts, Optional[list[int]]: st.none() | many(number), Union[int, str]: ints | texts, Union[Line, str, None]: st.none() | texts | seeds.map(lambda s: line(random.Random(s))), Union[list[int], dict[str, int]]: many(number) | st.dictionaries(texts, ints, max_size=5),
    Literal['a', 'ab', 1, True, None]: st.sampled_from(['a', 'ab', 1, True, None]), Mood: st.sampled_from(Mood), Level: st.sampled_from(Level), list[Mood]: many(lambda rng: rng.choice(list(Mood))), dict[Mood, int]: st.dictionaries(st.sampled_from(Mood), ints),
    date: st.dates(), time: st.times(timezones=st.none()), datetime: st.datetimes(timezones=zones), timedelta: st.timedeltas(timedelta(-10 ** 4), timedelta(10 ** 4)), uuid.UUID: st.uuids(), Decimal: st.decimals(-10 ** 9, 10 ** 9, places=3), list[date]: many(lambda rng: date(2000, 1, 1) + timedelta(rng.randrange(9999))),
    Annotated[int, Field(ge=-5, lt=10 ** 12)]: st.integers(-5, 10 ** 12 - 1), Annotated[int, Field(multiple_of=7)]: st.integers(-10 ** 6, 10 ** 6).map(lambda n: 7 * n), Annotated[float, Field(gt=0, le=1)]: st.floats(0, 1, exclude_min=True), Annotated[float, Field(multiple_of=0.25)]: st.integers(-10 ** 6, 10 ** 6).map(lambda n: n / 4),
    Annotated[float, Field(ge=4e-7)]: st.floats(4e-7, 1e9), Annotated[str, Field(min_length=2, max_length=5)]: st.text(st.characters(exclude_categories=['Cs']), min_size=2, max_size=5), LONG_TEXT: seeds.map(lambda s: long_text(random.Random(s), 222)), Annotated[str, Field(pattern=r'^[A-Z]{2}-\d+$')]: st.from_regex(r'[A-Z]{2}-[0-9]{1,200}', fullmatch=True),
    Annotated[str, Field(pattern=r'^(\w+ ?)*$')]: st.builds(lambda n: 'word ' * n, SIZES), Annotated[list[int], Field(min_length=3, max_length=500)]: seeds.map(lambda s: [number(rng) for rng in [random.Random(s)] for _ in range(500)]), Annotated[set[int], Field(min_length=3)]: st.sets(ints, min_size=3, max_size=9), dict[Annotated[str, Field(min_length=2)], int]: st.dictionaries(st.text(st.characters(exclude_categories=['Cs']), min_size=2, max_size=9), ints, max_size=5),
    dict[Literal[2024, 2025], float]: st.dictionaries(st.sampled_from([2024, 2025]), floats), Any: anything, dict[str, Any]: st.dictionaries(texts, anything, max_size=5), list[Any]: st.lists(anything, max_size=5), list[dict[str, Any]]: many(lambda rng: {word(rng): rng.choice([number(rng), word(rng), None, [1, 2]])}),
}


def with_output(annotation): return dspy.Signature({'text': (str, dspy.InputField()), 'out': (annotation, dspy.OutputField())}, 'x')


@functools.cache
def grammar_of(annotation, layout): return Grammar.from_schema({**output_schema(with_output(annotation)), 'x-layout': layout})


def as_json(annotation, value):
    "A value as JSON has it."
    if annotation is Decimal: return float(value)
    if annotation is Any: return value
    return TypeAdapter(annotation).dump_python(value, mode='json')


def wanted(name, mask, token, rest):
    "The token of a model that wants to say the `rest`: as it would spell it, or else the longest that is allowed."
    if token is not None and mask[token]: return token
    for size in range(min(len(rest), 40), 0, -1):
        for other in spellings(name).get(rest[:size], ()):
            if mask[other]: return other


def say(name, grammar, text, spare=16):
    "A model that says just this: it is let through, every token is taken as it is, and the answer may end there."
    letters, data, at = vocabulary(name), text.encode(), 0
    plan = deque(letters.tokens_of(data))
    constraint = letters.constraint(grammar, len(plan) + spare)
    while at < len(data):
        near = f'{data[max(at - 60, 0):at]!r}, before {data[at:at + 20]!r}'
        assert not constraint.done, f'the answer ended at {near}'
        token = wanted(name, constraint.mask(), plan[0] if plan else None, data[at:at + 40])
        assert token is not None, f'no way on at {near}'
        assert constraint.push(token) == token, f'the answer was closed at {near}'
        at += len(letters.bytes_of(token))
        if plan and plan[0] == token: plan.popleft()
        else: plan = deque(letters.tokens_of(data[at:]))
    if not constraint.done:
        assert constraint.mask()[letters.eos[0]], f'the answer may not end after {text[-60:]!r}'
        assert constraint.push(letters.eos[0]) is None
    assert constraint.done and not constraint.cut_short


def same(found, value, annotation):
    if isinstance(value, float) and isinstance(found, (int, float)): return found == value
    return found == value and (type(found) is type(value) or annotation is Any)


# ---- the first law: what is said comes back

@pytest.mark.parametrize('annotation', KINDS, ids=str)
@given(data=st.data(), name=vocabularies)
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_valid_value_of_any_size_comes_back_as_it_was_said(annotation, data, name):
    value, signature = data.draw(KINDS[annotation]), with_output(annotation)
    text = json.dumps({'out': as_json(annotation, value)}, ensure_ascii=False)
    say(name, grammar_of(annotation, 'json'), text)
    assert same(read_outputs(signature, json.loads(text))['out'], value, annotation)
    assert same(GrammarAdapter().parse(signature, text)['out'], value, annotation)


# what the chat layout writes as JSON; a text stands there as it is
IN_CHAT = [int, float, bool, list[int], list[str], dict[str, int], dict[str, list[str]], list[Line], Order, Tree, Box, Optional[list[int]], list[date], dict[str, Any]]


@pytest.mark.parametrize('annotation', IN_CHAT, ids=str)
@given(data=st.data(), name=vocabularies)
@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
def test_in_the_chat_layout_too_a_value_comes_back_as_it_was_said(annotation, data, name):
    value, signature = data.draw(KINDS[annotation]), with_output(annotation)
    written = str(value) if annotation is bool else json.dumps(as_json(annotation, value), ensure_ascii=False)
    assume(value is not None and '[[ ##' not in written)  # that is how a section begins
    text = f'[[ ## out ## ]]\n{written}\n\n[[ ## completed ## ]]\n'
    say(name, grammar_of(annotation, 'chat'), text)
    assert same(GrammarChatAdapter().parse(signature, text)['out'], value, annotation)


@given(KINDS[str], vocabularies)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_a_text_in_the_chat_layout_comes_back_as_it_was_said(value, name):
    assume('[[ ##' not in value and value == value.strip())
    assume(not any(unicodedata.category(c) == 'Cc' and c not in '\n\t' for c in value))  # control characters belong into no text
    text = f'[[ ## out ## ]]\n{value}\n\n[[ ## completed ## ]]\n'
    say(name, grammar_of(str, 'chat'), text)
    assert GrammarChatAdapter().parse(with_output(str), text)['out'] == value


@pytest.mark.parametrize('annotation', [str, int, float, list[int], dict[str, int], Order, Optional[str], Any, set[Mood], LONG_TEXT, list[Line]], ids=str)  # of a model that holds itself dspy.Tool writes an endless schema
@given(data=st.data(), name=vocabularies)
@settings(max_examples=5, suppress_health_check=list(HealthCheck), deadline=None)
def test_the_arguments_of_a_tool_come_back_as_they_were_said(annotation, data, name):
    def look_up(key: annotation, most: int = 5): "Look something up."
    value, other = data.draw(KINDS[annotation]), dspy.Tool(lambda x: x, name='other', args={'x': {'type': 'string'}})
    call = {'name': 'look_up', 'args': {'key': as_json(annotation, value), 'most': 3}}
    text = json.dumps({'tool_calls': [call, {'name': 'other', 'args': {'x': '}]'}}, call]}, ensure_ascii=False)
    say(name, Grammar.from_schema(_calls([other, dspy.Tool(look_up)])), text)


@pytest.mark.parametrize('count', [16, 17, 25, 64, 65, 100, 500, 2000])
@pytest.mark.parametrize('annotation', [list[int], Annotated[list[int], Field(max_length=2000)]], ids=str)
def test_a_list_is_as_long_as_it_was_said(count, annotation):
    for name in NAMES if count < 100 else NAMES[1:2]: say(name, grammar_of(annotation, 'json'), json.dumps({'out': list(range(count))}))


@pytest.mark.parametrize('length', [511, 512, 513, 5000, 9000])
def test_two_texts_are_as_long_as_they_were_said(length):
    signature = dspy.Signature('q -> a: str, b: str, c: list[str], d: list[list[dict[str, str]]]')
    rng = random.Random(length)
    value = {'a': long_text(rng, length // 9), 'b': long_text(rng, length // 9), 'c': [long_text(rng, length // 20), 'x'], 'd': [[{'deep down': long_text(rng, length // 9)}]]}
    say(NAMES[length % 3], Grammar.from_schema(output_schema(signature)), json.dumps(value, ensure_ascii=False))


def test_an_order_of_twenty_lines_keeps_them_all():
    value = order(5, 80)
    assert len(value.lines) == 20
    say(NAMES[0], grammar_of(Order, 'json'), json.dumps({'out': as_json(Order, value)}, ensure_ascii=False))


@pytest.mark.parametrize('depth', [3, 12, 60])
def test_values_are_as_deep_as_they_were_said(depth):
    value, folders = 1, Tree(name='leaf')
    for n in range(depth): value, folders = ([value] if n % 2 else {'in': value}), Tree(name=str(n), children=[folders])
    for annotation, deep in ((Any, value), (Tree, folders)): say(NAMES[1], grammar_of(annotation, 'json'), json.dumps({'out': as_json(annotation, deep)}))


# ---- the second law: whatever room there is, what a model that knows nothing says can be read

@pytest.mark.parametrize('annotation', KINDS, ids=str)
@given(name=vocabularies, layout=st.sampled_from(['json', 'chat']), spare=st.integers(0, 12) | st.integers(13, 120), seed=st.integers(0, 99))
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
def test_whatever_room_there_is_an_answer_parses(annotation, name, layout, spare, seed):
    letters, grammar, signature = vocabulary(name), grammar_of(annotation, layout), with_output(annotation)
    text = babble(letters, grammar, letters.count_needed(grammar) + spare, seed)
    schema = output_schema(signature)
    exact = not grammar.relaxed and '"pattern"' not in json.dumps(schema)  # pydantic's patterns are not Python's
    without = json.loads(json.dumps(schema).replace('"uniqueItems": true', '"uniqueItems": false'))  # a set takes an item twice, and keeps it once
    if layout == 'json' and exact: jsonschema.Draft202012Validator(without).validate(json.loads(text))
    found = ADAPTERS[layout]().parse(signature, text)
    if not grammar.relaxed: TypeAdapter(annotation).validate_python(found['out'])


@pytest.mark.parametrize('annotation', [str, list[int], Order, Tree], ids=str)
def test_where_the_shortest_answer_does_not_fit_that_is_said(annotation):
    letters, grammar = vocabulary(NAMES[0]), grammar_of(annotation, 'json')
    needed = letters.count_needed(grammar)
    with pytest.raises(ContextLengthError, match=str(needed)): letters.constraint(grammar, needed - 1)
    assert letters.constraint(grammar, needed)


# ---- the third law: a model that runs away is stopped by the room, and by nothing else

def run_away(name, grammar, begin, again, room):
    "A model that begins and then says one thing for ever; where it may not go on it says what it may. (the answer, was it cut short)"
    letters, rng, out = vocabulary(name), np.random.default_rng(0), b''
    constraint, rest = letters.constraint(grammar, room), (begin + again * room).encode()
    while not constraint.done:
        mask, rest = constraint.mask(), rest if len(rest) > 40 else rest + (again * room).encode()
        token = wanted(name, mask, letters.tokens_of(rest[:40])[0], rest)
        if token is None: token, rest = int(rng.choice(np.flatnonzero(mask))), (again * room).encode()
        else: rest = rest[len(letters.bytes_of(token)):]
        taken = constraint.push(token)
        if taken is not None: out += letters.bytes_of(taken)
    return out.decode(), constraint.cut_short


@pytest.mark.parametrize('name', NAMES)
@pytest.mark.parametrize(('annotation', 'begin', 'again', 'least'), [
    (list[int], '[12', ', 12', 60), (list[str], '["ab"', ', "ab"', 80), (str, '"', 'word ', 100), (list[list[int]], '[[1]', ', [1]', 60), (list[Tree], '[{"name": "a", "children": []}', ', {"name": "a", "children": []}', 10),
    (Tree, '', '{"name": "a", "children": [', 6), (Any, '', '[', 50), (dict[str, int], '{"a": 1', ', "a": 1', 1), (Optional[list[int]], '[12', ', 12', 60), (float, '3.', '3', 1), (int, '', '3', 1), (Annotated[str, Field(pattern=r'^(\w+ )*$')], '"', 'word ', 50)], ids=str)
def test_a_model_that_runs_away_is_stopped_by_the_room_and_parses(name, annotation, begin, again, least):
    room, signature = 400, with_output(annotation)
    text, cut_short = run_away(name, grammar_of(annotation, 'json'), f'{{"out": {begin}', again, room)
    found = GrammarAdapter().parse(signature, text)['out']
    assert text.count(again.strip(', ')) >= least, text
    assert cut_short or annotation in (int, float)  # no validator reads a number of hundreds of digits
    TypeAdapter(annotation).validate_python(found)


@pytest.mark.parametrize('count', [17, 30, 100])
def test_a_bound_that_a_person_wrote_holds_and_cuts_nothing(count):
    annotation = Annotated[list[int], Field(max_length=count)]
    text, cut_short = run_away(NAMES[1], grammar_of(annotation, 'json'), '{"out": [7', ', 7', 2000)
    assert json.loads(text)['out'][:count - 1] == [7] * (count - 1) and len(json.loads(text)['out']) == count and not cut_short
