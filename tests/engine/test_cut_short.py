"An answer that had to be closed says so: the reason, the fields, one warning."
import json, logging

import dspy
import pytest
from dspy.lm15 import Config, InvalidRequestError, Message, Request
from pydantic import BaseModel

from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.engine.grammar import Grammar, Kept, byte_vocabulary, cut_fields, schema_grammar
from dspy_toolkit.engine.mlx import MLXEngine
from dspy_toolkit.engine.mlx import lm


class Line(BaseModel): sku: str; count: int
class Order(BaseModel): lines: list[Line]; note: str


class Read(dspy.Signature):
    "List what is ordered."
    email: str = dspy.InputField()
    order: Order = dspy.OutputField()
    urgent: bool = dspy.OutputField()


@pytest.mark.parametrize(('text', 'before', 'fields'), [
    ('{"a": "x", "b": [1, 2], "c": true}', '{"a": "x"', ['b', 'c']),
    ('{"a": "x", "b": [1, 2], "c": true}', '{"a": "x", "b": [1, 2', ['b', 'c']),
    ('{"a": "x", "b": [1, 2], "c": true}', '{"a": "x", "b": [1, 2], "c": true', []),
    ('{"a": "a \\" b, [", "b": {}}', '{"a": "a', ['a', 'b']),
    ('{"id": 7, "order": {"lines": [{"sku": "x"}, {"sku": "lo"}], "paid": false}}', '{"id": 7, "order": {"lines": [{"sku": "x"}, {"sku": "lo', ['order.lines.sku', 'order.lines', 'order.paid']),
    ('{"k": {"one": 1}}', '{"k": {"one": 1', ['k']),
    ('[[ ## a ## ]]\nx\n\n[[ ## b ## ]]\ny\n\n[[ ## completed ## ]]\n', '[[ ## a ## ]]\nx\n\n[[ ## b', ['b']),
])
def test_the_fields_that_were_open_or_not_begun_are_named(text, before, fields):
    assert text.startswith(before)
    assert sorted(cut_fields(text, len(before))) == sorted(fields)


@pytest.fixture(scope='module')
def tiny():
    made = lm('mlx/tiny', cache=False)
    yield made
    made.engine.close()
    made._async_engine_spec = None


def asked(tiny, max_tokens, caplog):
    caplog.clear()
    with caplog.at_level(logging.WARNING), dspy.context(lm=tiny, adapter=GrammarAdapter()):
        found = dspy.Predict(Read)(email='Three apples, four pears and a hundred nails.', config={'max_tokens': max_tokens, 'temperature': 1.3, 'seed': 3})
    return found, [r.getMessage() for r in caplog.records if r.name.startswith(('dspy.clients', 'dspy_toolkit.engine')) and r.levelno >= logging.WARNING]


def test_a_prediction_that_was_cut_parses_and_one_warning_names_its_fields(tiny, caplog):
    found, said = asked(tiny, 30, caplog)
    assert isinstance(found.order, Order)
    assert len(said) == 1 and 'cut short' in said[0] and 'urgent' in said[0] and 'max_tokens' in said[0]
    response = tiny.history[-1]['response']
    assert response.finish_reason == 'length' and 'urgent' in response.provider_data['cut_short']


def test_an_answer_with_room_is_not_said_to_be_cut(tiny, caplog):
    with caplog.at_level(logging.WARNING), dspy.context(lm=tiny, adapter=GrammarAdapter()): dspy.Predict('email -> urgent: bool')(email='The printer burns.')
    assert not [r for r in caplog.records if r.name.startswith(('dspy.clients', 'dspy_toolkit.engine'))]
    assert tiny.history[-1]['response'].finish_reason == 'stop' and 'cut_short' not in (tiny.history[-1]['response'].provider_data or {})


def test_a_stream_says_at_its_end_what_was_cut():
    engine = MLXEngine('mlx/tiny')
    try:
        schema = {'type': 'object', 'properties': {'a': {'type': 'string', 'minLength': 500}}, 'required': ['a'], 'additionalProperties': False}
        request = Request(model='mlx/tiny', messages=(Message.user('Tell me a story.'),), config=Config(max_tokens=510, response_format={'type': 'json_schema', 'name': 'x', 'schema': schema}))
        *_, last = engine.stream(request)
        assert last.finish_reason in ('stop', 'length') and (last.finish_reason == 'length') == bool((last.provider_data or {}).get('cut_short'))
    finally: engine.close()


@pytest.mark.parametrize('size', [17, 25, 30, 100, 500])
def test_a_list_is_as_long_as_the_model_makes_it(size):
    letters = byte_vocabulary()
    for schema in ({'type': 'array', 'items': {'type': 'integer'}}, {'type': 'array', 'items': {'type': 'integer'}, 'maxItems': size}):
        text = json.dumps(list(range(size)))
        constraint = letters.constraint(schema_grammar(schema), len(text) + 1)
        for token in letters.tokens_of(text.encode()): assert constraint.push(token) == token
        assert bytes(constraint.said).decode() == text and not constraint.cut_short


def test_a_model_in_a_loop_is_stopped_and_what_a_person_bounded_is_left_alone():
    letters = byte_vocabulary()
    def loop(schema, begin, again, room=9000):
        constraint = letters.constraint(schema_grammar(schema), room)
        for token in letters.tokens_of(begin): constraint.push(token)
        while not constraint.done:
            for token in letters.tokens_of(again):
                if not constraint.done: constraint.push(token)
        return len(constraint.said), constraint.cut_short
    assert loop({'type': 'array', 'items': {'type': 'integer'}}, b'[7', b', 7')[0] < 4300
    assert loop({'type': 'array', 'items': {'type': 'integer'}, 'maxItems': 9000}, b'[7', b', 7')[0] > 8900
    for schema in ({'type': 'integer'}, {'type': 'number'}):
        for again in (b'0', b'142857'):
            said, cut = loop({'type': 'array', 'items': schema}, b'[2, 1', again)
            assert cut and 128 <= said < 145, (schema, again)
    texts = {'type': 'array', 'items': {'type': 'string'}}
    assert loop(texts, b'["1', b'0')[0] > 4000
    for pattern in ('^[0-9]{500}$', '^[0-9]{1,500}$'):
        assert loop({'type': 'string', 'pattern': pattern}, b'"' + b'0' * 500, b'"') == (502, False)


@pytest.mark.parametrize('number', [10**100, 2**400, -10**126, 3**700])
def test_large_numbers_that_people_mean_are_written_whole(number):
    letters, text = byte_vocabulary(), json.dumps([number])
    constraint = letters.constraint(schema_grammar({'type': 'array', 'items': {'type': 'integer'}}), 1000)
    for token in letters.tokens_of(text.encode()): assert constraint.push(token) == token
    assert bytes(constraint.said).decode() == text and not constraint.cut_short


def union_of_seven():
    refs = [{'$ref': f'#/$defs/M{n}'} for n in range(7)]
    defs = {f'M{n}': {'type': 'object', 'properties': {'kind': {'const': f'm{n}'}, 'parts': {'type': 'array', 'items': {'anyOf': refs}}}, 'required': ['kind', 'parts'], 'additionalProperties': False} for n in range(7)}
    return {'anyOf': refs, '$defs': defs}


def test_a_definition_is_one_rule_however_often_it_is_referred_to():
    "A union of seven models that each hold a list of the union took 21 s to read."
    grammar = Grammar.from_schema(union_of_seven())
    assert len(grammar.lark.splitlines()) < 150
    text = json.dumps({'kind': 'm0', 'parts': [{'kind': 'm6', 'parts': []}, {'kind': 'm1', 'parts': [{'kind': 'm1', 'parts': []}]}]})
    assert grammar.accepts(text) and not grammar.accepts(text.replace('m6', 'm7'))


def test_a_schema_beyond_the_limits_is_an_error_that_names_the_part(monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_GRAMMAR_PARTS', '40')
    reset_settings()
    try:
        with pytest.raises(InvalidRequestError, match=r'more than 40 parts, at #/\$defs/M\d') as caught: Grammar.from_schema(union_of_seven())
        assert 'grammar_parts' in caught.value.hint
    finally:
        monkeypatch.undo()
        reset_settings()


def test_what_somebody_gave_up_is_made_by_the_next():
    kept, tries = Kept(4), []
    def fails():
        tries.append(1)
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt): kept.get('a', fails)
    assert kept.get('a', lambda: 7) == 7 and kept.get('a', fails) == 7 and 'a' in kept and len(tries) == 1


def test_an_answer_under_a_relaxed_schema_is_checked_afterwards():
    engine = MLXEngine('mlx/tiny')
    schema = {'type': 'object', 'properties': {'a': {'type': 'integer', 'enum': [1, 2]}}, 'required': ['a'], 'additionalProperties': False}
    def ask(own):
        request = Request(model='mlx/tiny', messages=(Message.user('One or two?'),), config=Config(response_format={'type': 'json_schema', 'name': 'x', 'schema': {**schema, **own}}))
        return engine.complete(request).provider_data or {}
    try:
        assert not {'relaxed', 'invalid'} & ask({}).keys()
        fits, not_ = ask({'if': {'required': ['a']}, 'then': {'minProperties': 1}}), ask({'if': {'required': ['a']}, 'then': {'minProperties': 2}})
        assert fits['relaxed'] == ['if'] and 'invalid' not in fits
        assert not_['relaxed'] == ['if'] and 'enough properties' in not_['invalid']
    finally: engine.close()


@pytest.mark.parametrize('values', [[f'value {n}' for n in range(20_000)], list(range(20_000)), [*(f'v{n}' for n in range(3000)), None]], ids=['texts', 'numbers', 'texts and None'])
@pytest.mark.parametrize('layout', ['json', 'chat'])
def test_an_enum_of_any_size_is_one_unit(values, layout):
    letters, schema = byte_vocabulary(), {'type': 'object', 'properties': {'a': {'enum': values}}, 'required': ['a'], 'additionalProperties': False, 'x-layout': layout}
    grammar = schema_grammar(schema)
    for value in (values[0], values[2345], values[-1]):
        said = json.dumps({'a': value}) if layout == 'json' else f'[[ ## a ## ]]\n{value}\n\n[[ ## completed ## ]]\n'
        constraint = letters.constraint(grammar, len(said))
        for token in letters.tokens_of(said.encode()): assert constraint.mask()[token] and constraint.push(token) == token
        assert constraint.done and not constraint.cut_short
