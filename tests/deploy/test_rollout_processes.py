"Several processes share one registry: a canary that fails is taken back without anybody's help, whoever dies meanwhile."
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import dspy
import pytest

from dspy_toolkit.registry.store import Registry

HERE = Path(__file__).parent


@pytest.fixture
def registry(tmp_path):
    found = Registry(f"sqlite:///{(tmp_path / 'registry.db').as_posix()}", author='ada')
    for text in ('Route it.', 'Route it to a team.'): found.save(dspy.Signature('email -> team', text), name='Triage')
    found.start_rollout('Triage@1', alias='prod')
    yield found
    found.close()


@pytest.fixture
def servers(registry):
    "A function that starts servers, each with its role, and waits until they serve."
    made = []

    def start(*roles):
        path = os.pathsep.join(filter(None, [str(HERE.parents[1]), os.environ.get('PYTHONPATH')]))
        for role in roles:
            line = [sys.executable, str(HERE/'rollout_worker.py'), str(registry.database.url), role]
            made.append(subprocess.Popen(line, env=os.environ | {'PYTHONPATH': path}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        for each in made: assert each.stdout.readline() == 'ready\n', each.stderr.read()
        return made
    yield start
    for each in made:
        each.kill()
        each.communicate()


def end(server):
    "The last that a server said."
    out, err = server.communicate(timeout=60)
    assert server.returncode == 0, err
    return json.loads(out.splitlines()[-1])


def ends_well(registry, servers):
    "Both gave the canary up within two seconds of the decision, and it was decided once."
    said, [decided] = [end(each) for each in servers], [c for c in registry.trail('Triage') if c.action == 'rollback']
    for each in said: assert each['version'] == 'Triage@1' and each['last'] < decided.at + 2, (each, decided)
    found = registry.rollout('Triage')
    assert (found.state, found.stable, str(registry.resolve('Triage@prod'))) == ('rolled back', 'Triage@1', 'Triage@1')
    assert 'errors' in decided.detail['message'] and decided.detail['figures']['errors'][1] > .1
    return said, found


def test_a_canary_that_fails_is_taken_back_in_both_processes(registry, servers):
    two = servers('decides', 'decides')
    begun = registry.start_rollout('Triage@2', steps=[30])
    said, found = ends_well(registry, two)
    counted = sum(each.requests for (revision, *_), each in registry.read_counts(found.id).items() if revision >= begun.revision)
    assert found.revision == begun.revision + 1 and 0 < counted <= sum(each['requests'] for each in said)


def test_the_one_that_decides_is_killed_in_the_middle_and_another_one_decides(registry, servers):
    dying, second = servers('dies', 'second')
    registry.start_rollout('Triage@2', steps=[30])
    assert json.loads(dying.stdout.readline()) == dict(dies=True)
    assert dying.wait(10) == -signal.SIGKILL
    assert registry.rollout('Triage').is_running and [c.action for c in registry.trail('Triage')][0] == 'rollout'  # nothing by halves
    second.send_signal(signal.SIGUSR1)  # only now does it decide too, so that the other one was first
    ends_well(registry, [second])
