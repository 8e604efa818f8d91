"What a server holds of rollouts: picks that wait for nobody, counts that are not lost, and versions that go on when the registry does not."
import os
import random
import sqlite3
import threading
import time

import dspy
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dspy_toolkit.core import session
from dspy_toolkit.core.errors import InputError, InUse
from dspy_toolkit.core.events import DeploymentChanged, bus
from dspy_toolkit.deploy.rollout import Pick, Rollouts, read_arms
from dspy_toolkit.registry.counts import Counts
from dspy_toolkit.registry.store import Registry


class Clock:
    now = 1000.0
    def __call__(self): return self.now


def make(url='sqlite://'):
    found = Registry(url, author='ada', clock=Clock())
    for n in range(3): found.save(dspy.Signature('email -> team', f'Route it {n}.'), name='Triage')
    found.start_rollout('Triage@1', alias='prod')
    return found


@pytest.fixture
def registry(tmp_path):
    found = make(f"sqlite:///{(tmp_path / 'registry.db').as_posix()}")
    yield found
    found.close()


@pytest.fixture
def server(registry):
    found = Rollouts(registry, run=False)
    yield found
    found.close()


def serve(server, requests=400, rate=0.0, clients=200, **more):
    "Answer; the canary fails at a rate."
    numbers = random.Random(requests)
    for n in range(requests):
        pick = server.pick('Triage', f'client {n % clients}')
        server.record(pick, error=pick.arm == 'canary' and numbers.random() < rate, seconds=1.0, **more)


def test_a_name_without_a_rollout_is_served_as_it_is(server):
    pick = server.pick('Payroll', 'ada')
    assert pick == Pick('Payroll', '') and not pick.version
    server.record(pick, error=True)
    assert server.pick('Triage', 'ada') == Pick('Triage', 'Triage@1', 'stable', '', 1, 1)


def test_a_canary_that_is_well_goes_through_its_steps_and_moves_the_alias(registry, server):
    registry.start_rollout('Triage@2', steps=[20, 50])
    with bus.record(DeploymentChanged) as told:
        for share in (20, 50):
            server.renew()
            assert server.rollout('Triage').share == share
            serve(server, 1200, clients=600)
            server.renew()
            assert server.verdicts['Triage'].reason == '0 s of 60 s'
            registry.clock.now += 60
            server.renew()
    assert (server.rollout('Triage').state, str(registry.resolve('Triage@prod'))) == ('promoted', 'Triage@2')
    assert {server.pick('Triage', f'{n}').version for n in range(50)} == {'Triage@2'}
    assert [each.status for each in told] == ['canary 50%', 'promoted'] and 'no worse in' in told[-1].message
    assert [c.action for c in registry.trail('Triage') if c.action in ('rollout', 'step', 'promote')] == ['promote', 'step', 'rollout', 'rollout']


def test_a_client_stays_with_its_version_while_nothing_changes_and_with_the_canary_when_the_share_grows(registry, server):
    registry.start_rollout('Triage@2', steps=[20])
    server.renew()
    canaries = [{n for n in range(200) if server.pick('Triage', f'{n}').arm == 'canary'} for _ in range(2)]
    registry.start_rollout('Triage@2', steps=[60])
    server.renew()
    more = {n for n in range(200) if server.pick('Triage', f'{n}').arm == 'canary'}
    assert canaries[0] == canaries[1] < more and 15 <= len(canaries[0]) <= 65 and 90 <= len(more) <= 150


def test_a_change_by_hand_is_seen_and_told_once(registry, server):
    registry.start_rollout('Triage@2')
    server.renew()
    with bus.record(DeploymentChanged) as told:
        registry.roll_back('Triage', reason='customers complain')
        server.renew()
        registry.alias('Triage@3', 'prod')
        server.renew()
    assert [(each.status, each.message) for each in told] == [('rolled back', 'customers complain'), ('rolled back', 'prod points to Triage@3')]
    assert server.pick('Triage', 'ada').version == 'Triage@3'


def test_a_shadow_is_asked_by_the_share_and_counts_for_the_canary_alone(registry, server):
    registry.start_rollout('Triage@2', steps=[0, 50], shadow=40)
    server.renew()
    picks = [server.pick('Triage', f'{n}') for n in range(500)]
    assert {each.version for each in picks} == {'Triage@1'} and {each.shadow for each in picks} == {'', 'Triage@2'}
    assert 150 <= sum(bool(each.shadow) for each in picks) <= 250
    for each in picks:
        server.record(each, seconds=1.0)
        if each.shadow: server.record(each, refused=True, shadow=True)
    server.renew()
    assert server.rollout('Triage').state == 'rolled back' and 'refused' in server.rollout('Triage').reason


def test_a_request_that_ends_after_the_change_is_counted_where_it_began(registry, server):
    registry.start_rollout('Triage@2', steps=[50])
    server.renew()
    serve(server, 40)
    late = server.pick('Triage', 'client 1')
    server.renew()
    registry.roll_back('Triage')
    server.renew()
    server.record(late, error=True)
    server._written = 0  # as if some seconds had passed
    server.renew()
    counts = registry.read_counts(1, 2)
    assert sum(each.requests for each in counts.values()) == 41 and not registry.read_counts(1, 3)


def test_nobody_waits_while_another_process_writes_and_nothing_is_lost(registry, server, tmp_path):
    registry.start_rollout('Triage@2', steps=[50])
    server.renew()
    writer = sqlite3.connect(tmp_path/'registry.db', isolation_level=None, check_same_thread=False)
    writer.execute('BEGIN IMMEDIATE')
    serve(server, 10)
    passing = threading.Thread(target=server.renew)
    passing.start()
    began = time.thread_time(), time.perf_counter()
    serve(server, 1000)
    assert passing.is_alive() and time.perf_counter() - began[1] < 5
    writer.execute('COMMIT')
    passing.join()
    server.renew()
    assert sum(each.requests for each in registry.read_counts(1, 2).values()) == 1010
    writer.close()


def test_without_the_registry_the_last_versions_go_on_and_the_counts_are_kept(registry, server, tmp_path, caplog):
    registry.start_rollout('Triage@2', steps=[50])
    server.renew()
    before = [server.pick('Triage', f'{n}') for n in range(50)]
    path, away = tmp_path/'registry.db', tmp_path/'away.db'
    registry.close()
    path.rename(away)
    path.write_bytes(b'no database' * 999)
    serve(server, 30)
    for _ in range(3): server.renew()
    assert 'not a database' in server.problem and caplog.text.count('cannot be renewed') == 1
    assert [server.pick('Triage', f'{n}') for n in range(50)] == before
    registry.close()
    away.rename(path)
    server.renew()
    assert server.problem == '' and sum(each.requests for each in registry.read_counts(1, 2).values()) == 30


def test_a_change_is_seen_also_where_counts_cannot_be_written(registry, server):
    registry.start_rollout('Triage@2', steps=[50])
    server.renew()
    serve(server, 30)
    with registry.database.writing() as connection:
        connection.exec_driver_sql("CREATE TRIGGER full BEFORE INSERT ON rollout_counts BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    registry.roll_back('Triage')
    server.renew()
    assert 'disk is full' in server.problem and server.pick('Triage', 'ada').version == 'Triage@1' and server.rollout('Triage').state == 'rolled back'
    with registry.database.writing() as connection: connection.exec_driver_sql('DROP TRIGGER full')
    serve(server, 1)
    server._written = -1e9
    server.renew()
    assert sum(each.requests for each in registry.read_counts(1, 2).values()) == 30


def test_a_version_is_loaded_before_a_client_gets_it(registry):
    seen = []
    def prepare(rollout): seen.append((rollout.stable, rollout.canary, server.pick('Triage', 'ada').version if seen else ''))
    server = Rollouts(registry, run=False, prepare=prepare)
    registry.start_rollout('Triage@2', steps=[99])
    server.renew()
    assert seen == [('Triage@1', '', ''), ('Triage@1', 'Triage@2', 'Triage@1')] and server.rollout('Triage').is_running
    server.close()


def test_a_canary_that_cannot_be_loaded_is_taken_back_and_nobody_gets_it(registry, caplog):
    def prepare(rollout):
        if 'Triage@2' in (rollout.canary, rollout.stable) and rollout.state != 'rolled back': raise MemoryError('no room')
    server = Rollouts(registry, run=False, prepare=prepare)
    registry.start_rollout('Triage@2', steps=[99])
    server.renew()
    assert {server.pick('Triage', f'{n}').version for n in range(50)} == {'Triage@1'}
    assert registry.rollout('Triage').reason == 'Triage@2 cannot be served: MemoryError: no room'
    server.renew()
    assert server.rollout('Triage').state == 'rolled back'
    registry.alias('Triage@2', 'prod')
    registry.start_rollout('Triage@3', steps=[100])
    registry.roll_back('Triage')  # to Triage@2, which is rolled back to and can be loaded
    server.renew()
    assert server.pick('Triage', 'ada').version == 'Triage@2'
    server.close()


def test_the_thread_renews_by_itself_and_ends_with_its_owner(registry):
    found = Rollouts(registry, every=.01)
    registry.start_rollout('Triage@2', steps=[100])
    deadline = time.monotonic() + 20
    while found.pick('Triage', 'ada').version != 'Triage@2': assert time.monotonic() < deadline and not time.sleep(.005)
    found.record(found.pick('Triage', 'ada'))
    thread = found._thread
    session.reset()
    assert not thread.is_alive() and found.pick('Triage', 'ada').version == 'Triage@2'
    assert sum(each.requests for each in registry.read_counts(1).values()) == 1
    forgotten = Rollouts(registry, every=.01)
    thread = forgotten._thread
    del forgotten
    thread.join(20)
    assert not thread.is_alive()


def test_a_forked_child_counts_for_itself(registry):
    server = Rollouts(registry, every=.05)
    pick = server.pick('Triage', 'ada')
    for _ in range(3): server.record(pick)
    if not (child := os.fork()):
        try:
            for _ in range(2): server.record(pick)
            server.close()
            os._exit(1 if server.problem else 0)
        finally: os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
    server.close()
    assert registry.read_counts(1)[1, 'stable', 'Triage@1'].requests == 5


# any order

class Servers(RuleBasedStateMachine):
    "Two servers and a person: what is recorded is counted once, and after a pass both serve what the registry says."
    @initialize()
    def begin(self):
        self.registry = make()
        self.servers = [Rollouts(self.registry, run=False) for _ in range(2)]
        self.recorded = {}

    @rule(server=st.integers(0, 1), requests=st.integers(1, 120), rate=st.sampled_from([0, .5]))
    def serve(self, server, requests, rate):
        found = self.servers[server]
        for n in range(requests):
            pick = found.pick('Triage', f'client {n}')
            failed = pick.arm == 'canary' and n < requests * rate
            found.record(pick, error=failed)
            counts = self.recorded.setdefault((pick.revision, pick.arm, pick.version), Counts())
            counts.add(failed)

    @rule(server=st.integers(0, 1))
    def renew(self, server): self.servers[server].renew()

    @rule(seconds=st.sampled_from([1, 70]))
    def wait(self, seconds): self.registry.clock.now += seconds

    @rule(number=st.integers(1, 3), share=st.sampled_from([10, 50]))
    def deploy(self, number, share):
        try: self.registry.start_rollout(f'Triage@{number}', steps=[share, 75], criteria=dict(samples=20))
        except InUse: return

    @rule()
    def back(self):
        try: self.registry.roll_back('Triage')
        except InputError: pass

    @invariant()
    def holds(self):
        for each in self.servers: each._written = -1e9
        for _ in range(2):
            for each in self.servers: each.renew()
        found = self.registry.rollout('Triage')
        assert [each.rollout('Triage') for each in self.servers] == [found, found] and not any(each.problem for each in self.servers)
        counted, now = self.registry.read_counts(1, found.revision), found.revision
        assert counted == {key: counts for key, counts in self.recorded.items() if key[0] == now}
        for n in range(20):
            picks = {each.pick('Triage', f'client {n}')[:3] for each in self.servers}
            assert len(picks) == 1 and (found.is_running or picks == {('Triage', found.stable, 'stable')})
        stable, canary = read_arms(self.registry, found)
        if found.is_running: assert not (canary.errors > .3 * canary.requests > 25 and stable.requests > 60), "it should have been taken back"

    def teardown(self):
        for each in self.servers: each.close()


TestServers = Servers.TestCase
TestServers.settings = settings(max_examples=10, stateful_step_count=12)
