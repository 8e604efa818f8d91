"""Schemas of the world: each is read, compiled, and answered by a model that knows nothing, on the vocabulary of a real one.

The judge is jsonschema, in the draft that the schema names (formats are not asserted, patterns are read by `regex`, which knows what ECMA-262 knows).
"""
import functools, json, re

import jsonschema
import numpy as np
import pytest
import regex
from dspy.lm15 import ContextLengthError
from jsonschema.validators import extend, validator_for

from tests.engine.vocabularies import vocabulary
from tests.engine.world_schemas import SCHEMAS

from dspy_toolkit.engine.grammar import Grammar, babble

# The vocabularies are spread over the schemas. Every one meets every kind of them, the largest only some.
TURNS = ('sentencepiece-32k', 'byte-bpe-151k', 'byte-bpe-65k') * 3 + ('unigram-262k',)
PLACES = {name: n for n, name in enumerate(SCHEMAS)}
DROPPED_TOGETHER = {'if': ('if', 'then', 'else'), 'contains': ('contains', 'minContains', 'maxContains')}


@functools.cache
def grammar_of(name): return Grammar.from_schema(SCHEMAS[name].schema)


def letters_for(name): return vocabulary(TURNS[PLACES[name] % len(TURNS)])


def _pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, 'string') and not regex.search(pattern, instance): yield jsonschema.ValidationError(f'{instance!r} does not match {pattern!r}')


def judge(schema):
    made = validator_for(schema, default=jsonschema.Draft202012Validator)
    return extend(made, {'pattern': _pattern})(schema)


def words_of(said, words):
    "Which of these words of a schema a grammar says it relaxed."
    return {w for w in words if any(re.search(rf'(?<![\w$]){re.escape(w)}(?!\w)', line) for line in said)}


def without(schema, words):
    "A schema as it is when some words are relaxed: one of several becomes any of them, all else is dropped."
    if isinstance(schema, list): return [without(s, words) for s in schema]
    if not isinstance(schema, dict): return schema
    dropped = {w for word in words for w in DROPPED_TOGETHER.get(word, (word,))}
    found = {k: without(v, words) for k, v in schema.items() if k not in dropped or not _is_keyword(k, v)}
    if 'oneOf' in dropped and isinstance(schema.get('oneOf'), list): found['allOf'] = [*found.get('allOf', ()), {'anyOf': without(schema['oneOf'], words)}]
    return found


def _is_keyword(key, value):
    "Whether this can be the word of a schema; a property of this name has a schema as its value."
    return isinstance(value, (str, list, bool, int)) or key in (
        'not', 'if', 'contains', 'dependencies', 'dependentRequired', 'dependentSchemas', 'patternProperties', 'unevaluatedItems', 'unevaluatedProperties')


def leap(letters, grammar, max_tokens, seed):
    "The same as `babble`, where what has no choice is taken in one step."
    constraint, rng, out = letters.constraint(grammar, max_tokens), np.random.default_rng(seed), []
    while not constraint.done:
        for token in constraint.find_forced_tokens() or [int(rng.choice(np.flatnonzero(constraint.mask())))]: out.append(constraint.push(token))
    assert len(out) <= max_tokens
    return b''.join(letters.bytes_of(t) for t in out if t is not None).decode()


def is_right(name, grammar, answer):
    "An answer is JSON and valid, but for what was said to be relaxed."
    value, schema = json.loads(answer), SCHEMAS[name].schema
    wrong = next(judge(schema).iter_errors(value), None)
    if wrong is None: return True
    relaxed = words_of(grammar.relaxed, SCHEMAS[name].relaxable)
    assert relaxed, f'{name}: {wrong.message[:300]} at {list(wrong.absolute_path)} in {answer[:300]}'
    wrong = next(judge(without(schema, relaxed)).iter_errors(value), None)
    assert wrong is None, f'{name}, also without {relaxed}: {wrong.message[:300]} at {list(wrong.absolute_path)} in {answer[:300]}'
    return True


def answers(name, way, max_tokens, seed):
    letters, grammar = letters_for(name), grammar_of(name)
    try: answer = way(letters, grammar, max_tokens, seed)
    except ContextLengthError:
        assert letters.count_needed(grammar) > max_tokens
        return
    assert is_right(name, grammar, answer)


@pytest.mark.parametrize('name', SCHEMAS)
def test_only_what_has_no_grammar_is_relaxed(name):
    said = grammar_of(name).relaxed
    assert all(words_of([line], SCHEMAS[name].relaxable) for line in said), said


@pytest.mark.parametrize('name', SCHEMAS)
def test_a_short_answer_is_valid(name):
    for seed in range(3): answers(name, babble, 64, seed)


@pytest.mark.parametrize('name', SCHEMAS)
def test_an_answer_by_leaps_is_valid(name):
    answers(name, leap, 300, 7)


# what grows when there is room; a random model never ends a free text by itself
LONG = [name for name in SCHEMAS if PLACES[name] % 4 == 1 or name in ('chart', 'findings log', 'union of seven', '200 optional enums', 'odd names', 'json value')]


@pytest.mark.parametrize('name', LONG)
def test_a_long_answer_is_valid(name):
    answers(name, babble, 2000, 11)


def test_every_vocabulary_has_its_turn_on_long_answers():
    assert {TURNS[PLACES[name] % len(TURNS)] for name in LONG} == set(TURNS)


@pytest.mark.parametrize('text', ['</tool_call>', '<tool_call>', '<|im_end|>', '<|endoftext|>'])
def test_a_fixed_text_that_spells_a_token_of_the_model_is_written_in_letters(text):
    letters, grammar = vocabulary('byte-bpe-151k'), Grammar.from_schema({'const': {text: text}})
    for way in (babble, leap): assert json.loads(way(letters, grammar, 60, 0)) == {text: text}
