"Laws of the grammar: whatever a model does under it, what comes out is an answer of the schema, and it comes in time."
import dataclasses, datetime, enum, ipaddress, json, re, uuid
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Optional, Union

import jsonschema
import numpy as np
import pytest
from dspy.lm15 import ContextLengthError, InvalidRequestError
from hypothesis import assume, given, settings, strategies as st
from pydantic import BaseModel, Field, TypeAdapter
from typing_extensions import TypedDict

from tests.property.grammar_laws import holds_mask_is_what_the_tracker_allows

from dspy_toolkit.engine.grammar import Grammar, babble, byte_vocabulary, schema_grammar

letters = byte_vocabulary()


def words():
    "A vocabulary with longer tokens, some of which span several JSON tokens."
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from dspy_toolkit.engine.grammar import Vocabulary
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False), decoders.ByteLevel()
    text = ['{"answer": "yes", "names": ["Ada", "Bob"], "score": 0.75, "é": null}', '"}, {"a": [1, 2, 3]}], "b": true', 'naïve 😀 \\n\\" "}]}']
    tokenizer.train_from_iterator(text * 20, trainers.BpeTrainer(
        vocab_size=420, special_tokens=['</s>'], initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return Vocabulary(tokenizer.to_str(), tokenizer.get_vocab_size() + 7, (tokenizer.token_to_id('</s>'),))


pieces = words()
vocabularies = st.sampled_from([letters, pieces])


# ---- schemas out of nowhere

texts = st.text(st.characters(codec='utf-8', exclude_categories=['Cs']), max_size=6)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-10**6, 10**6), st.integers(-999, 999).map(lambda n: n / 8), texts)
values = st.recursive(scalars, lambda v: st.one_of(st.lists(v, max_size=2), st.dictionaries(texts, v, max_size=2)), max_leaves=3)


@st.composite
def limits(draw, low, high, kinds):
    a, b = sorted(draw(st.tuples(kinds, kinds)))
    return {k: v for k, v in ((low, a), (high, b)) if draw(st.booleans())}


def spans(low, high): return limits(low, high, st.integers(0, 5))


@st.composite
def objects(draw, inner):
    names = draw(st.lists(texts, max_size=3, unique=True))
    return {'type': 'object', 'properties': {n: draw(inner) for n in names}, 'additionalProperties': False,
            'required': [n for n in names if draw(st.booleans())]}


simple = st.one_of(
    st.just({'type': 'null'}), st.just({'type': 'boolean'}), values.map(lambda v: {'const': v}),
    st.lists(values, min_size=1, max_size=4).map(lambda v: {'enum': v}),
    spans('minLength', 'maxLength').map(lambda s: {'type': 'string', **s}),
    st.sampled_from([r'^[a-z]{2,4}$', r'^\d+-\w*$', r'^(ab|c)*d?$', r'^[^"x]+$', r'\\"\n']).map(lambda p: {'type': 'string', 'pattern': p}),
    limits('minimum', 'maximum', st.integers(-10**7, 10**7)).map(lambda s: {'type': 'integer', **s}),
    limits('exclusiveMinimum', 'maximum', st.integers(-99, 99)).map(lambda s: {'type': 'integer', **s}),
    limits('minimum', 'maximum', st.decimals(-100, 100, places=3).map(float)).map(lambda s: {'type': 'number', **s}),
    limits('minimum', 'exclusiveMaximum', st.decimals(-2, 2, places=2).map(float)).map(lambda s: {'type': 'number', **s}),
    st.integers(1, 9).map(lambda n: {'type': 'integer', 'multipleOf': n}),
    st.lists(st.sampled_from(['string', 'integer', 'null', 'boolean', 'number']), min_size=1, max_size=3, unique=True).map(lambda k: {'type': k}),
)
schemas = st.recursive(simple, lambda inner: st.one_of(
    st.tuples(inner, spans('minItems', 'maxItems')).map(lambda t: {'type': 'array', 'items': t[0], **t[1]}),
    st.lists(inner, min_size=1, max_size=3).map(
        lambda p: {'type': 'array', 'prefixItems': p, 'minItems': len(p), 'maxItems': len(p), 'items': False}),
    objects(inner), st.lists(inner, min_size=1, max_size=3).map(lambda p: {'anyOf': p}),
    st.tuples(inner, spans('minProperties', 'maxProperties')).map(lambda t: {'type': 'object', 'additionalProperties': t[0], **t[1]}),
), max_leaves=5)


def valid(answer, schema):
    "Keys may repeat in a JSON text and then count once, so how many entries a mapping has at least is left out."
    jsonschema.Draft202012Validator(_relaxed(schema)).validate(answer)


def _relaxed(schema):
    if isinstance(schema, dict):
        out = {k: _relaxed(v) if k not in ('const', 'enum') else v for k, v in schema.items()}
        if 'additionalProperties' in out and 'properties' not in out: out.pop('minProperties', None)
        step = out.pop('multipleOf', None)  # in floats, 0.3 is no multiple of 0.1
        return {**out, 'multipleOf': step} if isinstance(step, int) else out
    return [_relaxed(s) for s in schema] if isinstance(schema, list) else schema


@given(schemas, st.integers(1, 200), st.integers(0, 99), vocabularies)
@settings(max_examples=250)
def test_an_answer_under_a_schema_fits_it_and_ends_in_time(schema, max_tokens, seed, vocabulary):
    try: grammar = schema_grammar(schema)
    except InvalidRequestError: return _nothing_fits(schema)
    try: answer = babble(vocabulary, grammar, max_tokens, seed)
    except ContextLengthError:
        assert len(grammar.least.encode()) > max_tokens
        return
    assert grammar.accepts(answer)
    valid(json.loads(answer), schema)


def _nothing_fits(schema):
    "An empty range, somewhere no way leads around."
    text = json.dumps(schema)
    assert any(word in text for word in ('"minimum"', '"exclusiveMinimum"', '"items"', '"pattern"')), text


@given(schemas, st.integers(1, 60), st.integers(0, 9), vocabularies)
@settings(max_examples=100)
def test_the_shortest_answer_is_allowed_and_nothing_less(schema, spare, seed, vocabulary):
    try: grammar = schema_grammar(schema)
    except InvalidRequestError: assume(False)
    needed = len(vocabulary.tokens_of(grammar.least.encode()))
    answer = babble(vocabulary, grammar, len(grammar.least.encode()), seed)
    valid(json.loads(answer), schema)
    if 0 < needed - spare:
        with pytest.raises(ContextLengthError): vocabulary.constraint(grammar, needed - spare)


@given(schemas, st.integers(20, 200), st.integers(0, 99), st.data())
def test_from_every_prefix_there_is_a_way_to_the_end(schema, max_tokens, seed, data):
    try: answer = babble(letters, grammar := schema_grammar(schema), max_tokens, seed).encode()
    except (ContextLengthError, InvalidRequestError): assume(False)
    cut = data.draw(st.integers(0, len(answer)))  # also in the middle of a character
    tracker = grammar.tracker().advance(answer[:cut])
    completion = tracker.completion()
    if 'minProperties' in json.dumps(schema): assert len(completion) <= tracker.cost  # keys that must differ may be longer than the shortest
    else: assert len(completion) == tracker.cost <= len(answer) - cut
    valid(json.loads(answer[:cut] + completion), schema)


@given(schemas, st.data())
def test_what_the_mask_allows_is_what_the_tracker_allows(schema, data):
    "llguidance and the tracker read the same language."
    try: constraint = letters.constraint(schema_grammar(schema), 200)
    except (ContextLengthError, InvalidRequestError): assume(False)
    holds_mask_is_what_the_tracker_allows(constraint, letters, data)


@given(st.integers(-10**6, 10**6), st.integers(-10**6, 10**6), st.integers(-2 * 10**6, 2 * 10**6))
@settings(max_examples=150)
def test_an_integer_is_allowed_just_when_it_is_within_the_limits(a, b, n):
    low, high = sorted((a, b))
    grammar = Grammar.from_schema({'type': 'integer', 'minimum': low, 'maximum': high})
    assert grammar.accepts(str(n)) == (low <= n <= high)
    assert grammar.accepts(str(low)) and grammar.accepts(str(high)) and not grammar.accepts(str(low - 1)) and not grammar.accepts(str(high + 1))


three = st.decimals(-20, 20, places=3)


@given(three, three, st.decimals(-25, 25, places=4), st.booleans(), st.booleans())
@settings(max_examples=150)
def test_a_decimal_is_allowed_just_when_it_is_within_the_limits(a, b, x, above, below):
    low, high = sorted((a, b))
    schema = {'type': 'number', 'exclusiveMinimum' if above else 'minimum': float(low), 'exclusiveMaximum' if below else 'maximum': float(high)}
    try: grammar = Grammar.from_schema(schema)
    except InvalidRequestError: assert low == high and (above or below); return
    for number in (x, low, high):
        text = format(number.normalize(), 'f')
        if text != '-0': assert grammar.accepts(text) == ((low < number if above else low <= number) and (number < high if below else number <= high))


# ---- what people annotate outputs with

class Color(enum.Enum): red = 'red'; green = 'green'
class Level(enum.IntEnum): low = 1; high = 12
class Place(BaseModel): city: str; zip: Annotated[str, Field(pattern=r'^\d{5}$')]; at: tuple[float, float] | None = None
class Person(BaseModel): name: str = Field(min_length=1, max_length=30); age: int = Field(ge=0, lt=150); home: Place; tags: set[str] = set()
class Tree(BaseModel): value: int; children: list['Tree'] = []
class Chain(BaseModel): name: str; next: Optional['Chain'] = None
class Left(BaseModel): kind: Literal['left']; x: int
class Right(BaseModel): kind: Literal['right']; y: list[Union['Left', 'Right']]
class Loose(BaseModel): data: dict[str, Any]; anything: Any
class Pair(NamedTuple): a: int; b: str
class Movie(TypedDict): title: str; year: int
@dataclasses.dataclass
class Point: x: float; y: float = 0.0


annotations = [
    str, int, float, bool, type(None), Any, dict, list, tuple, set, dict[str, int], dict[str, Any], dict[Literal['a', 'b'], float],
    list[str], list[dict[str, list[int]]], set[int], frozenset[str], tuple[int, str], tuple[int, ...], Optional[str], int | str | None,
    Literal['low', 'high'], Literal[1, 12, 'x', True, None], Color, Level, list[Color], set[Literal['a', 'b', 'c']], bytes, datetime.date,
    datetime.datetime, datetime.time, datetime.timedelta, uuid.UUID, Path, ipaddress.IPv4Address, ipaddress.IPv6Address,
    Place, Person, list[Person], Tree, Chain, Right, Annotated[Union[Left, Right], Field(discriminator='kind')], Loose, Pair, Movie, Point,
    Annotated[int, Field(ge=1, le=5)], Annotated[float, Field(gt=0, lt=1)], Annotated[str, Field(min_length=3, max_length=5)],
    Annotated[list[int], Field(min_length=2, max_length=3)], Annotated[int, Field(multiple_of=5, ge=7)], Annotated[str, Field(pattern='^[A-Z]+$')],
    Annotated[set[Literal['a', 'b', 'c']], Field(min_length=2)], Annotated[float, Field(multiple_of=0.25, ge=-1)],
]


@pytest.mark.parametrize('annotation', annotations, ids=str)
def test_whatever_an_output_is_annotated_with_the_answer_becomes_one(annotation):
    adapter = TypeAdapter(annotation)
    schema = adapter.json_schema()
    least = len(Grammar.from_schema(schema).least.encode())
    for seed, (vocabulary, max_tokens) in enumerate([(letters, least), (letters, least + 7), (letters, 64 + least), (pieces, 48 + least)] * 3):
        answer = babble(vocabulary, schema_grammar(schema), max_tokens, seed)
        adapter.validate_json(answer)


@pytest.mark.parametrize(('schema', 'word'), [
    ({'not': {'const': 1}}, 'not'), ({'type': 'string', 'pattern': r'^(a|b)\1$'}, 'back'), ({'type': 'integer', 'if': {'minimum': 3}, 'then': {'maximum': 9}}, 'if'),
    ({'oneOf': [{'type': 'integer'}, {'type': 'number'}]}, 'oneOf'), ({'type': 'array', 'contains': {'const': 1}}, 'contains'), ({'$ref': 'https://schemas.example/x'}, r'\$ref')])
def test_what_has_no_grammar_is_relaxed_and_named(schema, word):
    grammar = Grammar.from_schema(schema)
    assert any(re.search(word, said) for said in grammar.relaxed), grammar.relaxed
    json.loads(babble(letters, grammar, 60))


@pytest.mark.parametrize('schema', [
    {'properties': {'a': 'string', 'b': {'type': 'string', 'required': True}}, 'required': ['a', 'b']}, {'type': 'arry'}, {'type': 'string', 'minLength': 2.0, 'maxLength': 'x'}, {'$ref': '#/nope'},
    {'anyOf': [{'$ref': '#/x'}, {'type': 'null'}]}, {'minimum': True}, {'enum': 'abc'}, {'items': 'x', 'type': 'array'}, {'type': 'object', 'properties': None}, {'type': 'number', 'multipleOf': 0},
    {'pattern': 3, 'type': 'string'}, {'type': 'object', 'required': [1, 'a']}], ids=str)
def test_a_word_that_makes_no_sense_is_left_out_and_named(schema):
    grammar = Grammar.from_schema(schema)
    assert grammar.relaxed
    json.loads(babble(letters, grammar, 60))


@pytest.mark.parametrize('schema', [{'x-order': 1, 'type': 'integer', 'allOf': [{'x-order': 2, 'tags': []}]}, {'not': False}, {'$comment': 'x', 'markdownDescription': 'y', 'type': 'null'}], ids=str)
def test_words_that_nobody_knows_mean_nothing(schema):
    assert Grammar.from_schema(schema).relaxed == ()


def test_nothing_vanishes_from_a_union():
    "The branch with a pattern that no grammar can say is still there, with the pattern relaxed."
    grammar = Grammar.from_schema({'anyOf': [{'type': 'string', 'pattern': r'^\w+(?<!abc)$'}, {'type': 'null'}]})
    assert grammar.accepts('"word"') and grammar.accepts('null') and grammar.relaxed


least_of = lambda n: Field(min_length=n)
DIFFERENT = [Annotated[set[int], least_of(3)], Annotated[set[str], least_of(3)], Annotated[set[Annotated[str, Field(max_length=1)]], least_of(4)], Annotated[dict[str, int], least_of(3)],
             Annotated[set[float], least_of(3)], Annotated[set[Annotated[str, Field(pattern='^[ab]{1,2}$')]], least_of(4)], Annotated[set[Annotated[int, Field(ge=0, le=99)]], least_of(5)],
             Annotated[set[bool], least_of(2)], Annotated[set[Color], least_of(2)], Annotated[dict[Literal['a', 'b', 'c'], int], least_of(3)], Annotated[frozenset[datetime.date], least_of(2)]]


@pytest.mark.parametrize('annotation', DIFFERENT, ids=str)
def test_what_must_differ_differs(annotation):
    "Whatever a model of noise says, and however early it has to be closed."
    adapter, grammar = TypeAdapter(annotation), Grammar.from_schema(TypeAdapter(annotation).json_schema())
    least = len(grammar.tracker().completion())
    for seed in range(15):
        for room in (least + 4, least + 20, 150): adapter.validate_json(babble(letters, grammar, room, seed))


def test_a_definition_that_never_ends_is_refused():
    endless = {'$ref': '#/$defs/A', '$defs': {'A': {'type': 'object', 'properties': {'a': {'$ref': '#/$defs/A'}}, 'required': ['a']}}}
    with pytest.raises(InvalidRequestError, match='no finite JSON value'): Grammar.from_schema(endless)


def test_keys_of_a_mapping_follow_their_own_schema():
    grammar = Grammar.from_schema({'type': 'object', 'propertyNames': {'pattern': r'^-?\d{1,3}$'}, 'additionalProperties': {'type': 'null'}})
    assert grammar.accepts('{"12": null, "-3": null}') and not grammar.accepts('{"a": null}')


def test_a_text_is_written_in_one_way_only():
    "The way is that of `json.dumps`, for every text."
    grammar = Grammar.from_schema({'type': 'string'})
    for text in ('a "b"\n\\ é 😀', '\x01\x1f\b\f', '\x7f\x85\u2028'): assert grammar.accepts(json.dumps(text, ensure_ascii=False)), text
    assert not any(grammar.accepts(text) for text in ('"\\u00e9"', '"\\/"', '"\x01"', '"\\u000a"', '" \n"'))


def test_what_a_schema_does_not_bound_has_no_bound():
    for schema, text in (({'type': 'string'}, json.dumps('x' * 9000)), ({'type': 'array', 'items': {'type': 'null'}}, json.dumps([None] * 900)), ({'type': 'integer'}, '9' * 900),
                         ({'type': 'object', 'additionalProperties': {'type': 'integer'}}, json.dumps({f'k{n}': n for n in range(400)}))):
        assert Grammar.from_schema(schema).accepts(text), schema
    assert not Grammar.from_schema({'type': 'integer'}).accepts('9' * 4301), 'Python reads no more digits'


def test_a_number_alone_may_end_after_any_digit():
    for seed in range(60):
        for max_tokens in range(1, 6): json.loads(babble(letters, schema_grammar({'type': 'number'}), max_tokens, seed))


# ---- what goes without saying

def built_in():
    "The built-in model's own tokens."
    from dspy_toolkit.engine.grammar import Vocabulary
    from dspy_toolkit.engine.hub import TINY
    config = json.loads((TINY / 'config.json').read_text())
    return Vocabulary((TINY / 'tokenizer.json').read_text(), config['vocab_size'], (config['eos_token_id'],))


@given(schemas, st.integers(1, 120), st.integers(0, 99), st.sampled_from([letters, pieces, built_in()]))
@settings(max_examples=200)
def test_an_answer_made_by_leaps_fits_its_schema_and_ends_in_time(schema, max_tokens, seed, vocabulary):
    try: constraint = vocabulary.constraint(grammar := schema_grammar(schema), max_tokens)
    except (InvalidRequestError, ContextLengthError): assume(False)
    twin = vocabulary.constraint(grammar, max_tokens)
    rng, out = np.random.default_rng(seed), []
    while not constraint.done:
        forced = constraint.find_forced_tokens()
        for token in forced or [int(rng.choice(np.flatnonzero(constraint.mask())))]:
            allowed, taken = twin.mask()[token], constraint.push(token)
            assert allowed and twin.push(token) == taken
            assert taken == token or not forced, 'a forced token was not taken as it is'
            if taken is not None: out.append(taken)
        assert (constraint.left, constraint.done, constraint.forced) == (twin.left, twin.done, twin.forced)
    answer = b''.join(map(vocabulary.bytes_of, out)).decode()
    assert len(out) <= max_tokens and grammar.accepts(answer)
    valid(json.loads(answer), schema)


def test_forced_tokens_are_those_the_tokenizer_writes():
    "Nothing is forced while what follows could still join the last token, so the text is cut up as the tokenizer cuts it."
    vocabulary = built_in()
    schema = {'type': 'object', 'properties': {'priority': {'const': 'low'}, 'needs_human': {'type': 'boolean'}}, 'required': ['priority', 'needs_human']}
    constraint = vocabulary.constraint(schema_grammar(schema), 100)
    whole = [vocabulary.tokens_of(f'{{"priority": "low", "needs_human": {value}}}'.encode()) for value in ('true', 'false')]
    first = constraint.find_forced_tokens()
    assert len(first) > 5 and all(w[:len(first)] == first for w in whole)
    for token in first: assert constraint.push(token) == token
    assert constraint.find_forced_tokens() == []
    constraint.push(whole[0][len(first)])
    assert constraint.find_forced_tokens() == whole[0][len(first) + 1:]


def test_where_room_is_scarce_forced_tokens_leave_enough():
    schema = {'type': 'object', 'properties': {'a_long_name': {'type': 'string'}, 'b': {'type': 'boolean'}}, 'required': ['a_long_name', 'b']}
    vocabulary = built_in()
    grammar = schema_grammar(schema)
    for spare in range(4):
        constraint = vocabulary.constraint(grammar, needed := vocabulary.count_needed(grammar) + spare)
        taken = sum(constraint.push(token) == token for token in constraint.find_forced_tokens())
        assert 0 < taken < needed and constraint.left == needed - taken and constraint.forced is None
