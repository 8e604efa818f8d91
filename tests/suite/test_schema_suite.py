"""The JSON Schema Test Suite: no instance that is not valid is accepted in silence, and each valid one is accepted, or a reason of REASONS refuses it.

The suite is kept by scripts/schema_suite.py. Its judge of each instance is the suite itself; jsonschema judges only what a reason says.
"""
import functools
import gzip
import itertools
import json
from collections import Counter
from pathlib import Path

import jsonschema
import pytest
from dspy.lm15 import InvalidRequestError
from jsonschema.validators import extend

from tests.engine.test_world_schemas import without, words_of

from dspy_toolkit.engine.formats import FORMATS
from dspy_toolkit.engine.grammar import Grammar
from dspy_toolkit.engine.mlx import check_answer
from dspy_toolkit.engine.reader import KINDS, write_json

SUITE = json.loads(gzip.decompress((Path(__file__).parents[1]/'data'/'json-schema-test-suite.json.gz').read_bytes()))
DRAFTS = {'draft7': jsonschema.Draft7Validator, 'draft2020-12': jsonschema.Draft202012Validator}

# What was said of the schemas, and of their instances. A change here is a change of what users get.
COUNTS = {
    'draft7': {
        'invalid: accepted, and named': 67,
        'invalid: refused': 306,
        'schema: exact': 189,
        'schema: refused': 8,
        'schema: relaxed': 57,
        'valid: accepted': 371,
        'valid: refused, declared': 9,
        'valid: refused, kind': 148,
        'valid: refused, set': 11,
        'valid: refused, step': 1,
    },
    'draft2020-12': {
        'invalid: accepted, and named': 113,
        'invalid: refused': 422,
        'schema: exact': 279,
        'schema: refused': 9,
        'schema: relaxed': 94,
        'valid: accepted': 517,
        'valid: refused, declared': 16,
        'valid: refused, form': 17,
        'valid: refused, kind': 181,
        'valid: refused, set': 11,
        'valid: refused, step': 1,
        'valid: refused, tuple': 11,
    },
}


# Cases that the suite lacks, in its form; each was accepted in silence once.
ID = {'properties': {'id': {'type': 'integer'}}}
OURS = [
    ['two rules of what needs what', {'allOf': [{'dependentRequired': {'a': ['b']}}, {'dependentRequired': {'a': ['c']}}], 'properties': {'a': {}, 'b': {}, 'c': {}}}, [
        ['all of them', {'a': 1, 'b': 1, 'c': 1}, True], ['one is missing', {'a': 1, 'c': 1}, False]]],
    ['true is not one', {'allOf': [{'enum': [1, 'a']}, {'enum': [True, 'a']}]}, [['one', 1, False], ['true', True, False], ['both have it', 'a', True]]],
    ['names that are declared and too long', {'properties': {'abc': {}, 'a': {}}, 'propertyNames': {'maxLength': 2}}, [['short', {'a': 1}, True], ['long', {'abc': 1}, False]]],
    ['a pattern and a rule for names', {'patternProperties': {'^a': {}}, 'propertyNames': {'maxLength': 2}, 'additionalProperties': False, **ID}, [
        ['short', {'ab': 1}, True], ['long', {'abc': 1}, False]]],
    ['a pattern beside a rule for all others', {'allOf': [{'patternProperties': {'^a': {'minimum': 3}}, 'type': 'object'}, {'additionalProperties': {'type': 'integer'}}]}, [
        ['both', {'a': 3}, True], ['too small', {'a': 2}, False], ['no number', {'a': 'x'}, False]]],
    ['the same pattern twice', {'allOf': [{'patternProperties': {'^a': {'minimum': 3}}, 'type': 'object'}, {'patternProperties': {'^a': {'maximum': 5}}}]}, [
        ['both', {'a': 4}, True], ['too small', {'a': 2}, False], ['too large', {'a': 6}, False]]],
    ['a closed part beside a pattern', {'allOf': [{**ID, 'additionalProperties': False}, {'patternProperties': {'^i': {'minimum': 3}}}]}, [
        ['declared', {'id': 3}, True], ['too small', {'id': 2}, False], ['not declared', {'ix': 3}, False]]],
    ['lists among the values', {'enum': [[1, 1], [1, 2]], 'uniqueItems': True}, [['they differ', [1, 2], True], ['they do not', [1, 1], False]]],
    ['no name that fits a pattern', {'patternProperties': {'^a': False}}, [['none', {}, True], ['another', {'b': 1}, True], ['one', {'a': 1}, False]]],
    ['more items than places', {'prefixItems': [{'type': 'integer'}], 'minItems': 2}, [['two', [1, 'a'], True], ['one', [1], False]]],
    ['more items than there may be', {'prefixItems': [{'type': 'integer'}], 'minItems': 2, 'items': False}, [['one', [1], False], ['two', [1, 1], False]]],
    ['what is left over in a branch', {'anyOf': [{'allOf': [ID], 'unevaluatedProperties': False}], 'properties': {'b': {}}, 'required': ['b']}, [['beside', {'b': 1}, False]]],
    ['two documents with the same place', {'$id': 'https://example.com/a', 'properties': {'x': {'$ref': '#n'}}, '$defs': {
        'other': {'$id': 'https://example.com/b', '$defs': {'n': {'$anchor': 'n', 'type': 'string'}}}, 'n': {'$anchor': 'n', 'type': 'integer'}}}, [
        ['of this one', {'x': 1}, True], ['of the other', {'x': 'a'}, False]]],
    ['a property called enum', {'properties': {'enum': {'$id': 'https://example.com/e', 'items': {'$ref': '#/$defs/n'}, '$defs': {'n': {'type': 'integer'}}}}, '$defs': {'n': {'type': 'string'}}}, [
        ['its own', {'enum': [1]}, True], ['of the whole', {'enum': ['a']}, False]]],
]
SUITE['draft2020-12']['ours'] = OURS


# ---- why a valid instance may be refused: what the grammar adds to a schema, as a change of the schema

def with_kind(schema):
    "A schema without `type` is of the kind that its words are about."
    told = {*schema} & {'type', 'enum', 'const', '$ref'}
    kind = next((kind for kind, words in KINDS.items() if {*words} & {*schema}), None)
    return {} if told or kind is None else {'type': kind}


def with_declared_only(schema):
    "A property is written where a word of the schema tells what it is."
    told = {'properties', 'required', 'patternProperties', 'dependentRequired'} & {*schema}
    return {'additionalProperties': False} if told and schema.get('additionalProperties') is not False else {}


def with_told_items(schema):
    "Behind the places of a tuple there are items only where the schema says what they are."
    if 'prefixItems' in schema and 'items' not in schema: return {'items': False}
    return {'additionalItems': False} if isinstance(schema.get('items'), list) and 'additionalItems' not in schema else {}


def with_set_items(schema):
    "Items that must differ, and may be anything, are simple values: what a set can hold."
    return {'items': {'type': ['string', 'number', 'boolean', 'null']}} if schema.get('uniqueItems') and schema.get('items', True) in (True, {}) else {}


def with_form(schema):
    "A text has the form that its format or its encoding names."
    name = 'base64' if schema.get('contentEncoding') == 'base64' else schema.get('format')
    return {'pattern': FORMATS[name]} if name in FORMATS else {'x-json': True} if schema.get('contentMediaType') == 'application/json' else {}


def with_near_steps(schema):
    "Of a step that is no whole number and no part of one, the multiples next to zero are written."
    step = schema.get('multipleOf', 1)
    return {'maximum': 1000 * step, 'minimum': -1000 * step} if step % 1 else {}


REASONS = {
    'kind': with_kind, 'declared': with_declared_only, 'tuple': with_told_items, 'set': with_set_items, 'form': with_form, 'step': with_near_steps}
# a vocabulary of one's own is not read: its words hold as they do in the standard
UNREAD = {('draft2020-12', 'vocabulary', 'no validation: invalid number, but it still validates')}


def change(schema, ways):
    "A schema changed by some reasons, in all its parts."
    if isinstance(schema, list): return [change(part, ways) for part in schema]
    if not isinstance(schema, dict): return schema
    found = {k: v if k in ('enum', 'const', 'required') else change(v, ways) for k, v in schema.items()}
    for way in ways: found |= {k: v for k, v in way(schema).items() if k not in ('minimum', 'maximum') or k not in schema}
    return found


def _json(validator, value, instance, schema):
    try: json.loads(instance if isinstance(instance, str) else '0')
    except ValueError: yield jsonschema.ValidationError('is not JSON')


def fits(draft, schema, instance) -> bool:
    made = extend(DRAFTS[draft], {'x-json': _json})(schema)
    return made.is_valid(instance)


def reason_of(draft, schema, instance):
    "The fewest reasons that refuse an instance together; None where none do."
    for size in (1, 2, 3):
        for names in itertools.combinations(REASONS, size):
            if not fits(draft, change(schema, [REASONS[n] for n in names]), instance): return ' and '.join(names)
    return None


# ---- how an instance may be written

def spellings(value):
    "The texts of a value: its keys in any order (of many keys one order), whole numbers with and without a fraction."
    if isinstance(value, dict):
        parts = [[f'{write_json(k)}: {text}' for text in spellings(v)] for k, v in value.items()]
        ways = itertools.permutations(parts) if len(parts) < 5 else [parts]
        return ['{' + ', '.join(texts) + '}' for way in ways for texts in itertools.product(*way)]
    if isinstance(value, list): return ['[' + ', '.join(texts) + ']' for texts in itertools.product(*map(spellings, value))]
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    other = int(value) if isinstance(value, float) and value.is_integer() else float(value) if isinstance(value, int) and abs(value) < 2 ** 60 else value
    return [write_json(value), write_json(other)] if number and write_json(other) != write_json(value) else [write_json(value)]


@functools.cache
def cases(draft, file):
    "(schema, its grammar or None, instances) of a file."
    found = []
    for _, schema, tests in SUITE[draft][file]:
        if isinstance(schema, dict): schema = {'$schema': DRAFTS[draft].META_SCHEMA['$schema'], **schema}
        try: grammar = Grammar.from_schema(schema)
        except InvalidRequestError: grammar = None
        found.append((schema, grammar, [(what, instance, valid, _accepted(grammar, instance)) for what, instance, valid in tests]))
    return found


def _accepted(grammar, instance): return grammar and next((text for text in itertools.islice(spellings(instance), 500) if grammar.accepts(text)), None)


def how(grammar): return 'refused' if grammar is None else 'relaxed' if grammar.relaxed else 'exact'


FILES = [(draft, file) for draft in DRAFTS for file in SUITE[draft]]
each_file = pytest.mark.parametrize(('draft', 'file'), FILES, ids=[f'{draft}-{file}' for draft, file in FILES])


@each_file
def test_what_is_not_valid_is_never_accepted_in_silence(draft, file):
    "It is refused; or a word of the schema is named that the grammar left out, without which it is valid, and the check of the answer finds it."
    for schema, grammar, tests in cases(draft, file):
        for what, instance, valid, text in tests:
            if valid or text is None: continue
            words = words_of(grammar.relaxed, RELAXABLE)
            assert words, f'{what}: {schema} accepts {text}'
            outside = any(word in line for line in grammar.relaxed for word in ('$ref', '$dynamicRef'))
            assert outside or fits(draft, without(schema, words), instance), f'{what}: {grammar.relaxed} is not why {schema} accepts {text}'
            assert outside or check_answer(schema, text), f'{what}: {text} is not found'


RELAXABLE = {*itertools.chain(*KINDS.values()), 'not', 'if', 'oneOf', 'anyOf', 'contains', 'dependencies', 'dependentSchemas', '$ref', '$dynamicRef'}


@each_file
def test_what_is_valid_is_accepted_but_for_a_reason(draft, file):
    for schema, _, tests in cases(draft, file):
        for what, instance, valid, text in tests:
            if not valid or text is not None or (draft, file, what) in UNREAD: continue
            assert reason_of(draft, schema, instance), f'{what}: {schema} refuses {instance!r}'


@pytest.mark.parametrize('draft', DRAFTS)
def test_a_schema_is_refused_only_when_no_finite_value_fits(draft):
    for file in SUITE[draft]:
        for schema, grammar, tests in cases(draft, file):
            if grammar is None: assert not any(valid and reason_of(draft, schema, o) is None for _, o, valid, _ in tests), schema


@pytest.mark.parametrize('draft', DRAFTS)
def test_the_counts_are_as_they_were(draft):
    said = Counter()
    for file in SUITE[draft]:
        for schema, grammar, tests in cases(draft, file):
            said[f'schema: {how(grammar)}'] += 1
            for _, instance, valid, text in tests:
                if not valid: said['invalid: refused' if text is None else 'invalid: accepted, and named'] += 1
                elif text is not None: said['valid: accepted'] += 1
                else: said[f"valid: refused, {reason_of(draft, schema, instance) or 'not read'}"] += 1
    assert dict(sorted(said.items())) == COUNTS[draft]
