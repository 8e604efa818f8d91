"A canary gets its share of real requests, is judged by how they went, and is taken back without a failed request and without a restart."
import asyncio
import json
import threading
import time

import dspy
import httpx
import pytest

from dspy_toolkit.deploy.catalog import Catalog, Trial
from dspy_toolkit.deploy.front import Limits
from dspy_toolkit.deploy.rollout import Pick, Rollouts
from dspy_toolkit.deploy.scorer import Scorer, find_live_metric
from dspy_toolkit.deploy.service import Service
from dspy_toolkit.registry.store import Registry
from tests.typist import typist

from .served import SECRET, serving, wait_until


class Echo(dspy.Module):
    "Answers with its version; a broken one fails, and a stuck one never ends."
    def __init__(self, text, how=''):
        super().__init__()
        self.ask, self.text, self.how, self.asked = dspy.Predict('email -> team'), text, how, 0

    async def aforward(self, email):
        self.asked += 1
        if self.how == 'stuck': await asyncio.sleep(60)
        if self.how == 'broken': raise dspy.LMServerError('no')
        return dspy.Prediction(team=self.text)


class Here:
    "A registry with three versions, and a server that follows prod."
    def __init__(self, path, how=''):
        self.registry = Registry(f'sqlite:///{path.as_posix()}', author='ada')
        for n in range(3): self.registry.save(dspy.Signature('email -> team', f'Route it {n}.'), name='Triage')
        self.registry.alias('Triage@1', 'prod')
        self.registry.start_rollout('Triage@1', alias='prod')
        self.programs = {f'Triage@{n}': Echo(f'Triage@{n}', how if n == 2 else '') for n in (1, 2, 3)}
        self.catalog = Catalog()
        self.catalog.follow('Triage', 'Triage@prod', lambda: str(self.registry.resolve('Triage@prod')), self.make, every=.05)
        self.catalog.watch_rollouts(lambda prepare: Rollouts(self.registry, every=.05, prepare=prepare))
        self.rollouts = self.catalog._rollouts

    def make(self, version): return Service(self.programs[version], typist('{}'), 'Triage', version)

    def close(self):
        self.catalog.close()
        self.registry.close()


@pytest.fixture
def here(tmp_path, request):
    found = Here(tmp_path/'registry.db', getattr(request, 'param', ''))
    yield found
    found.close()


def ask_many(served, n, path='', threads=8):
    "Ask from several threads, each request with a key of its own; gives the responses."
    answers, keys = [], iter(range(n))
    def run():
        with httpx.Client(base_url=served.address, timeout=30) as client:
            for key in keys: answers.append(client.post(f'/v1/Triage{path}', json=dict(email='hi'), headers={'X-Rollout-Key': f'client {key}'}))
    workers = [threading.Thread(target=run) for _ in range(threads)]
    for each in workers: each.start()
    for each in workers: each.join()
    return answers


def test_a_share_of_the_clients_gets_the_canary_and_stays_with_it(here):
    here.registry.start_rollout('Triage@2', steps=(30, 100))
    with serving(catalog=here.catalog) as served:
        wait_until(lambda: 'Triage@2' in here.catalog._made and here.rollouts.rollout('Triage').is_running)
        first, second = ({each.request.headers['x-rollout-key']: each.headers['x-version'] for each in ask_many(served, 200)} for _ in range(2))
        assert first == second and {each for each in first.values()} == {'Triage@1', 'Triage@2'}
        assert 30 < sum(each == 'Triage@2' for each in first.values()) < 90
        streamed = ask_many(served, 20, '/stream')
        assert {each.request.headers['x-rollout-key']: each.headers['x-version'] for each in streamed}.items() <= first.items()


@pytest.mark.parametrize('here', ['broken', 'stuck'], indirect=True)
@pytest.mark.parametrize('path', ['', '/stream'])
def test_a_canary_that_fails_is_taken_back_by_itself(here, path):
    here.registry.start_rollout('Triage@2', steps=(50, 100))
    with serving(catalog=here.catalog, limits=Limits(seconds=.2, running=64, waiting=200)) as served:
        wait_until(lambda: 'Triage@2' in here.catalog._made and here.rollouts.rollout('Triage').is_running)
        end = time.monotonic() + 30
        while here.rollouts.rollout('Triage').is_running and time.monotonic() < end: ask_many(served, 60, path)
        assert here.registry.rollout('Triage').state == 'rolled back'
        assert {each.status_code for each in ask_many(served, 40, path)} == {200} and str(here.registry.resolve('Triage@prod')) == 'Triage@1'


def test_a_shadow_is_asked_and_nobody_sees_it(here):
    here.registry.start_rollout('Triage@2', steps=(1, 100), shadow=100)
    with serving(catalog=here.catalog) as served:
        wait_until(lambda: 'Triage@2' in here.catalog._made and here.rollouts.rollout('Triage').is_running)
        versions = [each.headers['x-version'] for each in ask_many(served, 40)]
        wait_until(lambda: here.programs['Triage@2'].asked > 20 > versions.count('Triage@2'))


def test_a_version_that_cannot_be_made_gets_no_requests(here):
    make = here.make
    def refuse(version):
        if version == 'Triage@2': raise ValueError('no such tool')
        return make(version)
    here.catalog._followed['Triage'].make = refuse
    here.registry.start_rollout('Triage@2', steps=(50, 100))
    with serving(catalog=here.catalog) as served:
        wait_until(lambda: here.registry.rollout('Triage').state == 'rolled back')
        assert {each.headers['x-version'] for each in ask_many(served, 40)} == {'Triage@1'}


def is_short(example, prediction):
    if example.email == SECRET: raise ValueError(example.email)
    return prediction.team != 'Triage@2'


@pytest.mark.parametrize('path, steps, shadow', [('', (50, 100), 0), ('/stream', (50, 100), 0), ('', (1, 100), 100)], ids=['whole', 'stream', 'shadow'])
def test_a_canary_with_worse_answers_is_taken_back_by_a_metric_without_labels(here, path, steps, shadow):
    here.catalog._code = dict(is_short=is_short)
    here.registry.start_rollout('Triage@2', steps=steps, shadow=shadow, criteria=dict(metric='is_short'))
    with serving(catalog=here.catalog) as served:
        wait_until(lambda: 'Triage@2' in here.catalog._made and here.rollouts.rollout('Triage').is_running)
        end = time.monotonic() + 30
        while here.rollouts.rollout('Triage').is_running and time.monotonic() < end: assert {each.status_code for each in ask_many(served, 60, path)} == {200}
    found, counts = here.registry.rollout('Triage'), here.registry.read_counts(1)
    assert found.state == 'rolled back' and found.reason.startswith('is_short 0.000 against 1.000'), found
    scored = {arm: sum(each.metric_count for (_, a, _), each in counts.items() if a == arm) for arm in ('stable', 'canary', 'shadow')}
    assert 20 <= scored['stable'] <= scored['canary'] + scored['shadow'] + 1 and (scored['shadow'] > 0) == bool(shadow)


def test_a_metric_that_no_server_has_takes_the_canary_back(here):
    here.registry.start_rollout('Triage@2', steps=(50, 100), criteria=dict(metric='is_shrt'))
    wait_until(lambda: here.registry.rollout('Triage').state == 'rolled back')
    assert here.registry.rollout('Triage').reason == "Triage@2 cannot be served: InputError: no module of this server has the metric 'is_shrt'"


def test_a_metric_that_fails_is_said_without_the_input_and_one_that_hangs_holds_nobody_up(caplog):
    over, told = threading.Event(), []
    pick, service = Pick('Triage', 'Triage@2', 'canary', '', 1, 2), Service(dspy.Signature('email -> team'), typist('{}'), 'Triage', 'Triage@2')
    scorer = Scorer()
    offer = lambda name, email='hi': scorer.offer(find_live_metric(name, None, code), service, dict(email=email), dspy.Prediction(team='x'), pick, True, told.append)
    code = dict(is_short=is_short, hang=lambda example, prediction: over.wait(20))
    assert offer('is_short', SECRET)
    wait_until(lambda: caplog.records)
    assert SECRET not in caplog.text and 'is_short gave no score for an answer of Triage@2: ValueError' in caplog.text
    assert [offer('hang') for _ in range(4)] == [True, True, False, False] and not told
    over.set()
    wait_until(lambda: len(told) == 2)
    assert offer('is_short')


def test_a_judge_scores_a_sample_with_the_model_of_the_server():
    told, rating = [], json.dumps(dict(reason='It names a team.', score=4, passes=True))
    service = Service(dspy.Signature('email -> team'), typist(rating), 'Triage', 'Triage@2')
    assert Scorer().offer(find_live_metric('judge:helpful', service.signature), service, dict(email='hi'), dspy.Prediction(team='sales'), Pick('Triage', 'Triage@2', 'canary', '', 1, 2), True, told.append)
    wait_until(lambda: told)
    assert told == [.75]


def test_a_client_that_leaves_says_nothing_about_a_version():
    noted = []
    trial = Trial(Service(dspy.Signature('a -> b'), typist('{}')), None, type('R', (), {'record': lambda self, pick, **about: noted.append(about)})())
    trial.note(None, .1)
    trial.note(dspy.AdapterParseError('x', dspy.Signature('a -> b'), 'y'), .1)
    trial.note(dspy.ContextWindowExceededError(message='too long'), .1)
    assert [(each.get('error', False), each.get('parse_failed', False)) for each in noted] == [(False, False), (True, True), (True, False)] and trial.name == 'StringSignature'
