"""The schema of the outputs says in which dialect its patterns are read: what pydantic itself does with a text decides."""
import json, re
from dataclasses import dataclass as plain_dataclass
from typing import Annotated

import dspy, pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from typing_extensions import TypedDict

from dspy_toolkit.core.errors import SignatureSyntaxError
from dspy_toolkit.engine.patterns import read_pattern
from dspy_toolkit.signatures.schema import input_schema, output_schema
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.spec import SignatureSpec

Code = Annotated[str, Field(pattern='^x$')]  # of the two only Python takes a newline behind the x


class Rusty(BaseModel): code: Code
class Pythonic(BaseModel):
    model_config = ConfigDict(regex_engine='python-re')
    code: Code


class RustyChild(Rusty): pass
class PythonicChild(Pythonic): more: int = 0
class RustyInPythonic(BaseModel):
    model_config = ConfigDict(regex_engine='python-re')
    inner: Rusty


class Keys(TypedDict): code: Code
@plain_dataclass
class Plain: code: Code
@dataclass
class Typed: code: Code
@dataclass(config=ConfigDict(regex_engine='python-re'))
class TypedPythonic: code: Code
class Around(BaseModel):
    model_config = ConfigDict(regex_engine='python-re')
    keys: Keys
    plain: Plain
    typed: Typed
    listed: list[Code]
    either: Code | None
    after: Code


class Tree(BaseModel):
    model_config = ConfigDict(regex_engine='python-re')
    code: Code
    more: list['Tree'] = []


def with_output(annotation): return dspy.Signature({'q': (str, dspy.InputField()), 'out': (annotation, dspy.OutputField())}, '')


def dialects(schema, top):
    "The dialect of every pattern in a schema."
    if isinstance(schema, list): return {d for part in schema for d in dialects(part, top)}
    if not isinstance(schema, dict): return set()
    here = {schema.get('x-dialect', top)} if isinstance(schema.get('pattern'), str) else {top} if 'patternProperties' in schema else set()
    return here.union(*(dialects(part, top) for part in schema.values()))


@pytest.mark.parametrize('annotation, value', [
    (Code, 'x\n'), (Rusty, {'code': 'x\n'}), (Pythonic, {'code': 'x\n'}), (RustyChild, {'code': 'x\n'}), (PythonicChild, {'code': 'x\n'}), (RustyInPythonic, {'inner': {'code': 'x\n'}}),
    (Annotated[str, Field(pattern=re.compile('^x$'))], 'x\n'), (Keys, {'code': 'x\n'}), (Typed, {'code': 'x\n'}), (TypedPythonic, {'code': 'x\n'}), (Plain, {'code': 'x\n'}),
    (list[Pythonic], [{'code': 'x\n'}]), (dict[Code, int], {'x\n': 1}), (dict[Annotated[str, Field(pattern=re.compile('^x$'))], int], {'x\n': 1}), (Tree, {'code': 'x', 'more': [{'code': 'x\n'}]}),
])
def test_a_pattern_has_the_dialect_of_who_validates_it(annotation, value):
    schema = output_schema(with_output(annotation))
    try: TypeAdapter(annotation).validate_python(value); expected = 'python'
    except ValidationError: expected = 'rust'
    assert dialects(schema, schema['x-dialect']) == {expected}


def test_what_stands_in_a_model_of_pythons_is_read_as_pydantic_reads_it():
    schema, good = output_schema(with_output(Around)), {'keys': {'code': 'x'}, 'plain': {'code': 'x'}, 'typed': {'code': 'x'}, 'listed': ['x'], 'either': 'x', 'after': 'x'}
    bad = {'keys': {'code': 'x\n'}, 'plain': {'code': 'x\n'}, 'typed': {'code': 'x\n'}, 'listed': ['x\n'], 'either': 'x\n', 'after': 'x\n'}
    for name, value in bad.items():
        try: Around.model_validate({**good, name: value}); expected = 'python'
        except ValidationError: expected = 'rust'
        part = schema['$defs']['Around']['properties'][name]
        if '$ref' in part: part = schema['$defs'][part['$ref'].split('/')[-1]]
        assert dialects(part, 'rust') == {expected}, name


def test_a_compiled_pattern_keeps_its_flags():
    part = output_schema(with_output(Annotated[str, Field(pattern=re.compile('^a.b$', re.IGNORECASE | re.DOTALL))]))['properties']['out']
    assert part == {'type': 'string', 'pattern': '(?is)^a.b$', 'x-dialect': 'python'}
    assert re.search(part['pattern'], 'A\nB') and read_pattern(part['pattern'], 'python').relaxed == ()


def test_the_inputs_and_schemas_without_a_pattern_of_pythons_have_no_word_of_ours_inside():
    signature = dspy.Signature({'q': (Pythonic, dspy.InputField()), 'out': (Rusty, dspy.OutputField())}, '')
    assert 'x-' not in json.dumps(input_schema(signature))
    schema = output_schema(signature)
    assert schema.pop('x-dialect') == 'rust' and 'x-' not in json.dumps(schema)


def test_keys_with_a_pattern_and_other_limits_keep_both():
    part = output_schema(with_output(dict[Annotated[str, Field(pattern='^x', max_length=3)], int]))['properties']['out']
    assert part == {'type': 'object', 'additionalProperties': {'type': 'integer'}, 'propertyNames': {'type': 'string', 'pattern': '^x', 'maxLength': 3}}


@pytest.mark.parametrize('annotation, text', [(complex, '٣+1j'), (dict[int, int], '٣'), (dict[float, int], '٣')])
def test_our_own_patterns_ask_for_ascii_digits_in_every_dialect(annotation, text):
    part = output_schema(with_output(annotation))['properties']['out']
    pattern = part.get('pattern') or part['propertyNames']['pattern']
    assert '\\d' not in pattern and not re.search(pattern, text)


class Ahead(BaseModel):
    model_config = ConfigDict(regex_engine='python-re')
    code: Annotated[str, Field(pattern='^(?=.*[0-9])[a-z0-9]+$')]


@pytest.mark.parametrize('annotation, good, bad', [
    (Ahead, {'code': 'a1'}, {'code': 'ab'}), (list[Ahead], [{'code': 'a1'}], [{'code': 'ab'}]),
    (Annotated[str, Field(pattern=re.compile('^(?=.*[0-9])[a-z0-9]+$'))], 'a1', 'ab'), (Annotated[str, Field(pattern=re.compile('^a.b$', re.I | re.S))], 'A\nB', 'Ac'),
    (Annotated[str, Field(pattern=re.compile('(?i)^ab$'))], 'AB', 'abc'), (Annotated[str, Field(pattern=re.compile('(?i)^a$|^b$', re.M))], 'x\nB', 'c'),
])
def test_a_dialect_is_kept_by_what_is_stored_written_and_typed(annotation, good, bad):
    spec = SignatureSpec.from_dspy(with_output(annotation))
    again = SignatureSpec.from_json(json.loads(json.dumps(spec.to_json())))
    typed, made = parse_cell(spec.to_cell(), spec.name, {'Ahead': Ahead}), {}
    exec(spec.to_source(), made)
    for signature in (again.to_dspy(), typed.to_dspy(), made[spec.name]):
        field = signature.output_fields['out']
        check = TypeAdapter(Annotated[field.annotation, field])
        check.validate_python(good)
        with pytest.raises(ValidationError): check.validate_python(bad)
        assert output_schema(signature) == output_schema(with_output(annotation))
    assert again == spec and typed.spec.digest == spec.digest


def test_a_pattern_in_a_cell_may_be_compiled():
    cell = parse_cell('q: str -> code: Annotated[str, Field(pattern=re.compile("(?i)^ab$"))]', 'Coded')
    field = cell.to_dspy().output_fields['code']
    assert TypeAdapter(Annotated[field.annotation, field]).validate_python('AB') == 'AB'
    with pytest.raises(SignatureSyntaxError, match='unterminated'): parse_cell('q: str -> code: Annotated[str, Field(pattern=re.compile("["))]', 'Coded')
