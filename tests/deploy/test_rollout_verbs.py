"`deploy`, `rollback` and `status`: what they do to the registry, and what a person reads."
import re
from html.parser import HTMLParser

import dspy
import pytest

from dspy_toolkit.commands.compare import promote
from dspy_toolkit.commands.resilience import status
from dspy_toolkit.commands.rollout import deploy, read_steps, rollback
from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError, NotRegistered
from dspy_toolkit.deploy.rollout import Rollouts
from dspy_toolkit.views.rollout import RolloutView
from dspy_toolkit.workspace.targets import store


@pytest.fixture(autouse=True)
def registry(tmp_path, monkeypatch):
    session.reset()
    monkeypatch.setenv('DSPY_TOOLKIT_REGISTRY_URL', f"sqlite:///{(tmp_path/'registry.db').as_posix()}")
    monkeypatch.setenv('DSPY_TOOLKIT_AUTHOR', 'ada')
    session.reset()
    for n in range(3): store().save(dspy.Signature('email -> team', f'Route it {n}.'), name='Triage')
    yield store()
    session.reset()


def serve(requests, errors):
    "Answer as a server does; the canary fails in the first of its requests."
    server = Rollouts(run=False, decide=False)
    for n in range(requests):
        pick = server.pick('Triage', f'client {n}')
        server.record(pick, error=pick.arm == 'canary' and n < errors, seconds=1.0)
    server.close()


def test_a_version_is_deployed_watched_and_taken_back():
    first = deploy('Triage@1', alias='prod')
    assert first.to_json()['rollout'] | dict(started=0, changed=0) == dict(
        name='Triage', stable='Triage@1', canary='', state='steady', share=0.0, shadow=0.0, steps=[5.0, 25.0, 50.0, 100.0], criteria={},
        alias='prod', previous='', forced=False, revision=1, started=0, changed=0, author='ada', reason='')
    begun = deploy('Triage@2', canary=20, shadow=10, samples=30, message='shorter')
    assert 'canary 20%' in str(begun) and '[20%] → 25% → 50% → 100%' in str(begun) and 'a shadow of 10%' in str(begun)
    serve(200, 0)
    shown = str(status('Triage'))
    assert re.search(r'errors +0% +0% +\+0.0 points', shown) and re.search(r'p95 +1 s +1 s +1 times', shown) and 'waits for: ' in shown
    serve(200, 200)
    data = status('Triage').to_json()
    assert data['verdict']['action'] == 'roll back' and data['verdict']['findings'][0]['is_worse'] and data['canary']['errors'] > 10
    assert 'is taken back: errors' in str(status('Triage'))
    back = rollback('Triage', message='customers complain')
    assert back.rollout.state == 'rolled back' and 'customers complain' in str(back)
    assert status('Triage').to_json()['canary'] == dict(data['canary']), "the counts of the end are still there"
    assert [c['action'] for c in status('Triage').to_json()['changes']] == ['rollback', 'rollout', 'rollout']


def test_a_share_of_100_promotes_at_once_and_rollback_goes_back():
    deploy('Triage@1', alias='prod')
    assert 'promoted' in str(deploy('Triage@2', canary=100)) and str(store().resolve('Triage@prod')) == 'Triage@2'
    rollback('Triage')
    assert str(store().resolve('Triage@prod')) == 'Triage@1'
    assert rollback('Triage', end=True).rollout.stable == 'Triage@1'
    with pytest.raises(NotRegistered, match='not deployed'): status('Triage')


def test_a_promotion_by_evaluation_moves_what_is_served():
    from typist import typist
    deploy('Triage@1', alias='prod')
    data = [dict(email=f'Mail {n}', team='sales') for n in range(3)]
    with dspy.context(lm=typist('[[ ## team ## ]]\nsales\n\n[[ ## completed ## ]]'), adapter=dspy.ChatAdapter()):
        promote('Triage@3', 'prod', dict(data=[dspy.Example(**row).with_inputs('email') for row in data]), on='data', force=True, yes=True)
    assert status('Triage').rollout.stable == 'Triage@3'


def test_status_without_a_name_lists_what_is_deployed():
    assert status().to_json()['rollouts'] == [] and 'Deployed' not in str(status())
    deploy('Triage@1')
    deploy('Triage@2')
    assert status().to_json()['rollouts'] == [dict(name='Triage', stable='Triage@1', canary='Triage@2', state='canary', share=5.0)]
    assert 'Triage@2 answers 5%' in str(status()) and 'Triage@2 answers 5%' in str(status().html())


@pytest.mark.parametrize('metric, said', [('exact_match', 'compares with labels'), ('f1(team)', 'compares with labels'), ('judge:correct', 'compares with labels'), ('judge:helpfull', 'no criteria'), ('is short', 'no name of a metric')])
def test_a_metric_that_no_server_could_use_is_refused(metric, said):
    deploy('Triage@1')
    with pytest.raises(InputError, match=said): deploy('Triage@2', metric=metric)
    assert not status('Triage').rollout.is_running and deploy('Triage@2', metric='judge:helpful').rollout.criteria['metric'] == 'judge:helpful'


@pytest.mark.parametrize('canary, steps, found', [
    (None, None, [5, 25, 50, 100]), (10, None, [10, 25, 50, 100]), (30, '5,25,50', [30, 50]), (None, '1%, 10', [1, 10]), (100, None, [100]), (None, [2, 3], [2, 3])],
    ids=['usual', 'first', 'both', 'percent', 'all', 'numbers'])
def test_steps_are_read(canary, steps, found): assert read_steps(canary, steps) == found


def test_steps_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match='5;25'): read_steps(None, '5;25')


class Read(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.roles, self.said = [], [], []
        self.feed(text)
    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.roles.append(dict(attributes).get('role'))
    def handle_endtag(self, tag): assert self.open.pop() == tag
    def handle_data(self, data): self.said.append(data)


def test_the_card_says_what_the_text_says_and_escapes_it():
    deploy('Triage@1')
    deploy('Triage@2', message='<script>alert(1)</script>')
    serve(100, 5)
    view = status('Triage')
    read = Read(str(view.html()))
    assert read.open == [] and '<script>' not in view.html() and {'table', 'status', 'region', 'group'} <= {*read.roles}
    text = ' '.join(read.said)
    for word in ('Triage@1', 'Triage@2', 'parse failures', '25%', 'waits for', '<script>alert(1)</script>'): assert word in text, word
    assert isinstance(view, RolloutView) and 'text/html' in view._repr_mimebundle_()
