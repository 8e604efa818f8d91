"""Schemas say all there is to say, answers that fit them read back exactly, and inputs are checked as Python feels."""
import enum
import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Optional

import dspy
import jsonschema
import pytest
from dspy_toolkit.core.errors import InputError, UnsupportedType
from dspy_toolkit.signatures.schema import check_inputs, input_schema, output_schema, read_outputs, read_texts
from dspy_toolkit.signatures.source import parse_cell
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ByteSize, ConfigDict, Field, FutureDate, Json, PastDate, TypeAdapter


class Mood(enum.Enum):
    calm = "calm"
    two = "2"


class Level(enum.IntEnum):
    low = 1
    high = 2


class Pair(enum.Enum):
    near = (1, 2)
    far = (3, 4)


class Person(BaseModel):
    name: str
    born: date | None = None
    moods: set[Mood] = set()
    raw: bytes = b""
    knows: list["Person"] = []


def with_output(annotation, **kwargs):
    return dspy.Signature({"text": (str, dspy.InputField()), "out": (annotation, dspy.OutputField(**kwargs))}, "x")


text, ints = st.text(max_size=8), st.integers(-10**9, 10**9)
ascii_text = st.text(st.characters(codec="ascii", min_codepoint=32), max_size=6)
people = st.recursive(st.builds(Person, name=text, born=st.none() | st.dates(), moods=st.sets(st.sampled_from(Mood)), raw=ascii_text.map(str.encode)),
                      lambda inner: st.builds(Person, name=text, knows=st.lists(inner, max_size=2)), max_leaves=3)
KINDS = {
    str: text, int: ints, float: st.floats(allow_nan=False, allow_infinity=False), bool: st.booleans(), bytes: ascii_text.map(str.encode), type(None): st.none(),
    Optional[str]: st.none() | text, Optional[Mood]: st.none() | st.sampled_from(Mood), Mood: st.sampled_from(Mood), Level: st.sampled_from(Level), Pair: st.sampled_from(Pair),
    Literal["a", 1, True, None, "1"]: st.sampled_from(["a", 1, True, None, "1"]), Literal[Mood.calm, b"x"]: st.sampled_from([Mood.calm, b"x"]),
    str | int: text | ints, int | date: ints | st.dates(), list[bytes]: st.lists(ascii_text.map(str.encode), max_size=2), set[int]: st.sets(ints, max_size=3),
    frozenset[str]: st.frozensets(text, max_size=3), tuple[int, str]: st.tuples(ints, text), tuple[int, ...]: st.lists(ints, max_size=3).map(tuple), tuple[()]: st.just(()),
    dict[str, date]: st.dictionaries(text, st.dates(), max_size=2), dict[int, list[str]]: st.dictionaries(ints, st.lists(text, max_size=2), max_size=2),
    date: st.dates(), datetime: st.datetimes() | st.datetimes(timezones=st.just(UTC)), time: st.times(), timedelta: st.timedeltas(timedelta(-999), timedelta(999)),
    Decimal: st.decimals(-10**6, 10**6, places=3), uuid.UUID: st.uuids(), Path: st.sampled_from([Path("a/b"), Path("12"), Path("[x]")]),
    Any: st.recursive(st.none() | st.booleans() | ints | text, lambda i: st.lists(i, max_size=2) | st.dictionaries(text, i, max_size=2), max_leaves=3),
    Person: people, list[Person]: st.lists(people, max_size=2), dict[str, Person | None]: st.dictionaries(text, st.none() | people, max_size=2),
    Annotated[int, Field(ge=1, le=5)]: st.integers(1, 5), dspy.Code: st.builds(dspy.Code, code=ascii_text),
}


@pytest.mark.parametrize("annotation", KINDS, ids=str)
@given(data=st.data())
@settings(max_examples=15)
def test_an_answer_that_fits_the_schema_reads_back_exactly(annotation, data):
    value = data.draw(KINDS[annotation])
    signature = with_output(annotation)
    if annotation is Pair: written = value.name
    elif isinstance(value, dspy.Code): written = {"code": value.code}
    elif isinstance(value, Decimal): written = float(value)
    else: written = json.loads(TypeAdapter(annotation).dump_json(value))
    jsonschema.validate({"out": written}, output_schema(signature))
    read = read_outputs(signature, {"out": written})["out"]
    assert read == value and type(read) is type(value)


@pytest.mark.parametrize("annotation", [*KINDS, list, dict, set, tuple, dict[str, Any], list[dict[str, list[Mood]]], dspy.ToolCalls, dspy.History, dspy.Image, dspy.Reasoning,
                                        complex, Level | Person], ids=str)
def test_every_annotation_dspy_accepts_has_a_schema(annotation):
    schema = output_schema(with_output(annotation))
    assert schema["required"] == ["out"] and schema["additionalProperties"] is False
    jsonschema.Draft202012Validator.check_schema(schema)
    assert input_schema(dspy.Signature({"x": (annotation, dspy.InputField()), "ok": (bool, dspy.OutputField())}, "x"))["properties"].keys() == {"x"}


@pytest.mark.parametrize("annotation", [dspy.Tool, list[dspy.Tool], Callable, type[int]], ids=str)
def test_what_has_no_json_form_can_be_given_but_not_answered(annotation):
    assert input_schema(dspy.Signature({"x": (annotation, dspy.InputField()), "ok": (bool, dspy.OutputField())}, "x"))["properties"].keys() == {"x"}
    with pytest.raises(UnsupportedType, match="no model can write the output 'out'") as caught: output_schema(with_output(annotation))
    assert "\n" not in str(caught.value) and caught.value.hint


days, instants = st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.datetimes(datetime(1950, 1, 1), datetime(2090, 12, 31)).map(lambda d: d.replace(microsecond=0))


def lets_through(annotation, value):
    prop = output_schema(with_output(annotation))["properties"]["out"]
    return re.fullmatch(prop["pattern"], value.isoformat()) is not None


@given(days, days, days, st.booleans(), st.booleans())
def test_a_date_is_let_through_just_when_the_constraints_do(a, b, day, above, below):
    low, high = sorted((a, b))
    if (high - low).days < 2: high = low + timedelta(days=2)
    limits = {"gt" if above else "ge": low, "lt" if below else "le": high}
    for value in (low, high, day):
        if value.day <= 28: assert lets_through(Annotated[date, Field(**limits)], value) == (low <= value <= high and not (above and value == low or below and value == high))


@given(instants, instants, instants, st.booleans())
def test_a_datetime_is_let_through_just_when_the_constraints_do(a, b, instant, above):
    low, high = sorted((a, b))
    for value in (low, high, instant):
        if value.day <= 28 and low != high: assert lets_through(Annotated[datetime, Field(**{"gt" if above else "ge": low, "le": high})], value) == (low <= value <= high and not (above and value == low))


@given(st.times().map(lambda t: t.replace(microsecond=0)), st.times().map(lambda t: t.replace(microsecond=0)), st.times().map(lambda t: t.replace(microsecond=0)))
def test_a_time_is_let_through_just_when_the_constraints_do(a, b, value):
    low, high = sorted((a, b))
    assert lets_through(Annotated[time, Field(ge=low, le=high)], value) == (low <= value <= high)


def test_the_last_days_of_a_month_can_be_asked_for_alone():
    annotation = Annotated[date, Field(ge=date(2024, 1, 29), le=date(2024, 1, 31))]
    assert [d for d in range(1, 32) if lets_through(annotation, date(2024, 1, d))] == [29, 30, 31]


def test_past_and_future_begin_beside_today():
    this, day = date.today(), timedelta(1)
    assert lets_through(PastDate, this - day) and not lets_through(PastDate, this)
    assert lets_through(FutureDate, this + day) and not lets_through(FutureDate, this)


class Cell(BaseModel):
    model_config = ConfigDict(frozen=True)
    row: int


@pytest.mark.parametrize(("annotation", "written", "value"), [
    (dict[tuple[int, str], int], {'[1, "a,b"]': 2}, {(1, "a,b"): 2}), (dict[tuple[int, int], int], {"1,2": 3}, {(1, 2): 3}), (dict[frozenset[int], str], {"[1, 2]": "x"}, {frozenset({1, 2}): "x"}),
    (dict[Cell, int], {'{"row": 1}': 2}, {Cell(row=1): 2}), (dict[None, int], {"null": 1}, {None: 1}), (list[dict[tuple[Pair, date], int]], [{'["far", "2024-01-01"]': 1}], [{(Pair.far, date(2024, 1, 1)): 1}]),
    (list[Pair], ["near", [3, 4]], [Pair.near, Pair.far]), (Optional[Pair], "near", Pair.near), (dict[str, Literal[Mood.calm, b"x", 1, True]], {"a": "calm", "b": "x", "c": 1, "d": True},
     {"a": Mood.calm, "b": b"x", "c": 1, "d": True}), (complex, "1+2j", 1 + 2j), (Json[list[int]], "[1]", [1]), (ByteSize, 1024, 1024), (PastDate, "2001-02-03", date(2001, 2, 3)),
], ids=str)
def test_what_json_does_not_have_is_read_back(annotation, written, value):
    assert read_outputs(with_output(annotation), {"out": written}) == {"out": value}


@pytest.mark.parametrize(("annotation", "text", "value"), [
    (str, "12", "12"), (str, "None", "None"), (int, "12", 12), (bool, "True", True), (bool, "false", False), (Optional[str], "None", None), (Optional[str], "12", "12"), (Optional[str], '"a"', '"a"'),
    (Any, "12", 12), (Any, "two", "two"), (Any, "[1]", [1]), (date, "2024-02-29", date(2024, 2, 29)), (bytes, "123", b"123"), (Mood, "2", Mood.two), (Optional[Mood], "2", Mood.two), (Level, "2", Level.high), (Pair, "far", Pair.far),
    (Literal["a", 1, True, None], "True", True), (Literal["a", 1, True, None], "1", 1), (Literal["True", 1], "True", "True"), (int | str, "12", 12), (list[str], '["a"]', ["a"]), (dict[str, int], '{"a": 1}', {"a": 1}),
    (Decimal, "1.50", Decimal("1.5")), (Json[int], "3", 3), (dspy.Code, "x = 1", dspy.Code(code="x = 1")), (dspy.Reasoning, "since", dspy.Reasoning(content="since")), (uuid.UUID, str(uuid.UUID(int=5)), uuid.UUID(int=5)),
], ids=str)
def test_a_text_without_quotes_is_read_as_the_output_wants_it(annotation, text, value):
    found = read_texts(with_output(annotation), {"out": text})["out"]
    assert found == value and type(found) is type(value)


def test_a_dict_output_is_said_in_full():
    assert output_schema(with_output(dict[str, int]))["properties"]["out"] == {"type": "object", "additionalProperties": {"type": "integer"}}


def test_constraints_of_field_and_type_and_the_description_are_in_the_schema():
    assert output_schema(with_output(Annotated[int, Field(ge=1)], le=5, desc="stars"))["properties"]["out"] == {"type": "integer", "minimum": 1, "maximum": 5, "description": "stars"}


def test_fields_called_like_methods_of_pydantic_are_only_names():
    spec = parse_cell("copy, schema -> json: int, construct: bool, model_fields: str").spec
    assert output_schema(spec)["required"] == ["json", "construct", "model_fields"]


def test_defaults_are_in_the_schema_of_inputs_and_make_them_optional():
    schema = input_schema(parse_cell("a: str\nb: int = 3\nc: date = date(2024, 2, 29)\nd: str | None\n->\nok: bool = True").spec)
    assert schema["required"] == ["a"]
    assert {n: p["default"] for n, p in schema["properties"].items() if "default" in p} == {"b": 3, "c": "2024-02-29"}
    assert output_schema(parse_cell("a\n->\nok: bool = True").spec)["required"] == ["ok"]


def test_an_output_that_is_not_there_is_left_out_and_a_wrong_one_raises():
    signature = parse_cell("a -> b: int, c: str").spec
    assert read_outputs(signature, {"b": 3, "z": 1}) == {"b": 3}
    with pytest.raises(ValueError): read_outputs(signature, {"b": "x"})


# --- inputs

def takes(annotation, **kwargs):
    return dspy.Signature({"x": (annotation, dspy.InputField(**kwargs)), "ok": (bool, dspy.OutputField())}, "x", signature_name="Takes")


@pytest.mark.parametrize(("annotation", "value", "taken"), [
    (str, "a", "a"), (int, 3, 3), (float, 3, 3), (float, 3.5, 3.5), (bool, True, True), (str, ["a", "b"], ["a", "b"]), (Optional[int], None, None),
    (date, "2024-02-29", date(2024, 2, 29)), (Decimal, "1.5", Decimal("1.5")), (Mood, "calm", Mood.calm), (Mood, Mood.calm, Mood.calm), (Path, "a/b", Path("a/b")),
    (Person, {"name": "Ada"}, Person(name="Ada")), (set[int], [1, 2], {1, 2}), (tuple[int, str], [1, "a"], (1, "a")), (list[str], ("a",), ["a"]), (Any, object, object),
    (dspy.History, dspy.History(messages=[]), dspy.History(messages=[])), (list[dspy.Image], [], []), (dspy.Code, "x = 1", dspy.Code(code="x = 1")), (Literal["a", 1], 1, 1),
], ids=str)
def test_what_a_field_takes(annotation, value, taken):
    found = check_inputs(takes(annotation), {"x": value})["x"]
    assert found == taken and type(found) is type(taken)


def test_a_tool_and_an_image_pass_untouched():
    tool, image = dspy.Tool(len, name="length"), dspy.Image("https://example.org/a.png")
    signature = dspy.Signature({"tools": (list[dspy.Tool], dspy.InputField()), "photo": (dspy.Image, dspy.InputField()), "ok": (bool, dspy.OutputField())}, "x")
    found = check_inputs(signature, {"photo": image, "tools": [tool]})
    assert found["photo"] is image and found["tools"][0] is tool and list(found) == ["tools", "photo"]


@pytest.mark.parametrize(("annotation", "value", "said", "hint"), [
    (str, 42, "should be str, not int: 42", "str(...)"), (int, "42", "should be int, not str: '42'", "int(...)"), (int, True, "should be int, not bool: True", ""),
    (int, 3.0, "should be int, not float: 3.0", "int(...)"), (bool, "yes", "should be bool, not str", ""), (float, "1.5", "should be float, not str", "float(...)"),
    (str, None, "should be str, not NoneType", "x: str | None"), (Optional[int], "3", "should be int | None, not str", ""), (list[str], "a", "should be list[str], not str", ""),
    (list[str], ["a", 2], "1: should be a valid string, and it is 2", ""), (date, "soon", "should be date", ""), (dspy.Image, 42, "should be dspy.Image, not int", "dspy.Image(...)"),
    (Person, {"born": None}, "name: Field required", ""), (Mood, "sad", "'calm' or '2'", ""), (Literal["a", "b"], "c", "'a' or 'b'", ""), (int, "x" * 500, "should be int", ""),
], ids=lambda v: str(v)[:30])
def test_what_a_field_does_not_take_is_one_line_with_the_value(annotation, value, said, hint):
    with pytest.raises(InputError) as caught: check_inputs(takes(annotation), {"x": value})
    assert "the input 'x' of Takes" in str(caught.value) and said in str(caught.value) and hint in caught.value.hint and caught.value.hint
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 250


def test_constraints_hold_for_inputs_too():
    with pytest.raises(InputError, match="should be less than or equal to 5, and it is 7"): check_inputs(takes(int, le=5), {"x": 7})
    with pytest.raises(InputError, match="at most 3 characters"): check_inputs(takes(Annotated[str, Field(max_length=3)]), {"x": "long " * 100})


@pytest.mark.parametrize(("values", "said", "hint"), [
    ({}, "Ask needs the inputs 'question' and 'context'", "question = ..."), ({"question": "q"}, "Ask needs the input 'context'", "context = ..."),
    ({"qestion": "q", "context": "c"}, "Ask has no input 'qestion'", "did you mean 'question'?"), ({"question": "q", "context": "c", "zzz": 1}, "Ask has no input 'zzz'", "its inputs are"),
    ({"question": "q", "context": "c", "answer": "a"}, "Ask has no input 'answer'", "is an output"),
])
def test_a_missing_or_unknown_input_is_named(values, said, hint):
    spec = parse_cell("question, context, note: str | None, style: str = 'dry' -> answer", name="Ask").spec
    with pytest.raises(InputError) as caught: check_inputs(spec, values)
    assert str(caught.value) == said and hint in caught.value.hint
    assert check_inputs(spec, {"context": "c", "question": "q"}) == {"question": "q", "context": "c"}
