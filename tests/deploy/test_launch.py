"A version that was kept is served with one line, followed, and stopped; and a server ends with the process that started it."
import ast
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict

import httpx
import pytest

from dspy_toolkit.commands.serve import serve, token
from dspy_toolkit.core.errors import InputError, NotRegistered
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.deploy.bundle import write_bundle
from dspy_toolkit.deploy.catalog import Catalog
from dspy_toolkit.deploy.child import Child
from dspy_toolkit.deploy.launch import Plan, Started, list_servers, make_catalog
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell
from dspy_toolkit.workspace import lms

from .served import serving, wait_until


def cell(text): return parse_cell(f'"""{text}"""\nemail: str\n->\nteam: Literal["billing", "technical"]', 'Triage').spec


@pytest.fixture(scope='module')
def home(tmp_path_factory):
    path, before = tmp_path_factory.mktemp('home'), os.environ['DSPY_TOOLKIT_HOME']
    os.environ['DSPY_TOOLKIT_HOME'] = str(path)
    reset_settings()
    store = Registry(f'sqlite:///{(path/"registry.db").as_posix()}', author='ada')
    for text in ('Route it.', 'Route an email.', 'Route this.'): store.save(cell(text))
    store.alias('Triage@1', 'prod')
    yield store
    store.close()
    os.environ['DSPY_TOOLKIT_HOME'] = before
    reset_settings()


@pytest.fixture(scope='module')
def started(home):
    "A server in a child, as a notebook starts it."
    view = serve(['Triage@prod'], drain=3.0)
    yield view
    view.child.stop()


def ask(view, **options): return httpx.post(f'{view.address}/v1/Triage', json=dict(email='My invoice is wrong.'), headers={'Authorization': f'Bearer {view.token}'}, timeout=30, **options)


def test_what_is_served_answers_and_is_listed_without_its_token(home, started):
    assert ask(started).json()['team'] in ('billing', 'technical') and ask(started).headers['x-version'] == 'Triage@1'
    listed = serve().servers
    assert [(each.address, each.programs, each.token) for each in listed] == [(started.address, {'Triage': 'Triage@1'}, '')]
    assert started.token not in json.dumps(serve().to_json()) and started.token in str(started) and started.token not in started.html()


def test_the_lines_of_the_card_work_when_they_are_pasted(started):
    lines = started.lines(started.token)
    found = subprocess.run(lines['curl'], shell=True, capture_output=True, text=True, timeout=30)
    assert json.loads(found.stdout).keys() == {'team'}, found
    assert run_lines(lines['Python']).keys() == {'team'} and json.loads(run_lines(lines['OpenAI'])).keys() == {'team'}


def run_lines(text):
    "The value of the last of some lines of Python."
    *body, last = ast.parse(text).body
    scope = {}
    exec(compile(ast.Module(body, []), 'lines', 'exec'), scope)
    return eval(compile(ast.Expression(last.value), 'lines', 'eval'), scope)


def test_an_alias_that_moves_is_followed_without_a_failed_request(home, started):
    answers, over = [], threading.Event()
    def keep_asking():
        while not over.is_set(): answers.append(ask(started))
    thread = threading.Thread(target=keep_asking)
    thread.start()
    home.alias('Triage@2', 'prod')
    wait_until(lambda: answers and answers[-1].headers.get('x-version') == 'Triage@2', 20)
    over.set()
    thread.join()
    versions = [each.headers['x-version'] for each in answers]
    assert {each.status_code for each in answers} == {200} and versions == sorted(versions) and set(versions) == {'Triage@1', 'Triage@2'}


def test_counts_come_from_the_child(started):
    ask(started)
    wait_until(lambda: started.child.counts.get('answered', 0) > 0)


MISTAKES = {
    'no such version': (dict(names=['Nope@prod']), NotRegistered, "nothing is registered as 'Nope'"),
    'no such alias': (dict(names=['Triage@beta']), NotRegistered, 'beta'),
    'twice': (dict(names=['Triage@1', 'Triage@2']), InputError, 'Triage is named twice'),
    'a port that is taken': (dict(names=['Triage'], port='taken'), InputError, 'cannot listen at 127.0.0.1'),
    'no such folder': (dict(names=['sent/']), InputError, 'there is no folder sent/'),
    'no rate': (dict(names=['Triage'], rate='often'), InputError, "'often' is not a rate"),
    'no certificate': (dict(names=['Triage'], certificate='nowhere.pem'), InputError, 'nowhere.pem cannot be used'),
    'a key alone': (dict(names=['Triage'], key='key.pem'), InputError, 'a key needs its certificate'),
}


@pytest.mark.parametrize('name', MISTAKES)
def test_a_mistake_is_one_line_and_leaves_nothing_running(home, started, name):
    given, kind, text = MISTAKES[name]
    if given.get('port') == 'taken': given = given | dict(port=int(started.address.rpartition(':')[2]))
    with pytest.raises(kind, match=text): start_here(**given)
    assert len(list_servers()) == 1


def start_here(names, **details):
    "As in a shell: in this process, which saves the start of another one."
    def announce(view): raise AssertionError('it started')
    return serve(names, announce=announce, **details)


def test_a_bundle_is_served_on_its_own_model_or_on_the_one_that_is_named(home, tmp_path, monkeypatch):
    plans, folder = [], write_bundle('Triage@1', tmp_path/'bundle', 'mlx/tiny', registry=home).folder
    monkeypatch.setattr('dspy_toolkit.commands.serve._serve_in_child', lambda plan, detach: plans.append(plan))
    lms.name_model('fast', 'mlx/tiny', {})
    lms.name_fallback('safe', ['fast'], None, None, {})
    serve([str(folder)])
    serve([str(folder)], lm='safe')
    try: assert [make_catalog(plan).pick('Triage').lm.model for plan in plans] == ['mlx/tiny', 'fallback/safe']
    finally: lms.forget_names()


def test_a_model_whose_key_is_not_set_is_served_and_the_card_says_so(home, monkeypatch):
    monkeypatch.delenv('OPENAI_API_KEY', raising=False)
    ready = []
    monkeypatch.setattr('dspy_toolkit.deploy.server.HTTPServer.serve_forever', lambda self: self.on_ready('http://127.0.0.1:1'))
    serve(['Triage'], lm='openai/gpt-5-mini', port=0, announce=ready.append)
    monkeypatch.setenv('OPENAI_API_KEY', 'a secret')
    serve(['Triage'], lm='openai/gpt-5-mini', port=0, announce=ready.append)
    assert [view.remark for view in ready] == ['OPENAI_API_KEY is not set here, so openai/gpt-5-mini cannot be asked', '']


def test_a_server_goes_on_when_nobody_reads_its_card(home, monkeypatch):
    "As in `dspy-toolkit serve Triage | head -1`."
    went_on = []
    def serve_forever(server):
        server.on_ready('http://127.0.0.1:1')
        went_on.append(True)
    def announce(view): raise BrokenPipeError
    monkeypatch.setattr('dspy_toolkit.deploy.server.HTTPServer.serve_forever', serve_forever)
    serve(['Triage'], port=0, announce=announce)
    assert went_on


def test_a_mistake_in_a_child_is_told_to_its_parent(home):
    child = Child(Plan(('Nope',), port=0))
    with pytest.raises(NotRegistered, match="nothing is registered as 'Nope'"): child.wait_ready(60)
    wait_until(lambda: not child.running)


def test_a_server_that_counts_before_it_is_ready_is_started_all_the_same(home, monkeypatch):
    "On a busy machine a second passes between the two."
    lines = [dict(counts=dict(active=0, answered=0, failed=0)), dict(ready=asdict(Started('http://127.0.0.1:1', {'Triage': 'Triage@3'}, 'mlx/tiny', '')))]
    code = f"import sys; print({json.dumps(lines[0])!r}); print({json.dumps(lines[1])!r}, flush=True); sys.stdin.read()"
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    monkeypatch.setattr('dspy_toolkit.deploy.child._spawn', lambda detached: subprocess.Popen([sys.executable, '-c', code], **pipes))
    child = Child(Plan(('Triage',), port=0))
    assert child.wait_ready(60).programs == {'Triage': 'Triage@3'} and child.counts['answered'] == 0
    child.stop(5)


def test_a_server_is_stopped_by_its_name(home):
    view = serve(['Triage@3'])
    with pytest.raises(InputError, match='2 servers have'): serve(['Triage'], stop=True) if len(list_servers()) == 2 else pytest.skip('alone')
    stopped = serve([view.address.rpartition(':')[2]], stop=True)
    assert stopped.state == 'stopping' and view.child.process.wait(20) == 0
    with pytest.raises(InputError, match='no server has'): serve(['Payroll'], stop=True)


PARENT = '''
import sys
from dspy_toolkit.deploy.child import Child
from dspy_toolkit.deploy.launch import Plan
child = Child(Plan(('Triage@1',), port=0, drain=2.0, lend=True), detached=sys.argv[1] == 'detached')
started = child.wait_ready()
print(started.pid, started.address, flush=True)
sys.stdin.read()
'''


@pytest.mark.parametrize('how', ['attached', 'detached'])
def test_a_server_ends_with_its_parent_unless_it_is_detached(home, how):
    parent = subprocess.Popen([sys.executable, '-c', PARENT, how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    pid, address = parent.stdout.readline().split()
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    if how == 'attached': return wait_until(lambda: not answers_at(address), 15)
    time.sleep(.5)
    assert httpx.get(f'{address}/livez').status_code == 200
    os.kill(int(pid), signal.SIGTERM)
    wait_until(lambda: not answers_at(address), 15)


def answers_at(address):
    try: return httpx.get(f'{address}/livez', timeout=2).status_code == 200
    except httpx.HTTPError: return False


def test_tokens_are_made_listed_and_revoked(tmp_path):
    file = str(tmp_path/'tokens.json')
    made = token('ci', for_=['Triage@prod'], days=1, file=file)
    assert made.text.startswith('dspyt_') and made.rows[0]['programs'] == ['Triage'] and made.rows[0]['expires']
    assert token(file=file).text == '' and made.text not in (tmp_path/'tokens.json').read_text() and oct((tmp_path/'tokens.json').stat().st_mode)[-3:] == '600'
    with pytest.raises(InputError, match="there is a token 'ci' already"): token('ci', file=file)
    assert token('ci', remove=True, file=file).rows == []
    with pytest.raises(InputError, match="there is no token 'ci'"): token('ci', remove=True, file=file)


def test_a_registry_that_is_gone_leaves_the_last_version(caplog):
    from dspy_toolkit.deploy.service import Service
    from .served import Triage, tiny
    here, lm = ['Triage@1'], tiny()
    def find():
        if isinstance(here[0], Exception): raise here[0]
        return here[0]
    def make(version):
        if version == 'Triage@2': raise NotRegistered('it needs the tool search', '')
        return Service(Triage, lm, 'Triage', version)
    catalog = Catalog()
    catalog.follow('Triage', 'Triage@prod', find, make, every=.02)
    with serving(catalog=catalog) as served:
        version = lambda: served.post('/v1/Triage', dict(email='hi')).headers['x-version']
        for bad in (OSError('gone'), 'Triage@2'):
            here[0] = bad
            time.sleep(.1)
            assert version() == 'Triage@1'
        here[0] = 'Triage@3'
        wait_until(lambda: version() == 'Triage@3')
    catalog.close()
    assert 'Triage stays at Triage@1: gone' in caplog.text

