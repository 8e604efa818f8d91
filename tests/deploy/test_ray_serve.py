"On Ray Serve the same application answers: two replicas, one of which is killed while clients ask."
import os
import signal
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from dspy_toolkit.core.errors import InputError, MissingExtra, NotRegistered
from dspy_toolkit.core.settings import reset_settings
from dspy_toolkit.deploy.launch import Plan
from dspy_toolkit.deploy.ray import Replicas, serve_on_ray
from dspy_toolkit.registry.store import Registry
from dspy_toolkit.signatures.source import parse_cell

needs_ray = pytest.mark.skipif(find_spec('ray') is None, reason="ray is not installed: pip install 'ray[serve]>=2.60,<3', and run this file")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv('DSPY_TOOLKIT_HOME', str(tmp_path))
    reset_settings()
    store = Registry(f'sqlite:///{(tmp_path/"registry.db").as_posix()}', author='ada')
    store.save(parse_cell('"""Route it."""\nemail: str\n->\nteam: Literal["billing", "technical"]', 'Triage').spec)
    store.close()
    yield tmp_path
    monkeypatch.undo()
    reset_settings()


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, 'ray', None)
    with pytest.raises(MissingExtra, match='ray is not installed') as e: serve_on_ray(Plan(('Triage',)))
    assert "dspy_toolkit[ray]" in e.value.hint


def test_replicas_that_are_not_possible_are_refused():
    with pytest.raises(InputError, match='3 to 2 replicas are not possible'): Replicas(3, 2)


def read(path):
    try: return path.read_bytes()
    except OSError: return b''  # it has just ended


@needs_ray
def test_two_replicas_answer_and_one_is_killed(home):
    import ray
    from ray import serve
    with pytest.raises(NotRegistered): serve_on_ray(Plan(('Nope',)))
    here = serve_on_ray(Plan(('Triage@1',), lm='mlx/tiny', port=8123), Replicas(2, 2, cpus=.5))
    try:
        headers = {'Authorization': f'Bearer {here.token}'}
        assert httpx.post(f'{here.address}/v1/Triage', json=dict(email='hi')).status_code == 401
        answers, over = [], threading.Event()
        def ask():
            with httpx.Client(base_url=here.address, headers=headers, timeout=60) as client:
                while not over.is_set():
                    try: answers.append(client.post('/v1/Triage', json=dict(email='My invoice is wrong.')).status_code)
                    except httpx.HTTPError: answers.append(0)
        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads: each.start()
        time.sleep(3)
        found = [int(each.parent.name) for each in Path('/proc').glob('[0-9]*/cmdline') if b'ray::ServeReplica' in read(each)]
        os.kill(found[0], signal.SIGKILL)
        time.sleep(8)
        over.set()
        for each in threads: each.join()
        after = httpx.post(f'{here.address}/v1/Triage', json=dict(email='My invoice is wrong.'), headers=headers, timeout=60)
        stream = httpx.post(f'{here.address}/v1/Triage/stream', json=dict(email='My invoice is wrong.'), headers=headers, timeout=60)
        assert after.json().keys() == {'team'} and 'event: end' in stream.text and len(found) == 2
        assert answers.count(200) > 20 and len(answers) - answers.count(200) <= 8, answers
    finally:
        here.stop()
        serve.shutdown()
        ray.shutdown()
