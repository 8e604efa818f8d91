"A fallback over a real server that speaks OpenAI's protocol, and a real model of this process."
import json, socket, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import dspy
import pytest

from dspy_toolkit.engine.adapter import GrammarAdapter
from dspy_toolkit.engine.mlx import lm as toolkit_lm
from dspy_toolkit.resilience.breaker import State, breakers
from dspy_toolkit.resilience.fallback import AllLegsFailed, fallback
from dspy_toolkit.resilience.legs import Leg
from dspy_toolkit.resilience.semantic import unwatch


class Triage(dspy.Signature):
    "Route a support email to the right team."
    email: str = dspy.InputField()
    team: str = dspy.OutputField()
    urgent: bool = dspy.OutputField()


ANSWER = '{"team": "billing", "urgent": true}'


class Server(ThreadingHTTPServer):
    "Does with each request what `script` says: 'answer', 'break' in the middle of a stream, 'hang', or a status to fail with."
    daemon_threads = True
    def __init__(self): super().__init__(('127.0.0.1', 0), Handler); self.script, self.seen, self.headers, self.closed = 'answer', [], {}, threading.Event()
    def handle_error(self, *_): self.closed.set()  # who asked has gone


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *_): pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        self.server.seen.append(body)
        script = self.server.script
        if script == 'hang':
            self.connection.settimeout(30)
            try: self.connection.recv(1)
            except OSError: pass
            self.server.closed.set()
            self.close_connection = True
        elif isinstance(script, int): self._send(script, json.dumps({'error': {'message': 'not today', 'code': 'x'}}), self.server.headers)
        elif body.get('stream'): self._stream(script)
        else: self._send(200, json.dumps({'id': 'c1', 'object': 'chat.completion', 'created': 1, 'model': body['model'], 'choices': [
            {'index': 0, 'message': {'role': 'assistant', 'content': ANSWER}, 'finish_reason': 'stop'}], 'usage': {'prompt_tokens': 9, 'completion_tokens': 7, 'total_tokens': 16}}))

    def _send(self, status, text, headers=()):
        self.send_response(status)
        for name, value in {'Content-Type': 'application/json', 'Content-Length': str(len(text)), **dict(headers)}.items(): self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def _stream(self, script):
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.send_header('Transfer-Encoding', 'chunked')
        self.end_headers()
        for n, letter in enumerate(ANSWER):
            if script == 'break' and n == 15:
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self._chunk({'choices': [{'index': 0, 'delta': {'content': letter}, 'finish_reason': None}]})
        self._chunk({'choices': [{'index': 0, 'delta': {}, 'finish_reason': 'stop'}], 'usage': {'prompt_tokens': 9, 'completion_tokens': 7, 'total_tokens': 16}})
        self._write(b'data: [DONE]\n\n')
        self._write(b'')

    def _chunk(self, more): self._write(b'data: ' + json.dumps({'id': 'c1', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'm', **more}).encode() + b'\n\n')
    def _write(self, data): self.wfile.write(f'{len(data):x}\r\n'.encode() + data + b'\r\n'); self.wfile.flush()


@pytest.fixture
def server():
    found = Server()
    threading.Thread(target=found.serve_forever, daemon=True).start()
    yield found
    found.shutdown()
    found.server_close()


@pytest.fixture(autouse=True)
def _own_breakers(monkeypatch):
    monkeypatch.setenv('LITELLM_LOCAL_MODEL_COST_MAP', 'true')  # DSPy would look in the net for what the model can do
    breakers.reset()
    yield
    breakers.reset()
    unwatch()


def remote(server, name='remote', **kwargs):
    return Leg(dspy.LM('openai/gpt-4o-mini', api_base=f'http://127.0.0.1:{server.server_port}/v1', api_key='nobody', num_retries=3, cache=False), name, **kwargs)


def ask(lm, email='I was charged twice'):
    with dspy.context(lm=lm, adapter=GrammarAdapter()): return dspy.Predict(Triage)(email=email)


def streamed(lm):
    import asyncio
    async def run():
        program = dspy.streamify(dspy.Predict(Triage), stream_listeners=[dspy.streaming.StreamListener('team')])
        with dspy.context(lm=lm, adapter=GrammarAdapter()): return [item async for item in program(email='I was charged twice')]
    return asyncio.run(run())


def story(lm): return lm.history[-1]['response'].provider_data['fallback']


def test_a_server_answers_as_a_leg(server):
    lm = fallback('safe', [remote(server)], cache=False)
    assert ask(lm).toDict() == {'team': 'billing', 'urgent': True}
    assert streamed(lm)[-1].urgent is True and story(lm)['leg'] == 'remote'
    assert lm.history[-1]['usage']['completion_tokens'] == 7


def test_the_schema_reaches_a_server_as_a_server_takes_it(server):
    lm = fallback('safe', [toolkit_lm('mlx/tiny', cache=False), remote(server)], cache=False)
    lm.engine.legs[0].breaker.transition_to('forced_open')
    assert ask(lm).team == 'billing'
    sent = server.seen[0]['response_format']['json_schema']
    assert set(sent['schema']['properties']) == {'team', 'urgent'} and 'x-' not in json.dumps(sent) and sent['strict'] is False
    assert [a.field for a in lm.history[-1]['response'].adaptations] == ['config.response_format']


@pytest.mark.parametrize('status, error, counts', [(500, 'ServerError', True), (429, 'RateLimitError', True), (401, 'AuthError', False), (402, 'BillingError', False), (400, 'InvalidRequestError', False)])
def test_a_server_that_fails_is_replaced_by_the_model_of_this_process(server, status, error, counts):
    server.script = status
    lm = fallback('safe', [remote(server), toolkit_lm('mlx/tiny', cache=False)], cache=False)
    found = ask(lm)
    assert isinstance(found.urgent, bool) and story(lm)['leg'] == 'mlx/tiny' and story(lm)['attempts'][0]['error'] == error
    assert breakers['remote'].snapshot().failed == counts and len(server.seen) == 1, "the server is asked once: DSPy's own retries do not join in"


def test_the_servers_word_on_when_to_come_back_is_in_the_error(server):
    server.script, server.headers = 429, {'Retry-After': '12'}
    with pytest.raises(AllLegsFailed) as e: ask(fallback('safe', [remote(server)], cache=False))
    assert e.value.attempts[0].retry_after == 12 and 'may be tried again in 12 s' in str(e.value)


def test_a_server_that_is_not_there_opens_its_breaker(server):
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        gone = Leg(dspy.LM('openai/m', api_base=f'http://127.0.0.1:{free.getsockname()[1]}/v1', api_key='nobody'), 'gone')
        lm = fallback('safe', [gone, remote(server)], cache=False)
        for n in range(6): ask(lm, f'mail {n}')
    assert breakers['gone'].state is State.open and len(server.seen) == 6


def test_a_request_that_lost_against_its_hedge_is_closed_at_the_server(server):
    server.script = 'hang'
    lm = fallback('safe', [remote(server), toolkit_lm('mlx/tiny', cache=False)], hedge_after=0.05, cache=False)
    ask(lm)
    assert story(lm)['leg'] == 'mlx/tiny' and server.closed.wait(10)


def test_a_stream_that_breaks_at_the_server_is_continued_by_the_model_of_this_process(server):
    server.script = 'break'
    lm = fallback('safe', [remote(server), toolkit_lm('mlx/tiny', cache=False)], cache=False)
    *pieces, prediction = streamed(lm)
    assert story(lm)['seam']['how'] == 'continued' and story(lm)['seam']['after'] == 15
    assert prediction.team.startswith('bill') and isinstance(prediction.urgent, bool), 'the server had written {"team": "bill'
    assert ''.join(piece.chunk for piece in pieces) == prediction.team


def test_a_stream_whose_server_writes_what_no_grammar_admits_is_begun_anew(server, monkeypatch):
    monkeypatch.setattr('test_fallback_http.ANSWER', 'Sure! Here is your JSON: ' + ANSWER)
    server.script = 'break'
    lm = fallback('safe', [remote(server), toolkit_lm('mlx/tiny', cache=False)], cache=False)
    *pieces, prediction = streamed(lm)
    assert story(lm)['seam']['how'] == 'restarted' and isinstance(prediction.urgent, bool)
    assert ''.join(piece.chunk for piece in pieces) == prediction.team


def test_a_model_of_this_process_stops_when_it_lost(server):
    lm = fallback('safe', [toolkit_lm('mlx/tiny', cache=False), remote(server)], hedge_after=0.0, cache=False)
    for n in range(5): ask(lm, f'mail {n} ' + 'word ' * 150)
    worker, until = lm.engine.legs[0].lm.engine.worker, time.monotonic() + 10
    while (busy := [n for n in ('running', 'waiting') if worker.stats().get(n)]) and time.monotonic() < until: time.sleep(0.02)
    assert not busy
