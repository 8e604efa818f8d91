"Programs are tools of MCP: the package's own client finds, calls and cancels them in memory, over HTTP and over stdio."
import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import asynccontextmanager
from functools import partial

import anyio
import dspy
import httpx2
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

import dspy_toolkit
from dspy_toolkit.deploy.app import make_app
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.mcp import make_server
from dspy_toolkit.deploy.routes import Routes
from dspy_toolkit.deploy.server import HTTPServer, Place
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens
from dspy_toolkit.registry.store import Registry

ACCEPT = {'accept': 'application/json, text/event-stream'}
HELLO = dict(jsonrpc='2.0', id=1, method='initialize', params=dict(protocolVersion='2025-06-18', capabilities={}, clientInfo=dict(name='t', version='1')))


class Triage(dspy.Signature):
    "Route an email."
    email: str = dspy.InputField(desc='as received')
    urgency: int = dspy.InputField(default=1)
    team: str = dspy.OutputField()


class Custom(dspy.Module):
    "A program with code of its own."
    def __init__(self):
        super().__init__()
        self.ask, self.begun, self.ended = dspy.Predict(Triage), threading.Event(), threading.Event()

    async def aforward(self, email, urgency=1):
        if email == 'fail': raise RuntimeError('the key is s3cret')
        if email == 'wait':
            self.begun.set()
            try: await asyncio.sleep(60)
            finally: self.ended.set()
        return dspy.Prediction(team=f'{email} {urgency}')


@pytest.fixture(scope='module')
def lm(): return dspy_toolkit.lm('mlx/tiny', max_tokens=40, cache=False)


@pytest.fixture
def program(): return Custom()


@pytest.fixture
def catalog(lm, program): return Catalog(Service(program, lm, 'Custom', 'Custom@2'), Service(dspy.ChainOfThought(Triage), lm, 'Plain'))


@pytest.fixture
def served(catalog, tmp_path):
    "A real server with tokens; gives its address, and a function that makes a token."
    tokens, ready = Tokens(tmp_path/'tokens.json'), threading.Event()
    server = HTTPServer(make_app(catalog, tokens, Limits(body_bytes=5000), mcp=True), Place(port=0, drain=5), lambda address: ready.set())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    assert ready.wait(10)
    yield server, tokens.add
    server.stop()
    thread.join(10)
    assert not thread.is_alive()


@asynccontextmanager
async def connect(server, token, mode='auto'):
    async with httpx2.AsyncClient(headers={'Authorization': f'Bearer {token}'}) as http:
        async with Client(streamable_http_client(f'{server.address}/mcp', http_client=http), mode=mode) as client: yield client


def in_memory(catalog, **limits): return Client(make_server(Routes(catalog, Limits(**limits))))


def said(result): return result.content[0].text


def test_a_tool_says_what_its_program_takes_gives_and_does(catalog):
    async def look():
        async with in_memory(catalog) as client: return {each.name: each for each in (await client.list_tools()).tools}
    tools = asyncio.run(look())
    schema = tools['Plain'].input_schema
    assert list(tools) == ['Custom', 'Plain'] and tools['Plain'].description == 'Route an email.'
    assert schema['required'] == ['email'] and schema['properties']['urgency']['type'] == 'integer' and not schema['additionalProperties']
    assert list(tools['Plain'].output_schema['properties']) == ['reasoning', 'team']
    assert tools['Plain'].annotations.read_only_hint and tools['Custom'].annotations.read_only_hint is None


async def call_all(client):
    found = await client.call_tool('Custom', {'email': 'hi', 'urgency': 3})
    assert found.structured_content == json.loads(said(found)) == {'team': 'hi 3'} and found.meta['version'] == 'Custom@2'
    real = await client.call_tool('Plain', {'email': 'I was charged twice.'})
    assert set(real.structured_content) == {'reasoning', 'team'} and real.meta['model'] == 'mlx/tiny'
    for arguments, problem in (({}, 'email: Field required'), ({'email': 'hi', 'urgency': '3'}, 'urgency: Input should be a valid integer'), ({'email': 'hi', 'to': 1}, 'to: Extra')):
        wrong = await client.call_tool('Custom', arguments)
        assert wrong.is_error and problem in said(wrong) and wrong.structured_content is None
    failed = await client.call_tool('Custom', {'email': 'fail'})
    assert failed.is_error and said(failed) == 'The request failed'
    with pytest.raises(MCPError, match="no program 'Nobody'"): await client.call_tool('Nobody', {})


async def cancel(call, program):
    "Cancel a call once its program runs; the program notices."
    async with anyio.create_task_group() as group:
        group.start_soon(call)
        while not program.begun.is_set(): await asyncio.sleep(.01)
        group.cancel_scope.cancel()
    assert await asyncio.to_thread(program.ended.wait, 3)


def test_calls_in_memory(catalog, program, caplog):
    async def ask():
        async with in_memory(catalog) as client:
            await call_all(client)
            await cancel(partial(client.call_tool, 'Custom', {'email': 'wait'}), program)
    asyncio.run(ask())
    assert 'RuntimeError in a call of Custom' in caplog.text and 's3cret' not in caplog.text


@pytest.mark.parametrize('mode', ['auto', 'legacy'])
def test_calls_over_http(served, program, mode):
    server, add = served
    async def ask():
        async with connect(server, add('all'), mode) as client:
            await call_all(client)
            if mode == 'auto': await cancel(partial(client.call_tool, 'Custom', {'email': 'wait'}), program)
    asyncio.run(ask())


def test_a_client_of_an_older_protocol_ends_a_call_by_closing_its_connection(served, program):
    server, add = served
    body = dict(jsonrpc='2.0', id=1, method='tools/call', params=dict(name='Custom', arguments={'email': 'wait'}))
    async def ask():
        async with httpx2.AsyncClient(headers=ACCEPT | {'Authorization': f"Bearer {add('all')}"}) as http:
            await cancel(partial(http.post, f'{server.address}/mcp', json=body), program)
    asyncio.run(ask())


def test_a_call_has_a_limit_of_time_and_waits_for_its_turn(catalog):
    async def ask():
        async with in_memory(catalog, seconds=.05, running=1, waiting=0) as client:
            return await asyncio.gather(*(client.call_tool('Custom', {'email': 'wait'}) for _ in range(2)))
    first, second = asyncio.run(ask())
    assert said(first) == 'The answer took too long: an answer may take 0.05 s' and said(second).startswith('The service is busy')


def test_a_token_opens_its_programs_and_no_token_nothing(served):
    server, add = served
    async def ask(token):
        async with connect(server, token) as client:
            with pytest.raises(MCPError, match='not for Custom'): await client.call_tool('Custom', {'email': 'hi'})
            return [each.name for each in (await client.list_tools()).tools]
    assert asyncio.run(ask(add('one', ['Plain']))) == ['Plain']
    headers = ACCEPT | {'Authorization': f"Bearer {add('all')}"}
    with httpx2.Client(base_url=server.address, timeout=10) as http:
        for given in ({}, {'Authorization': 'Bearer nonsense'}):
            refused = http.post('/mcp', json=HELLO, headers=ACCEPT | given)
            assert refused.status_code == 401 and refused.headers['www-authenticate'] == 'Bearer'
        assert http.post('/mcp', json=HELLO, headers=headers).status_code == 200
        assert http.post('/mcp', json=HELLO | dict(more='x' * 5000), headers=headers).status_code == 413
        assert http.get('/mcp', headers=headers).status_code == 405 and http.delete('/mcp', headers=headers).status_code == 405
        assert http.post('/mcp', content='{"jsonrpc": "2.0", ', headers=headers | {'content-type': 'application/json'}).status_code == 400


def test_without_tokens_no_page_of_a_browser_comes_in(catalog):
    app = make_app(catalog, mcp=True)
    async def ask(**headers):
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url='http://127.0.0.1:8000') as http:
            return (await http.post('/mcp', json=HELLO, headers=ACCEPT | headers)).status_code
    async def ask_all():
        async with app.app.router.lifespan_context(app.app):
            return await ask(), await ask(host='evil.example'), await ask(origin='http://evil.example'), await ask(host='localhost')
    assert asyncio.run(ask_all()) == (200, 421, 403, 200)


CODE = """
import asyncio, dspy, logging, os, sys, time
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.mcp import serve_stdio
from dspy_toolkit.deploy.service import Service
class Loud(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict('email -> team')
    async def aforward(self, email):
        print('printed')
        os.system('echo by a child')
        logging.getLogger('some.library').warning('logged')
        if email == 'wait': await asyncio.sleep(60)
        return dspy.Prediction(team=email)
class Stuck(dspy.Module):
    def __init__(self):
        super().__init__()
        self.ask = dspy.Predict('email -> team')
    def forward(self, email):
        print('stuck', flush=True)
        time.sleep(60)
serve_stdio(Catalog(*(Service(each(), dspy.utils.DummyLM([]), each.__name__, adapter=dspy.ChatAdapter()) for each in (Loud, Stuck))), seconds=.3)
print('ended', file=sys.stderr)
"""


class Parent:
    "Starts a server as its child, and talks to it over pipes."
    def __init__(self):
        self.child = subprocess.Popen([sys.executable, '-c', CODE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def send(self, **message):
        self.child.stdin.write(json.dumps(dict(jsonrpc='2.0') | message) + '\n')
        self.child.stdin.flush()

    def read(self): return json.loads(self.child.stdout.readline())

    def greet(self):
        self.send(**HELLO)
        assert self.read()['result']['serverInfo']['name'] == 'dspy_toolkit'
        self.send(method='notifications/initialized')

    def call(self, number, name, email): self.send(id=number, method='tools/call', params=dict(name=name, arguments=dict(email=email)))

    def end(self, how):
        if how == 'signal': self.child.send_signal(signal.SIGTERM)
        out, err = self.child.communicate(timeout=10)
        return self.child.returncode, out, err


@pytest.mark.parametrize('end', ['eof', 'signal'])
def test_stdio_carries_answers_only_and_ends_in_the_middle_of_a_call(end):
    parent = Parent()
    parent.greet()
    parent.call(2, 'Loud', 'hi')
    assert parent.read()['result']['structuredContent'] == {'team': 'hi'}
    parent.call(3, 'Loud', 'wait')
    printed = [parent.child.stderr.readline() for _ in range(6)]  # three lines of each call
    code, out, err = parent.end(end)
    assert code == 0 and err == 'ended\n' and [json.loads(line)['error']['message'] for line in out.splitlines()] == ['Connection closed']
    assert sorted(printed) == sorted(['printed\n', 'by a child\n', 'logged\n'] * 2)


@pytest.mark.parametrize('end', ['eof', 'signal'])
def test_a_program_that_cannot_be_stopped_does_not_hold_the_end(end):
    parent = Parent()
    parent.greet()
    parent.call(2, 'Stuck', 'hi')
    assert parent.child.stderr.readline() == 'stuck\n'
    assert parent.end(end)[0] == 143


def test_two_versions_of_one_name_are_refused_as_serving_does(tmp_path, monkeypatch):
    from dspy_toolkit.commands.mcp import mcp
    from dspy_toolkit.core import session
    from dspy_toolkit.core.errors import InputError
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f'sqlite:///{(tmp_path/"registry.db").as_posix()}')
    session.reset()
    store = Registry(f'sqlite:///{(tmp_path/"registry.db").as_posix()}')
    for text in ('Route it.', 'Route an email.'): store.save(dspy.Signature('email -> team', text), 'Triage')
    store.close()
    for config in (True, False):
        with pytest.raises(InputError, match='Triage is named twice'): mcp(['Triage@1', 'Triage@2'], config=config, here=True)
    assert mcp(['Triage@1', 'Triage@1'], config=True)
    session.reset()


def test_the_command_line_is_such_a_server(tmp_path):
    "A client that starts `dspy-toolkit mcp` gets an answer of the built-in model."
    store = Registry(f'sqlite:///{(tmp_path/"registry.db").as_posix()}')
    store.save(Triage)
    store.close()
    env = {key: os.environ[key] for key in ('PATH', 'PYTHONPATH', 'HOME') if key in os.environ} | dict(DSPY_TOOLKIT_HOME=str(tmp_path))
    started = StdioServerParameters(command=sys.executable, args=['-m', 'dspy_toolkit', 'mcp', 'Triage@1', '--lm', 'mlx/tiny'], env=env)
    async def ask():
        async with Client(started) as client: return await client.call_tool('Triage', {'email': 'I was charged twice.'})
    found = asyncio.run(ask())
    assert found.structured_content['team'] and found.meta['version'] == 'Triage@1'
