"A rollout is one row a name: each change is made once, is in the trail, and moves the alias that is followed with it."
import threading
from dataclasses import replace

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dspy_toolkit.core.errors import InputError, InUse, NotRegistered, Protected
from dspy_toolkit.core.events import AliasMoved, DeploymentChanged, bus
from dspy_toolkit.registry.counts import BUCKETS, Counts, find_bucket, find_edge
from dspy_toolkit.registry.rollouts import RolloutConflict
from dspy_toolkit.registry.store import Registry
from registry_model import check, signature


@pytest.fixture
def three(registry):
    for n in (1, 2, 3): registry.save(signature(n=n))
    return registry


def brief(found): return found.stable, found.canary, found.state, found.share


def test_a_rollout_goes_from_its_first_version_to_the_next(three):
    first = three.start_rollout('Triage@1', alias='prod')
    assert brief(first) == ('Triage@1', '', 'steady', 0) and str(three.resolve('Triage@prod')) == 'Triage@1'
    begun = three.start_rollout('Triage@2', steps=[5, 50], shadow=10, criteria=dict(samples=20), message='shorter')
    assert brief(begun) == ('Triage@1', 'Triage@2', 'canary', 5) and begun.steps == (5, 50, 100) and begun.shadow == 10
    assert begun.criteria == dict(samples=20) and begun.salt and begun.reason == 'shorter'
    with bus.record(AliasMoved, DeploymentChanged) as told:
        assert brief(three.step_rollout('Triage', begun.revision, 'well')) == ('Triage@1', 'Triage@2', 'canary', 50)
        done = three.step_rollout('Triage')
    assert brief(done) == ('Triage@2', '', 'promoted', 0) == brief(three.rollout('Triage')) and done.previous == 'Triage@1'
    assert str(three.resolve('Triage@prod')) == 'Triage@2'
    assert [type(each).__name__ for each in told] == ['DeploymentChanged', 'AliasMoved', 'DeploymentChanged']
    trail = [(c.action, c.version) for c in three.trail('Triage', 100) if c.action != 'save'][::-1]
    assert trail == [('alias', 1), ('rollout', 1), ('rollout', 2), ('step', 2), ('alias', 2), ('promote', 2)]
    assert three.rollouts() == [done]


def test_a_canary_is_taken_back_at_once_and_so_is_a_promotion(three):
    three.alias('Triage@1', 'prod')
    begun = three.start_rollout('Triage@2', alias='prod')
    back = three.roll_back('Triage', begun.revision, 'too many errors', dict(errors=12))
    assert brief(back) == ('Triage@1', 'Triage@2', 'rolled back', 0) and back.reason == 'too many errors'
    assert three.trail('Triage')[0].detail == dict(share=5.0, message='too many errors', errors=12)
    with pytest.raises(InputError, match='nothing to go back to'): three.roll_back('Triage')
    assert brief(three.start_rollout('Triage@3', steps=[100])) == ('Triage@3', '', 'promoted', 0)
    assert brief(three.roll_back('Triage')) == ('Triage@1', 'Triage@3', 'rolled back', 0)
    assert str(three.resolve('Triage@prod')) == 'Triage@1'
    with pytest.raises(InputError): three.roll_back('Triage')


def test_who_moves_the_alias_changes_what_is_served(three):
    three.start_rollout('Triage@1', alias='prod')
    three.start_rollout('Triage@2')
    three.alias('Triage@3', 'prod')
    assert brief(three.rollout('Triage')) == ('Triage@3', 'Triage@2', 'canary', 5)
    three.alias('Triage@2', 'prod')  # by hand: the canary is the stable one
    assert brief(three.step_rollout('Triage')) == ('Triage@2', '', 'promoted', 0)
    three.unalias('Triage@prod')
    assert three.rollout('Triage').stable == 'Triage@2'


def test_the_same_canary_again_changes_its_share_and_another_one_has_to_wait(three):
    three.start_rollout('Triage@1')
    begun = three.start_rollout('Triage@2')
    three.write_counts('a', {(begun.id, begun.revision, 'canary', 'Triage@2'): Counts(5)})
    more = three.start_rollout('Triage@2', steps=[40])
    assert (more.share, more.salt, more.started, more.revision) == (40, begun.salt, begun.started, begun.revision + 1)
    assert three.read_counts(begun.id)
    with pytest.raises(InUse, match='Triage@2 is under way, at 40%'): three.start_rollout('Triage@3')
    with pytest.raises(InUse): three.start_rollout('Triage@1')
    with pytest.raises(InUse): three.end_rollout('Triage')
    with pytest.raises(InUse, match='a rollout that is canary'): three.delete('Triage@2')
    three.roll_back('Triage')
    again = three.start_rollout('Triage@3')
    assert again.salt != begun.salt and three.read_counts(begun.id) == {}
    three.roll_back('Triage')
    three.end_rollout('Triage')
    with pytest.raises(NotRegistered, match="'Triage' is not deployed"): three.rollout('Triage')
    three.write_counts('late', {(begun.id, 2, 'canary', 'Triage@3'): Counts(1)})
    assert three.read_counts(begun.id) == {}
    assert [str(v) for v in three.delete('Triage@3')] == ['Triage@3']


def test_the_version_that_is_stable_already_is_left_as_it_is(three):
    found = three.start_rollout('Triage@1')
    assert three.start_rollout('Triage@1') == found and len(three.trail('Triage')) == 4


def test_a_protected_alias_is_moved_by_force_alone(three):
    three.alias('Triage@1', 'prod')
    three.protect('Triage@prod')
    three.start_rollout('Triage@prod')
    with pytest.raises(Protected): three.start_rollout('Triage@2')
    assert brief(three.rollout('Triage')) == ('Triage@1', '', 'steady', 0)
    three.start_rollout('Triage@2', steps=[50], force=True)
    assert three.step_rollout('Triage').state == 'promoted'
    assert three.trail('Triage@prod')[0].detail['forced']


@pytest.mark.parametrize('options, said', {
    'falling': (dict(steps=[50, 5]), '50,5'), 'none': (dict(steps=[]), 'no steps'), 'too much': (dict(steps=[5, 120]), '5,120'),
    'shadow': (dict(shadow=-1), '-1%'), 'nothing': (dict(steps=[0, 50]), '0%'), 'nan': (dict(steps=[float('nan')]), 'nan'),
}.values(), ids=['falling', 'none', 'too much', 'shadow', 'nothing', 'nan'])
def test_steps_that_are_none_are_refused(three, options, said):
    three.start_rollout('Triage@1')
    with pytest.raises(InputError, match=said): three.start_rollout('Triage@2', **options)


def test_of_two_that_step_at_once_one_does(url):
    registry = Registry(url)
    for n in (1, 2): registry.save(signature(n=n))
    registry.start_rollout('Triage@1', alias='prod')
    begun, start, done = registry.start_rollout('Triage@2'), threading.Barrier(8, timeout=60), []
    def decide(n):
        own = Registry(url, author=f'{n}')
        start.wait()
        try: done.append(own.roll_back('Triage', begun.revision) if n % 2 else own.step_rollout('Triage', begun.revision))
        except RolloutConflict: done.append(None)
        own.close()
    threads = [threading.Thread(target=decide, args=[n]) for n in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    [one] = [each for each in done if each]
    assert len(done) == 8 and one == registry.rollout('Triage') and one.revision == begun.revision + 1
    assert len([c for c in registry.trail('Triage') if c.action in ('step', 'rollback')]) == 1
    check(registry)
    registry.close()


# counts

def test_counts_of_processes_are_added_and_writing_twice_does_no_harm(three):
    begun = three.start_rollout('Triage@1')
    key, other = (begun.id, 1, 'stable', 'Triage@1'), (begun.id, 1, 'canary', 'Triage@2')
    here, there = Counts(), Counts()
    for seconds in (0.5, 1.0, 2.0):
        here.add(seconds=seconds)
        here.add_score(.5)
    there.add(refused=True)
    there.add(parse_failed=True, seconds=9.0)
    for _ in range(2): three.write_counts('a', {key: here, other: there})
    three.write_counts('b', {key: there})
    assert three.read_counts(begun.id) == {key[1:]: here + there, other[1:]: there}
    assert three.read_counts(begun.id, 1) == three.read_counts(begun.id) and three.read_counts(begun.id, 2) == {}
    assert ((here + there).requests, (here + there).errors, (here + there).answers) == (5, 2, 3)


def test_a_duration_is_in_the_bucket_whose_edges_are_around_it():
    for bucket in range(1, BUCKETS - 1):
        low, high = find_edge(bucket), find_edge(bucket + 1)
        assert find_bucket((low * high) ** .5) == bucket and high / low == pytest.approx(2 ** .25)
    assert [find_bucket(each) for each in (-1.0, 0.0, float('nan'), 1e-9, 1e9)] == [0, 0, 0, 0, BUCKETS - 1]


# any order of changes

class Changes(RuleBasedStateMachine):
    "Whatever is done: two different versions at most, a revision that rises with each change, and an alias that is the stable version."
    @initialize()
    def begin(self):
        self.registry = Registry('sqlite://', author='ada')
        for n in (1, 2, 3): self.registry.save(signature(n=n))
        self.last = self.registry.start_rollout('Triage@1', alias='prod')

    def change(self, do):
        try: found = do()
        except (InUse, InputError, RolloutConflict): found = self.last  # refused: nothing has changed
        else: assert found == self.last or found.revision > self.last.revision
        self.last = found

    @rule(number=st.integers(1, 3), share=st.sampled_from([1, 30, 100]))
    def start(self, number, share): self.change(lambda: self.registry.start_rollout(f'Triage@{number}', steps=[share, 100][:1 + (share < 100)]))

    @rule(late=st.booleans())
    def step(self, late): self.change(lambda: self.registry.step_rollout('Triage', self.last.revision - late))

    @rule(late=st.booleans())
    def back(self, late): self.change(lambda: self.registry.roll_back('Triage', self.last.revision - late))

    @rule(number=st.integers(1, 3))
    def move(self, number):
        self.registry.alias(f'Triage@{number}', 'prod')
        self.last = replace(self.last, stable=f'Triage@{number}')

    @invariant()
    def holds(self):
        found = self.registry.rollout('Triage')
        assert found == self.last and found.stable == str(self.registry.resolve('Triage@prod'))
        assert found.is_running == (0 < found.share <= 100) and (not found.is_running or found.canary)

    def teardown(self): check(self.registry)


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=10, stateful_step_count=12)
