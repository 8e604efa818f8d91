"The clients that people have work: OpenAI's, with streams, types and tools; and what they send is checked."
import json

import dspy
import openai
import pydantic
import pytest
from dspy.lm15 import Message, Response, TextPart, ToolCallPart, Usage, response_to_events
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.model import Model

from dspy_toolkit.deploy.chat import make_inputs, make_request, read_chat
from dspy_toolkit.deploy.contract import Contract
from dspy_toolkit.deploy.problems import Problem
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens

from .served import Triage, serving, tiny, write_slowly
from tests.typist import Typist

SAID = [dict(role='user', content='I was charged twice for one order.')]
WEATHER = dict(type='function', function=dict(name='weather', description='of a city', parameters=dict(type='object', properties=dict(city=dict(type='string')))))


class Caller(Typist):
    "A model that calls a tool, and says what the tool answered."
    def complete(self, request):
        self.requests.append(request)
        last = request.messages[-1]
        parts = [TextPart('It is ' + last.parts[0].content[0].text)] if last.role == 'tool' else [ToolCallPart('call_1', 'weather', {'city': 'Paris'})]
        return Response(id='a', model=request.model, message=Message.assistant(parts), finish_reason='stop' if last.role == 'tool' else 'tool_call',
                        usage=Usage(input_tokens=5, output_tokens=3, total_tokens=8))

    def stream(self, request): yield from response_to_events(self.complete(request))


class Refund(pydantic.BaseModel):
    "What is to be paid back."
    refund: bool
    orders: int


@pytest.fixture(scope='module')
def here(tmp_path_factory):
    caller = Service(dspy.Signature('question -> answer'), dspy.LM('test/caller', engine=Caller(''), cache=False), 'Caller')
    writer = Service(dspy.Signature('question -> answer'), write_slowly(.01, json.dumps(dict(answer='one two three four'))), 'Writer')
    triage = Service(dspy.ChainOfThought(Triage), tiny(), 'Triage', 'Triage@3')
    with serving(triage, writer, caller, tokens=Tokens(tmp_path_factory.mktemp('t')/'t.json')) as served: yield served


@pytest.fixture(scope='module')
def client(here): return openai.OpenAI(base_url=f'{here.address}/v1', api_key=here.token, max_retries=0)


def test_a_program_is_a_model(client):
    got = client.chat.completions.create(model='Triage', messages=SAID)
    assert json.loads(got.choices[0].message.content) == {'team': 'billing'} and got.choices[0].message.reasoning_content
    assert got.usage.total_tokens == got.usage.prompt_tokens + got.usage.completion_tokens > 10
    assert client.chat.completions.create(model='Triage@3', messages=SAID).model == 'Triage@3'
    assert client.chat.completions.create(model='Writer', messages=SAID).choices[0].message.content == 'one two three four'


def test_a_program_streams_its_text(client):
    chunks = list(client.chat.completions.create(model='Writer', messages=SAID, stream=True, stream_options=dict(include_usage=True)))
    assert ''.join(each.choices[0].delta.content or '' for each in chunks if each.choices) == 'one two three four' and len(chunks) > 4
    assert chunks[0].choices[0].delta.role == 'assistant' and chunks[-2].choices[0].finish_reason == 'stop' and chunks[-1].usage.completion_tokens == 12
    with client.chat.completions.stream(model='Triage', messages=SAID) as stream: final = stream.get_final_completion()
    assert json.loads(final.choices[0].message.content) == {'team': 'billing'}


def test_a_model_answers_as_its_schema_says(client):
    got = client.chat.completions.parse(model='mlx/tiny', messages=SAID, response_format=Refund, max_tokens=40, temperature=0)
    assert isinstance(got.choices[0].message.parsed, Refund) and got.choices[0].finish_reason == 'stop'
    free = client.chat.completions.create(model='mlx/tiny', messages=[dict(role='system', content='Be brief.'), *SAID], max_tokens=5)
    assert free.choices[0].finish_reason == 'length' and free.usage.completion_tokens == 5
    any_json = client.chat.completions.create(model='mlx/tiny', messages=SAID, response_format=dict(type='json_object'), max_tokens=60)
    json.loads(any_json.choices[0].message.content)
    pieces = client.chat.completions.create(model='mlx/tiny', messages=SAID, max_completion_tokens=5, stream=True)
    assert ''.join(each.choices[0].delta.content or '' for each in pieces)


def test_a_model_calls_tools(client):
    asked = client.chat.completions.create(model='test/caller', messages=SAID, tools=[WEATHER], tool_choice='auto')
    call = asked.choices[0].message.tool_calls[0]
    assert asked.choices[0].finish_reason == 'tool_calls' and (call.function.name, json.loads(call.function.arguments)) == ('weather', {'city': 'Paris'})
    told = [*SAID, asked.choices[0].message.model_dump(exclude_none=True), dict(role='tool', tool_call_id=call.id, content='sunny')]
    assert client.chat.completions.create(model='test/caller', messages=told, tools=[WEATHER]).choices[0].message.content == 'It is sunny'
    with client.chat.completions.stream(model='test/caller', messages=SAID, tools=[WEATHER]) as stream: final = stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.name == 'weather'


def test_what_comes_back_has_the_types_of_openai(here):
    data = here.post('/v1/chat/completions', dict(model='Writer', messages=SAID)).json()
    ChatCompletion.model_validate(data, strict=False)
    lines = [line[6:] for line in here.post('/v1/chat/completions', dict(model='Writer', messages=SAID, stream=True)).text.split('\n') if line.startswith('data: ')]
    assert lines[-1] == '[DONE]'
    for line in lines[:-1]: ChatCompletionChunk.model_validate(json.loads(line))
    for each in here.client.get('/v1/models').json()['data']: Model.model_validate(each)


def test_errors_are_those_of_the_client(client, here):
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-5'"): client.chat.completions.create(model='gpt-5', messages=SAID)
    with pytest.raises(openai.NotFoundError): client.chat.completions.create(model='Triage@9', messages=SAID)
    with pytest.raises(openai.BadRequestError, match='no way to call tools'): client.chat.completions.create(model='mlx/tiny', messages=SAID, tools=[WEATHER])
    with pytest.raises(openai.BadRequestError, match='temperature'): client.chat.completions.create(model='Triage', messages=SAID, temperature=9)
    with pytest.raises(openai.BadRequestError, match='at least one message'): client.chat.completions.create(model='Triage', messages=[dict(role='system', content='x')])
    with pytest.raises(openai.AuthenticationError): openai.OpenAI(base_url=f'{here.address}/v1', api_key='x', max_retries=0).models.list()
    assert [each.id for each in client.models.list()][:2] == ['Triage', 'Triage@3']


CHATS = {  # what is said -> the inputs of a program that takes a question, or what is wrong
    'the last message of the user': ([*SAID, dict(role='assistant', content='which?'), dict(role='user', content='the first')], {'question': 'the first'}),
    'pieces of text': ([dict(role='user', content=[dict(type='text', text='a'), dict(type='text', text='b')])], {'question': 'ab'}),
    'nothing of a user': ([dict(role='assistant', content='hi')], 'at least one message of a user'),
}


@pytest.mark.parametrize('name', CHATS)
def test_a_message_is_the_input(name):
    messages, wanted = CHATS[name]
    chat = read_chat(json.dumps(dict(model='x', messages=messages)).encode())
    if isinstance(wanted, dict): assert make_inputs(chat, Contract(dspy.Signature('question -> answer'))) == wanted
    else:
        with pytest.raises(Problem, match=wanted): make_inputs(chat, Contract(dspy.Signature('question -> answer')))


def test_several_inputs_are_a_json_object():
    contract = Contract(dspy.Signature('a: str, n: int -> answer'))
    chat = lambda text: read_chat(json.dumps(dict(model='x', messages=[dict(role='user', content=text)])).encode())
    assert make_inputs(chat('{"a": "x", "n": 3}'), contract) == dict(a='x', n=3)
    with pytest.raises(Problem, match='a JSON object with a, n'): make_inputs(chat('hello'), contract)


def test_a_conversation_is_a_request_of_dspy():
    chat = read_chat(json.dumps(dict(
        model='m', messages=[dict(role='system', content='Be brief.'), *SAID, dict(role='assistant', content=None, tool_calls=[dict(id='c', function=dict(name='weather', arguments='{"city": "Rome"}'))]),
                             dict(role='tool', tool_call_id='c', content='rain')], tools=[WEATHER], tool_choice=dict(type='function', function=dict(name='weather')), stop='\n', seed=4, max_tokens=7)).encode())
    request = make_request(chat)
    assert request.system == 'Be brief.' and [each.role for each in request.messages] == ['user', 'assistant', 'tool']
    assert request.messages[1].parts[0].input == {'city': 'Rome'} and request.config.tool_choice.allowed == ('weather',)
    assert (request.config.stop, request.config.seed, request.config.max_tokens) == (('\n',), 4, 7)
    assert make_request(replace_choice(chat, 'none')).tools == ()


def replace_choice(chat, choice): return chat.model_copy(update=dict(tool_choice=choice))
