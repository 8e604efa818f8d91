"Laws of answers that are not JSON, whatever the schema (patterns, choices, DSPy's chat layout); and of reading back what any type lets through."
import enum, json, re, uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

import dspy
import jsonschema
import numpy as np
import pytest
from dspy.lm15 import ContextLengthError, InvalidRequestError
from hypothesis import HealthCheck, assume, given, settings, strategies as st
from pydantic import ByteSize, Field, Json, TypeAdapter, create_model

from tests.property.grammar_laws import holds_mask_is_what_the_tracker_allows

from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter
from dspy_toolkit.engine.grammar import Vocabulary, babble, byte_vocabulary, schema_grammar
from dspy_toolkit.engine.hub import TINY
from dspy_toolkit.signatures.schema import output_schema


def built_in():
    config = json.loads((TINY / 'config.json').read_text())
    return Vocabulary((TINY / 'tokenizer.json').read_text(), config['vocab_size'], (config['eos_token_id'],))


vocabularies = st.sampled_from([byte_vocabulary(), built_in()])
texts = st.text(st.characters(codec='utf-8', exclude_characters='\0'), max_size=6)


def answers(vocabulary, schema, max_tokens, seed):
    "An answer token by token, and one by leaps; neither when there is no room."
    grammar = schema_grammar(schema)
    try: yield babble(vocabulary, grammar, max_tokens, seed)
    except ContextLengthError: assume(False)
    constraint, rng, out = vocabulary.constraint(grammar, max_tokens), np.random.default_rng(seed), []
    while not constraint.done:
        for token in constraint.find_forced_tokens() or [int(rng.choice(np.flatnonzero(constraint.mask())))]: out.append(constraint.push(token))
    assert len(out) <= max_tokens
    yield b''.join(vocabulary.bytes_of(t) for t in out if t is not None).decode()


# ---- patterns and choices

patterns = st.sampled_from([r'(left|right) \d+', r'[A-Z]{2,3}-\d{4}', r'(\w+ )*\w+\.', r'.*', r'', r'a?', r'(Yes|No)(, because .{3,40})?', r'"?[^"]+"?', r'- .+(\n- .+)*',
                            r'\d{4}-\d{2}-\d{2}', r'(a|ab)(c|bcd)(d*)', r'[\s\S]{5,50}', r'é+|😀{2}', r'<b>[^<]*</b>', r'((ab)*c){2,}', r'.{300,400}'])


@given(patterns, st.integers(1, 80), st.integers(0, 99), vocabularies)
@settings(max_examples=150)
def test_an_answer_under_a_pattern_matches_it(pattern, max_tokens, seed, vocabulary):
    for answer in answers(vocabulary, {'x-regex': pattern}, max_tokens, seed): assert re.fullmatch(pattern, answer), answer


@given(st.lists(texts, min_size=1, max_size=5), st.integers(1, 80), st.integers(0, 99), vocabularies)
@settings(max_examples=100)
def test_an_answer_under_choices_is_one_of_them(choices, max_tokens, seed, vocabulary):
    for answer in answers(vocabulary, {'x-choices': choices}, max_tokens, seed): assert answer in choices


def test_every_choice_can_be_made_also_when_one_begins_another():
    vocabulary = built_in()
    made = {babble(vocabulary, schema_grammar({'x-choices': ['good', 'good day', 'goo', 'bad']}), 20, seed) for seed in range(150)}
    assert made == {'good', 'good day', 'goo', 'bad'}


@pytest.mark.parametrize(('schema', 'said'), [({'x-choices': []}, 'is not a list of choices'), ({'x-choices': [1]}, 'is not a list of choices'), ({'x-layout': 'xml'}, 'no layout')])
def test_what_makes_no_sense_is_said(schema, said):
    with pytest.raises(InvalidRequestError, match=said): schema_grammar(schema)
    with pytest.raises(InvalidRequestError, match='no finite'): schema_grammar({'x-regex': '(?=x)y'})


def test_a_pattern_has_as_many_characters_as_it_likes():
    assert schema_grammar({'x-regex': r'(\w+ )*\w+'}).accepts('word ' * 15 + 'word') and schema_grammar({'x-regex': '.*'}).accepts('x' * 9000)


# ---- DSPy's chat layout

names = st.lists(st.sampled_from(['answer', 'b', 'mood_2', 'completed_at', 'x']), max_size=3, unique=True)
leaves = st.one_of(
    st.sampled_from([{'type': 'string'}, {'type': 'null'}, {'type': 'boolean'}, {'type': 'integer'}, {'type': 'number', 'minimum': 0, 'maximum': 1},
                     {'type': 'string', 'format': 'date'}, {'type': 'string', 'pattern': r'^[A-Z]{2} \d+$'}, {'type': 'string', 'pattern': '^a\n+b$'}, {},
                     {'type': 'array', 'items': {'type': 'string', 'maxLength': 4}, 'maxItems': 3}, {'type': 'object', 'additionalProperties': {'type': 'integer'}},
                     {'type': 'string', 'contentMediaType': 'application/json', 'contentSchema': {'type': 'array', 'items': {'type': 'boolean'}}}]),
    st.tuples(st.integers(0, 4), st.integers(0, 6)).map(lambda t: {'type': 'string', 'minLength': t[0], 'maxLength': sum(t)}),
    st.lists(st.one_of(texts, st.booleans(), st.none(), st.integers(-9, 9), st.just([1, 'a'])), min_size=1, max_size=4).map(lambda v: {'enum': v}))
values = st.one_of(leaves, st.lists(leaves, min_size=1, max_size=3).map(lambda p: {'anyOf': p}))


@st.composite
def outputs(draw):
    found = draw(names)
    return {'type': 'object', 'properties': {n: draw(values) for n in found}, 'required': found, 'additionalProperties': False, 'x-layout': 'chat'}


def readings(text):
    "What a section may mean."
    yield text
    try: yield json.loads(text)
    except ValueError: pass
    if text in ('None', 'True', 'False'): yield {'None': None, 'True': True, 'False': False}[text]


def fits(value, schema):
    try: jsonschema.Draft202012Validator(schema).validate(value)
    except jsonschema.ValidationError: return False
    return True


@given(outputs(), st.integers(10, 300), st.integers(0, 99), vocabularies)
@settings(max_examples=200)
def test_an_answer_in_the_chat_layout_has_every_section_and_what_belongs_there(schema, max_tokens, seed, vocabulary):
    try: grammar = schema_grammar(schema)
    except InvalidRequestError: assume(False)
    for answer in answers(vocabulary, schema, max_tokens, seed):
        assert grammar.accepts(answer)
        pattern = ''.join(rf'\[\[ ## {n} ## \]\]\n(.*)\n\n' for n in schema['properties']) + r'\[\[ ## completed ## \]\]\n'
        found = re.fullmatch(pattern, answer, re.DOTALL)
        marks = re.findall(r'^\[\[ ## \w+ ## \]\]', answer, re.MULTILINE)  # a JSON text on a line may hold one, which readers do not take for a mark
        assert found and len(marks) == len(schema['properties']) + 1, answer
        for (name, value), text in zip(schema['properties'].items(), found.groups()):
            assert any(fits(r, value) for r in readings(text)), (name, text)
        as_text = dspy.Signature({'q': (str, dspy.InputField()), **{n: (str, dspy.OutputField()) for n in schema['properties']}})
        lines = lambda t: '\n'.join(t.splitlines()).strip()  # to DSPy every kind of line end is a newline; our own adapter leaves them
        if schema['properties']: assert dspy.ChatAdapter().parse(as_text, answer) == {n: lines(t) for n, t in zip(schema['properties'], found.groups())}


@given(outputs(), st.integers(0, 99), st.data())
@settings(max_examples=60)
def test_in_the_chat_layout_too_there_is_a_way_to_the_end_from_everywhere(schema, seed, data):
    letters = byte_vocabulary()
    try: answer = babble(letters, grammar := schema_grammar(schema), 300, seed).encode()
    except (ContextLengthError, InvalidRequestError): assume(False)
    tracker = grammar.tracker().advance(answer[:data.draw(st.integers(0, len(answer)))])
    assert len(tracker.completion()) == tracker.cost <= len(answer)


@given(outputs(), st.data())
@settings(max_examples=60)
def test_in_the_chat_layout_too_the_mask_is_what_the_tracker_allows(schema, data):
    letters = byte_vocabulary()
    try: constraint = letters.constraint(schema_grammar(schema), 300)
    except (ContextLengthError, InvalidRequestError): assume(False)
    holds_mask_is_what_the_tracker_allows(constraint, letters, data)


def test_texts_of_many_lines_and_brackets_can_be_said():
    schema = {'type': 'object', 'properties': {'a': {'type': 'string'}, 'b': {'type': 'string', 'maxLength': 3}}, 'x-layout': 'chat'}
    grammar, layout = schema_grammar(schema), '[[ ## a ## ]]\n{}\n\n[[ ## b ## ]]\n{}\n\n[[ ## completed ## ]]\n'
    for text in ('', 'one\ntwo\n\n\nthree', 'x = [[1, 2], [3]]', 'if [[ -f x ]]; then', '  indented\n', 'é 😀', '- [ ] todo'): assert grammar.accepts(layout.format(text, 'x y')), text
    for text in ('[[ ## b ## ]]', 'a\n[[ ## completed ## ]]\n', 'x [[ #'): assert not grammar.accepts(layout.format(text, 'x y')), text
    for text in (' x', 'x ', 'xyzz'): assert not grammar.accepts(layout.format('', text)), text


# ---- types written by hypothesis, and our own reader

class Mood(enum.Enum): calm = 'calm'; two = 2
class Side(enum.Enum): left = (0, 1); right = (1, 0)


plain = st.sampled_from([str, int, float, bool, type(None), bytes, Decimal, date, time, datetime, timedelta, uuid.UUID, complex, Mood, Side, Any,
                         Literal['a', 1, None], Literal[b'x', True], ByteSize, Json[list[int]], Annotated[int, Field(ge=-3, lt=9)], Annotated[str, Field(min_length=2, max_length=4)]])
keys = st.sampled_from([str, int, bool, date, uuid.UUID, Mood, Side, Literal['a', 'b'], tuple[int, str], tuple[Side, ...], frozenset[int], Decimal])
hashable = st.sampled_from([str, int, bool, date, Mood, Side, Literal['a', 'b'], tuple[int, str], frozenset[int]])


@st.composite
def models(draw, inner):
    fields = draw(st.dictionaries(st.sampled_from(['a', 'b', 'type', 'default', 'schema_', 'é']), inner, max_size=3))
    aliases = {n: Field(alias=f'{n} as said') if draw(st.booleans()) else ... for n in fields}
    return create_model('Made', **{n: (t, aliases[n]) for n, t in fields.items()})


types = st.recursive(plain, lambda inner: st.one_of(
    inner.map(lambda t: list[t]), inner.map(lambda t: t | None if t is not Any else t), st.tuples(keys, inner).map(lambda t: dict[t]), hashable.map(lambda t: set[t]),
    st.lists(inner, min_size=1, max_size=3).map(lambda t: tuple[tuple(t)]), st.tuples(inner, inner).map(lambda t: Union[t]), models(inner)), max_leaves=5)


@given(types, st.sampled_from(['json', 'chat']), st.integers(0, 99), vocabularies, st.integers(0, 60))
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_type_an_answer_is_read_back_as_one(annotation, layout, seed, vocabulary, spare):
    adapter, signature = {'json': GrammarAdapter(), 'chat': GrammarChatAdapter()}[layout], dspy.Signature({'q': (str, dspy.InputField()), 'out': (annotation, dspy.OutputField())})
    schema = {**output_schema(signature), 'x-layout': layout}
    max_tokens = vocabulary.count_needed(schema_grammar(schema)) + spare
    for answer in answers(vocabulary, schema, max_tokens, seed):
        found = adapter.parse(signature, answer)['out']
        assert _is_one(found, annotation), found


def _is_one(value, annotation):
    "By the type's own judgement, where it does not ask for the text of something that was read."
    if 'Json' in repr(annotation) or 'Made' in repr(annotation): return True
    TypeAdapter(annotation).validate_python(value)
    return True
