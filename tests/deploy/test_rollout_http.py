"Two servers, each a process of its own, share one registry: a client meets one version whichever it asks, and what was counted survives `kill -9`."
import json
import os
import signal
import subprocess
import sys
import threading
import time

import dspy
import httpx
import pytest

from dspy_toolkit.registry.store import Registry

from .served import wait_until

KEYS = [f'client {n}' for n in range(40)]
SEEN = dict(samples=10 ** 6)  # so many answers are waited for, so that nothing is decided meanwhile


@pytest.fixture
def registry(tmp_path):
    found = Registry(f"sqlite:///{(tmp_path/'registry.db').as_posix()}", author='ada')
    for text in ('Route it.', 'Route it to a team.'): found.save(dspy.Signature("email -> team: Literal['billing', 'sales']", text), name='Triage')
    found.start_rollout('Triage@1', alias='prod')
    yield found
    found.close()


class Process:
    "A server as a shell starts it, and a client of it."
    def __init__(self, registry, home):
        words = ['serve', 'Triage@prod', '--port', '0', '--no-token', '--lm', 'mlx/tiny', '--json', '--drain', '2']
        environment = os.environ | dict(DSPY_TOOLKIT_HOME=str(home), DSPY_TOOLKIT_REGISTRY_URL=str(registry.database.url), DSPY_TOOLKIT_HISTORY='off')
        self.process = subprocess.Popen([sys.executable, '-m', 'dspy_toolkit', *words], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def wait_ready(self):
        lines = ''
        for line in self.process.stdout:
            lines += line
            if line == '}\n': break
        self.client = httpx.Client(base_url=json.loads(lines)['address'], timeout=30)
        return self

    def ask(self, key):
        "The version that answers a client."
        response = self.client.post('/v1/Triage', json=dict(email='My invoice is wrong.'), headers={'X-Rollout-Key': key})
        assert response.status_code == 200 and response.json().keys() == {'team'}
        return response.headers['x-version']

    def ask_all(self): return {key: self.ask(key) for key in KEYS}


@pytest.fixture
def servers(registry, tmp_path):
    made = [Process(registry, tmp_path) for _ in range(2)]
    yield [each.wait_ready() for each in made]
    for each in made:
        each.client.close()
        each.process.terminate()
    for each in made: each.process.wait(30)


def begin(registry, servers):
    "Put the second version on trial; gives a function that says how many of its requests are counted."
    found = registry.start_rollout('Triage@2', steps=[40], criteria=SEEN)
    wait_until(lambda: all('Triage@2' in each.ask_all().values() for each in servers), 30)

    def count(): return sum(each.requests for (revision, *_), each in registry.read_counts(found.id).items() if revision == found.revision)
    before = -1
    while before != (before := count()): time.sleep(.8)  # until all that was answered is written
    return count


def test_servers_agree_count_together_go_back_together_and_lose_nothing_that_was_written(registry, servers):
    count, (first, second) = begin(registry, servers), servers
    before = count()
    versions = first.ask_all()
    assert second.ask_all() == versions and 6 <= list(versions.values()).count('Triage@2') <= 28
    wait_until(lambda: count() == before + 2 * len(KEYS))

    registry.roll_back('Triage', reason='customers complain')
    wait_until(lambda: {version for each in servers for version in each.ask_all().values()} == {'Triage@1'}, 10)
    assert registry.rollout('Triage').state == 'rolled back' and [each.action for each in registry.trail('Triage')].count('rollback') == 1

    count, answers, broken = begin(registry, servers), [], []
    before, versions = count(), first.ask_all()
    wait_until(lambda: count() == before + len(KEYS))  # those of the first one are written

    def keep_asking():
        try:
            while True: answers.append(second.ask('client 1'))
        except (httpx.HTTPError, AssertionError) as e: broken.append(e)
    asking = threading.Thread(target=keep_asking)
    asking.start()
    wait_until(lambda: count() > before + len(KEYS))  # some of the second one's are written
    written = count()
    os.kill(second.process.pid, signal.SIGKILL)
    asking.join(30)
    assert set(answers) == {versions['client 1']} and isinstance(broken[0], httpx.TransportError)  # each answer was whole, or there was none
    at_end = count()
    assert written <= at_end <= before + len(KEYS) + len(answers) + 1
    assert first.ask_all() == versions
    wait_until(lambda: count() == at_end + len(KEYS))
