"A constraint that does not go with its type is told where it is written, and where a stored signature is made; what no value can meet is known as pydantic knows it."
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from dspy_toolkit.core.errors import SignatureError, SignatureSyntaxError
from dspy_toolkit.signatures.checks import find_misfit, fits_no_value, type_problem
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.signatures.spec import SignatureSpec
from dspy_toolkit.signatures.types import CONSTRAINTS, TypeReader

VALUES = {
    int: 3, float: 3.0, bool: True, Decimal: Decimal(3), str: 'abc', bytes: b'abc', date: date(2026, 1, 2), datetime: datetime(2026, 1, 2, tzinfo=UTC), time: time(1), timedelta: timedelta(1),
    list[int]: [1], dict[str, int]: {'a': 1}, set[int]: {1}, frozenset[int]: frozenset([1]), tuple[int, int]: (1, 2), int | None: 3, str | None: 'abc', list[int] | None: [1]}
GIVEN = {name: 1 for name in CONSTRAINTS} | dict(pattern='a', allow_inf_nan=True, strict=True)
MOMENTS = {date: date(2020, 1, 1), datetime: datetime(2020, 1, 1, tzinfo=UTC), time: time(0), timedelta: timedelta(0)}
ORDER = 'gt', 'ge', 'lt', 'le'
CASES = [(kind, name) for kind in VALUES for name in CONSTRAINTS if name != 'coerce_numbers_to_str']  # which is for a text of a number


def read(annotation): return TypeReader().read_annotated(annotation, [])


def fails(kind, name, given):
    "Does pydantic refuse the constraint, or fail at a value in another way than to say that it is wrong?"
    try: TypeAdapter(Annotated[kind, Field(**{name: given})]).validate_python(VALUES[kind])
    except ValidationError: return False
    except Exception: return True
    return False


@pytest.mark.parametrize('kind, name', CASES, ids=str)
def test_a_constraint_that_pydantic_could_not_use_is_a_misfit_and_no_other(kind, name):
    given = MOMENTS.get(kind, GIVEN[name]) if name in ORDER else GIVEN[name]
    misfit = find_misfit(read(Annotated[kind, Field(**{name: given})]))
    assert (misfit is not None) == fails(kind, name, given)
    assert misfit is None or misfit.name == name and name in str(misfit)


def test_a_text_is_compared_with_a_text_and_not_with_a_number():
    assert find_misfit(read(Annotated[bytes, Field(ge=b'a')])) is None and not fails(bytes, 'ge', b'a')
    assert fits_no_value(read(str), 'ge', 3) and not fits_no_value(read(str), 'ge', 'a')


@pytest.mark.parametrize('annotation, said', [
    ('Annotated[int, Field(ge="a")]', """pydantic refuses ge="a" for int: 'ge' must be coercible to an integer"""),
    ('Annotated[str, Field(min_length=-1)]', "pydantic refuses min_length=-1 for str: can't convert negative int to unsigned"),
    ('Annotated[str, Field(pattern="(")]', 'pydantic refuses pattern="(" for str: unclosed group'),
    ('Annotated[int, Field(multiple_of=0)]', "pydantic refuses multiple_of=0 for int: 'multiple_of' must be a finite number greater than 0"),
    ('Annotated[int, Field(allow_inf_nan=True)]', "pydantic refuses allow_inf_nan=True for int: Unable to apply constraint 'allow_inf_nan' to schema of type 'int'"),
    ('list[Annotated[str, Field(pattern="[")]]', 'pydantic refuses pattern="[" for str: unclosed character class'),
    ('list[Annotated[int, Field(max_length=2)]]', 'max_length=2 does not apply to an int'),
    ('Annotated[Annotated[str, Field(pattern="(")], Field(min_length=1)]', 'pydantic refuses pattern="(" for str: unclosed group'),
    ('Annotated[list[int], Field(ge=3)]', 'ge=3 does not apply to a list[int]'),
    ('Annotated[dict[str, int], Field(pattern="a")]', 'pattern="a" does not apply to a dict[str, int]'),
    ('Annotated[list[int] | None, Field(ge=3)]', 'ge=3 does not apply to a list[int] | None'),
    ('int = dspy.OutputField(ge="x")', """pydantic refuses ge="x" for int: 'ge' must be coercible to an integer""")])
def test_a_cell_is_told_which_constraint_and_why(annotation, said):
    with pytest.raises(SignatureSyntaxError, match='line 4, column') as caught: parse_cell(f'T\nq: str\n->\na: {annotation}')
    assert caught.value.message == said and 'validator' not in str(caught.value)


STORED = dict(format=1, name='T', instructions='x', fields=[dict(name='q', direction='input', type=dict(type='str')), dict(name='a', direction='output', type=dict(type='int'))])


def stored(**more):
    "A spec of which pydantic has not heard yet, with another output."
    data = STORED | {key: value for key, value in more.items() if key == 'definitions'}
    output = data['fields'][1] | {key: value for key, value in more.items() if key != 'definitions'}
    return SignatureSpec.from_json(data | dict(fields=[data['fields'][0], output]))


def test_a_stored_signature_that_cannot_be_made_says_where_and_why():
    of_text = dict(type='annotated', args=[dict(type='str')], constraints=dict(pattern='('))
    definitions = dict(M=dict(kind='model', fields=[dict(name='inner', type=of_text)]))
    moods = dict(Mood=dict(kind='enum', base='Enum', members=[['ok', 1]]))
    of_moods = dict(type='annotated', args=[dict(type='list', args=[dict(type='enum', name='Mood')])], constraints=dict(min_length='x'))
    for spec, said in (
            (stored(constraints=dict(ge='x')), """T.a: pydantic refuses ge="x" for int: 'ge' must be coercible to an integer"""),
            (stored(constraints=dict(ge=[])), "T.a: pydantic refuses ge=[] for int: 'ge' must be coercible to an integer"),
            (stored(type=of_text), 'T.a: pydantic refuses pattern="(" for str: unclosed group'),
            (stored(type=of_text, constraints=dict(min_length=1)), 'T.a: pydantic refuses pattern="(" for str: unclosed group'),
            (stored(type=dict(type='model', name='M'), definitions=definitions), "T cannot be made: unclosed group, in the field 'inner'"),
            (stored(type=of_moods, definitions=moods), "T cannot be made: 'str' object cannot be interpreted as an integer, in the field 'a'"),
            (stored(type=of_moods | dict(constraints=dict(allow_inf_nan=True)), definitions=moods), "T cannot be made: Unable to apply constraint 'allow_inf_nan' to schema of type 'list'")):
        with pytest.raises(SignatureError) as caught: spec.to_dspy()
        assert str(caught.value) == said and 'must go with its type' in caught.value.hint
    assert stored(constraints=dict(ge=3)).to_dspy().__name__ == 'T'


def test_a_type_that_is_refused_as_a_whole_is_named():
    class Odd:
        @classmethod
        def __get_pydantic_core_schema__(cls, source, handler): raise TypeError('no\nnot today')
    node = dict(type='model', name='Odd')
    assert type_problem(node, dict(Odd=Odd)) == 'not today' and str(find_misfit(node, dict(Odd=Odd))) == 'pydantic refuses Odd: not today'
    assert type_problem(read(dict[str, Any])) == '' and find_misfit(read(list[Annotated[int, Field(ge=1)]])) is None
