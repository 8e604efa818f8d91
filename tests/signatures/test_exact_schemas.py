"What a validator takes, the schema of an output lets through and brings back; what it refuses, the schema refuses."
import json
import uuid
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Literal, Optional

import dspy
import pytest
from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.engine.grammar import Grammar, babble, byte_vocabulary
from dspy_toolkit.signatures.schema import output_schema
from pydantic import (AliasChoices, AliasPath, AnyUrl, AwareDatetime, Base64Bytes, Base64Str, BaseModel, ConfigDict, Field, FileUrl, HttpUrl, Json, KafkaDsn, MongoDsn, NaiveDatetime,
                      NatsDsn, PastDate, PostgresDsn, RedisDsn, TypeAdapter)


class Cell(BaseModel):
    model_config = ConfigDict(frozen=True)
    row: int


class Cells(BaseModel):
    numbers: dict[Cell, int]
    names: dict[Cell, str]


class Deep(BaseModel):
    first: int = Field(validation_alias=AliasPath('x', 'y', 0))
    third: int = Field(validation_alias=AliasPath('x', 'y', 2))
    word: str = Field('z', validation_alias=AliasPath('x', 'w'))
    other: int = Field(validation_alias=AliasChoices('other', AliasPath('q', 'r')))


def limited(kind, **limits): return Annotated[kind, Field(**limits)]
def with_output(annotation): return dspy.Signature({'text': (str, dspy.InputField()), 'out': (annotation, dspy.OutputField())}, 'x')
def url(kind, text): return TypeAdapter(kind).validate_python(text)


LONG, HOURS = Decimal('123456789012345678901234567890.1234567890123456789'), timezone(timedelta(hours=2))
COMES_BACK = [
    (limited(date, ge=date(2024, 1, 31)), date(2024, 2, 29)), (limited(date, lt=date(1800, 1, 1)), date(4, 2, 29)), (PastDate, date(1, 1, 1)),
    (limited(datetime, ge=datetime(2024, 1, 31)), datetime(2024, 1, 31, 0, 0, 0, 1)), (limited(datetime, gt=datetime(2024, 1, 1, 12, tzinfo=HOURS)), datetime(2024, 1, 1, 10, 0, 0, 1, UTC)),
    (AwareDatetime, datetime(9999, 12, 31, 23, 59, 59, 999999, HOURS)), (NaiveDatetime, datetime(2024, 12, 31, 1, 2, 3, 45)), (limited(time, le=time(9, 30)), time(9, 29, 59, 999999)),
    (limited(timedelta, gt=timedelta(0)), timedelta(400, 3661, 5)), (timedelta, timedelta.max), (timedelta, timedelta.min),
    (dict[Literal[2024, 2025], float], {2024: 1.5, 2025: 2.0}), (dict[limited(int, ge=3, multiple_of=3), str], {3: 'a', 3 * 10 ** 20: 'b'}), (dict[limited(float, gt=0), int], {5e-324: 1, 1e300: 2}),
    (dict[bool, int], {True: 1}), (dict[Decimal, int], {Decimal('1.10'): 1}), (dict[limited(date, ge=date(2024, 2, 28)), int], {date(2024, 2, 29): 1}), (dict[uuid.UUID, int], {uuid.UUID(int=5 << 76): 1}),
    (dict[limited(timedelta, ge=timedelta(1)), int], {timedelta(3, 5): 1}), (Decimal, LONG), (Decimal, Decimal('1E+400')), (Decimal, Decimal('-1.5E-10')), (limited(Decimal, gt=Decimal('0.1')), Decimal('0.10000000000000000001')),
    (limited(Decimal, max_digits=5, decimal_places=2), Decimal('999.99')), (complex, complex(1e300, -1e-300)), (AnyUrl, url(AnyUrl, 'https://me:pw@example.com:65535/a?b=1#c')), (AnyUrl, url(AnyUrl, 'http://db:80/')),
    (PostgresDsn, url(PostgresDsn, 'postgresql+asyncpg://u:p@one:5432,two:5433/db')), (RedisDsn, url(RedisDsn, 'redis://:pw@localhost:6379/0')), (Base64Bytes, b'\xff\x00abc'), (Base64Str, 'hello'),
]


@pytest.mark.parametrize(('annotation', 'value'), COMES_BACK, ids=str)
def test_what_the_validator_takes_comes_back(annotation, value):
    signature = with_output(annotation)
    text = json.dumps({'out': TypeAdapter(annotation).dump_python(value, mode='json')})
    assert Grammar.from_schema(output_schema(signature)).tracker().advance(text.encode()).accepts, text
    assert GrammarAdapter().parse(signature, text)['out'] == value


@pytest.mark.parametrize(('annotation', 'text'), [
    (limited(date, ge=date(2024, 2, 10)), '"2024-02-30"'), (limited(date, ge=date(2024, 2, 10)), '"2024-02-09"'), (limited(datetime, gt=datetime(2024, 1, 1, 12, tzinfo=HOURS)), '"2024-01-01T13:00:00+05:00"'),
    (AwareDatetime, '"2024-01-01T00:00:00"'), (NaiveDatetime, '"2024-01-01T00:00:00Z"'), (limited(timedelta, le=timedelta(hours=1)), '"PT1H0.000001S"'), (dict[Literal[2024, 2025], float], '{"2026": 1}'),
    (dict[limited(int, ge=3), str], '{"2": "a"}'), (dict[limited(float, gt=0), str], '{"-1": "a"}'), (limited(Decimal, gt=Decimal('0.1')), '0.100'), (limited(Decimal, max_digits=5, decimal_places=2), '1000'),
    (HttpUrl, '"ftp://a.b"'), (PostgresDsn, '"mysql://a/b"')], ids=str)
def test_what_the_validator_refuses_may_not_be_said(annotation, text):
    with pytest.raises(ValueError): TypeAdapter(annotation).validate_json(text)
    assert not Grammar.from_schema(output_schema(with_output(annotation))).tracker().advance(f'{{"out": {text}}}'.encode()).accepts


letters = byte_vocabulary()


@pytest.mark.parametrize('annotation', [Deep, Cells, dict[Optional[int], int], dict[Literal[1, 'a', True, None], int], dict[tuple[int, str], int], Json[list[Json[int]]], Json[Json[Json[list[str]]]], FileUrl, MongoDsn, KafkaDsn,
                                        NatsDsn, limited(set[tuple[bool, bool]], min_length=3), limited(dict[bool, int], min_length=2)], ids=str)
def test_whatever_is_said_is_taken(annotation):
    signature = with_output(annotation)
    grammar = Grammar.from_schema(output_schema(signature))
    for seed in range(12):
        text = babble(letters, grammar, letters.count_needed(grammar) + 5 * seed, seed)
        GrammarAdapter().parse(signature, text)
        if annotation in (Deep, FileUrl, MongoDsn) or 'set' in str(annotation): TypeAdapter(annotation).validate_json(json.dumps(json.loads(text)['out']))


@pytest.mark.parametrize('text', ['0.1234567890123456789', '"0.1234567890123456789"'])
def test_a_decimal_keeps_all_its_digits(text):
    assert GrammarAdapter().parse(with_output(Decimal), f'{{"out": {text}}}')['out'] == Decimal('0.1234567890123456789')
