"A server lets nobody in without a token, answers whatever comes with a clear problem, loses nothing when it stops, and says nothing of its inputs."
import json
import logging
import resource
import socket
import threading
import time
import urllib.request

import dspy
import httpx
import pytest

from dspy_toolkit.deploy import server as server_module
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.problems import PROBLEM, PROBLEMS
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens
from tests.typist import typist

from .served import SECRET, make_services, serving, wait_until, write_slowly

LIMITS = Limits(running=3, waiting=2, body_bytes=50_000, body_seconds=.4, seconds=3)


@pytest.fixture(scope='module')
def here(tmp_path_factory):
    slow, services = make_services()
    writer = Service(dspy.Signature('question -> answer'), write_slowly(.05, json.dumps(dict(answer='one two three four five six seven eight nine ten'))), 'Writer')
    with serving(*services, writer, tokens=Tokens(tmp_path_factory.mktemp('tokens')/'tokens.json'), limits=LIMITS) as served:
        served.slow, served.routes = slow, served.front.work
        yield served
    assert slow.running == 0 and served.front.active == 0


def problem_of(response, *codes):
    "The problem of a response, which is a whole document."
    data = response.json()
    assert response.headers['content-type'] == PROBLEM and data['type'].rpartition(':')[2] in codes, data
    assert data['status'] == response.status_code == PROBLEMS[data['type'].rpartition(':')[2]][0] and data['title']
    return data


# --- who may come in

PATHS = [('GET', '/'), ('GET', '/v1'), ('GET', '/openapi.json'), ('GET', '/readyz/'), ('GET', '/metrics'), ('GET', '/v1/models'), ('POST', '/v1/Triage'),
         ('POST', '/v1/Triage/stream'), ('POST', '/v1/Triage/batch'), ('POST', '/v1/chat/completions'), ('POST', '/v1/Nope'), ('GET', '/docs'),
         ('OPTIONS', '/v1/Triage'), ('POST', '/livez/'), ('GET', '/livez/x'), ('GET', '//livez')]


@pytest.mark.parametrize('header', [None, 'Bearer', 'Bearer dspyt_guess', 'Basic dGVzdHM6dGVzdHM=', 'Bearer ' + 'x' * 5000])
def test_without_a_token_nobody_comes_in(here, header):
    with httpx.Client(base_url=here.address, headers={'Authorization': header} if header else {}) as client:
        for method, path in PATHS:
            response = client.request(method, path, json={'email': 'hi'} if method == 'POST' else None)
            assert response.status_code == 401 and response.headers['www-authenticate'] == 'Bearer', (method, path)
        assert client.get('/livez').json() == {'alive': True}
        ready = client.get('/readyz')  # what a probe without a token may know
        assert (ready.json() if header is None else ready.status_code) == ({'ready': True} if header is None else 401)
    assert here.client.get('/readyz').json() == {'ready': True, 'programs': dict.fromkeys(('Triage', 'Slow', 'Writer'), True)}


def test_a_token_is_for_its_programs_until_it_expires_or_is_revoked(tmp_path):
    now = [1000.0]
    tokens = Tokens(tmp_path/'tokens.json', clock=lambda: now[0])
    _, services = make_services()
    with serving(*services, tokens=tokens) as here:
        other = Tokens(tmp_path/'tokens.json')  # as another process has it
        other.clock = tokens.clock
        ask = lambda text, name: httpx.post(f'{here.address}/v1/{name}', json=dict(seconds=0, email='hi'), headers={'Authorization': f'Bearer {text}'})
        slow, all_, brief = other.add('slow', ['Slow']), other.add('all'), other.add('brief', seconds=60)
        assert problem_of(ask(slow, 'Triage'), 'out-of-scope')['detail'] == "the token 'slow' is not for Triage"
        assert ask(slow, 'Slow').status_code == ask(all_, 'Slow').status_code == ask(brief, 'Slow').status_code == 422  # let in: the inputs do not fit
        listed = lambda text: [each['name'] for each in httpx.get(f'{here.address}/v1', headers={'Authorization': f'Bearer {text}'}).json()['programs']]
        assert listed(slow) == ['Slow'] and listed(all_) == ['Triage', 'Slow']
        models = httpx.get(f'{here.address}/v1/models', headers={'Authorization': f'Bearer {slow}'}).json()['data']
        assert [each['id'] for each in models] == ['Slow']
        now[0] += 61
        assert problem_of(ask(brief, 'Slow'), 'bad-token')['detail'] == 'the token has expired'
        other.remove('all')
        problem_of(ask(all_, 'Slow'), 'bad-token')
        (tmp_path/'tokens.json').write_text('{"tokens": [')
        assert str(tmp_path) not in ask(slow, 'Slow').text and ask(slow, 'Slow').status_code == 503


def test_a_server_without_tokens_is_asked_by_its_own_name_only():
    _, services = make_services()
    with serving(*services, hosts=frozenset(('localhost', '127.0.0.1', '::1'))) as here:
        assert here.post('/v1/Slow', dict(seconds=0.0)).status_code == 200
        assert here.post('/v1/Slow', dict(seconds=0.0), headers={'Host': 'localhost:9'}).status_code == 200
        for name in ('evil.example', '127.0.0.1.evil.example', '', 'localhost@evil.example', '['):
            response = here.post('/v1/Slow', dict(seconds=0.0), headers={'Host': name})
            assert response.status_code in (400, 403), name


def test_a_token_may_ask_so_often(tmp_path):
    _, services = make_services()
    with serving(*services, tokens=Tokens(tmp_path/'tokens.json'), limits=Limits(rate='3/minute')) as here:
        statuses = [here.post('/v1/Slow', dict(seconds=0.0)).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = here.post('/v1/Slow', dict(seconds=0.0))
        assert problem_of(refused, 'too-fast') and 1 <= int(refused.headers['retry-after']) <= 60
        assert here.client.get('/livez').status_code == 200


# --- whatever comes

BODIES = {
    'nothing': (b'', 'invalid-body'), 'no JSON': (b'hello', 'invalid-body'), 'half': (b'{"email": "h', 'invalid-body'), 'two': (b'{"email": "a"} {}', 'invalid-body'),
    'a list': (b'["hi"]', 'invalid-body', 'invalid-input'), 'not UTF-8': (b'{"email": "\xff\xfe"}', 'invalid-body'), 'UTF-16': ('{"email": "a"}'.encode('utf-16'), 'invalid-body'),
    'deep': (b'[' * 40_000, 'invalid-body'), 'deep objects': (b'{"email":' * 5_000, 'invalid-body'), 'deep and closed': (b'{"email":' + b'[' * 20_000 + b']' * 20_000 + b'}', 'invalid-body', 'invalid-input'),
    'too large': (b'{"email": "' + b'a' * 60_000 + b'"}', 'too-large'), 'NaN': (b'{"email": NaN}', 'invalid-body', 'invalid-input'),
    'a wrong type': (b'{"email": 3}', 'invalid-input'), 'another name': (b'{"mail": "hi"}', 'invalid-input'), 'null': (b'null', 'invalid-body', 'invalid-input'),
}


@pytest.mark.parametrize('route', ['', '/stream', '/batch'])
@pytest.mark.parametrize('name', BODIES)
def test_a_body_that_does_not_fit_is_a_problem(here, route, name):
    body, *codes = BODIES[name]
    response = here.client.post(f'/v1/Triage{route}', content=body, headers={'Content-Type': 'application/json'})
    assert 400 <= response.status_code < 500
    problem_of(response, *codes, *(['invalid-body'] if route == '/batch' else []))


@pytest.mark.parametrize('name', BODIES)
def test_a_chat_that_does_not_fit_is_an_error_of_openai(here, name):
    response = here.client.post('/v1/chat/completions', content=BODIES[name][0], headers={'Content-Type': 'application/json'})
    assert 400 <= response.status_code < 500 and set(response.json()['error']) == {'message', 'type', 'param', 'code'}


def test_a_body_of_another_kind_is_refused_so_that_no_page_of_another_site_can_send_one(here):
    for kind in ('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'):
        problem_of(here.client.post('/v1/Triage', content=b'{"email": "hi"}', headers={'Content-Type': kind}), 'wrong-media-type')


def test_a_slow_or_endless_body_is_given_up(here):
    assert b'408' in here.send(here.head('/v1/Triage', 50) + b'{"email"').split(b'\r\n')[0]
    assert b'413' in here.send(here.head('/v1/Triage', 10**9)).split(b'\r\n')[0]


HUGE = b'{"email": "' + b'a' * 8_000_000 + b'"}'


def read_urllib(address, headers, path):
    try: urllib.request.urlopen(urllib.request.Request(f'{address}{path}', HUGE, headers | {'Content-Type': 'application/json'}), timeout=20)
    except urllib.error.HTTPError as e: return e.code, json.loads(e.read())


def read_httpx(address, headers, path):
    pieces = (HUGE[n:n + 65_536] for n in range(0, len(HUGE), 65_536)) if path.endswith('stream') else HUGE  # with a length, or in chunks
    found = httpx.post(f'{address}{path}', content=pieces, headers=headers | {'Content-Type': 'application/json'}, timeout=20)
    return found.status_code, found.json()


def read_socket(address, headers, path):
    head = f'POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {len(HUGE)}\r\n' + ''.join(f'{k}: {v}\r\n' for k, v in headers.items())
    with socket.create_connection(('127.0.0.1', int(address.rpartition(':')[2])), 20) as connection:
        connection.sendall(head.encode() + b'\r\n')
        for n in range(0, len(HUGE), 100_000): connection.sendall(HUGE[n:n + 100_000])
        answer = b''.join(iter(lambda: connection.recv(65_536), b''))
    return int(answer.split()[1]), json.loads(answer.partition(b'\r\n\r\n')[2])


@pytest.mark.parametrize('read', [read_urllib, read_httpx, read_socket])
@pytest.mark.parametrize('path', ['/v1/Triage', '/v1/Triage/stream', '/v1/Triage/batch'])
def test_a_client_that_still_sends_sees_why_it_was_refused(here, read, path):
    for _ in range(3):
        status, data = read(here.address, here.headers, path)
        assert status == 413 and data['detail'] == 'at most 50000 bytes'


def test_a_connection_goes_on_after_a_refused_body_was_thrown_away(here, monkeypatch):
    body = here.head('/v1/Triage', len(HUGE)).replace(here.token.encode(), b'guess') + HUGE
    with here.connect() as connection:
        for _ in range(2):
            connection.sendall(body)
            answer = b''
            while not answer.endswith(b'}'): answer += connection.recv(65_536)
            assert answer.startswith(b'HTTP/1.1 401')
    monkeypatch.setattr(server_module, 'BODY_BYTES', 1 << 20)
    with pytest.raises(ConnectionError), here.connect() as connection:
        for _ in range(200): connection.sendall(body[:len(body) // 2])


def test_a_hundred_megabytes_in_pieces_take_no_memory(here):
    piece, before = b'10000\r\n' + b'a' * 65_536 + b'\r\n', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    head = here.head('/v1/Triage').replace(b'\r\n\r\n', b'\r\nTransfer-Encoding: chunked\r\n\r\n')
    answer, sent = b'', 0
    with here.connect() as connection:
        connection.sendall(head)
        try:
            for _ in range(1600):
                connection.sendall(piece)
                sent += 1
        except ConnectionError: pass
        connection.settimeout(5)
        try: answer = connection.recv(4096)
        except ConnectionError: pass
    assert sent < 1600 or b'413' in answer
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 40  # MiB


def test_a_head_that_is_slow_or_large_or_no_http_is_refused(here, monkeypatch):
    monkeypatch.setattr(server_module, 'HEAD_SECONDS', .3)
    for begun in (b'', b'POST /v1/Triage HTTP/1.1\r\nHost: he'): assert b'408' in here.send(begun).split(b'\r\n')[0]
    assert b'431' in here.send(b'GET /livez HTTP/1.1\r\n' + b'X-A: ' + b'a' * 200_000).split(b'\r\n')[0]
    assert b'431' in here.send(b'GET /livez HTTP/1.1\r\n' + b'X-A: a\r\n' * 30_000).split(b'\r\n')[0]
    answer = here.send(b'\x16\x03\x01 hello\r\n\r\n')
    assert answer.startswith(b'HTTP/1.1 400') and json.loads(answer.partition(b'\r\n\r\n')[2])['title']


def test_what_is_not_there_is_said(here):
    assert problem_of(here.post('/v1/Payroll', {}), 'not-found')['detail'] == "there is no program 'Payroll'"
    problem_of(here.client.get('/v1/Triage'), 'wrong-method')
    problem_of(here.client.get('/nope'), 'not-found')


# --- an answer

def test_an_answer_says_where_it_came_from(here):
    response = here.post('/v1/Triage', dict(email='I was charged twice.'), headers={'X-Request-Id': 'order-7', 'traceparent': f"00-{'a' * 32}-{'b' * 16}-01"})
    assert response.json() == {'team': 'billing'}
    about = {name: response.headers.get(name) for name in ('x-request-id', 'x-version', 'x-model')}
    assert about == {'x-request-id': 'order-7', 'x-version': 'Triage@3', 'x-model': 'mlx/tiny'} and int(response.headers['x-output-tokens']) > 0
    assert here.post('/v1/Triage', dict(email='x'), headers={'X-Request-Id': 'a\tb"'}).headers['x-request-id'].isalnum()


def test_a_batch_answers_each_item_or_says_its_problem(here):
    items = here.post('/v1/Triage/batch', dict(inputs=[dict(email='I was charged twice.'), dict(mail='x'), 7, dict(email='The screen stays black.')])).json()['items']
    assert [list(each) for each in items] == [['outputs'], ['problem'], ['problem'], ['outputs']] and items[0]['outputs'] == {'team': 'billing'}
    problem_of(here.post('/v1/Triage/batch', dict(inputs=[{}] * 65)), 'invalid-input')


def read_events(response):
    for block in ''.join(response.iter_text()).split('\n\n'):
        lines = dict(line.split(': ', 1) for line in block.splitlines() if ': ' in line)
        if 'event' in lines: yield lines['event'], json.loads(lines['data'])


def test_a_stream_is_the_answer_in_pieces(here):
    with here.client.stream('POST', '/v1/Writer/stream', json=dict(question='count')) as response:
        assert response.headers['content-type'].startswith('text/event-stream') and response.headers['cache-control'] == 'no-store'
        events = list(read_events(response))
    pieces = [data['text'] for kind, data in events if kind == 'delta']
    assert len(pieces) > 5 and ''.join(pieces) == events[-1][1]['outputs']['answer'] and events[-1][0] == 'end'


def test_an_error_before_the_first_event_has_a_status(here):
    problem_of(here.post('/v1/Slow/stream', dict(seconds=9.0)), 'too-slow')
    problem_of(here.post('/v1/Slow', dict(seconds=9.0)), 'too-slow')


# --- clients that leave, and more than fit

@pytest.mark.parametrize('route', ['', '/stream', '/batch'])
def test_work_ends_when_its_client_leaves(here, route):
    before = here.slow.cancelled
    body = json.dumps(dict(inputs=[dict(seconds=2.5)]) if route == '/batch' else dict(seconds=2.5)).encode()
    with here.connect() as connection:
        connection.sendall(here.head(f'/v1/Slow{route}', len(body)) + body)
        wait_until(lambda: here.slow.running == 1)
    wait_until(lambda: here.slow.running == 0, 2)
    assert here.slow.cancelled == before + 1
    wait_until(lambda: here.front.active == 0, 2)


def test_more_than_fit_are_told_when_to_come_again(here):
    answers = []
    ask = lambda: answers.append(httpx.post(f'{here.address}/v1/Slow', json=dict(seconds=.6), headers=here.headers, timeout=20))
    threads = [threading.Thread(target=ask) for _ in range(9)]
    for each in threads: each.start()
    for each in threads: each.join()
    assert sorted(each.status_code for each in answers) == [200] * 5 + [429] * 4
    refused = [each for each in answers if each.status_code == 429]
    assert all(problem_of(each, 'busy') and 1 <= int(each.headers['retry-after']) <= 60 for each in refused)


# --- the end

def test_a_server_that_stops_answers_what_it_has_begun(tmp_path):
    slow, services = make_services()
    with serving(*services, tokens=Tokens(tmp_path/'t.json')) as here:
        got = []
        thread = threading.Thread(target=lambda: got.append(here.post('/v1/Slow', dict(seconds=.8))))
        other = httpx.Client(base_url=here.address, headers=here.headers)
        other.get('/livez')
        thread.start()
        wait_until(lambda: slow.running == 1)
        here.server.stop()
        wait_until(lambda: here.front.stopping)
        refused = other.post('/v1/Slow', json=dict(seconds=0.0))
        assert problem_of(refused, 'stopping') and refused.headers['retry-after'] and other.get('/livez').status_code == 200
        assert other.get('/readyz').status_code == 503
        thread.join()
        assert got[0].json() == {'text': 'waited 0.8'}


def test_what_does_not_end_in_time_is_told_so():
    slow, services = make_services()
    writer = Service(dspy.Signature('question -> answer'), write_slowly(.1, json.dumps(dict(answer='word ' * 200))), 'Writer')
    with serving(*services, writer, drain=.3) as here:
        got = []
        def read_stream():
            with httpx.stream('POST', f'{here.address}/v1/Writer/stream', json=dict(question='x'), timeout=30) as response: got.append(list(read_events(response))[-1])
        threads = [threading.Thread(target=read_stream), threading.Thread(target=lambda: got.append(here.post('/v1/Slow', dict(seconds=60.0))))]
        for each in threads: each.start()
        wait_until(lambda: slow.running == 1 and here.front.active == 2)
        time.sleep(.3)
        began = time.monotonic()
        here.server.stop()
        for each in threads: each.join()
        assert time.monotonic() - began < 5
        kinds = {each[1]['type'] if isinstance(each, tuple) else problem_of(each, 'stopping')['type'] for each in got}
        assert kinds == {'urn:dspy-toolkit:problem:stopping'}


# --- what is said of it

def test_no_input_and_no_token_is_in_a_log(here, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ('dspy_toolkit', 'dspy_toolkit.deploy', 'uvicorn', 'uvicorn.error', 'uvicorn.access'): caplog.set_level(logging.DEBUG, logger=name)
    broken = Service(dspy.Signature('question -> answer'), typist('not json'), 'Broken')
    here.post('/v1/Triage', dict(email=SECRET))
    here.post('/v1/Triage', dict(mail=SECRET))
    here.post(f'/v1/{SECRET[:3]}', dict(mail=SECRET))
    here.post('/v1/chat/completions', dict(model='Triage', messages=[dict(role='user', content=SECRET)]))
    with serving(broken) as other:
        assert other.post('/v1/Broken', dict(question=SECRET)).status_code == 502
        mixed = dict(inputs=[dict(question=SECRET), dict(asked=SECRET)])
        assert other.post('/v1/Broken/batch', mixed, headers={'X-Request-Id': 'order-8'}).status_code == 200
    ours = [record for record in caplog.records if not record.name.startswith(('httpx', 'httpcore'))]
    text = '\n'.join(f'{record.getMessage()} {record.exc_text or ""}' for record in ours)
    assert 'POST /v1/Triage 200' in text and 'token=tests' in text
    assert SECRET not in text and here.token not in text
    assert [line.rstrip() for line in text.splitlines() if line.startswith('item ')] == ['item 2 of a batch: 422 invalid-input id=order-8', 'item 1 of a batch: 502 no-answer id=order-8']
