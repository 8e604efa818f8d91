"GrammarAdapter: every annotation, every seed, and a model that knows nothing; what comes out is typed."
import asyncio, datetime, enum, json, uuid
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union

import dspy
import pytest
from dspy.utils.dummies import DummyLM
from hypothesis import given, strategies as st
from pydantic import AwareDatetime, BaseModel, Field, NaiveDatetime, TypeAdapter

from dspy_toolkit.core.events import RequestStarted, bus
from dspy_toolkit.engine.adapter import FieldReader, GrammarAdapter

adapter = GrammarAdapter()


class Color(enum.Enum): red = 1; green = 'g'
class Place(BaseModel): city: str; at: tuple[float, float] | None = None
class Person(BaseModel): name: str = Field(max_length=12); age: int = Field(ge=0, le=120); places: list[Place]
class Tree(BaseModel): value: int; children: list['Tree'] = []


annotations = [
    str, int, float, bool, Any, dict, list, set, bytes, dict[str, int], dict[str, Any], list[str], set[int], tuple[int, str], Optional[str], int | str | None,
    Literal['low', 'high'], Literal[1, 'x', None], Color, list[Color], datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
    Decimal, Annotated[Decimal, Field(max_digits=5, decimal_places=2)], dict[int, str], dict[bool, int], dict[float, int], AwareDatetime, NaiveDatetime,
    uuid.UUID, Path, Place, Person, list[Person], Tree, Union[Place, Tree], Annotated[int, Field(ge=1, le=5)], Annotated[float, Field(gt=0, lt=1)],
    Annotated[str, Field(min_length=3, max_length=5)], Annotated[list[int], Field(min_length=2, max_length=3)], list[dict[str, list[int]]],
    Annotated[str, Field(pattern='^[A-Z]{3}$')], dspy.Code['python'], dspy.Reasoning, frozenset[str], dict[Literal['a', 'b'], bool],
]


@pytest.mark.parametrize('annotation', annotations, ids=str)
def test_whatever_an_output_is_annotated_with_it_is_answered(lm, annotation):
    signature = dspy.Signature({'question': (str, dspy.InputField()), 'answer': (annotation, dspy.OutputField()), 'sure': (bool, dspy.OutputField())})
    for seed in range(3):
        with dspy.context(lm=lm(temperature=1.2, seed=seed), adapter=adapter): found = dspy.Predict(signature)(question='What?')
        assert type(found.sure) is bool
        if annotation is not Any: TypeAdapter(annotation).validate_python(found.answer)


@pytest.mark.parametrize('module', [dspy.Predict, dspy.ChainOfThought])
@pytest.mark.parametrize('other', [adapter, dspy.JSONAdapter(), dspy.ChatAdapter()], ids=lambda a: type(a).__name__)
def test_the_layouts_of_dspy_work_over_the_same_model(lm, module, other):
    with dspy.context(lm=lm(temperature=1.0, seed=2, max_tokens=150), adapter=other):
        found = module('question -> mood: Literal["good", "bad"], score: int')(question='How is it?')
    assert found.mood in ('good', 'bad') and type(found.score) is int


def test_react_calls_tools(lm):
    calls = []

    def look(place: str) -> str:
        "Look somewhere."
        calls.append(place)
        return 'nothing'
    with dspy.context(lm=lm(temperature=1.0, seed=5, max_tokens=80), adapter=adapter):
        found = dspy.ReAct('question -> answer', tools=[look], max_iters=1)(question='Where?')
    assert isinstance(found.answer, str) and 'tool_name_0' in found.trajectory


def test_the_async_way_is_the_same(lm):
    program = dspy.Predict('question -> answer: list[int]')

    async def both():
        with dspy.context(lm=lm(max_tokens=60), adapter=adapter):
            return (await program.acall(question='Which?')).answer, (await asyncio.gather(*(program.acall(question='Which?') for _ in range(5))))[4].answer
    with dspy.context(lm=lm(max_tokens=60), adapter=adapter): expected = program(question='Which?').answer
    assert asyncio.run(both()) == (expected, expected)


def test_prompts_are_those_of_json_adapter_but_for_demos_on_one_line():
    signature = dspy.Signature('question, context: list[str] -> answer: dict[str, int], note')
    demos = [dict(question='a', context=['b'], answer={'é': 1}, note='"n"'), dict(question='c', note='half')]
    ours, theirs = ([m['content'] for m in a.format(signature, demos, dict(question='q', context=[]))] for a in (adapter, dspy.JSONAdapter()))
    assert [o for o, t in zip(ours, theirs) if o == t] == [ours[0], ours[1], ours[3], ours[5]]
    for o, t in ((ours[2], theirs[2]), (ours[4], theirs[4])): assert o == json.dumps(json.loads(t), ensure_ascii=False) and '\n' not in o


def test_a_model_that_takes_no_grammar_gets_the_request_of_json_adapter():
    signature, sent = dspy.Signature('question -> answer: dict[str, int], score: float'), []
    for each in (adapter, dspy.JSONAdapter()):
        model, options = DummyLM([{'answer': {'a': 1}, 'score': 0.5}], adapter=dspy.JSONAdapter()), {}
        assert each(model, options, signature, [], {'question': 'q'}) == [{'answer': {'a': 1}, 'score': 0.5}]
        sent.append((options, model.history[-1]['messages']))
    assert sent[0] == sent[1] and 'x-' not in repr(sent)


def test_an_answer_that_is_not_quite_json_is_read_as_json_adapter_reads_it():
    signature = dspy.Signature('question -> answer: int, note')
    assert adapter.parse(signature, '```json\n{"answer": "3", "note": "x",}\n```') == {'answer': 3, 'note': 'x'}
    with pytest.raises(dspy.utils.exceptions.AdapterParseError): adapter.parse(signature, '{"answer": "three", "note": "x"}')


def test_text_that_looks_like_json_stays_text():
    signature = dspy.Signature('question -> answer, other: str | None, any: Any')
    assert adapter.parse(signature, '{"answer": "[1]", "other": "null", "any": "12"}') == {'answer': '[1]', 'other': 'null', 'any': '12'}


# ---- streaming

values = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
                      lambda v: st.one_of(st.lists(v, max_size=3), st.dictionaries(st.text(max_size=4), v, max_size=3)), max_leaves=6)


@given(st.dictionaries(st.text(max_size=6), values, max_size=4), st.booleans(), st.sampled_from([None, 2]), st.data())
def test_fields_are_the_same_however_the_text_is_cut(fields, ascii_only, indent, data):
    text, reader, found = json.dumps(fields, ensure_ascii=ascii_only, indent=indent), FieldReader(), {}
    while text:
        n = data.draw(st.integers(1, len(text)))
        for field, piece, last in reader.feed(text[:n]):
            assert field not in found or not found[field][1], 'a piece after the last'
            found[field] = found.get(field, ('', False))[0] + piece, last
        text = text[n:]
    assert list(found) == list(fields) and all(last for _, last in found.values())
    for name, value in fields.items(): assert (found[name][0] if isinstance(value, str) else json.loads(found[name][0])) == value


async def streamed(program, fields, inputs, **options):
    listeners = [dspy.streaming.StreamListener(signature_field_name=f, allow_reuse=True) for f in fields]
    return [item async for item in dspy.streamify(program, stream_listeners=listeners, **options)(**inputs)]


@pytest.mark.parametrize('is_async', [False, True])
def test_fields_stream_as_text_to_dspys_listeners(lm, is_async):
    program = dspy.ChainOfThought('question -> answer, scores: list[int]')
    with dspy.context(lm=lm(temperature=1.0, seed=1, max_tokens=150), adapter=adapter):
        *pieces, prediction = asyncio.run(streamed(program, ['reasoning', 'answer', 'scores'], {'question': 'Why?'}, is_async_program=is_async))
    said = {f: ''.join(p.chunk for p in pieces if p.signature_field_name == f) for f in ('reasoning', 'answer', 'scores')}
    assert said['reasoning'] == prediction.reasoning and said['answer'] == prediction.answer and json.loads(said['scores']) == prediction.scores
    order = [p.signature_field_name for p in pieces]
    assert order == sorted(order, key=['reasoning', 'answer', 'scores'].index) and len(pieces) > 6
    assert [p.signature_field_name for p in pieces if p.is_last_chunk] == ['reasoning', 'answer', 'scores']
    assert {p.predict_name for p in pieces} == {'predict'}


def test_without_listeners_the_chunks_pass_unchanged(lm):
    with dspy.context(lm=lm(max_tokens=40), adapter=adapter): *chunks, prediction = asyncio.run(streamed(dspy.Predict('question -> answer'), [], {'question': 'Why?'}))
    assert json.loads(''.join(c.choices[0].delta.content or '' for c in chunks)) == {'answer': prediction.answer}


def test_a_stream_can_be_sync_and_leave_the_prediction_out(lm):
    listeners = [dspy.streaming.StreamListener(signature_field_name='answer')]
    streaming = dspy.streamify(dspy.Predict('question -> answer'), stream_listeners=listeners, async_streaming=False,
                               include_final_prediction_in_output_stream=False)
    with dspy.context(lm=lm(max_tokens=40), adapter=adapter): items = list(streaming(question='Why?'))
    assert items and all(type(i).__name__ == 'StreamResponse' for i in items) and items[-1].is_last_chunk


def test_one_request_is_made_for_one_call(lm):
    with bus.record(RequestStarted) as seen, dspy.context(lm=lm(), adapter=adapter): dspy.Predict('question -> answer: dict[str, int]')(question='Which?')
    assert len(seen) == 1
