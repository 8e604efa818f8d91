"GrammarAdapter: every annotation, every seed, and a model that knows nothing; what comes out is typed."
import asyncio, datetime, enum, http.server, json, os, threading, uuid
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Optional, Union

import dspy
import pytest
from dspy.lm15 import Message, Response, TextPart, Usage
from dspy.utils.dummies import DummyLM
from hypothesis import assume, given, strategies as st
from pydantic import AwareDatetime, BaseModel, Field, NaiveDatetime, TypeAdapter

from dspy_toolkit.core.events import GenerationStarted, bus
from dspy_toolkit.engine.adapter import FieldReader, GrammarAdapter, GrammarChatAdapter, SectionReader
from dspy_toolkit.engine.mlx import MLXEngine
from dspy_toolkit.engine.grammar import babble, byte_vocabulary, schema_grammar
from dspy_toolkit.signatures.schema import output_schema

adapter, letters = GrammarAdapter(), byte_vocabulary()


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


@pytest.fixture(scope='module', autouse=True)
def kept(noise):
    "An engine that keeps the model in memory between the tests."
    made = MLXEngine(f'mlx/{noise}')
    yield made
    made.close()


@pytest.mark.parametrize('annotation', annotations, ids=str)
def test_whatever_an_output_is_annotated_with_it_is_answered(lm, annotation):
    signature = dspy.Signature({'question': (str, dspy.InputField()), 'answer': (annotation, dspy.OutputField()), 'sure': (bool, dspy.OutputField())})
    for seed in range(int(os.environ.get('SEEDS', 1))):  # test_parse_rate asks with more
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


def read_in_cuts(reader, text, data):
    "What a reader makes of a text that comes in pieces of any lengths: {field: (its text, whether it was told to be whole)}."
    found = {}
    while text:
        n = data.draw(st.integers(1, len(text)))
        for field, piece, last in reader.feed(text[:n]):
            assert field not in found or not found[field][1], 'a piece after the last'
            found[field] = found.get(field, ('', False))[0] + piece, last
        text = text[n:]
    return found


@given(st.dictionaries(st.text(max_size=6), values, max_size=4), st.booleans(), st.sampled_from([None, 2]), st.data())
def test_fields_are_the_same_however_the_text_is_cut(fields, ascii_only, indent, data):
    found = read_in_cuts(FieldReader(), json.dumps(fields, ensure_ascii=ascii_only, indent=indent), data)
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
    with bus.record(GenerationStarted) as seen, dspy.context(lm=lm(), adapter=adapter): dspy.Predict('question -> answer: dict[str, int]')(question='Which?')
    assert len(seen) == 1


# ---- the chat layout

chat = GrammarChatAdapter()


@pytest.mark.parametrize('module', [dspy.Predict, dspy.ChainOfThought])
def test_the_chat_layout_under_a_grammar(lm, module):
    with dspy.context(lm=lm(temperature=1.2, seed=3, max_tokens=150), adapter=chat), bus.record(GenerationStarted) as seen:
        signature = dspy.Signature('question -> mood: Literal["good", "bad"], score: int, when: date | None, why', custom_types={'date': datetime.date})
        found = module(signature)(question='How is it?')
    assert found.mood in ('good', 'bad') and type(found.score) is int and isinstance(found.when, (datetime.date, type(None))) and isinstance(found.why, str) and len(seen) == 1


def test_prompts_of_the_chat_layout_are_those_of_chat_adapter():
    signature = dspy.Signature('question, context: list[str] -> answer: dict[str, int], note')
    demos = [dict(question='a', context=['b'], answer={'é': 1}, note='"n"'), dict(question='c', note='half')]
    ours, theirs = (a.format(signature, demos, dict(question='q', context=[])) for a in (chat, dspy.ChatAdapter()))
    assert ours == theirs


@given(st.text(max_size=20), st.booleans(), st.one_of(st.none(), st.integers()), st.dictionaries(st.text(max_size=4), st.integers(), max_size=2))
def test_what_a_demo_shows_in_the_chat_layout_is_read_back(why, sure, count, seen):
    signature = dspy.Signature('question -> why, sure: bool, count: int | None, seen: dict[str, int]')
    values = dict(why=why, sure=sure, count=count, seen=seen)
    text = chat.format_assistant_message_content(signature, values)
    if '[[ ## ' not in why and '\x1e' not in why: assert chat.parse(signature, text) == {**values, 'why': why.strip()}


def test_an_answer_not_quite_in_the_chat_layout_is_read_as_chat_adapter_reads_it():
    signature = dspy.Signature('question -> answer: int, note')
    assert chat.parse(signature, 'Well,\n[[ ## answer ## ]] 3\n[[ ## note ## ]]\nx\n') == {'answer': 3, 'note': 'x'}


def test_fields_of_the_chat_layout_stream_as_text(lm):
    with dspy.context(lm=lm(temperature=1.0, seed=1, max_tokens=150), adapter=chat):
        *pieces, prediction = asyncio.run(streamed(dspy.ChainOfThought('question -> answer, scores: list[int]'), ['reasoning', 'answer', 'scores'], {'question': 'Why?'}))
    said = {f: ''.join(p.chunk for p in pieces if p.signature_field_name == f) for f in ('reasoning', 'answer', 'scores')}
    assert said['reasoning'] == prediction.reasoning and said['answer'] == prediction.answer and json.loads(said['scores']) == prediction.scores
    assert [p.signature_field_name for p in pieces if p.is_last_chunk] == ['reasoning', 'answer', 'scores']


@given(st.lists(st.text(st.characters(codec='utf-8', exclude_characters='\x1c\x1d\x1e\x1f'), max_size=12), min_size=1, max_size=3), st.data())
def test_sections_are_the_same_however_the_text_is_cut(texts, data):
    assume(not any('[[ ## ' in t or t.strip().endswith(('[', '[[ ')) for t in texts))
    found = read_in_cuts(SectionReader(), ''.join(f'[[ ## f{i} ## ]]\n{t}\n\n' for i, t in enumerate(texts)) + '[[ ## completed ## ]]\n', data)
    assert found == {f'f{i}': (t.strip(), True) for i, t in enumerate(texts)}


# ---- tools

def look(place: str, times: int = 1, when: Literal['now', 'later'] = 'now') -> str:
    "Look somewhere."
    return f'{times} {place}'


def wait() -> str:
    "Do nothing."
    return 'waited'


class Babbler:
    "An engine that picks at random among what the grammar allows."
    supports_function_calling, supports_reasoning, supports_response_schema, supports_grammar = True, False, True, True
    supported_params = frozenset({'temperature', 'max_tokens', 'response_format', 'tools', 'tool_choice'})
    def __init__(self): self.seen = []

    def complete(self, request):
        self.seen.append(request)
        text = babble(letters, schema_grammar(request.config.response_format['schema']), 400, len(self.seen))
        return Response(id='x', model=request.model, message=Message.assistant([TextPart(text)]), finish_reason='stop', usage=Usage(input_tokens=1, output_tokens=1))

    def close(self): pass


@pytest.mark.parametrize('layout', [adapter, chat, GrammarChatAdapter(use_native_function_calling=True)], ids=['json', 'chat', 'native'])
def test_calls_of_tools_are_calls_of_those_given_with_arguments_they_take(layout):
    signature, tools, made = dspy.Signature('question: str, tools: list[dspy.Tool] -> calls: dspy.ToolCalls, why'), [dspy.Tool(look), dspy.Tool(wait)], 0
    with dspy.context(lm=dspy.LM('some/babbler', engine=(engine := Babbler()), cache=False), adapter=layout):
        for _ in range(10):
            for call in dspy.Predict(signature)(question='Where?', tools=tools).calls.tool_calls:
                assert isinstance({'look': tools[0], 'wait': tools[1]}[call.name](**call.args), str)
                made += 1
    assert made > 3 and not any(request.tools for request in engine.seen)


def test_a_demo_is_written_as_an_answer_would_be():
    class Side(enum.Enum): left = (0, 1)
    signature = dspy.Signature({'q': (str, dspy.InputField()), 'seats': (dict[tuple[int, Side], Side], dspy.OutputField()), 'by': (dict[datetime.date, int], dspy.OutputField())})
    values = {'seats': {(1, Side.left): Side.left}, 'by': {datetime.date(2026, 1, 2): 3}}
    text = adapter.format_assistant_message_content(signature, values)
    assert text == '{"seats": {"[1, \\"left\\"]": "left"}, "by": {"2026-01-02": 3}}' and adapter.parse(signature, text) == values


@pytest.mark.parametrize('kind, words', [(GrammarAdapter, {}), (GrammarChatAdapter, {'x-layout': 'chat'})])
@pytest.mark.parametrize('annotation', [*annotations, dspy.Code, list[Decimal], dict[str, Decimal], Optional[Decimal], Union[int, Decimal], list[datetime.timedelta]], ids=str)
def test_an_answer_that_is_shown_as_a_demo_fits_the_grammar_it_came_from(annotation, kind, words):
    signature = dspy.Signature({'question': (str, dspy.InputField()), 'answer': (annotation, dspy.OutputField()), 'sure': (bool, dspy.OutputField())})
    grammar, own = schema_grammar({**output_schema(signature), **words}), kind()
    for seed in range(4):
        demo = own.format_assistant_message_content(signature, own.parse(signature, babble(letters, grammar, 400, seed)))
        assert demo[grammar.count_fitting(demo):] == '', demo


def test_a_demo_deep_in_a_model_has_the_form_of_the_schema():
    class Price(BaseModel): amount: Decimal; took: datetime.timedelta
    signature = dspy.Signature({'q': (str, dspy.InputField()), 'prices': (list[Price], dspy.OutputField()), 'code': (Optional[dspy.Code], dspy.OutputField())})
    values = {'prices': [Price(amount=Decimal('37.50'), took=datetime.timedelta(days=800))], 'code': dspy.Code(code='x = 1')}
    text = adapter.format_assistant_message_content(signature, values)
    assert text == '{"prices": [{"amount": 37.5, "took": "P800D"}], "code": {"code": "x = 1"}}' and adapter.parse(signature, text) == values
    assert '"Not given"' in adapter.format_assistant_message_content(signature, {}, 'Not given')


# ---- servers that are not ours

class Server:
    "A server that speaks OpenAI's chat protocol: it keeps what it is sent and answers from a list."
    def __init__(self, *answers):
        self.answers, self.seen = list(answers), []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                outer.seen.append(json.loads(self.rfile.read(int(self.headers['Content-Length']))))
                status, answer = outer.answers.pop(0)
                message = {'role': 'assistant', 'content': answer}
                body = {'error': {'message': answer, 'type': 'invalid_request_error', 'param': 'response_format', 'code': None}} if status != 200 else {
                    'id': 'x', 'object': 'chat.completion', 'created': 1, 'model': 'some', 'choices': [{'index': 0, 'message': message, 'finish_reason': 'stop'}],
                    'usage': {'prompt_tokens': 1, 'completion_tokens': 1, 'total_tokens': 2}}
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_): pass
        self.http = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def lm(self): return dspy.LM('openai/gpt-4o-mini', api_base=f'http://127.0.0.1:{self.http.server_port}/v1', api_key='none', cache=False, num_retries=0)
    def __enter__(self): return self
    def __exit__(self, *_): self.http.shutdown(); self.http.server_close()


@pytest.mark.parametrize('outputs', ['answer: str, score: float', 'answer: dict[str, int]', 'answer: list[str], sure: bool'])
@pytest.mark.parametrize(('ours', 'theirs'), [(adapter, dspy.JSONAdapter()), (chat, dspy.ChatAdapter())], ids=['json', 'chat'])
def test_a_server_that_is_not_ours_is_asked_as_dspy_asks(outputs, ours, theirs):
    signature = dspy.Signature(f'question -> {outputs}')
    values = {'answer: str, score: float': {'answer': 'yes', 'score': 0.5}, 'answer: dict[str, int]': {'answer': {'a': 1}}}.get(outputs, {'answer': ['a'], 'sure': True})
    text = theirs.format_assistant_message_content(signature, values)
    with Server((200, text), (200, text)) as server:
        for each in (ours, theirs):
            with dspy.context(lm=server.lm, adapter=each): assert dict(dspy.Predict(signature)(question='Is it?').items()) == values
    assert server.seen[0] == server.seen[1] and '"x-' not in json.dumps(server.seen)


@pytest.mark.parametrize('is_async', [False, True])
def test_a_server_that_refuses_a_schema_is_asked_once_more_for_json(is_async):
    with Server((400, "response_format of type json_schema is not supported"), (200, '{"answer": "yes", "sure": true}')) as server:
        with dspy.context(lm=server.lm, adapter=adapter):
            program = dspy.Predict('question -> answer, sure: bool')
            found = asyncio.run(program.acall(question='Is it?')) if is_async else program(question='Is it?')
    assert found.answer == 'yes' and found.sure is True
    assert [r['response_format']['type'] for r in server.seen] == ['json_schema', 'json_object'] and server.seen[0]['messages'] == server.seen[1]['messages']


def test_a_refusal_that_a_schema_cannot_explain_is_the_callers():
    for answers, signature in (([(400, 'no'), (400, 'no')], 'question -> answer'), ([(400, 'no')], 'question -> answer: dict[str, int]'), ([(401, 'who are you')], 'question -> answer')):
        with Server(*answers) as server, dspy.context(lm=server.lm, adapter=adapter), pytest.raises(dspy.utils.exceptions.LMError):
            dspy.Predict(signature)(question='Is it?')
        assert not server.answers
