"What the parts of a schema say together: a grammar that says it relaxed nothing accepts only what is valid."
import itertools

import jsonschema
from dspy.lm15 import InvalidRequestError
from hypothesis import assume, given, settings, strategies as st

from tests.suite.test_schema_suite import spellings

from dspy_toolkit.engine.grammar import Grammar

NAMES = st.sampled_from(['a', 'b', 'ab'])
SIMPLE = st.sampled_from([True, False, {}, {'type': 'integer'}, {'type': 'string'}, {'const': 1}, {'const': True}, {'enum': [1, 'a', None]},
                          {'type': 'integer', 'minimum': 2}, {'type': 'number', 'maximum': 3}, {'type': 'string', 'maxLength': 1}, {'$ref': '#/$defs/x'}])


def parts(inner):
    "Some words beside each other; those that know of other words are here the more often."
    few = st.lists(inner, min_size=1, max_size=2)
    words = {
        'properties': st.dictionaries(NAMES, inner, min_size=1, max_size=2), 'patternProperties': st.dictionaries(st.sampled_from(['^a', 'b$', '^ab$']), inner, min_size=1, max_size=1),
        'additionalProperties': inner, 'unevaluatedProperties': inner, 'required': st.lists(NAMES, max_size=2, unique=True), 'minProperties': st.integers(0, 2),
        'propertyNames': st.sampled_from([{'maxLength': 1}, {'pattern': '^a'}, {'enum': ['a', 'b']}]), 'dependentRequired': st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=1), min_size=1, max_size=1),
        'prefixItems': few, 'items': inner, 'unevaluatedItems': inner, 'minItems': st.integers(0, 2), 'maxItems': st.integers(0, 3), 'allOf': few, 'anyOf': few,
        'type': st.sampled_from(['object', 'array', ['object', 'array']])}
    return st.lists(st.sampled_from(list(words)), min_size=1, max_size=4, unique=True).flatmap(lambda chosen: st.fixed_dictionaries({w: words[w] for w in chosen}))


SCHEMAS = st.recursive(SIMPLE, parts, max_leaves=6)
LEAVES = st.sampled_from([1, True, 'a', 'aa', None, 0, 3, 2.5, False])
VALUES = st.recursive(LEAVES, lambda inner: st.one_of(st.dictionaries(st.sampled_from(['a', 'b', 'ab', 'c']), inner, max_size=3), st.lists(inner, max_size=3)), max_leaves=4)


@given(parts(SCHEMAS), SCHEMAS, st.lists(VALUES, min_size=10, max_size=25))
@settings(max_examples=120)
def test_what_parts_forbid_together_is_not_accepted(schema, named, values):
    schema = {**schema, '$defs': {'x': named if named != {'$ref': '#/$defs/x'} else {}}}
    try: grammar = Grammar.from_schema(schema)
    except InvalidRequestError: assume(False)
    assume(not grammar.relaxed)
    judge = jsonschema.Draft202012Validator(schema)
    for value in values:
        for text in itertools.islice(spellings(value), 24):
            try: assert not grammar.accepts(text) or judge.is_valid(value), text
            except RecursionError: return  # a definition that is nothing but itself
