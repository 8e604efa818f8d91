"The page at `/`: what it says without a token, how it is sealed, and that it can be left out."
import asyncio
import base64
import hashlib
import re

import dspy
import httpx
import pytest

import dspy_toolkit
from dspy_toolkit.deploy.app import make_app
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.page import make_page
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.deploy.tokens import Tokens


class Payroll(dspy.Signature):
    "Find who is paid too little."
    names: list[str] = dspy.InputField()
    found: str = dspy.OutputField()


@pytest.fixture(scope='module')
def tokens(tmp_path_factory): return Tokens(tmp_path_factory.mktemp('tokens')/'tokens.json')


@pytest.fixture(scope='module')
def token(tokens): return tokens.add('tests')


def serve(tokens, **settings):
    service = Service(Payroll, dspy_toolkit.lm('mlx/tiny'), version='Payroll@1')
    return make_app(Catalog(service), tokens, **settings)


def ask(app, path='/', method='GET', token=None):
    async def send():
        headers = {'Authorization': f'Bearer {token}'} if token else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://served') as client:
            return await client.request(method, path, headers=headers)
    return asyncio.run(send())


def test_without_a_token_the_page_comes_with_401_and_says_nothing_of_what_is_served(tokens, token):
    app = serve(tokens)
    outside, wrong, inside = ask(app), ask(app, token='dspyt_wrong'), ask(app, token=token)
    assert [each.status_code for each in (outside, wrong, inside)] == [401, 401, 200]
    assert outside.content == wrong.content == inside.content == make_page().body
    assert outside.headers['WWW-Authenticate'] == 'Bearer' and 'WWW-Authenticate' not in inside.headers
    assert 'Payroll' not in outside.text and 'mlx' not in outside.text
    assert ask(serve(None)).status_code == 200


def test_a_head_has_the_headers_alone(tokens):
    response = ask(serve(tokens), method='HEAD')
    assert (response.status_code, response.content, response.headers['Content-Length']) == (401, b'', str(len(make_page().body)))


@pytest.mark.parametrize('method, path', [('POST', '/'), ('GET', '/index.html'), ('GET', '/v1'), ('GET', '/try'), ('OPTIONS', '/')])
def test_all_else_without_a_token_is_a_problem(tokens, method, path):
    response = ask(serve(tokens), path, method)
    assert (response.status_code, response.json()['type']) == (401, 'urn:dspy-toolkit:problem:no-token')


def test_the_page_can_be_left_out(tokens, token):
    app = serve(tokens, page=False)
    assert [ask(app).json()['status'], ask(app, token=token).json()['status']] == [401, 404]


def test_a_server_that_stops_has_no_page(tokens, token):
    app = serve(tokens)
    asyncio.run(app.drain(0))
    assert ask(app, token=token).json()['type'] == 'urn:dspy-toolkit:problem:stopping'


def digest(text): return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_the_one_script_and_the_one_style_that_are_there(tokens):
    response = ask(serve(tokens))
    policy = dict(each.split(' ', 1) for each in response.headers['Content-Security-Policy'].split('; '))
    [script], [style] = (re.findall(f'<{tag}[^>]*>(.*?)</{tag}>', response.text, re.DOTALL) for tag in ('script', 'style'))
    nothing = dict.fromkeys(('default-src', 'base-uri', 'form-action', 'frame-ancestors', 'trusted-types'), "'none'")
    assert policy == nothing | {'script-src': digest(script), 'style-src': digest(style), 'connect-src': "'self'", 'img-src': 'data:',
                                'require-trusted-types-for': "'script'"}
    assert {name: response.headers[name] for name in ('Referrer-Policy', 'X-Content-Type-Options', 'Cache-Control')} == {
        'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store'}
    rest = response.text.replace(script, '').replace(style, '')
    assert rest.startswith('<!doctype html>') and re.findall(r'\son\w+=|\sstyle=|\{\{', rest) == []


@pytest.mark.parametrize('kind', [None, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
def test_a_body_that_any_site_can_send_is_refused(kind):
    "Without tokens too: browsers send these to another site without asking it first."
    async def send():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(serve(None)), base_url='http://served') as client:
            return await client.post('/v1/Payroll', content='{"names": []}', headers={'Content-Type': kind} if kind else {})
    assert asyncio.run(send()).json()['type'] == 'urn:dspy-toolkit:problem:wrong-media-type'
